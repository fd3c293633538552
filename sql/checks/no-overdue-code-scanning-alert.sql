-- title: No finding in the code is overdue
-- question: Is every code scanning alert within its SLA?
-- area: ensure
-- subject: repository
-- weight: high
-- level: gold
-- applies_to: repositories whose code is scanned; not those whose open alerts all have no SLA
-- remedy: Put right what the alert shows, or dismiss it there as a false positive or as used in tests, with the reason.
-- owner: platform
-- version: 1

-- A severity without an SLA in reference/alert_sla.csv is not overdue. What nobody looked for is unknown, and no all-clear.
with count_alerts as (
    select
        repository_id,
        count(case when sla_status = 'overdue' then 1 end) as n_overdue,
        count(case when sla_status = 'not_applicable' then 1 end) as n_without_sla,
        count(*) as n_open,
        max(days_overdue) as days_overdue
    from fct_security_alerts
    where source_kind = 'code_scanning'
        and state = 'open'
        and date = getvariable('to')
    group by repository_id
)

select
    repositories.full_name as subject_id,
    case
        when alerts.n_overdue > 0 then 'fail'
        when visibility.visibility is distinct from 'visible' then 'unknown'
        when alerts.n_open = alerts.n_without_sla then 'not_applicable'
        else 'pass'
    end as status,
    case
        when alerts.n_overdue > 0 then 'code scanning alerts are open for longer than their SLA'
        when visibility.visibility in ('disabled', 'never_ran') then 'nobody looks: ' || visibility.reason
        when visibility.visibility is distinct from 'visible' then coalesce(visibility.reason, 'it was not read on this date')
        when alerts.n_open = alerts.n_without_sla then 'code scanning alerts are open, and no SLA is set for their severity'
        when alerts.n_open > 0 then 'code scanning alerts are open, within their SLA'
        else 'no code scanning alert is open'
    end as reason,
    cast(
        json_object(
            'open', alerts.n_open, 'overdue', alerts.n_overdue, 'days_overdue', alerts.days_overdue,
            'visibility', visibility.visibility, 'outcome', visibility.outcome_status
        ) as varchar
    ) as evidence
from dim_repositories as repositories
left join fct_alert_visibility as visibility
    on repositories.repository_id = visibility.repository_id
    and visibility.alert_kind = 'code_scanning'
    and visibility.date = getvariable('to')
left join count_alerts as alerts
    on repositories.repository_id = alerts.repository_id
where repositories.is_present is distinct from false and not repositories.is_archived
