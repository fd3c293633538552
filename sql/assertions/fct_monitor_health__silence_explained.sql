-- severity: fail
-- title: monitors whose silence contradicts itself, and monitors said to be unowned though an owner may have been missed
-- remedy: look at end_silences and at is_owned in fct_monitor_health
with monitors as (
    select * from fct_monitor_health
)

select monitor_id, is_muted, is_muted_by_downtime, is_muted_without_end, muted_until, team, is_owned
from monitors
where (is_muted and is_muted_without_end and muted_until is not null)
    or (is_muted and is_muted_without_end = false and muted_until is null)
    or (is_muted and is_muted_without_end is null and (muted_until is not null or not is_muted_by_downtime))
    or (is_muted is distinct from true and (is_muted_without_end or muted_until is not null))
    or (is_muted_by_downtime and is_muted is distinct from true)
    or (is_muted_by_downtime is null and is_muted = false)
    or (team is not null and is_owned is distinct from true)
    or (has_paging_target and not has_target)
