-- One row per team of GitHub as its organisation was last seen, with the team that it is everywhere else.
-- grain: team_id
-- kind: view
-- owner: platform
-- columns:
--   team_id          GitHub's number of the team
--   snapshot_date    date of the newest snapshot of its organisation
--   name             its name
--   full_slug        organization/slug, in lower case
--   team             name of the group of the catalog whose annotation names it, or else its own in lower case with hyphens
--   parent_team      the team that it is part of, likewise; null without one
--   n_members        people in it; null when not told [people]
with catalog_teams as (
    select * from stg_catalog__teams
),

github_teams as (
    select * from stg_github__teams
),

list_groups as (
    select lower(github_team) as full_slug, min(team) as team
    from catalog_teams
    where snapshot_date = (select max(snapshot_date) from catalog_teams) and github_team is not null
    group by lower(github_team)
),

rank_snapshots as (
    select
        *,
        lower(organization) || '/' || lower(slug) as full_slug,
        lower(organization) || '/' || lower(parent_slug) as parent_full_slug,
        max(snapshot_date) over (partition by lower(organization)) as organization_seen_on
    from github_teams
),

int_github_teams as (
    select
        teams.team_id,
        teams.snapshot_date,
        teams.name,
        teams.full_slug,
        coalesce(groups.team, replace(replace(lower(teams.slug), '_', '-'), ' ', '-')) as team,
        coalesce(parents.team, replace(replace(lower(teams.parent_slug), '_', '-'), ' ', '-')) as parent_team,
        teams.n_members
    from rank_snapshots as teams
    left join list_groups as groups
        on teams.full_slug = groups.full_slug
    left join list_groups as parents
        on teams.parent_full_slug = parents.full_slug
    where teams.snapshot_date = teams.organization_seen_on
)

select * from int_github_teams
