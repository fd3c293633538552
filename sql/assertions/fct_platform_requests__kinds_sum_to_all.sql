-- severity: fail
-- title: periods whose kinds do not sum to all, in requests, shares or time
-- remedy: a request fell into two kinds or none; look at describe_issues in fct_platform_requests
with requests as (
    select * from fct_platform_requests
),

sum_kinds as (
    select
        project,
        period_type,
        period_start,
        sum(case when kind = 'all' then n end) as n_all,
        sum(case when kind <> 'all' then n end) as n_kinds,
        sum(case when kind <> 'all' then share end) as share_kinds,
        sum(case when kind <> 'all' then toil_share end) as toil_share_kinds,
        sum(case when kind = 'all' then toil_hours end) as toil_hours_all
    from requests
    group by project, period_type, period_start
)

select *
from sum_kinds
where n_all is distinct from n_kinds
    or share_kinds is null
    or abs(share_kinds - 1) > 0.000001
    or (toil_hours_all > 0 and (toil_share_kinds is null or abs(toil_share_kinds - 1) > 0.000001))
