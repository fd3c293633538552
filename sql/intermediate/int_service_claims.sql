-- One row per service, repository, PagerDuty service or team, and whatever says that the one belongs to the other. Which of several is right is told by
-- fct_service_partners.
-- What nothing is said of outright may be known by its name. A name speaks by the better of its rules, and for all services that it fits. Of a target that
-- is said outright to be another's it speaks, too, and for that one as well: a guess takes nothing from who claims it. A folder leaves the rest to others.
-- grain: service, target_type, target_id, rule, said_by
-- kind: view
-- owner: platform
-- columns:
--   service          key of the service in dim_services
--   target_type      repository, pagerduty_service or team
--   target_id        GitHub's number of the repository, or its name in lower case when it was never seen there; id of the PagerDuty service; the team
--   target_name      its name there, or else as it was said
--   repository_id    GitHub's number of the repository; null when it was never seen there, and for what is none
--   path             folder of the repository; null for the whole of it
--   rule             annotation, descriptor, definition, exact_name or normalised_name, by reference/link_rules.csv
--   order_in_rule    what goes first where one rule says several things: the definition that is matched better
--   said_by          who says so: the component, the definition, or the name
--   services         services that fit the target by this name, and those that claim it; empty when it is said outright, for that may be said of several
with catalog_services as (
    select * from int_catalog_services
),

definitions as (
    select * from int_service_definitions
),

datadog_names as (
    select * from int_datadog_service_names where is_defined
),

names as (
    select * from int_service_names
),

normalised_names as (
    select * from int_normalised_names
),

repositories as (
    select * from int_repositories
),

pagerduty_services as (
    select * from stg_pagerduty__services
),

reads as (
    select * from int_table_reads where source = 'pagerduty' and table_name = 'services'
),

list_definitions as (
    select
        datadog_names.service,
        definitions.repositories,
        definitions.pagerduty_service_id,
        definitions.team,
        case datadog_names.match_rule when 'annotation' then 1 when 'name' then 2 else 3 end as order_in_rule,
        'datadog: ' || definitions.name as said_by
    from datadog_names
    inner join definitions
        on datadog_names.name = definitions.name
),

-- A descriptor in a hidden folder is about the one that the folder is in.
list_places as (
    select
        service,
        github_slug as repository,
        nullif(regexp_replace(source_path, '(^|/)[.][^/]*(/.*)?$', ''), '') as path,
        repository_rule as rule,
        1 as order_in_rule,
        'catalog: ' || entity_ref as said_by
    from catalog_services
    where github_slug is not null
    union all
    select
        definitions.service,
        named.repository,
        cast(null as varchar) as path,
        'definition' as rule,
        definitions.order_in_rule,
        definitions.said_by
    from list_definitions as definitions
    cross join unnest(definitions.repositories) as named (repository)
),

list_repository_names as (
    select repository_id, full_name, lower(full_name) as known_name from repositories
    union all
    select repositories.repository_id, repositories.full_name, former.known_name
    from repositories
    cross join unnest(repositories.former_names) as former (known_name)
),

find_repositories as (
    select
        places.service,
        'repository' as target_type,
        coalesce(cast(known.repository_id as varchar), lower(places.repository)) as target_id,
        coalesce(known.full_name, places.repository) as target_name,
        known.repository_id,
        places.path,
        places.rule,
        places.order_in_rule,
        places.said_by
    from list_places as places
    left join list_repository_names as known
        on lower(places.repository) = known.known_name
),

newest_pagerduty_services as (
    select pagerduty_services.service_id, pagerduty_services.name
    from pagerduty_services
    inner join reads
        on pagerduty_services.snapshot_date = reads.read_on
),

list_pagerduty as (
    select service, pagerduty_service_id, 'annotation' as rule, 1 as order_in_rule, 'catalog: ' || entity_ref as said_by
    from catalog_services
    where pagerduty_service_id is not null
    union all
    select service, pagerduty_service_id, 'definition' as rule, order_in_rule, said_by
    from list_definitions
    where pagerduty_service_id is not null
),

find_pagerduty as (
    select
        said.service,
        'pagerduty_service' as target_type,
        said.pagerduty_service_id as target_id,
        coalesce(newest.name, said.pagerduty_service_id) as target_name,
        cast(null as bigint) as repository_id,
        cast(null as varchar) as path,
        said.rule,
        said.order_in_rule,
        said.said_by
    from list_pagerduty as said
    left join newest_pagerduty_services as newest
        on said.pagerduty_service_id = newest.service_id
),

find_teams as (
    select
        service,
        'team' as target_type,
        team as target_id,
        team as target_name,
        cast(null as bigint) as repository_id,
        cast(null as varchar) as path,
        rule,
        order_in_rule,
        said_by
    from (
        select service, team, 'descriptor' as rule, 1 as order_in_rule, 'catalog: ' || entity_ref as said_by from catalog_services
        union all
        select service, team, 'definition' as rule, order_in_rule, said_by from list_definitions
    ) as said
    where team is not null
),

combine_said as (
    select * from find_repositories
    union all
    select * from find_pagerduty
    union all
    select * from find_teams
),

-- What is gone has no name to go by.
list_targets as (
    select
        'repository' as target_type,
        cast(repository_id as varchar) as target_id,
        full_name as target_name,
        repository_id,
        lower(name) as name
    from repositories
    where is_present is distinct from false
    union all
    select 'pagerduty_service' as target_type, service_id as target_id, name as target_name, cast(null as bigint) as repository_id, lower(name) as name
    from newest_pagerduty_services
),

match_names as (
    select
        names.service,
        targets.target_type,
        targets.target_id,
        targets.target_name,
        targets.repository_id,
        min(case when names.name = targets.name then 'exact_name' else 'normalised_name' end) as rule
    from list_targets as targets
    inner join normalised_names as normalised
        on targets.name = normalised.name
    inner join names
        on normalised.normalised_name = names.normalised_name
    group by names.service, targets.target_type, targets.target_id, targets.target_name, targets.repository_id
),

list_fitting_services as (
    select matched.target_type, matched.target_id, matched.rule, list_sort(array_agg(distinct matched.service)) as services
    from (
        select target_type, target_id, rule, service from match_names
        union
        select matched.target_type, matched.target_id, matched.rule, said.service
        from match_names as matched
        inner join combine_said as said
            on matched.target_type = said.target_type
            and matched.target_id = said.target_id
        where said.path is null
    ) as matched
    group by matched.target_type, matched.target_id, matched.rule
),

-- What has the very name goes before what has a like one, on either side.
rank_names as (
    select
        *,
        rank() over (partition by target_type, target_id order by case rule when 'exact_name' then 1 else 2 end) as target_rank,
        rank() over (partition by target_type, service order by case rule when 'exact_name' then 1 else 2 end) as service_rank
    from match_names
),

find_names as (
    select
        matched.service,
        matched.target_type,
        matched.target_id,
        matched.target_name,
        matched.repository_id,
        cast(null as varchar) as path,
        matched.rule,
        1 as order_in_rule,
        'name' as said_by,
        fitting.services
    from rank_names as matched
    inner join list_fitting_services as fitting
        on matched.target_type = fitting.target_type
        and matched.target_id = fitting.target_id
        and matched.rule = fitting.rule
    left join combine_said as said
        on matched.service = said.service
        and matched.target_type = said.target_type
    where said.service is null and matched.target_rank = 1 and matched.service_rank = 1
),

int_service_claims as (
    select *, cast([] as varchar[]) as services from combine_said
    union all
    select * from find_names
)

select * from int_service_claims
