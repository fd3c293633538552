-- severity: fail
-- title: components and definitions that stand in two rows
-- remedy: look at combine_sources in dim_services, and at int_datadog_service_names: a name stands for one service or for none
with services as (
    select * from dim_services
),

list_names as (
    select 'component' as kind, entity_ref as name, service from services where entity_ref is not null
    union all
    select 'definition' as kind, defined.name, services.service
    from services
    cross join unnest(services.datadog_services) as defined (name)
)

select kind, name, count(*) as n_services, min(service) as first_service, max(service) as last_service
from list_names
group by kind, name
having count(*) > 1
