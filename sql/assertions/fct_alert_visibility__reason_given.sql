-- severity: fail
-- title: rows whose outcome has no entry in reference/outcome_statuses.csv
-- remedy: a collector reports a status we do not explain; add it to reference/outcome_statuses.csv and decide in fct_alert_visibility what it means
with visibility as (
    select * from fct_alert_visibility
)

select date, repository_id, alert_kind, full_name, outcome_status, reason
from visibility
where reason is null
