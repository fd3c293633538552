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
--   is_pci_scope     what property pci_scope says, by reference/pci_scope_values.csv; null when not set, and in a word that is not there
with repository_properties as (
    select * from stg_github__repository_properties
),

pci_scope_values as (
    select * from reference.pci_scope_values
),

int_repository_properties_pivoted as (
    select
        properties.repository_id,
        properties.snapshot_date,
        max(case when properties.property_name = 'team' then properties.property_value end) as team,
        max(case when properties.property_name = 'tier' then properties.property_value end) as tier,
        bool_or(pci.is_pci_scope) as is_pci_scope
    from repository_properties as properties
    left join pci_scope_values as pci
        on properties.property_name = 'pci_scope'
        and lower(trim(properties.property_value)) = pci.value
    group by properties.repository_id, properties.snapshot_date
)

select * from int_repository_properties_pivoted
