-- title: Secrets are stopped before they are pushed
-- question: Is push protection on?
-- area: standardize
-- subject: repository
-- weight: high
-- level: silver
-- applies_to: every repository that is not archived
-- remedy: Switch push protection on in Settings, Advanced Security, or for the whole organisation by a security configuration.
-- owner: platform
-- version: 1

select
    full_name as subject_id,
    case
        when last_seen_on is distinct from getvariable('to') then 'unknown'
        when is_push_protection_enabled then 'pass'
        when is_push_protection_enabled = false then 'fail'
        else 'unknown'
    end as status,
    case
        when last_seen_on is distinct from getvariable('to') then 'it was not read on this date'
        when is_push_protection_enabled then 'a push that holds a secret is stopped'
        when is_push_protection_enabled = false then 'a push that holds a secret is not stopped'
        else 'our credential may not know: it does not administer the repository'
    end as reason,
    cast(
        json_object('push_protection', is_push_protection_enabled, 'secret_scanning', is_secret_scanning_enabled, 'administered', is_administered)
        as varchar
    ) as evidence
from dim_repositories
where is_present is distinct from false and not is_archived
