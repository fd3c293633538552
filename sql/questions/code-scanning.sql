-- title: Code scanning, repository by repository
-- question: Is code scanning on for this repository, what does it find, and for which repositories can we not tell?
-- owner: platform
-- sources: github.repositories, github.repository_properties, github.code_scanning_alerts
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   repository    organization/name
-- columns:
--   status                 off, never_ran (on, and no analysis was ever uploaded), not_visible or on, or not_found for a name that nothing is known by
--   subject_id             organization/name, or the table that was not read to the end
--   owner_team             owning team; null when unknown
--   visibility             public, private or internal
--   is_pci_scope           subject to PCI; null when unknown
--   n_open                 open alerts; at least so many when not visible, and null when none were seen then [alerts]
--   n_open_critical        of these, critical; null likewise [alerts]
--   n_open_high            of these, high; null likewise [alerts]
--   n_overdue              of these, past the SLA of their severity; null likewise [alerts]
--   newest_alert_at        when the newest alert of any state was raised, UTC: it was scanned then at the latest; null without one
--   read_at                when its alerts were read, UTC; null when no read is on record
--   reason                 why it has this status
--   first_failed_on        first date it has not been known to be on without a break, as far back as the facts go; null for what is on
--   days_failing           first_failed_on to as_of_date; null likewise [days]
--   as_of_date             date the row is true for: the newest snapshot that holds the repository
--   subject_type           repository, or source for a table whose gaps may hide repositories, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   remediation_url        page where it is put right
--   source_completeness    complete or none

-- GitHub tells of alerts, and not when an analysis was last uploaded: a repository without alerts may have been scanned today or a year ago.
-- Archived repositories are left out.
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

visibility as (
    select * from fct_alert_visibility where alert_kind = 'code_scanning'
),

alerts as (
    select * from fct_security_alerts where source_kind = 'code_scanning'
),

gaps as (
    select * from int_question_gaps where policy_id = 'code-scanning'
),

measure_alerts as (
    select
        repository_id,
        date,
        count(case when sla_status = 'overdue' then 1 end) as n_overdue,
        max(created_at) as newest_alert_at
    from alerts
    group by repository_id, date
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

answer_repositories as (
    select
        case
            when visibility.visibility = 'disabled' then 'off'
            when visibility.visibility = 'never_ran' then 'never_ran'
            when visibility.visibility = 'visible' and repositories.is_present then 'on'
            else 'not_visible'
        end as status,
        repositories.full_name as subject_id,
        coalesce(repositories.owner_team, repositories.team) as owner_team,
        repositories.visibility,
        repositories.is_pci_scope,
        visibility.n_open,
        visibility.n_open_critical,
        visibility.n_open_high,
        case when visibility.n_open is not null then coalesce(measured.n_overdue, 0) end as n_overdue,
        measured.newest_alert_at,
        visibility.observed_at as read_at,
        case
            when visibility.visibility = 'visible' and repositories.is_present then 'its alerts were read to the end'
            when visibility.visibility = 'visible' then 'on at this date, but the newer read of its organisation failed or broke off'
            else coalesce(visibility.reason, 'fct_alert_visibility has no row for this date')
        end as reason,
        find_first_failed.first_failed_on,
        date_diff('day', find_first_failed.first_failed_on, repositories.last_seen_on) as days_failing,
        repositories.last_seen_on as as_of_date,
        'repository' as subject_type,
        cast(json_object('visibility', visibility.visibility, 'outcome', visibility.outcome_status, 'detail', visibility.outcome_detail) as varchar) as evidence,
        'https://github.com/' || repositories.full_name || '/settings/security_analysis' as remediation_url,
        case when visibility.visibility in ('visible', 'disabled', 'never_ran') then 'complete' else 'none' end as source_completeness
    from repositories
    left join visibility
        on repositories.repository_id = visibility.repository_id
        and repositories.last_seen_on = visibility.date
    left join measure_alerts as measured
        on repositories.repository_id = measured.repository_id
        and repositories.last_seen_on = measured.date
    left join find_first_failed
        on repositories.repository_id = find_first_failed.repository_id
),

combine_answers as (
    select * from answer_repositories
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, null,
        reason, null, null, as_of_date, subject_type, evidence, null, 'none'
    from gaps
),

code_scanning as (
    select
        status,
        subject_id,
        owner_team,
        visibility,
        is_pci_scope,
        n_open,
        n_open_critical,
        n_open_high,
        n_overdue,
        newest_alert_at,
        read_at,
        reason,
        first_failed_on,
        days_failing,
        as_of_date,
        subject_type,
        'code-scanning' as policy_id,
        1 as policy_version,
        evidence,
        remediation_url,
        source_completeness
    from combine_answers
)

select * from code_scanning
order by
    case status when 'off' then 1 when 'never_ran' then 2 when 'not_visible' then 3 else 4 end,
    case when is_pci_scope then 1 else 2 end,
    n_open_critical desc nulls last,
    n_open desc nulls last,
    subject_type,
    subject_id
