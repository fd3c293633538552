-- One row per repository ever seen, with the date of its newest snapshot and whether it is still there.
-- grain: repository_id
-- kind: view
-- owner: platform
-- columns:
--   repository_id    GitHub's number of the repository, kept through renames
--   organization     login of the owning organisation
--   name             name within the organisation
--   full_name        organization/name
--   former_names     names that it had before and that no other repository has now, in lower case
--   is_archived      read-only by decision of its owner
--   is_present       still there when its organisation was last read; null when that read failed or broke off without it
--   first_seen_on    date of the first snapshot that holds it
--   last_seen_on     date of the newest snapshot that holds it
with repositories as (
    select * from stg_github__repositories
),

coverage as (
    select * from int_collection_coverage
),

rank_snapshots as (
    select
        repository_id,
        organization,
        name,
        full_name,
        is_archived,
        snapshot_date,
        row_number() over (partition by repository_id order by snapshot_date desc) as snapshot_rank,
        min(snapshot_date) over (partition by repository_id) as first_seen_on,
        max(snapshot_date) over (partition by lower(organization)) as organization_seen_on
    from repositories
),

-- Only a read to the end shows that a repository is gone; a read that failed or broke off shows nothing.
find_reads as (
    select
        parent as organization,
        max(logical_date) as tried_on,
        max(case when is_complete then logical_date end) as completed_on
    from coverage
    where source = 'github' and table_name = 'repositories'
    group by parent
),

-- A name goes to the repository that had it last.
rank_names as (
    select
        repository_id,
        lower(full_name) as former_name,
        row_number() over (partition by lower(full_name) order by max(snapshot_date) desc, repository_id desc) as name_rank
    from repositories
    group by repository_id, lower(full_name)
),

list_former_names as (
    select names.repository_id, array_agg(names.former_name order by names.former_name) as former_names
    from rank_names as names
    inner join rank_snapshots as newest
        on names.repository_id = newest.repository_id
        and newest.snapshot_rank = 1
        and names.former_name <> lower(newest.full_name)
    where names.name_rank = 1
    group by names.repository_id
),

int_repositories as (
    select
        newest.repository_id,
        newest.organization,
        newest.name,
        newest.full_name,
        coalesce(former.former_names, []) as former_names,
        newest.is_archived,
        case
            when reads.completed_on > newest.snapshot_date then false
            when reads.tried_on > newest.snapshot_date or newest.organization_seen_on > newest.snapshot_date then null
            else true
        end as is_present,
        newest.first_seen_on,
        newest.snapshot_date as last_seen_on
    from rank_snapshots as newest
    left join find_reads as reads
        on lower(newest.organization) = reads.organization
    left join list_former_names as former
        on newest.repository_id = former.repository_id
    where newest.snapshot_rank = 1
)

select * from int_repositories
