-- severity: warn
-- title: whole days on which allocations differ from the assets that they divide by more than the tolerance
-- remedy: look at rejected_entries, and whether idle cost and the cluster's management are reported; until then a part of the cost is in no row
with clusters as (
    select * from fct_cluster_costs
),

thresholds as (
    select value as assets_tolerance from reference.thresholds where name = 'assets_tolerance'
)

select clusters.date, clusters.cluster, clusters.total_cost_usd, clusters.assets_cost_usd, clusters.assets_difference_usd, clusters.rejected_entries
from clusters
cross join thresholds
where clusters.completeness >= 1
    and abs(clusters.assets_difference_usd) > thresholds.assets_tolerance * abs(clusters.assets_cost_usd)
