-- One row per name of a service that Datadog uses anywhere, with the service that it stands for.
-- The catalog's annotation goes before the same name, and that before the same name but for case, hyphens and underscores. A name that
-- fits two services of the catalog stands for none of them.
-- grain: name
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   name          the name, in lower case
--   is_defined    there is a service definition of that name
--   service       key of the service in dim_services; null when nothing there is known by it
--   entity_ref    the component of the catalog that it stands for; null without one
--   match_rule    annotation, name, normalised_name, ambiguous or none
--   candidates    services of the catalog that it fits by its best rule
--   best_rule     that rule: annotation, name or normalised_name; null when it fits none
with catalog_services as (
    select * from int_catalog_services
),

definitions as (
    select * from int_service_definitions
),

monitors as (
    select * from stg_datadog__monitors
),

synthetic_tests as (
    select * from stg_datadog__synthetic_tests
),

slos as (
    select * from stg_datadog__slos
),

incidents as (
    select * from stg_datadog__incidents
),

list_names as (
    select name from definitions
    union
    select names.name
    from monitors
    cross join unnest(monitors.services) as names (name)
    where monitors.snapshot_date = (select max(snapshot_date) from monitors)
    union
    select names.name
    from synthetic_tests as tests
    cross join unnest(tests.services) as names (name)
    where tests.snapshot_date = (select max(snapshot_date) from synthetic_tests)
    union
    select names.name
    from slos
    cross join unnest(slos.services) as names (name)
    union
    select lower(names.name) as name
    from incidents
    cross join unnest(incidents.services) as names (name)
),

list_candidates as (
    select names.name, services.service, services.entity_ref, 1 as rule_rank, 'annotation' as match_rule
    from list_names as names
    inner join catalog_services as services
        on names.name = lower(services.datadog_service)
    union
    select names.name, services.service, services.entity_ref, 2 as rule_rank, 'name' as match_rule
    from list_names as names
    inner join catalog_services as services
        on names.name = lower(services.name)
    union
    select names.name, services.service, services.entity_ref, 3 as rule_rank, 'normalised_name' as match_rule
    from list_names as names
    inner join catalog_services as services
        on replace(names.name, '_', '-') = replace(lower(services.name), '_', '-')
    union
    select names.name, services.service, services.entity_ref, 3 as rule_rank, 'normalised_name' as match_rule
    from list_names as names
    inner join catalog_services as services
        on replace(names.name, '_', '-') = replace(lower(services.datadog_service), '_', '-')
),

rank_candidates as (
    select *, rank() over (partition by name order by rule_rank) as best_rank
    from list_candidates
),

choose_candidates as (
    select
        name,
        min(service) as service,
        min(entity_ref) as entity_ref,
        min(match_rule) as match_rule,
        count(*) as n_candidates,
        array_agg(service order by service) as candidates
    from rank_candidates
    where best_rank = 1
    group by name
),

-- A definition that stands for no component keeps its name, unless a component has it.
key_definitions as (
    select
        definitions.name,
        replace(definitions.name, '_', '-') as normalised_name,
        case when services.service is null then definitions.name else 'datadog:' || definitions.name end as service
    from definitions
    left join catalog_services as services
        on definitions.name = services.service
),

count_definitions as (
    select normalised_name, min(service) as service
    from key_definitions
    group by normalised_name
    having count(*) = 1
),

int_datadog_service_names as (
    select
        names.name,
        own.name is not null as is_defined,
        case
            when chosen.n_candidates = 1 then chosen.service
            when own.name is not null then own.service
            when chosen.n_candidates is null then similar_to.service
        end as service,
        case when chosen.n_candidates = 1 then chosen.entity_ref end as entity_ref,
        case
            when chosen.n_candidates = 1 then chosen.match_rule
            when chosen.n_candidates > 1 then 'ambiguous'
            else 'none'
        end as match_rule,
        coalesce(chosen.candidates, []) as candidates,
        chosen.match_rule as best_rule
    from list_names as names
    left join choose_candidates as chosen
        on names.name = chosen.name
    left join key_definitions as own
        on names.name = own.name
    left join count_definitions as similar_to
        on replace(names.name, '_', '-') = similar_to.normalised_name
    where names.name <> ''
)

select * from int_datadog_service_names
