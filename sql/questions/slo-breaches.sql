-- title: Service level objectives that are breached
-- question: Which service level objectives were breached on the newest day or in the 30 days up to it, have no data, or could not be read?
-- owner: platform
-- sources: datadog.slos, datadog.slo_history
-- params:
--   team       team; what no team is known to answer for stays, for it may be theirs
--   service    service that it is about
-- columns:
--   status                    breached, breached_recently (in the 30 days up to the newest), no_data or not_visible,
--                             or not_found for a name that nothing is known by
--   subject_id                id of the objective, or the table that was not read to the end
--   slo_name                  name of the objective
--   services                  services that it is about, joined by commas; null when it names none that is known
--   owner_team                team that answers for it; null when unknown
--   timeframe                 timeframe whose target counts: 7d, 30d, 90d or custom
--   target                    share of good events or time that is promised; null when not told [%]
--   sli_value                 share of good events or time on that day; null without data [%]
--   error_budget_remaining    what is left of the day's error budget; null without data [%]
--   n_breached_7d             of the 7 days up to that day, breached [days]
--   n_breached_30d            of the 30 days up to that day, breached [days]
--   n_no_data_30d             of the 30 days up to that day, without data [days]
--   n_days_30d                of the 30 days up to that day, those that were read [days]
--   reason                    why it has this status
--   as_of_date                newest day that was read
--   subject_type              slo, or source for a table whose gaps may hide objectives, or name for one that nothing is known by
--   policy_id                 name of this question
--   policy_version            version of its rules
--   evidence                  what was concluded from (JSON text)
--   source_completeness       complete, partial (some of the 30 days were not read) or none

-- A day without data is neither kept nor breached. Objectives that were kept on each of the 30 days are not returned.
with slos as (
    select *
    from fct_slo_attainment
    where is_newest_day
        and (getvariable('team') is null or lower(coalesce(team, getvariable('team'))) = lower(getvariable('team')))
        and (getvariable('service') is null or list_contains(list_transform(services, lambda name: lower(name)), lower(getvariable('service'))))
),

gaps as (
    select * from int_question_gaps where policy_id = 'slo-breaches'
),

answer_slos as (
    select
        case
            when state = 'breached' then 'breached'
            when state = 'not_read' then 'not_visible'
            when state = 'no_data' then 'no_data'
            else 'breached_recently'
        end as status,
        slo_id as subject_id,
        slo_name,
        nullif(array_to_string(services, ', '), '') as services,
        team as owner_team,
        timeframe,
        target,
        sli_value,
        error_budget_remaining,
        n_breached_7d,
        n_breached_30d,
        n_no_data_30d,
        n_days_30d,
        case state
            when 'breached' then 'below its target on the newest day'
            when 'not_read' then 'its history of the newest day could not be read'
            when 'no_data' then 'there was nothing to measure on the newest day: neither kept nor breached'
            else 'in its target on the newest day, and below it on another of the 30 days up to it'
        end as reason,
        day as as_of_date,
        'slo' as subject_type,
        cast(json_object('state', state, 'unknown_services', unknown_services) as varchar) as evidence,
        case when state = 'not_read' then 'none' when n_days_30d < 30 then 'partial' else 'complete' end as source_completeness
    from slos
    where state in ('breached', 'not_read', 'no_data') or n_breached_30d > 0
),

combine_answers as (
    select * from answer_slos
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, null, null, null, reason, as_of_date,
        subject_type, evidence, 'none'
    from gaps
),

slo_breaches as (
    select
        status,
        subject_id,
        slo_name,
        services,
        owner_team,
        timeframe,
        target,
        sli_value,
        error_budget_remaining,
        n_breached_7d,
        n_breached_30d,
        n_no_data_30d,
        n_days_30d,
        reason,
        as_of_date,
        subject_type,
        'slo-breaches' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from slo_breaches
order by
    case status when 'breached' then 1 when 'breached_recently' then 2 when 'no_data' then 3 else 4 end,
    n_breached_30d desc nulls last,
    error_budget_remaining nulls last,
    subject_type,
    subject_id
