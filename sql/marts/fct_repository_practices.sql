-- One row per repository, with how changes came in over the weeks up to the day it was last seen: what people merged, how large it was and
-- whether anybody else approved it, and how the runs of the default branch ended.
-- The weeks stand in reference/thresholds.csv (practice_window). What software merges, and what goes to another branch, does not count here.
-- A share of fewer samples than the minimum is null, its n stands. A number whose table was not read to the end on that day is a lower bound.
-- grain: repository_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   repository_id            GitHub's number of the repository
--   as_of_date               day it was last seen, and last of those that this stands on
--   organization             login of the owning organisation
--   full_name                organization/name
--   team                     owning team (custom property team); null when not set or not readable
--   is_archived              read-only by decision of its owner
--   is_merges_read           pull requests and their reviews were read to the end on that day
--   n_merged                 pull requests of people merged into the default branch [pull requests]
--   n_unreviewed             of these, merged though nobody but the author approved [pull requests]
--   unreviewed_share         n_unreviewed over n_merged [0 to 1]
--   size_p50_lines           median of lines added and deleted of these [lines]
--   size_p75_lines           75th percentile of the same [lines]
--   is_runs_read             workflow runs were read to the end on that day
--   n_runs_judged            runs on the default branch that ended in success, failure or timeout [runs]
--   n_runs_failed            of these, failure or timeout [runs]
--   run_failure_share        n_runs_failed over n_runs_judged [0 to 1]
--   is_deployments_read      deployments were read to the end on that day
with repositories as (
    select * from dim_repositories
),

pull_requests as (
    select * from fct_pull_requests
),

runs as (
    select * from fct_ci_runs where period_type = 'day' and run_scope = 'default_branch'
),

coverage as (
    select * from int_collection_coverage where source = 'github'
),

thresholds as (
    select cast(value as integer) as window_days from reference.thresholds where name = 'practice_window'
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

count_merges as (
    select
        repositories.repository_id,
        count(*) as n_merged,
        count(case when pull_requests.is_merged_without_review then 1 end) as n_unreviewed,
        percentile_cont(0.50) within group (order by pull_requests.size_lines) as size_p50,
        percentile_cont(0.75) within group (order by pull_requests.size_lines) as size_p75
    from repositories
    cross join thresholds
    inner join pull_requests
        on repositories.repository_id = pull_requests.repository_id
        and pull_requests.is_merged
        and pull_requests.base_is_default is distinct from false
        and not pull_requests.is_bot_author
        and cast(pull_requests.merged_at as date) <= repositories.last_seen_on
        and cast(pull_requests.merged_at as date) > repositories.last_seen_on - thresholds.window_days
    group by repositories.repository_id
),

count_runs as (
    select repositories.repository_id, cast(sum(runs.n_judged) as bigint) as n_judged, cast(sum(runs.n_failed) as bigint) as n_failed
    from repositories
    cross join thresholds
    inner join runs
        on repositories.repository_id = runs.repository_id
        and runs.period_start <= repositories.last_seen_on
        and runs.period_start > repositories.last_seen_on - thresholds.window_days
    group by repositories.repository_id
),

judge_reads as (
    select
        repositories.repository_id,
        count(case when coverage.table_name = 'pull_requests' and coverage.is_complete then 1 end) > 0
        and count(case when coverage.table_name = 'pull_request_reviews' and coverage.is_complete then 1 end) > 0 as is_merges_read,
        count(case when coverage.table_name = 'workflow_runs' and coverage.is_complete then 1 end) > 0 as is_runs_read,
        count(case when coverage.table_name = 'deployments' and coverage.is_complete then 1 end) > 0 as is_deployments_read
    from repositories
    left join coverage
        on lower(repositories.full_name) = coverage.parent
        and repositories.last_seen_on = coverage.logical_date
    group by repositories.repository_id
),

fct_repository_practices as (
    select
        repositories.repository_id,
        repositories.last_seen_on as as_of_date,
        repositories.organization,
        repositories.full_name,
        repositories.team,
        repositories.is_archived,
        reads.is_merges_read,
        coalesce(merges.n_merged, 0) as n_merged,
        coalesce(merges.n_unreviewed, 0) as n_unreviewed,
        case when merges.n_merged >= m.minimum then cast(merges.n_unreviewed as double) / merges.n_merged end as unreviewed_share,
        case when merges.n_merged >= m.minimum then merges.size_p50 end as size_p50_lines,
        case when merges.n_merged >= m.minimum then merges.size_p75 end as size_p75_lines,
        reads.is_runs_read,
        coalesce(runs.n_judged, 0) as n_runs_judged,
        coalesce(runs.n_failed, 0) as n_runs_failed,
        case when runs.n_judged >= m.minimum then cast(runs.n_failed as double) / runs.n_judged end as run_failure_share,
        reads.is_deployments_read
    from repositories
    cross join minimum_samples as m
    inner join judge_reads as reads
        on repositories.repository_id = reads.repository_id
    left join count_merges as merges
        on repositories.repository_id = merges.repository_id
    left join count_runs as runs
        on repositories.repository_id = runs.repository_id
)

select * from fct_repository_practices
