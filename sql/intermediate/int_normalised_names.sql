-- One row per name of a service, of a repository or of a service at PagerDuty, spelled so that like names are alike, in whatever script they are.
-- A name without a letter or a digit is like no other, and has no row.
-- grain: name
-- kind: view
-- owner: platform
-- columns:
--   name               the name, in lower case
--   normalised_name    its letters and digits, with one hyphen for whatever stands between them, and nothing for what stands around them
with catalog_services as (
    select * from int_catalog_services
),

datadog_names as (
    select * from int_datadog_service_names
),

repositories as (
    select * from int_repositories
),

pagerduty_services as (
    select * from stg_pagerduty__services
),

list_names as (
    select lower(service) as name from catalog_services
    union
    select lower(name) as name from catalog_services
    union
    select lower(service) as name from datadog_names
    union
    select name from datadog_names
    union
    select lower(name) as name from repositories
    union
    select lower(name) as name from pagerduty_services
),

int_normalised_names as (
    select name, trim(regexp_replace(name, '[^\p{L}\p{M}\p{N}]+', '-', 'g'), '-') as normalised_name
    from list_names
    where regexp_matches(name, '[\p{L}\p{N}]')
)

select * from int_normalised_names
