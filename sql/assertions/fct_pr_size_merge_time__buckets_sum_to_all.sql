-- severity: fail
-- title: rows all whose n is not the sum of the size buckets beside them
-- remedy: a pull request fell into two buckets or none; see fct_pull_requests__has_size_bucket and reference/pr_size_buckets.csv
with sizes as (
    select * from fct_pr_size_merge_time
),

sum_buckets as (
    select
        subject_type,
        subject,
        period_type,
        period_start,
        sum(case when size_bucket = 'all' then n end) as n_all,
        sum(case when size_bucket <> 'all' then n end) as n_buckets
    from sizes
    group by subject_type, subject, period_type, period_start
)

select *
from sum_buckets
where n_all is distinct from n_buckets
