-- severity: fail
-- title: repositories of whose deployments to one tier more pull requests are told than were merged
-- remedy: a pull request is in two deployments of a service and tier; look at int_pull_request_deployments
with deployments as (
    select service, environment_tier, repository_id, sum(n_pull_requests) as n_contained
    from fct_deployments
    group by service, environment_tier, repository_id
),

pull_requests as (
    select repository_id, count(*) as n_merged
    from fct_pull_requests
    where is_merged
    group by repository_id
)

select deployments.service, deployments.environment_tier, deployments.repository_id, deployments.n_contained, pull_requests.n_merged
from deployments
left join pull_requests
    on deployments.repository_id = pull_requests.repository_id
where deployments.n_contained > coalesce(pull_requests.n_merged, 0)
