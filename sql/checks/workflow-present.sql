-- title: Changes are built
-- question: Does a workflow build and test what changes?
-- area: standardize
-- subject: repository
-- weight: medium
-- level: silver
-- applies_to: repositories that hold a commit
-- remedy: Add a workflow below .github/workflows/ that builds and tests every pull request. What another system builds may be waived.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when standards.is_empty then 'not_applicable'
        when standards.has_workflow then 'pass'
        when standards.has_workflow = false then 'fail'
        else 'unknown'
    end as status,
    case
        when standards.is_empty then 'it holds no commit'
        when standards.has_workflow then 'there is a workflow of GitHub Actions'
        when standards.has_workflow = false then 'there is no workflow of GitHub Actions'
        when standards.repository_id is null then 'it was not read on this date'
        else 'its files were not read to the end, and it is not among those that were'
    end as reason,
    cast(json_object('files', standards.files_status) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_standards as standards
    on repositories.repository_id = standards.repository_id
    and standards.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
