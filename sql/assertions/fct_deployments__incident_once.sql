-- severity: fail
-- title: more incidents put down to deployments than there are
-- remedy: an incident is put down to two deployments; look at rank_matches in int_incident_attribution
with count_services as (
    select repository_id, deployment_id, max(n_incidents) as n_incidents
    from fct_deployments
    group by repository_id, deployment_id
),

count_deployments as (
    select sum(n_incidents) as n_attributed
    from count_services
),

count_incidents as (
    select count(*) as n_incidents
    from fct_incidents
    where kind = 'incident'
)

select count_deployments.n_attributed, count_incidents.n_incidents
from count_deployments
cross join count_incidents
where count_deployments.n_attributed > count_incidents.n_incidents
