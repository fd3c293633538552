-- severity: fail
-- title: days whose services do not add up to what the clusters cost
-- remedy: a join in fct_service_costs lost or made rows; its base is fct_service_cost_parts
with services as (
    select date, sum(cost_usd) as cost_usd, sum(distributed_cost_usd) as distributed_cost_usd
    from fct_service_costs
    group by date
),

clusters as (
    select date, sum(total_cost_usd) as total_cost_usd
    from fct_cluster_costs
    group by date
)

select clusters.date, clusters.total_cost_usd, services.cost_usd, services.distributed_cost_usd
from clusters
left join services
    on clusters.date = services.date
where abs(clusters.total_cost_usd - services.cost_usd) > 1e-6 + 1e-6 * abs(clusters.total_cost_usd)
    or abs(clusters.total_cost_usd - services.distributed_cost_usd) > 1e-6 + 1e-6 * abs(clusters.total_cost_usd)
    or (clusters.total_cost_usd is null) <> (services.cost_usd is null)
