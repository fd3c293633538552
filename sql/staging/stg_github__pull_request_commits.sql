-- One row per commit that a pull request has now.
-- The rows of a pull request's newest change are all of its commits: what a rebase or a force push took away is no longer there.
-- grain: repository_id, number, sha
-- kind: view
-- owner: platform
-- columns:
--   collected_on     date of the partition the row stands in
--   repository_id    GitHub's number of the repository
--   full_name        organization/name when it was read
--   number           number of the pull request within its repository
--   sha              the commit
--   authored_at      when it was written, UTC
--   committed_at     when it was committed, UTC; a rebase moves it
--   is_merge         merges other commits; null when GitHub does not say
--   updated_at       when the pull request last changed, UTC; tells the newer of two rows
with pull_request_commits as (
    select * from github.pull_request_commits
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        max(updated_at) over (partition by repository_id, number) as newest_updated_at,
        row_number() over (
            partition by repository_id, number, sha
            order by updated_at desc, date desc, committed_at desc, authored_at desc, is_merge nulls last, full_name
        ) as version_rank
    from pull_request_commits
),

stg_github__pull_request_commits as (
    select
        date as collected_on,
        repository_id,
        full_name,
        number,
        sha,
        cast(authored_at as timestamp) as authored_at,
        cast(committed_at as timestamp) as committed_at,
        is_merge,
        cast(updated_at as timestamp) as updated_at
    from rank_versions
    where version_rank = 1 and updated_at = newest_updated_at
)

select * from stg_github__pull_request_commits
