-- title: Unprotected public repositories
-- question: Which public repositories have a default branch that nothing protects, and for which can we not tell?
-- owner: platform
-- sources: github.branch_protection_rules, github.repositories, github.repository_files, github.repository_properties, github.repository_rulesets,
--   github.rulesets, github.team_repositories, github.teams
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   repository    organization/name
-- columns:
--   status                 unprotected, planned_only (rulesets only evaluate) or not_visible, or not_found for a name that nothing is known by
--   subject_id             organization/name
--   owner_team             owning team; null when unknown
--   default_branch         name of the default branch
--   reason                 why it has this status
--   first_failed_on        first date it has not been known to be in order without a break, as far back as the facts go
--   days_failing           first_failed_on to as_of_date [days]
--   as_of_date             date the row is true for: the newest snapshot that holds the subject
--   subject_type           repository, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   remediation_url        page where it is put right
--   source_completeness    complete, partial or none

-- Archived repositories take no change and are left out; so are empty ones, which have nothing to protect. A tier of 0 is returned only when nothing at all holds:
-- fct_branch_protection tells how well the others are protected. A repository whose visibility or presence is in doubt is judged as it was last seen.
with repositories as (
    select *
    from dim_repositories
    where (getvariable('repository') is null or lower(full_name) = lower(getvariable('repository')))
        and (
            getvariable('team') is null
            or lower(getvariable('team')) in (lower(team), lower(owner_team))
            or (team is null and owner_team is null and owner_status is distinct from 'unowned')
        )
),

unknown_names as (
    select * from int_unknown_names
),

protection as (
    select * from fct_branch_protection
),

find_last_clear as (
    select repository_id, max(date) as last_clear_on
    from protection
    where protection_status in ('protected', 'no_default_branch')
    group by repository_id
),

find_first_failed as (
    select protection.repository_id, min(protection.date) as first_failed_on
    from protection
    left join find_last_clear
        on protection.repository_id = find_last_clear.repository_id
    where find_last_clear.last_clear_on is null or protection.date > find_last_clear.last_clear_on
    group by protection.repository_id
),

judge_repositories as (
    select
        repositories.repository_id,
        repositories.full_name,
        coalesce(repositories.owner_team, repositories.team) as team,
        repositories.last_seen_on,
        protection.default_branch,
        case
            when protection.protection_status in ('unprotected', 'planned_only') then protection.protection_status
            when protection.protection_status in ('protected', 'no_default_branch') and repositories.is_present then 'in_order'
            else 'not_visible'
        end as status,
        case
            when protection.protection_status in ('protected', 'no_default_branch')
                then 'in order on this date, but the newer read of its organisation failed or broke off'
            else coalesce(protection.reason, 'fct_branch_protection has no row for this date')
        end as reason,
        cast(
            json_object(
                'protection_status', protection.protection_status,
                'layers', protection.source_layers,
                'planned', protection.planned_layers,
                'unread', protection.unread_layers
            ) as varchar
        ) as evidence,
        coalesce(protection.source_completeness, 'none') as source_completeness
    from repositories
    left join protection
        on repositories.repository_id = protection.repository_id
        and repositories.last_seen_on = protection.date
    where repositories.visibility = 'public'
        and not repositories.is_archived
        and repositories.is_present is distinct from false
),

unprotected_public_repositories as (
    select
        judged.status,
        judged.full_name as subject_id,
        judged.team as owner_team,
        judged.default_branch,
        judged.reason,
        find_first_failed.first_failed_on,
        date_diff('day', find_first_failed.first_failed_on, judged.last_seen_on) as days_failing,
        judged.last_seen_on as as_of_date,
        'repository' as subject_type,
        'unprotected-public-repositories' as policy_id,
        1 as policy_version,
        judged.evidence,
        'https://github.com/' || judged.full_name || '/settings/rules' as remediation_url,
        judged.source_completeness
    from judge_repositories as judged
    left join find_first_failed
        on judged.repository_id = find_first_failed.repository_id
    where judged.status <> 'in_order'
    union all
    select
        'not_found', name, null, null, reason, null, null, null, 'name', 'unprotected-public-repositories', 1, evidence, null, 'none'
    from unknown_names
)

select * from unprotected_public_repositories
order by case status when 'unprotected' then 1 when 'planned_only' then 2 else 3 end, subject_id
