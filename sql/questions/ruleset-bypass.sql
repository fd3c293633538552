-- title: Who may bypass the protection of default branches
-- question: Who may do without the rules that protect a default branch, where, and for which rules can we not tell?
-- owner: platform
-- sources: github.branch_protection_rules, github.repositories, github.repository_files, github.repository_properties, github.repository_rulesets,
--   github.rulesets, github.team_repositories, github.teams
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   repository    organization/name
-- columns:
--   status                 may_bypass or not_visible, or not_found for a name that nothing is known by
--   subject_id             organization/name
--   owner_team             owning team; null when unknown
--   layer                  rule or ruleset, or what could not be read
--   scope                  pull_request, push, force_push, or rule for all that the layer demands of them
--   actor_kind             team, app, role, organization_admin, enterprise_owner, deploy_key, user, unknown or not_visible
--   actor                  slug of a team or app, name of a role; for every other kind, the kind
--   mode                   always, pull_request (only by pull request) or exempt; unknown when not visible
--   n_actors               actors in this row; null when not visible [actors]
--   is_pci_scope           subject to PCI; null when unknown
--   visibility             public, private or internal
--   reason                 why it has this status
--   as_of_date             date the row is true for: the newest snapshot that holds the repository
--   subject_type           repository, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   remediation_url        page where it is changed
--   source_completeness    complete or none

-- People are counted, never named. A layer that nobody may bypass is not returned, and a repository that nothing protects has no layer:
-- unprotected-public-repositories and fct_branch_protection tell of those. Archived repositories are left out.
with repositories as (
    select *
    from dim_repositories
    where not is_archived and is_present is distinct from false
        and (getvariable('repository') is null or lower(full_name) = lower(getvariable('repository')))
        and (
            getvariable('team') is null
            or lower(getvariable('team')) in (lower(team), lower(owner_team))
            or (team is null and owner_team is null and owner_status is distinct from 'unowned')
        )
),

unknown_names as (
    select * from int_unknown_names
),

bypass as (
    select * from fct_protection_bypass
),

ruleset_bypass as (
    select
        bypass.status,
        repositories.full_name as subject_id,
        coalesce(repositories.owner_team, repositories.team) as owner_team,
        bypass.layer,
        bypass.scope,
        bypass.actor_kind,
        bypass.actor,
        bypass.mode,
        bypass.n_actors,
        repositories.is_pci_scope,
        repositories.visibility,
        case
            when bypass.layer_kind = 'unread' then 'it could not be read'
            when bypass.status = 'not_visible' then 'only an administrator may see who may bypass it'
            when bypass.actor_kind = 'role' then 'whoever has the role ' || bypass.actor || ' may do without it'
            when bypass.scope = 'push' then 'may push though others may not'
            when bypass.scope = 'force_push' then 'may force-push though others may not'
            when bypass.scope = 'pull_request' then 'may do without a pull request'
            when bypass.mode = 'pull_request' then 'may do without it, by pull request only'
            else 'may do without it'
        end as reason,
        repositories.last_seen_on as as_of_date,
        'repository' as subject_type,
        'ruleset-bypass' as policy_id,
        1 as policy_version,
        cast(json_object('layer', bypass.layer_id, 'kind', bypass.layer_kind) as varchar) as evidence,
        case bypass.layer_kind
            when 'organization_ruleset' then 'https://github.com/organizations/' || repositories.organization || '/settings/rules'
            when 'classic_rule' then 'https://github.com/' || repositories.full_name || '/settings/branches'
            else 'https://github.com/' || repositories.full_name || '/settings/rules'
        end as remediation_url,
        case bypass.status when 'may_bypass' then 'complete' else 'none' end as source_completeness
    from repositories
    inner join bypass
        on repositories.repository_id = bypass.repository_id
        and repositories.last_seen_on = bypass.date
    union all
    select
        'not_found', name, null, null, null, null, null, null, null, null, null, reason, null, 'name', 'ruleset-bypass', 1, evidence, null, 'none'
    from unknown_names
)

select * from ruleset_bypass
order by
    case status when 'may_bypass' then 1 else 2 end,
    case when is_pci_scope then 1 when visibility = 'public' then 2 else 3 end,
    subject_id,
    layer,
    scope,
    actor_kind,
    actor,
    mode,
    evidence
