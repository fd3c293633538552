-- title: A team answers for the service
-- question: Is it known which one team answers for the service?
-- area: attribute
-- subject: service
-- weight: critical
-- level: bronze
-- applies_to: every running service
-- remedy: Name the team in catalog-info.yaml (spec.owner: group:default/your-team) or in the service definition at Datadog (team). A person, or an
--   owner called unknown, is none; so are two teams in CODEOWNERS that are named alike.
-- owner: platform
-- version: 1

-- What the repository tells counts where neither the catalog nor Datadog names a team, and is unknown while its owners are. One that is not in an organisation
-- that was read to the end tells nothing; of other organisations nothing is known.
with judge_services as (
    select
        services.*,
        attributes.has_owner,
        attributes.unread_sources,
        case
            when len(attributes.unread_sources) > 0 then true
            when services.repository is null then false
            when owners.repository_id is null then reads.source is null
            else owners.owner_status = 'unknown' or (owners.owner_team is null and len(owners.unread_sources) > 0)
        end as may_be_told
    from dim_services as services
    inner join fct_service_attributes as attributes
        on services.service = attributes.service
    left join fct_repository_owners as owners
        on lower(services.repository) = lower(owners.full_name)
        and owners.date = getvariable('to')
    left join fct_table_reads as reads
        on reads.source = 'github'
        and reads.table_name = 'repositories'
        and reads.read_on = getvariable('to')
        and list_contains(reads.read_parents, lower(split_part(services.repository, '/', 1)))
    where services.is_running
)

select
    service as subject_id,
    case
        when accountable_team is not null and (has_owner or not may_be_told) then 'pass'
        when may_be_told then 'unknown'
        else 'fail'
    end as status,
    case
        when accountable_team is not null and (has_owner or not may_be_told) then 'the team that answers for it is told by ' || accountable_rule
        when len(unread_sources) > 0 then 'nothing that was read names a team, and not read to the end was ' || array_to_string(unread_sources, ', ')
        when may_be_told then 'neither the catalog nor Datadog names a team, and who owns its repository could not be read'
        else 'neither the catalog nor Datadog names a team, and its repository does not tell of one alone'
    end as reason,
    cast(
        json_object(
            'team', accountable_team, 'rule', accountable_rule, 'confidence', accountable_confidence, 'unread_sources', unread_sources
        ) as varchar
    ) as evidence
from judge_services
