-- severity: fail
-- title: rows that look protected though no layer that was read protects them, or unprotected though a layer was not read
-- remedy: restore the rule in judge_repositories of fct_branch_protection: protected needs a layer, unprotected needs that all were read
with protection as (
    select * from fct_branch_protection
)

select date, repository_id, full_name, protection_status, protection_tier, source_layers, unread_layers
from protection
where (protection_status = 'protected' and len(source_layers) = 0)
    or (protection_status = 'unprotected' and len(unread_layers) > 0)
    or (protection_tier > 0 and protection_status is distinct from 'protected')
    or protection_tier > protection_tier_high
    or protection_status is null
    or protection_status not in ('protected', 'planned_only', 'unprotected', 'unknown', 'no_default_branch')
