-- One row per table whose snapshots are compared, with whether its newest could be, and with which.
-- A table that was not compared has no changes in fct_changes, and that says nothing: questions about changes name it from here.
-- grain: source, table_name
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   source              system that is read, such as github
--   table_name          table of it, such as rulesets
--   as_of_date          newest date that any of these tables was read for
--   read_on             date that its newest run worked for; null when no read of it is on record
--   previous_date       date of the snapshot before that; null when there is none
--   status              compared, partly_compared, first_snapshot, not_read (nothing was published, or not for as_of_date) or never_read
--   is_expected         other tables of its source were read, so that this one could have been
--   n_unread_parents    parents that were not read to the end on one of both dates [parents]
--   reason              why it was not compared, or not all of it; null when it was
with watched_tables as (
    select
        table_name as full_name,
        split_part(table_name, '.', 1) as source,
        split_part(table_name, '.', 2) as table_name
    from reference.watched_tables
),

reads as (
    select * from int_table_reads
),

coverage as (
    select * from int_collection_coverage
),

count_parents as (
    select
        source,
        table_name,
        logical_date,
        count(case when status in ('ok', 'empty', 'truncated') then 1 end) > 0 as is_published,
        count(case when status not in ('ok', 'empty', 'disabled') then 1 end) as n_unread,
        min(case when status not in ('ok', 'empty', 'disabled') then detail end) as detail
    from coverage
    group by source, table_name, logical_date
),

newest_date as (
    select max(reads.read_on) as as_of_date
    from reads
    inner join watched_tables
        on reads.source = watched_tables.source
        and reads.table_name = watched_tables.table_name
),

find_previous as (
    select reads.source, reads.table_name, max(counts.logical_date) as previous_date
    from reads
    inner join count_parents as counts
        on reads.source = counts.source
        and reads.table_name = counts.table_name
        and reads.read_on > counts.logical_date
    where counts.is_published
    group by reads.source, reads.table_name
),

judge_tables as (
    select
        tables.source,
        tables.table_name,
        newest_date.as_of_date,
        reads.read_on,
        previous.previous_date,
        case
            when reads.read_on is null then 'never_read'
            when reads.read_on < newest_date.as_of_date or not now.is_published then 'not_read'
            when previous.previous_date is null then 'first_snapshot'
            when now.n_unread + before.n_unread > 0 then 'partly_compared'
            else 'compared'
        end as status,
        exists (select 1 from reads as others where others.source = tables.source) as is_expected,
        now.n_unread + coalesce(before.n_unread, 0) as n_unread_parents,
        coalesce(now.detail, before.detail) as detail
    from watched_tables as tables
    cross join newest_date
    left join reads
        on tables.source = reads.source
        and tables.table_name = reads.table_name
    left join find_previous as previous
        on tables.source = previous.source
        and tables.table_name = previous.table_name
    left join count_parents as now
        on tables.source = now.source
        and tables.table_name = now.table_name
        and reads.read_on = now.logical_date
    left join count_parents as before
        on tables.source = before.source
        and tables.table_name = before.table_name
        and previous.previous_date = before.logical_date
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
