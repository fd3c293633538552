-- severity: warn
-- title: lines of reference/incident_deployments.csv that name no successful deployment to production, so that the incident is put down to none
-- remedy: give the repository as organization/name and the number or the commit of a deployment that succeeded; a line without either says that none caused it
with attribution as (
    select * from int_incident_attribution
)

select source, incident_id, started_at
from attribution
where is_override_unknown
