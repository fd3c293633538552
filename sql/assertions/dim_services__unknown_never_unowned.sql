-- severity: fail
-- title: services said to be unowned though a place where a team may be named was not read to the end
-- remedy: restore the rule in dim_services: is_owned is false only where the catalog and the definitions were read, and null where not
with services as (
    select * from dim_services
),

reads as (
    select * from fct_table_reads where not is_complete
)

select services.service, services.source, services.team, services.is_owned, reads.source as unread_source, reads.table_name
from services
inner join reads
    on (services.source = 'catalog' and reads.source = 'datadog' and reads.table_name = 'service_definitions')
    or (services.source = 'datadog' and reads.source = 'catalog' and reads.table_name = 'services')
where services.is_owned = false
union all
select service, source, team, is_owned, cast(null as varchar) as unread_source, cast(null as varchar) as table_name
from services
where (team is null) is not distinct from is_owned
