-- title: Alerts that would be lost
-- question: Does this service lose alerts: which monitors nobody would hear, which services call nobody, and for which can we not tell?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, datadog.monitors, datadog.downtimes, pagerduty.services, pagerduty.oncalls
-- params:
--   team       team that answers for the monitor or the service; a monitor that no team is known to answer for stays, for it may be theirs
--   service    service
-- columns:
--   status                 no_paging_monitor (a service), notifies_nobody, silenced, unheard (it calls people, and nobody is on call), blind (it has no data),
--                          not_visible, or in_order (counted), or not_found for a name that nothing is known by
--   subject_id             number of the monitor, service, what is counted in one row in parentheses, or the table that was not read to the end
--   name                   name of the monitor; null for another subject
--   services               services that it is about, joined by commas; null when none is known, and for what is counted
--   owner_team             team that answers for it; null when unknown, and for what is counted
--   tier                   tier of the service; null for a monitor
--   has_paging_target      it calls people; null for what is counted
--   muted_until            when the silence ends, UTC; null without an end, when that is not told, and when it is not silenced
--   n_ways                 ways in which its alerts are known to get lost; null when not visible [ways]
--   n_monitors             monitors in the row; null for another subject [monitors]
--   reason                 all the ways, and what is not known of it
--   as_of_date             date of the snapshot; for a table, the date that it was last asked for
--   subject_type           monitor, monitors, service, or source for a table whose gaps may hide what gets lost, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, or none

-- A monitor without data is blind, whether it says so or not. A monitor that calls nobody, and sends to a channel, loses nothing by day: a service is
-- returned when none of its monitors calls people. Parts that are silenced are told by muted-monitors.
with monitors as (
    select *
    from fct_monitor_health
    where (getvariable('team') is null or lower(team) = lower(getvariable('team')) or (team is null and is_owned is distinct from false))
        and (getvariable('service') is null or list_contains(list_transform(services, lambda name: lower(name)), lower(getvariable('service'))))
),

all_services as (
    select * from fct_service_monitoring
),

services as (
    select *
    from all_services
    where is_running
        and (getvariable('team') is null or lower(team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
),

gaps as (
    select * from int_question_gaps where policy_id = 'lost-alerts'
),

-- A monitor is unheard when nobody is on call for any of what it watches, and heard when somebody is for one. Who is on call is read of PagerDuty alone.
summarize_on_call as (
    select
        monitors.monitor_id,
        count(*) as n_services,
        count(case when all_services.on_call_covered then 1 end) as n_covered,
        count(case when all_services.on_call_covered = false then 1 end) as n_uncovered
    from monitors
    cross join unnest(monitors.services) as watched (service)
    inner join all_services
        on watched.service = all_services.service
    group by monitors.monitor_id
),

judge_hearing as (
    select
        monitors.*,
        case
            when not monitors.has_paging_target or not list_contains(monitors.notification_kinds, 'pagerduty') then true
            when on_call.n_covered > 0 then true
            when on_call.n_uncovered = on_call.n_services then false
        end as is_heard
    from monitors
    left join summarize_on_call as on_call
        on monitors.monitor_id = on_call.monitor_id
),

judge_monitors as (
    select
        *,
        case
            when not has_target then 'notifies_nobody'
            when is_muted then 'silenced'
            when not is_heard then 'unheard'
            when is_no_data then 'blind'
            when is_muted is null or is_heard is null then 'not_visible'
            else 'in_order'
        end as verdict,
        concat_ws(
            '; ',
            case when not has_target then 'its message sends to nobody' end,
            case when is_muted and is_muted_without_end then 'silenced, and nobody said until when' when is_muted then 'silenced as a whole' end,
            case when not is_heard then 'nobody is on call for what it watches' end,
            case
                when is_no_data and notifies_no_data then 'it has no data, and says so'
                when is_no_data then 'it has no data, and does not say so'
            end,
            case when is_muted is null then 'a downtime matches it, and downtimes could not be read' end,
            case when is_heard is null then 'it calls PagerDuty, and whether somebody is on call for what it watches is not known' end
        ) as ways,
        case when not has_target then 1 else 0 end + case when is_muted then 1 else 0 end + case when not is_heard then 1 else 0 end
        + case when is_no_data then 1 else 0 end as n_ways
    from judge_hearing
),

answer_monitors as (
    select
        verdict as status,
        cast(monitor_id as varchar) as subject_id,
        name,
        nullif(array_to_string(services, ', '), '') as services,
        team as owner_team,
        cast(null as varchar) as tier,
        has_paging_target,
        muted_until,
        case when verdict <> 'not_visible' then n_ways end as n_ways,
        1 as n_monitors,
        ways as reason,
        as_of_date,
        'monitor' as subject_type,
        cast(json_object('state', overall_state, 'kinds', notification_kinds, 'notifies_no_data', notifies_no_data) as varchar) as evidence,
        case when verdict = 'not_visible' then 'none' else 'complete' end as source_completeness
    from judge_monitors
    where verdict <> 'in_order'
),

answer_services as (
    select
        case when has_paging_monitor = false then 'no_paging_monitor' else 'not_visible' end as status,
        service as subject_id,
        cast(null as varchar) as name,
        service as services,
        team as owner_team,
        tier,
        has_paging_monitor as has_paging_target,
        cast(null as timestamp) as muted_until,
        case when has_paging_monitor = false then 1 end as n_ways,
        cast(null as bigint) as n_monitors,
        case
            when has_paging_monitor = false and n_monitors = 0 then 'no monitor names it'
            when has_paging_monitor = false then 'none of its monitors calls people'
            else 'datadog.monitors was not read to the end, and no monitor in what was read calls people about it'
        end as reason,
        as_of_date,
        'service' as subject_type,
        cast(json_object('monitors', n_monitors, 'unread_tables', unread_tables) as varchar) as evidence,
        case when has_paging_monitor = false then 'complete' else 'none' end as source_completeness
    from services
    where has_paging_monitor is distinct from true
),

answer_rest as (
    select
        'in_order' as status,
        '(in order)' as subject_id,
        count(*) as n_monitors,
        'sends to somebody who is there as far as that is read, is not silenced, and has data' as reason,
        max(as_of_date) as as_of_date,
        cast(json_object('monitors', count(*)) as varchar) as evidence
    from judge_monitors
    where verdict = 'in_order'
    having count(*) > 0
),

combine_answers as (
    select * from answer_monitors
    union all
    select * from answer_services
    union all
    select status, subject_id, null, null, null, null, null, null, 0, n_monitors, reason, as_of_date, 'monitors', evidence, 'complete'
    from answer_rest
    union all
    select status, subject_id, null, null, null, null, null, null, null, null, reason, as_of_date, subject_type, evidence, 'none'
    from gaps
),

lost_alerts as (
    select
        status,
        subject_id,
        name,
        services,
        owner_team,
        tier,
        has_paging_target,
        muted_until,
        n_ways,
        n_monitors,
        reason,
        as_of_date,
        subject_type,
        'lost-alerts' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from lost_alerts
order by
    case status
        when 'no_paging_monitor' then 1
        when 'notifies_nobody' then 2
        when 'silenced' then 3
        when 'unheard' then 4
        when 'blind' then 5
        when 'not_visible' then 6
        else 7
    end,
    tier nulls last,
    case when has_paging_target then 1 else 2 end,
    subject_type,
    subject_id
