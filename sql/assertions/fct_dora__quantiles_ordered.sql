-- severity: fail
-- title: lead times whose 50th, 75th and 90th percentile are not in order
-- remedy: look at sum_lead_times in fct_dora; equal times may differ in the last digit
with dora as (
    select * from fct_dora
)

select subject_type, subject_id, period_type, period_start
from dora
where lead_time_commit_p50_hours > lead_time_commit_p75_hours + 1e-6
    or lead_time_commit_p75_hours > lead_time_commit_p90_hours + 1e-6
    or lead_time_pr_p50_hours > lead_time_pr_p75_hours + 1e-6
    or lead_time_pr_p75_hours > lead_time_pr_p90_hours + 1e-6
    or lead_time_commit_p50_hours < 0
    or lead_time_pr_p50_hours < 0
    or recovery_p50_hours < 0
