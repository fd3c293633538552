-- One row per source and table that was ever read, with how the newest run of it ended and what is to be done about it.
-- Questions about what is absent name from here what could not be seen.
-- grain: source, table_name
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   source              system that was read, such as datadog
--   table_name          table that was read, such as monitors
--   read_on             date that the newest run worked for
--   status              ok, outdated (read_on is longer before the newest read of any table than read_outdated_after in reference/thresholds.csv), or what
--                       kept it from being read to the end; of several, the first by name
--   is_complete         every parent was read to the end, or is switched off, and it is not outdated
--   meaning             what the status says; null for a status that reference/outcome_statuses.csv does not explain
--   remedy              what to do about it
--   n_parents           what was read: repositories, projects, files, accounts [parents]
--   n_unread_parents    of these, those not read to the end [parents]
--   unread_parents      these, in lower case
--   read_parents        the others, in lower case
--   observed_at         when the last of these reads ended, UTC
with reads as (
    select * from int_table_reads
),

outcome_statuses as (
    select * from reference.outcome_statuses
),

fct_table_reads as (
    select
        reads.source,
        reads.table_name,
        reads.read_on,
        reads.status,
        reads.is_complete,
        statuses.meaning,
        statuses.remedy,
        reads.n_parents,
        len(reads.unread_parents) as n_unread_parents,
        reads.unread_parents,
        reads.read_parents,
        reads.observed_at
    from reads
    left join outcome_statuses as statuses
        on reads.status = statuses.status
)

select * from fct_table_reads
