-- severity: fail
-- title: a partner said to be missing though the other side was not read to the end
-- remedy: restore the rule in dim_service_links: what nobody read may be the partner, and the row is unknown
with links as (
    select * from dim_service_links where status in ('unmatched_service', 'unmatched_target')
),

services as (
    select service, source from dim_services
),

reads as (
    select source || '.' || table_name as table_name from fct_table_reads where not is_complete
),

-- What a service lacks may stand on the other side, or where more may be said of the service; what a thing lacks is a service.
list_hiding_places as (
    select *
    from (
        values
            ('unmatched_service', 'component', 'any', 'catalog.services'),
            ('unmatched_service', 'repository', 'any', 'github.repositories'),
            ('unmatched_service', 'pagerduty_service', 'any', 'pagerduty.services'),
            ('unmatched_service', 'datadog_service', 'any', 'datadog.service_definitions'),
            ('unmatched_service', 'datadog_service', 'any', 'datadog.monitors'),
            ('unmatched_service', 'datadog_service', 'any', 'datadog.slos'),
            ('unmatched_service', 'datadog_service', 'any', 'datadog.synthetic_tests'),
            ('unmatched_service', 'datadog_service', 'any', 'datadog.incidents'),
            ('unmatched_service', 'repository', 'catalog', 'datadog.service_definitions'),
            ('unmatched_service', 'repository', 'datadog', 'catalog.services'),
            ('unmatched_service', 'pagerduty_service', 'catalog', 'datadog.service_definitions'),
            ('unmatched_service', 'pagerduty_service', 'datadog', 'catalog.services'),
            ('unmatched_service', 'team', 'catalog', 'datadog.service_definitions'),
            ('unmatched_service', 'team', 'datadog', 'catalog.services')
    ) as places (status, target_type, source, table_name)
)

select links.service, links.target_type, links.target_id, links.status, reads.table_name
from links
inner join services
    on links.service = services.service
inner join list_hiding_places as places
    on links.status = places.status
    and links.target_type = places.target_type
    and places.source in ('any', services.source)
inner join reads
    on places.table_name = reads.table_name
where links.target_id = ''
union all
select links.service, links.target_type, links.target_id, links.status, reads.table_name
from links
inner join reads
    on reads.table_name in ('catalog.services', 'datadog.service_definitions')
where links.status = 'unmatched_target'
