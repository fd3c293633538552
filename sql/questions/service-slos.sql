-- title: Service level objectives of a service, and whether it is within them
-- question: Does this service have service level objectives, is it within them, and for which services can we not tell?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, datadog.slos, datadog.slo_history
-- params:
--   team       owning team of the service
--   service    service
-- columns:
--   status                    breached, breached_recently (in its target on the newest day, and not on another of the 30 days up to it), no_data,
--                             without_slo, not_visible, or within, or not_found for a name that nothing is known by
--   subject_id                service, or the table that was not read to the end
--   owner_team                owning team of the service; null when unknown
--   tier                      tier of the service; null without one
--   slo_id                    id of the objective; null without one, and when none is known
--   slo_name                  its name; null likewise
--   target                    share of good events or time that is promised; null when not told [%]
--   sli_value                 share of good events or time on the newest day; null without data [%]
--   error_budget_remaining    what is left of that day's error budget: below 0 is overspent; null without data [%]
--   n_breached_30d            of the 30 days up to it, breached; null without an objective [days]
--   n_no_data_30d             of these, without data; null likewise [days]
--   n_days_30d                of these, those that were read; null likewise [days]
--   reason                    why it has this status
--   as_of_date                newest day that was read; for a service without an objective, the newest date that anything behind the row was read for
--   subject_type              service, or source for a table whose gaps may hide services or objectives, or name for one that nothing is known by
--   policy_id                 name of this question
--   policy_version            version of its rules
--   evidence                  what was concluded from (JSON text)
--   source_completeness       complete, partial (some of the 30 days were not read) or none

-- One row per running service and objective that names it. A day without data is neither kept nor breached, and a warning is kept.
with services as (
    select *
    from fct_service_monitoring
    where is_running
        and (getvariable('team') is null or lower(team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
),

slos as (
    select * from fct_slo_attainment where is_newest_day
),

gaps as (
    select * from int_question_gaps where policy_id = 'service-slos'
),

list_slos as (
    select named.service, slos.*
    from (select slo_id, unnested.service from slos cross join unnest(services) as unnested (service)) as named
    inner join slos
        on named.slo_id = slos.slo_id
),

answer_services as (
    select
        case
            when slos.state = 'breached' then 'breached'
            when slos.state = 'no_data' then 'no_data'
            when slos.state = 'not_read' then 'not_visible'
            when slos.n_breached_30d > 0 then 'breached_recently'
            when slos.state in ('ok', 'warning') then 'within'
            when services.has_slo = false then 'without_slo'
            else 'not_visible'
        end as status,
        services.service as subject_id,
        services.team as owner_team,
        services.tier,
        slos.slo_id,
        slos.slo_name,
        slos.target,
        slos.sli_value,
        slos.error_budget_remaining,
        slos.n_breached_30d,
        slos.n_no_data_30d,
        slos.n_days_30d,
        case
            when slos.state = 'breached' then 'below its target on the newest day'
            when slos.state = 'no_data' then 'there was nothing to measure on the newest day: neither kept nor breached'
            when slos.state = 'not_read' then 'its history of the newest day could not be read'
            when slos.n_breached_30d > 0 then 'in its target on the newest day, and below it on another of the 30 days up to it'
            when slos.state in ('ok', 'warning') then 'in its target on each of the 30 days up to the newest that was read with data'
            when services.has_slo = false then 'no service level objective carries its name in the tag service'
            when services.has_slo then 'an objective names it, of which no day was read yet'
            else 'datadog.slos was not read to the end, and nothing in what was read names it'
        end as reason,
        coalesce(slos.day, services.as_of_date) as as_of_date,
        'service' as subject_type,
        cast(json_object('slos', services.n_slos, 'state', slos.state, 'unread_tables', services.unread_tables) as varchar) as evidence,
        case
            when slos.state = 'not_read' then 'none'
            when slos.n_days_30d < 30 then 'partial'
            when slos.slo_id is null and services.has_slo is distinct from false then 'none'
            else 'complete'
        end as source_completeness
    from services
    left join list_slos as slos
        on services.service = slos.service
),

combine_answers as (
    select * from answer_services
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, 'none'
    from gaps
),

service_slos as (
    select
        status,
        subject_id,
        owner_team,
        tier,
        slo_id,
        slo_name,
        target,
        sli_value,
        error_budget_remaining,
        n_breached_30d,
        n_no_data_30d,
        n_days_30d,
        reason,
        as_of_date,
        subject_type,
        'service-slos' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from service_slos
order by
    case status when 'breached' then 1 when 'breached_recently' then 2 when 'no_data' then 3 when 'without_slo' then 4 when 'not_visible' then 5 else 6 end,
    tier nulls last,
    error_budget_remaining nulls last,
    subject_type,
    subject_id,
    slo_id
