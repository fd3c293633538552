-- severity: fail
-- title: services said to be unowned though a team is named, or may be where not all was read
-- remedy: restore the rule in dim_services: is_owned is false only where nothing names a team and all that may was read, and null where not
with services as (
    select * from dim_services
),

teams as (
    select * from dim_service_links where target_type = 'team' and status in ('linked', 'conflict', 'unknown')
),

reads as (
    select * from fct_table_reads where not is_complete
)

select services.service, services.source, services.team, services.is_owned, reads.source as unread_source, reads.table_name
from services
inner join reads
    on (services.source = 'catalog' and reads.source = 'datadog' and reads.table_name = 'service_definitions')
    or (services.source = 'datadog' and reads.source = 'catalog' and reads.table_name = 'services')
    or (services.repository is null and reads.source = 'github' and reads.table_name = 'repositories')
where services.is_owned = false
union all
select service, source, team, is_owned, cast(null as varchar) as unread_source, cast(null as varchar) as table_name
from services
where (coalesce(accountable_team, team) is not null) is distinct from coalesce(is_owned, false)
union all
select services.service, services.source, services.team, services.is_owned, cast(null as varchar) as unread_source, cast(null as varchar) as table_name
from services
inner join teams
    on services.service = teams.service
where services.is_owned = false
