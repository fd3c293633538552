-- title: Internal modules are new enough
-- question: Is every internal module that it requires itself within its target, or else not far behind the newest?
-- area: ensure
-- subject: repository
-- weight: medium
-- level: gold
-- applies_to: repositories with a go.mod that requires an internal module (reference/version_targets.csv says which are)
-- remedy: Raise the module with go get and the new version, run go mod tidy and the tests; the question version-drift lists what is behind, and how
--   far.
-- owner: platform
-- version: 1

-- A module without a target may be so many minor versions behind the newest as reference/thresholds.csv says.
with count_modules as (
    select
        drift.repository_id,
        count(case when drift.path not like '(%' then 1 end) as n_modules,
        count(
            case
                when drift.drift_status = 'behind_target' then 1
                when drift.target_version is null and drift.minors_behind_newest > thresholds.value then 1
            end
        ) as n_behind,
        count(case when drift.drift_status = 'unknown' then 1 end) as n_unknown
    from fct_version_drift as drift
    cross join reference.thresholds as thresholds
    where thresholds.name = 'minors_behind_maximum'
        and drift.date = getvariable('to')
        and (drift.path like '(%' or (drift.module_path not in ('go', 'toolchain') and not drift.is_indirect))
    group by drift.repository_id
)

select
    repositories.full_name as subject_id,
    case
        when modules.n_behind > 0 then 'fail'
        when standards.repository_id is null or modules.n_unknown > 0 then 'unknown'
        when modules.repository_id is null then 'not_applicable'
        else 'pass'
    end as status,
    case
        when modules.n_behind > 0 then 'it requires an internal module that is behind its target, or far behind the newest'
        when standards.repository_id is null then 'it was not read on this date'
        when modules.n_unknown > 0 then 'a version could not be compared, or its files were not read to the end'
        when modules.repository_id is null then 'it requires no internal module'
        else 'every internal module that it requires is within its target, or not far behind the newest'
    end as reason,
    cast(json_object('modules', modules.n_modules, 'behind', modules.n_behind, 'unknown', modules.n_unknown) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_standards as standards
    on repositories.repository_id = standards.repository_id
    and standards.date = getvariable('to')
left join count_modules as modules
    on repositories.repository_id = modules.repository_id
where repositories.is_present is distinct from false and not repositories.is_archived
