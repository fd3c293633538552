-- One row per security alert and snapshot date, closed alerts included, with its age and its standing against the SLA of its severity.
-- Days are counted to the snapshot date, or to the closing of a closed alert; an alert is overdue from the day after it is due.
-- grain: date, source_kind, repository_id, alert_number
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 26h
-- columns:
--   date                           date of the snapshot
--   source_kind                    what raised the alert: dependabot, code_scanning or secret_scanning
--   repository_id                  GitHub's number of the repository
--   alert_number                   number of the alert within its repository and kind
--   full_name                      organization/name on that date
--   team                           owning team on that date; null when unknown
--   is_pci_scope                   subject to PCI on that date; null when unknown
--   state                          open, fixed, dismissed, auto_dismissed, or resolved (a secret)
--   severity                       low, medium, high or critical; null for a secret, and for a rule that is not about security
--   ecosystem                      package ecosystem, such as npm; null unless dependabot
--   package                        name of the vulnerable package; null unless dependabot
--   manifest_path                  file that declares the dependency; null unless dependabot
--   scope                          runtime or development; null when unknown
--   relationship                   direct or transitive; null when unknown
--   ghsa_id                        GitHub's id of the advisory; null unless dependabot
--   cve_id                         CVE id; null when none is assigned
--   first_patched_version          first version without the fault; null when there is none
--   cvss_score                     CVSS score; null when not rated [0 to 10]
--   epss_percentage                probability of exploitation in 30 days; null when not rated [0 to 1]
--   created_at                     when the alert was raised, UTC
--   closed_at                      when it was fixed, dismissed or resolved, UTC; null while open
--   dismissed_reason               reason given for the dismissal; null when not dismissed
--   age_days                       created_at to the snapshot date or to closed_at; null when closed at an unknown time [days]
--   sla_days                       time allowed for this severity; null without an SLA [days]
--   due_at                         created_at + sla_days, UTC; null without an SLA
--   sla_status                     within or overdue while open; met or breached_when_closed after; not_applicable without an SLA; null when closed at an unknown time
--   days_overdue                   days past due_at, 0 when not past; null without an SLA or when closed at an unknown time [days]
--   rule_id                        rule that found it; null unless code_scanning
--   rule_severity                  none, note, warning or error; null unless code_scanning
--   tool                           tool that found it; null unless code_scanning
--   path                           file it was last seen in; null unless code_scanning
--   secret_type                    kind of secret; null unless secret_scanning
--   validity                       active, inactive or unknown: whether the secret still opens something; null unless secret_scanning
--   is_publicly_leaked             the secret is also found in public; null when unknown
--   is_push_protection_bypassed    the secret was pushed in spite of push protection; null when unknown
--   resolution                     how the secret was resolved; null while open, and unless secret_scanning
with alerts as (
    select *
    from int_security_alerts
    where snapshot_date between getvariable('from') and getvariable('to')
),

properties as (
    select *
    from int_repository_properties_pivoted
    where snapshot_date between getvariable('from') and getvariable('to')
),

slas as (
    select * from reference.alert_sla
),

-- A snapshot that runs past midnight can hold alerts raised on the next day: their age is 0, not negative.
measure_ages as (
    select
        alerts.*,
        properties.team,
        properties.is_pci_scope,
        slas.days as sla_days,
        alerts.created_at + slas.days * interval '1' day as due_at,
        case when alerts.state = 'open' then alerts.snapshot_date else cast(alerts.closed_at as date) end as measured_on
    from alerts
    left join properties
        on alerts.repository_id = properties.repository_id
        and alerts.snapshot_date = properties.snapshot_date
    left join slas
        on alerts.severity = slas.severity
        and alerts.source_kind = slas.kind
),

fct_security_alerts as (
    select
        snapshot_date as date,
        source_kind,
        repository_id,
        alert_number,
        full_name,
        team,
        is_pci_scope,
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
        closed_at,
        dismissed_reason,
        case
            when measured_on is not null then greatest(date_diff('day', cast(created_at as date), measured_on), 0)
        end as age_days,
        sla_days,
        due_at,
        case
            when due_at is null then 'not_applicable'
            when measured_on is null then null
            when state = 'open' and measured_on <= cast(due_at as date) then 'within'
            when state = 'open' then 'overdue'
            when measured_on <= cast(due_at as date) then 'met'
            else 'breached_when_closed'
        end as sla_status,
        case
            when due_at is not null and measured_on is not null
                then greatest(date_diff('day', cast(due_at as date), measured_on), 0)
        end as days_overdue,
        rule_id,
        rule_severity,
        tool,
        path,
        secret_type,
        validity,
        is_publicly_leaked,
        is_push_protection_bypassed,
        resolution
    from measure_ages
)

select * from fct_security_alerts
