-- One row per pattern of refs that a ruleset names, with the regular expression that matches the same refs.
-- The patterns are those of Ruby's File.fnmatch with FNM_PATHNAME, as GitHub documents: * and ? stop at a slash, **/ after a slash or at
-- the beginning is any number of folders, [a-z] and [!a-z] are sets. Any other ** is a *.
-- grain: pattern
-- kind: view
-- owner: platform
-- columns:
--   pattern    pattern as the ruleset has it, such as refs/heads/release/**/*
--   regex      regular expression for the whole ref
with rulesets as (
    select * from stg_github__rulesets
),

list_patterns as (
    select included.pattern
    from rulesets
    cross join unnest(rulesets.ref_include) as included (pattern)
    union
    select excluded.pattern
    from rulesets
    cross join unnest(rulesets.ref_exclude) as excluded (pattern)
),

-- A ref holds no backslash, no asterisk and no bracket: an escaped one of these can match nothing, which chr(2) stands for.
escape_letters as (
    select
        pattern,
        regexp_replace(regexp_replace(pattern, '\\[*?\[\]\\]', chr(2), 'g'), '([.+$^|(){}])', '\\\1', 'g') as escaped
    from list_patterns
),

-- Folders are set aside as chr(1), so that their asterisks are not taken for others.
translate_wildcards as (
    select
        pattern,
        regexp_replace(
            regexp_replace(
                regexp_replace(regexp_replace(escaped, '(^|/)(?:\*\*/)+', '\1' || chr(1), 'g'), '\*+', '[^/]*', 'g'),
                '\?', '[^/]', 'g'
            ),
            '\[!', '[^/', 'g'
        ) as translated
    from escape_letters
),

int_ref_patterns as (
    select pattern, replace(translated, chr(1), '(?:.*/)?') as regex
    from translate_wildcards
)

select * from int_ref_patterns
