-- One row per question and table that may hide subjects of it, since nothing of it was read, or not all, or that long ago.
-- A question names these beside its own answers. Which tables those are is told by reference/question_tables.csv.
-- grain: policy_id, table_name
-- kind: full
-- owner: platform
-- columns:
--   policy_id       name of the question
--   table_name      table that was not read to the end, such as datadog.slos
--   read_on         date that its newest run worked for, or else the newest date of any; null when nothing was ever read
--   reason          what kept it from being read
--   evidence        what was concluded from (JSON text)
with question_tables as (
    select * from reference.question_tables
),

reads as (
    select * from fct_table_reads
),

-- A table that nobody asked for is no gap, as long as another describes the services.
newest_read as (
    select
        max(read_on) as read_on,
        count(case when source || '.' || table_name in ('catalog.services', 'datadog.service_definitions') then 1 end) > 0 as is_described
    from reads
),

-- Not every company declares incidents in both places: a needed table that nobody asked for is no gap where the question has its namesake of another source.
read_namesakes as (
    select distinct tables.policy_id, split_part(tables.table_name, '.', 2) as name
    from question_tables as tables
    inner join reads
        on tables.table_name = reads.source || '.' || reads.table_name
    where tables.is_needed
),

fct_unread_tables as (
    select
        tables.policy_id,
        tables.table_name,
        coalesce(reads.read_on, newest.read_on) as read_on,
        case when reads.status = 'outdated' then reads.meaning else 'not read to the end: ' || coalesce(reads.meaning, 'no read of it is on record') end
            as reason,
        cast(
            json_object(
                'outcome', coalesce(reads.status, 'missing'),
                'unread', reads.n_unread_parents,
                'observed_at', cast(reads.observed_at as varchar)
            ) as varchar
        ) as evidence
    from question_tables as tables
    left join reads
        on tables.table_name = reads.source || '.' || reads.table_name
    left join read_namesakes as namesakes
        on tables.policy_id = namesakes.policy_id
        and split_part(tables.table_name, '.', 2) = namesakes.name
    cross join newest_read as newest
    where reads.is_complete = false
        or (reads.source is null and tables.is_needed and namesakes.name is null)
        or (reads.source is null and not tables.is_needed and not newest.is_described)
)

select * from fct_unread_tables
