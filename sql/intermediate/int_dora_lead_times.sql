-- One row per service, team or organisation and commit or pull request that came to production for it, with how long that took.
-- Commits are those that the pull requests have, before they are squashed; merge commits are left out. One of several pull requests, or of several
-- services that share it, came with the first of them. What would run backwards is left out, and a commit also that took longer than commit_maximum_age in
-- reference/thresholds.csv, or no time at all.
-- grain: subject_type, subject_id, change_type, repository_id, change_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   subject_type     service, team or organisation
--   subject_id       service, team, or login of the organisation
--   change_type      commit or pull_request
--   repository_id    GitHub's number of the repository
--   change_id        the commit, or the number of the pull request
--   finished_on      date of the first success of the deployment that contains it, UTC
--   lead_hours       committed, or first commit authored, to that success [hours]
with deployments as (
    select * from fct_deployments where is_successful and environment_tier = 'production'
),

contents as (
    select * from int_pull_request_deployments where environment_tier = 'production'
),

pull_requests as (
    select * from stg_github__pull_requests where merged_at is not null
),

commits as (
    select * from stg_github__pull_request_commits where not coalesce(is_merge, false)
),

thresholds as (
    select value as commit_days from reference.thresholds where name = 'commit_maximum_age'
),

list_service_subjects as (
    select 'service' as subject_type, service as subject_id, service, repository_id, deployment_id
    from deployments
    where service <> '__no_service__'
    union all
    select 'team' as subject_type, team as subject_id, service, repository_id, deployment_id from deployments where team is not null
    union all
    select 'organisation' as subject_type, organization as subject_id, service, repository_id, deployment_id from deployments
),

-- What services of one subject share came to production with the first of them.
list_contents as (
    select
        subjects.subject_type,
        subjects.subject_id,
        contents.repository_id,
        contents.number,
        min(contents.finished_at) as finished_at
    from contents
    inner join list_service_subjects as subjects
        on contents.service = subjects.service
        and contents.repository_id = subjects.repository_id
        and contents.deployment_id = subjects.deployment_id
    group by subjects.subject_type, subjects.subject_id, contents.repository_id, contents.number
),

time_pull_requests as (
    select
        contents.subject_type,
        contents.subject_id,
        'pull_request' as change_type,
        contents.repository_id,
        cast(contents.number as varchar) as change_id,
        cast(contents.finished_at as date) as finished_on,
        date_diff('second', pull_requests.first_commit_authored_at, contents.finished_at) / 3600.0 as lead_hours
    from list_contents as contents
    inner join pull_requests
        on contents.repository_id = pull_requests.repository_id
        and contents.number = pull_requests.number
    where contents.finished_at >= pull_requests.first_commit_authored_at
),

-- A commit of two pull requests came to production with the first of them.
list_commits as (
    select
        contents.subject_type,
        contents.subject_id,
        commits.repository_id,
        commits.sha,
        min(contents.finished_at) as finished_at,
        min(commits.committed_at) as committed_at
    from list_contents as contents
    inner join commits
        on contents.repository_id = commits.repository_id
        and contents.number = commits.number
    group by contents.subject_type, contents.subject_id, commits.repository_id, commits.sha
),

time_commits as (
    select
        commits.subject_type,
        commits.subject_id,
        'commit' as change_type,
        commits.repository_id,
        commits.sha as change_id,
        cast(commits.finished_at as date) as finished_on,
        date_diff('second', commits.committed_at, commits.finished_at) / 3600.0 as lead_hours
    from list_commits as commits
    cross join thresholds
    where commits.finished_at > commits.committed_at
        and date_diff('second', commits.committed_at, commits.finished_at) <= thresholds.commit_days * 86400
),

int_dora_lead_times as (
    select * from time_pull_requests
    union all
    select * from time_commits
)

select * from int_dora_lead_times
