-- One row per table, parent and logical date that was read, with how the last read of it ended.
-- A pair without a row was not read; whoever joins this view must call that unknown, never clear.
-- grain: source, table_name, parent, logical_date
-- kind: view
-- owner: platform
-- columns:
--   source          system that was read, such as github
--   table_name      table that was read, such as dependabot_alerts
--   parent          what was read, in lower case since GitHub's names ignore case
--   logical_date    date the run worked for
--   run_id          run that read it last
--   status          ok, empty, forbidden, disabled, not_found, truncated, rate_limited or error
--   is_complete     nothing is missing: read to the end, or switched off there
--   detail          why, when not ok
--   n_rows          rows read [rows]
--   observed_at     when the read ended, UTC
with outcomes as (
    select * from stg_almanac__outcomes
),

rank_reads as (
    select
        *,
        row_number() over (
            partition by source, table_name, lower(parent), logical_date
            order by observed_at desc, run_id desc, parent
        ) as read_rank
    from outcomes
),

int_collection_coverage as (
    select
        source,
        table_name,
        lower(parent) as parent,
        logical_date,
        run_id,
        status,
        status in ('ok', 'empty', 'disabled') as is_complete,
        detail,
        n_rows,
        observed_at
    from rank_reads
    where read_rank = 1
)

select * from int_collection_coverage
