-- title: How much the answers about governance cover
-- question: Of how many repositories do we know that they are in order, that they are not, and of how many do we know nothing?
-- owner: platform
-- params:
--   organization    organisation's login
--   team            owning team; a repository whose owner is not known stays, for it may be theirs
-- columns:
--   organization     login of the organisation
--   policy_id        question that lists those that are not in order and those not visible
--   as_of_date       newest date any of its repositories was seen
--   repositories     repositories the question is about, present or not known to be gone [repositories]
--   in_order         read to the end and in order [repositories]
--   not_in_order     seen not to be in order [repositories]
--   not_visible      could not be judged [repositories]

-- codeowners-broken is about the repositories that have a CODEOWNERS file, and version-drift about those that have a go.mod; either way those
-- whose files could not be read count as not visible.
with repositories as (
    select *
    from dim_repositories
    where is_present is distinct from false
        and (getvariable('organization') is null or lower(organization) = lower(getvariable('organization')))
        and (
            getvariable('team') is null
            or lower(getvariable('team')) in (lower(team), lower(owner_team))
            or (team is null and owner_team is null and owner_status is distinct from 'unowned')
        )
),

protection as (
    select * from fct_branch_protection
),

owners as (
    select * from fct_repository_owners
),

visibility as (
    select * from fct_alert_visibility where alert_kind = 'secret_scanning'
),

drift as (
    select
        repository_id,
        date,
        count(case when drift_status in ('behind_target', 'behind_newest') then 1 end) as n_behind,
        count(case when drift_status = 'unknown' then 1 end) as n_unknown
    from fct_version_drift
    group by repository_id, date
),

judge_repositories as (
    select
        repositories.*,
        'unprotected-public-repositories' as policy_id,
        case
            when protection.protection_status in ('protected', 'no_default_branch') then 'in_order'
            when protection.protection_status in ('unprotected', 'planned_only') then 'not_in_order'
            else 'not_visible'
        end as status
    from repositories
    left join protection
        on repositories.repository_id = protection.repository_id
        and repositories.last_seen_on = protection.date
    where repositories.visibility = 'public' and not repositories.is_archived
    union all
    select
        repositories.*,
        'codeowners-broken' as policy_id,
        case
            when owners.codeowners_status = 'valid' then 'in_order'
            when owners.codeowners_status in ('broken', 'too_large') then 'not_in_order'
            else 'not_visible'
        end as status
    from repositories
    left join owners
        on repositories.repository_id = owners.repository_id
        and repositories.last_seen_on = owners.date
    where owners.codeowners_status is distinct from 'none'
    union all
    select
        repositories.*,
        'repositories-without-owner' as policy_id,
        case owners.owner_status when 'owned' then 'in_order' when 'unowned' then 'not_in_order' else 'not_visible' end as status
    from repositories
    left join owners
        on repositories.repository_id = owners.repository_id
        and repositories.last_seen_on = owners.date
    union all
    select
        repositories.*,
        'secret-scanning-off' as policy_id,
        case
            when visibility.visibility = 'disabled' then 'not_in_order'
            when visibility.visibility = 'visible' and not repositories.is_push_protection_enabled then 'not_in_order'
            when visibility.visibility = 'visible' then 'in_order'
            else 'not_visible'
        end as status
    from repositories
    left join visibility
        on repositories.repository_id = visibility.repository_id
        and repositories.last_seen_on = visibility.date
    union all
    select
        repositories.*,
        'version-drift' as policy_id,
        case when drift.n_behind > 0 then 'not_in_order' when drift.n_unknown > 0 then 'not_visible' else 'in_order' end as status
    from repositories
    inner join drift
        on repositories.repository_id = drift.repository_id
        and repositories.last_seen_on = drift.date
    where not repositories.is_archived
),

governance_coverage as (
    select
        organization,
        policy_id,
        max(last_seen_on) as as_of_date,
        count(*) as repositories,
        count(case when status = 'in_order' and is_present then 1 end) as in_order,
        count(case when status = 'not_in_order' then 1 end) as not_in_order,
        count(case when status = 'not_visible' or (status = 'in_order' and is_present is null) then 1 end) as not_visible
    from judge_repositories
    group by organization, policy_id
)

select * from governance_coverage
order by organization, policy_id
