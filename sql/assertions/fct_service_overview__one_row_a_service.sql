-- severity: fail
-- title: a service that runs and has no row on the newest date, or a row of something else
-- remedy: look at which services fct_service_overview loses or takes in on the way
with overview as (
    select * from fct_service_overview where date = getvariable('to')
),

services as (
    select * from dim_services where is_running and is_present is distinct from false
)

select coalesce(services.service, overview.service) as service, services.service is not null as is_running_service
from services
full join overview
    on services.service = overview.service
where (services.service is null or overview.service is null)
    and getvariable('to') = (select max(date) from fct_service_overview)
