-- One row per team, repository it has access to, inherited access included, and snapshot date.
-- grain: team_id, repository_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   team_id          GitHub's number of the team
--   organization     login of the organisation
--   team_slug        slug of the team
--   repository_id    GitHub's number of the repository
--   full_name        organization/name on that date
--   permission       read, triage, write, maintain or admin
with team_repositories as (
    select * from github.team_repositories
),

stg_github__team_repositories as (
    select
        date as snapshot_date,
        team_id,
        organization,
        team_slug,
        repository_id,
        full_name,
        permission
    from team_repositories
)

select * from stg_github__team_repositories
