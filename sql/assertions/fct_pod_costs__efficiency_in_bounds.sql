-- severity: fail
-- title: efficiencies below nothing, outside of both that they are made of, or without anything requested or used
-- remedy: look at describe_pods in fct_pod_costs: what nobody requested or used has no efficiency
with pods as (
    select * from fct_pod_costs
)

select date, cluster, node, namespace, pod, cpu_efficiency, ram_efficiency, efficiency
from pods
where cpu_efficiency < 0
    or ram_efficiency < 0
    or efficiency < least(cpu_efficiency, ram_efficiency) - 1e-9
    or efficiency > greatest(cpu_efficiency, ram_efficiency) + 1e-9
    or (cpu_efficiency is not null and cpu_request_core_hours = 0 and cpu_usage_core_hours = 0)
    or (ram_efficiency is not null and ram_request_gib_hours = 0 and ram_usage_gib_hours = 0)
