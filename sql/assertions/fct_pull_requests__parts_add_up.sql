-- severity: fail
-- title: rows whose coding, pickup, review and approval to merge do not add up to the cycle, or with deploy to the lead time
-- remedy: compare the definitions of the parts in fct_pull_requests with definitions.md section 2; each part must begin where the one before ends
with pull_requests as (
    select * from fct_pull_requests where not has_disordered_events
)

select
    repository_id,
    number,
    coding_hours + pickup_hours + review_hours + coalesce(approval_to_merge_hours, 0) as sum_of_parts_hours,
    cycle_hours,
    deploy_hours,
    lead_hours
from pull_requests
where abs(coding_hours + pickup_hours + review_hours + coalesce(approval_to_merge_hours, 0) - cycle_hours) > 0.001
    or abs(coding_hours + pickup_hours + review_hours + coalesce(approval_to_merge_hours, 0) + deploy_hours - lead_hours) > 0.001
