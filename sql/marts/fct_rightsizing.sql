-- One row per container of a controller that ran on its cluster's newest day, with the requests that it needs and what they would save.
-- It stands on the days of reference/thresholds.csv up to that day. CPU is recommended for the 95th percentile of its busiest replica, memory for the most that
-- any replica used. Theoretical saving is requests that nobody needs, at what the container itself paid; it turns into money as far as whole nodes can
-- go when all requests are right, the raised ones too, which realisable saving says. Kubernetes does not tell here of a HorizontalPodAutoscaler: replicas that
-- vary speak for one.
-- grain: cluster, namespace, controller_kind, controller, container
-- kind: full
-- owner: platform
-- freshness: 50h
-- columns:
--   cluster                        cluster
--   namespace                      namespace
--   controller_kind                deployment, statefulset, job, …; pod for a pod that nothing controls
--   controller                     what controls its pods
--   container                      container
--   as_of_date                     newest day of the cluster, and last of those that this stands on
--   service                        service of its pods on that day, by most of their cost; null when nothing tells
--   team                           team of these, likewise; null when nothing tells
--   replicas                       how many ran, on average over the hours that were seen since its first [containers]
--   peak_replicas                  how many ran at a time, 95th percentile [containers]
--   sample_days                    days on which it was seen [days]
--   samples                        steps in which it was seen [steps]
--   cpu_request_cores              CPU requested on the newest day by a replica; 0 without a request, null when not known [cores]
--   cpu_usage_p95_cores            CPU used by the busiest replica, 95th percentile over steps [cores]
--   cpu_usage_max_cores            CPU used at most; null when not reported [cores]
--   recommended_cpu_cores          CPU to request; null with a reason [cores]
--   cpu_reason                     why there is no recommendation: daemonset, vpa (requests are set by a machine), autoscaled (replicas vary), no_usage or
--                                  too_few_samples; null with one
--   cpu_usd_per_core_hour          what it paid, adjustments included; null when nothing was allocated [USD per core-hour]
--   cpu_saving_usd_month           theoretical saving on CPU, 0 when it should request more; null without a recommendation [USD per month]
--   ram_request_bytes              memory requested on the newest day by a replica; 0 without a request, null when not known [bytes]
--   ram_limit_bytes                memory limit on the newest day; null when not reported [bytes]
--   ram_usage_max_bytes            memory used at most; null when not reported [bytes]
--   is_limit_reached               memory came so near to its limit that it was OOM-killed or is about to be; null without limit or maximum
--   recommended_ram_bytes          memory to request, never less than now where it reached its limit; null with a reason [bytes]
--   ram_reason                     why there is no recommendation, likewise; null with one
--   ram_usd_per_gib_hour           what it paid, adjustments included; null when nothing was allocated [USD per GiB-hour]
--   ram_saving_usd_month           theoretical saving on memory, 0 when it should request more; null without a recommendation [USD per month]
--   theoretical_saving_usd_month   both, as far as there is a recommendation; null without any [USD per month]
--   increase_usd_month             what it would cost more where it should request more; null without any recommendation [USD per month]
--   realisable_saving_usd_month    its part of what whole nodes cost that would not be needed; null when nodes are not known [USD per month]
with usage as (
    select * from fct_container_usage
),

clusters as (
    select date, cluster from fct_cluster_costs where total_cost_usd is not null
),

pods as (
    select
        *,
        case when controller is null then 'pod' else coalesce(controller_kind, '__none__') end as controller_kind_or_pod,
        coalesce(controller, pod) as controller_or_pod
    from fct_pod_costs
    where kind = 'workload'
),

assets as (
    select * from stg_opencost__assets where asset_type = 'node'
),

thresholds as (
    select
        max(case name when 'rightsizing_window' then value end) as window_days,
        max(case name when 'rightsizing_minimum_days' then value end) as minimum_days,
        max(case name when 'rightsizing_minimum_samples' then value end) as minimum_samples,
        max(case name when 'rightsizing_cpu_target' then value end) as cpu_target,
        max(case name when 'rightsizing_cpu_minimum' then value end) as cpu_minimum,
        max(case name when 'rightsizing_ram_margin' then value end) as ram_margin,
        max(case name when 'rightsizing_ram_margin_at_limit' then value end) as exhausted_ram_margin,
        max(case name when 'rightsizing_ram_minimum' then value end) as ram_minimum,
        max(case name when 'rightsizing_node_fill' then value end) as node_fill,
        max(case name when 'rightsizing_near_limit' then value end) as near_limit_share,
        max(case name when 'rightsizing_replica_ratio' then value end) as replica_ratio,
        max(case name when 'hours_a_month' then value end) as hours_a_month
    from reference.thresholds
),

list_days as (
    select clusters.cluster, clusters.date, newest.as_of_date
    from clusters
    inner join (select cluster, max(date) as as_of_date from clusters group by cluster) as newest
        on clusters.cluster = newest.cluster
    cross join thresholds
    where date_diff('day', clusters.date, newest.as_of_date) < thresholds.window_days
),

recent_usage as (
    select usage.*, days.as_of_date
    from usage
    inner join list_days as days
        on usage.date = days.date
        and usage.cluster = days.cluster
),

measure_containers as (
    select
        cluster,
        namespace,
        controller_kind,
        controller,
        container,
        max(as_of_date) as as_of_date,
        min(step_started_at) as first_step_at,
        sum(replicas * step_hours) as hours,
        percentile_cont(0.95) within group (order by replicas) as peak_replicas,
        percentile_cont(0.05) within group (order by replicas) as least_replicas,
        count(distinct date) as sample_days,
        count(*) as samples,
        max(case when date = as_of_date then cpu_request_cores end) as cpu_request_cores,
        percentile_cont(0.95) within group (order by cpu_usage_cores) as cpu_usage_p95_cores,
        max(cpu_usage_max_cores) as cpu_usage_max_cores,
        count(cpu_usage_cores) as cpu_samples,
        sum(cpu_cost_usd) / nullif(sum(cpu_core_hours), 0) as cpu_usd_per_core_hour,
        max(case when date = as_of_date then ram_request_bytes end) as ram_request_bytes,
        max(case when date = as_of_date then ram_limit_bytes end) as ram_limit_bytes,
        max(ram_usage_max_bytes) as ram_usage_max_bytes,
        max(ram_limit_share) as ram_limit_share,
        count(ram_usage_max_bytes) as ram_samples,
        sum(ram_cost_usd) / nullif(sum(ram_gib_hours), 0) as ram_usd_per_gib_hour
    from recent_usage
    group by cluster, namespace, controller_kind, controller, container
    having max(date) = max(as_of_date)
),

-- What runs for minutes an hour is a part of a replica: hours count from its first step to the end, seen by anything of the cluster.
count_hours as (
    select cluster, step_started_at, sum(step_hours) over (partition by cluster order by step_started_at desc) as hours_to_end
    from (select cluster, step_started_at, max(step_hours) as step_hours from recent_usage group by cluster, step_started_at) as steps
),

recent_pods as (
    select pods.*
    from pods
    inner join list_days as days
        on pods.date = days.date
        and pods.cluster = days.cluster
        and pods.date = days.as_of_date
),

rank_owners as (
    select
        *,
        row_number() over (
            partition by cluster, namespace, controller_kind, controller
            order by cost_usd desc nulls last, service nulls last, team nulls last
        ) as owner_rank
    from (
        select cluster, namespace, controller_kind_or_pod as controller_kind, controller_or_pod as controller, service, team, sum(total_cost_usd) as cost_usd
        from recent_pods
        group by cluster, namespace, controller_kind_or_pod, controller_or_pod, service, team
    ) as owners
),

find_autoscalers as (
    select distinct cluster, namespace, controller_kind_or_pod as controller_kind, controller_or_pod as controller
    from recent_pods
    where autoscaler_rule is not null
),

judge_containers as (
    select
        measured.*,
        measured.hours / hours.hours_to_end as replicas,
        owners.service,
        owners.team,
        thresholds.*,
        measured.ram_limit_share >= thresholds.near_limit_share as is_limit_reached,
        case
            when measured.controller_kind = 'daemonset' then 'daemonset'
            when autoscalers.controller is not null then 'vpa'
            when measured.controller_kind not in ('job', 'cronjob', 'pod')
                and measured.peak_replicas >= thresholds.replica_ratio * measured.least_replicas
                then 'autoscaled'
        end as controller_reason
    from measure_containers as measured
    cross join thresholds
    inner join count_hours as hours
        on measured.cluster = hours.cluster
        and measured.first_step_at = hours.step_started_at
    left join rank_owners as owners
        on measured.cluster = owners.cluster
        and measured.namespace = owners.namespace
        and measured.controller_kind = owners.controller_kind
        and measured.controller = owners.controller
        and owners.owner_rank = 1
    left join find_autoscalers as autoscalers
        on measured.cluster = autoscalers.cluster
        and measured.namespace = autoscalers.namespace
        and measured.controller_kind = autoscalers.controller_kind
        and measured.controller = autoscalers.controller
),

find_reasons as (
    select
        *,
        case
            when controller_reason is not null then controller_reason
            when cpu_samples = 0 then 'no_usage'
            when cpu_samples < minimum_samples or sample_days < minimum_days then 'too_few_samples'
        end as cpu_reason,
        case
            when controller_reason is not null then controller_reason
            when ram_samples = 0 then 'no_usage'
            when ram_samples < minimum_samples or sample_days < minimum_days then 'too_few_samples'
        end as ram_reason
    from judge_containers
),

recommend_requests as (
    select
        *,
        case when cpu_reason is null then greatest(cpu_minimum, cpu_usage_p95_cores / cpu_target) end as recommended_cpu_cores,
        case
            when ram_reason is not null then null
            when is_limit_reached then greatest(ram_minimum, ram_usage_max_bytes * exhausted_ram_margin, coalesce(ram_request_bytes, 0))
            else greatest(ram_minimum, ram_usage_max_bytes * ram_margin)
        end as recommended_ram_bytes
    from find_reasons
),

price_requests as (
    select
        *,
        (cpu_request_cores - recommended_cpu_cores) * replicas * hours_a_month * cpu_usd_per_core_hour as cpu_less_usd_month,
        (ram_request_bytes - recommended_ram_bytes) / 1073741824 * replicas * hours_a_month * ram_usd_per_gib_hour as ram_less_usd_month
    from recommend_requests
),

save_requests as (
    select
        *,
        case when cpu_less_usd_month is not null then greatest(cpu_less_usd_month, 0) end as cpu_saving_usd_month,
        case when ram_less_usd_month is not null then greatest(ram_less_usd_month, 0) end as ram_saving_usd_month,
        case when coalesce(cpu_less_usd_month, ram_less_usd_month) is not null
            then greatest(coalesce(cpu_less_usd_month, 0), 0) + greatest(coalesce(ram_less_usd_month, 0), 0)
        end as theoretical_saving_usd_month,
        case when coalesce(cpu_less_usd_month, ram_less_usd_month) is not null
            then greatest(-coalesce(cpu_less_usd_month, 0), 0) + greatest(-coalesce(ram_less_usd_month, 0), 0)
        end as increase_usd_month,
        case
            when recommended_cpu_cores is not null then recommended_cpu_cores
            when coalesce(cpu_request_cores, cpu_usage_p95_cores) is not null
                then greatest(coalesce(cpu_request_cores, 0), coalesce(cpu_usage_p95_cores, 0))
        end as needed_cpu_cores,
        case
            when recommended_ram_bytes is not null then recommended_ram_bytes
            when coalesce(ram_request_bytes, ram_usage_max_bytes) is not null
                then greatest(coalesce(ram_request_bytes, 0), coalesce(ram_usage_max_bytes, 0))
        end as needed_ram_bytes
    from price_requests
),

recent_nodes as (
    select
        assets.cluster,
        assets.name as node,
        coalesce(assets.node_type, '') as node_type,
        coalesce(assets.pool, '') as pool,
        assets.hours,
        assets.total_cost_usd,
        assets.cpu_cores,
        assets.ram_bytes,
        assets.gpus
    from assets
    inner join list_days as days
        on assets.day = days.date
        and assets.cluster = days.cluster
        and assets.day = days.as_of_date
),

-- Nodes of one machine type and pool can stand in for each other.
measure_groups as (
    select
        nodes.cluster,
        nodes.node_type,
        nodes.pool,
        floor(sum(nodes.hours) / max(days.hours) + 1e-9) as n_nodes,
        sum(nodes.total_cost_usd) / nullif(sum(nodes.hours), 0) as hourly_cost_usd,
        case when count(nodes.cpu_cores) = count(*) then min(nodes.cpu_cores) end as cpu_cores,
        case when count(nodes.ram_bytes) = count(*) then min(nodes.ram_bytes) end as ram_bytes,
        coalesce(max(nodes.gpus), 0) > 0 as has_gpus
    from recent_nodes as nodes
    inner join (select cluster, max(hours) as hours from recent_nodes group by cluster) as days
        on nodes.cluster = days.cluster
    group by nodes.cluster, nodes.node_type, nodes.pool
),

name_nodes as (
    select cluster, node, max(node_type) as node_type, max(pool) as pool
    from recent_nodes
    group by cluster, node
),

-- Where the pods of a controller ran on the newest day, by their hours.
place_controllers as (
    select
        pods.cluster,
        pods.namespace,
        pods.controller_kind_or_pod as controller_kind,
        pods.controller_or_pod as controller,
        nodes.node_type,
        nodes.pool,
        sum(pods.hours) / sum(sum(pods.hours)) over (
            partition by pods.cluster, pods.namespace, pods.controller_kind_or_pod, pods.controller_or_pod
        ) as placed_share
    from recent_pods as pods
    left join name_nodes as nodes
        on pods.cluster = nodes.cluster
        and pods.node = nodes.node
    group by pods.cluster, pods.namespace, pods.controller_kind_or_pod, pods.controller_or_pod, nodes.node_type, nodes.pool
),

place_containers as (
    select
        containers.cluster,
        containers.namespace,
        containers.controller_kind,
        containers.controller,
        containers.container,
        containers.hours_a_month,
        containers.node_fill,
        places.node_type,
        places.pool,
        containers.theoretical_saving_usd_month * places.placed_share as saving_usd_month,
        containers.needed_cpu_cores * containers.peak_replicas * places.placed_share as needed_cpu_cores,
        containers.needed_ram_bytes * containers.peak_replicas * places.placed_share as needed_ram_bytes
    from save_requests as containers
    inner join place_controllers as places
        on containers.cluster = places.cluster
        and containers.namespace = places.namespace
        and containers.controller_kind = places.controller_kind
        and containers.controller = places.controller
),

-- A pod on a node that is not known could be anywhere in its cluster: then nothing is known of any of its nodes.
find_unplaced as (
    select distinct cluster from place_containers where node_type is null
),

-- Nodes are packed as full as reference/thresholds.csv says; those with GPUs stay, for nothing tells how many of these are needed.
pack_groups as (
    select
        places.cluster,
        places.node_type,
        places.pool,
        sum(places.saving_usd_month) as saving_usd_month,
        case
            when max(nodes.has_gpus) then 0
            when count(places.needed_cpu_cores) = count(*) and count(places.needed_ram_bytes) = count(*) and max(places.node_fill) > 0
                then greatest(
                    max(nodes.n_nodes)
                    - greatest(
                        ceil(sum(places.needed_cpu_cores) / (max(nodes.cpu_cores) * max(places.node_fill))),
                        ceil(sum(places.needed_ram_bytes) / (max(nodes.ram_bytes) * max(places.node_fill)))
                    ),
                    0
                ) * max(nodes.hourly_cost_usd) * max(places.hours_a_month)
        end as nodes_usd_month
    from place_containers as places
    inner join measure_groups as nodes
        on places.cluster = nodes.cluster
        and places.node_type = nodes.node_type
        and places.pool = nodes.pool
    where nodes.cpu_cores > 0 and nodes.ram_bytes > 0
        and places.cluster not in (select cluster from find_unplaced)
    group by places.cluster, places.node_type, places.pool
),

realise_savings as (
    select
        places.cluster,
        places.namespace,
        places.controller_kind,
        places.controller,
        places.container,
        case when count(packed.nodes_usd_month) = count(*)
            then sum(
                case when packed.saving_usd_month > packed.nodes_usd_month
                    then places.saving_usd_month * packed.nodes_usd_month / packed.saving_usd_month
                    else places.saving_usd_month
                end
            )
        end as realisable_saving_usd_month
    from place_containers as places
    left join pack_groups as packed
        on places.cluster = packed.cluster
        and places.node_type = packed.node_type
        and places.pool = packed.pool
    group by places.cluster, places.namespace, places.controller_kind, places.controller, places.container
),

fct_rightsizing as (
    select
        containers.cluster,
        containers.namespace,
        containers.controller_kind,
        containers.controller,
        containers.container,
        containers.as_of_date,
        containers.service,
        containers.team,
        containers.replicas,
        containers.peak_replicas,
        containers.sample_days,
        containers.samples,
        containers.cpu_request_cores,
        containers.cpu_usage_p95_cores,
        containers.cpu_usage_max_cores,
        containers.recommended_cpu_cores,
        containers.cpu_reason,
        containers.cpu_usd_per_core_hour,
        containers.cpu_saving_usd_month,
        containers.ram_request_bytes,
        containers.ram_limit_bytes,
        containers.ram_usage_max_bytes,
        containers.is_limit_reached,
        containers.recommended_ram_bytes,
        containers.ram_reason,
        containers.ram_usd_per_gib_hour,
        containers.ram_saving_usd_month,
        containers.theoretical_saving_usd_month,
        containers.increase_usd_month,
        case when containers.theoretical_saving_usd_month is not null then realised.realisable_saving_usd_month end as realisable_saving_usd_month
    from save_requests as containers
    left join realise_savings as realised
        on containers.cluster = realised.cluster
        and containers.namespace = realised.namespace
        and containers.controller_kind = realised.controller_kind
        and containers.controller = realised.controller
        and containers.container = realised.container
)

select * from fct_rightsizing
