-- severity: fail
-- title: savings below nothing, savings without a recommendation, and more to be realised than there is
-- remedy: look at save_requests and realise_savings in fct_rightsizing
with containers as (
    select * from fct_rightsizing
)

select
    cluster, namespace, controller_kind, controller, container, cpu_saving_usd_month, ram_saving_usd_month, theoretical_saving_usd_month,
    increase_usd_month, realisable_saving_usd_month
from containers
where cpu_saving_usd_month < 0
    or ram_saving_usd_month < 0
    or increase_usd_month < 0
    or realisable_saving_usd_month < 0
    or realisable_saving_usd_month > theoretical_saving_usd_month + 1e-6
    or (realisable_saving_usd_month is not null and theoretical_saving_usd_month is null)
    or (cpu_saving_usd_month is not null and recommended_cpu_cores is null)
    or (ram_saving_usd_month is not null and recommended_ram_bytes is null)
    or abs(coalesce(cpu_saving_usd_month, 0) + coalesce(ram_saving_usd_month, 0) - theoretical_saving_usd_month) > 1e-6
