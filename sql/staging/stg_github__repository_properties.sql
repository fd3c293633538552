-- One row per repository, custom property and snapshot date.
-- grain: repository_id, property_name, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date      date of the snapshot
--   repository_id      GitHub's number of the repository
--   full_name          organization/name on that date
--   property_name      name of the custom property
--   property_value     its value; null when not set or when it has several
--   property_values    all its values; a single value is the only element
with repository_properties as (
    select * from github.repository_properties
),

stg_github__repository_properties as (
    select
        date as snapshot_date,
        repository_id,
        full_name,
        property_name,
        value as property_value,
        "values" as property_values
    from repository_properties
)

select * from stg_github__repository_properties
