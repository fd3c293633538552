-- One row per name that is not a team's own and stands for one all the same: the slug of a team of GitHub that the catalog calls otherwise. A slug that two
-- organisations have stands for neither, and one that is a team's own name for that team alone.
-- grain: name
-- kind: view
-- owner: platform
-- columns:
--   name    the name, in lower case with hyphens
--   team    the team that it stands for, as dim_teams has it
with catalog_teams as (
    select * from stg_catalog__teams
),

github_teams as (
    select * from int_github_teams
),

own_names as (
    select team from github_teams
    union
    select team from catalog_teams where snapshot_date = (select max(snapshot_date) from catalog_teams)
),

list_slugs as (
    select replace(replace(split_part(full_slug, '/', 2), '_', '-'), ' ', '-') as name, team
    from github_teams
),

count_slugs as (
    select name, min(team) as team
    from list_slugs
    group by name
    having count(*) = 1
),

int_team_names as (
    select slugs.name, slugs.team
    from count_slugs as slugs
    left join own_names as own
        on slugs.name = own.team
    where own.team is null
)

select * from int_team_names
