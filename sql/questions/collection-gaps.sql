-- title: Collection gaps
-- question: What could we not read in the newest run of each table, and what is to be done about it?
-- owner: platform
-- params:
--   source        system that was read, such as github
--   table_name    table with the gap
-- columns:
--   source          system that was read, such as github
--   table_name      table with the gap
--   parent          what could not be read: organization/name, an organisation's login, an account, a file, or (whole table)
--   status          forbidden, disabled, not_found, truncated, rate_limited, error; failed or skipped for a whole table
--   meaning         what the status says
--   detail          why, as recorded; null when nothing was recorded
--   what_to_do      the remedy
--   n_rows          rows read in spite of it [rows]
--   logical_date    date the run worked for
--   observed_at     when the read ended, UTC
--   run_id          run it happened in

-- A table that was never collected leaves no row anywhere: almanac tables lists what exists.
with outcomes as (
    select * from stg_almanac__outcomes
),

runs as (
    select * from stg_almanac__runs
),

outcome_statuses as (
    select * from reference.outcome_statuses
),

find_newest_reads as (
    select
        *,
        rank() over (partition by source, table_name order by logical_date desc, run_id desc) as run_rank
    from outcomes
),

list_unread_parents as (
    select source, table_name, parent, status, detail, n_rows, logical_date, observed_at, run_id
    from find_newest_reads
    where run_rank = 1 and status not in ('ok', 'empty', 'disabled')
),

find_newest_steps as (
    select
        *,
        split_part(replace(step, 'collect ', ''), '.', 1) as source,
        split_part(split_part(replace(step, 'collect ', ''), '.', 2), ' ', 1) as table_name,
        nullif(split_part(step, ' ', 3), '') as day,
        rank() over (partition by split_part(step, ' ', 2) order by logical_date desc, run_id desc) as run_rank
    from runs
    where step like 'collect %'
),

-- A step that failed before it read anything has no outcome: the ledger alone knows of it. A table of windows has a step for each day.
list_unread_tables as (
    select source, table_name, '(whole table)' || coalesce(' ' || day, '') as parent, status, detail, n_rows, logical_date, finished_at as observed_at, run_id
    from find_newest_steps
    where run_rank = 1 and status in ('failed', 'skipped')
),

combine_gaps as (
    select * from list_unread_parents
    union all
    select * from list_unread_tables
),

collection_gaps as (
    select
        gaps.source,
        gaps.table_name,
        gaps.parent,
        gaps.status,
        coalesce(outcome_statuses.meaning, 'the step ' || gaps.status) as meaning,
        gaps.detail,
        coalesce(outcome_statuses.remedy, 'see the detail and collect again') as what_to_do,
        gaps.n_rows,
        gaps.logical_date,
        gaps.observed_at,
        gaps.run_id
    from combine_gaps as gaps
    left join outcome_statuses
        on gaps.status = outcome_statuses.status
    where (getvariable('source') is null or gaps.source = getvariable('source'))
        and (getvariable('table_name') is null or gaps.table_name = getvariable('table_name'))
)

select * from collection_gaps
order by source, table_name, parent, status
