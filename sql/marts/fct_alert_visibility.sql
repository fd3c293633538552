-- One row per repository, date and kind of alert, telling whether we could see its alerts at all and how many were open.
-- visible means read to the end, and only then is n_open = 0 an all-clear: of code that nothing ever looked at, nothing is known.
-- grain: date, repository_id, alert_kind
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 26h
-- columns:
--   date               date of the snapshot
--   repository_id      GitHub's number of the repository
--   alert_kind         what raises the alerts: dependabot, code_scanning or secret_scanning
--   organization       login of the owning organisation
--   full_name          organization/name on that date
--   is_archived        archived on that date
--   team               owning team on that date; null when unknown
--   is_pci_scope       subject to PCI on that date; null when unknown
--   visibility         visible, disabled, never_ran (switched on, and no analysis was ever uploaded),
--                      not_visible (we may not look) or unknown (not read, or not to the end)
--   reason             what visibility was concluded from
--   outcome_status     how the read of the repository, or else of its organisation, ended; null when none is on record
--   outcome_detail     why, when not ok
--   observed_at        when that read ended, UTC; null when none is on record
--   n_open             open alerts seen: exact when visible, else a lower bound; null when none were seen and it is not visible [alerts]
--   n_open_critical    of these, critical; null as n_open is, and for secrets, which have no severity [alerts]
--   n_open_high        of these, high; null likewise [alerts]
--   alert_status       with_alerts, no_open_alerts (only when visible), alerts_disabled, never_ran or not_visible: all that may be said of it
with repositories as (
    select *
    from stg_github__repositories
    where snapshot_date between getvariable('from') and getvariable('to')
),

properties as (
    select *
    from int_repository_properties_pivoted
    where snapshot_date between getvariable('from') and getvariable('to')
),

alerts as (
    select *
    from int_security_alerts
    where snapshot_date between getvariable('from') and getvariable('to')
),

coverage as (
    select *
    from int_collection_coverage
    where source = 'github'
        and table_name in ('dependabot_alerts', 'code_scanning_alerts', 'secret_scanning_alerts')
        and logical_date between getvariable('from') and getvariable('to')
),

outcome_statuses as (
    select * from reference.outcome_statuses
),

count_open_alerts as (
    select
        source_kind,
        repository_id,
        snapshot_date,
        count(*) as n_open,
        count(case when severity = 'critical' then 1 end) as n_open_critical,
        count(case when severity = 'high' then 1 end) as n_open_high
    from alerts
    where state = 'open'
    group by source_kind, repository_id, snapshot_date
),

-- For code scanning GitHub has no flag that decides: public repositories need none.
list_kinds as (
    select
        *,
        'dependabot' as alert_kind,
        'Dependabot alerts are' as what_is,
        is_dependabot_alerts_enabled as is_enabled
    from repositories
    union all
    select *, 'code_scanning' as alert_kind, 'code scanning is' as what_is, null as is_enabled from repositories
    union all
    select
        *,
        'secret_scanning' as alert_kind,
        'secret scanning is' as what_is,
        is_secret_scanning_enabled as is_enabled
    from repositories
),

-- An organisation read to the end says nothing of a repository it does not name; one that failed explains the silence.
find_outcomes as (
    select
        kinds.*,
        coalesce(own.status, whole.status) as outcome_status,
        case when own.status is not null then own.detail else whole.detail end as outcome_detail,
        coalesce(own.observed_at, whole.observed_at) as observed_at
    from list_kinds as kinds
    left join coverage as own
        on kinds.alert_kind || '_alerts' = own.table_name
        and lower(kinds.full_name) = own.parent
        and kinds.snapshot_date = own.logical_date
    left join coverage as whole
        on kinds.alert_kind || '_alerts' = whole.table_name
        and lower(kinds.organization) = whole.parent
        and kinds.snapshot_date = whole.logical_date
        and not whole.is_complete
),

-- GitHub answers a refused question and a switched-off feature alike; its flag decides, but only an administrator may believe it.
judge_visibility as (
    select
        *,
        case
            when outcome_status = 'disabled' and outcome_detail = 'no analysis was ever uploaded' then 'never_ran'
            when outcome_status = 'disabled' then 'disabled'
            when outcome_status = 'empty' and not is_enabled then 'disabled'
            when outcome_status in ('forbidden', 'not_found') and not is_enabled
                and (viewer_permission = 'ADMIN' or viewer_can_administer)
                then 'disabled'
            when outcome_status in ('ok', 'empty') then 'visible'
            when outcome_status in ('forbidden', 'not_found') then 'not_visible'
            else 'unknown'
        end as alert_visibility
    from find_outcomes
),

fct_alert_visibility as (
    select
        judged.snapshot_date as date,
        judged.repository_id,
        judged.alert_kind,
        judged.organization,
        judged.full_name,
        judged.is_archived,
        properties.team,
        properties.is_pci_scope,
        judged.alert_visibility as visibility,
        case
            when judged.alert_visibility = 'disabled' then judged.what_is || ' switched off'
            when judged.alert_visibility = 'never_ran' then 'code scanning is on, and no analysis was ever uploaded'
            else outcome_statuses.meaning
        end as reason,
        judged.outcome_status,
        judged.outcome_detail,
        judged.observed_at,
        case when judged.alert_visibility = 'visible' then coalesce(counts.n_open, 0) else counts.n_open end as n_open,
        case
            when judged.alert_kind = 'secret_scanning' then null
            when judged.alert_visibility = 'visible' then coalesce(counts.n_open_critical, 0)
            else counts.n_open_critical
        end as n_open_critical,
        case
            when judged.alert_kind = 'secret_scanning' then null
            when judged.alert_visibility = 'visible' then coalesce(counts.n_open_high, 0)
            else counts.n_open_high
        end as n_open_high,
        case
            when counts.n_open > 0 then 'with_alerts'
            when judged.alert_visibility = 'visible' then 'no_open_alerts'
            when judged.alert_visibility = 'disabled' then 'alerts_disabled'
            when judged.alert_visibility = 'never_ran' then 'never_ran'
            else 'not_visible'
        end as alert_status
    from judge_visibility as judged
    left join properties
        on judged.repository_id = properties.repository_id
        and judged.snapshot_date = properties.snapshot_date
    left join count_open_alerts as counts
        on judged.alert_kind = counts.source_kind
        and judged.repository_id = counts.repository_id
        and judged.snapshot_date = counts.snapshot_date
    left join outcome_statuses
        on coalesce(judged.outcome_status, 'missing') = outcome_statuses.status
)

select * from fct_alert_visibility
