-- title: Repositories without secret scanning
-- question: Which repositories does nobody search for secrets, and for which can we not tell?
-- owner: platform
-- sources: github.repositories, github.repository_properties, github.secret_scanning_alerts
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   repository    organization/name
-- columns:
--   status                 off, push_protection_off or not_visible, or not_found for a name that nothing is known by
--   subject_id             organization/name
--   owner_team             owning team; null when unknown
--   visibility             public, private or internal
--   is_archived            archived on as_of_date
--   is_pci_scope           subject to PCI; null when unknown
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

-- A repository that is searched is returned with push_protection_off when secrets are found only after they were pushed. Archived repositories count: what was
-- pushed there can still be read.
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

visibility as (
    select * from fct_alert_visibility where alert_kind = 'secret_scanning'
),

find_last_clear as (
    select repository_id, max(date) as last_clear_on
    from visibility
    where visibility = 'visible'
    group by repository_id
),

find_first_failed as (
    select visibility.repository_id, min(visibility.date) as first_failed_on
    from visibility
    left join find_last_clear
        on visibility.repository_id = find_last_clear.repository_id
    where find_last_clear.last_clear_on is null or visibility.date > find_last_clear.last_clear_on
    group by visibility.repository_id
),

judge_repositories as (
    select
        repositories.repository_id,
        repositories.full_name,
        coalesce(repositories.owner_team, repositories.team) as team,
        repositories.last_seen_on,
        repositories.visibility,
        repositories.is_archived,
        repositories.is_pci_scope,
        case
            when visibility.visibility = 'disabled' then 'off'
            when visibility.visibility = 'visible' and not repositories.is_push_protection_enabled then 'push_protection_off'
            when visibility.visibility = 'visible' and repositories.is_present then 'in_order'
            else 'not_visible'
        end as status,
        case
            when visibility.visibility = 'visible' and not repositories.is_push_protection_enabled
                then 'secrets are looked for, and a push that holds one is not stopped'
            when visibility.visibility = 'visible'
                then 'searched on this date, but the newer read of its organisation failed or broke off'
            else coalesce(visibility.reason, 'fct_alert_visibility has no row for this date')
        end as reason,
        cast(
            json_object(
                'visibility', visibility.visibility,
                'outcome', visibility.outcome_status,
                'observed_at', cast(visibility.observed_at as varchar),
                'secret_scanning', repositories.is_secret_scanning_enabled,
                'push_protection', repositories.is_push_protection_enabled
            ) as varchar
        ) as evidence,
        case when visibility.visibility in ('visible', 'disabled') then 'complete' else 'none' end as source_completeness
    from repositories
    left join visibility
        on repositories.repository_id = visibility.repository_id
        and repositories.last_seen_on = visibility.date
    where repositories.is_present is distinct from false
),

secret_scanning_off as (
    select
        judged.status,
        judged.full_name as subject_id,
        judged.team as owner_team,
        judged.visibility,
        judged.is_archived,
        judged.is_pci_scope,
        judged.reason,
        case when judged.status <> 'push_protection_off' then find_first_failed.first_failed_on end as first_failed_on,
        case
            when judged.status <> 'push_protection_off'
                then date_diff('day', find_first_failed.first_failed_on, judged.last_seen_on)
        end as days_failing,
        judged.last_seen_on as as_of_date,
        'repository' as subject_type,
        'secret-scanning-off' as policy_id,
        1 as policy_version,
        judged.evidence,
        'https://github.com/' || judged.full_name || '/settings/security_analysis' as remediation_url,
        judged.source_completeness
    from judge_repositories as judged
    left join find_first_failed
        on judged.repository_id = find_first_failed.repository_id
    where judged.status <> 'in_order'
    union all
    select
        'not_found', name, null, null, null, null, reason, null, null, null, 'name', 'secret-scanning-off', 1, evidence, null, 'none'
    from unknown_names
)

select * from secret_scanning_off
order by
    case status when 'off' then 1 when 'push_protection_off' then 2 else 3 end,
    case when is_archived then 2 else 1 end,
    case when visibility = 'public' then 1 when is_pci_scope then 2 else 3 end,
    subject_id
