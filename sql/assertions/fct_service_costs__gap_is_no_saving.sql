-- severity: fail
-- title: changes of services against days of which too little was seen
-- remedy: restore the rule in fct_service_costs: a day is compared only where comparable_completeness of it was seen
with services as (
    select * from fct_service_costs
),

thresholds as (
    select value as minimum_completeness from reference.thresholds where name = 'comparable_completeness'
)

select services.date, services.service, services.completeness, services.weekly_change
from services
cross join thresholds
where services.weekly_change is not null and (services.completeness is null or services.completeness < thresholds.minimum_completeness)
