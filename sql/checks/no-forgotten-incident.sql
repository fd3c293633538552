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

-- When an open incident counts as forgotten stands in reference/thresholds.csv.
with count_incidents as (
    select named.service, count(*) as n_forgotten, min(incidents.opened_at) as oldest
    from fct_incidents as incidents
    cross join unnest(incidents.services) as named (service)
    cross join reference.thresholds as thresholds
    where thresholds.name = 'forgotten_incident_after'
        and incidents.is_open
        and incidents.kind = 'incident'
        and date_diff('day', cast(incidents.opened_at as date), getvariable('to')) > thresholds.value
    group by named.service
),

-- One of the two places may not be in use; the one that is must have been read.
judge_reads as (
    select
        count(*) > 0 and count(case when not is_complete then 1 end) = 0 as is_read,
        coalesce(array_agg(source || '.' || table_name || ' (' || status || ')' order by source) filter (where not is_complete), []) as unread_tables
    from fct_table_reads
    where table_name = 'incidents'
)

select
    services.service as subject_id,
    case when incidents.n_forgotten > 0 then 'fail' when judge_reads.is_read then 'pass' else 'unknown' end as status,
    case
        when incidents.n_forgotten > 0 then 'an incident of it has been open for so long that it is forgotten'
        when judge_reads.is_read then 'none of its incidents has been open for long'
        else 'incidents were not read to the end, and none of what was read has been open for long'
    end as reason,
    cast(
        json_object(
            'forgotten', coalesce(incidents.n_forgotten, 0), 'oldest', cast(incidents.oldest as varchar), 'unread_tables', judge_reads.unread_tables
        ) as varchar
    ) as evidence
from dim_services as services
cross join judge_reads
left join count_incidents as incidents
    on services.service = incidents.service
where services.is_running
