-- severity: fail
-- title: dates of which a table is left out that others are told of, and a comparison with no earlier date
-- remedy: look at how fct_watched_tables joins tables with the dates that any of them was read for
with tables as (
    select * from fct_watched_tables
),

count_dates as (
    select source, table_name, count(*) as n_dates
    from tables
    group by source, table_name
)

select source, table_name, cast(null as date) as as_of_date
from count_dates
where n_dates <> (select count(distinct as_of_date) from tables)
union all
select source, table_name, as_of_date
from tables
where read_on > as_of_date or previous_date >= read_on
    or (status in ('compared', 'partly_compared') and (previous_date is null or read_on is distinct from as_of_date))
