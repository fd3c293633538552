-- severity: fail
-- title: deployments that are said to undo or repair one that came later, was undone itself by going back, or is not there
-- remedy: look at list_repairs in fct_deployments: what failed was live before, and is neither a rollback nor a redeploy
with deployments as (
    select * from fct_deployments
)

select repairing.service, repairing.repository_id, repairing.deployment_id, repairing.remediation_rule, repairing.remediates_deployment_id
from deployments as repairing
left join deployments as failed
    on repairing.service = failed.service
    and repairing.repository_id = failed.repository_id
    and repairing.remediates_deployment_id = failed.deployment_id
where repairing.remediates_deployment_id is not null
    and (
        failed.finished_at is null
        or failed.finished_at > repairing.finished_at
        or failed.deployment_id = repairing.deployment_id
        or not failed.is_failed_remediation
        or (repairing.remediation_rule <> 'revert' and coalesce(failed.is_rollback or failed.is_redeploy or failed.is_overtaken, false))
    )
