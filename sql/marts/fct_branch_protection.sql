-- One row per repository and snapshot date, with what protects its default branch: classic rule and rulesets together, the most restrictive
-- value of each setting, with and without those who may do without it. A setting is null when it is unknown, and always for an empty repository.
-- The tiers are OpenSSF Scorecard's (docs/checks.md, Branch-Protection; reference/protection_tiers.csv): 3 no force pushes, no deletion;
-- 6 one approval, up to date, last push approved; 8 status checks; 9 two approvals, code owners; 10 stale approvals dismissed, administrators
-- bound. A tier counts only with all below it, and what was not seen is not met.
-- grain: date, repository_id
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 26h
-- columns:
--   date                                             date of the snapshot
--   repository_id                                    GitHub's number of the repository
--   organization                                     login of the owning organisation
--   full_name                                        organization/name on that date
--   team                                             owning team on that date; null when unknown
--   is_pci_scope                                     subject to PCI on that date; null when unknown
--   visibility                                       public, private or internal on that date
--   is_archived                                      archived on that date
--   default_branch                                   name of the default branch; null while empty
--   protection_status                                protected (something at least holds), planned_only, unprotected, unknown or no_default_branch
--   protection_tier                                  points of the highest tier whose demands, and those of all lower ones, are seen to hold; null without a default branch [0 to 10]
--   protection_tier_high                             the same, were all that is unknown there; null without a default branch [0 to 10]
--   source_layers                                    layers that were read and hold for the branch
--   planned_layers                                   rulesets in evaluate mode
--   unread_layers                                    layers that may hold and could not be read
--   source_completeness                              complete, partial (something was read and something was not) or none
--   reason                                           what protection_status was concluded from
--   pull_request_required                            changes come by pull request; null when unknown
--   pull_request_required_unbypassable               the same with nobody who may do without; null when unknown
--   required_approvals                               approvals a pull request needs; at least so many where unread_layers is not empty, null when unknown [approvals]
--   required_approvals_unbypassable                  the same with nobody who may do without; null when unknown [approvals]
--   stale_reviews_dismissed                          a push dismisses approvals; null when unknown
--   stale_reviews_dismissed_unbypassable             the same with nobody who may do without; null when unknown
--   code_owner_review_required                       code owners must approve; null when unknown
--   code_owner_review_required_unbypassable          the same with nobody who may do without; null when unknown
--   last_push_approval_required                      somebody else than the last to push must approve; null when unknown
--   last_push_approval_required_unbypassable         the same with nobody who may do without; null when unknown
--   conversation_resolution_required                 conversations must be resolved; null when unknown
--   conversation_resolution_required_unbypassable    the same with nobody who may do without; null when unknown
--   status_checks_required                           status checks must pass; null when unknown
--   status_checks_required_unbypassable              the same with nobody who may do without; null when unknown
--   strict_status_checks_required                    the branch must be up to date with them; null when unknown
--   strict_status_checks_required_unbypassable       the same with nobody who may do without; null when unknown
--   signatures_required                              commits must be signed; null when unknown
--   signatures_required_unbypassable                 the same with nobody who may do without; null when unknown
--   linear_history_required                          no merge commits; null when unknown
--   linear_history_required_unbypassable             the same with nobody who may do without; null when unknown
--   force_pushes_blocked                             no force pushes; null when unknown
--   force_pushes_blocked_unbypassable                the same with nobody who may do without; null when unknown
--   deletions_blocked                                the branch may not be deleted; null when unknown
--   deletions_blocked_unbypassable                   the same with nobody who may do without; null when unknown
--   creations_blocked                                matching branches may not be made; null when unknown
--   creations_blocked_unbypassable                   the same with nobody who may do without; null when unknown
--   admins_bound                                     administrators are bound by a layer at least; null when unknown
--   admins_bound_unbypassable                        the same with nobody who may do without; null when unknown
--   pushes_restricted                                only some may push; null when unknown
--   pushes_restricted_unbypassable                   the same with nobody who may do without; null when unknown
--   branch_locked                                    the branch is read-only; null when unknown
--   branch_locked_unbypassable                       the same with nobody who may do without; null when unknown
--   deployments_required                             must be deployed before it is merged; null when unknown
--   deployments_required_unbypassable                the same with nobody who may do without; null when unknown
--   required_contexts                                contexts of the status checks that must pass, as far as read; null without a default branch
with repositories as (
    select *
    from stg_github__repositories
    where snapshot_date between getvariable('from') and getvariable('to')
),

properties as (
    select *
    from int_repository_properties_pivoted
    where snapshot_date between getvariable('from') and getvariable('to')
),

layers as (
    select *
    from int_branch_protection_layers
    where snapshot_date between getvariable('from') and getvariable('to')
),

effective as (
    select *
    from int_effective_branch_protection
    where snapshot_date between getvariable('from') and getvariable('to')
),

settings as (
    select * from reference.protection_settings
),

tiers as (
    select * from reference.protection_tiers
),

list_layers as (
    select
        repository_id,
        snapshot_date,
        coalesce(array_agg(layer order by layer) filter (where not is_planned and layer_kind <> 'unread'), []) as source_layers,
        coalesce(array_agg(layer order by layer) filter (where is_planned and layer_kind <> 'unread'), []) as planned_layers,
        coalesce(array_agg(layer order by layer) filter (where layer_kind = 'unread'), []) as unread_layers
    from layers
    group by repository_id, snapshot_date
),

-- A number of approvals is a lower bound while a layer is unread, so it can be seen to be enough and never to be too low.
judge_criteria as (
    select
        effective.repository_id,
        effective.snapshot_date,
        tiers.points,
        coalesce(effective.value >= tiers.minimum, false) as is_seen,
        coalesce(effective.value < tiers.minimum and (effective.value = 0 or effective.n_unread_layers = 0), false) as is_missing
    from effective
    inner join tiers
        on effective.setting = tiers.setting
),

find_first_gaps as (
    select
        repository_id,
        snapshot_date,
        min(case when not is_seen then points end) as first_unseen,
        min(case when is_missing then points end) as first_missing
    from judge_criteria
    group by repository_id, snapshot_date
),

list_points as (
    select distinct points from tiers
),

rate_tiers as (
    select
        gaps.repository_id,
        gaps.snapshot_date,
        coalesce(max(case when gaps.first_unseen is null or points.points < gaps.first_unseen then points.points end), 0)
            as protection_tier,
        coalesce(max(case when gaps.first_missing is null or points.points < gaps.first_missing then points.points end), 0)
            as protection_tier_high
    from find_first_gaps as gaps
    cross join list_points as points
    group by gaps.repository_id, gaps.snapshot_date
),

count_guards as (
    select
        effective.repository_id,
        effective.snapshot_date,
        count(case when effective.value > 0 then 1 end) as n_guards,
        count(case when effective.value is null then 1 end) as n_unknown_guards,
        count(case when effective.planned_value > 0 then 1 end) as n_planned_guards
    from effective
    inner join settings
        on effective.setting = settings.setting
    where settings.is_guard
    group by effective.repository_id, effective.snapshot_date
),

pivot_settings as (
    select
        repository_id,
        snapshot_date,
        max(case when setting = 'pull_request_required' then value end) = 1 as pull_request_required,
        max(case when setting = 'pull_request_required' then value_unbypassable end) = 1 as pull_request_required_unbypassable,
        max(case when setting = 'required_approvals' then value end) as required_approvals,
        max(case when setting = 'required_approvals' then value_unbypassable end) as required_approvals_unbypassable,
        max(case when setting = 'stale_reviews_dismissed' then value end) = 1 as stale_reviews_dismissed,
        max(case when setting = 'stale_reviews_dismissed' then value_unbypassable end) = 1 as stale_reviews_dismissed_unbypassable,
        max(case when setting = 'code_owner_review_required' then value end) = 1 as code_owner_review_required,
        max(case when setting = 'code_owner_review_required' then value_unbypassable end) = 1 as code_owner_review_required_unbypassable,
        max(case when setting = 'last_push_approval_required' then value end) = 1 as last_push_approval_required,
        max(case when setting = 'last_push_approval_required' then value_unbypassable end) = 1 as last_push_approval_required_unbypassable,
        max(case when setting = 'conversation_resolution_required' then value end) = 1 as conversation_resolution_required,
        max(case when setting = 'conversation_resolution_required' then value_unbypassable end) = 1 as conversation_resolution_required_unbypassable,
        max(case when setting = 'status_checks_required' then value end) = 1 as status_checks_required,
        max(case when setting = 'status_checks_required' then value_unbypassable end) = 1 as status_checks_required_unbypassable,
        max(case when setting = 'strict_status_checks_required' then value end) = 1 as strict_status_checks_required,
        max(case when setting = 'strict_status_checks_required' then value_unbypassable end) = 1 as strict_status_checks_required_unbypassable,
        max(case when setting = 'signatures_required' then value end) = 1 as signatures_required,
        max(case when setting = 'signatures_required' then value_unbypassable end) = 1 as signatures_required_unbypassable,
        max(case when setting = 'linear_history_required' then value end) = 1 as linear_history_required,
        max(case when setting = 'linear_history_required' then value_unbypassable end) = 1 as linear_history_required_unbypassable,
        max(case when setting = 'force_pushes_blocked' then value end) = 1 as force_pushes_blocked,
        max(case when setting = 'force_pushes_blocked' then value_unbypassable end) = 1 as force_pushes_blocked_unbypassable,
        max(case when setting = 'deletions_blocked' then value end) = 1 as deletions_blocked,
        max(case when setting = 'deletions_blocked' then value_unbypassable end) = 1 as deletions_blocked_unbypassable,
        max(case when setting = 'creations_blocked' then value end) = 1 as creations_blocked,
        max(case when setting = 'creations_blocked' then value_unbypassable end) = 1 as creations_blocked_unbypassable,
        max(case when setting = 'admins_bound' then value end) = 1 as admins_bound,
        max(case when setting = 'admins_bound' then value_unbypassable end) = 1 as admins_bound_unbypassable,
        max(case when setting = 'pushes_restricted' then value end) = 1 as pushes_restricted,
        max(case when setting = 'pushes_restricted' then value_unbypassable end) = 1 as pushes_restricted_unbypassable,
        max(case when setting = 'branch_locked' then value end) = 1 as branch_locked,
        max(case when setting = 'branch_locked' then value_unbypassable end) = 1 as branch_locked_unbypassable,
        max(case when setting = 'deployments_required' then value end) = 1 as deployments_required,
        max(case when setting = 'deployments_required' then value_unbypassable end) = 1 as deployments_required_unbypassable,
        max(required_contexts) as required_contexts
    from effective
    group by repository_id, snapshot_date
),

judge_repositories as (
    select
        repositories.*,
        coalesce(list_layers.source_layers, []) as source_layers,
        coalesce(list_layers.planned_layers, []) as planned_layers,
        coalesce(list_layers.unread_layers, []) as unread_layers,
        case
            when repositories.default_branch is null then 'no_default_branch'
            when guards.n_guards > 0 then 'protected'
            when guards.n_unknown_guards > 0 then 'unknown'
            when guards.n_planned_guards > 0 then 'planned_only'
            else 'unprotected'
        end as protection_status
    from repositories
    left join list_layers
        on repositories.repository_id = list_layers.repository_id
        and repositories.snapshot_date = list_layers.snapshot_date
    left join count_guards as guards
        on repositories.repository_id = guards.repository_id
        and repositories.snapshot_date = guards.snapshot_date
),

fct_branch_protection as (
    select
        judged.snapshot_date as date,
        judged.repository_id,
        judged.organization,
        judged.full_name,
        properties.team,
        properties.is_pci_scope,
        judged.visibility,
        judged.is_archived,
        judged.default_branch,
        judged.protection_status,
        rated.protection_tier,
        rated.protection_tier_high,
        judged.source_layers,
        judged.planned_layers,
        judged.unread_layers,
        case
            when len(judged.unread_layers) = 0 then 'complete'
            when len(judged.source_layers) > 0 then 'partial'
            else 'none'
        end as source_completeness,
        case judged.protection_status
            when 'no_default_branch' then 'it has no branch to protect'
            when 'protected' then 'protected by ' || array_to_string(judged.source_layers, ', ')
            when 'unknown' then 'could not read ' || array_to_string(judged.unread_layers, ', ')
            when 'planned_only' then 'only in evaluate mode: ' || array_to_string(judged.planned_layers, ', ')
            else
                case
                    when len(judged.source_layers) = 0 then 'no classic rule and no ruleset holds for the default branch'
                    else 'what holds for the default branch demands nothing: ' || array_to_string(judged.source_layers, ', ')
                end
        end as reason,
        pivoted.pull_request_required,
        pivoted.pull_request_required_unbypassable,
        pivoted.required_approvals,
        pivoted.required_approvals_unbypassable,
        pivoted.stale_reviews_dismissed,
        pivoted.stale_reviews_dismissed_unbypassable,
        pivoted.code_owner_review_required,
        pivoted.code_owner_review_required_unbypassable,
        pivoted.last_push_approval_required,
        pivoted.last_push_approval_required_unbypassable,
        pivoted.conversation_resolution_required,
        pivoted.conversation_resolution_required_unbypassable,
        pivoted.status_checks_required,
        pivoted.status_checks_required_unbypassable,
        pivoted.strict_status_checks_required,
        pivoted.strict_status_checks_required_unbypassable,
        pivoted.signatures_required,
        pivoted.signatures_required_unbypassable,
        pivoted.linear_history_required,
        pivoted.linear_history_required_unbypassable,
        pivoted.force_pushes_blocked,
        pivoted.force_pushes_blocked_unbypassable,
        pivoted.deletions_blocked,
        pivoted.deletions_blocked_unbypassable,
        pivoted.creations_blocked,
        pivoted.creations_blocked_unbypassable,
        pivoted.admins_bound,
        pivoted.admins_bound_unbypassable,
        pivoted.pushes_restricted,
        pivoted.pushes_restricted_unbypassable,
        pivoted.branch_locked,
        pivoted.branch_locked_unbypassable,
        pivoted.deployments_required,
        pivoted.deployments_required_unbypassable,
        pivoted.required_contexts
    from judge_repositories as judged
    left join properties
        on judged.repository_id = properties.repository_id
        and judged.snapshot_date = properties.snapshot_date
    left join rate_tiers as rated
        on judged.repository_id = rated.repository_id
        and judged.snapshot_date = rated.snapshot_date
    left join pivot_settings as pivoted
        on judged.repository_id = pivoted.repository_id
        and judged.snapshot_date = pivoted.snapshot_date
)

select * from fct_branch_protection
