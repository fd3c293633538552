-- One row per repository, snapshot date, line of the CODEOWNERS file in force and owner named there; one row without an owner for a line
-- that names none, which takes files away from the owners above. The last line that matches a file counts.
-- grain: repository_id, snapshot_date, line_number, owner_place
-- kind: view
-- owner: platform
-- columns:
--   repository_id    GitHub's number of the repository
--   snapshot_date    date of the snapshot
--   line_number      line within the file, from 1
--   owner_place      place of the owner within the line, from 1; 0 for a line without owners
--   pattern          files it is about, spaces escaped as in the file; null for a line that is no rule
--   is_catch_all     about every file of the repository
--   owner_kind       team, user, email or invalid; none for a line without owners
--   owner_key        owner as the file has it: @organization/team, or a pseudonym; null for a line without owners
--   team_slug        slug of the team, in small letters; null for every other kind
--   finding          team_unknown, team_not_visible, team_no_access, team_no_write, team_unknown_or_no_write (teams not read),
--                    user_unknown_or_no_write, syntax_error, or unknown (teams not read); null when nothing is wrong
with files as (
    select * from int_codeowners_files where file_status = 'read'
),

teams as (
    select * from stg_github__teams
),

team_repositories as (
    select * from stg_github__team_repositories
),

coverage as (
    select * from int_collection_coverage where source = 'github'
),

split_lines as (
    select
        files.repository_id,
        files.snapshot_date,
        lower(files.organization) as organization,
        lines.line_number,
        trim(replace(replace(lines.line, chr(13), ''), chr(9), ' ')) as line
    from files
    cross join unnest(string_split(files.content, chr(10))) with ordinality as lines (line, line_number)
),

-- A pattern ends at the first space that is not escaped. Sections and negation are other systems' and stop nothing here but their line.
read_lines as (
    select
        repository_id,
        snapshot_date,
        organization,
        line_number,
        line,
        regexp_extract(line, '^((?:\\.|\S)+)', 1) as first_word,
        trim(regexp_replace(line, '^(?:\\.|\S)+', '')) as rest,
        line like '[%' or line like '!%' as is_foreign
    from split_lines
    where line <> '' and line not like '#%'
),

read_errors as (
    select
        files.repository_id,
        files.snapshot_date,
        try_cast(split_part(errors.error, ':', 1) as bigint) as line_number,
        bool_or(split_part(errors.error, ':', 2) = 'Unknown owner') as names_unknown_owner,
        bool_or(split_part(errors.error, ':', 2) <> 'Unknown owner') as is_syntax_error
    from files
    cross join unnest(files.line_errors) as errors (error)
    group by files.repository_id, files.snapshot_date, try_cast(split_part(errors.error, ':', 1) as bigint)
),

judge_lines as (
    select
        lines.*,
        lines.is_foreign or coalesce(errors.is_syntax_error, false) as is_syntax_error,
        coalesce(errors.names_unknown_owner, false) as names_unknown_owner
    from read_lines as lines
    left join read_errors as errors
        on lines.repository_id = errors.repository_id
        and lines.snapshot_date = errors.snapshot_date
        and lines.line_number = errors.line_number
),

list_owners as (
    select judged.*, owners.owner, owners.owner_place
    from judge_lines as judged
    cross join unnest(string_split_regex(judged.rest, ' +')) with ordinality as owners (owner, owner_place)
    where judged.rest <> ''
    union all
    select judged.*, null as owner, 0 as owner_place
    from judge_lines as judged
    where judged.rest = ''
),

classify_owners as (
    select
        *,
        case
            when owner is null then 'none'
            when regexp_full_match(owner, '@[^/@]+/[^/@]+') then 'team'
            when regexp_full_match(owner, '@[^/@]+') then 'user'
            when starts_with(owner, 'email:') then 'email'
            else 'invalid'
        end as owner_kind,
        case
            when regexp_full_match(owner, '@[^/@]+/[^/@]+') then lower(split_part(substr(owner, 2), '/', 1))
        end as team_organization,
        case when regexp_full_match(owner, '@[^/@]+/[^/@]+') then lower(split_part(owner, '/', 2)) end as team_slug
    from list_owners
),

find_teams as (
    select
        owners.*,
        coalesce(team_reads.is_complete, false) as is_teams_read,
        coalesce(access_reads.is_complete, false) as is_access_read,
        teams.team_id,
        teams.privacy,
        access.permission
    from classify_owners as owners
    left join coverage as team_reads
        on owners.organization = team_reads.parent
        and owners.snapshot_date = team_reads.logical_date
        and team_reads.table_name = 'teams'
    left join coverage as access_reads
        on owners.organization = access_reads.parent
        and owners.snapshot_date = access_reads.logical_date
        and access_reads.table_name = 'team_repositories'
    left join teams
        on owners.team_organization = lower(teams.organization)
        and owners.team_slug = lower(teams.slug)
        and owners.snapshot_date = teams.snapshot_date
    left join team_repositories as access
        on teams.team_id = access.team_id
        and teams.snapshot_date = access.snapshot_date
        and owners.repository_id = access.repository_id
),

-- GitHub's word on a line does not say which owner it means: what our own teams can settle is settled with them, and the rest of such
-- a line is blamed only where no team of it explains the word.
judge_teams as (
    select
        *,
        case
            when is_syntax_error or owner_kind = 'invalid' then 'syntax_error'
            when owner_kind <> 'team' then null
            when team_organization <> organization then 'team_unknown'
            when team_id is null and is_teams_read then 'team_unknown'
            when team_id is null and names_unknown_owner then 'team_unknown_or_no_write'
            when team_id is null then 'unknown'
            when privacy = 'secret' then 'team_not_visible'
            when permission in ('write', 'maintain', 'admin') then null
            when permission is not null then 'team_no_write'
            when is_access_read then 'team_no_access'
            when names_unknown_owner then 'team_unknown_or_no_write'
            else 'unknown'
        end as team_finding
    from find_teams
),

explain_lines as (
    select
        *,
        bool_or(team_finding is not null and team_finding <> 'unknown')
            over (partition by repository_id, snapshot_date, line_number) as is_explained
    from judge_teams
),

int_codeowners as (
    select
        repository_id,
        snapshot_date,
        line_number,
        owner_place,
        case when not is_foreign then first_word end as pattern,
        not is_foreign and first_word in ('*', '**', '/**', '**/*', '/**/*') as is_catch_all,
        case when is_foreign then 'invalid' else owner_kind end as owner_kind,
        owner as owner_key,
        team_slug,
        case
            when team_finding is not null then team_finding
            when owner_kind in ('user', 'email') and names_unknown_owner and not is_explained then 'user_unknown_or_no_write'
        end as finding
    from explain_lines
)

select * from int_codeowners
