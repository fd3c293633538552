-- One row per secret scanning alert and snapshot date, closed alerts included, never the secret.
-- grain: repository_id, alert_number, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date                      date of the snapshot
--   repository_id                      GitHub's number of the repository
--   full_name                          organization/name on that date
--   alert_number                       number of the alert within its repository
--   state                              open or resolved
--   resolution                         false_positive, wont_fix, revoked or used_in_tests; null while open
--   secret_type                        kind of secret
--   provider                           whose kind of secret it is; null when GitHub does not say
--   validity                           active, inactive or unknown: whether it still opens something; null when GitHub does not say
--   is_publicly_leaked                 also found in public; null when GitHub does not say
--   is_multi_repo                      also found in another repository; null when GitHub does not say
--   is_push_protection_bypassed        pushed in spite of push protection; null when GitHub does not say
--   push_protection_bypassed_at        when that was, UTC; null when it was not
--   push_protection_bypassed_by_key    pseudonym of who did that
--   created_at                         when the alert was raised, UTC
--   updated_at                         when the alert last changed, UTC; null when GitHub does not say
--   resolved_at                        when it was resolved, UTC; null while open
--   resolved_by_key                    pseudonym of who resolved it
with secret_scanning_alerts as (
    select * from github.secret_scanning_alerts
),

stg_github__secret_scanning_alerts as (
    select
        date as snapshot_date,
        repository_id,
        full_name,
        alert_number,
        state,
        resolution,
        secret_type,
        provider,
        validity,
        is_publicly_leaked,
        is_multi_repo,
        is_push_protection_bypassed,
        cast(push_protection_bypassed_at as timestamp) as push_protection_bypassed_at,
        push_protection_bypassed_by_key,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(resolved_at as timestamp) as resolved_at,
        resolved_by_key
    from secret_scanning_alerts
)

select * from stg_github__secret_scanning_alerts
