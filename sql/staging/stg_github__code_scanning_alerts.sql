-- One row per code scanning alert and snapshot date, closed alerts included.
-- grain: repository_id, alert_number, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date        date of the snapshot
--   repository_id        GitHub's number of the repository
--   full_name            organization/name on that date
--   alert_number         number of the alert within its repository
--   state                open, fixed or dismissed
--   rule_id              rule that found it; null when the tool does not say
--   rule_severity        none, note, warning or error: how sure a fault it is; null when the tool does not say
--   security_severity    low, medium, high or critical; null for a rule that is not about security
--   tool_name            tool that found it
--   tool_version         its version; null when the tool does not say
--   ref_name             ref it was last seen in; null when GitHub does not say
--   path                 file it was last seen in; null when GitHub does not say
--   created_at           when the alert was raised, UTC
--   updated_at           when the alert last changed, UTC; null when GitHub does not say
--   fixed_at             when it was found fixed, UTC; null when it was not
--   dismissed_at         when a person dismissed it, UTC; null when nobody did
--   dismissed_reason     reason given for the dismissal; null when not dismissed
--   dismissed_by_key     pseudonym of who dismissed it
with code_scanning_alerts as (
    select * from github.code_scanning_alerts
),

stg_github__code_scanning_alerts as (
    select
        date as snapshot_date,
        repository_id,
        full_name,
        alert_number,
        state,
        rule_id,
        rule_severity,
        security_severity,
        tool_name,
        tool_version,
        ref_name,
        path,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(fixed_at as timestamp) as fixed_at,
        cast(dismissed_at as timestamp) as dismissed_at,
        dismissed_reason,
        dismissed_by_key
    from code_scanning_alerts
)

select * from stg_github__code_scanning_alerts
