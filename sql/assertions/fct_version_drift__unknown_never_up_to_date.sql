-- severity: fail
-- title: rows whose status does not follow from what was compared
-- remedy: restore the rules in judge_versions of fct_version_drift: without a version to compare, the status is unknown
with drift as (
    select * from fct_version_drift
)

select date, repository_id, path, module_path, used_version, newest_version, drift_status
from drift
where (drift_status = 'unknown') is distinct from (minors_behind_newest is null)
    or (drift_status = 'up_to_date' and (used_version is null or minors_behind_newest > 0 or majors_behind_target > 0 or minors_behind_target > 0))
    or (drift_status = 'behind_target' and target_version is null)
    or drift_status not in ('up_to_date', 'behind_newest', 'behind_target', 'unknown')
