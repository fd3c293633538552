-- severity: fail
-- title: what was said on a date, and reads otherwise since the date was recomputed
-- remedy: in fct_check_results what is restated stands beside what was said then, and never in its place
with runs as (
    select * from fct_check_runs
),

results as (
    select * from fct_check_results
),

result_dates as (
    select distinct date from results
)

select runs.date, runs.is_restated, runs.check_id, runs.subject_id, runs.status, results.status as result_status, results.restated_status
from runs
inner join result_dates
    on runs.date = result_dates.date
left join results
    on runs.date = results.date
    and runs.check_id = results.check_id
    and runs.subject_id = results.subject_id
where (
    not runs.is_restated
    and (
        runs.status is distinct from results.status
        or runs.weight is distinct from results.weight
        or runs.check_version is distinct from results.check_version
        or runs.rule_digest is distinct from results.rule_digest
        or runs.judged_on is distinct from results.judged_on
    )
)
or (
    runs.is_restated
    and (
        runs.status is distinct from results.restated_status
        or runs.weight is distinct from results.restated_weight
        or runs.check_version is distinct from results.restated_version
        or runs.rule_digest is distinct from results.restated_digest
    )
)
