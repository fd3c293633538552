-- One row per monitor and snapshot date.
-- grain: monitor_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date           date of the snapshot
--   monitor_id              number of the monitor
--   name                    its name
--   monitor_type            type, such as metric alert or composite
--   query                   what it watches, as Datadog writes it
--   tags                    tags by their key in lower case; several values of a key are joined by commas
--   teams                   teams of tag team, in lower case with hyphens; none without the tag
--   services                services of tag service, in lower case; none without the tag
--   env                     tag env, in lower case; null without it
--   tier                    tag tier; null without it
--   priority                1 (highest) to 5; null where none is set
--   overall_state           OK, Alert, Warn, No Data, Ignored, Skipped or Unknown
--   overall_state_since     when it came into that state, UTC; null when not told
--   is_muted                silenced as a whole; what downtimes silence stands in downtime_ids
--   muted_until             when that silence ends, UTC; null where it has no end, or there is none
--   muted_scopes            groups of it that are silenced, such as env:staging; * is the whole
--   downtime_ids            downtimes that match it
--   notification_kinds      where its message sends to, each kind once: pagerduty, opsgenie, slack, teams, webhook, email, team, user or other
--   notification_targets    where its message sends to, as kind:handle; people and addresses are pseudonyms
--   notifies_no_data        says so when data stops coming
--   no_data_minutes         says so after so long without data [minutes]
--   on_missing_data         what missing data does, such as show_no_data or resolve
--   renotify_minutes        repeats itself while it lasts; null or 0 is never [minutes]
--   is_multi                watches several groups, each on its own
--   creator_key             pseudonym of who made it; null when not told
--   created_at              when it was made, UTC; null when not told
--   modified_at             when it was last changed, UTC; null when not told
with monitors as (
    select * from datadog.monitors
),

stg_datadog__monitors as (
    select
        date as snapshot_date,
        monitor_id,
        name,
        monitor_type,
        query,
        tags,
        case
            when tags['team'] <> ''
                then list_sort(list_distinct(string_split(replace(replace(lower(trim(tags['team'])), '_', '-'), ' ', '-'), ',')))
            else []
        end as teams,
        case
            when tags['service'] <> ''
                then list_sort(list_distinct(string_split(lower(trim(tags['service'])), ',')))
            else []
        end as services,
        nullif(lower(tags['env']), '') as env,
        nullif(tags['tier'], '') as tier,
        priority,
        overall_state,
        cast(overall_state_since as timestamp) as overall_state_since,
        is_muted,
        cast(muted_until as timestamp) as muted_until,
        muted_scopes,
        downtime_ids,
        notification_kinds,
        notification_targets,
        notifies_no_data,
        no_data_minutes,
        on_missing_data,
        renotify_minutes,
        is_multi,
        creator_key,
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as modified_at
    from monitors
)

select * from stg_datadog__monitors
