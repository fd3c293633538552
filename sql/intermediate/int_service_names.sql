-- One row per service and name of its own: the key, and the name without a namespace. What Datadog calls it is told by int_datadog_service_names.
-- grain: service, name
-- kind: view
-- owner: platform
-- columns:
--   service            key of the service in dim_services
--   name               the name, in lower case
--   normalised_name    the name in letters and digits, with one hyphen for whatever stands between them
with catalog_services as (
    select * from int_catalog_services
),

definitions as (
    select * from int_datadog_service_names where is_defined and entity_ref is null
),

list_names as (
    select service, lower(service) as name from catalog_services
    union
    select service, lower(name) as name from catalog_services
    union
    select service, lower(service) as name from definitions
    union
    select service, name from definitions
),

int_service_names as (
    select service, name, regexp_replace(name, '[^a-z0-9]+', '-', 'g') as normalised_name
    from list_names
)

select * from int_service_names
