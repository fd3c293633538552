-- title: PCI repositories with open Dependabot alerts
-- question: Which PCI repositories have open Dependabot alerts, and for which can we not tell?
-- owner: platform
-- sources: github.repositories, github.repository_properties, github.dependabot_alerts
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   repository    organization/name
-- columns:
--   status                 with_alerts, alerts_disabled or not_visible, or not_found for a name that nothing is known by
--   subject_id             organization/name, or the organisation's login
--   owner_team             owning team; null when unknown
--   open_critical          open critical alerts; null when not visible [alerts]
--   open_high              open high alerts; null when not visible [alerts]
--   open_total             open alerts of every severity; null when not visible [alerts]
--   overdue                of these, past the SLA of their severity; null when not visible [alerts]
--   oldest_open_days       age of the oldest open alert; null without one [days]
--   reason                 why it has this status
--   first_failed_on        first date it has been in any of the three groups without a break, as far back as the facts go
--   days_failing           first_failed_on to as_of_date [days]
--   as_of_date             date the row is true for: the newest snapshot that holds the subject
--   subject_type           repository or organization, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   remediation_url        page where it is put right
--   source_completeness    complete, partial (the counts are a lower bound) or none

-- PCI repositories that were read to the end and have no open alert are not returned: pci-alert-coverage counts them.
-- A repository gone from its organisation is not returned. An organisation whose custom properties could not be read is
-- returned as a whole, since any of its repositories may be subject to PCI.
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
    select * from fct_alert_visibility where alert_kind = 'dependabot'
),

alerts as (
    select * from fct_security_alerts where source_kind = 'dependabot' and state = 'open'
),

outcomes as (
    select *
    from stg_almanac__outcomes
    where source = 'github' and table_name = 'repository_properties'
),

-- Yesterday's answer does not stand in for today's: alerts count on the date the repository was last seen, and on no other.
select_pci_repositories as (
    select
        repositories.repository_id,
        repositories.full_name,
        coalesce(repositories.owner_team, repositories.team) as team,
        repositories.last_seen_on,
        repositories.is_present,
        visibility.visibility,
        visibility.alert_status,
        visibility.reason,
        visibility.outcome_status,
        visibility.observed_at,
        visibility.n_open,
        visibility.n_open_critical,
        visibility.n_open_high
    from repositories
    left join visibility
        on repositories.repository_id = visibility.repository_id
        and repositories.last_seen_on = visibility.date
    where repositories.is_pci_scope and repositories.is_present is distinct from false
),

measure_open_alerts as (
    select
        repository_id,
        date,
        count(case when sla_status = 'overdue' then 1 end) as overdue,
        max(age_days) as oldest_open_days
    from alerts
    group by repository_id, date
),

find_last_clear as (
    select repository_id, max(date) as last_clear_on
    from visibility
    where alert_status = 'no_open_alerts'
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
        pci.last_seen_on as as_of_date,
        'repository' as subject_type,
        pci.full_name as subject_id,
        pci.team as owner_team,
        case
            when pci.alert_status = 'no_open_alerts' and pci.is_present is null then 'not_visible'
            else coalesce(pci.alert_status, 'not_visible')
        end as status,
        case
            when pci.alert_status = 'with_alerts' then 'open Dependabot alerts'
            when pci.alert_status = 'no_open_alerts' then 'clear on this date, but the newer read of its organisation failed or broke off'
            else coalesce(pci.reason, 'fct_alert_visibility has no row for this date')
        end as reason,
        cast(
            json_object(
                'visibility', pci.visibility,
                'outcome', pci.outcome_status,
                'observed_at', cast(pci.observed_at as varchar),
                'open', pci.n_open
            ) as varchar
        ) as evidence,
        pci.n_open_critical as open_critical,
        pci.n_open_high as open_high,
        pci.n_open as open_total,
        case when pci.n_open is not null then coalesce(measured.overdue, 0) end as overdue,
        measured.oldest_open_days,
        find_first_failed.first_failed_on,
        'https://github.com/' || pci.full_name || '/security/dependabot' as remediation_url,
        case
            when pci.visibility in ('visible', 'disabled') then 'complete'
            when pci.n_open > 0 then 'partial'
            else 'none'
        end as source_completeness
    from select_pci_repositories as pci
    left join measure_open_alerts as measured
        on pci.repository_id = measured.repository_id
        and pci.last_seen_on = measured.date
    left join find_first_failed
        on pci.repository_id = find_first_failed.repository_id
),

list_organizations as (
    select organization, max(last_seen_on) as last_seen_on
    from repositories
    group by organization
),

rank_property_reads as (
    select
        organizations.organization,
        organizations.last_seen_on,
        outcomes.status,
        outcomes.observed_at,
        row_number() over (
            partition by organizations.organization
            order by outcomes.observed_at desc nulls last, outcomes.run_id desc nulls last, outcomes.parent nulls last
        ) as read_rank
    from list_organizations as organizations
    left join outcomes
        on lower(organizations.organization) = lower(outcomes.parent)
        and organizations.last_seen_on = outcomes.logical_date
),

answer_organizations as (
    select
        last_seen_on as as_of_date,
        'organization' as subject_type,
        organization as subject_id,
        cast(null as varchar) as owner_team,
        'not_visible' as status,
        'custom properties could not be read, so it is not known which repositories are subject to PCI' as reason,
        cast(
            json_object('outcome', coalesce(status, 'missing'), 'observed_at', cast(observed_at as varchar)) as varchar
        ) as evidence,
        cast(null as bigint) as open_critical,
        cast(null as bigint) as open_high,
        cast(null as bigint) as open_total,
        cast(null as bigint) as overdue,
        cast(null as bigint) as oldest_open_days,
        cast(null as date) as first_failed_on,
        'https://github.com/organizations/' || organization || '/settings/custom-properties' as remediation_url,
        'none' as source_completeness
    from rank_property_reads
    where read_rank = 1 and (status is null or status not in ('ok', 'empty'))
),

combine_answers as (
    select * from answer_repositories where status <> 'no_open_alerts'
    union all
    select * from answer_organizations
),

pci_dependabot as (
    select
        status,
        subject_id,
        owner_team,
        open_critical,
        open_high,
        open_total,
        overdue,
        oldest_open_days,
        reason,
        first_failed_on,
        date_diff('day', first_failed_on, as_of_date) as days_failing,
        as_of_date,
        subject_type,
        'pci-dependabot' as policy_id,
        1 as policy_version,
        evidence,
        remediation_url,
        source_completeness
    from combine_answers
    union all
    select
        'not_found', name, null, null, null, null, null, null, reason, null, null, null, 'name', 'pci-dependabot', 1, evidence, null, 'none'
    from unknown_names
)

select * from pci_dependabot
order by
    case status when 'with_alerts' then 1 when 'alerts_disabled' then 2 else 3 end,
    open_critical desc nulls last,
    open_high desc nulls last,
    oldest_open_days desc nulls last,
    subject_type desc,
    subject_id
