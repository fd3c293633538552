-- title: Where the time of a change goes
-- question: Of the time from the first commit to production, how much goes to coding, waiting for review, review, waiting for the merge and deployment?
-- owner: platform
-- sources: github.pull_requests, github.deployments
-- params:
--   team     team that owns the repositories; all teams without it
--   weeks    how many weeks of merges, the one in progress included; as many as weeks_shown in reference/thresholds.csv without it
-- columns:
--   status                 measured, too_few (samples for a statistic) or not_visible for a table that was not read to the end,
--                          or not_found for a name that nothing is known by
--   subject_type           all, team, or source for a table, or name for one that nothing is known by
--   subject_id             team; (all) for every pull request, (no team) for those of repositories without one; the table that was not read to the end
--   part                   coding, pickup, review, approval_to_merge or deploy, which follow each other, or lead for all of it; null for a table
--   part_order             its place
--   n                      pull requests of which the part is known [pull requests]
--   n_merged               pull requests that were merged in these weeks [pull requests]
--   p50_hours              median; null under the minimum of samples [hours]
--   p75_hours              75th percentile; null under the minimum of samples [hours]
--   p90_hours              90th percentile; null under the minimum of samples [hours]
--   share_of_lead          the part's hours over the lead time's, both added up over those of which every part is known; null under the minimum of
--                          samples [0 to 1]
--   n_share                pull requests of which every part is known [pull requests]
--   since                  first day that was looked at
--   reason                 why it has this status
--   as_of_date             date that pull requests were last read for
--   source_completeness    complete, partial when a table was not read to the end, or none

-- Times are those of changes, under a minimum of changes: nobody is told apart, and a team of few people has them, too. Medians of parts do
-- not add up to the median of the whole; the shares do. What nobody reviewed or approved has no pickup or approval and so no share; what is not deployed yet
-- has no deploy and no lead, so that the newest weeks look faster than they will. Pull requests of bots count; weigh them by is_bot_author in
-- fct_pull_requests.
with pull_requests as (
    select * from fct_pull_requests where is_merged
),

reads as (
    select * from fct_table_reads where source = 'github' and table_name = 'pull_requests'
),

unread_tables as (
    select * from fct_unread_tables where policy_id = 'change-lead-time'
),

gaps as (
    select * from int_question_gaps where policy_id = 'change-lead-time'
),

thresholds as (
    select coalesce(cast(getvariable('weeks') as bigint), cast(value as bigint)) as n_weeks
    from reference.thresholds
    where name = 'weeks_shown'
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

find_since as (
    select cast(date_trunc('week', reads.read_on) as date) - 7 * (cast(thresholds.n_weeks as integer) - 1) as since, reads.read_on
    from reads
    cross join thresholds
),

choose_pull_requests as (
    select pull_requests.*, coalesce(pull_requests.team, '(no team)') as subject_id
    from pull_requests
    cross join find_since
    where cast(pull_requests.merged_at as date) >= find_since.since
        and (getvariable('team') is null or lower(pull_requests.team) = lower(getvariable('team')))
),

judge_parts as (
    select
        *,
        coding_hours + pickup_hours + review_hours + approval_to_merge_hours + deploy_hours + lead_hours is not null as is_complete
    from choose_pull_requests
),

list_subjects as (
    select 'team' as subject_type, subject_id, is_complete, coding_hours, pickup_hours, review_hours, approval_to_merge_hours, deploy_hours, lead_hours
    from judge_parts
    union all
    select 'all', '(all)', is_complete, coding_hours, pickup_hours, review_hours, approval_to_merge_hours, deploy_hours, lead_hours
    from judge_parts
    where getvariable('team') is null
),

list_parts as (
    select subject_type, subject_id, is_complete, lead_hours, 'coding' as part, 1 as part_order, coding_hours as hours from list_subjects
    union all
    select subject_type, subject_id, is_complete, lead_hours, 'pickup', 2, pickup_hours from list_subjects
    union all
    select subject_type, subject_id, is_complete, lead_hours, 'review', 3, review_hours from list_subjects
    union all
    select subject_type, subject_id, is_complete, lead_hours, 'approval_to_merge', 4, approval_to_merge_hours from list_subjects
    union all
    select subject_type, subject_id, is_complete, lead_hours, 'deploy', 5, deploy_hours from list_subjects
    union all
    select subject_type, subject_id, is_complete, lead_hours, 'lead', 6, lead_hours from list_subjects
),

sum_parts as (
    select
        subject_type,
        subject_id,
        part,
        part_order,
        count(hours) as n,
        count(*) as n_merged,
        percentile_cont(0.50) within group (order by hours) as p50_hours,
        percentile_cont(0.75) within group (order by hours) as p75_hours,
        percentile_cont(0.90) within group (order by hours) as p90_hours,
        sum(case when is_complete then hours end) / nullif(sum(case when is_complete then lead_hours end), 0) as share_of_lead,
        count(case when is_complete then 1 end) as n_share
    from list_parts
    group by subject_type, subject_id, part, part_order
),

answer_parts as (
    select
        case when sums.n >= m.minimum then 'measured' else 'too_few' end as status,
        sums.subject_type,
        sums.subject_id,
        sums.part,
        sums.part_order,
        sums.n,
        sums.n_merged,
        case when sums.n >= m.minimum then sums.p50_hours end as p50_hours,
        case when sums.n >= m.minimum then sums.p75_hours end as p75_hours,
        case when sums.n >= m.minimum then sums.p90_hours end as p90_hours,
        case when sums.n_share >= m.minimum then sums.share_of_lead end as share_of_lead,
        sums.n_share,
        find_since.since,
        case when sums.n >= m.minimum then 'every pull request that was read' else 'there are too few samples for a statistic' end as reason,
        find_since.read_on as as_of_date,
        case when exists (select 1 from unread_tables) then 'partial' else 'complete' end as source_completeness
    from sum_parts as sums
    cross join minimum_samples as m
    cross join find_since
),

change_lead_time as (
    select * from answer_parts
    union all
    select status, subject_type, subject_id, null, null, null, null, null, null, null, null, null, null, reason, as_of_date, 'none'
    from gaps
)

select * from change_lead_time
order by
    case subject_type when 'all' then 1 when 'team' then 2 else 3 end,
    subject_id,
    part_order nulls last
