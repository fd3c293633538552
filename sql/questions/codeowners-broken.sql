-- title: Broken CODEOWNERS
-- question: Which repositories have a CODEOWNERS file that does not work, and for which can we not tell?
-- owner: platform
-- sources: github.repositories, github.repository_files, github.repository_properties, github.team_repositories, github.teams
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   repository    organization/name
-- columns:
--   status                 broken, too_large (GitHub ignores it) or not_visible, or not_found for a name that nothing is known by
--   subject_id             organization/name
--   owner_team             owning team; null when unknown
--   path                   path of the file in force; null when unknown
--   n_findings             lines and ways in which they are wrong; null when not visible [findings]
--   findings               line: finding, one after the other: team_unknown, team_not_visible (secret), team_no_access, team_no_write,
--                          user_unknown_or_no_write, syntax_error; null without one
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

-- A repository without the file is not returned: repositories-without-owner tells of those nobody owns.
-- Findings name lines, never people: the file itself says who is meant.
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

owners as (
    select * from fct_repository_owners
),

find_last_clear as (
    select repository_id, max(date) as last_clear_on
    from owners
    where codeowners_status in ('valid', 'none')
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
        coalesce(repositories.owner_team, repositories.team) as team,
        repositories.last_seen_on,
        owners.codeowners_path,
        owners.codeowners_findings,
        case
            when owners.codeowners_status in ('broken', 'too_large') then owners.codeowners_status
            when owners.codeowners_status in ('valid', 'none') and repositories.is_present then 'in_order'
            else 'not_visible'
        end as status,
        case owners.codeowners_status
            when 'broken' then 'lines of it name an owner who may not review, or cannot be read'
            when 'too_large' then 'it is too large, so GitHub ignores it'
            when 'unknown' then 'the file, or the teams it names, could not be read'
            else coalesce(
                'in order on ' || cast(owners.date as varchar) || ', but the newer read of its organisation failed or broke off',
                'fct_repository_owners has no row for this date'
            )
        end as reason,
        cast(json_object('codeowners_status', owners.codeowners_status, 'unread', owners.unread_sources) as varchar) as evidence,
        case
            when owners.codeowners_status is null or (owners.codeowners_status = 'unknown' and owners.codeowners_path is null) then 'none'
            when owners.codeowners_status = 'unknown' or list_contains(owners.unread_sources, 'teams') then 'partial'
            else 'complete'
        end as source_completeness
    from repositories
    left join owners
        on repositories.repository_id = owners.repository_id
        and repositories.last_seen_on = owners.date
    where repositories.is_present is distinct from false
),

codeowners_broken as (
    select
        judged.status,
        judged.full_name as subject_id,
        judged.team as owner_team,
        judged.codeowners_path as path,
        case when judged.status <> 'not_visible' then len(judged.codeowners_findings) end as n_findings,
        nullif(array_to_string(judged.codeowners_findings, ', '), '') as findings,
        judged.reason,
        find_first_failed.first_failed_on,
        date_diff('day', find_first_failed.first_failed_on, judged.last_seen_on) as days_failing,
        judged.last_seen_on as as_of_date,
        'repository' as subject_type,
        'codeowners-broken' as policy_id,
        1 as policy_version,
        judged.evidence,
        'https://github.com/' || judged.full_name || '/blob/HEAD/' || coalesce(judged.codeowners_path, '.github/CODEOWNERS') as remediation_url,
        judged.source_completeness
    from judge_repositories as judged
    left join find_first_failed
        on judged.repository_id = find_first_failed.repository_id
    where judged.status <> 'in_order'
    union all
    select
        'not_found', name, null, null, null, null, reason, null, null, null, 'name', 'codeowners-broken', 1, evidence, null, 'none'
    from unknown_names
)

select * from codeowners_broken
order by case status when 'broken' then 1 when 'too_large' then 2 else 3 end, n_findings desc nulls last, subject_id
