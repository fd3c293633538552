-- title: No incident is left open
-- question: Is every incident of the service resolved, or at least new?
-- area: ensure
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: every running service
-- remedy: Resolve the incident at PagerDuty or Datadog when it is over, or write down there what is still to be done.
-- owner: platform
-- version: 1

-- When an open incident counts as forgotten stands in reference/thresholds.csv. One whose table is not read any more may have been resolved since.
with list_forgotten as (
    select incidents.source, incidents.services, incidents.opened_at
    from fct_incidents as incidents
    inner join fct_table_reads as reads
        on incidents.source = reads.source
        and reads.table_name = 'incidents'
    cross join reference.thresholds as thresholds
    where thresholds.name = 'forgotten_incident_after'
        and incidents.is_open
        and incidents.kind = 'incident'
        and reads.status <> 'outdated'
        and date_diff('day', cast(incidents.opened_at as date), getvariable('to')) > thresholds.value
),

count_incidents as (
    select named.service, count(*) as n_forgotten, min(forgotten.opened_at) as oldest
    from list_forgotten as forgotten
    cross join unnest(forgotten.services) as named (service)
    group by named.service
),

count_sources as (
    select
        count(case when source = 'pagerduty' then 1 end) as n_pagerduty,
        count(case when source = 'datadog' then 1 end) as n_datadog
    from list_forgotten
),

-- One of the two places may not be in use; the one that is must have been read.
judge_reads as (
    select
        count(case when table_name = 'incidents' then 1 end) > 0
        and count(case when table_name = 'incidents' and not is_complete then 1 end) = 0 as is_read,
        count(case when table_name = 'services' and is_complete then 1 end) = 1 as is_pagerduty_read,
        coalesce(array_agg(source || '.' || table_name || ' (' || status || ')' order by source, table_name) filter (where not is_complete), [])
            as unread_tables
    from fct_table_reads
    where table_name = 'incidents' or (source = 'pagerduty' and table_name = 'services')
),

-- A forgotten incident may be of any service of which it is not known by what name, there, its incidents go.
judge_services as (
    select
        services.service,
        incidents.n_forgotten,
        incidents.oldest,
        reads.is_read,
        reads.unread_tables,
        attributes.unread_sources,
        (
            counted.n_pagerduty > 0
            and (not reads.is_pagerduty_read or (services.pagerduty_service_id is null and len(attributes.unread_sources) > 0))
        )
        or (counted.n_datadog > 0 and len(attributes.unread_sources) > 0) as may_have_one
    from dim_services as services
    cross join judge_reads as reads
    cross join count_sources as counted
    inner join fct_service_attributes as attributes
        on services.service = attributes.service
    left join count_incidents as incidents
        on services.service = incidents.service
    where services.is_running
)

select
    service as subject_id,
    case when n_forgotten > 0 then 'fail' when is_read and not may_have_one then 'pass' else 'unknown' end as status,
    case
        when n_forgotten > 0 then 'an incident of it has been open for so long that it is forgotten'
        when not is_read then 'incidents were not read to the end, and none of what was read has been open for long'
        when may_have_one then 'an incident has been open for so long that it is forgotten, and whether it is of this service could not be read'
        else 'none of its incidents has been open for long'
    end as reason,
    cast(
        json_object(
            'forgotten', coalesce(n_forgotten, 0), 'oldest', cast(oldest as varchar), 'unread_tables', unread_tables, 'unread_sources', unread_sources
        ) as varchar
    ) as evidence
from judge_services
