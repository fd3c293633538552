-- One row per table whose snapshots are compared, and date that any of them was read for, with whether its own could be, and with which.
-- A table that was not compared has no changes in fct_changes, and that says nothing: questions about changes name it from here.
-- What was not read for a date is compared with the next snapshot. What was not read to the end on one is told by neither.
-- grain: source, table_name, as_of_date
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   source              system that is read, such as github
--   table_name          table of it, such as rulesets
--   as_of_date          date that any of these tables was read for
--   read_on             date up to then that its newest run worked for; null when no read of it was on record
--   previous_date       date of the snapshot before that; null when there was none
--   status              compared, partly_compared, first_snapshot, not_read (nothing was published, or not for as_of_date) or never_read
--   is_expected         other tables of its source were read up to then, so that this one could have been
--   n_unread_parents    parents that were not read to the end on one of both dates, or were switched off on one and had rows on the other [parents]
--   reason              why it was not compared, or not all of it; null when it was
with watched_tables as (
    select
        table_name as full_name,
        split_part(table_name, '.', 1) as source,
        split_part(table_name, '.', 2) as table_name
    from reference.watched_tables
),

coverage as (
    select * from int_collection_coverage
),

watched_reads as (
    select coverage.*
    from coverage
    inner join watched_tables as tables
        on coverage.source = tables.source
        and coverage.table_name = tables.table_name
),

-- What is switched off has no rows, and that is a complete answer.
list_reads as (
    select source, table_name, logical_date, count(case when is_complete or status = 'truncated' then 1 end) > 0 as is_published
    from watched_reads
    group by source, table_name, logical_date
),

find_previous as (
    select
        *,
        max(case when is_published then logical_date end) over (
            partition by source, table_name order by logical_date rows between unbounded preceding and 1 preceding
        ) as previous_date
    from list_reads
),

-- A repository whose files could not be read may hold a descriptor: the catalog lacks it, and did not even look.
list_parents as (
    select source, table_name, logical_date, parent, status, is_complete, detail
    from watched_reads
    union all
    select catalog.source, catalog.table_name, catalog.logical_date, files.parent, files.status, files.is_complete, files.detail
    from list_reads as catalog
    inner join watched_reads as files
        on catalog.logical_date = files.logical_date
        and files.table_name = 'repository_files'
    where catalog.source = 'catalog' and not files.is_complete
),

list_both_dates as (
    select reads.source, reads.table_name, reads.logical_date, parents.parent, parents.status, parents.is_complete, parents.detail, 1 as place
    from find_previous as reads
    inner join list_parents as parents
        on reads.source = parents.source
        and reads.table_name = parents.table_name
        and reads.logical_date = parents.logical_date
    union all
    select reads.source, reads.table_name, reads.logical_date, parents.parent, parents.status, parents.is_complete, parents.detail, 2
    from find_previous as reads
    inner join list_parents as parents
        on reads.source = parents.source
        and reads.table_name = parents.table_name
        and reads.previous_date = parents.logical_date
),

-- What comes when a feature is switched on, and goes when it is switched off, may have been there before and since: it is told of neither.
judge_parents as (
    select
        source,
        table_name,
        logical_date,
        max(case when place = 1 and status not in ('ok', 'empty') then detail end) as detail_now,
        max(case when place = 2 and status not in ('ok', 'empty') then detail end) as detail_before
    from list_both_dates
    group by source, table_name, logical_date, parent
    having count(case when not is_complete then 1 end) > 0
        or (count(case when status = 'disabled' then 1 end) > 0 and count(case when status = 'ok' then 1 end) > 0)
),

count_unread as (
    select source, table_name, logical_date, count(*) as n_unread, coalesce(min(detail_now), min(detail_before)) as detail
    from judge_parents
    group by source, table_name, logical_date
),

list_dates as (
    select distinct logical_date as as_of_date from list_reads
),

find_newest as (
    select tables.source, tables.table_name, dates.as_of_date, max(reads.logical_date) as read_on
    from watched_tables as tables
    cross join list_dates as dates
    left join list_reads as reads
        on tables.source = reads.source
        and tables.table_name = reads.table_name
        and dates.as_of_date >= reads.logical_date
    group by tables.source, tables.table_name, dates.as_of_date
),

judge_tables as (
    select
        newest.source,
        newest.table_name,
        newest.as_of_date,
        newest.read_on,
        reads.previous_date,
        case
            when newest.read_on is null then 'never_read'
            when newest.read_on < newest.as_of_date or not reads.is_published then 'not_read'
            when reads.previous_date is null then 'first_snapshot'
            when unread.n_unread > 0 then 'partly_compared'
            else 'compared'
        end as status,
        max(newest.read_on) over (partition by newest.source, newest.as_of_date) is not null as is_expected,
        case when newest.read_on is not null then coalesce(unread.n_unread, 0) end as n_unread_parents,
        unread.detail
    from find_newest as newest
    left join find_previous as reads
        on newest.source = reads.source
        and newest.table_name = reads.table_name
        and newest.read_on = reads.logical_date
    left join count_unread as unread
        on newest.source = unread.source
        and newest.table_name = unread.table_name
        and newest.read_on = unread.logical_date
),

fct_watched_tables as (
    select
        source,
        table_name,
        as_of_date,
        read_on,
        previous_date,
        status,
        is_expected,
        n_unread_parents,
        case status
            when 'never_read' then 'no read of it is on record'
            when 'not_read' then coalesce(detail, 'it was last read for ' || cast(read_on as varchar))
            when 'first_snapshot' then 'there is no earlier snapshot to compare it with'
            when 'partly_compared' then 'not all of it was read on both dates' || coalesce(': ' || detail, '')
        end as reason
    from judge_tables
)

select * from fct_watched_tables
