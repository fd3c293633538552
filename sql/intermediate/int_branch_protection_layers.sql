-- One row per repository, snapshot date and layer of protection of its default branch: the classic rule, each ruleset that holds for the
-- branch, and each layer that could not be read. Every setting is said as a demand: 1 when the layer makes it, 0 when it does not, or a
-- number of approvals; so the most restrictive of two layers is the greater, and null stands for what is not known.
-- grain: repository_id, snapshot_date, layer_id
-- kind: view
-- owner: platform
-- columns:
--   repository_id                       GitHub's number of the repository
--   snapshot_date                       date of the snapshot
--   layer_id                            rule:number, ruleset:number, or unread: and what
--   layer_kind                          classic_rule, repository_ruleset, organization_ruleset, enterprise_ruleset or unread
--   layer                               layer_kind and its pattern or name, for people
--   is_planned                          a ruleset in evaluate mode, which protects nothing yet
--   pull_request_required               changes come by pull request
--   required_approvals                  approvals a pull request needs [approvals]
--   stale_reviews_dismissed             a push dismisses approvals
--   code_owner_review_required          code owners must approve
--   last_push_approval_required         somebody else than the last to push must approve
--   conversation_resolution_required    conversations must be resolved
--   status_checks_required              status checks must pass
--   strict_status_checks_required       the branch must be up to date with them
--   signatures_required                 commits must be signed
--   linear_history_required             no merge commits
--   force_pushes_blocked                no force pushes
--   deletions_blocked                   the branch may not be deleted
--   creations_blocked                   matching branches may not be made
--   admins_bound                        administrators are bound too
--   pushes_restricted                   only some may push
--   branch_locked                       the branch is read-only
--   deployments_required                must be deployed before it is merged
--   required_contexts                   contexts of the status checks that must pass; null when unread
--   pull_request_bypassable             somebody may do without the demands on pull requests; null when we may not see it
--   push_bypassable                     somebody may push or create though others may not; null likewise
--   force_push_bypassable               somebody may force-push though others may not; null likewise
--   deletion_bypassable                 somebody may delete though others may not; null likewise
--   rule_bypassable                     somebody may do without the other demands; null likewise
--   pull_request_bypass_actors          who may do without the demands on pull requests, as kind:name; a user by pseudonym; null when unread
--   push_bypass_actors                  who may push or create though others may not, likewise
--   force_push_bypass_actors            who may force-push though others may not, likewise
--   rule_bypass_actors                  who may do without the layer, as kind:name:mode; null when we may not see it
with repositories as (
    select * from stg_github__repositories where default_branch is not null
),

rules as (
    select * from stg_github__branch_protection_rules where is_for_default_branch
),

applied_rulesets as (
    select *
    from stg_github__repository_rulesets
    where enforcement in ('active', 'evaluate') and (target is null or target = 'branch')
),

rulesets as (
    select * from stg_github__rulesets
),

ref_patterns as (
    select * from int_ref_patterns
),

coverage as (
    select * from int_collection_coverage where source = 'github'
),

find_rulesets as (
    select
        repositories.repository_id,
        repositories.snapshot_date,
        'refs/heads/' || repositories.default_branch as default_ref,
        applied.ruleset_id,
        applied.name,
        applied.source_type,
        applied.enforcement,
        coalesce(rulesets.target, applied.target) as target,
        rulesets.ruleset_id is not null as is_read,
        rulesets.ref_include,
        rulesets.ref_exclude,
        rulesets.rule_types,
        rulesets.required_approving_review_count,
        rulesets.dismisses_stale_reviews,
        rulesets.requires_code_owner_reviews,
        rulesets.requires_last_push_approval,
        rulesets.requires_conversation_resolution,
        rulesets.required_status_checks,
        rulesets.requires_strict_status_checks,
        rulesets.bypass_actors
    from repositories
    inner join applied_rulesets as applied
        on repositories.repository_id = applied.repository_id
        and repositories.snapshot_date = applied.snapshot_date
    left join rulesets
        on applied.ruleset_id = rulesets.ruleset_id
        and applied.snapshot_date = rulesets.snapshot_date
),

list_patterns as (
    select repository_id, snapshot_date, ruleset_id, default_ref, 'include' as side, patterns.pattern
    from find_rulesets
    cross join unnest(find_rulesets.ref_include) as patterns (pattern)
    union all
    select repository_id, snapshot_date, ruleset_id, default_ref, 'exclude' as side, patterns.pattern
    from find_rulesets
    cross join unnest(find_rulesets.ref_exclude) as patterns (pattern)
),

-- A pattern that is no pattern, such as one with an open bracket, leaves unknown whether it fits.
match_patterns as (
    select
        list_patterns.repository_id,
        list_patterns.snapshot_date,
        list_patterns.ruleset_id,
        list_patterns.side,
        case
            when list_patterns.pattern in ('~ALL', '~DEFAULT_BRANCH') then true
            else try(regexp_full_match(list_patterns.default_ref, ref_patterns.regex))
        end as fits
    from list_patterns
    left join ref_patterns
        on list_patterns.pattern = ref_patterns.pattern
),

count_matches as (
    select
        repository_id,
        snapshot_date,
        ruleset_id,
        count(case when side = 'include' then 1 end) as n_include,
        count(case when side = 'include' and fits then 1 end) as n_include_fits,
        count(case when side = 'include' and fits is null then 1 end) as n_include_unknown,
        count(case when side = 'exclude' then 1 end) as n_exclude,
        count(case when side = 'exclude' and fits then 1 end) as n_exclude_fits,
        count(case when side = 'exclude' and fits is null then 1 end) as n_exclude_unknown
    from match_patterns
    group by repository_id, snapshot_date, ruleset_id
),

-- Without a name to include, everything but the excluded is meant; without any name, nothing is.
judge_rulesets as (
    select
        found.*,
        case
            when not found.is_read or found.target is null then null
            when matches.n_exclude_fits > 0 then false
            when matches.n_exclude_unknown > 0 then null
            when matches.n_include = 0 then matches.n_exclude > 0
            when matches.n_include_fits > 0 then true
            when matches.n_include_unknown > 0 then null
            else false
        end as holds
    from find_rulesets as found
    left join count_matches as matches
        on found.repository_id = matches.repository_id
        and found.snapshot_date = matches.snapshot_date
        and found.ruleset_id = matches.ruleset_id
    where found.target is null or found.target = 'branch'
),

-- What a layer demands of pull requests counts only where it demands pull requests. Force pushes and deletions are settled for everyone,
-- administrators included, whatever else they may do without.
read_rules as (
    select
        repositories.repository_id,
        repositories.snapshot_date,
        'rule:' || cast(rules.rule_id as varchar) as layer_id,
        'classic_rule' as layer_kind,
        'classic_rule ' || rules.pattern as layer,
        false as is_planned,
        cast(rules.requires_approving_reviews as bigint) as pull_request_required,
        case when rules.requires_approving_reviews then rules.required_approving_review_count else 0 end as required_approvals,
        cast(rules.requires_approving_reviews and rules.dismisses_stale_reviews as bigint) as stale_reviews_dismissed,
        cast(rules.requires_approving_reviews and rules.requires_code_owner_reviews as bigint) as code_owner_review_required,
        cast(rules.requires_approving_reviews and rules.requires_last_push_approval as bigint) as last_push_approval_required,
        cast(rules.requires_conversation_resolution as bigint) as conversation_resolution_required,
        cast(rules.requires_status_checks as bigint) as status_checks_required,
        cast(rules.requires_strict_status_checks as bigint) as strict_status_checks_required,
        cast(rules.requires_signatures as bigint) as signatures_required,
        cast(rules.requires_linear_history as bigint) as linear_history_required,
        cast(not rules.allows_force_pushes as bigint) as force_pushes_blocked,
        cast(not rules.allows_deletions as bigint) as deletions_blocked,
        cast(rules.blocks_creations as bigint) as creations_blocked,
        cast(rules.is_admin_enforced as bigint) as admins_bound,
        cast(rules.restricts_pushes as bigint) as pushes_restricted,
        cast(rules.is_locked as bigint) as branch_locked,
        cast(rules.requires_deployments as bigint) as deployments_required,
        case when rules.requires_status_checks then rules.required_status_checks else [] end as required_contexts,
        not rules.is_admin_enforced or len(rules.bypass_pull_request_actors) > 0 as pull_request_bypassable,
        not rules.is_admin_enforced or len(rules.push_actors) > 0 as push_bypassable,
        len(rules.bypass_force_push_actors) > 0 as force_push_bypassable,
        false as deletion_bypassable,
        not rules.is_admin_enforced as rule_bypassable,
        rules.bypass_pull_request_actors as pull_request_bypass_actors,
        case when rules.restricts_pushes then rules.push_actors else [] end as push_bypass_actors,
        rules.bypass_force_push_actors as force_push_bypass_actors,
        case when rules.is_admin_enforced then [] else ['role:admin:always'] end as rule_bypass_actors
    from repositories
    inner join rules
        on repositories.repository_id = rules.repository_id
        and repositories.snapshot_date = rules.snapshot_date
),

-- An administrator may pass where any role, an owner or the whole enterprise's owner may, or somebody of no known kind.
read_rulesets as (
    select
        repository_id,
        snapshot_date,
        'ruleset:' || cast(ruleset_id as varchar) as layer_id,
        source_type || '_ruleset' as layer_kind,
        source_type || '_ruleset ' || name as layer,
        enforcement = 'evaluate' as is_planned,
        cast(list_contains(rule_types, 'pull_request') as bigint) as pull_request_required,
        case
            when list_contains(rule_types, 'pull_request') then required_approving_review_count else 0
        end as required_approvals,
        cast(coalesce(dismisses_stale_reviews, false) as bigint) as stale_reviews_dismissed,
        cast(coalesce(requires_code_owner_reviews, false) as bigint) as code_owner_review_required,
        cast(coalesce(requires_last_push_approval, false) as bigint) as last_push_approval_required,
        cast(
            coalesce(requires_conversation_resolution, false) or list_contains(rule_types, 'required_review_thread_resolution') as bigint
        ) as conversation_resolution_required,
        cast(list_contains(rule_types, 'required_status_checks') as bigint) as status_checks_required,
        cast(coalesce(requires_strict_status_checks, false) as bigint) as strict_status_checks_required,
        cast(list_contains(rule_types, 'required_signatures') as bigint) as signatures_required,
        cast(list_contains(rule_types, 'required_linear_history') as bigint) as linear_history_required,
        cast(list_contains(rule_types, 'non_fast_forward') as bigint) as force_pushes_blocked,
        cast(list_contains(rule_types, 'deletion') as bigint) as deletions_blocked,
        cast(list_contains(rule_types, 'creation') as bigint) as creations_blocked,
        case
            when len(rule_types) = 0 then 0
            else cast(
                not regexp_matches(array_to_string(bypass_actors, chr(10)), '(?m)^(role|organization_admin|enterprise_owner|unknown):') as bigint
            )
        end as admins_bound,
        cast(list_contains(rule_types, 'update') as bigint) as pushes_restricted,
        cast(list_contains(rule_types, 'lock_branch') as bigint) as branch_locked,
        cast(list_contains(rule_types, 'required_deployments') as bigint) as deployments_required,
        required_status_checks as required_contexts,
        len(bypass_actors) > 0 as is_bypassable,
        bypass_actors
    from judge_rulesets
    where holds
),

list_reads as (
    select repository_id, snapshot_date, 'branch_protection_rules' as table_name, full_name as parent, 'classic rules' as what
    from repositories
    union all
    select repository_id, snapshot_date, 'repository_rulesets' as table_name, full_name as parent, 'list of rulesets' as what
    from repositories
    union all
    select repository_id, snapshot_date, 'rulesets' as table_name, full_name as parent, 'rulesets of the repository' as what
    from repositories
    union all
    select repository_id, snapshot_date, 'rulesets' as table_name, organization as parent, 'rulesets of the organization' as what
    from repositories
),

-- What was not read to the end may demand anything, and so may a ruleset that GitHub names and does not show.
find_unread as (
    select
        list_reads.repository_id,
        list_reads.snapshot_date,
        'unread:' || list_reads.what as layer_id,
        'unread ' || list_reads.what as layer,
        false as is_planned
    from list_reads
    left join coverage
        on list_reads.table_name = coverage.table_name
        and lower(list_reads.parent) = coverage.parent
        and list_reads.snapshot_date = coverage.logical_date
    where coverage.is_complete is distinct from true
    union all
    select
        repository_id,
        snapshot_date,
        'unread:ruleset:' || cast(ruleset_id as varchar) as layer_id,
        'unread ' || source_type || '_ruleset ' || name as layer,
        enforcement = 'evaluate' as is_planned
    from judge_rulesets
    where holds is null
),

int_branch_protection_layers as (
    select * from read_rules
    union all
    select
        repository_id,
        snapshot_date,
        layer_id,
        layer_kind,
        layer,
        is_planned,
        pull_request_required,
        required_approvals,
        stale_reviews_dismissed,
        code_owner_review_required,
        last_push_approval_required,
        conversation_resolution_required,
        status_checks_required,
        strict_status_checks_required,
        signatures_required,
        linear_history_required,
        force_pushes_blocked,
        deletions_blocked,
        creations_blocked,
        admins_bound,
        pushes_restricted,
        branch_locked,
        deployments_required,
        required_contexts,
        is_bypassable as pull_request_bypassable,
        is_bypassable as push_bypassable,
        is_bypassable as force_push_bypassable,
        is_bypassable as deletion_bypassable,
        is_bypassable as rule_bypassable,
        [] as pull_request_bypass_actors,
        [] as push_bypass_actors,
        [] as force_push_bypass_actors,
        bypass_actors as rule_bypass_actors
    from read_rulesets
    union all
    select
        repository_id,
        snapshot_date,
        layer_id,
        'unread' as layer_kind,
        layer,
        is_planned,
        null as pull_request_required,
        null as required_approvals,
        null as stale_reviews_dismissed,
        null as code_owner_review_required,
        null as last_push_approval_required,
        null as conversation_resolution_required,
        null as status_checks_required,
        null as strict_status_checks_required,
        null as signatures_required,
        null as linear_history_required,
        null as force_pushes_blocked,
        null as deletions_blocked,
        null as creations_blocked,
        null as admins_bound,
        null as pushes_restricted,
        null as branch_locked,
        null as deployments_required,
        null as required_contexts,
        null as pull_request_bypassable,
        null as push_bypassable,
        null as force_push_bypassable,
        null as deletion_bypassable,
        null as rule_bypassable,
        null as pull_request_bypass_actors,
        null as push_bypass_actors,
        null as force_push_bypass_actors,
        null as rule_bypass_actors
    from find_unread
)

select * from int_branch_protection_layers
