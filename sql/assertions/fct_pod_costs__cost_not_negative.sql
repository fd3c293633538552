-- severity: warn
-- title: rows with a part that costs less than nothing
-- remedy: an adjustment takes away more than the part cost: look at the bill, and at how the installation reconciles with it
with pods as (
    select * from fct_pod_costs
)

select date, cluster, node, namespace, pod, cpu_cost_usd, ram_cost_usd, gpu_cost_usd, volume_cost_usd, network_cost_usd, load_balancer_cost_usd, adjustment_usd
from pods
where least(
    coalesce(cpu_cost_usd, 0), coalesce(ram_cost_usd, 0), coalesce(gpu_cost_usd, 0), coalesce(volume_cost_usd, 0), coalesce(network_cost_usd, 0),
    coalesce(load_balancer_cost_usd, 0), coalesce(shared_cost_usd, 0), coalesce(external_cost_usd, 0)
) < -1e-6
