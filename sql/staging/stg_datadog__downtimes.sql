-- One row per downtime that is active, scheduled or kept by Datadog, and snapshot date.
-- grain: downtime_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date     date of the snapshot
--   downtime_id       id of the downtime
--   status            active, scheduled, ended or canceled
--   scope             what is silenced, such as env:staging AND service:lamp-api
--   monitor_id        the monitor that it is for; null where tags choose
--   monitor_tags      tags of the monitors that it is for; * is every monitor
--   is_recurring      comes again
--   starts_at         when it begins, UTC; of one that comes again, the present or next time; null when not told
--   ends_at           when it ends, likewise, UTC; null is never
--   recurrences       when it comes again, as iCalendar rules
--   timezone          time zone of those rules
--   created_by_key    pseudonym of who made it; null when not told
--   created_at        when it was made, UTC; null when not told
--   modified_at       when it was last changed, UTC; null when not told
--   canceled_at       when it was called off, UTC; null when not told
with downtimes as (
    select * from datadog.downtimes
),

stg_datadog__downtimes as (
    select
        date as snapshot_date,
        downtime_id,
        status,
        scope,
        monitor_id,
        monitor_tags,
        is_recurring,
        cast(starts_at as timestamp) as starts_at,
        cast(ends_at as timestamp) as ends_at,
        recurrences,
        timezone,
        created_by_key,
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as modified_at,
        cast(canceled_at as timestamp) as canceled_at
    from downtimes
)

select * from stg_datadog__downtimes
