-- One row per repository, snapshot date, go.mod and line that says something, with the directive it belongs to.
-- grain: repository_id, snapshot_date, path, line_number
-- kind: view
-- owner: platform
-- columns:
--   repository_id    GitHub's number of the repository
--   snapshot_date    date of the snapshot
--   path             path of the go.mod
--   line_number      line within the file, from 1
--   directive        module, go, toolchain, require, replace, exclude, retract or another word of the language; ) where a block ends;
--                    null for a line that is of none
--   value            what follows the directive, without quotes and comments; empty where a block begins or ends
--   is_indirect      marked // indirect
with files as (
    select * from stg_github__repository_files where kind = 'go_mod' and content is not null
),

split_lines as (
    select
        files.repository_id,
        files.snapshot_date,
        files.path,
        lines.line_number,
        regexp_matches(lines.line, '//\s*indirect') as is_indirect,
        trim(replace(regexp_replace(regexp_replace(lines.line, '//.*$', ''), '\s+', ' ', 'g'), '"', '')) as line
    from files
    cross join unnest(string_split(files.content, chr(10))) with ordinality as lines (line, line_number)
),

mark_blocks as (
    select
        *,
        regexp_extract(line, '^(module|go|toolchain|godebug|require|replace|exclude|retract|tool|ignore)(?: |\(|$)', 1) as own_directive,
        case
            when line = ')' then ''
            when regexp_matches(line, '^[a-z]+ ?\($') then regexp_extract(line, '^[a-z]+')
        end as mark
    from split_lines
    where line <> ''
),

-- A line belongs to the last block that opened before it and has not closed.
find_blocks as (
    select
        *,
        last_value(mark ignore nulls) over (
            partition by repository_id, snapshot_date, path
            order by line_number
            rows between unbounded preceding and current row
        ) as block
    from mark_blocks
),

int_go_mod_lines as (
    select
        repository_id,
        snapshot_date,
        path,
        line_number,
        case when mark = '' then ')' else coalesce(nullif(block, ''), nullif(own_directive, '')) end as directive,
        case
            when mark is not null then ''
            when coalesce(block, '') <> '' then line
            else trim(substr(line, len(own_directive) + 1))
        end as value,
        is_indirect
    from find_blocks
)

select * from int_go_mod_lines
