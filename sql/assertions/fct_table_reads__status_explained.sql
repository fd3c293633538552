-- severity: fail
-- title: statuses without an entry in reference/outcome_statuses.csv
-- remedy: a collector reports a status we do not explain; add it to reference/outcome_statuses.csv
with reads as (
    select * from fct_table_reads
)

select source, table_name, status
from reads
where meaning is null
