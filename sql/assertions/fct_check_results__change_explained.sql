-- severity: fail
-- title: a change that nothing explains, or an explanation without one
-- remedy: changed_by of fct_check_results is rule, waiver or data where is_changed, and null elsewhere
with results as (
    select * from fct_check_results
)

select date, check_id, subject_id, status, restated_status, is_rule_changed, is_changed, changed_by
from results
where (is_changed and (changed_by is null or changed_by not in ('rule', 'waiver', 'data')))
    or (is_changed is distinct from true and changed_by is not null)
    or (changed_by = 'rule' and is_rule_changed is distinct from true)
    or (restated_on is null and (restated_status is not null or is_changed is not null))
