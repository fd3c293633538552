-- One row per repository with a default branch, snapshot date and setting, with what holds for that branch over all layers together.
-- The most restrictive layer counts; what a layer that could not be read may demand is unknown, unless another already demands it.
-- Demands are 1 or 0, or a number of approvals. A layer that only evaluates is planned and protects nothing.
-- grain: repository_id, snapshot_date, setting
-- kind: view
-- owner: platform
-- columns:
--   repository_id         GitHub's number of the repository
--   snapshot_date         date of the snapshot
--   setting               what is demanded, as in reference/protection_settings.csv
--   value                 what holds: 1, 0 or approvals, of these at least so many while n_unread_layers is not 0; null when unknown
--   value_unbypassable    what holds with nobody who may do without it; null when unknown
--   planned_value         what rulesets in evaluate mode would demand; null when one could not be read
--   source_layers         layers that demand as much as value says
--   planned_layers        rulesets in evaluate mode that demand it
--   required_contexts     for status_checks_required, the contexts of all layers together; null for every other setting
--   n_layers              layers read that hold for the branch, whatever they demand [layers]
--   n_unread_layers       layers that hold or may hold and could not be read [layers]
with repositories as (
    select * from stg_github__repositories where default_branch is not null
),

layers as (
    select * from int_branch_protection_layers
),

settings as (
    select * from reference.protection_settings
),

list_demands as (
    select
        layers.repository_id,
        layers.snapshot_date,
        settings.setting,
        layers.layer,
        layers.is_planned,
        case settings.setting
            when 'pull_request_required' then layers.pull_request_required
            when 'required_approvals' then layers.required_approvals
            when 'stale_reviews_dismissed' then layers.stale_reviews_dismissed
            when 'code_owner_review_required' then layers.code_owner_review_required
            when 'last_push_approval_required' then layers.last_push_approval_required
            when 'conversation_resolution_required' then layers.conversation_resolution_required
            when 'status_checks_required' then layers.status_checks_required
            when 'strict_status_checks_required' then layers.strict_status_checks_required
            when 'signatures_required' then layers.signatures_required
            when 'linear_history_required' then layers.linear_history_required
            when 'force_pushes_blocked' then layers.force_pushes_blocked
            when 'deletions_blocked' then layers.deletions_blocked
            when 'creations_blocked' then layers.creations_blocked
            when 'admins_bound' then layers.admins_bound
            when 'pushes_restricted' then layers.pushes_restricted
            when 'branch_locked' then layers.branch_locked
            when 'deployments_required' then layers.deployments_required
        end as demand,
        case settings.bypass_scope
            when 'pull_request' then layers.pull_request_bypassable
            when 'push' then layers.push_bypassable
            when 'force_push' then layers.force_push_bypassable
            when 'deletion' then layers.deletion_bypassable
            else layers.rule_bypassable
        end as is_bypassable
    from layers
    cross join settings
),

-- What nobody may do without is sure; what somebody might, or what was not read, is in doubt.
combine_demands as (
    select
        repository_id,
        snapshot_date,
        setting,
        max(case when not is_planned then demand end) as greatest,
        count(case when not is_planned and demand is null then 1 end) as n_unknown,
        max(case when not is_planned and not is_bypassable then demand end) as greatest_sure,
        count(case when not is_planned and (demand is null or (demand > 0 and is_bypassable is null)) then 1 end) as n_in_doubt,
        max(case when is_planned then demand end) as greatest_planned,
        count(case when is_planned and demand is null then 1 end) as n_planned_unknown
    from list_demands
    group by repository_id, snapshot_date, setting
),

list_sources as (
    select
        demands.repository_id,
        demands.snapshot_date,
        demands.setting,
        array_agg(demands.layer order by demands.layer)
            filter (where not demands.is_planned and demands.demand = combined.greatest) as source_layers,
        array_agg(demands.layer order by demands.layer) filter (where demands.is_planned) as planned_layers
    from list_demands as demands
    inner join combine_demands as combined
        on demands.repository_id = combined.repository_id
        and demands.snapshot_date = combined.snapshot_date
        and demands.setting = combined.setting
    where demands.demand > 0
    group by demands.repository_id, demands.snapshot_date, demands.setting
),

list_contexts as (
    select
        layers.repository_id,
        layers.snapshot_date,
        array_agg(distinct contexts.context order by contexts.context) as required_contexts
    from layers
    cross join unnest(layers.required_contexts) as contexts (context)
    where not layers.is_planned
    group by layers.repository_id, layers.snapshot_date
),

count_layers as (
    select
        repository_id,
        snapshot_date,
        count(case when not is_planned and layer_kind <> 'unread' then 1 end) as n_layers,
        count(case when not is_planned and layer_kind = 'unread' then 1 end) as n_unread_layers
    from layers
    group by repository_id, snapshot_date
),

int_effective_branch_protection as (
    select
        repositories.repository_id,
        repositories.snapshot_date,
        settings.setting,
        case
            when combined.greatest > 0 then combined.greatest
            when combined.n_unknown > 0 then null
            else 0
        end as value,
        case
            when combined.greatest_sure > 0 then combined.greatest_sure
            when combined.n_in_doubt > 0 then null
            else 0
        end as value_unbypassable,
        case
            when combined.greatest_planned > 0 then combined.greatest_planned
            when combined.n_planned_unknown > 0 then null
            else 0
        end as planned_value,
        coalesce(list_sources.source_layers, []) as source_layers,
        coalesce(list_sources.planned_layers, []) as planned_layers,
        case when settings.setting = 'status_checks_required' then coalesce(list_contexts.required_contexts, []) end
            as required_contexts,
        coalesce(count_layers.n_layers, 0) as n_layers,
        coalesce(count_layers.n_unread_layers, 0) as n_unread_layers
    from repositories
    cross join settings
    left join combine_demands as combined
        on repositories.repository_id = combined.repository_id
        and repositories.snapshot_date = combined.snapshot_date
        and settings.setting = combined.setting
    left join list_sources
        on repositories.repository_id = list_sources.repository_id
        and repositories.snapshot_date = list_sources.snapshot_date
        and settings.setting = list_sources.setting
    left join list_contexts
        on repositories.repository_id = list_contexts.repository_id
        and repositories.snapshot_date = list_contexts.snapshot_date
    left join count_layers
        on repositories.repository_id = count_layers.repository_id
        and repositories.snapshot_date = count_layers.snapshot_date
)

select * from int_effective_branch_protection
