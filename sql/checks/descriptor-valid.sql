-- title: Its descriptor can be used
-- question: Is there a catalog-info.yaml, and can every document in it be used?
-- area: attribute
-- subject: repository
-- weight: medium
-- level: silver
-- applies_to: repositories that hold a commit
-- remedy: Add catalog-info.yaml with a Component for each service, or put right what the evidence names; the outcomes of the catalog list every line.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when standards.is_empty then 'not_applicable'
        when standards.descriptor_status = 'valid' then 'pass'
        when standards.descriptor_status in ('broken', 'none') then 'fail'
        else 'unknown'
    end as status,
    case
        when standards.is_empty then 'it holds no commit'
        when standards.descriptor_status = 'valid' then 'every document in it can be used'
        when standards.descriptor_status = 'broken' then 'a document in it cannot be used'
        when standards.descriptor_status = 'none' then 'there is no catalog-info.yaml'
        when standards.repository_id is null then 'it was not read on this date'
        else 'its files, or the catalog, were not read to the end'
    end as reason,
    cast(json_object('files', standards.files_status, 'findings', standards.descriptor_findings) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_standards as standards
    on repositories.repository_id = standards.repository_id
    and standards.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
