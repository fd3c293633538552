-- One row per incident and service, team or organisation that it counts for: that it is about, or of which a deployment failed by it.
-- An incident that names only a team is not about a service, and one that names a service that lives nowhere not about an organisation; where it is put
-- down to a deployment, it counts for the service, the team and the organisation of that, too, so that what failed by incident always has one.
-- grain: subject_type, subject_id, source, incident_id
-- kind: view
-- owner: platform
-- columns:
--   subject_type    service, team or organisation
--   subject_id      service, team, or login of the organisation
--   source          pagerduty or datadog
--   incident_id     id of the incident there
--   started_on      date on which it began, UTC
--   rule            explicit, same_service, same_team or none, by reference/attribution_rules.csv
with attribution as (
    select * from int_incident_attribution
),

deployments as (
    select * from int_service_deployments
),

service_repositories as (
    select * from int_service_repositories
),

list_homes as (
    select service, organization from deployments
    union
    select service, split_part(full_name, '/', 1) as organization from service_repositories
),

list_failed as (
    select attribution.source, attribution.incident_id, deployments.service, deployments.team, deployments.organization
    from attribution
    cross join unnest(attribution.failed_services) as failed (service)
    inner join deployments
        on failed.service = deployments.service
        and attribution.repository_id = deployments.repository_id
        and attribution.deployment_id = deployments.deployment_id
),

list_subjects as (
    select attribution.source, attribution.incident_id, 'service' as subject_type, affected.service as subject_id
    from attribution
    cross join unnest(attribution.services) as affected (service)
    union
    select attribution.source, attribution.incident_id, 'team' as subject_type, affected.team as subject_id
    from attribution
    cross join unnest(attribution.teams) as affected (team)
    union
    select attribution.source, attribution.incident_id, 'organisation' as subject_type, homes.organization as subject_id
    from attribution
    cross join unnest(attribution.services) as affected (service)
    inner join list_homes as homes
        on affected.service = homes.service
    union
    select source, incident_id, 'service' as subject_type, service as subject_id from list_failed where service <> '__no_service__'
    union
    select source, incident_id, 'team' as subject_type, team as subject_id from list_failed where team is not null
    union
    select source, incident_id, 'organisation' as subject_type, organization as subject_id from list_failed
),

int_dora_incidents as (
    select
        subjects.subject_type,
        subjects.subject_id,
        subjects.source,
        subjects.incident_id,
        cast(attribution.started_at as date) as started_on,
        attribution.rule
    from list_subjects as subjects
    inner join attribution
        on subjects.source = attribution.source
        and subjects.incident_id = attribution.incident_id
)

select * from int_dora_incidents
