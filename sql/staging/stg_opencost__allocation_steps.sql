-- One row per cluster and step of an hour or a day that was asked for, with what came of it.
-- A step that is not ok is no cluster that costs nothing: of it nothing is known.
-- grain: cluster, step_started_at
-- kind: view
-- owner: platform
-- columns:
--   day                day that it is about, UTC
--   cluster            cluster, by its name in almanac.toml
--   step_started_at    beginning of the step, UTC
--   step_ended_at      its end, not included, UTC
--   step_hours         its length [hours]
--   state              ok; empty or null for a step without entries; rejected where none could be stored; missing for one that no answer tells of
--   n_entries          entries that were stored [entries]
--   n_rejected         entries that could not be stored, such as one with a negative cost [entries]
with allocation_steps as (
    select * from opencost.allocation_steps
),

stg_opencost__allocation_steps as (
    select
        date as day,
        cluster,
        cast(step_started_at as timestamp) as step_started_at,
        cast(step_ended_at as timestamp) as step_ended_at,
        date_diff('second', cast(step_started_at as timestamp), cast(step_ended_at as timestamp)) / 3600.0 as step_hours,
        state,
        entries as n_entries,
        rejected as n_rejected
    from allocation_steps
)

select * from stg_opencost__allocation_steps
