-- severity: fail
-- title: measures of what was never read
-- remedy: look at combine_counts in fct_dora: without a read to the end nothing is known, and a count of none would be an all-clear
with dora as (
    select * from fct_dora
)

select subject_type, subject_id, period_type, period_start
from dora
where (
        (deployments_completeness = 'none' or n_days = 0)
        and coalesce(n_deployments, n_failed_incident, n_remediated, n_failed, n_recoveries, n_unplanned, n_commits, n_pull_requests) is not null
    )
    or (incidents_completeness = 'none' and coalesce(n_failed_incident, n_incidents) is not null)
    or (
        pull_requests_completeness = 'none'
        and coalesce(n_pull_requests, n_commits, n_remediated, n_judged_unplanned, n_unplanned, rework_rate, rework_score) is not null
    )
    or (pull_requests_completeness = 'none' and incidents_completeness = 'none' and coalesce(n_failed, n_recoveries, recovery_p50_hours) is not null)
