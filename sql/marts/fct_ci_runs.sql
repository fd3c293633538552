-- One row per workflow, period and kind of run, with how its runs that were asked for in the period ended and how long they took.
-- Scope all holds every run. A statistic over fewer samples than the minimum is null, its n stands. It is rebuilt whole, not day by day: a
-- run changes for weeks after it was asked for, and a first collection brings days that have no partition of their own.
-- grain: repository_id, workflow_id, period_type, period_start, run_scope
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   repository_id           GitHub's number of the repository
--   workflow_id             GitHub's number of the workflow
--   period_type             day or week (from Monday), UTC
--   period_start            first day of the period
--   run_scope               default_branch, pull_request, other, or all
--   organization            login of the owning organisation
--   full_name               organization/name of the repository today
--   team                    team that owns the repository today; null when unknown
--   workflow_name           newest name of the workflow; null when GitHub does not say
--   workflow_path           newest file of the workflow; null when GitHub does not say
--   n_runs                  runs asked for [runs]
--   n_completed             of these, completed [runs]
--   n_succeeded             of these, with success [runs]
--   n_failed                of these, with failure or timed_out [runs]
--   n_cancelled             of these, cancelled [runs]
--   n_judged                succeeded and failed: cancelled, skipped and the like say nothing of the code [runs]
--   failure_rate            n_failed over n_judged, by the last attempt of a run [0 to 1]
--   n_reruns                runs that were run again; null when GitHub does not say of any [runs]
--   rerun_share             n_reruns over the runs of which it is known [0 to 1]
--   n_duration              judged runs with a duration [runs]
--   duration_p50_minutes    median of the last attempt of judged runs, from its start to its end, waiting included [minutes]
--   duration_p75_minutes    75th percentile of the same [minutes]
--   duration_p90_minutes    90th percentile of the same [minutes]
--   n_queue                 runs with a time in the queue [runs]
--   queue_p50_minutes       median, asked for to started, of runs never run again [minutes]
--   queue_p90_minutes       90th percentile of the same [minutes]
--   run_minutes             durations of completed runs together, earlier attempts left out; not what GitHub bills; null without one [minutes]
with runs as (
    select * from stg_github__workflow_runs
),

repositories as (
    select * from dim_repositories
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

rank_workflows as (
    select
        repository_id,
        workflow_id,
        full_name,
        workflow_name,
        workflow_path,
        row_number() over (partition by repository_id, workflow_id order by created_at desc, run_id desc) as newest_rank
    from runs
),

-- A fork's branch may have the default branch's name: what a pull request started is told by its event.
scope_runs as (
    select
        runs.*,
        case
            when runs.event in ('pull_request', 'pull_request_target', 'pull_request_review', 'merge_group') then 'pull_request'
            when runs.head_branch = repositories.default_branch then 'default_branch'
            else 'other'
        end as own_scope,
        runs.conclusion = 'success' as is_succeeded,
        runs.conclusion in ('failure', 'timed_out') as is_failed
    from runs
    left join repositories
        on runs.repository_id = repositories.repository_id
),

list_scopes as (
    select own_scope as run_scope, * from scope_runs
    union all
    select 'all' as run_scope, * from scope_runs
),

list_periods as (
    select 'day' as period_type, cast(created_at as date) as period_start, * from list_scopes
    union all
    select 'week' as period_type, cast(date_trunc('week', created_at) as date) as period_start, * from list_scopes
),

summarize_runs as (
    select
        repository_id,
        workflow_id,
        period_type,
        period_start,
        run_scope,
        count(*) as n_runs,
        count(case when conclusion is not null then 1 end) as n_completed,
        count(case when is_succeeded then 1 end) as n_succeeded,
        count(case when is_failed then 1 end) as n_failed,
        count(case when conclusion = 'cancelled' then 1 end) as n_cancelled,
        count(case when is_succeeded or is_failed then 1 end) as n_judged,
        count(run_attempt) as n_attempts_known,
        count(case when run_attempt > 1 then 1 end) as n_reruns,
        count(case when is_succeeded or is_failed then run_seconds end) as n_duration,
        percentile_cont(0.50) within group (order by case when is_succeeded or is_failed then run_seconds / 60.0 end) as duration_p50,
        percentile_cont(0.75) within group (order by case when is_succeeded or is_failed then run_seconds / 60.0 end) as duration_p75,
        percentile_cont(0.90) within group (order by case when is_succeeded or is_failed then run_seconds / 60.0 end) as duration_p90,
        count(queue_seconds) as n_queue,
        percentile_cont(0.50) within group (order by queue_seconds / 60.0) as queue_p50,
        percentile_cont(0.90) within group (order by queue_seconds / 60.0) as queue_p90,
        sum(run_seconds) / 60.0 as run_minutes
    from list_periods
    group by repository_id, workflow_id, period_type, period_start, run_scope
),

fct_ci_runs as (
    select
        s.repository_id,
        s.workflow_id,
        s.period_type,
        s.period_start,
        s.run_scope,
        coalesce(repositories.organization, split_part(workflows.full_name, '/', 1)) as organization,
        coalesce(repositories.full_name, workflows.full_name) as full_name,
        repositories.team,
        workflows.workflow_name,
        workflows.workflow_path,
        s.n_runs,
        s.n_completed,
        s.n_succeeded,
        s.n_failed,
        s.n_cancelled,
        s.n_judged,
        case when s.n_judged >= m.minimum then cast(s.n_failed as double) / s.n_judged end as failure_rate,
        case when s.n_attempts_known > 0 then s.n_reruns end as n_reruns,
        case when s.n_attempts_known >= m.minimum then cast(s.n_reruns as double) / s.n_attempts_known end as rerun_share,
        s.n_duration,
        case when s.n_duration >= m.minimum then s.duration_p50 end as duration_p50_minutes,
        case when s.n_duration >= m.minimum then s.duration_p75 end as duration_p75_minutes,
        case when s.n_duration >= m.minimum then s.duration_p90 end as duration_p90_minutes,
        s.n_queue,
        case when s.n_queue >= m.minimum then s.queue_p50 end as queue_p50_minutes,
        case when s.n_queue >= m.minimum then s.queue_p90 end as queue_p90_minutes,
        s.run_minutes
    from summarize_runs as s
    cross join minimum_samples as m
    inner join rank_workflows as workflows
        on s.repository_id = workflows.repository_id
        and s.workflow_id = workflows.workflow_id
        and workflows.newest_rank = 1
    left join repositories
        on s.repository_id = repositories.repository_id
)

select * from fct_ci_runs
