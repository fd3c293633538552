-- One row per ruleset of a repository or an organisation and snapshot date.
-- grain: ruleset_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date                       date of the snapshot
--   ruleset_id                          GitHub's number of the ruleset
--   organization                        login of the organisation
--   source_type                         whose it is: repository, organization or enterprise
--   repository_id                       number of the repository whose it is; null for one of the organisation
--   full_name                           organization/name of that repository on that date
--   name                                its name
--   target                              what it is about: branch, tag, push or repository; null when GitHub does not say
--   enforcement                         active, evaluate (only tried) or disabled
--   ref_include                         patterns of refs it is for, ~ALL or ~DEFAULT_BRANCH
--   ref_exclude                         patterns of refs it is not for
--   repository_include                  patterns of repository names it is for
--   repository_exclude                  patterns of repository names it is not for
--   repository_conditions               conditions by property and by number
--   rule_types                          types of its rules, in small letters
--   required_approving_review_count     approvals a pull request needs; null without such a rule [approvals]
--   dismisses_stale_reviews             a push dismisses approvals; null without a rule for pull requests
--   requires_code_owner_reviews         code owners must approve; null likewise
--   requires_last_push_approval         somebody else than the last to push must approve; null likewise
--   requires_conversation_resolution    conversations must be resolved; null likewise
--   allowed_merge_methods               merge, squash, rebase; empty where nothing is said
--   required_status_checks              contexts of the status checks that must pass
--   requires_strict_status_checks       the branch must be up to date; null without a rule for status checks
--   bypass_actors                       who may bypass it, as kind:name:mode; null where we may not see it
--   created_at                          when it was made, UTC
--   updated_at                          when it last changed, UTC
with rulesets as (
    select * from github.rulesets
),

stg_github__rulesets as (
    select
        date as snapshot_date,
        ruleset_id,
        organization,
        source_type,
        repository_id,
        full_name,
        name,
        target,
        enforcement,
        ref_include,
        ref_exclude,
        repository_include,
        repository_exclude,
        repository_conditions,
        rule_types,
        required_approving_review_count,
        dismisses_stale_reviews,
        requires_code_owner_reviews,
        requires_last_push_approval,
        requires_conversation_resolution,
        allowed_merge_methods,
        required_status_checks,
        requires_strict_status_checks,
        bypass_actors,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at
    from rulesets
)

select * from stg_github__rulesets
