-- One row per repository and snapshot date that has custom properties, with those the marts speak of as columns.
-- A repository without a row, or with null in a column, is unknown in that respect.
-- grain: repository_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   repository_id    GitHub's number of the repository
--   snapshot_date    date of the snapshot
--   team             property team; null when not set
--   tier             property tier; null when not set
--   is_pci_scope     property pci_scope is in-scope; null when not set
with repository_properties as (
    select * from stg_github__repository_properties
),

int_repository_properties_pivoted as (
    select
        repository_id,
        snapshot_date,
        max(case when property_name = 'team' then property_value end) as team,
        max(case when property_name = 'tier' then property_value end) as tier,
        max(case when property_name = 'pci_scope' then property_value end) = 'in-scope' as is_pci_scope
    from repository_properties
    group by repository_id, snapshot_date
)

select * from int_repository_properties_pivoted
