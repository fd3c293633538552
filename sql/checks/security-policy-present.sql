-- title: It says how to report a fault
-- question: Does a public repository say how to report a vulnerability?
-- area: standardize
-- subject: repository
-- weight: medium
-- level: gold
-- applies_to: public repositories
-- remedy: Add SECURITY.md that says where to report a vulnerability and when to expect an answer, or one for all to the organisation's repository .github.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when standards.visibility <> 'public' then 'not_applicable'
        when standards.has_security_policy then 'pass'
        when standards.has_security_policy = false then 'fail'
        else 'unknown'
    end as status,
    case
        when standards.visibility <> 'public' then 'it is not public'
        when standards.has_security_policy then 'there is a SECURITY.md, its own or its organisation''s'
        when standards.has_security_policy = false then 'there is no SECURITY.md, neither its own nor its organisation''s'
        when standards.repository_id is null then 'it was not read on this date'
        else 'its files were not read to the end, or GitHub does not say whether its organisation has one'
    end as reason,
    cast(json_object('files', standards.files_status) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_standards as standards
    on repositories.repository_id = standards.repository_id
    and standards.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
