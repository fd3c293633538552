-- severity: fail
-- title: services with another repository, PagerDuty service or accountable team than their links say
-- remedy: dim_services takes them from fct_service_partners and fct_service_owners, as dim_service_links does; let neither choose again
with services as (
    select * from dim_services
),

links as (
    select * from dim_service_links where is_chosen
),

list_choices as (
    select service, 'repository' as target_type, repository as choice from services
    union all
    select service, 'pagerduty_service' as target_type, pagerduty_service_id as choice from services
    union all
    select service, 'team' as target_type, accountable_team as choice from services
)

select choices.service, choices.target_type, choices.choice, links.target_id, links.target_name
from list_choices as choices
left join links
    on choices.service = links.service
    and choices.target_type = links.target_type
where choices.choice is distinct from case when choices.target_type = 'repository' then links.target_name else links.target_id end
