-- severity: fail
-- title: services whose team may be a person
-- remedy: restore the rule in stg_catalog__services: only a group is a team, and of a person the kind is all that is said
with services as (
    select * from dim_services
)

select service, team, accountable_team, accountable_rule, owner_kind
from services
where
    team like 'user:%'
    or team like '%@%'
    or (owner_kind = 'user' and owner_source = 'catalog')
    or accountable_team like 'user:%'
    or accountable_team like '%@%'
    or (owner_kind = 'user' and accountable_rule = 'descriptor')
