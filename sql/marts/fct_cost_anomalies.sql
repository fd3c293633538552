-- One row per service and day of the last days, with what an hour cost against the four weeks before it, and whether that is unusual.
-- Days are compared by what an hour cost that was seen, so that a missing hour looks like no saving; a day of which too little was seen is not compared,
-- nor is one that was not read since what comes late came in: it looks cheap without that, and dear before a rebate. Unusual is what is far from the
-- median by the median deviation from it, and changed by enough (anomaly_ in reference/thresholds.csv). A service that is gone fell to nothing.
-- grain: date, service
-- kind: full
-- owner: platform
-- freshness: 50h
-- columns:
--   date                     day that it is about, UTC
--   service                  service; __no_service__, __idle__, __unmounted__ or __shared__
--   as_of_date               newest of the days that could be looked at
--   team                     team that owns most of it; null when nothing tells
--   verdict                  rose, fell, usual or not_comparable
--   obstacle                 why it could not be compared; null when it could
--   hourly_cost_usd          what an hour cost that day that was seen; null when too little was [USD per hour]
--   usual_hourly_cost_usd    median of the days before; null without any [USD per hour]
--   change                   hourly_cost_usd against usual_hourly_cost_usd, less 1; null when either is not known, or it usually costs nothing [-1 and up]
--   robust_z                 how far it is from usual, in robust standard deviations; null where all the days before were alike
--   extra_cost_usd           what it cost that day more than usual; below 0 is less; null when either is not known [USD]
--   n_days_before            days that it was compared with [days]
--   completeness             hours of the day that were seen, of all; null when not known [0 to 1]
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

fct_cost_anomalies as (
    select
        date,
        service,
        as_of_date,
        team,
        verdict,
        obstacle,
        hourly_cost_usd,
        median_usd as usual_hourly_cost_usd,
        change,
        robust_z,
        (hourly_cost_usd - median_usd) * hours_seen as extra_cost_usd,
        n_days_before,
        completeness
    from judge_scores
)

select * from fct_cost_anomalies
