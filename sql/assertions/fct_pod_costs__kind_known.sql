-- severity: fail
-- title: rows of a kind that nothing counts, shares of what is no workload, and rules without what they tell of
-- remedy: look at the kinds in stg_opencost__allocations: what is no workload, idle or unmounted is shared
with pods as (
    select * from fct_pod_costs
)

select date, cluster, node, namespace, pod, kind, service_rule, team_rule
from pods
where kind not in ('workload', 'idle', 'unmounted', 'shared')
    or kind is null
    or (kind <> 'workload' and (distributed_idle_usd <> 0 or distributed_shared_usd <> 0))
    or (service is null) <> (service_rule is null)
    or (team is null) <> (team_rule is null)
