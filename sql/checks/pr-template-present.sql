-- title: Pull requests have a template
-- question: Does a template ask for what a reviewer needs to know?
-- area: standardize
-- subject: repository
-- weight: low
-- level: silver
-- applies_to: repositories that hold a commit
-- remedy: Add .github/pull_request_template.md that asks what changes, why, and how it was tried.
-- owner: platform
-- version: 1

-- A template that the organisation keeps for all its repositories in .github cannot be seen from here, and does not count.

select
    repositories.full_name as subject_id,
    case
        when standards.is_empty then 'not_applicable'
        when standards.has_pr_template then 'pass'
        when standards.has_pr_template = false then 'fail'
        else 'unknown'
    end as status,
    case
        when standards.is_empty then 'it holds no commit'
        when standards.has_pr_template then 'there is a template for pull requests'
        when standards.has_pr_template = false then 'there is no template for pull requests'
        when standards.repository_id is null then 'it was not read on this date'
        else 'its files were not read to the end, and it is not among those that were'
    end as reason,
    cast(json_object('files', standards.files_status) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_standards as standards
    on repositories.repository_id = standards.repository_id
    and standards.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
