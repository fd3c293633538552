-- One row per service (Component) of the catalog and snapshot date.
-- grain: entity_ref, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date           date of the snapshot
--   entity_ref              component:namespace/name
--   service                 its name, with its namespace before it unless that is default
--   namespace               its namespace
--   name                    its name
--   title                   what people call it
--   component_type          service, website, library, …
--   lifecycle               production, experimental, deprecated, …
--   owner_ref               who owns it, such as group:default/payments; a person is user: and a pseudonym
--   owner_kind              group or user; null without an owner, and for a name of reference/no_owner_names.csv
--   team                    the owning team, in lower case with hyphens, its namespace before it unless that is default; null without one, and for such a name
--   system_ref              the system that it is part of
--   subcomponent_of         the component that it is part of
--   tier                    its tier: the label tier, or that of an annotation, without the word tier before it
--   labels                  labels, such as pci-scope
--   pci_scope               label pci-scope or pci_scope, or true for such a tag, in lower case; null without one
--   tags                    tags
--   github_slug             organisation/name of its repository: annotation github.com/project-slug, else where the descriptor stands
--   source_path             its folder in that repository; null is the root
--   pagerduty_service_id    annotation pagerduty.com/service-id
--   datadog_service         the name under which Datadog knows it: annotation datadoghq.com/service-name
--   slack_channel           annotation slack.com/channel, or a link to Slack
--   links                   addresses by kind or title of link; several are joined by spaces
--   file                    the file that describes it, from the folder of almanac.toml or the root of the repository
--   line                    the line that its document begins on
--   repository              organisation/name of the repository; null for a file beside almanac.toml
with services as (
    select * from catalog.services
),

no_owner_names as (
    select * from reference.no_owner_names
),

read_owners as (
    select
        *,
        case
            when lower(owner_ref) like 'group:%'
                then replace(replace(lower(trim(regexp_replace(owner_ref, '^group:(default/)?', '', 'i'))), '_', '-'), ' ', '-')
        end as owner_team
    from services
),

stg_catalog__services as (
    select
        date as snapshot_date,
        entity_ref,
        regexp_replace(entity_ref, '^component:(default/)?', '', 'i') as service,
        namespace,
        services.name,
        title,
        component_type,
        lifecycle,
        owner_ref,
        case when no_owner_names.name is null then lower(split_part(owner_ref, ':', 1)) end as owner_kind,
        case when no_owner_names.name is null then owner_team end as team,
        system_ref,
        subcomponent_of,
        nullif(regexp_replace(trim(tier), '^tier[ _-]*', '', 'i'), '') as tier,
        labels,
        lower(
            coalesce(
                labels['pci-scope'],
                labels['pci_scope'],
                case when list_contains(tags, 'pci') or list_contains(tags, 'pci-scope') then 'true' end
            )
        ) as pci_scope,
        tags,
        github_slug,
        source_path,
        pagerduty_service_id,
        datadog_service,
        slack_channel,
        links,
        file,
        line,
        repository
    from read_owners as services
    left join no_owner_names
        on services.owner_team = no_owner_names.name
)

select * from stg_catalog__services
