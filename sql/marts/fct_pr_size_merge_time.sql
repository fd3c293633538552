-- One row per organisation, team or repository, period and size bucket, with the time merged pull requests of that size took.
-- Bucket all holds every size; period all_time holds every merge. A statistic over fewer samples than the minimum is null, its n stands; so is
-- every one of a group of fewer people, bots left out: what few people's pull requests took tells of them. Accounts that are gone count for nobody.
-- grain: subject_type, subject, period_type, period_start, size_bucket
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   subject_type                 organization, team or repository
--   subject                      login, team or organization/name; pull requests of a repository without a team are in no team
--   period_type                  month (of the merge) or all_time
--   period_start                 first day of the month; for all_time, of the subject's first month with a merge
--   size_bucket                  XS to XXL, or all
--   size_bucket_order            place of the bucket, smallest first; 0 for all
--   n                            merged pull requests [pull requests]
--   n_bot_authored               of these, opened by software [pull requests]
--   n_people                     people who opened them; null when they are fewer than the minimum [people]
--   n_pickup                     of these, with a pickup time [pull requests]
--   n_review                     of these, with a review time [pull requests]
--   n_merge                      of these, with a merge time [pull requests]
--   n_cycle                      of these, with a cycle time [pull requests]
--   pickup_p50_hours             median, ready for review to first review [hours]
--   pickup_p75_hours             75th percentile of the same [hours]
--   pickup_p90_hours             90th percentile of the same [hours]
--   review_p50_hours             median, first review to last approval [hours]
--   review_p75_hours             75th percentile of the same [hours]
--   review_p90_hours             90th percentile of the same [hours]
--   merge_p50_hours              median, opened to merged [hours]
--   merge_p75_hours              75th percentile of the same [hours]
--   merge_p90_hours              90th percentile of the same [hours]
--   cycle_p50_hours              median, first commit to merged [hours]
--   cycle_p75_hours              75th percentile of the same [hours]
--   cycle_p90_hours              90th percentile of the same [hours]
--   reviews_per_100_lines        reviews by anyone but the author over lines changed; null when no line changed [reviews per 100 lines]
--   share_merged_without_review  merged though nobody but the author approved [0 to 1]
--   share_reverts                undo an earlier pull request [0 to 1]
--   pearson_size_merge           bucket all only: correlation of ln(1 + size_lines) with merge_hours over n_merge [-1 to 1]
--   spearman_size_merge          bucket all only: rank correlation of the same two, ties at their middle rank [-1 to 1]
--   pearson_size_cycle           bucket all only: correlation of ln(1 + size_lines) with cycle_hours over n_cycle [-1 to 1]
--   spearman_size_cycle          bucket all only: rank correlation of the same two, ties at their middle rank [-1 to 1]
with pull_requests as (
    select * from fct_pull_requests
),

people as (
    select repository_id, number, author_key from stg_github__pull_requests where not is_bot_author
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

join_people as (
    select pull_requests.*, people.author_key
    from pull_requests
    left join people
        on pull_requests.repository_id = people.repository_id
        and pull_requests.number = people.number
    where pull_requests.is_merged
),

list_subjects as (
    select 'organization' as subject_type, organization as subject, * from join_people
    union all
    select 'team' as subject_type, team as subject, * from join_people where team is not null
    union all
    select 'repository' as subject_type, full_name as subject, * from join_people
),

list_periods as (
    select 'month' as period_type, merged_month as period_start, * from list_subjects
    union all
    select
        'all_time' as period_type,
        min(merged_month) over (partition by subject_type, subject) as period_start,
        *
    from list_subjects
),

list_buckets as (
    select size_bucket as bucket, size_bucket_order as bucket_order, * from list_periods
    union all
    select 'all' as bucket, 0 as bucket_order, * from list_periods
),

summarize_buckets as (
    select
        subject_type,
        subject,
        period_type,
        period_start,
        bucket as size_bucket,
        bucket_order as size_bucket_order,
        count(*) as n,
        count(case when is_bot_author then 1 end) as n_bot_authored,
        count(distinct author_key) as n_people,
        count(pickup_hours) as n_pickup,
        count(review_hours) as n_review,
        count(merge_hours) as n_merge,
        count(cycle_hours) as n_cycle,
        percentile_cont(0.50) within group (order by pickup_hours) as pickup_p50_hours,
        percentile_cont(0.75) within group (order by pickup_hours) as pickup_p75_hours,
        percentile_cont(0.90) within group (order by pickup_hours) as pickup_p90_hours,
        percentile_cont(0.50) within group (order by review_hours) as review_p50_hours,
        percentile_cont(0.75) within group (order by review_hours) as review_p75_hours,
        percentile_cont(0.90) within group (order by review_hours) as review_p90_hours,
        percentile_cont(0.50) within group (order by merge_hours) as merge_p50_hours,
        percentile_cont(0.75) within group (order by merge_hours) as merge_p75_hours,
        percentile_cont(0.90) within group (order by merge_hours) as merge_p90_hours,
        percentile_cont(0.50) within group (order by cycle_hours) as cycle_p50_hours,
        percentile_cont(0.75) within group (order by cycle_hours) as cycle_p75_hours,
        percentile_cont(0.90) within group (order by cycle_hours) as cycle_p90_hours,
        100.0 * sum(reviews) / nullif(sum(size_lines), 0) as reviews_per_100_lines,
        avg(case when is_merged_without_review then 1.0 else 0.0 end) as share_merged_without_review,
        avg(case when is_revert then 1.0 else 0.0 end) as share_reverts
    from list_buckets
    group by subject_type, subject, period_type, period_start, bucket, bucket_order
),

pair_size_with_time as (
    select subject_type, subject, period_type, period_start, 'merge' as measure, size_lines, merge_hours as hours
    from list_periods
    where merge_hours is not null
    union all
    select subject_type, subject, period_type, period_start, 'cycle' as measure, size_lines, cycle_hours as hours
    from list_periods
    where cycle_hours is not null
),

-- The middle rank of tied values: the first rank of the tie plus half the length of the rest of it.
rank_pairs as (
    select
        *,
        rank() over (partition by subject_type, subject, period_type, period_start, measure order by size_lines)
            + (count(*) over (partition by subject_type, subject, period_type, period_start, measure, size_lines) - 1) / 2.0
            as size_rank,
        rank() over (partition by subject_type, subject, period_type, period_start, measure order by hours)
            + (count(*) over (partition by subject_type, subject, period_type, period_start, measure, hours) - 1) / 2.0
            as hours_rank
    from pair_size_with_time
),

-- Where one side is constant no correlation is defined.
correlate_pairs as (
    select
        subject_type,
        subject,
        period_type,
        period_start,
        measure,
        case
            when count(distinct size_lines) > 1 and count(distinct hours) > 1 then corr(ln(1 + size_lines), hours)
        end as pearson,
        case
            when count(distinct size_lines) > 1 and count(distinct hours) > 1 then corr(size_rank, hours_rank)
        end as spearman
    from rank_pairs
    group by subject_type, subject, period_type, period_start, measure
),

-- Where people are too few no number of samples is enough.
set_minimum as (
    select summed.*, case when summed.n_people >= minimum_samples.minimum then minimum_samples.minimum end as minimum
    from summarize_buckets as summed
    cross join minimum_samples
),

fct_pr_size_merge_time as (
    select
        s.subject_type,
        s.subject,
        s.period_type,
        s.period_start,
        s.size_bucket,
        s.size_bucket_order,
        s.n,
        s.n_bot_authored,
        case when s.minimum is not null then s.n_people end as n_people,
        s.n_pickup,
        s.n_review,
        s.n_merge,
        s.n_cycle,
        case when s.n_pickup >= s.minimum then s.pickup_p50_hours end as pickup_p50_hours,
        case when s.n_pickup >= s.minimum then s.pickup_p75_hours end as pickup_p75_hours,
        case when s.n_pickup >= s.minimum then s.pickup_p90_hours end as pickup_p90_hours,
        case when s.n_review >= s.minimum then s.review_p50_hours end as review_p50_hours,
        case when s.n_review >= s.minimum then s.review_p75_hours end as review_p75_hours,
        case when s.n_review >= s.minimum then s.review_p90_hours end as review_p90_hours,
        case when s.n_merge >= s.minimum then s.merge_p50_hours end as merge_p50_hours,
        case when s.n_merge >= s.minimum then s.merge_p75_hours end as merge_p75_hours,
        case when s.n_merge >= s.minimum then s.merge_p90_hours end as merge_p90_hours,
        case when s.n_cycle >= s.minimum then s.cycle_p50_hours end as cycle_p50_hours,
        case when s.n_cycle >= s.minimum then s.cycle_p75_hours end as cycle_p75_hours,
        case when s.n_cycle >= s.minimum then s.cycle_p90_hours end as cycle_p90_hours,
        case when s.n >= s.minimum then s.reviews_per_100_lines end as reviews_per_100_lines,
        case when s.n >= s.minimum then s.share_merged_without_review end as share_merged_without_review,
        case when s.n >= s.minimum then s.share_reverts end as share_reverts,
        case when s.n_merge >= s.minimum then size_merge.pearson end as pearson_size_merge,
        case when s.n_merge >= s.minimum then size_merge.spearman end as spearman_size_merge,
        case when s.n_cycle >= s.minimum then size_cycle.pearson end as pearson_size_cycle,
        case when s.n_cycle >= s.minimum then size_cycle.spearman end as spearman_size_cycle
    from set_minimum as s
    left join correlate_pairs as size_merge
        on s.subject_type = size_merge.subject_type
        and s.subject = size_merge.subject
        and s.period_type = size_merge.period_type
        and s.period_start = size_merge.period_start
        and s.size_bucket = 'all'
        and size_merge.measure = 'merge'
    left join correlate_pairs as size_cycle
        on s.subject_type = size_cycle.subject_type
        and s.subject = size_cycle.subject
        and s.period_type = size_cycle.period_type
        and s.period_start = size_cycle.period_start
        and s.size_bucket = 'all'
        and size_cycle.measure = 'cycle'
)

select * from fct_pr_size_merge_time
