-- severity: fail
-- title: statistics over fewer samples than the minimum, and bands or scores without a statistic
-- remedy: look at measure_periods in fct_dora and at reference/minimum_samples.csv: the n stands, the statistic is null
with dora as (
    select * from fct_dora
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
)

select dora.subject_type, dora.subject_id, dora.period_type, dora.period_start
from dora
cross join minimum_samples as m
where (dora.deployment_days_per_week_p50 is not null and dora.n_weeks < m.minimum)
    or (dora.lead_time_commit_p50_hours is not null and coalesce(dora.n_commits, 0) < m.minimum)
    or (dora.lead_time_pr_p50_hours is not null and coalesce(dora.n_pull_requests, 0) < m.minimum)
    or (dora.change_failure_rate_incident is not null and coalesce(dora.n_deployments, 0) < m.minimum)
    or (dora.change_failure_rate_remediation is not null and coalesce(dora.n_deployments, 0) < m.minimum)
    or (dora.change_failure_rate_remediation_without_rollbacks is not null and coalesce(dora.n_without_rollbacks, 0) < m.minimum)
    or (dora.recovery_p50_hours is not null and dora.n_recoveries < m.minimum)
    or (dora.rework_rate is not null and coalesce(dora.n_deployments, 0) < m.minimum)
    or (dora.not_attributed_share is not null and coalesce(dora.n_incidents, 0) < m.minimum)
    or (dora.frequency_band is null) <> (dora.deployment_days_per_week_p50 is null)
    or (dora.lead_time_commit_band is null) <> (dora.lead_time_commit_p50_hours is null)
    or (dora.lead_time_pr_band is null) <> (dora.lead_time_pr_p50_hours is null)
    or (dora.change_failure_incident_band is null) <> (dora.change_failure_rate_incident is null)
    or (dora.change_failure_remediation_band is null) <> (dora.change_failure_rate_remediation is null)
    or (dora.recovery_band is null) <> (dora.recovery_p50_hours is null)
    or (dora.lead_time_commit_score is null) <> (dora.lead_time_commit_p50_hours is null)
    or (dora.rework_score is null) <> (dora.rework_rate is null)
    or (dora.change_failure_incident_score is null) <> (dora.change_failure_rate_incident is null)
    or (dora.recovery_score is null) <> (dora.recovery_p50_hours is null)
