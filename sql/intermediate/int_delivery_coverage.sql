-- One row per repository and table that delivery is told from, with whether it was ever read to the end, and whether it was when it was read last.
-- A repository without a row was never read: what the table would tell of it is unknown, never none.
-- grain: parent, table_name
-- kind: view
-- owner: platform
-- columns:
--   parent              organization/name of the repository, in lower case
--   table_name          deployments, pull_requests or pull_request_commits
--   is_ever_complete    read to the end at least once
--   is_complete         read to the end when it was read last
--   read_on             date of the last read
with coverage as (
    select *
    from int_collection_coverage
    where source = 'github' and table_name in ('deployments', 'pull_requests', 'pull_request_commits')
),

rank_reads as (
    select
        *,
        row_number() over (partition by parent, table_name order by logical_date desc) as read_rank,
        max(case when is_complete then 1 else 0 end) over (partition by parent, table_name) = 1 as is_ever_complete
    from coverage
),

int_delivery_coverage as (
    select parent, table_name, is_ever_complete, is_complete, logical_date as read_on
    from rank_reads
    where read_rank = 1
)

select * from int_delivery_coverage
