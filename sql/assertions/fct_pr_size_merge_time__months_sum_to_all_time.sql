-- severity: fail
-- title: rows all_time whose n is not the sum of their months
-- remedy: a pull request was merged in no month or in two; look at merged_month in fct_pull_requests
with sizes as (
    select * from fct_pr_size_merge_time
),

sum_months as (
    select
        subject_type,
        subject,
        size_bucket,
        sum(case when period_type = 'all_time' then n end) as n_all_time,
        sum(case when period_type = 'month' then n end) as n_months
    from sizes
    group by subject_type, subject, size_bucket
)

select *
from sum_months
where n_all_time is distinct from n_months
