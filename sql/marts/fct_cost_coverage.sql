-- One row per cluster and day on which its cost was asked for, or should have been, with how much of the day was seen.
-- A cluster is looked for until a week after its last sign. Questions about a day are about that with the fewest gaps of the last days: of several
-- the newest that was read late enough to hold what comes late, or else the newest.
-- grain: date, cluster
-- kind: full
-- owner: platform
-- freshness: 50h
-- columns:
--   date                day that it is about, UTC
--   cluster             cluster, by its name in almanac.toml
--   status              how reading it ended, by reference/outcome_statuses.csv; missing when there is no read of it
--   covered_hours       hours that were answered with entries; 0 when nothing was seen, null when it is not known how much was [hours]
--   completeness        covered_hours of 24; null likewise [0 to 1]
--   rejected_entries    entries that could not be stored; null when nothing was seen [entries]
--   total_cost_usd      what was seen of its cost; null when nothing was [USD]
--   is_whole            enough of it was seen to compare it (comparable_completeness in reference/thresholds.csv)
--   is_settled          it was read late enough to hold what comes late, such as the cost of network and what the bill adjusts (cost_settled_after in
--                       reference/thresholds.csv); null when there is no read of it
--   reason              what is missing, and why; null when it is whole
--   is_newest_day       the day that questions about a day are about
with clusters as (
    select * from fct_cluster_costs
),

reads as (
    select * from int_collection_coverage where source = 'opencost' and table_name = 'allocations'
),

outcome_statuses as (
    select * from reference.outcome_statuses
),

thresholds as (
    select
        max(case name when 'comparable_completeness' then value end) as minimum_completeness,
        max(case name when 'cost_settled_after' then value end) as settled_after_hours,
        max(case name when 'newest_day_within' then value end) as newest_day_within
    from reference.thresholds
),

list_signs as (
    select date, cluster from clusters
    union
    select reads.logical_date as date, coalesce(known.cluster, reads.parent) as cluster
    from reads
    left join (select distinct cluster from clusters) as known
        on reads.parent = lower(known.cluster)
),

list_days as (
    select days.date, spans.cluster
    from (select distinct date from list_signs) as days
    inner join (select cluster, min(date) as first_on, max(date) as last_on from list_signs group by cluster) as spans
        on days.date >= spans.first_on
        and days.date <= spans.last_on + 7
),

judge_days as (
    select
        days.date,
        days.cluster,
        coalesce(reads.status, 'missing') as status,
        statuses.meaning,
        reads.detail,
        case when clusters.total_cost_usd is null then coalesce(clusters.covered_hours, 0) else clusters.covered_hours end as covered_hours,
        case when clusters.total_cost_usd is null then coalesce(clusters.completeness, 0) else clusters.completeness end as completeness,
        clusters.rejected_entries,
        clusters.total_cost_usd,
        coalesce(clusters.completeness, 0) >= thresholds.minimum_completeness as is_whole,
        date_diff('hour', cast(days.date as timestamp) + interval 1 day, reads.observed_at) >= thresholds.settled_after_hours as is_settled,
        thresholds.newest_day_within
    from list_days as days
    cross join thresholds
    left join clusters
        on days.date = clusters.date
        and days.cluster = clusters.cluster
    left join reads
        on days.date = reads.logical_date
        and lower(days.cluster) = reads.parent
    left join outcome_statuses as statuses
        on coalesce(reads.status, 'missing') = statuses.status
),

count_gaps as (
    select
        date,
        count(case when not is_whole then 1 end) as n_gaps,
        count(case when not is_settled then 1 end) > 0 as is_changing,
        max(newest_day_within) as newest_day_within
    from judge_days
    group by date
),

rank_days as (
    select days.date, row_number() over (order by days.n_gaps, days.is_changing, days.date desc) as day_rank
    from count_gaps as days
    cross join (select max(date) as newest_date from count_gaps) as newest
    where date_diff('day', days.date, newest.newest_date) < days.newest_day_within
),

fct_cost_coverage as (
    select
        days.date,
        days.cluster,
        days.status,
        days.covered_hours,
        days.completeness,
        days.rejected_entries,
        days.total_cost_usd,
        days.is_whole,
        days.is_settled,
        case when not days.is_whole
            then coalesce(cast(round(days.covered_hours, 1) as varchar), 'an unknown number') || ' of 24 hours were seen: '
                || coalesce(days.detail, case when days.status = 'ok' then 'not all have passed, or not all were answered' else days.meaning end, days.status)
        end as reason,
        coalesce(ranks.day_rank = 1, false) as is_newest_day
    from judge_days as days
    left join rank_days as ranks
        on days.date = ranks.date
)

select * from fct_cost_coverage
