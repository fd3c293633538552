-- title: Incidents by month and service
-- question: How many incidents did each service have in each month, how bad were they, and how soon were they answered and over?
-- owner: platform
-- sources: pagerduty.incidents, pagerduty.incident_log_entries, datadog.incidents
-- params:
--   team       owning team of the service
--   service    service
--   source     pagerduty or datadog
-- columns:
--   status                counted, or not_visible for a table that was not read to the end, or not_found for a name that nothing is known by
--   source                pagerduty or datadog; one event may be counted in both
--   month                 first day of the month in which they were opened; null when not visible
--   subject_id            service; (all) for every incident of the source once, (no service) for those that name none; or the table that was not read to the end
--   owner_team            team that owns the service today; null when unknown
--   n_incidents           incidents; maintenance and tests are counted apart [incidents]
--   n_severity_1          of these, of severity 1 [incidents]
--   n_severity_2          of these, of severity 2 [incidents]
--   n_severity_3_to_5     of these, of severity 3 to 5 [incidents]
--   n_severity_unknown    of these, of a severity that is not known [incidents]
--   n_open                of these, not resolved when last seen [incidents]
--   n_auto_resolved       of these, resolved by no person [incidents]
--   n_maintenance         planned work that somebody was called about [incidents]
--   n_test                drills and trials [incidents]
--   mtta_p50_minutes      median, opened to acknowledged; null under the minimum of samples, and at Datadog [minutes]
--   n_mtta                incidents with such a time [incidents]
--   mttr_p50_minutes      median, opened to resolved; null under the minimum of samples [minutes]
--   n_mttr                incidents with such a time [incidents]
--   reason                why it has this status
--   as_of_date            date that incidents of the source were last read for

-- A maintenance window is not an incident: it stays out of the times. PagerDuty's times are those of its log.
with incidents as (
    select * from fct_incidents
),

unknown_names as (
    select * from int_unknown_names
),

services as (
    select service, coalesce(accountable_team, team) as team from dim_services
),

reads as (
    select * from fct_table_reads
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

-- An incident of several services counts for each of them, and once for all.
list_subjects as (
    select incidents.*, affected.service as subject_id
    from incidents
    cross join unnest(incidents.services) as affected (service)
    union all
    select incidents.*, '(no service)' as subject_id
    from incidents
    where n_services = 0
    union all
    select incidents.*, '(all)' as subject_id
    from incidents
),

summarize_incidents as (
    select
        source,
        opened_month,
        subject_id,
        count(case when kind = 'incident' then 1 end) as n_incidents,
        count(case when kind = 'incident' and severity = 1 then 1 end) as n_severity_1,
        count(case when kind = 'incident' and severity = 2 then 1 end) as n_severity_2,
        count(case when kind = 'incident' and severity >= 3 then 1 end) as n_severity_3_to_5,
        count(case when kind = 'incident' and severity is null then 1 end) as n_severity_unknown,
        count(case when kind = 'incident' and is_open then 1 end) as n_open,
        count(case when kind = 'incident' and is_auto_resolved then 1 end) as n_auto_resolved,
        count(case when kind = 'maintenance' then 1 end) as n_maintenance,
        count(case when kind = 'test' then 1 end) as n_test,
        percentile_cont(0.50) within group (order by case when kind = 'incident' then minutes_to_acknowledge end) as mtta_p50_minutes,
        count(case when kind = 'incident' then minutes_to_acknowledge end) as n_mtta,
        percentile_cont(0.50) within group (order by case when counts_for_mttr then minutes_to_resolve end) as mttr_p50_minutes,
        count(case when counts_for_mttr then 1 end) as n_mttr
    from list_subjects
    group by source, opened_month, subject_id
),

answer_incidents as (
    select
        'counted' as status,
        s.source,
        s.opened_month as month,
        s.subject_id,
        services.team as owner_team,
        s.n_incidents,
        s.n_severity_1,
        s.n_severity_2,
        s.n_severity_3_to_5,
        s.n_severity_unknown,
        s.n_open,
        s.n_auto_resolved,
        s.n_maintenance,
        s.n_test,
        case when s.n_mtta >= m.minimum then s.mtta_p50_minutes end as mtta_p50_minutes,
        s.n_mtta,
        case when s.n_mttr >= m.minimum then s.mttr_p50_minutes end as mttr_p50_minutes,
        s.n_mttr,
        'every incident that was read' as reason,
        reads.read_on as as_of_date
    from summarize_incidents as s
    cross join minimum_samples as m
    left join services
        on s.subject_id = services.service
    left join reads
        on s.source = reads.source
        and reads.table_name = 'incidents'
    where (getvariable('team') is null or lower(services.team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(s.subject_id) = lower(getvariable('service')))
        and (getvariable('source') is null or s.source = getvariable('source'))
),

list_tables as (
    select *
    from (
        values ('pagerduty', 'incidents'), ('pagerduty', 'incident_log_entries'), ('datadog', 'incidents')
    ) as tables (source, table_name)
),

-- Not every company declares incidents in both places: a source that nobody asked for is a gap only where there is no other.
answer_sources as (
    select
        'not_visible' as status,
        tables.source,
        cast(null as date) as month,
        tables.source || '.' || tables.table_name as subject_id,
        cast(null as varchar) as owner_team,
        cast(null as bigint) as n_incidents,
        cast(null as bigint) as n_severity_1,
        cast(null as bigint) as n_severity_2,
        cast(null as bigint) as n_severity_3_to_5,
        cast(null as bigint) as n_severity_unknown,
        cast(null as bigint) as n_open,
        cast(null as bigint) as n_auto_resolved,
        cast(null as bigint) as n_maintenance,
        cast(null as bigint) as n_test,
        cast(null as double) as mtta_p50_minutes,
        cast(null as bigint) as n_mtta,
        cast(null as double) as mttr_p50_minutes,
        cast(null as bigint) as n_mttr,
        case
            when reads.source is null then 'no read of it is on record'
            else 'not read to the end: ' || coalesce(reads.meaning, reads.status)
        end as reason,
        reads.read_on as as_of_date
    from list_tables as tables
    left join reads
        on tables.source = reads.source
        and tables.table_name = reads.table_name
    where reads.is_complete = false
        or (reads.source is null and not exists (select 1 from reads as others where others.table_name = 'incidents'))
        or (
            reads.source is null
            and tables.table_name = 'incident_log_entries'
            and exists (select 1 from reads as others where others.source = 'pagerduty' and others.table_name = 'incidents')
        )
),

incident_volume as (
    select * from answer_incidents
    union all
    select * from answer_sources
    union all
    select
        'not_found', null, null, name, null, null, null, null, null, null, null, null, null, null, null, null, null, null, reason, null
    from unknown_names
    where not exists (select 1 from answer_incidents)
)

select * from incident_volume
order by
    case status when 'counted' then 1 else 2 end,
    month desc nulls last,
    source,
    case subject_id when '(all)' then 1 when '(no service)' then 3 else 2 end,
    n_incidents desc nulls last,
    subject_id
