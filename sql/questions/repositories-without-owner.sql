-- title: Repositories without an owner
-- question: Which repositories does no team own, and for which can we not tell?
-- owner: platform
-- sources: github.repositories, github.repository_files, github.repository_properties, github.team_repositories, github.teams
-- params:
--   organization    organisation's login
--   repository      organization/name
-- columns:
--   status                 unowned or not_visible, or not_found for a name that nothing is known by
--   subject_id             organization/name
--   is_archived            archived on as_of_date
--   codeowners_status      valid, broken, none, too_large or unknown; null when not visible
--   unread_sources         of properties, codeowners and teams, those that could not be read; null when all could
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

-- Owned is what has the custom property team, or an owner in CODEOWNERS with nothing wrong, or a visible team that may write. A secret team does not count.
-- Archived repositories are returned as well: somebody has to answer for what is public or running from them.
with repositories as (
    select *
    from dim_repositories
    where (getvariable('organization') is null or lower(organization) = lower(getvariable('organization')))
        and (getvariable('repository') is null or lower(full_name) = lower(getvariable('repository')))
),

unknown_names as (
    select * from int_unknown_names
),

owners as (
    select * from fct_repository_owners
),

find_last_clear as (
    select repository_id, max(date) as last_clear_on
    from owners
    where owner_status = 'owned'
    group by repository_id
),

find_first_failed as (
    select owners.repository_id, min(owners.date) as first_failed_on
    from owners
    left join find_last_clear
        on owners.repository_id = find_last_clear.repository_id
    where find_last_clear.last_clear_on is null or owners.date > find_last_clear.last_clear_on
    group by owners.repository_id
),

judge_repositories as (
    select
        repositories.repository_id,
        repositories.full_name,
        repositories.last_seen_on,
        repositories.is_archived,
        owners.codeowners_status,
        owners.unread_sources,
        case
            when owners.owner_status = 'unowned' then 'unowned'
            when owners.owner_status = 'owned' and repositories.is_present then 'in_order'
            else 'not_visible'
        end as status,
        case owners.owner_status
            when 'unowned' then 'no property team, no valid owner in CODEOWNERS, no visible team that may write'
            when 'unknown' then 'no owner in what could be read, and not everything could: ' || array_to_string(owners.unread_sources, ', ')
            when 'owned' then 'owned on this date, but the newer read of its organisation failed or broke off'
            else 'fct_repository_owners has no row for this date'
        end as reason,
        cast(
            json_object(
                'owner_rule', owners.owner_rule, 'codeowners_findings', owners.codeowners_findings, 'writing_teams', owners.writing_teams
            ) as varchar
        ) as evidence,
        coalesce(owners.source_completeness, 'none') as source_completeness
    from repositories
    left join owners
        on repositories.repository_id = owners.repository_id
        and repositories.last_seen_on = owners.date
    where repositories.is_present is distinct from false
),

repositories_without_owner as (
    select
        judged.status,
        judged.full_name as subject_id,
        judged.is_archived,
        judged.codeowners_status,
        nullif(array_to_string(judged.unread_sources, ', '), '') as unread_sources,
        judged.reason,
        find_first_failed.first_failed_on,
        date_diff('day', find_first_failed.first_failed_on, judged.last_seen_on) as days_failing,
        judged.last_seen_on as as_of_date,
        'repository' as subject_type,
        'repositories-without-owner' as policy_id,
        1 as policy_version,
        judged.evidence,
        'https://github.com/' || judged.full_name || '/settings/access' as remediation_url,
        judged.source_completeness
    from judge_repositories as judged
    left join find_first_failed
        on judged.repository_id = find_first_failed.repository_id
    where judged.status <> 'in_order'
    union all
    select
        'not_found', name, null, null, null, reason, null, null, null, 'name', 'repositories-without-owner', 1, evidence, null, 'none'
    from unknown_names
)

select * from repositories_without_owner
order by case status when 'unowned' then 1 else 2 end, case when is_archived then 2 else 1 end, subject_id
