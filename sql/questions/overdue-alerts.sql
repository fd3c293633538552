-- title: Security alerts past their SLA
-- question: Which repositories have security alerts that are past the SLA of their severity, and for which can we not tell?
-- owner: platform
-- sources: github.repositories, github.dependabot_alerts, github.code_scanning_alerts
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   repository    organization/name
--   alert_kind    dependabot or code_scanning
-- columns:
--   status                  overdue, switched_off (nothing looks for them), not_visible, or in_order (counted by kind),
--                           or not_found for a name that nothing is known by
--   subject_id              organization/name, what is counted in one row in parentheses, or the table that was not read to the end
--   alert_kind              dependabot or code_scanning; null for a table
--   owner_team              owning team; null when unknown, and for what is counted
--   is_pci_scope            subject to PCI; null likewise
--   n_overdue_critical      critical alerts past their SLA; null when not visible, as the next [alerts]
--   n_overdue_high          high ones [alerts]
--   n_overdue               of every severity that has an SLA [alerts]
--   n_open                  open alerts, overdue or not [alerts]
--   n_without_sla           of these, of a severity without an SLA, which are never overdue [alerts]
--   max_days_overdue        days past its SLA of the worst; null without one [days]
--   next_due_at             when the next of the others is due, UTC; null without one
--   n_repositories          repositories in the row; null for a table [repositories]
--   reason                  why it has this status
--   as_of_date              date the row is true for: the newest snapshot that holds the repository
--   subject_type            repository, repositories, or source for a table whose gaps may hide repositories, or name for one that nothing is known by
--   policy_id               name of this question
--   policy_version          version of its rules
--   evidence                what was concluded from (JSON text)
--   remediation_url         page where the alerts are; null for what is counted
--   source_completeness     complete, partial (the counts are a lower bound) or none

-- SLAs stand in reference/alert_sla.csv; an alert is overdue from the day after it is due. A secret has none, and is not asked about here. Archived
-- repositories are left out.
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
    select * from fct_alert_visibility
),

alerts as (
    select * from fct_security_alerts where state = 'open' and source_kind in ('dependabot', 'code_scanning')
),

gaps as (
    select * from int_question_gaps where policy_id = 'overdue-alerts'
),

list_kinds as (
    select repositories.*, kinds.alert_kind
    from repositories
    cross join (values ('dependabot'), ('code_scanning')) as kinds (alert_kind)
    where getvariable('alert_kind') is null or kinds.alert_kind = getvariable('alert_kind')
),

measure_alerts as (
    select
        repository_id,
        date,
        source_kind as alert_kind,
        count(*) as n_open,
        count(case when sla_status = 'overdue' then 1 end) as n_overdue,
        count(case when sla_status = 'overdue' and severity = 'critical' then 1 end) as n_overdue_critical,
        count(case when sla_status = 'overdue' and severity = 'high' then 1 end) as n_overdue_high,
        count(case when sla_status = 'not_applicable' then 1 end) as n_without_sla,
        max(case when sla_status = 'overdue' then days_overdue end) as max_days_overdue,
        min(case when sla_status = 'within' then due_at end) as next_due_at
    from alerts
    group by repository_id, date, source_kind
),

judge_repositories as (
    select
        kinds.full_name,
        kinds.alert_kind,
        coalesce(kinds.owner_team, kinds.team) as owner_team,
        kinds.is_pci_scope,
        kinds.last_seen_on,
        visibility.visibility,
        visibility.outcome_status,
        visibility.reason,
        coalesce(measured.n_open, 0) as n_open,
        coalesce(measured.n_overdue, 0) as n_overdue,
        coalesce(measured.n_overdue_critical, 0) as n_overdue_critical,
        coalesce(measured.n_overdue_high, 0) as n_overdue_high,
        coalesce(measured.n_without_sla, 0) as n_without_sla,
        measured.max_days_overdue,
        measured.next_due_at,
        case
            when measured.n_overdue > 0 then 'overdue'
            when visibility.visibility = 'visible' and kinds.is_present then 'in_order'
            when visibility.visibility in ('disabled', 'never_ran') then 'switched_off'
            else 'not_visible'
        end as verdict
    from list_kinds as kinds
    left join visibility
        on kinds.repository_id = visibility.repository_id
        and kinds.last_seen_on = visibility.date
        and kinds.alert_kind = visibility.alert_kind
    left join measure_alerts as measured
        on kinds.repository_id = measured.repository_id
        and kinds.last_seen_on = measured.date
        and kinds.alert_kind = measured.alert_kind
),

answer_repositories as (
    select
        verdict as status,
        full_name as subject_id,
        alert_kind,
        owner_team,
        is_pci_scope,
        case when verdict = 'overdue' then n_overdue_critical end as n_overdue_critical,
        case when verdict = 'overdue' then n_overdue_high end as n_overdue_high,
        case when verdict = 'overdue' then n_overdue end as n_overdue,
        case when verdict = 'overdue' then n_open end as n_open,
        case when verdict = 'overdue' then n_without_sla end as n_without_sla,
        max_days_overdue,
        next_due_at,
        1 as n_repositories,
        case
            when verdict = 'overdue' then 'open alerts past their SLA'
            when visibility = 'visible' then 'none on this date, but the newer read of its organisation failed or broke off'
            else coalesce(reason, 'fct_alert_visibility has no row for this date')
        end as reason,
        last_seen_on as as_of_date,
        'repository' as subject_type,
        cast(json_object('visibility', visibility, 'outcome', outcome_status, 'open', n_open) as varchar) as evidence,
        'https://github.com/' || full_name || '/security/' || case alert_kind when 'dependabot' then 'dependabot' else 'code-scanning' end as remediation_url,
        case
            when visibility = 'visible' or verdict = 'switched_off' then 'complete'
            when verdict = 'overdue' then 'partial'
            else 'none'
        end as source_completeness
    from judge_repositories
    where verdict <> 'in_order'
),

answer_rest as (
    select
        alert_kind,
        sum(n_open) as n_open,
        sum(n_without_sla) as n_without_sla,
        min(next_due_at) as next_due_at,
        count(*) as n_repositories,
        max(last_seen_on) as as_of_date,
        cast(json_object('repositories', count(*)) as varchar) as evidence
    from judge_repositories
    where verdict = 'in_order'
    group by alert_kind
),

combine_answers as (
    select * from answer_repositories
    union all
    select
        'in_order', '(in order)', alert_kind, null, null, 0, 0, 0, n_open, n_without_sla, null, next_due_at, n_repositories,
        'read to the end, and nothing is past its SLA', as_of_date, 'repositories', evidence, null, 'complete'
    from answer_rest
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, null, 'none'
    from gaps
),

overdue_alerts as (
    select
        status,
        subject_id,
        alert_kind,
        owner_team,
        is_pci_scope,
        n_overdue_critical,
        n_overdue_high,
        n_overdue,
        n_open,
        n_without_sla,
        max_days_overdue,
        next_due_at,
        n_repositories,
        reason,
        as_of_date,
        subject_type,
        'overdue-alerts' as policy_id,
        1 as policy_version,
        evidence,
        remediation_url,
        source_completeness
    from combine_answers
)

select * from overdue_alerts
order by
    case status when 'overdue' then 1 when 'switched_off' then 2 when 'not_visible' then 3 else 4 end,
    n_overdue_critical desc nulls last,
    n_overdue_high desc nulls last,
    n_overdue desc nulls last,
    subject_type,
    subject_id,
    alert_kind
