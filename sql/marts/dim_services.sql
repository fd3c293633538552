-- One row per service of the catalog or of Datadog's service definitions, but for those known to be gone, as last described.
-- A definition stands beside the component that it is matched with by int_datadog_service_names, and for itself without one.
-- grain: service
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service                   name in the catalog, its namespace before it unless that is default; else name in Datadog, with datadog: before it where a
--                             component has that name
--   source                    catalog, datadog or both
--   entity_ref                component:namespace/name in the catalog; null when only Datadog knows it
--   title                     what people call it; null when the catalog does not say
--   component_type            type in the catalog, or kind in Datadog: service, website, library, datastore, …
--   is_running                runs and so can fail: its type in the catalog or its kind in Datadog does, by reference/service_types.csv; one that is not there does
--   datadog_service           name in Datadog: of its definition, or else of the catalog's annotation; null without either
--   datadog_services          names of all its definitions
--   match_rule                annotation, name or normalised_name for a match; ambiguous for a definition that fits several components; null for the others
--   candidates                components that an ambiguous definition fits
--   team                      owning team, in lower case with hyphens; null without one
--   owner_source              catalog or datadog, whichever named the team; null without one
--   accountable_team          the team that answers for it by fct_service_owners; null when nothing tells, and when the best of what tells disagrees
--   accountable_rule          descriptor, definition, codeowners or repository, whichever tells, by reference/link_rules.csv; null without the team
--   accountable_confidence    how far that is trusted; null without the team [0 to 1]
--   owner_kind                kind of owner in the catalog, group or user; null when it names none
--   is_owned                  a team answers for it, or is named as its owner; null when none is known and a place where one may be named could not be read,
--                             and when what is trusted most names several
--   tier                      tier by the catalog, or else by Datadog; null without one
--   lifecycle                 lifecycle by the catalog, or else by Datadog; null without one
--   system                    system that it is part of; null without one
--   is_pci_scope              subject to PCI by label or tag; null when neither says so, or in no word of reference/pci_scope_values.csv
--   repository                organization/name of its repository, by its present name where GitHub has it; null when none is told or several are, and no
--                             repository alone has its name
--   pagerduty_service_id      its service at PagerDuty; null when none is told or several are, and no service there alone has its name
--   pagerduty_rule            catalog, datadog or name, whichever told it; null without it
--   slack_channel             its channel; null when not told
--   is_present                there when its source was last read; null when that read failed or broke off without it
--   last_seen_on              date of the newest snapshot that holds it
with services as (
    select * from int_services
),

partners as (
    select * from fct_service_partners where is_chosen
),

all_owners as (
    select * from fct_service_owners
),

repositories as (
    select * from dim_repositories
),

reads as (
    select * from int_table_reads where source = 'github' and table_name = 'repositories'
),

service_types as (
    select * from reference.service_types
),

pci_scope_values as (
    select * from reference.pci_scope_values
),

owners as (
    select * from all_owners where is_accountable
),

named_services as (
    select distinct service from all_owners
),

judge_reads as (
    select count(*) > 0 and count(case when not is_complete then 1 end) = 0 as are_repositories_read from reads
),

-- Who owns a repository, or a folder of it, may be unknown though nothing else is.
list_open_owners as (
    select distinct partners.service
    from partners
    inner join repositories
        on partners.repository_id = repositories.repository_id
    where coalesce(repositories.owner_status, 'unknown') = 'unknown'
        or (partners.path is not null and coalesce(repositories.codeowners_status, 'unknown') = 'unknown')
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
        services.candidates,
        coalesce(services.catalog_team, services.datadog_team) as team,
        case
            when services.catalog_team is not null then 'catalog'
            when services.datadog_team is not null then 'datadog'
        end as owner_source,
        owners.team as accountable_team,
        owners.rule as accountable_rule,
        owners.confidence as accountable_confidence,
        services.owner_kind,
        case
            when coalesce(owners.team, services.catalog_team, services.datadog_team) is not null then true
            when named.service is not null then null
            when services.is_told_whole and open_owners.service is null and (lives.target_name is not null or judge_reads.are_repositories_read) then false
        end as is_owned,
        services.tier,
        services.lifecycle,
        services.system,
        pci.is_pci_scope,
        lives.target_name as repository,
        pagerduty.target_id as pagerduty_service_id,
        case pagerduty.rule
            when 'annotation' then 'catalog'
            when 'definition' then 'datadog'
            when 'exact_name' then 'name'
            when 'normalised_name' then 'name'
        end as pagerduty_rule,
        services.slack_channel,
        services.is_present,
        services.last_seen_on
    from services
    cross join judge_reads
    left join service_types as types
        on lower(services.component_type) = types.type
    left join service_types as kinds
        on lower(services.datadog_kind) = kinds.type
    left join pci_scope_values as pci
        on services.pci_scope = pci.value
    left join owners
        on services.service = owners.service
    left join named_services as named
        on services.service = named.service
    left join list_open_owners as open_owners
        on services.service = open_owners.service
    left join partners as lives
        on services.service = lives.service
        and lives.target_type = 'repository'
    left join partners as pagerduty
        on services.service = pagerduty.service
        and pagerduty.target_type = 'pagerduty_service'
)

select * from dim_services
