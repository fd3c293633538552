-- title: Its code can be found
-- question: Is it known which repository holds the code of the service, and is it there?
-- area: attribute
-- subject: service
-- weight: high
-- level: bronze
-- applies_to: every running service
-- remedy: Put catalog-info.yaml into the repository, or add the annotation github.com/project-slug with organisation/name; mend it after a rename.
-- owner: platform
-- version: 1

-- A repository of an organisation that was read to the end and does not have it is gone, or was never there; of other organisations nothing is known.
with find_repositories as (
    select distinct lower(full_name) as full_name
    from dim_repositories
    where last_seen_on = getvariable('to')
),

judge_services as (
    select
        services.service,
        services.repository,
        attributes.unread_sources,
        case
            when repositories.full_name is not null and (attributes.has_repository or len(attributes.unread_sources) = 0) then 'seen'
            when attributes.has_repository is null then 'not_told'
            when not attributes.has_repository then 'none'
            when services.repository is null then 'several'
            when reads.source is not null then 'gone'
            else 'not_read'
        end as verdict
    from dim_services as services
    inner join fct_service_attributes as attributes
        on services.service = attributes.service
    left join find_repositories as repositories
        on lower(services.repository) = repositories.full_name
    left join fct_table_reads as reads
        on reads.source = 'github'
        and reads.table_name = 'repositories'
        and reads.read_on = getvariable('to')
        and list_contains(reads.read_parents, lower(split_part(services.repository, '/', 1)))
    where services.is_running
)

select
    service as subject_id,
    case when verdict = 'seen' then 'pass' when verdict in ('none', 'several', 'gone') then 'fail' else 'unknown' end as status,
    case verdict
        when 'seen' then 'its repository is there'
        when 'none' then 'neither the catalog nor Datadog names its repository'
        when 'several' then 'several repositories are named'
        when 'gone' then 'its repository is gone, or we may not see it'
        when 'not_told' then 'nothing that was read names it, and not read to the end was ' || array_to_string(unread_sources, ', ')
        else 'repositories of its organisation were not read to the end'
    end as reason,
    cast(json_object('repository', repository, 'unread_sources', unread_sources) as varchar) as evidence
from judge_services
