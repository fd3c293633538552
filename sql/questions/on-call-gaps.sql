-- title: Gaps in on-call coverage
-- question: For which running services, and at which levels of escalation policies, is nobody on call, and for which can we not tell?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, pagerduty.services, pagerduty.oncalls
-- params:
--   team       owning team of the service, or of one that calls the policy
--   service    service, and the policies that it calls
-- columns:
--   status                 gap, no_policy, disabled, not_found (of a name: nothing is known by it), no_pagerduty_service or not_visible
--   subject_id             service, id of the escalation policy, or the table that was not read to the end
--   policy_name            name of the escalation policy; null for another subject
--   level                  level of the policy; 1 is called first
--   owner_team             owning team of the service; null when unknown
--   tier                   tier of the service; null without one
--   next_gap_at            when the gap begins, UTC; null without one
--   gap_hours              time without anybody in the days to come; null when not known [hours]
--   services               services that call the policy, joined by commas; null for another subject, and when none is known
--   reason                 why it has this status
--   as_of_date             newest date that anything behind the row was read for; null when nothing was
--   subject_type           service, escalation_policy, or source for a table whose gaps may hide services or levels, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, or none

-- A service is covered when somebody is on call at the first level of its policy now and throughout the days that were looked ahead. A gap of a policy
-- is returned once for each of its levels, whether or not a service is known to call it.
with services as (
    select *
    from fct_service_monitoring
    where is_running
        and (getvariable('team') is null or lower(team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
),

levels as (
    select *
    from fct_on_call_coverage as levels
    where (getvariable('team') is null and getvariable('service') is null)
        or exists (select 1 from services where list_contains(levels.services, services.service))
),

gaps as (
    select * from int_question_gaps where policy_id = 'on-call-gaps'
),

answer_services as (
    select
        case on_call_status when 'unknown' then 'not_visible' else on_call_status end as status,
        service as subject_id,
        cast(null as varchar) as policy_name,
        cast(null as bigint) as level,
        team as owner_team,
        tier,
        next_gap_at,
        gap_hours,
        cast(null as varchar) as services,
        case on_call_status
            when 'gap' then 'nobody is on call at the first level, now or for some time in the days to come'
            when 'no_policy' then 'its service at PagerDuty has no escalation policy'
            when 'disabled' then 'its service at PagerDuty is disabled'
            when 'not_found' then 'PagerDuty does not have the service that the catalog names'
            when 'no_pagerduty_service' then 'no service at PagerDuty is named for it, and none there has its name'
            else 'services or on-calls of PagerDuty, or what describes the service, could not be read'
        end as reason,
        as_of_date,
        'service' as subject_type,
        cast(
            json_object('pagerduty_service', pagerduty_service_id, 'escalation_policy', escalation_policy_id, 'unread_tables', unread_tables)
            as varchar
        ) as evidence,
        case on_call_status when 'unknown' then 'none' else 'complete' end as source_completeness
    from services
    where on_call_status <> 'covered'
),

answer_levels as (
    select
        'gap' as status,
        escalation_policy_id as subject_id,
        policy_name,
        level,
        cast(null as varchar) as owner_team,
        cast(null as varchar) as tier,
        next_gap_at,
        gap_hours,
        nullif(array_to_string(services, ', '), '') as services,
        case when is_covered then 'nobody is on call for some time in the days to come' else 'nobody is on call' end as reason,
        as_of_date,
        'escalation_policy' as subject_type,
        cast(
            json_object('on_call', n_on_call, 'schedules', n_schedules, 'pagerduty_services', n_pagerduty_services, 'checked_until', cast(checked_until as varchar))
            as varchar
        ) as evidence,
        'complete' as source_completeness
    from levels
    where has_gap
),

combine_answers as (
    select * from answer_services
    union all
    select * from answer_levels
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, reason, as_of_date, subject_type, evidence, 'none'
    from gaps
),

on_call_gaps as (
    select
        status,
        subject_id,
        policy_name,
        level,
        owner_team,
        tier,
        next_gap_at,
        gap_hours,
        services,
        reason,
        as_of_date,
        subject_type,
        'on-call-gaps' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from on_call_gaps
order by
    case subject_type when 'service' then 1 when 'escalation_policy' then 2 else 3 end,
    case status when 'not_visible' then 2 else 1 end,
    tier nulls last,
    status,
    subject_id,
    level
