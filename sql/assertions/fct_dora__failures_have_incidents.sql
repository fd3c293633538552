-- severity: fail
-- title: services, teams and organisations with a deployment that failed by incident, and without any incident
-- remedy: an incident that is put down to a deployment counts for whatever that counts for; look at int_dora_incidents
with deployments as (
    select * from int_dora_deployments
),

incidents as (
    select * from int_dora_incidents
)

select deployments.subject_type, deployments.subject_id, min(deployments.finished_at) as finished_at
from deployments
left join incidents
    on deployments.subject_type = incidents.subject_type
    and deployments.subject_id = incidents.subject_id
where deployments.is_failed_incident and incidents.incident_id is null
group by deployments.subject_type, deployments.subject_id
