-- severity: warn
-- title: severities of open alerts that have no SLA
-- remedy: add the severity to reference/alert_sla.csv with its source, or accept that it is not_applicable
with alerts as (
    select * from fct_security_alerts
)

select source_kind, severity, count(*) as n_open
from alerts
where state = 'open' and severity is not null and sla_status is not distinct from 'not_applicable'
group by source_kind, severity
