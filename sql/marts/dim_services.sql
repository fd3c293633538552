-- One row per service of the catalog or of Datadog's service definitions, but for those known to be gone, as last described.
-- A definition stands beside the component that it is matched with by int_datadog_service_names, and for itself without one.
-- grain: service
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service                 name in the catalog, its namespace before it unless that is default; else name in Datadog, with datadog: before it where a
--                           component has that name
--   source                  catalog, datadog or both
--   entity_ref              component:namespace/name in the catalog; null when only Datadog knows it
--   title                   what people call it; null when the catalog does not say
--   component_type          type in the catalog, or kind in Datadog: service, website, library, datastore, …
--   is_running              runs and so can fail: its type in the catalog or its kind in Datadog does, by reference/service_types.csv; one that is not there does
--   datadog_service         name in Datadog: of its definition, or else of the catalog's annotation; null without either
--   datadog_services        names of all its definitions
--   match_rule              annotation, name or normalised_name for a match; ambiguous for a definition that fits several components; null for the others
--   candidates              components that an ambiguous definition fits
--   team                    owning team, in lower case with hyphens; null without one
--   owner_source            catalog or datadog, whichever named the team; null without one
--   owner_kind              kind of owner in the catalog, group or user; null when it names none
--   is_owned                a team owns it; null when no team is named and a place where one may be could not be read
--   tier                    tier by the catalog, or else by Datadog; null without one
--   lifecycle               lifecycle by the catalog, or else by Datadog; null without one
--   system                  system that it is part of; null without one
--   is_pci_scope            subject to PCI by label or tag; null when neither says so, or in no word of reference/pci_scope_values.csv
--   repository              organization/name of its repository; null when not told
--   pagerduty_service_id    its service at PagerDuty; null when not told, and no service there alone has its name
--   pagerduty_rule          catalog, datadog or name, whichever told it; null without it
--   slack_channel           its channel; null when not told
--   is_present              there when its source was last read; null when that read failed or broke off without it
--   last_seen_on            date of the newest snapshot that holds it
with catalog_services as (
    select * from int_catalog_services
),

definitions as (
    select * from int_service_definitions
),

names as (
    select * from int_datadog_service_names where is_defined
),

pagerduty_services as (
    select * from stg_pagerduty__services
),

reads as (
    select * from int_table_reads
),

service_types as (
    select * from reference.service_types
),

pci_scope_values as (
    select * from reference.pci_scope_values
),

-- Of several definitions of one component, the one matched by the better rule speaks first.
rank_definitions as (
    select
        names.service,
        names.match_rule,
        names.candidates,
        definitions.*,
        row_number() over (
            partition by names.service
            order by
                case names.match_rule when 'annotation' then 1 when 'name' then 2 else 3 end,
                definitions.name
        ) as definition_rank
    from names
    inner join definitions
        on names.name = definitions.name
),

combine_definitions as (
    select
        service,
        array_agg(name order by definition_rank) as datadog_services,
        max(case when definition_rank = 1 then name end) as datadog_service,
        max(case when definition_rank = 1 then match_rule end) as match_rule,
        max(case when definition_rank = 1 then kind end) as kind,
        min(case when definition_rank = 1 then is_present end) as is_present,
        max(case when definition_rank = 1 then last_seen_on end) as last_seen_on,
        array_agg(team order by definition_rank) filter (where team is not null) as teams,
        array_agg(tier order by definition_rank) filter (where tier is not null) as tiers,
        array_agg(lifecycle order by definition_rank) filter (where lifecycle is not null) as lifecycles,
        array_agg(pci_scope order by definition_rank) filter (where pci_scope is not null) as pci_scopes,
        array_agg(repository order by definition_rank) filter (where repository is not null) as repositories,
        array_agg(pagerduty_service_id order by definition_rank) filter (where pagerduty_service_id is not null) as pagerduty_service_ids,
        array_agg(slack_channel order by definition_rank) filter (where slack_channel is not null) as slack_channels
    from rank_definitions
    group by service
),

list_candidates as (
    select service, candidates
    from rank_definitions
    where definition_rank = 1 and match_rule = 'ambiguous'
),

combine_sources as (
    select
        coalesce(services.service, datadog.service) as service,
        case when datadog.service is null then 'catalog' when services.service is null then 'datadog' else 'both' end as source,
        services.entity_ref,
        services.title,
        coalesce(services.component_type, datadog.kind) as component_type,
        datadog.kind as datadog_kind,
        coalesce(datadog.datadog_service, services.datadog_service) as datadog_service,
        coalesce(datadog.datadog_services, []) as datadog_services,
        nullif(datadog.match_rule, 'none') as match_rule,
        services.team as catalog_team,
        datadog.teams[1] as datadog_team,
        services.owner_kind,
        coalesce(services.tier, datadog.tiers[1]) as tier,
        coalesce(services.lifecycle, datadog.lifecycles[1]) as lifecycle,
        services.system,
        coalesce(services.pci_scope, datadog.pci_scopes[1]) as pci_scope,
        coalesce(services.github_slug, datadog.repositories[1]) as repository,
        services.pagerduty_service_id as catalog_pagerduty_service_id,
        datadog.pagerduty_service_ids[1] as datadog_pagerduty_service_id,
        coalesce(services.slack_channel, datadog.slack_channels[1]) as slack_channel,
        coalesce(services.is_present, datadog.is_present) as is_present,
        case
            when services.last_seen_on is null or datadog.last_seen_on > services.last_seen_on then datadog.last_seen_on
            else services.last_seen_on
        end as last_seen_on
    from catalog_services as services
    full join combine_definitions as datadog
        on services.service = datadog.service
),

name_services as (
    select *, regexp_replace(lower(service), '[^a-z0-9]+', '-', 'g') as normalised_name
    from combine_sources
),

-- People name a service of PagerDuty as they speak: one that alone has the name, among services that alone have it, is taken for the same.
name_pagerduty_services as (
    select regexp_replace(lower(pagerduty.name), '[^a-z0-9]+', '-', 'g') as normalised_name, min(pagerduty.service_id) as service_id
    from pagerduty_services as pagerduty
    inner join reads
        on reads.source = 'pagerduty'
        and reads.table_name = 'services'
        and pagerduty.snapshot_date = reads.read_on
    group by regexp_replace(lower(pagerduty.name), '[^a-z0-9]+', '-', 'g')
    having count(*) = 1
),

count_names as (
    select normalised_name, count(*) as n_services
    from name_services
    group by normalised_name
),

judge_reads as (
    select
        count(case when source = 'catalog' and not is_complete then 1 end) = 0 as is_catalog_read,
        count(case when source = 'datadog' and not is_complete then 1 end) = 0 as is_datadog_read
    from reads
    where (source = 'catalog' and table_name = 'services') or (source = 'datadog' and table_name = 'service_definitions')
),

dim_services as (
    select
        services.service,
        services.source,
        services.entity_ref,
        services.title,
        services.component_type,
        coalesce(types.is_running, true) or (services.datadog_kind is not null and coalesce(kinds.is_running, true)) as is_running,
        services.datadog_service,
        services.datadog_services,
        services.match_rule,
        coalesce(list_candidates.candidates, []) as candidates,
        coalesce(services.catalog_team, services.datadog_team) as team,
        case
            when services.catalog_team is not null then 'catalog'
            when services.datadog_team is not null then 'datadog'
        end as owner_source,
        services.owner_kind,
        case
            when services.catalog_team is not null or services.datadog_team is not null then true
            when services.source = 'catalog' and not judge_reads.is_datadog_read then null
            when services.source = 'datadog' and not judge_reads.is_catalog_read then null
            else false
        end as is_owned,
        services.tier,
        services.lifecycle,
        services.system,
        pci.is_pci_scope,
        services.repository,
        coalesce(services.catalog_pagerduty_service_id, services.datadog_pagerduty_service_id, pagerduty.service_id) as pagerduty_service_id,
        case
            when services.catalog_pagerduty_service_id is not null then 'catalog'
            when services.datadog_pagerduty_service_id is not null then 'datadog'
            when pagerduty.service_id is not null then 'name'
        end as pagerduty_rule,
        services.slack_channel,
        services.is_present,
        services.last_seen_on
    from name_services as services
    cross join judge_reads
    inner join count_names
        on services.normalised_name = count_names.normalised_name
    left join list_candidates
        on services.service = list_candidates.service
    left join service_types as types
        on lower(services.component_type) = types.type
    left join service_types as kinds
        on lower(services.datadog_kind) = kinds.type
    left join pci_scope_values as pci
        on services.pci_scope = pci.value
    left join name_pagerduty_services as pagerduty
        on services.normalised_name = pagerduty.normalised_name
        and count_names.n_services = 1
)

select * from dim_services
