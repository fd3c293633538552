-- title: No secret is open
-- question: Is every secret that was found revoked or resolved?
-- area: ensure
-- subject: repository
-- weight: critical
-- level: bronze
-- applies_to: every repository that is not archived
-- remedy: Revoke each secret where it opens something, put a new one where it belongs, and then close the alert as revoked.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when visibility.n_open > 0 then 'fail'
        when visibility.alert_status = 'no_open_alerts' then 'pass'
        else 'unknown'
    end as status,
    case
        when visibility.n_open > 0 then 'secrets were found in it that are open'
        when visibility.alert_status = 'no_open_alerts' then 'no alert about a secret is open'
        when visibility.visibility = 'disabled' then 'nobody looks for secrets: secret scanning is switched off'
        else coalesce(visibility.reason, 'it was not read on this date')
    end as reason,
    cast(json_object('open', visibility.n_open, 'visibility', visibility.visibility, 'outcome', visibility.outcome_status) as varchar) as evidence
from dim_repositories as repositories
left join fct_alert_visibility as visibility
    on repositories.repository_id = visibility.repository_id
    and visibility.date = getvariable('to')
    and visibility.alert_kind = 'secret_scanning'
where repositories.is_present is distinct from false and not repositories.is_archived
