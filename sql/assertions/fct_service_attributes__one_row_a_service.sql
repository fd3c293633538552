-- severity: fail
-- title: services without a row, and rows without their service
-- remedy: a join in fct_service_attributes lost or made services; its base is dim_services
with services as (
    select * from dim_services
),

attributes as (
    select * from fct_service_attributes
)

select coalesce(services.service, attributes.service) as service, services.service is not null as has_dimension, attributes.service is not null as has_fact
from services
full join attributes
    on services.service = attributes.service
where services.service is null or attributes.service is null
