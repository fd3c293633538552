-- One row per repository and snapshot date, with the CODEOWNERS file in force: the first of .github/, the root and docs/.
-- grain: repository_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   repository_id    GitHub's number of the repository
--   snapshot_date    date of the snapshot
--   organization     login of the owning organisation
--   path             path of the file in force; null when there is none, or which is in force is unknown
--   file_status      read, none, too_large (GitHub ignores it) or unknown
--   content          the text, people as pseudonyms; null unless read
--   line_errors      what GitHub finds wrong in it, as line:kind; null unless read
with repositories as (
    select * from stg_github__repositories
),

files as (
    select * from stg_github__repository_files where kind = 'codeowners'
),

coverage as (
    select * from int_collection_coverage where source = 'github' and table_name = 'repository_files'
),

thresholds as (
    select value as max_bytes from reference.thresholds where name = 'codeowners_size_limit'
),

place_files as (
    select
        *,
        case lower(path)
            when '.github/codeowners' then 1
            when 'codeowners' then 2
            when 'docs/codeowners' then 3
        end as place
    from files
),

rank_files as (
    select
        *,
        row_number() over (partition by repository_id, snapshot_date order by place, path) as place_rank
    from place_files
    where place is not null
),

-- A file too large for GitHub hides those after it. Of a list that broke off, only the first place is sure to be in force.
int_codeowners_files as (
    select
        repositories.repository_id,
        repositories.snapshot_date,
        repositories.organization,
        case when coverage.is_complete or files.place = 1 then files.path end as path,
        case
            when coverage.is_complete is distinct from true and files.place is distinct from 1 then 'unknown'
            when files.path is null then 'none'
            when files.byte_size > thresholds.max_bytes then 'too_large'
            when files.content is not null then 'read'
            else 'unknown'
        end as file_status,
        case
            when (coverage.is_complete or files.place = 1) and coalesce(files.byte_size <= thresholds.max_bytes, true) then files.content
        end as content,
        case
            when (coverage.is_complete or files.place = 1) and coalesce(files.byte_size <= thresholds.max_bytes, true)
                and files.content is not null then files.codeowners_errors
        end as line_errors
    from repositories
    cross join thresholds
    left join rank_files as files
        on repositories.repository_id = files.repository_id
        and repositories.snapshot_date = files.snapshot_date
        and files.place_rank = 1
    left join coverage
        on lower(repositories.full_name) = coverage.parent
        and repositories.snapshot_date = coverage.logical_date
)

select * from int_codeowners_files
