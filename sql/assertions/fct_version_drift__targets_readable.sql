-- severity: warn
-- title: targets that are no version
-- remedy: write three numbers in reference/version_targets.csv, such as 1.24.0: with two, the table holds a number and not a version
with drift as (
    select * from fct_version_drift
)

select distinct module, target_version
from drift
where target_version is not null and minors_behind_newest is not null and majors_behind_target is null
