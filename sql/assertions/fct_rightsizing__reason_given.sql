-- severity: fail
-- title: recommendations that have a reason against them, and missing ones without a reason
-- remedy: look at find_reasons in fct_rightsizing
with containers as (
    select * from fct_rightsizing
)

select cluster, namespace, controller_kind, controller, container, recommended_cpu_cores, cpu_reason, recommended_ram_bytes, ram_reason
from containers
where (recommended_cpu_cores is null) = (cpu_reason is null)
    or (recommended_ram_bytes is null) = (ram_reason is null)
    or cpu_reason not in ('daemonset', 'vpa', 'autoscaled', 'no_usage', 'too_few_samples')
    or ram_reason not in ('daemonset', 'vpa', 'autoscaled', 'no_usage', 'too_few_samples')
