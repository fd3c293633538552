-- One row per service and name of its own: the key, and the name without a namespace. What Datadog calls it is told by int_datadog_service_names.
-- grain: service, name
-- kind: view
-- owner: platform
-- columns:
--   service            key of the service in dim_services
--   name               the name, in lower case
--   normalised_name    spelled so that like names are alike, by int_normalised_names; null without a letter or a digit
with catalog_services as (
    select * from int_catalog_services
),

definitions as (
    select * from int_datadog_service_names where is_defined and entity_ref is null
),

normalised_names as (
    select * from int_normalised_names
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
    select names.service, names.name, normalised.normalised_name
    from list_names as names
    left join normalised_names as normalised
        on names.name = normalised.name
)

select * from int_service_names
