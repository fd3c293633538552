-- One row per repository and table that delivery is told from, with whether it was ever read to the end, and how far that reaches.
-- A read to the end makes good for days that were left out before it. Of a repository that is archived or gone nothing new is to be read. A
-- repository without a row was never read: what the table would tell of it is unknown, never none.
-- grain: parent, table_name
-- kind: view
-- owner: platform
-- columns:
--   parent              organization/name of the repository, in lower case
--   table_name          deployments, pull_requests or pull_request_commits
--   is_ever_complete    read to the end at least once
--   is_complete         read to the end on the newest day that the table was read of any repository; of one that is archived or gone, when it was read last
--   is_closed           archived, or gone since: read no more
--   complete_on         date of the last read to the end; null without one
with coverage as (
    select *
    from int_collection_coverage
    where source = 'github' and table_name in ('deployments', 'pull_requests', 'pull_request_commits')
),

repositories as (
    select * from int_repositories
),

-- A name may have been another repository's before.
find_closed as (
    select lower(full_name) as parent
    from repositories
    group by lower(full_name)
    having count(case when not is_archived and is_present is distinct from false then 1 end) = 0
),

rank_reads as (
    select
        *,
        row_number() over (partition by parent, table_name order by logical_date desc) as read_rank,
        max(case when is_complete then logical_date end) over (partition by parent, table_name) as complete_on,
        max(logical_date) over (partition by table_name) as newest_on
    from coverage
),

int_delivery_coverage as (
    select
        reads.parent,
        reads.table_name,
        reads.complete_on is not null as is_ever_complete,
        reads.is_complete and (reads.logical_date = reads.newest_on or closed.parent is not null) as is_complete,
        closed.parent is not null as is_closed,
        reads.complete_on
    from rank_reads as reads
    left join find_closed as closed
        on reads.parent = closed.parent
    where reads.read_rank = 1
)

select * from int_delivery_coverage
