-- severity: fail
-- title: repositories and dates that do not have one row for each of the three kinds of alert
-- remedy: look at list_kinds in fct_alert_visibility, and at the joins after it
with visibility as (
    select * from fct_alert_visibility
)

select date, repository_id, count(*) as n_rows, count(distinct alert_kind) as n_kinds
from visibility
group by date, repository_id
having count(*) <> 3 or count(distinct alert_kind) <> 3
