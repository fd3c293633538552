-- One row per day, service, team, cluster and architecture, with what its pods cost, asked for and used.
-- It is fct_pod_costs without its pods, small enough to be read over many days. What no service has is __no_service__; idle, unmounted and
-- shared cost are services of their own, __idle__, __unmounted__ and __shared__, so that nothing is lost.
-- grain: date, service, team, cluster, architecture
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 50h
-- columns:
--   date                              day that it is about, UTC
--   service                           service, or __no_service__, __idle__, __unmounted__ or __shared__
--   team                              team that owns the pods; __no_team__ when nothing tells
--   cluster                           cluster
--   architecture                      amd64 or arm64; __unknown__ when not told
--   kind                              workload, idle, unmounted or shared
--   pods                              pods that ran, once for each node that they ran on; 0 for what is no workload [pods]
--   cost_usd                          what they cost, idle and shared cost apart; null when not reported [USD]
--   distributed_idle_usd              their share of idle cost [USD]
--   distributed_shared_usd            their share of shared cost [USD]
--   distributed_cost_usd              what they cost with their share of idle and shared cost [USD]
--   spot_cost_usd                     of cost_usd, on nodes that can be taken away at any time; null when not told of any [USD]
--   cpu_cost_usd                      cost of CPU [USD]
--   cpu_core_hours                    CPU allocated [core-hours]
--   on_demand_cpu_cost_usd            of cpu_cost_usd, on nodes that are not told to be spot [USD]
--   on_demand_cpu_core_hours          of cpu_core_hours, likewise [core-hours]
--   cpu_request_core_hours            CPU requested, as far as it is known [core-hours]
--   cpu_usage_core_hours              CPU used, as far as it is known [core-hours]
--   measured_cpu_cost_usd             of cpu_cost_usd, that of pods whose use is known [USD]
--   ram_cost_usd                      cost of memory [USD]
--   ram_gib_hours                     memory allocated [GiB-hours]
--   ram_request_gib_hours             memory requested, as far as it is known [GiB-hours]
--   ram_usage_gib_hours               memory used, as far as it is known [GiB-hours]
with pods as (
    select
        *,
        coalesce(service, case kind when 'workload' then '__no_service__' else '__' || kind || '__' end) as service_or_kind,
        coalesce(team, '__no_team__') as team_or_none,
        coalesce(architecture, '__unknown__') as architecture_or_unknown
    from fct_pod_costs
    where date between getvariable('from') and getvariable('to')
),

fct_service_cost_parts as (
    select
        date,
        service_or_kind as service,
        team_or_none as team,
        cluster,
        architecture_or_unknown as architecture,
        min(kind) as kind,
        count(case when kind = 'workload' then 1 end) as pods,
        sum(total_cost_usd) as cost_usd,
        sum(distributed_idle_usd) as distributed_idle_usd,
        sum(distributed_shared_usd) as distributed_shared_usd,
        sum(distributed_cost_usd) as distributed_cost_usd,
        sum(case when is_spot then total_cost_usd when not is_spot then 0 end) as spot_cost_usd,
        sum(cpu_cost_usd) as cpu_cost_usd,
        sum(cpu_core_hours) as cpu_core_hours,
        sum(case when is_spot then 0 else cpu_cost_usd end) as on_demand_cpu_cost_usd,
        sum(case when is_spot then 0 else cpu_core_hours end) as on_demand_cpu_core_hours,
        sum(cpu_request_core_hours) as cpu_request_core_hours,
        sum(cpu_usage_core_hours) as cpu_usage_core_hours,
        sum(case when cpu_usage_core_hours is not null then cpu_cost_usd end) as measured_cpu_cost_usd,
        sum(ram_cost_usd) as ram_cost_usd,
        sum(ram_gib_hours) as ram_gib_hours,
        sum(ram_request_gib_hours) as ram_request_gib_hours,
        sum(ram_usage_gib_hours) as ram_usage_gib_hours
    from pods
    group by date, service_or_kind, team_or_none, cluster, architecture_or_unknown
)

select * from fct_service_cost_parts
