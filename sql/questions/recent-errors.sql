-- title: Services that have errors now
-- question: Are there errors: which services have an open incident, a monitor that alerts or a breached objective, and for which can we not tell?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, datadog.monitors, datadog.slos, datadog.slo_history, datadog.incidents, pagerduty.incidents
-- params:
--   team       owning team
--   service    service
-- columns:
--   status                 errors, not_visible (none is seen, and not everything was read), unwatched (none would be seen: no source of incidents has it, and no
--                          monitor or objective names it), or quiet, or not_found for a name that nothing is known by
--   subject_id             service, or the table that was not read to the end
--   owner_team             owning team; null when unknown
--   tier                   tier of the service; null without one
--   n_open_incidents       incidents that are not resolved; null when not known [incidents]
--   worst_severity         worst severity of these, 1 to 5; null without one, and when nothing tells
--   open_since             when the oldest of these began, UTC; null without one
--   n_alerting_monitors    monitors in the state Alert; null when not known [monitors]
--   alerting_since         when the first of these came into that state, UTC; null without one, and when not told
--   n_breached_slos        objectives below their target on the newest day; null when not known, and without an objective [objectives]
--   reason                 why it has this status
--   as_of_date             date of the newest read; null when nothing was
--   subject_type           service, or source for a table whose gaps may hide errors or services, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, partial (errors are seen, and there may be more) or none

-- One row per running service. An open incident of PagerDuty and of Datadog counts for each. A monitor that is silenced counts as well: its state is told.
with services as (
    select *
    from fct_service_monitoring
    where is_running
        and (getvariable('team') is null or lower(team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
),

incidents as (
    select * from fct_incidents where kind = 'incident' and is_open
),

monitors as (
    select * from fct_monitor_health where overall_state = 'Alert'
),

incident_services as (
    select * from int_incident_services
),

gaps as (
    select * from int_question_gaps where policy_id = 'recent-errors'
),

reads as (
    select * from fct_table_reads
),

judge_reads as (
    select
        count(case when table_name = 'incidents' then 1 end) > 0 and count(case when table_name = 'incidents' and not is_complete then 1 end) = 0
            as is_incidents_read,
        count(case when source = 'datadog' and table_name = 'monitors' and is_complete then 1 end) = 1 as is_monitors_read
    from reads
),

summarize_incidents as (
    select
        affected.service,
        count(*) as n_open,
        min(incidents.severity) as worst_severity,
        min(incidents.opened_at) as open_since,
        array_agg(incidents.source || ' ' || incidents.incident_id order by incidents.source, incidents.incident_id) as incident_ids
    from incidents
    cross join unnest(incidents.services) as affected (service)
    group by affected.service
),

summarize_monitors as (
    select
        watched.service,
        count(*) as n_alerting,
        min(monitors.overall_state_since) as alerting_since,
        array_agg(monitors.monitor_id order by monitors.monitor_id) as monitor_ids
    from monitors
    cross join unnest(monitors.services) as watched (service)
    group by watched.service
),

count_errors as (
    select
        services.service,
        services.team,
        services.tier,
        services.as_of_date,
        services.has_slo,
        case when opened.n_open > 0 or reads.is_incidents_read then coalesce(opened.n_open, 0) end as n_open_incidents,
        opened.worst_severity,
        opened.open_since,
        opened.incident_ids,
        case when alerting.n_alerting > 0 or reads.is_monitors_read then coalesce(alerting.n_alerting, 0) end as n_alerting_monitors,
        alerting.alerting_since,
        alerting.monitor_ids,
        case
            when services.n_slos_breached > 0 or services.n_slos = services.n_slos_kept + services.n_slos_no_data then services.n_slos_breached
        end as n_breached_slos,
        reads.is_incidents_read and reads.is_monitors_read
        and coalesce(not services.has_slo or services.n_slos = services.n_slos_kept + services.n_slos_breached + services.n_slos_no_data, false) as is_all_read,
        heard.service is not null or services.n_monitors > 0 or services.has_slo as is_watched
    from services
    cross join judge_reads as reads
    left join summarize_incidents as opened
        on services.service = opened.service
    left join summarize_monitors as alerting
        on services.service = alerting.service
    left join incident_services as heard
        on services.service = heard.service
),

answer_services as (
    select
        case
            when n_open_incidents > 0 or n_alerting_monitors > 0 or n_breached_slos > 0 then 'errors'
            when is_all_read and is_watched then 'quiet'
            when is_all_read then 'unwatched'
            else 'not_visible'
        end as status,
        service as subject_id,
        team as owner_team,
        tier,
        n_open_incidents,
        worst_severity,
        open_since,
        n_alerting_monitors,
        alerting_since,
        n_breached_slos,
        case
            when n_open_incidents > 0 then 'an incident is open'
            when n_alerting_monitors > 0 then 'a monitor alerts'
            when n_breached_slos > 0 then 'an objective was breached on the newest day'
            when is_all_read and is_watched then 'no open incident, no monitor that alerts and no breached objective'
            when is_all_read then 'no source of incidents has it, and no monitor or objective names it'
            else 'none is seen in what was read, and not everything was'
        end as reason,
        as_of_date,
        'service' as subject_type,
        cast(json_object('incidents', incident_ids, 'monitors', monitor_ids, 'has_slo', has_slo) as varchar) as evidence,
        case
            when is_all_read then 'complete'
            when n_open_incidents > 0 or n_alerting_monitors > 0 or n_breached_slos > 0 then 'partial'
            else 'none'
        end as source_completeness
    from count_errors
),

combine_answers as (
    select * from answer_services
    union all
    select status, subject_id, null, null, null, null, null, null, null, null, reason, as_of_date, subject_type, evidence, 'none'
    from gaps
),

recent_errors as (
    select
        status,
        subject_id,
        owner_team,
        tier,
        n_open_incidents,
        worst_severity,
        open_since,
        n_alerting_monitors,
        alerting_since,
        n_breached_slos,
        reason,
        as_of_date,
        subject_type,
        'recent-errors' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from recent_errors
order by
    case status when 'errors' then 1 when 'not_visible' then 2 when 'unwatched' then 3 else 4 end,
    worst_severity nulls last,
    tier nulls last,
    open_since nulls last,
    subject_type,
    subject_id
