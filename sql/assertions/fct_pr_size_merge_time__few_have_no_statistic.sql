-- severity: fail
-- title: statistics of fewer people, or fewer samples, than the minimum
-- remedy: look at set_minimum in fct_pr_size_merge_time and at reference/minimum_samples.csv: the n stands, the statistic is null
with sizes as (
    select * from fct_pr_size_merge_time
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
)

select sizes.subject_type, sizes.subject, sizes.period_type, sizes.period_start, sizes.size_bucket
from sizes
cross join minimum_samples as m
where sizes.n_people < m.minimum
    or (
        (sizes.n_people is null or sizes.n < m.minimum)
        and coalesce(
            sizes.pickup_p50_hours, sizes.review_p50_hours, sizes.merge_p50_hours, sizes.cycle_p50_hours, sizes.reviews_per_100_lines,
            sizes.share_merged_without_review, sizes.share_reverts, sizes.spearman_size_merge, sizes.spearman_size_cycle
        ) is not null
    )
