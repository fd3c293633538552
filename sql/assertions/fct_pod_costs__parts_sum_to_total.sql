-- severity: fail
-- title: rows whose total is not the sum of its parts, or whose difference is not that to the reported total
-- remedy: look at describe_pods in fct_pod_costs: each part stands in the sum, once
with pods as (
    select * from fct_pod_costs
),

sum_parts as (
    select
        *,
        coalesce(cpu_cost_usd, 0)
        + coalesce(ram_cost_usd, 0)
        + coalesce(gpu_cost_usd, 0)
        + coalesce(volume_cost_usd, 0)
        + coalesce(network_cost_usd, 0)
        + coalesce(load_balancer_cost_usd, 0)
        + coalesce(shared_cost_usd, 0)
        + coalesce(external_cost_usd, 0) as parts_usd
    from pods
)

select date, cluster, node, namespace, pod, parts_usd, total_cost_usd, reported_cost_usd, cost_difference_usd
from sum_parts
where abs(parts_usd - coalesce(total_cost_usd, 0)) > 1e-6 + 1e-9 * abs(parts_usd)
    or abs(total_cost_usd + cost_difference_usd - reported_cost_usd) > 1e-6 + 1e-9 * abs(reported_cost_usd)
    or (cost_difference_usd is null) <> (reported_cost_usd is null or total_cost_usd is null)
