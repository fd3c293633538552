-- severity: fail
-- title: rows whose actor may be a person
-- remedy: restore the rule in split_actors of fct_protection_bypass: of users, the kind is all that is said
with bypass as (
    select * from fct_protection_bypass
)

select date, repository_id, layer_id, scope, actor_kind
from bypass
where actor_kind not in ('team', 'app', 'role', 'organization_admin', 'enterprise_owner', 'deploy_key', 'user', 'unknown', 'not_visible')
    or (actor_kind not in ('team', 'app', 'role') and actor <> actor_kind)
