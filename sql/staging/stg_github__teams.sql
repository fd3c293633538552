-- One row per team and snapshot date; a secret team that the credential may not see is not there.
-- grain: team_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date                   date of the snapshot
--   team_id                         GitHub's number of the team
--   organization                    login of the organisation
--   slug                            name in addresses
--   name                            name
--   privacy                         visible, or secret: known to its members and to owners only
--   parent_team_id                  number of the team it is part of; null for a team of its own
--   parent_slug                     slug of that team
--   n_members                       members of its own, without those of teams within it [people]
--   n_repositories                  repositories it has access to [repositories]
--   is_review_assignment_enabled    reviews asked of the team are handed to its members
--   created_at                      when it was made, UTC
--   updated_at                      when it last changed, UTC
with teams as (
    select * from github.teams
),

stg_github__teams as (
    select
        date as snapshot_date,
        team_id,
        organization,
        slug,
        name,
        privacy,
        parent_team_id,
        parent_slug,
        members as n_members,
        repositories as n_repositories,
        is_review_assignment_enabled,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at
    from teams
)

select * from stg_github__teams
