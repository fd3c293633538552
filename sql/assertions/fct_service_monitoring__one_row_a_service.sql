-- severity: fail
-- title: services without a row, and rows without their service
-- remedy: a join in fct_service_monitoring lost or made services; its base is dim_services
with services as (
    select * from dim_services
),

monitoring as (
    select * from fct_service_monitoring
)

select coalesce(services.service, monitoring.service) as service, services.service is not null as has_dimension, monitoring.service is not null as has_fact
from services
full join monitoring
    on services.service = monitoring.service
where services.service is null or monitoring.service is null
