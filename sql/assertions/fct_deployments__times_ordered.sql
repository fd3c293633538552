-- severity: fail
-- title: deployments whose times run backwards without being flagged, or that count as live though they never succeeded
-- remedy: look at has_disordered_times, lead_hours_max and recovery_hours in fct_deployments: a time that would run backwards is null
with deployments as (
    select * from fct_deployments
)

select service, repository_id, deployment_id, created_at, finished_at, first_failed_at, lead_hours_max, recovery_hours
from deployments
where ((finished_at < created_at or first_failed_at < created_at) and not has_disordered_times)
    or lead_hours_max < 0
    or recovery_hours < 0
    or (
        finished_at is null
        and (
            is_successful
            or n_pull_requests is not null
            or n_incidents > 0
            or is_failed_remediation
            or remediates_deployment_id is not null
            or is_unplanned is not null
        )
    )
    or (is_rollback and (is_redeploy or is_overtaken))
