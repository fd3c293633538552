-- One row per service of the catalog as its newest descriptor has it, but for those known to be gone.
-- A service whose descriptor could not be read this time stays, as it was last seen.
-- grain: service
-- kind: view
-- owner: platform
-- columns:
--   service                 its name, with its namespace before it unless that is default
--   entity_ref              component:namespace/name
--   name                    its name
--   title                   what people call it
--   component_type          service, website, library, …
--   lifecycle               production, experimental, deprecated, …
--   owner_kind              group or user; null without an owner
--   team                    the owning team; null without one
--   system                  the system that it is part of
--   tier                    its tier
--   pci_scope               what label or tag say of PCI, in lower case; null when they say nothing
--   github_slug             organisation/name of its repository
--   source_path             its folder there; null is the root
--   repository_rule         annotation or descriptor, whichever told the repository and the folder: where both say the same, the descriptor; null without it
--   pagerduty_service_id    annotation pagerduty.com/service-id
--   datadog_service         annotation datadoghq.com/service-name
--   slack_channel           its channel
--   is_present              described when the catalog was last read; null when its descriptor could not be read then, and when that read is outdated
--   last_seen_on            date of the snapshot that the row stands in
with services as (
    select * from stg_catalog__services
),

reads as (
    select * from int_table_reads where source = 'catalog' and table_name = 'services'
),

coverage as (
    select * from int_collection_coverage where source = 'github' and table_name = 'repository_files' and not is_complete
),

rank_snapshots as (
    select
        *,
        row_number() over (partition by service order by snapshot_date desc, entity_ref) as snapshot_rank
    from services
),

list_unread as (
    select reads.read_on, unread.parent
    from reads
    cross join unnest(reads.unread_parents) as unread (parent)
),

-- What keeps a descriptor from being read is told of its file, of a line in it, or of all that stand in repositories.
find_unread as (
    select distinct newest.service
    from rank_snapshots as newest
    inner join list_unread as unread
        on newest.snapshot_date < unread.read_on
        and (
            unread.parent = lower(coalesce(newest.repository || '/', '') || newest.file)
            or starts_with(unread.parent, lower(coalesce(newest.repository || '/', '') || newest.file || ':'))
            or (unread.parent = 'github.repository_files' and newest.repository is not null)
        )
    where newest.snapshot_rank = 1
    union
    select distinct newest.service
    from rank_snapshots as newest
    inner join reads
        on newest.snapshot_date < reads.read_on
    inner join coverage
        on lower(newest.repository) = coverage.parent
        and reads.read_on = coverage.logical_date
    where newest.snapshot_rank = 1
),

int_catalog_services as (
    select
        newest.service,
        newest.entity_ref,
        newest.name,
        newest.title,
        newest.component_type,
        newest.lifecycle,
        newest.owner_kind,
        newest.team,
        regexp_replace(newest.system_ref, '^system:(default/)?', '', 'i') as system,
        newest.tier,
        newest.pci_scope,
        newest.github_slug,
        newest.source_path,
        -- An annotation stands beside the place of the descriptor only where the two differ.
        case
            when newest.github_slug is null then null
            when lower(newest.github_slug) is distinct from lower(newest.repository) then 'annotation'
            when newest.source_path is distinct from nullif(regexp_replace(newest.file, '/?[^/]*$', ''), '') then 'annotation'
            else 'descriptor'
        end as repository_rule,
        newest.pagerduty_service_id,
        newest.datadog_service,
        newest.slack_channel,
        case when unread.service is null and outdated.read_on is null then true end as is_present,
        newest.snapshot_date as last_seen_on
    from rank_snapshots as newest
    left join reads
        on newest.snapshot_date < reads.read_on
    left join reads as outdated
        on outdated.snapshot_on is null
    left join find_unread as unread
        on newest.service = unread.service
    where newest.snapshot_rank = 1 and (reads.read_on is null or unread.service is not null)
)

select * from int_catalog_services
