-- severity: warn
-- title: changes that no row of reference/watched_changes.csv explains
-- remedy: add a row for the table and column there, with what the change means
with changes as (
    select * from fct_changes
)

select date, source, table_name, key, column_name
from changes
where kind = 'unexplained'
