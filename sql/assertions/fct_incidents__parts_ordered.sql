-- severity: fail
-- title: incidents whose times run backwards and count all the same, or that are open and resolved at once
-- remedy: look at measure_times in fct_incidents: a time that runs backwards is null, with has_negative_time
with incidents as (
    select * from fct_incidents
)

select source, incident_id, opened_at, acknowledged_at, mitigated_at, resolved_at
from incidents
where minutes_to_acknowledge < 0
    or minutes_to_mitigate < 0
    or minutes_to_resolve < 0
    or (is_open and resolved_at is not null)
    or (acknowledged_at is not null and minutes_to_acknowledge is null and not has_negative_time)
    or (mitigated_at is not null and minutes_to_mitigate is null and not has_negative_time)
    or (resolved_at is not null and minutes_to_resolve is null and not has_negative_time)
    or opened_at is null
