-- One row per repository and snapshot date, with who owns the whole of it by each of three rules: the custom property team, the last
-- line of CODEOWNERS for every file, and the teams that may write to it.
-- grain: repository_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   repository_id                GitHub's number of the repository
--   snapshot_date                date of the snapshot
--   property_team                custom property team; null when not set or not readable
--   is_properties_read           the organisation's custom properties were read to the end
--   codeowners_status            valid, broken (something in it is wrong), none, too_large or unknown
--   codeowners_path              path of the file in force; null without one
--   codeowners_findings          what is wrong in it, as line: finding
--   n_owned_lines                lines of it that count and name an owner with nothing wrong [lines]
--   codeowners_teams             teams that own every file, with nothing wrong
--   has_codeowners_owner         somebody owns every file by it, or owns some; null when unknown
--   writing_teams                visible teams that may write; secret ones are left out
--   admin_teams                  of these, those that administer it
--   is_teams_read                teams and their repositories were read to the end
with repositories as (
    select * from stg_github__repositories
),

properties as (
    select * from int_repository_properties_pivoted
),

files as (
    select * from int_codeowners_files
),

owners as (
    select * from int_codeowners
),

teams as (
    select * from stg_github__teams where privacy <> 'secret'
),

team_repositories as (
    select * from stg_github__team_repositories where permission in ('write', 'maintain', 'admin')
),

coverage as (
    select * from int_collection_coverage where source = 'github'
),

-- GitHub leaves out a line with a mistake, so the catch-all line before it counts again. What stands above the last catch-all
-- line never counts.
find_catch_alls as (
    select repository_id, snapshot_date, max(line_number) as line_number
    from owners
    where is_catch_all and finding is distinct from 'syntax_error'
    group by repository_id, snapshot_date
),

count_lines as (
    select
        owners.repository_id,
        owners.snapshot_date,
        count(case when owners.finding is not null and owners.finding <> 'unknown' then 1 end) as n_findings,
        count(case when owners.finding = 'unknown' then 1 end) as n_unknown,
        count(
            distinct case
                when owners.finding is null and owners.owner_kind <> 'none' and owners.line_number >= coalesce(catch_alls.line_number, 0)
                    then owners.line_number
            end
        ) as n_owned_lines,
        array_agg(
            distinct case
                when owners.finding is not null and owners.finding <> 'unknown'
                    then cast(owners.line_number as varchar) || ': ' || owners.finding
            end
        ) as findings,
        array_agg(distinct case when owners.finding is null and owners.line_number = catch_alls.line_number then owners.team_slug end)
            as catch_all_teams
    from owners
    left join find_catch_alls as catch_alls
        on owners.repository_id = catch_alls.repository_id
        and owners.snapshot_date = catch_alls.snapshot_date
    group by owners.repository_id, owners.snapshot_date
),

list_teams as (
    select
        access.repository_id,
        access.snapshot_date,
        array_agg(teams.slug order by teams.slug) as writing_teams,
        array_agg(teams.slug order by teams.slug) filter (where access.permission = 'admin') as admin_teams
    from team_repositories as access
    inner join teams
        on access.team_id = teams.team_id
        and access.snapshot_date = teams.snapshot_date
    group by access.repository_id, access.snapshot_date
),

list_reads as (
    select
        parent,
        logical_date,
        count(case when table_name in ('teams', 'team_repositories') and is_complete then 1 end) = 2 as is_teams_read,
        count(case when table_name = 'repository_properties' and is_complete then 1 end) = 1 as is_properties_read
    from coverage
    where table_name in ('teams', 'team_repositories', 'repository_properties')
    group by parent, logical_date
),

int_repository_owners as (
    select
        repositories.repository_id,
        repositories.snapshot_date,
        properties.team as property_team,
        coalesce(list_reads.is_properties_read, false) as is_properties_read,
        case
            when files.file_status <> 'read' then files.file_status
            when lines.n_findings > 0 then 'broken'
            when lines.n_unknown > 0 then 'unknown'
            else 'valid'
        end as codeowners_status,
        files.path as codeowners_path,
        list_sort(list_distinct(coalesce(lines.findings, []))) as codeowners_findings,
        coalesce(lines.n_owned_lines, 0) as n_owned_lines,
        list_sort(list_distinct(coalesce(lines.catch_all_teams, []))) as codeowners_teams,
        case
            when files.file_status in ('none', 'too_large') then false
            when lines.n_owned_lines > 0 then true
            when files.file_status = 'read' and coalesce(lines.n_unknown, 0) = 0 then false
        end as has_codeowners_owner,
        coalesce(list_teams.writing_teams, []) as writing_teams,
        coalesce(list_teams.admin_teams, []) as admin_teams,
        coalesce(list_reads.is_teams_read, false) as is_teams_read
    from repositories
    inner join files
        on repositories.repository_id = files.repository_id
        and repositories.snapshot_date = files.snapshot_date
    left join properties
        on repositories.repository_id = properties.repository_id
        and repositories.snapshot_date = properties.snapshot_date
    left join count_lines as lines
        on repositories.repository_id = lines.repository_id
        and repositories.snapshot_date = lines.snapshot_date
    left join list_teams
        on repositories.repository_id = list_teams.repository_id
        and repositories.snapshot_date = list_teams.snapshot_date
    left join list_reads
        on lower(repositories.organization) = list_reads.parent
        and repositories.snapshot_date = list_reads.logical_date
)

select * from int_repository_owners
