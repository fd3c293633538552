-- severity: fail
-- title: a check that said nothing sure and counts as pass, fail or exempt, or the reverse
-- remedy: in fct_check_runs a status is the answer of the check, but for a fail that a waiver makes exempt
with runs as (
    select * from fct_check_runs
)

select date, is_restated, check_id, subject_id, answer, status
from runs
where answer is null
    or answer not in ('pass', 'fail', 'not_applicable', 'unknown', 'error')
    or (status is distinct from answer and not (answer = 'fail' and status is not distinct from 'exempt'))
