-- title: Go is new enough
-- question: Does every go.mod ask for a Go version within the target?
-- area: ensure
-- subject: repository
-- weight: high
-- level: silver
-- applies_to: repositories with a go.mod, while a target is set for go in reference/version_targets.csv
-- remedy: Raise the go line of go.mod to the target, run go mod tidy and the tests; the question version-drift tells how far it is.
-- owner: platform
-- version: 1

with count_versions as (
    select
        repository_id,
        count(*) as n_files,
        count(case when drift_status = 'behind_target' then 1 end) as n_behind,
        count(case when drift_status = 'unknown' then 1 end) as n_unknown,
        count(case when target_version is null and drift_status <> 'unknown' then 1 end) as n_without_target,
        array_agg(distinct used_version order by used_version) filter (where used_version is not null) as versions
    from fct_version_drift
    where module_path = 'go' and date = getvariable('to')
    group by repository_id
)

select
    repositories.full_name as subject_id,
    case
        when versions.n_behind > 0 then 'fail'
        when standards.repository_id is null or versions.n_unknown > 0 then 'unknown'
        when versions.repository_id is null or versions.n_without_target > 0 then 'not_applicable'
        else 'pass'
    end as status,
    case
        when versions.n_behind > 0 then 'a go.mod of it asks for a Go older than the target'
        when standards.repository_id is null then 'it was not read on this date'
        when versions.n_unknown > 0 then 'a version could not be compared, or its files were not read to the end'
        when versions.repository_id is null then 'it has no go.mod'
        when versions.n_without_target > 0 then 'no target is set for Go'
        else 'every go.mod of it asks for a Go within the target'
    end as reason,
    cast(json_object('files', versions.n_files, 'behind', versions.n_behind, 'versions', versions.versions) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_standards as standards
    on repositories.repository_id = standards.repository_id
    and standards.date = getvariable('to')
left join count_versions as versions
    on repositories.repository_id = versions.repository_id
where repositories.is_present is distinct from false and not repositories.is_archived
