-- One row per snapshot, row and watched column that differs from the snapshot before it.
-- What was not read to the end on either day is neither gone nor new: it has no row.
-- grain: changed_on, source, table_name, key, column_name
-- kind: view
-- owner: platform
-- columns:
--   changed_on       date of the snapshot that differs
--   source           system that the snapshot is of, such as github
--   table_name       table that changed, such as repositories
--   key              grain of the row that changed (JSON object)
--   column_name      column that changed; empty for a row that came or went
--   change           added, removed or changed
--   name             full name, name or slug of the row; null where it has none
--   before           what the column held, a list or a map as JSON, or what a row held that went; null where it held nothing, and for a row that came
--   after            what it holds now, likewise; null for a row that went
--   previous_date    date of the snapshot that it was compared with
--   days_between     how long before this one that was; above 1 where days are missing [days]
with snapshot_changes as (
    select * from almanac.snapshot_changes
),

stg_almanac__snapshot_changes as (
    select
        date as changed_on,
        source,
        table_name,
        key,
        column_name,
        change,
        name,
        before,
        after,
        cast(previous_date as date) as previous_date,
        days_between
    from snapshot_changes
)

select * from stg_almanac__snapshot_changes
