-- One row per relation from one entity of the catalog to another, and snapshot date.
-- grain: from_ref, relation, to_ref, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   from_ref         the entity that says so, such as component:default/lamp-api
--   from_kind        component, api, resource, system, domain or group
--   relation         depends_on, provides_api, consumes_api, part_of, owned_by or child_of
--   to_ref           the entity that it names
--   to_kind          likewise
--   is_described     that one has a descriptor of its own
--   file             the file that describes it, from the folder of almanac.toml or the root of the repository
--   line             the line that its document begins on
--   repository       organisation/name of the repository; null for a file beside almanac.toml
with dependencies as (
    select * from catalog.dependencies
),

stg_catalog__dependencies as (
    select
        date as snapshot_date,
        from_ref,
        from_kind,
        relation,
        to_ref,
        to_kind,
        is_described,
        file,
        line,
        repository
    from dependencies
)

select * from stg_catalog__dependencies
