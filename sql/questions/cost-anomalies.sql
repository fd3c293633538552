-- title: Services whose cost jumped
-- question: Which services cost unusually much or little on one of the last days, against the four weeks before it, and which could not be compared?
-- owner: platform
-- sources: opencost.allocations
-- params:
--   team       owning team on the day; where none is known the day stays
--   service    service
-- columns:
--   status                    rose, fell, not_comparable (counted), usual (counted) or not_visible, or not_found for a name that nothing is known by
--   subject_id                service; __no_service__, __idle__, __unmounted__ or __shared__; what is counted in one row in parentheses; or what was not read
--   owner_team                team that owns most of it; null when nothing tells, and for several
--   day                       day that is unusual; null for several
--   hourly_cost_usd           what an hour cost that day that was seen; null for several [USD per hour]
--   usual_hourly_cost_usd     median of the days before; null for several [USD per hour]
--   change                    hourly_cost_usd against usual_hourly_cost_usd, less 1; null for several [-1 and up]
--   robust_z                  how far it is from usual, in robust standard deviations; null where all the days before were alike, and for several
--   extra_cost_usd            what it cost that day more than usual; below 0 is less; null for several [USD]
--   n_days_before             days that it was compared with; null for several [days]
--   n_service_days            services and days in the row [services times days]
--   reason                    why it has this status
--   as_of_date                newest of the days that could be looked at; for a table, the date that it was last asked for
--   subject_type              service, services, cluster, or source for a table whose gaps hide cost, or name for one that nothing is known by
--   policy_id                 name of this question
--   policy_version            version of its rules
--   evidence                  what was concluded from (JSON text)
--   source_completeness       complete, partial (some hours of the day are missing) or none

-- A day of which too little was seen is not compared, nor is one that was not read since what comes late came in; both are counted, up to the newest day.
-- What is unusual is told by fct_cost_anomalies.
with anomalies as (
    select *
    from fct_cost_anomalies
    where (getvariable('team') is null or lower(coalesce(team, getvariable('team'))) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
),

gaps as (
    select * from fct_cost_gaps where policy_id = 'cost-anomalies'
),

answer_services as (
    select
        verdict as status,
        service as subject_id,
        team as owner_team,
        date as day,
        hourly_cost_usd,
        usual_hourly_cost_usd,
        change,
        robust_z,
        extra_cost_usd,
        n_days_before,
        1 as n_service_days,
        case
            when hourly_cost_usd = 0 then 'it cost nothing that day'
            when robust_z is null then 'all the days before were alike, and this one is not'
            else 'far from the median of the days before'
        end as reason,
        as_of_date,
        'service' as subject_type,
        cast(json_object('completeness', round(completeness, 4)) as varchar) as evidence,
        case when completeness = 1 then 'complete' else 'partial' end as source_completeness
    from anomalies
    where verdict in ('rose', 'fell')
),

answer_rest as (
    select
        verdict as status,
        '(' || coalesce(obstacle, 'as usual') || ')' as subject_id,
        count(*) as n_service_days,
        coalesce(obstacle, 'near the median of the days before, or not changed by enough') as reason,
        max(as_of_date) as as_of_date,
        cast(json_object('services', count(distinct service), 'hourly_cost_usd', round(sum(hourly_cost_usd), 4)) as varchar) as evidence,
        case when verdict = 'usual' then 'complete' else 'none' end as source_completeness
    from anomalies
    where verdict in ('usual', 'not_comparable')
    group by verdict, obstacle
),

combine_answers as (
    select * from answer_services
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, n_service_days, reason, as_of_date, 'services', evidence, source_completeness
    from answer_rest
    union all
    select
        'not_visible', subject_id, null, null, null, null, null, null, null, null, null, reason, as_of_date, subject_type, evidence, source_completeness
    from gaps
    union all
    select
        'not_found', asked.name, null, null, null, null, null, null, null, null, null, 'no cost of a service of this name was seen', null, 'name', '{}', 'none'
    from (select cast(getvariable('service') as varchar) as name) as asked
    where asked.name is not null and not exists (select 1 from fct_cost_anomalies as known where lower(known.service) = lower(asked.name))
),

cost_anomalies as (
    select
        status,
        subject_id,
        owner_team,
        day,
        hourly_cost_usd,
        usual_hourly_cost_usd,
        change,
        robust_z,
        extra_cost_usd,
        n_days_before,
        n_service_days,
        reason,
        as_of_date,
        subject_type,
        'cost-anomalies' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from cost_anomalies
order by
    case status when 'rose' then 1 when 'fell' then 2 when 'not_comparable' then 3 when 'usual' then 4 else 5 end,
    abs(extra_cost_usd) desc nulls last,
    subject_type,
    subject_id,
    day
