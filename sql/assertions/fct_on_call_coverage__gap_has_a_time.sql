-- severity: warn
-- title: levels that nobody is on call for without a time for it, and gaps without a beginning
-- remedy: look at collectors/src/pagerduty/oncalls.rs: a level that is not covered has gap_seconds, and a gap has next_gap_at
with coverage as (
    select * from fct_on_call_coverage
)

select escalation_policy_id, level, is_covered, has_gap, gap_hours, next_gap_at
from coverage
where (not is_covered and not has_gap)
    or gap_hours < 0
    or (has_gap = false and next_gap_at is not null)
    or (is_covered and n_on_call = 0)
