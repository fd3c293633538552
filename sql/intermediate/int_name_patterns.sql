-- One row per name or pattern in waivers.toml and in the targets of campaigns.toml, made fit for `like`.
-- A `*` stands for any characters, a slash among them; every other character is itself, but for case.
-- grain: pattern
-- kind: view
-- owner: platform
-- columns:
--   pattern         as it stands in the file
--   like_pattern    for `lower(name) like like_pattern escape '\'`
with waivers as (
    select * from reference.waivers
),

campaign_targets as (
    select * from reference.campaign_targets
),

list_patterns as (
    select cast(subject as varchar) as pattern from waivers
    union
    select cast(value as varchar) as pattern from campaign_targets
),

int_name_patterns as (
    select
        pattern,
        replace(replace(replace(replace(lower(pattern), '\', '\\'), '%', '\%'), '_', '\_'), '*', '%') as like_pattern
    from list_patterns
    where pattern is not null
)

select * from int_name_patterns
