-- One row per service that the source whose incidents are counted knows, so that an incident of it would be seen. That another has none is no measurement.
-- grain: service
-- kind: view
-- owner: platform
-- columns:
--   service    the service
with sources as (
    select * from int_incident_sources where is_counted
),

services as (
    select * from fct_service_monitoring
),

datadog_names as (
    select * from int_datadog_service_names
),

int_incident_services as (
    select services.service
    from services
    inner join sources
        on sources.source = 'pagerduty'
    where services.pagerduty_service_id is not null and services.on_call_status <> 'not_found'
    union
    select services.service
    from services
    inner join sources
        on sources.source = 'datadog'
    inner join datadog_names as names
        on services.service = names.service
)

select * from int_incident_services
