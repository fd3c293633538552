-- One row per service of dim_services, with what its descriptor in the catalog and its definitions at Datadog tell of it on their newest reads.
-- What could not be read is null, never false, and unread_sources names it: what an older read told does not count here.
-- grain: service
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service                  the service
--   team                     team that owns it; null without one
--   tier                     tier; null without one
--   lifecycle                lifecycle; null without one
--   is_running               runs and so can fail
--   is_in_catalog            a component of the catalog describes it; null when a descriptor may not have been read
--   has_owner                a team is named as its owner
--   has_tier                 a tier is named
--   has_lifecycle            a lifecycle is named
--   has_repository           a repository is named
--   has_channel              a channel to talk to its people is named
--   has_pci_scope            a label or tag says, in a word of reference/pci_scope_values.csv, whether it is subject to PCI
--   has_runbook              a link or label names a runbook, by reference/service_attribute_names.csv
--   has_disaster_recovery    a label, tag or link tells how it comes back after a disaster, likewise; a value of reference/declined_values.csv does not
--   has_dashboard            a link names a dashboard, likewise, or the title of one of Datadog's holds its name as a word of its own
--   n_dashboards             dashboards of Datadog whose title does; null when dashboards could not be read to the end and there is none [dashboards]
--   links                    addresses that links of its descriptor and its definitions name, each as kind: address; as far as they were read
--   unread_sources           of catalog and datadog, those that describe it, or may do so, and were not read to the end
with services as (
    select * from dim_services
),

catalog_services as (
    select * from int_catalog_services where is_present
),

definitions as (
    select * from int_service_definitions where is_present
),

descriptors as (
    select * from stg_catalog__services
),

service_definitions as (
    select * from stg_datadog__service_definitions
),

names as (
    select * from int_datadog_service_names
),

dashboards as (
    select * from stg_datadog__dashboards
),

reads as (
    select * from int_table_reads
),

attribute_names as (
    select * from reference.service_attribute_names
),

declined_values as (
    select * from reference.declined_values
),

pci_scope_values as (
    select * from reference.pci_scope_values
),

judge_reads as (
    select
        count(case when source = 'catalog' and table_name = 'services' and not is_complete then 1 end) = 0 as is_catalog_read,
        count(case when source = 'datadog' and table_name = 'service_definitions' and not is_complete then 1 end) = 0 as is_datadog_read,
        count(case when source = 'datadog' and table_name = 'dashboards' and is_complete then 1 end) = 1 as is_dashboards_read
    from reads
),

-- A component that was read is whole; what only Datadog describes may have a descriptor that was not read.
find_unread as (
    select
        services.service,
        list_concat(
            case
                when services.source = 'datadog' and not judge_reads.is_catalog_read then ['catalog']
                when services.source <> 'datadog' and services.is_present is null then ['catalog']
                else []
            end,
            case when judge_reads.is_datadog_read then [] else ['datadog'] end
        ) as unread_sources
    from services
    cross join judge_reads
),

list_descriptions as (
    select
        newest.service,
        true as is_component,
        newest.team,
        newest.tier,
        newest.lifecycle,
        newest.github_slug as repository,
        newest.slack_channel,
        newest.pci_scope,
        descriptors.labels,
        descriptors.tags,
        descriptors.links
    from catalog_services as newest
    inner join descriptors
        on newest.entity_ref = descriptors.entity_ref
        and newest.last_seen_on = descriptors.snapshot_date
    union all
    select
        names.service,
        false as is_component,
        newest.team,
        newest.tier,
        newest.lifecycle,
        newest.repositories[1] as repository,
        newest.slack_channel,
        newest.pci_scope,
        service_definitions.tags as labels,
        [] as tags,
        service_definitions.links
    from definitions as newest
    inner join names
        on newest.name = names.name
    inner join service_definitions
        on newest.name = lower(service_definitions.service)
        and newest.last_seen_on = service_definitions.snapshot_date
),

combine_descriptions as (
    select
        described.service,
        max(case when described.is_component then 1 else 0 end) = 1 as is_in_catalog,
        count(described.team) > 0 as has_owner,
        count(described.tier) > 0 as has_tier,
        count(described.lifecycle) > 0 as has_lifecycle,
        count(described.repository) > 0 as has_repository,
        count(described.slack_channel) > 0 as has_channel,
        count(pci.is_pci_scope) > 0 as has_pci_scope
    from list_descriptions as described
    left join pci_scope_values as pci
        on described.pci_scope = pci.value
    group by described.service
),

list_words as (
    select described.service, 'label' as place, lower(labels.name) as word, described.labels[labels.name] as value
    from list_descriptions as described
    cross join unnest(map_keys(described.labels)) as labels (name)
    union all
    select described.service, 'tag' as place, lower(tags.name) as word, null as value
    from list_descriptions as described
    cross join unnest(described.tags) as tags (name)
    union all
    select described.service, 'link' as place, lower(links.name) as word, described.links[links.name] as value
    from list_descriptions as described
    cross join unnest(map_keys(described.links)) as links (name)
),

find_attributes as (
    select
        words.service,
        count(case when attributes.attribute = 'runbook' then 1 end) > 0 as has_runbook,
        count(case when attributes.attribute = 'dashboard' then 1 end) > 0 as has_dashboard,
        count(case when attributes.attribute = 'disaster_recovery' then 1 end) > 0 as has_disaster_recovery
    from list_words as words
    inner join attribute_names as attributes
        on words.place = attributes.place
        and words.word like replace(attributes.pattern, '*', '%')
    left join declined_values as declined
        on lower(trim(words.value)) = declined.value
    where declined.value is null
    group by words.service
),

-- The list of dashboards has no tags: a title is all that tells what a dashboard is about.
list_title_words as (
    select distinct dashboards.dashboard_id, trim(words.word, '.-_') as word
    from dashboards
    inner join reads
        on reads.source = 'datadog'
        and reads.table_name = 'dashboards'
        and dashboards.snapshot_date = reads.snapshot_on
    cross join unnest(string_split_regex(lower(dashboards.title), '[^a-z0-9._-]+')) as words (word)
),

list_names as (
    select name, service from names where service is not null
    union
    select lower(services.service) as name, services.service
    from services
    left join names
        on lower(services.service) = names.name
    where names.name is null
),

list_links as (
    select
        described.service,
        list_sort(array_agg(distinct links.name || ': ' || addresses.address)) as links
    from list_descriptions as described
    cross join unnest(map_keys(described.links)) as links (name)
    cross join unnest(string_split(described.links[links.name], ' ')) as addresses (address)
    where addresses.address <> ''
    group by described.service
),

count_dashboards as (
    select list_names.service, count(distinct titles.dashboard_id) as n_dashboards
    from list_title_words as titles
    inner join list_names
        on titles.word = list_names.name
    group by list_names.service
),

fct_service_attributes as (
    select
        services.service,
        services.team,
        services.tier,
        services.lifecycle,
        services.is_running,
        case when described.is_in_catalog then true when not list_contains(find_unread.unread_sources, 'catalog') then false end as is_in_catalog,
        case when described.has_owner then true when len(find_unread.unread_sources) = 0 then false end as has_owner,
        case when described.has_tier then true when len(find_unread.unread_sources) = 0 then false end as has_tier,
        case when described.has_lifecycle then true when len(find_unread.unread_sources) = 0 then false end as has_lifecycle,
        case when described.has_repository then true when len(find_unread.unread_sources) = 0 then false end as has_repository,
        case when described.has_channel then true when len(find_unread.unread_sources) = 0 then false end as has_channel,
        case when described.has_pci_scope then true when len(find_unread.unread_sources) = 0 then false end as has_pci_scope,
        case when attributes.has_runbook then true when len(find_unread.unread_sources) = 0 then false end as has_runbook,
        case when attributes.has_disaster_recovery then true when len(find_unread.unread_sources) = 0 then false end as has_disaster_recovery,
        case
            when attributes.has_dashboard or counted.n_dashboards > 0 then true
            when judge_reads.is_dashboards_read and len(find_unread.unread_sources) = 0 then false
        end as has_dashboard,
        coalesce(counted.n_dashboards, case when judge_reads.is_dashboards_read then 0 end) as n_dashboards,
        coalesce(list_links.links, []) as links,
        find_unread.unread_sources
    from services
    cross join judge_reads
    inner join find_unread
        on services.service = find_unread.service
    left join combine_descriptions as described
        on services.service = described.service
    left join find_attributes as attributes
        on services.service = attributes.service
    left join count_dashboards as counted
        on services.service = counted.service
    left join list_links
        on services.service = list_links.service
)

select * from fct_service_attributes
