-- One row per team known to the catalog or to GitHub, and per name that an owner or a tag takes for one, as last described.
-- A group of the catalog and a team of GitHub are one when the group's annotation says so, or when they have the same name. Who names a team by its slug at
-- GitHub means that team, by int_team_names.
-- grain: team
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   team                  its name in lower case with hyphens; a group of another namespace has that before it
--   title                 what people call it; null when not told
--   in_catalog            has a descriptor; null when it is not seen and the catalog was not read to the end
--   in_github             is a team of GitHub that our credential may see; null when it is not seen and GitHub's teams were not read to the end
--   is_described          known to the catalog or to GitHub, and not only named by an owner or a tag; null when it is not seen and one of them was not read to the end
--   entity_ref            group:namespace/name; null when the catalog does not have it
--   group_type            team, department, …; null when the catalog does not have it
--   parent_team           the team that it is part of, by the catalog, or else by GitHub; null without one
--   github_teams          its teams at GitHub, as organization/slug
--   pagerduty_id          its escalation policy or team at PagerDuty; null when not told
--   slack_channel         its channel; null when not told
--   n_members             people in it, by GitHub or else by the catalog; null when neither says [people]
--   n_services            services that it owns [services]
--   n_running_services    of these, those that run [services]
--   named_by              where it is named: services, monitors, slos, synthetic_tests, repositories
with catalog_teams as (
    select * from stg_catalog__teams
),

github_teams as (
    select * from int_github_teams
),

team_names as (
    select * from int_team_names
),

team_members as (
    select * from stg_github__team_members
),

services as (
    select * from dim_services
),

repositories as (
    select * from dim_repositories where is_present is distinct from false
),

monitors as (
    select * from stg_datadog__monitors
),

slos as (
    select * from stg_datadog__slos
),

synthetic_tests as (
    select * from stg_datadog__synthetic_tests
),

reads as (
    select * from int_table_reads
),

rank_groups as (
    select
        groups.*,
        row_number() over (partition by groups.team order by groups.entity_ref) as group_rank
    from catalog_teams as groups
    where groups.snapshot_date = (select max(snapshot_date) from catalog_teams)
),

count_github_members as (
    select teams.team, count(distinct members.member_key) as n_members
    from github_teams as teams
    inner join team_members as members
        on teams.team_id = members.team_id
        and teams.snapshot_date = members.snapshot_date
    group by teams.team
),

combine_github_teams as (
    select
        team,
        array_agg(full_slug order by full_slug) as github_teams,
        min(name) as name,
        min(parent_team) as parent_team,
        case when count(*) = 1 then min(n_members) end as n_members
    from github_teams
    group by team
),

list_names as (
    select team, 'services' as place from services
    union
    select teams.team, 'monitors' as place
    from monitors
    cross join unnest(monitors.teams) as teams (team)
    where monitors.snapshot_date = (select max(snapshot_date) from monitors)
    union
    select teams.team, 'slos' as place
    from slos
    cross join unnest(slos.teams) as teams (team)
    where slos.snapshot_date = (select max(snapshot_date) from slos)
    union
    select teams.team, 'synthetic_tests' as place
    from synthetic_tests as tests
    cross join unnest(tests.teams) as teams (team)
    where tests.snapshot_date = (select max(snapshot_date) from synthetic_tests)
    union
    select replace(replace(lower(team), '_', '-'), ' ', '-') as team, 'repositories' as place from repositories
),

combine_names as (
    select coalesce(names.team, listed.team) as team, array_agg(distinct listed.place order by listed.place) as named_by
    from list_names as listed
    left join team_names as names
        on listed.team = names.name
    where listed.team <> ''
    group by coalesce(names.team, listed.team)
),

list_teams as (
    select team from rank_groups
    union
    select team from combine_github_teams
    union
    select team from combine_names
),

count_services as (
    select
        coalesce(names.team, services.team) as team,
        count(*) as n_services,
        count(case when services.is_running then 1 end) as n_running_services
    from services
    left join team_names as names
        on services.team = names.name
    where services.team is not null
    group by coalesce(names.team, services.team)
),

judge_reads as (
    select
        coalesce(min(case when source = 'catalog' then case when is_complete then 1 else 0 end end), 0) = 1 as is_catalog_read,
        coalesce(min(case when source = 'github' then case when is_complete then 1 else 0 end end), 0) = 1 as is_github_read
    from reads
    where (source = 'catalog' and table_name in ('services', 'teams')) or (source = 'github' and table_name = 'teams')
),

dim_teams as (
    select
        teams.team,
        coalesce(groups.title, github.name) as title,
        case when groups.team is not null then true when judge_reads.is_catalog_read then false end as in_catalog,
        case when github.team is not null then true when judge_reads.is_github_read then false end as in_github,
        case
            when groups.team is not null or github.team is not null then true
            when judge_reads.is_catalog_read and judge_reads.is_github_read then false
        end as is_described,
        groups.entity_ref,
        groups.group_type,
        coalesce(groups.parent_team, github.parent_team) as parent_team,
        coalesce(github.github_teams, []) as github_teams,
        groups.pagerduty_id,
        groups.slack_channel,
        coalesce(
            github.n_members,
            members.n_members,
            case when len(groups.member_keys) > 0 then len(list_distinct(groups.member_keys)) end
        ) as n_members,
        coalesce(counted.n_services, 0) as n_services,
        coalesce(counted.n_running_services, 0) as n_running_services,
        coalesce(combine_names.named_by, []) as named_by
    from list_teams as teams
    cross join judge_reads
    left join rank_groups as groups
        on teams.team = groups.team
        and groups.group_rank = 1
    left join combine_github_teams as github
        on teams.team = github.team
    left join count_github_members as members
        on teams.team = members.team
    left join count_services as counted
        on teams.team = counted.team
    left join combine_names
        on teams.team = combine_names.team
    where teams.team is not null
)

select * from dim_teams
