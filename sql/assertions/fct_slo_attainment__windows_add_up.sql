-- severity: fail
-- title: rows whose days do not add up, or whose longer window holds fewer days than its shorter
-- remedy: look at count_days in fct_slo_attainment
with slos as (
    select * from fct_slo_attainment
)

select slo_id, day, state, n_days_7d, n_days_30d, n_days_90d
from slos
where n_days_7d <> n_ok_7d + n_breached_7d + n_no_data_7d
    or n_days_30d <> n_ok_30d + n_breached_30d + n_no_data_30d
    or n_days_90d <> n_ok_90d + n_breached_90d + n_no_data_90d
    or n_days_7d > 7
    or n_days_30d > 30
    or n_days_90d > 90
    or n_days_7d > n_days_30d
    or n_days_30d > n_days_90d
    or (state <> 'not_read' and n_days_7d < 1)
