-- severity: fail
-- title: rows whose state is not open, fixed, dismissed, auto_dismissed or resolved
-- remedy: GitHub added a state; decide whether it counts as closed, and give it its closing time in fct_security_alerts
with alerts as (
    select * from fct_security_alerts
)

select date, source_kind, repository_id, alert_number, state
from alerts
where state is null or state not in ('open', 'fixed', 'dismissed', 'auto_dismissed', 'resolved')
