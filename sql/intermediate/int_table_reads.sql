-- One row per source and table that was ever read, with how the newest run of it ended.
-- A table without a row was never read; whoever joins this view must call what it would tell unknown, never none. The same holds of one whose newest run
-- is so long before the newest of any table (read_outdated_after in reference/thresholds.csv) that it tells nothing of today: nobody reads it any more.
-- grain: source, table_name
-- kind: view
-- owner: platform
-- columns:
--   source            system that was read, such as datadog
--   table_name        table that was read, such as monitors
--   read_on           date that the newest run worked for
--   snapshot_on       read_on, which is the snapshot to look at, and no other; null when it is outdated
--   run_id            that run
--   status            ok, outdated, or what kept it from being read to the end; of several, the first by name
--   is_complete       every parent was read to the end, or is switched off, and it is not outdated
--   was_complete      likewise, however long ago that was
--   n_parents         what was read: repositories, projects, files, accounts [parents]
--   read_parents      of these, those read to the end, in lower case
--   unread_parents    those not read to the end, in lower case
--   observed_at       when the last of these reads ended, UTC
with outcomes as (
    select * from stg_almanac__outcomes
),

outcome_statuses as (
    select * from reference.outcome_statuses
),

thresholds as (
    select value as outdated_days from reference.thresholds where name = 'read_outdated_after'
),

rank_runs as (
    select
        *,
        rank() over (partition by source, table_name order by logical_date desc, run_id desc) as run_rank,
        date_diff('day', logical_date, max(logical_date) over ()) as days_behind
    from outcomes
),

judge_reads as (
    select runs.*, coalesce(statuses.is_complete, false) as is_complete
    from rank_runs as runs
    left join outcome_statuses as statuses
        on runs.status = statuses.status
    where runs.run_rank = 1
),

-- A repository whose files could not be read may hold a descriptor: the catalog lacks it, and did not even look.
hidden_descriptors as (
    select catalog.*, files.parent, files.status, files.is_complete, files.observed_at
    from (select distinct source, table_name, logical_date, run_id, days_behind from judge_reads where source = 'catalog') as catalog
    inner join judge_reads as files
        on files.source = 'github'
        and files.table_name = 'repository_files'
        and files.logical_date = catalog.logical_date
    where not files.is_complete
),

combine_reads as (
    select source, table_name, logical_date, run_id, days_behind, parent, status, is_complete, observed_at from judge_reads
    union all
    select * from hidden_descriptors
),

combine_parents as (
    select
        source,
        table_name,
        logical_date as read_on,
        run_id,
        days_behind > outdated_days as is_outdated,
        coalesce(min(case when not is_complete then status end), 'ok') as status,
        min(case when is_complete then 1 else 0 end) = 1 as was_complete,
        count(*) as n_parents,
        coalesce(array_agg(lower(parent) order by lower(parent)) filter (where is_complete), []) as read_parents,
        coalesce(array_agg(lower(parent) order by lower(parent)) filter (where not is_complete), []) as unread_parents,
        max(observed_at) as observed_at
    from combine_reads
    cross join thresholds
    group by source, table_name, logical_date, run_id, days_behind, outdated_days
),

int_table_reads as (
    select
        source,
        table_name,
        read_on,
        case when not is_outdated then read_on end as snapshot_on,
        run_id,
        case when is_outdated then 'outdated' else status end as status,
        was_complete and not is_outdated as is_complete,
        was_complete,
        n_parents,
        read_parents,
        unread_parents,
        observed_at
    from combine_parents
)

select * from int_table_reads
