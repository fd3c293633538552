-- One row per Dependabot alert and snapshot date, closed alerts included.
-- grain: repository_id, alert_number, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date               date of the snapshot
--   repository_id               GitHub's number of the repository
--   full_name                   organization/name on that date
--   alert_number                number of the alert within its repository
--   state                       open, fixed, dismissed or auto_dismissed
--   severity                    low, medium, high or critical
--   ecosystem                   package ecosystem, such as npm
--   package                     name of the vulnerable package
--   manifest_path               file that declares the dependency
--   scope                       runtime or development; null when GitHub does not say
--   relationship                direct or transitive; null when GitHub does not say
--   ghsa_id                     GitHub's id of the advisory
--   cve_id                      CVE id; null when none is assigned
--   vulnerable_version_range    versions that are affected
--   first_patched_version       first version without the fault; null when there is none
--   cvss_score                  CVSS score; null when not rated [0 to 10]
--   epss_percentage             probability of exploitation in 30 days; null when not rated [0 to 1]
--   created_at                  when the alert was raised, UTC
--   updated_at                  when the alert last changed, UTC
--   fixed_at                    when it was found fixed, UTC; null when it was not
--   dismissed_at                when a person dismissed it, UTC; null when nobody did
--   auto_dismissed_at           when a rule dismissed it, UTC; null when none did
--   dismissed_reason            reason given for the dismissal; null when not dismissed
--   dismissed_by_key            pseudonym of who dismissed it
with dependabot_alerts as (
    select * from github.dependabot_alerts
),

stg_github__dependabot_alerts as (
    select
        date as snapshot_date,
        repository_id,
        full_name,
        alert_number,
        state,
        severity,
        ecosystem,
        package,
        manifest_path,
        scope,
        relationship,
        ghsa_id,
        cve_id,
        vulnerable_version_range,
        first_patched_version,
        cvss_score,
        epss_percentage,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(fixed_at as timestamp) as fixed_at,
        cast(dismissed_at as timestamp) as dismissed_at,
        cast(auto_dismissed_at as timestamp) as auto_dismissed_at,
        dismissed_reason,
        dismissed_by_key
    from dependabot_alerts
)

select * from stg_github__dependabot_alerts
