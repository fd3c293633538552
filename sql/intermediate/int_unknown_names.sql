-- One row per name that a question is asked about, as --param gives it, and that nothing is known by: without it no rows would look like an all-clear.
-- Nobody tells apart by case. Where nothing is asked by name there is no row.
-- grain: param
-- kind: view
-- owner: platform
-- columns:
--   param       service, team, repository or subject, whichever the name was given for
--   name        the name
--   reason      that nothing is known by it
--   evidence    what was concluded from (JSON text)
with services as (
    select * from dim_services
),

repositories as (
    select * from dim_repositories
),

teams as (
    select * from dim_teams
),

owners as (
    select * from fct_service_owners
),

asked_names as (
    select 'service' as param, cast(getvariable('service') as varchar) as name
    union all
    select 'team' as param, cast(getvariable('team') as varchar) as name
    union all
    select 'repository' as param, cast(getvariable('repository') as varchar) as name
    union all
    select 'subject' as param, cast(getvariable('subject') as varchar) as name
),

list_names as (
    select 'service' as param, service as name from services
    union all
    select 'team' as param, team as name from teams
    union all
    select 'team' as param, team as name from owners
    union all
    select 'team' as param, team as name from repositories
    union all
    select 'team' as param, owner_team as name from repositories
    union all
    select 'repository' as param, full_name as name from repositories
),

-- The subject of a check or a score is any of these, or an organisation.
list_known_names as (
    select param, name from list_names
    union all
    select 'subject' as param, name from list_names
    union all
    select 'subject' as param, organization as name from repositories
),

int_unknown_names as (
    select
        asked.param,
        asked.name,
        'no ' || asked.param || ' is known by this name now' as reason,
        cast(json_object('param', asked.param) as varchar) as evidence
    from asked_names as asked
    where asked.name is not null
        and not exists (
            select 1
            from list_known_names as known
            where asked.param = known.param and lower(asked.name) = lower(known.name)
        )
)

select * from int_unknown_names
