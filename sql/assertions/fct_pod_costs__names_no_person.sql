-- severity: fail
-- title: pods whose service or team may be a person
-- remedy: restore the rule in name_labels of fct_pod_costs: what has an address is no team
with pods as (
    select * from fct_pod_costs
)

select date, cluster, namespace, pod, service, team
from pods
where team like 'user:%' or team like '%@%' or service like '%@%'
