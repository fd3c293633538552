-- severity: fail
-- title: rates below 0 or above 1, or with a numerator that is not among what it is divided by
-- remedy: a deployment is counted twice, or in the numerator alone; look at int_dora_deployments and at sum_deployments in fct_dora
with dora as (
    select * from fct_dora
)

select subject_type, subject_id, period_type, period_start
from dora
where n_failed_incident > n_deployments
    or n_remediated > n_without_rollbacks
    or n_without_rollbacks > n_deployments
    or n_failed > n_deployments
    or n_recoveries > n_deployments
    or n_recoveries_incident > n_recoveries
    or n_judged_unplanned > n_deployments
    or n_unplanned > n_judged_unplanned
    or n_deployment_days > n_deployments
    or n_deployment_days > n_days
    or not coalesce(change_failure_rate_incident between 0 and 1, true)
    or not coalesce(change_failure_rate_remediation between 0 and 1, true)
    or not coalesce(change_failure_rate_remediation_without_rollbacks between 0 and 1, true)
    or not coalesce(rework_rate between 0 and 1, true)
    or abs(attributed_explicit_share + attributed_same_service_share + attributed_same_team_share + not_attributed_share - 1) > 1e-9
