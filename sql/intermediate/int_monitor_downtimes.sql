-- One row per monitor, snapshot date and active downtime that silences it, be it for a part of what it watches.
-- A monitor names the active downtimes that match it, by numbers that the list of downtimes does not have: Datadog's first version numbers
-- them, its second gives them other ids. What a downtime is for, one monitor or all with some tags, tells which of them it is.
-- grain: monitor_id, snapshot_date, downtime_id
-- kind: view
-- owner: platform
-- columns:
--   monitor_id       Datadog's number of the monitor
--   snapshot_date    date of both snapshots
--   downtime_id      id of the downtime
--   ends_at          when the downtime ends, UTC; null is never
--   is_by_id         the monitor names it by this id; otherwise what it is for tells
with monitors as (
    select * from stg_datadog__monitors
),

downtimes as (
    select * from stg_datadog__downtimes where status = 'active'
),

list_wanted_tags as (
    select
        downtimes.downtime_id,
        downtimes.snapshot_date,
        lower(split_part(wanted.tag, ':', 1)) as tag_key,
        lower(case when contains(wanted.tag, ':') then substr(wanted.tag, strpos(wanted.tag, ':') + 1) else '' end) as tag_value
    from downtimes
    cross join unnest(downtimes.monitor_tags) as wanted (tag)
    where downtimes.monitor_id is null
),

match_tags as (
    select monitors.monitor_id, monitors.snapshot_date, wanted.downtime_id
    from monitors
    inner join list_wanted_tags as wanted
        on monitors.snapshot_date = wanted.snapshot_date
    where len(monitors.downtime_ids) > 0
    group by monitors.monitor_id, monitors.snapshot_date, wanted.downtime_id
    having min(
        case
            when wanted.tag_key = '*' or list_contains(string_split(lower(monitors.tags[wanted.tag_key]), ','), wanted.tag_value) then 1
            else 0
        end
    ) = 1
),

list_matches as (
    select monitors.monitor_id, monitors.snapshot_date, matching.downtime_id, true as is_by_id
    from monitors
    cross join unnest(monitors.downtime_ids) as matching (downtime_id)
    union all
    select monitor_id, snapshot_date, downtime_id, false
    from downtimes
    where monitor_id is not null
    union all
    select monitor_id, snapshot_date, downtime_id, false
    from match_tags
),

int_monitor_downtimes as (
    select matches.monitor_id, matches.snapshot_date, matches.downtime_id, downtimes.ends_at, max(matches.is_by_id) as is_by_id
    from list_matches as matches
    inner join downtimes
        on matches.downtime_id = downtimes.downtime_id
        and matches.snapshot_date = downtimes.snapshot_date
    group by matches.monitor_id, matches.snapshot_date, matches.downtime_id, downtimes.ends_at
)

select * from int_monitor_downtimes
