-- title: Monitors that wake people
-- question: Which monitors call people, whom do they reach, and of which can we not tell?
-- owner: platform
-- sources: datadog.monitors, datadog.downtimes, pagerduty.services, pagerduty.oncalls
-- params:
--   team       team that answers for the monitor; what no team is known to answer for stays, for it may be theirs
--   service    service that it watches
-- columns:
--   status                 nobody_on_call, silenced, not_visible, called_elsewhere (by something of which no on-calls are read) or wakes (somebody is on call),
--                          or not_found for a name that nothing is known by
--   subject_id             number of the monitor, or the table that was not read to the end
--   monitor_name           name of the monitor
--   services               services that it watches, joined by commas; null when it names none that is known
--   owner_team             team that answers for it; null when unknown
--   priority               1 (highest) to 5; null where none is set
--   calls                  what it calls people by, joined by commas
--   on_call_status         whether somebody is on call for its services, the worst of several; null without a service that is known
--   overall_state          its state; null when not told
--   renotify_minutes       repeats itself while it lasts; null or 0 is never [minutes]
--   reason                 why it has this status
--   as_of_date             date of the snapshot; for a table, the date that it was last asked for
--   subject_type           monitor, or source for a table whose gaps may hide monitors or on-calls, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, or none

-- What calls people is told by reference/notification_kinds.csv. Datadog tells that a monitor calls PagerDuty, and we take it that it calls the service of
-- PagerDuty that belongs to what it watches. Monitors that call nobody are not returned: lost-alerts tells of those.
with monitors as (
    select *
    from fct_monitor_health
    where has_paging_target
        and (getvariable('team') is null or lower(team) = lower(getvariable('team')) or (team is null and is_owned is distinct from false))
        and (getvariable('service') is null or list_contains(list_transform(services, lambda name: lower(name)), lower(getvariable('service'))))
),

services as (
    select * from fct_service_monitoring
),

notification_kinds as (
    select * from reference.notification_kinds where is_paging
),

gaps as (
    select * from int_question_gaps where policy_id = 'wake-up-monitors'
),

combine_kinds as (
    select monitors.monitor_id, array_agg(kinds.kind order by kinds.kind) as kinds
    from monitors
    inner join notification_kinds as kinds
        on list_contains(monitors.notification_kinds, kinds.kind)
    group by monitors.monitor_id
),

rank_services as (
    select
        monitors.monitor_id,
        services.on_call_status,
        row_number() over (
            partition by monitors.monitor_id
            order by
                case services.on_call_status
                    when 'disabled' then 1
                    when 'no_policy' then 2
                    when 'not_found' then 3
                    when 'no_pagerduty_service' then 4
                    when 'gap' then 5
                    when 'unknown' then 6
                    else 7
                end,
                services.service
        ) as service_rank
    from monitors
    cross join unnest(monitors.services) as watched (service)
    inner join services
        on watched.service = services.service
),

answer_monitors as (
    select
        case
            when monitors.is_muted then 'silenced'
            when list_contains(kinds.kinds, 'pagerduty') and worst.on_call_status not in ('covered', 'unknown') then 'nobody_on_call'
            when monitors.is_muted is null then 'not_visible'
            when not list_contains(kinds.kinds, 'pagerduty') then 'called_elsewhere'
            when worst.on_call_status = 'covered' then 'wakes'
            else 'not_visible'
        end as status,
        cast(monitors.monitor_id as varchar) as subject_id,
        monitors.name as monitor_name,
        nullif(array_to_string(monitors.services, ', '), '') as services,
        monitors.team as owner_team,
        monitors.priority,
        array_to_string(kinds.kinds, ', ') as calls,
        worst.on_call_status,
        monitors.overall_state,
        monitors.renotify_minutes,
        case
            when monitors.is_muted then 'silenced as a whole: it calls nobody'
            when list_contains(kinds.kinds, 'pagerduty') and worst.on_call_status = 'gap'
                then 'nobody is on call at the first level, now or for some time in the days to come'
            when list_contains(kinds.kinds, 'pagerduty') and worst.on_call_status not in ('covered', 'unknown')
                then 'its service has nobody to be called at PagerDuty: ' || worst.on_call_status
            when monitors.is_muted is null then 'downtimes could not be read: it may be silenced'
            when not list_contains(kinds.kinds, 'pagerduty') then 'who is on call there is not read'
            when worst.on_call_status = 'covered' then 'somebody is on call for what it watches'
            when worst.on_call_status = 'unknown' then 'who is on call for what it watches could not be read'
            else 'it names no service that is known, so nobody can tell whom it reaches'
        end as reason,
        monitors.as_of_date,
        'monitor' as subject_type,
        cast(
            json_object('kinds', monitors.notification_kinds, 'unknown_services', monitors.unknown_services, 'no_data_minutes', monitors.no_data_minutes) as varchar
        ) as evidence,
        case
            when monitors.is_muted or worst.on_call_status not in ('covered', 'unknown') then 'complete'
            when monitors.is_muted is null or (list_contains(kinds.kinds, 'pagerduty') and coalesce(worst.on_call_status, 'unknown') = 'unknown') then 'none'
            else 'complete'
        end as source_completeness
    from monitors
    inner join combine_kinds as kinds
        on monitors.monitor_id = kinds.monitor_id
    left join rank_services as worst
        on monitors.monitor_id = worst.monitor_id
        and worst.service_rank = 1
),

combine_answers as (
    select * from answer_monitors
    union all
    select status, subject_id, null, null, null, null, null, null, null, null, reason, as_of_date, subject_type, evidence, 'none'
    from gaps
),

wake_up_monitors as (
    select
        status,
        subject_id,
        monitor_name,
        services,
        owner_team,
        priority,
        calls,
        on_call_status,
        overall_state,
        renotify_minutes,
        reason,
        as_of_date,
        subject_type,
        'wake-up-monitors' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from wake_up_monitors
order by
    case status when 'nobody_on_call' then 1 when 'silenced' then 2 when 'not_visible' then 3 when 'called_elsewhere' then 4 else 5 end,
    priority nulls last,
    subject_type,
    subject_id
