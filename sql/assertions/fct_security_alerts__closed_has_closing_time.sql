-- severity: warn
-- title: closed alerts without the time of their closing, and open ones with one
-- remedy: such an alert is neither met nor breached; look at the times of closing in the raw table of that kind, and at int_security_alerts
with alerts as (
    select * from fct_security_alerts
)

select date, source_kind, repository_id, alert_number, state, closed_at
from alerts
where (state = 'open') is distinct from (closed_at is null)
