-- One row per team, member of its own and snapshot date.
-- grain: team_id, member_key, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   team_id          GitHub's number of the team
--   organization     login of the organisation
--   team_slug        slug of the team
--   member_key       pseudonym of the member
--   role             member or maintainer
with team_members as (
    select * from github.team_members
),

stg_github__team_members as (
    select
        date as snapshot_date,
        team_id,
        organization,
        team_slug,
        member_key,
        role
    from team_members
)

select * from stg_github__team_members
