-- One row per system or domain of the catalog, and snapshot date.
-- grain: entity_ref, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   entity_ref       system:namespace/name or domain:namespace/name
--   kind             system or domain
--   namespace        its namespace
--   name             its name
--   title            what people call it
--   owner_ref        who owns it
--   team             the owning team, in lower case with hyphens, its namespace before it unless that is default; null without one
--   domain_ref       the domain that it is part of
--   labels           labels
--   tags             tags
--   file             the file that describes it, from the folder of almanac.toml or the root of the repository
--   line             the line that its document begins on
--   repository       organisation/name of the repository; null for a file beside almanac.toml
with systems as (
    select * from catalog.systems
),

stg_catalog__systems as (
    select
        date as snapshot_date,
        entity_ref,
        kind,
        namespace,
        name,
        title,
        owner_ref,
        case
            when lower(owner_ref) like 'group:%'
                then replace(replace(lower(trim(regexp_replace(owner_ref, '^group:(default/)?', '', 'i'))), '_', '-'), ' ', '-')
        end as team,
        domain_ref,
        labels,
        tags,
        file,
        line,
        repository
    from systems
)

select * from stg_catalog__systems
