-- severity: fail
-- title: tables that were not compared, or not whole, without a reason
-- remedy: give the status its reason in fct_watched_tables
with tables as (
    select * from fct_watched_tables
)

select source, table_name, status
from tables
where status is null or (status = 'compared') <> (reason is null)
