-- title: Pull request size and merge time
-- question: Do small pull requests merge faster here?
-- owner: platform
-- params:
--   team          team
--   repository    organization/name
-- columns:
--   subject_type                   organization, team or repository
--   subject                        login, team or organization/name
--   since                          first month with a merge
--   size_bucket                    XS to XXL, or all
--   size_bucket_order              place of the bucket, smallest first; 0 for all
--   n                              merged pull requests [pull requests]
--   share_of_pull_requests         n over the n of all sizes [0 to 1]
--   n_bot_authored                 of n, opened by software [pull requests]
--   pickup_p50_hours               median, ready for review to first review; null under the minimum of samples [hours]
--   review_p50_hours               median, first review to last approval; null under the minimum of samples [hours]
--   merge_p50_hours                median, opened to merged; null under the minimum of samples [hours]
--   merge_p75_hours                75th percentile of the same [hours]
--   merge_p90_hours                90th percentile of the same [hours]
--   cycle_p50_hours                median, first commit to merged; null under the minimum of samples [hours]
--   reviews_per_100_lines          reviews by anyone but the author over lines changed [reviews per 100 lines]
--   share_merged_without_review    merged though nobody but the author approved [0 to 1]
--   spearman_size_merge            row all: rank correlation of size with opened to merged, over n_merge [-1 to 1]
--   n_merge                        merged pull requests with a merge time [pull requests]
--   spearman_size_cycle            row all: rank correlation of size with first commit to merged, over n_cycle [-1 to 1]
--   n_cycle                        merged pull requests with a cycle time [pull requests]

-- A group of fewer people than the minimum of samples has no statistic either. Read the coefficient on the row all with its
-- n: near 0 means that size says nothing of the time, and a correlation is no cause.
with size_merge_time as (
    select *
    from fct_pr_size_merge_time
    where period_type = 'all_time'
        and (
            (getvariable('team') is null and getvariable('repository') is null)
            or (subject_type = 'team' and lower(subject) = lower(getvariable('team')))
            or (subject_type = 'repository' and lower(subject) = lower(getvariable('repository')))
        )
),

pr_size_merge_time as (
    select
        subject_type,
        subject,
        period_start as since,
        size_bucket,
        size_bucket_order,
        n,
        cast(n as double) / max(n) over (partition by subject_type, subject) as share_of_pull_requests,
        n_bot_authored,
        pickup_p50_hours,
        review_p50_hours,
        merge_p50_hours,
        merge_p75_hours,
        merge_p90_hours,
        cycle_p50_hours,
        reviews_per_100_lines,
        share_merged_without_review,
        spearman_size_merge,
        n_merge,
        spearman_size_cycle,
        n_cycle
    from size_merge_time
)

select * from pr_size_merge_time
order by
    case subject_type when 'organization' then 1 when 'team' then 2 else 3 end,
    subject,
    size_bucket_order
