-- severity: fail
-- title: kinds whose requests of all time are not the sum of their months
-- remedy: a request was asked for in no month or in two; look at list_periods in fct_platform_requests
with requests as (
    select * from fct_platform_requests
),

sum_months as (
    select
        project,
        kind,
        sum(case when period_type = 'all_time' then n end) as n_all_time,
        sum(case when period_type = 'month' then n end) as n_months
    from requests
    group by project, kind
)

select *
from sum_months
where n_all_time is distinct from n_months
