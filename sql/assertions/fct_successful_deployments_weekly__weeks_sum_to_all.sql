-- severity: fail
-- title: subjects whose weeks differ from those of fct_dora, or leave one out
-- remedy: both stand on int_dora_periods and int_dora_deployments; a week without a deployment is a row with none
with weekly as (
    select * from fct_successful_deployments_weekly
),

dora as (
    select * from fct_dora where period_type = 'week'
),

count_weeks as (
    select subject_type, subject_id, date_diff('day', min(week), max(week)) / 7 + 1 as n_spanned, count(*) as n_weeks
    from weekly
    group by subject_type, subject_id
)

select weekly.subject_type, weekly.subject_id, cast(weekly.week as varchar) as week, weekly.n_deployments, dora.n_deployments as n_dora
from weekly
left join dora
    on weekly.subject_type = dora.subject_type
    and weekly.subject_id = dora.subject_id
    and weekly.week = dora.period_start
where weekly.n_deployments is distinct from dora.n_deployments
union all
select subject_type, subject_id, 'all', n_weeks, n_spanned
from count_weeks
where n_weeks <> n_spanned
