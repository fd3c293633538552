-- One row per run and step of the run ledger.
-- grain: run_id, step
-- kind: view
-- owner: platform
-- columns:
--   collected_on        date of the partition the row stands in
--   run_id              ULID of the run; later runs sort later
--   step                what was done, such as collect github.pull_requests
--   verb                verb of the command line that did it
--   logical_date        date the run worked for, fixed when it began
--   status              ok, partial, failed or skipped
--   detail              why, when not ok
--   n_rows              rows written; null when the step writes none [rows]
--   started_at          when the step began, UTC
--   finished_at         when the step ended, UTC
--   software_version    version of Almanac
--   requests            requests that collecting a table took; null for another step, and from versions that did not count [requests]
--   points              what they took from the rate limit; null likewise [points]
--   planned_requests    requests that it was planned with; null where nothing was known beforehand [requests]
with runs as (
    select * from almanac.runs
),

-- The ledger never repeats a step; should it ever, the last ending counts.
rank_versions as (
    select
        *,
        row_number() over (
            partition by run_id, step
            order by
                finished_at desc, date desc, started_at desc, status, rows desc nulls last, detail nulls last,
                requests desc nulls last, points desc nulls last, planned_requests desc nulls last
        ) as version_rank
    from runs
),

stg_almanac__runs as (
    select
        date as collected_on,
        run_id,
        step,
        verb,
        cast(logical_date as date) as logical_date,
        status,
        detail,
        rows as n_rows,
        cast(started_at as timestamp) as started_at,
        cast(finished_at as timestamp) as finished_at,
        software_version,
        requests,
        points,
        planned_requests
    from rank_versions
    where version_rank = 1
)

select * from stg_almanac__runs
