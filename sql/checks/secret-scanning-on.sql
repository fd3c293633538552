-- title: Secrets are looked for
-- question: Is secret scanning on?
-- area: standardize
-- subject: repository
-- weight: critical
-- level: bronze
-- applies_to: every repository that is not archived
-- remedy: Switch secret scanning on in Settings, Advanced Security, or for the whole organisation by a security configuration.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case visibility.visibility when 'visible' then 'pass' when 'disabled' then 'fail' else 'unknown' end as status,
    case
        when visibility.visibility = 'visible' then 'secret scanning is on, and its alerts were read to the end'
        else coalesce(visibility.reason, 'it was not read on this date')
    end as reason,
    cast(json_object('visibility', visibility.visibility, 'outcome', visibility.outcome_status) as varchar) as evidence
from dim_repositories as repositories
left join fct_alert_visibility as visibility
    on repositories.repository_id = visibility.repository_id
    and visibility.alert_kind = 'secret_scanning'
    and visibility.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
