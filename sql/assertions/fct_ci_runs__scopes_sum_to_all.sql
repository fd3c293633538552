-- severity: fail
-- title: rows all whose runs are not the sum of the scopes beside them
-- remedy: a run fell into two scopes or none; look at scope_runs in fct_ci_runs
with runs as (
    select * from fct_ci_runs
),

sum_scopes as (
    select
        repository_id,
        workflow_id,
        period_type,
        period_start,
        sum(case when run_scope = 'all' then n_runs end) as n_all,
        sum(case when run_scope <> 'all' then n_runs end) as n_scopes
    from runs
    group by repository_id, workflow_id, period_type, period_start
)

select *
from sum_scopes
where n_all is distinct from n_scopes
