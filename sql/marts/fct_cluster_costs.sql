-- One row per cluster and day, with what it cost in both views, how much of the day was seen, and how that agrees with its assets and its bill.
-- Cost of hours that were not seen is not in it: completeness says how much of the day is. A bill comes from reference/billed_costs.csv, or else from
-- the charges in reference/billed_charges.csv, whose cost after commitments counts, and which count as final.
-- grain: date, cluster
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 50h
-- columns:
--   date                     day that it is about, UTC
--   cluster                  cluster, by its name in almanac.toml
--   workload_cost_usd        cost of pods; null when nothing of the day was seen, as all of these [USD]
--   idle_cost_usd            cost of what nodes had left [USD]
--   unmounted_cost_usd       cost of volumes that no pod has [USD]
--   shared_cost_usd          cost of all else, such as the cluster's management [USD]
--   total_cost_usd           what the cluster cost: all of these [USD]
--   distributed_cost_usd     the same, with idle and shared cost given to workloads [USD]
--   reported_cost_usd        sum of the totals that the installation reports; null when it does not for all [USD]
--   adjustment_usd           what the bill added to or took from it [USD]
--   idle_share               idle_cost_usd of total_cost_usd [0 to 1]
--   assets_cost_usd          cost of its nodes, disks, load balancers and management; null when these were not read [USD]
--   assets_difference_usd    total_cost_usd - assets_cost_usd; what was not seen is in it [USD]
--   nodes                    nodes that anything ran on, or that were idle [nodes]
--   pods                     pods that ran [pods]
--   asked_hours              hours that were asked for; null when this is not known [hours]
--   covered_hours            hours that were answered with entries; null when this is not known [hours]
--   completeness             covered_hours of 24 [0 to 1]
--   rejected_entries         entries that could not be stored: their cost is in the assets, and not here [entries]
--   billed_cost_usd          what the bill says; null without one [USD]
--   is_bill_final            the bill does not change any more; null without one, or when not told
--   reconciliation_ratio     total_cost_usd of billed_cost_usd; null without a bill
--   is_reconciled            both agree, within the tolerance of reference/thresholds.csv; null without a bill, and while it is not final
with pods as (
    select *
    from fct_pod_costs
    where date between getvariable('from') and getvariable('to')
),

steps as (
    select *
    from stg_opencost__allocation_steps
    where day between getvariable('from') and getvariable('to')
),

assets as (
    select *
    from stg_opencost__assets
    where day between getvariable('from') and getvariable('to')
),

billed_costs as (
    select * from reference.billed_costs
),

billed_charges as (
    select * from reference.billed_charges
),

cluster_tags as (
    select * from reference.cluster_tags
),

thresholds as (
    select value as bill_tolerance from reference.thresholds where name = 'bill_tolerance'
),

sum_pods as (
    select
        date,
        cluster,
        sum(case when kind = 'workload' then total_cost_usd else 0 end) as workload_cost_usd,
        sum(case when kind = 'idle' then total_cost_usd else 0 end) as idle_cost_usd,
        sum(case when kind = 'unmounted' then total_cost_usd else 0 end) as unmounted_cost_usd,
        sum(case when kind = 'shared' then total_cost_usd else 0 end) as shared_cost_usd,
        sum(total_cost_usd) as total_cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd,
        case when count(reported_cost_usd) = count(*) then sum(reported_cost_usd) end as reported_cost_usd,
        sum(adjustment_usd) as adjustment_usd,
        count(distinct case when kind in ('workload', 'idle') and node not in ('__none__', '__idle__') then node end) as nodes
    from pods
    group by date, cluster
),

-- A pod that moved to another node is one pod.
count_pods as (
    select date, cluster, count(*) as pods
    from (select distinct date, cluster, namespace, pod from pods where kind = 'workload') as moved
    group by date, cluster
),

sum_steps as (
    select
        day as date,
        cluster,
        sum(step_hours) as asked_hours,
        sum(case when state = 'ok' then step_hours else 0 end) as covered_hours,
        sum(n_rejected) as rejected_entries
    from steps
    group by day, cluster
),

sum_assets as (
    select day as date, cluster, sum(total_cost_usd) as assets_cost_usd
    from assets
    group by day, cluster
),

-- The file may hold a year of charges: those of the days that are built are summed up first.
read_charges as (
    select
        cast(x_Cluster as varchar) as cluster,
        case when json_valid(cast(Tags as varchar)) then cast(Tags as varchar) end as tags,
        cast(cast(ChargePeriodStart as timestamp) as date) as first_day,
        cast(cast(ChargePeriodEnd as timestamp) - interval 1 microsecond as date) as last_day,
        sum(coalesce(cast(EffectiveCost as double), cast(BilledCost as double))) as cost_usd
    from billed_charges
    where cast(ChargeCategory as varchar) is distinct from 'Tax'
        and cast(ChargePeriodEnd as timestamp) > getvariable('from')
        and cast(cast(ChargePeriodStart as timestamp) as date) <= getvariable('to')
    group by
        cast(x_Cluster as varchar),
        case when json_valid(cast(Tags as varchar)) then cast(Tags as varchar) end,
        cast(cast(ChargePeriodStart as timestamp) as date),
        cast(cast(ChargePeriodEnd as timestamp) - interval 1 microsecond as date)
),

rank_tags as (
    select
        charges.tags,
        json_extract_string(charges.tags, '$."' || known.tag || '"') as cluster,
        row_number() over (partition by charges.tags order by known.rank, known.tag) as tag_rank
    from (select distinct tags from read_charges where cluster is null) as charges
    cross join cluster_tags as known
    where json_extract_string(charges.tags, '$."' || known.tag || '"') is not null
),

-- A charge of several days counts for each of them alike.
sum_charges as (
    select
        cast(days.day as date) as date,
        coalesce(charges.cluster, tags.cluster) as cluster,
        sum(charges.cost_usd / (date_diff('day', charges.first_day, charges.last_day) + 1)) as billed_cost_usd
    from read_charges as charges
    cross join unnest(generate_series(charges.first_day, charges.last_day, interval 1 day)) as days (day)
    left join rank_tags as tags
        on charges.tags = tags.tags
        and tags.tag_rank = 1
    group by cast(days.day as date), coalesce(charges.cluster, tags.cluster)
),

sum_bills as (
    select
        cast(date as date) as date,
        cast(cluster as varchar) as cluster,
        sum(cast(billed_cost_usd as double)) as billed_cost_usd,
        case when count(is_final) = count(*) then min(case when cast(is_final as boolean) then 1 else 0 end) = 1 end as is_bill_final
    from billed_costs
    where cast(date as date) between getvariable('from') and getvariable('to')
    group by cast(date as date), cast(cluster as varchar)
),

list_clusters as (
    select date, cluster from sum_pods
    union
    select date, cluster from sum_steps
    union
    select date, cluster from sum_assets
),

combine_parts as (
    select
        clusters.date,
        clusters.cluster,
        sum_pods.workload_cost_usd,
        sum_pods.idle_cost_usd,
        sum_pods.unmounted_cost_usd,
        sum_pods.shared_cost_usd,
        sum_pods.total_cost_usd,
        sum_pods.distributed_cost_usd,
        sum_pods.reported_cost_usd,
        sum_pods.adjustment_usd,
        sum_assets.assets_cost_usd,
        sum_pods.nodes,
        case when sum_pods.cluster is not null then coalesce(count_pods.pods, 0) end as pods,
        sum_steps.asked_hours,
        sum_steps.covered_hours,
        sum_steps.rejected_entries,
        coalesce(sum_bills.billed_cost_usd, sum_charges.billed_cost_usd) as billed_cost_usd,
        case when sum_bills.billed_cost_usd is not null then sum_bills.is_bill_final when sum_charges.billed_cost_usd is not null then true end
            as is_bill_final
    from list_clusters as clusters
    left join sum_pods
        on clusters.date = sum_pods.date
        and clusters.cluster = sum_pods.cluster
    left join count_pods
        on clusters.date = count_pods.date
        and clusters.cluster = count_pods.cluster
    left join sum_steps
        on clusters.date = sum_steps.date
        and clusters.cluster = sum_steps.cluster
    left join sum_assets
        on clusters.date = sum_assets.date
        and clusters.cluster = sum_assets.cluster
    left join sum_bills
        on clusters.date = sum_bills.date
        and clusters.cluster = sum_bills.cluster
    left join sum_charges
        on clusters.date = sum_charges.date
        and clusters.cluster = sum_charges.cluster
),

fct_cluster_costs as (
    select
        date,
        cluster,
        workload_cost_usd,
        idle_cost_usd,
        unmounted_cost_usd,
        shared_cost_usd,
        total_cost_usd,
        distributed_cost_usd,
        reported_cost_usd,
        adjustment_usd,
        idle_cost_usd / nullif(total_cost_usd, 0) as idle_share,
        assets_cost_usd,
        total_cost_usd - assets_cost_usd as assets_difference_usd,
        nodes,
        pods,
        asked_hours,
        covered_hours,
        covered_hours / 24 as completeness,
        rejected_entries,
        billed_cost_usd,
        is_bill_final,
        total_cost_usd / nullif(billed_cost_usd, 0) as reconciliation_ratio,
        case
            when is_bill_final then abs(total_cost_usd - billed_cost_usd) <= thresholds.bill_tolerance * abs(billed_cost_usd)
        end as is_reconciled
    from combine_parts
    cross join thresholds
)

select * from fct_cluster_costs
