-- severity: error
-- title: waivers for nothing
-- remedy: mend the check or the subject of the waiver in the file and line given, or take it away
with waivers as (
    select * from fct_waivers
)

select file, line, waiver_id, check_id, subject
from waivers
where status = 'unused'
