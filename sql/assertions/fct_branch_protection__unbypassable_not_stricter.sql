-- severity: fail
-- title: rows where a setting is stricter with nobody who may do without it than it is at all
-- remedy: look at combine_demands in int_effective_branch_protection: what nobody may do without is a part of what holds
with protection as (
    select * from fct_branch_protection
)

select date, repository_id, full_name, source_layers
from protection
where (pull_request_required_unbypassable and pull_request_required is distinct from true)
    or required_approvals_unbypassable > required_approvals or (required_approvals_unbypassable > 0 and required_approvals is null)
    or (stale_reviews_dismissed_unbypassable and stale_reviews_dismissed is distinct from true)
    or (code_owner_review_required_unbypassable and code_owner_review_required is distinct from true)
    or (last_push_approval_required_unbypassable and last_push_approval_required is distinct from true)
    or (conversation_resolution_required_unbypassable and conversation_resolution_required is distinct from true)
    or (status_checks_required_unbypassable and status_checks_required is distinct from true)
    or (strict_status_checks_required_unbypassable and strict_status_checks_required is distinct from true)
    or (signatures_required_unbypassable and signatures_required is distinct from true)
    or (linear_history_required_unbypassable and linear_history_required is distinct from true)
    or (force_pushes_blocked_unbypassable and force_pushes_blocked is distinct from true)
    or (deletions_blocked_unbypassable and deletions_blocked is distinct from true)
    or (creations_blocked_unbypassable and creations_blocked is distinct from true)
    or (admins_bound_unbypassable and admins_bound is distinct from true)
    or (pushes_restricted_unbypassable and pushes_restricted is distinct from true)
    or (branch_locked_unbypassable and branch_locked is distinct from true)
    or (deployments_required_unbypassable and deployments_required is distinct from true)
