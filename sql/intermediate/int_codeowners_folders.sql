-- One row per repository, snapshot date and line of CODEOWNERS that is about whole folders, with the expression that finds them.
-- A line about some files of a folder says nothing of who owns the folder, and a line that GitHub cannot read says nothing.
-- grain: repository_id, snapshot_date, line_number
-- kind: view
-- owner: platform
-- columns:
--   repository_id    GitHub's number of the repository
--   snapshot_date    date of the snapshot
--   line_number      line within the file, from 1
--   teams            slugs of the teams that it names, with nothing wrong
--   is_unknown       it names a team of which is not known whether anything is wrong
--   regex            regular expression for folders all of whose files it is about, from the root and without a slash at either end
with owners as (
    select * from int_codeowners
),

combine_owners as (
    select
        repository_id,
        snapshot_date,
        line_number,
        min(pattern) as pattern,
        bool_or(is_catch_all) as is_catch_all,
        coalesce(array_agg(distinct team_slug order by team_slug) filter (where owner_kind = 'team' and finding is null), []) as teams,
        bool_or(coalesce(finding = 'unknown', false)) as is_unknown
    from owners
    group by repository_id, snapshot_date, line_number
    having bool_and(finding is distinct from 'syntax_error') and min(pattern) is not null
),

-- What ends in /* is about the files of a folder and not about the folders in it.
find_folders as (
    select
        *,
        regexp_replace(replace(pattern, '\ ', ' '), '(/\*\*(/\*)?|/)$', '') as folder,
        case when not regexp_matches(pattern, '(^|[^*])/\*$') then true else is_catch_all end as is_about_folders
    from combine_owners
),

-- A pattern with a slash begins at the root, and one without is about a folder of that name anywhere. Folders are set aside as chr(1), so that their
-- asterisks are not taken for others.
translate_patterns as (
    select
        *,
        regexp_replace(
            regexp_replace(
                regexp_replace(
                    regexp_replace(ltrim(folder, '/'), '([.+$^|(){}])', '\\\1', 'g'),
                    '(^|/)(?:\*\*/)+', '\1' || chr(1), 'g'
                ),
                '\*+', '[^/]*', 'g'
            ),
            '\?', '[^/]', 'g'
        ) as translated,
        position('/' in folder) > 0 as is_anchored
    from find_folders
    where is_catch_all or (is_about_folders and folder <> '' and position('\' in folder) = 0 and position('[' in folder) = 0)
),

int_codeowners_folders as (
    select
        repository_id,
        snapshot_date,
        line_number,
        teams,
        is_unknown,
        case
            when is_catch_all then '.*'
            else case when is_anchored then '' else '(?:.*/)?' end || replace(translated, chr(1), '(?:.*/)?') || '(?:/.*)?'
        end as regex
    from translate_patterns
)

select * from int_codeowners_folders
