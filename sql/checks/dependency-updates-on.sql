-- title: Dependencies are raised by pull requests
-- question: Does Dependabot open pull requests that raise dependencies?
-- area: standardize
-- subject: repository
-- weight: low
-- level: gold
-- applies_to: repositories that hold a commit
-- remedy: Add .github/dependabot.yml with an entry for each package ecosystem and folder, and a schedule.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when standards.is_empty then 'not_applicable'
        when standards.has_dependabot_config then 'pass'
        when standards.has_dependabot_config = false then 'fail'
        else 'unknown'
    end as status,
    case
        when standards.is_empty then 'it holds no commit'
        when standards.has_dependabot_config then 'there is a dependabot.yml'
        when standards.has_dependabot_config = false then 'there is no dependabot.yml'
        when standards.repository_id is null then 'it was not read on this date'
        else 'its files were not read to the end, and it is not among those that were'
    end as reason,
    cast(json_object('files', standards.files_status) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_standards as standards
    on repositories.repository_id = standards.repository_id
    and standards.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
