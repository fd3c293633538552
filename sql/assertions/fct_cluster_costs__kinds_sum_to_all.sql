-- severity: fail
-- title: clusters and days whose kinds of cost do not add up to the cluster's, before or after distribution
-- remedy: look at sum_pods in fct_cluster_costs: each row of fct_pod_costs is of one kind
with clusters as (
    select * from fct_cluster_costs
)

select date, cluster, workload_cost_usd, idle_cost_usd, unmounted_cost_usd, shared_cost_usd, total_cost_usd, distributed_cost_usd
from clusters
where abs(workload_cost_usd + idle_cost_usd + unmounted_cost_usd + shared_cost_usd - total_cost_usd) > 1e-6 + 1e-6 * abs(total_cost_usd)
    or abs(distributed_cost_usd - total_cost_usd) > 1e-6 + 1e-6 * abs(total_cost_usd)
