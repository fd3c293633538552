-- severity: fail
-- title: planned work and tests that count as recoveries, and kinds nobody knows
-- remedy: look at reference/incident_kinds.csv, and at counts_for_mttr in fct_incidents
with incidents as (
    select * from fct_incidents
)

select source, incident_id, kind, is_test, counts_for_mttr
from incidents
where kind not in ('incident', 'maintenance', 'test')
    or (counts_for_mttr and (kind <> 'incident' or minutes_to_resolve is null))
    or (is_test and kind = 'incident')
