-- One row per run of a GitHub Actions workflow, as last seen.
-- grain: repository_id, run_id
-- kind: view
-- owner: platform
-- columns:
--   collected_on      date of the partition the newest row stands in
--   repository_id     GitHub's number of the repository
--   full_name         organization/name when it was read
--   run_id            GitHub's number of the run
--   run_attempt       1, or more where it was run again; null when GitHub does not say
--   workflow_id       GitHub's number of the workflow
--   workflow_path     file of the workflow; null when GitHub does not say
--   workflow_name     name of the workflow; null when GitHub does not say
--   event             what started it, such as push, pull_request or schedule
--   status            queued, in_progress, completed or another state on the way
--   conclusion        success, failure, cancelled, skipped, timed_out, action_required, neutral or stale; null until completed
--   head_branch       branch it ran for; null when that is gone
--   head_sha          commit it ran for
--   actor_key         pseudonym of who started the first attempt; null for a deleted account
--   actor_type        user, bot or another kind of account
--   created_at        when it was asked for, UTC
--   run_started_at    when the last attempt was asked for, UTC; null when GitHub does not say
--   updated_at        when it last changed, UTC: the end, once completed; tells the newer of two rows
--   queue_seconds     created_at to run_started_at of a first attempt; null where it was run again [seconds]
--   run_seconds       run_started_at to the end of the last attempt; null until completed [seconds]
with workflow_runs as (
    select * from github.workflow_runs
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        row_number() over (
            partition by repository_id, run_id
            order by
                updated_at desc, date desc,
                run_attempt desc nulls last, status nulls last, conclusion nulls last,
                run_started_at desc nulls last, queue_seconds nulls last, run_seconds nulls last,
                full_name, workflow_id, workflow_name nulls last, workflow_path nulls last, event, head_branch nulls last,
                head_sha, actor_key nulls last, actor_type nulls last
        ) as version_rank
    from workflow_runs
),

stg_github__workflow_runs as (
    select
        date as collected_on,
        repository_id,
        full_name,
        run_id,
        run_attempt,
        workflow_id,
        workflow_path,
        workflow_name,
        event,
        status,
        conclusion,
        head_branch,
        head_sha,
        actor_key,
        actor_type,
        cast(created_at as timestamp) as created_at,
        cast(run_started_at as timestamp) as run_started_at,
        cast(updated_at as timestamp) as updated_at,
        queue_seconds,
        run_seconds
    from rank_versions
    where version_rank = 1
)

select * from stg_github__workflow_runs
