-- One row per repository, snapshot date, go.mod and version that is followed (reference/version_targets.csv): Go itself and internal modules,
-- with how far it is behind the newest version seen that day and behind the target. What cannot be compared is unknown, never up to date.
-- Seen is what any go.mod of that day names and what the module's own repository has released. A repository whose files were not read to the
-- end has one row that says so.
-- grain: date, repository_id, path, module_path
-- kind: daily
-- lookback: all
-- owner: platform
-- freshness: 26h
-- columns:
--   date                      date of the snapshot
--   repository_id             GitHub's number of the repository
--   path                      path of the go.mod, or (files not read)
--   module_path               module as required, major version included; go and toolchain for the language
--   organization              login of the owning organisation
--   full_name                 organization/name on that date
--   team                      owning team on that date; null when unknown
--   is_archived               archived on that date
--   ecosystem                 go
--   module                    module without its major version; null when the files were not read
--   required_version          version required; null when there is none or it is not readable
--   used_version              version used, replacements applied; null when there is none
--   is_replaced               a replace line applies
--   is_indirect               only required by what it requires
--   is_pseudo_version         names a commit and not a release; null without a version
--   is_prerelease             names a release not yet final; null without a version
--   newest_version            newest release seen of any major version; null when none was
--   minors_behind_newest      minor versions seen that are newer, of any major version; null when unknown [versions]
--   target_version            version it should have at least; null without a target
--   majors_behind_target      major versions from it to the target; null when unknown or without a target [versions]
--   minors_behind_target      minor versions from it to the target of the same major version; null likewise, or when a major version lies between [versions]
--   n_modules                 modules the go.mod requires; null when unknown [modules]
--   drift_status              up_to_date, behind_newest (not behind a target), behind_target or unknown
--   reason                    what drift_status was concluded from
with repositories as (
    select *
    from stg_github__repositories
    where snapshot_date between getvariable('from') and getvariable('to')
),

properties as (
    select *
    from int_repository_properties_pivoted
    where snapshot_date between getvariable('from') and getvariable('to')
),

coverage as (
    select *
    from int_collection_coverage
    where source = 'github'
        and table_name = 'repository_files'
        and logical_date between getvariable('from') and getvariable('to')
),

modules as (
    select *
    from int_go_modules
    where snapshot_date between getvariable('from') and getvariable('to')
),

versions as (
    select *
    from int_module_versions
    where snapshot_date between getvariable('from') and getvariable('to')
),

targets as (
    select * from reference.version_targets where ecosystem = 'go'
),

-- A module may fit several patterns: the one that stands first in the table counts.
rank_targets as (
    select
        modules.*,
        targets.module_pattern,
        targets.target_version,
        row_number() over (
            partition by modules.repository_id, modules.snapshot_date, modules.path, modules.module_path
            order by targets.rank, targets.module_pattern
        ) as target_rank
    from modules
    inner join targets
        on modules.module_family like replace(
            replace(targets.module_pattern, '{organization}', lower(split_part(modules.full_name, '/', 1))), '*', '%'
        )
    where modules.directive <> 'module'
),

rank_versions as (
    select
        *,
        row_number() over (partition by snapshot_date, module_family order by sort_key desc, version) as newest_rank
    from versions
    where is_release and not is_target
),

list_minors as (
    select distinct snapshot_date, module_family, major, minor from rank_versions
),

-- A commit before the first release says nothing of how far it is.
compare_versions as (
    select
        modules.*,
        used.is_pseudo,
        used.prerelease is not null and not used.is_pseudo as is_prerelease,
        used.major,
        used.minor,
        used.sort_key,
        used.major is not null and not (used.is_pseudo and used.major = 0 and used.minor = 0 and used.patch = 0) as is_comparable,
        newest.version as newest_version,
        newest.sort_key as newest_sort_key,
        target.major as target_major,
        target.minor as target_minor,
        target.sort_key as target_sort_key
    from rank_targets as modules
    left join versions as used
        on modules.snapshot_date = used.snapshot_date
        and modules.used_family = used.module_family
        and modules.used_version = used.version
        and not used.is_target
    left join rank_versions as newest
        on modules.snapshot_date = newest.snapshot_date
        and modules.module_family = newest.module_family
        and newest.newest_rank = 1
    left join versions as target
        on modules.snapshot_date = target.snapshot_date
        and modules.module_pattern = target.module_family
        and modules.target_version = target.version
        and target.is_target
    where modules.target_rank = 1
),

count_newer as (
    select compared.repository_id, compared.snapshot_date, compared.path, compared.module_path, count(*) as n_newer
    from compare_versions as compared
    inner join list_minors as minors
        on compared.snapshot_date = minors.snapshot_date
        and compared.module_family = minors.module_family
        and (minors.major > compared.major or (minors.major = compared.major and minors.minor > compared.minor))
    group by compared.repository_id, compared.snapshot_date, compared.path, compared.module_path
),

count_modules as (
    select repository_id, snapshot_date, path, count(case when directive = 'require' then 1 end) as n_modules
    from modules
    where is_parsable
    group by repository_id, snapshot_date, path
),

judge_versions as (
    select
        compared.*,
        counts.n_modules,
        case when compared.is_comparable then coalesce(newer.n_newer, 0) end as minors_behind_newest,
        case
            when compared.is_comparable and compared.target_major is not null then greatest(compared.target_major - compared.major, 0)
        end as majors_behind_target,
        case
            when compared.is_comparable and compared.major = compared.target_major then greatest(compared.target_minor - compared.minor, 0)
            when compared.is_comparable and compared.major > compared.target_major then 0
        end as minors_behind_target,
        case
            when compared.is_comparable is distinct from true then 'unknown'
            when compared.sort_key < compared.target_sort_key then 'behind_target'
            when compared.sort_key < compared.newest_sort_key then 'behind_newest'
            else 'up_to_date'
        end as drift_status
    from compare_versions as compared
    left join count_newer as newer
        on compared.repository_id = newer.repository_id
        and compared.snapshot_date = newer.snapshot_date
        and compared.path = newer.path
        and compared.module_path = newer.module_path
    left join count_modules as counts
        on compared.repository_id = counts.repository_id
        and compared.snapshot_date = counts.snapshot_date
        and compared.path = counts.path
),

list_rows as (
    select
        repository_id,
        snapshot_date,
        path,
        module_path,
        module_family as module,
        required_version,
        used_version,
        is_replaced,
        is_indirect,
        is_pseudo as is_pseudo_version,
        is_prerelease,
        newest_version,
        minors_behind_newest,
        target_version,
        majors_behind_target,
        minors_behind_target,
        n_modules,
        drift_status,
        case
            when not is_parsable then 'the go.mod was not kept or cannot be read as one'
            when is_replaced_by_folder then 'replaced by a folder'
            when used_version is null then 'it names no version'
            when is_comparable is distinct from true then 'its version cannot be compared'
            when drift_status = 'behind_target' then 'older than the target'
            when drift_status = 'behind_newest' then 'older than the newest seen'
            else 'no newer release seen'
        end as reason
    from judge_versions
    union all
    select
        repositories.repository_id,
        repositories.snapshot_date,
        '(files not read)' as path,
        'go' as module_path,
        null as module,
        null as required_version,
        null as used_version,
        false as is_replaced,
        false as is_indirect,
        null as is_pseudo_version,
        null as is_prerelease,
        null as newest_version,
        null as minors_behind_newest,
        null as target_version,
        null as majors_behind_target,
        null as minors_behind_target,
        null as n_modules,
        'unknown' as drift_status,
        'its files were not read to the end: ' || coalesce(coverage.status, 'no read on record') as reason
    from repositories
    left join coverage
        on lower(repositories.full_name) = coverage.parent
        and repositories.snapshot_date = coverage.logical_date
    where coverage.is_complete is distinct from true
),

fct_version_drift as (
    select
        list_rows.snapshot_date as date,
        list_rows.repository_id,
        list_rows.path,
        list_rows.module_path,
        repositories.organization,
        repositories.full_name,
        properties.team,
        repositories.is_archived,
        'go' as ecosystem,
        list_rows.module,
        list_rows.required_version,
        list_rows.used_version,
        list_rows.is_replaced,
        list_rows.is_indirect,
        list_rows.is_pseudo_version,
        list_rows.is_prerelease,
        list_rows.newest_version,
        list_rows.minors_behind_newest,
        list_rows.target_version,
        list_rows.majors_behind_target,
        list_rows.minors_behind_target,
        list_rows.n_modules,
        list_rows.drift_status,
        list_rows.reason
    from list_rows
    inner join repositories
        on list_rows.repository_id = repositories.repository_id
        and list_rows.snapshot_date = repositories.snapshot_date
    left join properties
        on list_rows.repository_id = properties.repository_id
        and list_rows.snapshot_date = properties.snapshot_date
)

select * from fct_version_drift
