-- severity: fail
-- title: clusters with more hours than a day or than were asked for, and cost of hours that were not seen
-- remedy: look at opencost.allocation_steps of that day: a step counts once, and only an ok one has entries
with clusters as (
    select * from fct_cluster_costs
)

select date, cluster, asked_hours, covered_hours, completeness, total_cost_usd
from clusters
where covered_hours > asked_hours
    or asked_hours > 24 + 1e-6
    or completeness > 1 + 1e-6
    or (covered_hours = 0 and total_cost_usd is not null)
