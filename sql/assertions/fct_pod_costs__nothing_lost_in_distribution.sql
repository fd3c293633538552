-- severity: fail
-- title: clusters and days whose cost is not the same before and after idle and shared cost is distributed
-- remedy: look at share_costs in fct_pod_costs: what idle and shared rows give away is what workloads get
with pods as (
    select * from fct_pod_costs
),

sum_clusters as (
    select
        date,
        cluster,
        sum(total_cost_usd) as total_cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd
    from pods
    group by date, cluster
)

select date, cluster, total_cost_usd, distributed_cost_usd
from sum_clusters
where abs(total_cost_usd - distributed_cost_usd) > 1e-6 + 1e-6 * abs(total_cost_usd)
    or (total_cost_usd is null) <> (distributed_cost_usd is null)
