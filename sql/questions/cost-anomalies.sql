-- title: Services whose cost jumped
-- question: Which services cost unusually much or little on one of the last days, against the four weeks before it, and which could not be compared?
-- owner: platform
-- sources: opencost.allocations
-- columns:
--   status                    rose, fell, not_comparable (counted), usual (counted) or not_visible
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
--   subject_type              service, services, cluster, or source for a table whose gaps hide cost
--   policy_id                 name of this question
--   policy_version            version of its rules
--   evidence                  what was concluded from (JSON text)
--   source_completeness       complete, partial (some hours of the day are missing) or none

-- Days are compared by what an hour cost that was seen, so that a missing hour looks like no saving; a day of which too little was seen is not compared,
-- nor is one that was not read since what comes late came in: it looks cheap without that, and dear before a rebate. Both are counted, up to the newest day.
-- Unusual is what is far from the median by the median deviation from it, and changed by enough (anomaly_ in reference/thresholds.csv). A service that is gone
-- fell to nothing.
with newest as (
    select max(date) as as_of_date from fct_cost_coverage where is_newest_day
),

costs as (
    select * from fct_service_costs
),

cluster_days as (
    select
        date,
        min(case when is_whole then 1 else 0 end) = 1 as is_whole,
        count(case when not is_settled then 1 end) = 0 as is_settled
    from fct_cost_coverage
    group by date
),

gaps as (
    select * from fct_cost_gaps where policy_id = 'cost-anomalies'
),

thresholds as (
    select
        max(case name when 'anomaly_days' then value end) as looked_at_days,
        max(case name when 'anomaly_window' then value end) as window_days,
        max(case name when 'anomaly_minimum_days' then value end) as minimum_days,
        max(case name when 'anomaly_score' then value end) as minimum_score,
        max(case name when 'anomaly_minimum_change' then value end) as minimum_change,
        max(case name when 'comparable_completeness' then value end) as minimum_completeness
    from reference.thresholds
),

list_days as (
    select days.date, newest.as_of_date, days.is_whole, days.is_settled
    from cluster_days as days
    cross join newest
    cross join thresholds
    where date_diff('day', days.date, newest.as_of_date) < thresholds.looked_at_days
),

list_services as (
    select service, min(date) as first_on, max(date) as last_on
    from costs
    group by service
),

-- A service that cost nothing on a day that was seen whole cost it nothing; on another day that is not known.
judge_days as (
    select
        days.date,
        days.as_of_date,
        days.is_settled,
        services.service,
        costs.team,
        coalesce(costs.hourly_cost_usd, case when costs.service is null and days.is_whole then 0 end) as hourly_cost_usd,
        coalesce(costs.completeness, case when costs.service is null and days.is_whole then 1 end) as completeness,
        coalesce(costs.covered_hours / costs.clusters, 24) as hours_seen
    from list_days as days
    cross join thresholds
    inner join list_services as services
        on services.first_on <= days.date
        and date_diff('day', services.last_on, days.date) <= thresholds.window_days - thresholds.minimum_days
    left join costs
        on days.date = costs.date
        and services.service = costs.service
),

list_before as (
    select days.service, days.date, before.date as before_date, before.hourly_cost_usd
    from judge_days as days
    cross join thresholds
    inner join costs as before
        on days.service = before.service
        and before.date < days.date
        and date_diff('day', before.date, days.date) <= thresholds.window_days
    where before.completeness >= thresholds.minimum_completeness and before.hourly_cost_usd is not null
),

find_medians as (
    select
        service,
        date,
        count(*) as n_days,
        percentile_cont(0.50) within group (order by hourly_cost_usd) as median_usd
    from list_before
    group by service, date
),

find_deviations as (
    select
        before.service,
        before.date,
        max(medians.n_days) as n_days,
        max(medians.median_usd) as median_usd,
        percentile_cont(0.50) within group (order by abs(before.hourly_cost_usd - medians.median_usd)) as deviation_usd
    from list_before as before
    inner join find_medians as medians
        on before.service = medians.service
        and before.date = medians.date
    group by before.service, before.date
),

-- 0.6745 makes the median deviation of what is spread normally a standard deviation.
score_days as (
    select
        days.*,
        coalesce(usual.n_days, 0) as n_days_before,
        usual.median_usd,
        days.hourly_cost_usd / nullif(usual.median_usd, 0) - 1 as change,
        0.6745 * (days.hourly_cost_usd - usual.median_usd) / nullif(usual.deviation_usd, 0) as robust_z,
        thresholds.minimum_score,
        thresholds.minimum_change,
        case
            when days.completeness is null or days.completeness < thresholds.minimum_completeness or days.hourly_cost_usd is null
                then 'too little of the day was seen'
            when not days.is_settled then 'cost of the day that comes late was not read yet'
            when coalesce(usual.n_days, 0) < thresholds.minimum_days then 'there are too few days before it to compare with'
        end as obstacle
    from judge_days as days
    cross join thresholds
    left join find_deviations as usual
        on days.service = usual.service
        and days.date = usual.date
),

judge_scores as (
    select
        *,
        case
            when obstacle is not null then 'not_comparable'
            when abs(coalesce(robust_z, minimum_score)) < minimum_score then 'usual'
            when hourly_cost_usd > median_usd and (median_usd = 0 or change >= minimum_change) then 'rose'
            when hourly_cost_usd < median_usd and change <= -minimum_change then 'fell'
            else 'usual'
        end as verdict
    from score_days
),

answer_services as (
    select
        scores.verdict as status,
        scores.service as subject_id,
        scores.team as owner_team,
        scores.date as day,
        scores.hourly_cost_usd,
        scores.median_usd as usual_hourly_cost_usd,
        scores.change,
        scores.robust_z,
        (scores.hourly_cost_usd - scores.median_usd) * scores.hours_seen as extra_cost_usd,
        scores.n_days_before,
        1 as n_service_days,
        case
            when scores.hourly_cost_usd = 0 then 'it cost nothing that day'
            when scores.robust_z is null then 'all the days before were alike, and this one is not'
            else 'far from the median of the days before'
        end as reason,
        scores.as_of_date,
        'service' as subject_type,
        cast(json_object('completeness', round(scores.completeness, 4)) as varchar) as evidence,
        case when scores.completeness = 1 then 'complete' else 'partial' end as source_completeness
    from judge_scores as scores
    where scores.verdict in ('rose', 'fell')
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
    from judge_scores
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
