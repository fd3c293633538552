-- severity: fail
-- title: dates on which a check has no row, or several, for a subject of its kind
-- remedy: a join in fct_check_runs lost or made rows: it begins with every check and every subject of its kind
with runs as (
    select * from fct_check_runs
)

select date, is_restated, subject_type, count(*) as n_rows, count(distinct check_id) as n_checks, count(distinct subject_id) as n_subjects
from runs
group by date, is_restated, subject_type
having count(*) <> count(distinct check_id) * count(distinct subject_id)
