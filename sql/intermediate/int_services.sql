-- One row per service of the catalog or of Datadog's service definitions, with what the two say of it beside each other.
-- Where it is and who watches it is told by fct_service_partners, and who owns it by fct_service_owners.
-- grain: service
-- kind: view
-- owner: platform
-- columns:
--   service             name in the catalog, its namespace before it unless that is default; else name in Datadog, with datadog: before it where a
--                       component has that name
--   name                name in the catalog without its namespace, or else in Datadog
--   source              catalog, datadog or both
--   entity_ref          component:namespace/name in the catalog; null when only Datadog knows it
--   title               what people call it; null when the catalog does not say
--   component_type      type in the catalog, or kind in Datadog
--   datadog_kind        kind in Datadog; null without a definition
--   datadog_service     name in Datadog: of its definition, or else of the catalog's annotation; null without either
--   datadog_services    names of all its definitions
--   match_rule          annotation, name or normalised_name for a match; ambiguous for a definition that fits several components; null for the others
--   candidates          components that an ambiguous definition fits
--   catalog_team        owning team by the catalog; null without one
--   datadog_team        owning team by the definition that is matched best and names one; null without one
--   owner_kind          kind of owner in the catalog, group or user; null when it names none
--   tier                tier by the catalog, or else by Datadog; null without one
--   lifecycle           lifecycle by the catalog, or else by Datadog; null without one
--   system              system that it is part of; null without one
--   pci_scope           what the catalog, or else Datadog says of PCI; null when neither does
--   slack_channel       its channel; null when not told
--   is_told_whole       nothing that may say more of it was left unread: the definitions for a component without one, the catalog for a definition alone
--   is_present          there when its source was last read; null when that read failed or broke off without it
--   last_seen_on        date of the newest snapshot that holds it
with catalog_services as (
    select * from int_catalog_services
),

definitions as (
    select * from int_service_definitions
),

names as (
    select * from int_datadog_service_names where is_defined
),

reads as (
    select * from int_table_reads
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
        array_agg(slack_channel order by definition_rank) filter (where slack_channel is not null) as slack_channels
    from rank_definitions
    group by service
),

list_candidates as (
    select service, candidates
    from rank_definitions
    where definition_rank = 1 and match_rule = 'ambiguous'
),

judge_reads as (
    select
        count(case when source = 'catalog' and not is_complete then 1 end) = 0 as is_catalog_read,
        count(case when source = 'datadog' and not is_complete then 1 end) = 0 as is_datadog_read
    from reads
    where (source = 'catalog' and table_name = 'services') or (source = 'datadog' and table_name = 'service_definitions')
),

int_services as (
    select
        coalesce(services.service, datadog.service) as service,
        coalesce(services.name, datadog.datadog_service) as name,
        case when datadog.service is null then 'catalog' when services.service is null then 'datadog' else 'both' end as source,
        services.entity_ref,
        services.title,
        coalesce(services.component_type, datadog.kind) as component_type,
        datadog.kind as datadog_kind,
        coalesce(datadog.datadog_service, services.datadog_service) as datadog_service,
        coalesce(datadog.datadog_services, []) as datadog_services,
        nullif(datadog.match_rule, 'none') as match_rule,
        coalesce(list_candidates.candidates, []) as candidates,
        services.team as catalog_team,
        datadog.teams[1] as datadog_team,
        services.owner_kind,
        coalesce(services.tier, datadog.tiers[1]) as tier,
        coalesce(services.lifecycle, datadog.lifecycles[1]) as lifecycle,
        services.system,
        coalesce(services.pci_scope, datadog.pci_scopes[1]) as pci_scope,
        coalesce(services.slack_channel, datadog.slack_channels[1]) as slack_channel,
        case
            when datadog.service is null then judge_reads.is_datadog_read
            when services.service is null then judge_reads.is_catalog_read
            else true
        end as is_told_whole,
        coalesce(services.is_present, datadog.is_present) as is_present,
        case
            when services.last_seen_on is null or datadog.last_seen_on > services.last_seen_on then datadog.last_seen_on
            else services.last_seen_on
        end as last_seen_on
    from catalog_services as services
    full join combine_definitions as datadog
        on services.service = datadog.service
    cross join judge_reads
    left join list_candidates
        on datadog.service = list_candidates.service
)

select * from int_services
