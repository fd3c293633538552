-- severity: fail
-- title: organisations whose merged pull requests are not all counted
-- remedy: a merged pull request was dropped or counted twice between fct_pull_requests and fct_pr_size_merge_time; look at list_subjects and at reference/minimum_samples.csv
with pull_requests as (
    select * from fct_pull_requests
),

sizes as (
    select * from fct_pr_size_merge_time
),

count_merged as (
    select organization, count(*) as n_merged
    from pull_requests
    where is_merged
    group by organization
),

select_totals as (
    select subject as organization, n
    from sizes
    where subject_type = 'organization' and period_type = 'all_time' and size_bucket = 'all'
)

select
    coalesce(count_merged.organization, select_totals.organization) as organization,
    count_merged.n_merged,
    select_totals.n
from count_merged
full join select_totals
    on count_merged.organization = select_totals.organization
where count_merged.n_merged is distinct from select_totals.n
