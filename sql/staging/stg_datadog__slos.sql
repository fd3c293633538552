-- One row per service level objective and snapshot date.
-- grain: slo_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   slo_id           id of the objective
--   name             its name
--   slo_type         metric, monitor or time_slice
--   tags             tags by their key in lower case; several values of a key are joined by commas
--   teams            teams of tag team, in lower case with hyphens; none without the tag
--   services         services of tag service, in lower case; none without the tag
--   env              tag env, in lower case; null without it
--   tier             tag tier; null without it
--   monitor_ids      monitors that it is made of
--   numerator        good events, as Datadog writes the query
--   denominator      all events, likewise
--   groups           groups of a monitor that count; all where empty
--   timeframe        the timeframe shown first: 7d, 30d, 90d or custom
--   target           its target [%]
--   warning          below it, a warning [%]
--   target_7d        target over 7 days [%]
--   target_30d       target over 30 days [%]
--   target_90d       target over 90 days [%]
--   warning_7d       warning over 7 days [%]
--   warning_30d      warning over 30 days [%]
--   warning_90d      warning over 90 days [%]
--   creator_key      pseudonym of who made it; null when not told
--   created_at       when it was made, UTC; null when not told
--   modified_at      when it was last changed, UTC; null when not told
with slos as (
    select * from datadog.slos
),

stg_datadog__slos as (
    select
        date as snapshot_date,
        slo_id,
        name,
        slo_type,
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
        monitor_ids,
        numerator,
        denominator,
        groups,
        timeframe,
        target,
        warning,
        target_7d,
        target_30d,
        target_90d,
        warning_7d,
        warning_30d,
        warning_90d,
        creator_key,
        cast(created_at as timestamp) as created_at,
        cast(modified_at as timestamp) as modified_at
    from slos
)

select * from stg_datadog__slos
