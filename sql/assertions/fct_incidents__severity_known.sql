-- severity: warn
-- title: names of severities of incidents that have no row in reference/incident_severities.csv
-- remedy: add the name that your company uses to reference/incident_severities.csv, without a severity when it says that nobody knows it; until then its severity is unknown
with incidents as (
    select * from fct_incidents
)

select source, severity_name, count(*) as n_incidents, min(opened_at) as first_opened_at
from incidents
where severity_rule is null and severity_name is not null and kind = 'incident'
group by source, severity_name
