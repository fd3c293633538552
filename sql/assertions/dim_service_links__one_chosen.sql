-- severity: fail
-- title: services with two partners of a kind of which they have one
-- remedy: restore the rule in fct_service_partners, fct_service_owners and dim_service_links: taken is what the best rule says, if it says one thing
with links as (
    select * from dim_service_links where is_chosen
)

select service, target_type, count(*) as n_chosen, min(target_name) as first_target, max(target_name) as last_target
from links
where target_type <> 'kubernetes_label'
group by service, target_type
having count(*) > 1
