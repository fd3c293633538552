-- One row per repository, snapshot date, layer that protects its default branch and kind of actor who may do without it.
-- People are counted and not told apart. A layer whose actors we may not see, or that could not be read, has one row that says so.
-- grain: date, repository_id, layer_id, scope, actor_kind, actor, mode
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 26h
-- columns:
--   date             date of the snapshot
--   repository_id    GitHub's number of the repository
--   layer_id         rule:number, ruleset:number, or unread: and what
--   scope            what they may do without: pull_request, push, force_push, or rule for all that the layer demands of them
--   actor_kind       team, app, role, organization_admin, enterprise_owner, deploy_key, user, unknown (GitHub names no kind) or not_visible
--   actor            slug of a team or app, name of a role; for every other kind, the kind
--   mode             always, pull_request (only by pull request) or exempt; unknown when not visible
--   full_name        organization/name on that date
--   team             owning team on that date; null when unknown
--   is_pci_scope     subject to PCI on that date; null when unknown
--   visibility       public, private or internal on that date
--   is_archived      archived on that date
--   layer_kind       classic_rule, repository_ruleset, organization_ruleset, enterprise_ruleset or unread
--   layer            layer_kind and its pattern or name
--   n_actors         actors in this row; null when not visible [actors]
--   status           may_bypass or not_visible
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
        and not is_planned
),

list_actors as (
    select layers.repository_id, layers.snapshot_date, layers.layer_id, 'pull_request' as scope, actors.actor
    from layers
    cross join unnest(layers.pull_request_bypass_actors) as actors (actor)
    union all
    select layers.repository_id, layers.snapshot_date, layers.layer_id, 'push' as scope, actors.actor
    from layers
    cross join unnest(layers.push_bypass_actors) as actors (actor)
    union all
    select layers.repository_id, layers.snapshot_date, layers.layer_id, 'force_push' as scope, actors.actor
    from layers
    cross join unnest(layers.force_push_bypass_actors) as actors (actor)
    union all
    select layers.repository_id, layers.snapshot_date, layers.layer_id, 'rule' as scope, actors.actor
    from layers
    cross join unnest(layers.rule_bypass_actors) as actors (actor)
    union all
    select layers.repository_id, layers.snapshot_date, layers.layer_id, 'rule' as scope, 'not_visible::unknown' as actor
    from layers
    where layers.rule_bypass_actors is null
),

-- A person's name ends here: of people, the kind is all that is said.
split_actors as (
    select
        repository_id,
        snapshot_date,
        layer_id,
        scope,
        split_part(actor, ':', 1) as actor_kind,
        case
            when split_part(actor, ':', 1) in ('team', 'app', 'role') and split_part(actor, ':', 2) <> '' then split_part(actor, ':', 2)
            else split_part(actor, ':', 1)
        end as actor,
        coalesce(nullif(split_part(actor, ':', 3), ''), 'always') as mode
    from list_actors
),

count_actors as (
    select repository_id, snapshot_date, layer_id, scope, actor_kind, actor, mode, count(*) as n_actors
    from split_actors
    group by repository_id, snapshot_date, layer_id, scope, actor_kind, actor, mode
),

fct_protection_bypass as (
    select
        counts.snapshot_date as date,
        counts.repository_id,
        counts.layer_id,
        counts.scope,
        counts.actor_kind,
        counts.actor,
        counts.mode,
        repositories.full_name,
        properties.team,
        properties.is_pci_scope,
        repositories.visibility,
        repositories.is_archived,
        layers.layer_kind,
        layers.layer,
        case when counts.actor_kind <> 'not_visible' then counts.n_actors end as n_actors,
        case when counts.actor_kind <> 'not_visible' then 'may_bypass' else 'not_visible' end as status
    from count_actors as counts
    inner join layers
        on counts.repository_id = layers.repository_id
        and counts.snapshot_date = layers.snapshot_date
        and counts.layer_id = layers.layer_id
    inner join repositories
        on counts.repository_id = repositories.repository_id
        and counts.snapshot_date = repositories.snapshot_date
    left join properties
        on counts.repository_id = properties.repository_id
        and counts.snapshot_date = properties.snapshot_date
)

select * from fct_protection_bypass
