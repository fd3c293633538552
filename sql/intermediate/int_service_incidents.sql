-- One row per service and incident that counts for it: maintenance and tests left out, and each event once.
-- An event may stand at PagerDuty and at Datadog: those of one source count, told by int_incident_sources.
-- grain: service, incident_id
-- kind: view
-- owner: platform
-- columns:
--   service               service of dim_services, or the name that the source has for it
--   incident_id           id of the incident
--   source                pagerduty or datadog
--   opened_at             when it began, UTC
--   opened_on             date of that, UTC
--   severity              1 (worst) to 5; null when nothing tells
--   is_open               it is not resolved, nor archived
--   minutes_to_resolve    when it began to when it was resolved; null when not told [minutes]
--   counts_for_mttr       it is resolved and counts for the time that takes
with incidents as (
    select * from fct_incidents where kind = 'incident'
),

sources as (
    select * from int_incident_sources where is_counted
),

int_service_incidents as (
    select
        affected.service,
        incidents.incident_id,
        incidents.source,
        incidents.opened_at,
        cast(incidents.opened_at as date) as opened_on,
        incidents.severity,
        incidents.is_open,
        incidents.minutes_to_resolve,
        incidents.counts_for_mttr
    from incidents
    inner join sources
        on incidents.source = sources.source
    cross join unnest(incidents.services) as affected (service)
)

select * from int_service_incidents
