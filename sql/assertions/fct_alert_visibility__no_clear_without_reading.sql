-- severity: fail
-- title: rows that look clear though nobody read them to the end
-- remedy: restore the rule in judge_visibility of fct_alert_visibility: only ok and empty are visible, and only visible may say 0; never_ran is no all-clear
with visibility as (
    select * from fct_alert_visibility
)

select date, repository_id, alert_kind, full_name, visibility, outcome_status, n_open, alert_status
from visibility
where (visibility = 'visible' and (outcome_status is null or outcome_status not in ('ok', 'empty')))
    or (visibility is distinct from 'visible' and n_open = 0)
    or (visibility = 'visible' and n_open is null)
    or (alert_status = 'no_open_alerts' and (visibility is distinct from 'visible' or n_open is distinct from 0))
