-- One row per downtime that changed between snapshots, and monitor that it silences now or no longer does, with what became of that monitor.
-- A monitor that another downtime silenced before, or silences since, is as silent as it was, and has no row; but for one that gets no end.
-- grain: changed_on, key, monitor_id
-- kind: view
-- owner: platform
-- columns:
--   changed_on     date of the snapshot that differs
--   key            grain of the downtime, as stg_almanac__snapshot_changes writes it (JSON object)
--   monitor_id     Datadog's number of the monitor
--   monitor_key    grain of the monitor, likewise
--   move           mutes, mutes_without_end, unmutes, or told_by_monitor where the monitor's own row tells: it says that it is muted or not, or went
with changes as (
    select * from stg_almanac__snapshot_changes where source = 'datadog'
),

monitors as (
    select * from stg_datadog__monitors
),

active_downtimes as (
    select * from stg_datadog__downtimes where status = 'active'
),

monitor_downtimes as (
    select * from int_monitor_downtimes
),

list_downtime_changes as (
    select distinct changed_on, previous_date, key, json_extract_string(key, '$.downtime_id') as downtime_id
    from changes
    where table_name = 'downtimes'
),

list_dates as (
    select changed_on, previous_date, key, downtime_id, changed_on as snapshot_date
    from list_downtime_changes
    union all
    select changed_on, previous_date, key, downtime_id, previous_date
    from list_downtime_changes
),

list_monitors as (
    select
        dates.changed_on,
        dates.previous_date,
        dates.key,
        dates.downtime_id,
        silences.monitor_id,
        max(dates.snapshot_date) = dates.changed_on as is_silencing,
        max(case when silences.ends_at is null then dates.snapshot_date end) is not distinct from dates.changed_on as is_silencing_without_end
    from list_dates as dates
    inner join monitor_downtimes as silences
        on dates.downtime_id = silences.downtime_id
        and dates.snapshot_date = silences.snapshot_date
    group by dates.changed_on, dates.previous_date, dates.key, dates.downtime_id, silences.monitor_id
),

count_silences as (
    select monitor_id, snapshot_date, count(*) as n_silences, count(case when ends_at is null then 1 end) as n_without_end
    from monitor_downtimes
    group by monitor_id, snapshot_date
),

-- Of a downtime that was active before, the monitors are known only if they were read, and so they are of one that is active now.
compare_silences as (
    select
        silences.changed_on,
        silences.key,
        silences.monitor_id,
        '{"monitor_id":' || cast(silences.monitor_id as varchar) || '}' as monitor_key,
        case
            when silences.is_silencing and was_active.downtime_id is not null and monitors_before.monitor_id is null then null
            when silences.is_silencing_without_end and coalesce(before.n_without_end, 0) = 0 then 'mutes_without_end'
            when silences.is_silencing and before.n_silences is null then 'mutes'
            when now.n_silences is null and (is_active.downtime_id is null or monitors_now.monitor_id is not null) then 'unmutes'
        end as move
    from list_monitors as silences
    left join count_silences as before
        on silences.monitor_id = before.monitor_id
        and silences.previous_date = before.snapshot_date
    left join count_silences as now
        on silences.monitor_id = now.monitor_id
        and silences.changed_on = now.snapshot_date
    left join active_downtimes as was_active
        on silences.downtime_id = was_active.downtime_id
        and silences.previous_date = was_active.snapshot_date
    left join active_downtimes as is_active
        on silences.downtime_id = is_active.downtime_id
        and silences.changed_on = is_active.snapshot_date
    left join monitors as monitors_before
        on silences.monitor_id = monitors_before.monitor_id
        and silences.previous_date = monitors_before.snapshot_date
    left join monitors as monitors_now
        on silences.monitor_id = monitors_now.monitor_id
        and silences.changed_on = monitors_now.snapshot_date
),

int_silence_changes as (
    select
        silences.changed_on,
        silences.key,
        silences.monitor_id,
        silences.monitor_key,
        case when told.key is null then silences.move else 'told_by_monitor' end as move
    from compare_silences as silences
    left join changes as told
        on told.table_name = 'monitors'
        and silences.changed_on = told.changed_on
        and silences.monitor_key = told.key
        and (told.column_name = 'is_muted' or told.change = 'removed')
    where silences.move is not null
)

select * from int_silence_changes
