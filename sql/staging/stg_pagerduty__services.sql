-- One row per PagerDuty service and snapshot date.
-- grain: service_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date                      date of the snapshot
--   service_id                         id of the service
--   name                               its name
--   status                             active, warning, critical, maintenance or disabled
--   escalation_policy_id               who is called
--   team_ids                           teams that it belongs to
--   created_at                         when it was made, UTC; null when not told
--   last_incident_at                   when something last happened, UTC; null when nothing did
--   acknowledgement_timeout_seconds    after so long, an acknowledged incident calls again; null is never [seconds]
--   auto_resolve_timeout_seconds       after so long, an incident is resolved by itself; null is never [seconds]
--   alert_creation                     create_incidents or create_alerts_and_incidents
--   urgency_rule                       high, low, severity_based or by support hours
--   integration_kinds                  what reports to it, each kind once
--   html_url                           its page
with services as (
    select * from pagerduty.services
),

stg_pagerduty__services as (
    select
        date as snapshot_date,
        service_id,
        name,
        status,
        escalation_policy_id,
        team_ids,
        cast(created_at as timestamp) as created_at,
        cast(last_incident_at as timestamp) as last_incident_at,
        acknowledgement_timeout_seconds,
        auto_resolve_timeout_seconds,
        alert_creation,
        urgency_rule,
        integration_kinds,
        html_url
    from services
)

select * from stg_pagerduty__services
