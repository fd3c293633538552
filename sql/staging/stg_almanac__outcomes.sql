-- One row per run, table and parent that was read, with how the read ended.
-- grain: run_id, source, table_name, parent, logical_date
-- kind: view
-- owner: platform
-- columns:
--   collected_on    date of the partition the row stands in
--   run_id          ULID of the run; later runs sort later
--   source          system that was read, such as github
--   table_name      table that was read, such as dependabot_alerts
--   parent          what was read: organization/name of a repository, or the organisation's login
--   status          ok, empty, forbidden, disabled, not_found, truncated, rate_limited or error
--   detail          why, when not ok
--   requests        requests sent [requests]
--   pages           pages read [pages]
--   n_rows          rows read [rows]
--   bytes           size of the answers [bytes]
--   duration_ms     time it took [milliseconds]
--   observed_at     when the read ended, UTC
--   logical_date    date that was read: that of the run, or the day of a window
--   points          what the requests took from the rate limit; null from versions that did not count [points]
with outcomes as (
    select * from almanac.outcomes
),

-- A resumed run may read one parent twice; the last reading counts.
rank_versions as (
    select
        *,
        row_number() over (
            partition by run_id, source, table_name, parent, logical_date
            order by observed_at desc, date desc, status, rows desc, requests desc, points desc nulls last, detail nulls last
        ) as version_rank
    from outcomes
),

stg_almanac__outcomes as (
    select
        date as collected_on,
        run_id,
        source,
        table_name,
        parent,
        status,
        detail,
        requests,
        pages,
        rows as n_rows,
        bytes,
        duration_ms,
        cast(observed_at as timestamp) as observed_at,
        cast(logical_date as date) as logical_date,
        points
    from rank_versions
    where version_rank = 1
)

select * from stg_almanac__outcomes
