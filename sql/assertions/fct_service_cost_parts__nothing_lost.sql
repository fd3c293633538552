-- severity: fail
-- title: clusters and days whose services do not add up to what the cluster cost
-- remedy: look at the grouping in fct_service_cost_parts: what no service, team or architecture is known of has a name of its own
with parts as (
    select date, cluster, sum(cost_usd) as cost_usd, sum(distributed_cost_usd) as distributed_cost_usd
    from fct_service_cost_parts
    group by date, cluster
),

clusters as (
    select * from fct_cluster_costs
)

select clusters.date, clusters.cluster, clusters.total_cost_usd, parts.cost_usd, parts.distributed_cost_usd
from clusters
left join parts
    on clusters.date = parts.date
    and clusters.cluster = parts.cluster
where abs(clusters.total_cost_usd - parts.cost_usd) > 1e-6 + 1e-6 * abs(clusters.total_cost_usd)
    or abs(clusters.total_cost_usd - parts.distributed_cost_usd) > 1e-6 + 1e-6 * abs(clusters.total_cost_usd)
    or (clusters.total_cost_usd is null) <> (parts.cost_usd is null)
