-- severity: fail
-- title: changes between snapshots in no order, or between equal values
-- remedy: look at how almanac.snapshot_changes came about for that date; collect again to have it told anew
with changes as (
    select * from fct_changes
)

select date, source, table_name, key, column_name
from changes
where previous_date >= date
    or days_between is distinct from date_diff('day', previous_date, date)
    or (change = 'added' and before is not null)
    or (change = 'removed' and after is not null)
    or (change = 'changed' and before is not distinct from after and coalesce(before, '') not like '%somebody%')
