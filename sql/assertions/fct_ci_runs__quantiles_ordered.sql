-- severity: fail
-- title: rows whose higher quantile is lower, or whose shares leave 0 to 1
-- remedy: look at summarize_runs in fct_ci_runs, and at negative seconds in github.workflow_runs

-- A quantile between equal values is interpolated, and may miss them in the last digit.
with runs as (
    select * from fct_ci_runs
)

select repository_id, workflow_id, period_type, period_start, run_scope
from runs
where duration_p50_minutes > duration_p75_minutes + 1e-6
    or duration_p75_minutes > duration_p90_minutes + 1e-6
    or queue_p50_minutes > queue_p90_minutes + 1e-6
    or duration_p50_minutes < 0
    or queue_p50_minutes < 0
    or failure_rate not between 0 and 1
    or rerun_share not between 0 and 1
