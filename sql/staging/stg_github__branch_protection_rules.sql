-- One row per classic branch protection rule and snapshot date.
-- grain: repository_id, rule_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date                       date of the snapshot
--   repository_id                       GitHub's number of the repository
--   full_name                           organization/name on that date
--   rule_id                             GitHub's number of the rule
--   pattern                             branches it is for
--   is_for_default_branch               GitHub applies it to the default branch
--   requires_approving_reviews          changes come by pull request
--   required_approving_review_count     approvals a pull request needs; null when GitHub does not say [approvals]
--   dismisses_stale_reviews             a push dismisses approvals
--   requires_code_owner_reviews         code owners must approve
--   requires_last_push_approval         somebody else than the last to push must approve
--   restricts_review_dismissals         only some may dismiss reviews
--   requires_status_checks              status checks must pass
--   requires_strict_status_checks       the branch must be up to date; never without status checks
--   required_status_checks              contexts of the status checks that must pass
--   requires_conversation_resolution    conversations must be resolved
--   requires_signatures                 commits must be signed
--   requires_linear_history             no merge commits
--   requires_deployments                must be deployed before it is merged
--   required_deployment_environments    environments it must be deployed to
--   is_admin_enforced                   administrators are bound too
--   allows_force_pushes                 force pushes are allowed
--   allows_deletions                    the branch may be deleted
--   blocks_creations                    matching branches may not be made
--   restricts_pushes                    only some may push
--   is_locked                           the branch is read-only
--   push_actors                         who may push where that is restricted, as kind:name; a user by pseudonym
--   bypass_pull_request_actors          who may do without a pull request, likewise
--   bypass_force_push_actors            who may force-push, likewise
--   review_dismissal_actors             who may dismiss reviews where that is restricted, likewise
with branch_protection_rules as (
    select * from github.branch_protection_rules
),

stg_github__branch_protection_rules as (
    select
        date as snapshot_date,
        repository_id,
        full_name,
        rule_id,
        pattern,
        is_for_default_branch,
        requires_approving_reviews,
        required_approving_review_count,
        dismisses_stale_reviews,
        requires_code_owner_reviews,
        requires_last_push_approval,
        restricts_review_dismissals,
        requires_status_checks,
        -- GitHub says true also where no status checks are required.
        requires_strict_status_checks and requires_status_checks as requires_strict_status_checks,
        required_status_checks,
        requires_conversation_resolution,
        requires_signatures,
        requires_linear_history,
        requires_deployments,
        required_deployment_environments,
        is_admin_enforced,
        allows_force_pushes,
        allows_deletions,
        blocks_creations,
        restricts_pushes,
        is_locked,
        push_actors,
        bypass_pull_request_actors,
        bypass_force_push_actors,
        review_dismissal_actors
    from branch_protection_rules
)

select * from stg_github__branch_protection_rules
