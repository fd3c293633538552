-- severity: fail
-- title: days without data that are kept or breached, and days that are neither though they have data
-- remedy: restore the rule in fct_slo_attainment: only ok and warning are kept, only breached is breached
with slos as (
    select * from fct_slo_attainment
)

select slo_id, day, state, is_breached, sli_value
from slos
where (state in ('no_data', 'not_read') and (is_breached is not null or sli_value is not null or error_budget_remaining is not null))
    or (state = 'breached' and is_breached is distinct from true)
    or (state in ('ok', 'warning') and is_breached is distinct from false)
    or state not in ('ok', 'warning', 'breached', 'no_data', 'not_read')
