-- title: How far services are behind on Go and internal modules
-- question: Which repositories are behind the target or the newest version of Go and of internal modules, and for which can we not tell?
-- owner: platform
-- sources: github.repositories, github.repository_properties, github.repository_files, github.releases
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   service       service: the go.mod files of its folder, or else of all its repository
--   repository    organization/name
-- columns:
--   status                  behind_target, behind_newest or not_visible, or not_found for a name that nothing is known by
--   subject_id              organization/name, or the service that was asked about where its repository is not known
--   owner_team              owning team; null when unknown
--   path                    path of the go.mod, or (files not read)
--   module                  module as required, or go or toolchain for the language
--   version                 version used; null when there is none
--   newest_version          newest release seen; null when none was
--   minors_behind_newest    minor versions seen that are newer; null when unknown [versions]
--   target_version          version it should have at least; null without a target
--   majors_behind_target    major versions from it to the target; null when unknown or without a target [versions]
--   minors_behind_target    minor versions from it to the target of the same major version; null likewise [versions]
--   reason                  why it has this status
--   first_failed_on         first date it was not known to be up to date without a break, as far back as the facts go
--   days_failing            first_failed_on to as_of_date [days]
--   as_of_date              date the row is true for: the newest snapshot that holds the repository
--   subject_type            repository or service, or name for one that nothing is known by
--   policy_id               name of this question
--   policy_version          version of its rules
--   evidence                what was concluded from (JSON text)
--   remediation_url         file where it is put right
--   source_completeness     complete or none

-- Archived repositories are left out. What is followed, and the targets, stand in reference/version_targets.csv; newest is the newest that a
-- go.mod here names or the module's own repository has released, not the newest in the world.
with known_repositories as (
    select * from dim_repositories
),

unknown_names as (
    select * from int_unknown_names
),

repositories as (
    select *
    from known_repositories
    where not is_archived and is_present is distinct from false
        and (getvariable('repository') is null or lower(full_name) = lower(getvariable('repository')))
        and (
            getvariable('team') is null
            or lower(getvariable('team')) in (lower(team), lower(owner_team))
            or (team is null and owner_team is null and owner_status is distinct from 'unowned')
        )
),

all_drift as (
    select * from fct_version_drift
),

links as (
    select *
    from dim_service_links
    where target_type = 'repository' and is_chosen and lower(service) = lower(getvariable('service'))
),

-- In a monorepo a service has the go.mod of its own folder; where there is none, those of the whole repository.
drift as (
    select drift.*
    from all_drift as drift
    where getvariable('service') is null
        or exists (
            select 1
            from links
            where links.target_id = cast(drift.repository_id as varchar)
                and (
                    links.path is null
                    or starts_with(drift.path, links.path || '/')
                    or not exists (
                        select 1
                        from all_drift as own
                        where own.repository_id = drift.repository_id and own.date = drift.date and starts_with(own.path, links.path || '/')
                    )
                )
        )
),

find_last_clear as (
    select repository_id, path, module_path, max(date) as last_clear_on
    from drift
    where drift_status = 'up_to_date'
    group by repository_id, path, module_path
),

find_first_failed as (
    select drift.repository_id, drift.path, drift.module_path, min(drift.date) as first_failed_on
    from drift
    left join find_last_clear
        on drift.repository_id = find_last_clear.repository_id
        and drift.path = find_last_clear.path
        and drift.module_path = find_last_clear.module_path
    where find_last_clear.last_clear_on is null or drift.date > find_last_clear.last_clear_on
    group by drift.repository_id, drift.path, drift.module_path
),

answer_repositories as (
    select
        case
            when drift.drift_status in ('behind_target', 'behind_newest') then drift.drift_status
            else 'not_visible'
        end as status,
        repositories.full_name as subject_id,
        coalesce(repositories.owner_team, repositories.team) as owner_team,
        drift.path,
        drift.module_path as module,
        drift.used_version as version,
        drift.newest_version,
        drift.minors_behind_newest,
        drift.target_version,
        drift.majors_behind_target,
        drift.minors_behind_target,
        case drift.drift_status
            when 'up_to_date' then 'in order on this date, but the newer read of its organisation failed or broke off'
            else drift.reason
        end as reason,
        find_first_failed.first_failed_on,
        date_diff('day', find_first_failed.first_failed_on, repositories.last_seen_on) as days_failing,
        repositories.last_seen_on as as_of_date,
        'repository' as subject_type,
        'version-drift' as policy_id,
        1 as policy_version,
        cast(
            json_object(
                'required', drift.required_version,
                'replaced', drift.is_replaced,
                'indirect', drift.is_indirect,
                'pseudo_version', drift.is_pseudo_version,
                'prerelease', drift.is_prerelease
            ) as varchar
        ) as evidence,
        'https://github.com/' || repositories.full_name || case when drift.path like '(%' then '' else '/blob/HEAD/' || drift.path end
            as remediation_url,
        case drift.drift_status when 'unknown' then 'none' else 'complete' end as source_completeness
    from repositories
    inner join drift
        on repositories.repository_id = drift.repository_id
        and repositories.last_seen_on = drift.date
    left join find_first_failed
        on drift.repository_id = find_first_failed.repository_id
        and drift.path = find_first_failed.path
        and drift.module_path = find_first_failed.module_path
    where drift.drift_status <> 'up_to_date' or repositories.is_present is null
),

-- A service whose repository is not known is not up to date for all we know.
answer_service as (
    select
        'not_visible' as status,
        asked.service as subject_id,
        'its repository is not known, or not one of those that are read' as reason,
        max(repositories.last_seen_on) as as_of_date
    from (select cast(getvariable('service') as varchar) as service) as asked
    left join repositories
        on true
    where asked.service is not null
        and not exists (
            select 1
            from links
            inner join known_repositories as known
                on links.target_id = cast(known.repository_id as varchar)
        )
    group by asked.service
),

version_drift as (
    select * from answer_repositories
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, null, reason, null, null, as_of_date, 'service', 'version-drift', 1,
        cast(json_object('service', subject_id) as varchar), null, 'none'
    from answer_service
    union all
    select
        'not_found', name, null, null, null, null, null, null, null, null, null, reason, null, null, null, 'name', 'version-drift', 1, evidence, null,
        'none'
    from unknown_names
    where param <> 'service'
)

select * from version_drift
order by
    case status when 'behind_target' then 1 when 'behind_newest' then 2 else 3 end,
    majors_behind_target desc nulls last,
    minors_behind_target desc nulls last,
    minors_behind_newest desc nulls last,
    subject_id,
    path,
    module
