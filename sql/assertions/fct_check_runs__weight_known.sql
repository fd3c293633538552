-- severity: fail
-- title: checks whose severity has no weight, or whose level there is not
-- remedy: give the check a severity of reference/check_weights.csv and a level of reference/check_levels.csv, or those tables a row
with runs as (
    select * from fct_check_runs
),

levels as (
    select * from reference.check_levels
)

select distinct runs.check_id, runs.severity, runs.weight, runs.level
from runs
left join levels
    on runs.level = levels.level
where runs.weight is null or not runs.weight > 0 or levels.level is null
