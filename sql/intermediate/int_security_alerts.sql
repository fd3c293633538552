-- One row per security alert of any kind and snapshot date, closed alerts included.
-- grain: source_kind, repository_id, alert_number, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date                   date of the snapshot
--   source_kind                     what raised the alert: dependabot, code_scanning or secret_scanning
--   repository_id                   GitHub's number of the repository
--   alert_number                    number of the alert within its repository and kind
--   full_name                       organization/name on that date
--   state                           open, fixed, dismissed, auto_dismissed or resolved
--   severity                        low, medium, high or critical; null for a secret, and for a rule that is not about security
--   ecosystem                       package ecosystem; null unless dependabot
--   package                         name of the vulnerable package; null unless dependabot
--   manifest_path                   file that declares the dependency; null unless dependabot
--   scope                           runtime or development; null when unknown
--   relationship                    direct or transitive; null when unknown
--   ghsa_id                         GitHub's id of the advisory; null unless dependabot
--   cve_id                          CVE id; null when none is assigned
--   first_patched_version           first version without the fault; null when there is none
--   cvss_score                      CVSS score; null when not rated [0 to 10]
--   epss_percentage                 probability of exploitation in 30 days; null when not rated [0 to 1]
--   created_at                      when the alert was raised, UTC
--   closed_at                       when it was closed, UTC; null while open, or when unknown
--   dismissed_reason                reason given for the dismissal; null when not dismissed
--   rule_id                         rule that found it; null unless code_scanning
--   rule_severity                   none, note, warning or error; null unless code_scanning
--   tool                            tool that found it; null unless code_scanning
--   path                            file it was last seen in; null unless code_scanning
--   secret_type                     kind of secret; null unless secret_scanning
--   validity                        active, inactive or unknown: whether the secret still opens something; null unless secret_scanning
--   is_publicly_leaked              the secret is also found in public; null when unknown
--   is_push_protection_bypassed     the secret was pushed in spite of push protection; null when unknown
--   resolution                      how the secret was resolved; null while open, and unless secret_scanning
with dependabot_alerts as (
    select * from stg_github__dependabot_alerts
),

code_scanning_alerts as (
    select * from stg_github__code_scanning_alerts
),

secret_scanning_alerts as (
    select * from stg_github__secret_scanning_alerts
),

int_security_alerts as (
    select
        snapshot_date,
        'dependabot' as source_kind,
        repository_id,
        alert_number,
        full_name,
        state,
        severity,
        ecosystem,
        package,
        manifest_path,
        scope,
        relationship,
        ghsa_id,
        cve_id,
        first_patched_version,
        cvss_score,
        epss_percentage,
        created_at,
        case state
            when 'fixed' then fixed_at
            when 'dismissed' then dismissed_at
            when 'auto_dismissed' then auto_dismissed_at
        end as closed_at,
        dismissed_reason,
        null as rule_id,
        null as rule_severity,
        null as tool,
        null as path,
        null as secret_type,
        null as validity,
        null as is_publicly_leaked,
        null as is_push_protection_bypassed,
        null as resolution
    from dependabot_alerts
    union all
    select
        snapshot_date,
        'code_scanning' as source_kind,
        repository_id,
        alert_number,
        full_name,
        state,
        security_severity as severity,
        null as ecosystem,
        null as package,
        null as manifest_path,
        null as scope,
        null as relationship,
        null as ghsa_id,
        null as cve_id,
        null as first_patched_version,
        null as cvss_score,
        null as epss_percentage,
        created_at,
        case state
            when 'fixed' then fixed_at
            when 'dismissed' then dismissed_at
        end as closed_at,
        dismissed_reason,
        rule_id,
        rule_severity,
        tool_name as tool,
        path,
        null as secret_type,
        null as validity,
        null as is_publicly_leaked,
        null as is_push_protection_bypassed,
        null as resolution
    from code_scanning_alerts
    union all
    select
        snapshot_date,
        'secret_scanning' as source_kind,
        repository_id,
        alert_number,
        full_name,
        state,
        null as severity,
        null as ecosystem,
        null as package,
        null as manifest_path,
        null as scope,
        null as relationship,
        null as ghsa_id,
        null as cve_id,
        null as first_patched_version,
        null as cvss_score,
        null as epss_percentage,
        created_at,
        case when state = 'resolved' then resolved_at end as closed_at,
        null as dismissed_reason,
        null as rule_id,
        null as rule_severity,
        null as tool,
        null as path,
        secret_type,
        validity,
        is_publicly_leaked,
        is_push_protection_bypassed,
        resolution
    from secret_scanning_alerts
)

select * from int_security_alerts
