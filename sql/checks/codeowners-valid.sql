-- title: CODEOWNERS works
-- question: Is there a CODEOWNERS file, and is every line of it in force?
-- area: standardize
-- subject: repository
-- weight: medium
-- level: silver
-- applies_to: repositories that hold a commit
-- remedy: Add .github/CODEOWNERS that names teams with write access; the question codeowners-broken lists the lines that do not work.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when owners.repository_id is null then 'unknown'
        when repositories.is_empty then 'not_applicable'
        when owners.codeowners_status = 'valid' then 'pass'
        when owners.codeowners_status in ('broken', 'too_large', 'none') then 'fail'
        else 'unknown'
    end as status,
    case
        when owners.repository_id is null then 'it was not read on this date'
        when repositories.is_empty then 'it holds no commit'
        when owners.codeowners_status = 'valid' then 'nothing is wrong in it'
        when owners.codeowners_status = 'broken' then 'lines of it name an owner who may not review, or cannot be read'
        when owners.codeowners_status = 'too_large' then 'it is too large, so GitHub ignores it'
        when owners.codeowners_status = 'none' then 'there is no CODEOWNERS file'
        else 'the file, or the teams it names, could not be read'
    end as reason,
    cast(json_object('path', owners.codeowners_path, 'findings', owners.codeowners_findings, 'unread', owners.unread_sources) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_owners as owners
    on repositories.repository_id = owners.repository_id
    and owners.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
