-- severity: fail
-- title: checks counted in two statuses, or in none
-- remedy: count a new status in fct_quality_scores; its areas are those of the checks
with scores as (
    select * from fct_quality_scores where n_checks is not null
),

sum_areas as (
    select
        date,
        subject_type,
        subject_id,
        sum(case when area = 'all' then n_checks else 0 end) as n_checks,
        sum(case when area <> 'all' then n_checks else 0 end) as n_checks_by_area
    from scores
    group by date, subject_type, subject_id
)

select date, subject_type, subject_id, area, n_checks, n_pass + n_fail + n_unknown + n_error + n_exempt + n_not_applicable as n_counted
from scores
where n_checks <> n_pass + n_fail + n_unknown + n_error + n_exempt + n_not_applicable
    or n_applicable <> n_pass + n_fail + n_unknown + n_error
    or n_subjects_passing_all > n_subjects
union all
select date, subject_type, subject_id, 'all' as area, n_checks, n_checks_by_area as n_counted
from sum_areas
where n_checks <> n_checks_by_area
