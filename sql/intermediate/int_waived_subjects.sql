-- One row per waiver and subject that it fits, whether or not the check fails there, and also when it has expired.
-- grain: waiver_id, subject_id
-- kind: view
-- owner: platform
-- columns:
--   waiver_id       waiver in waivers.toml
--   check_id        check that it is about
--   subject_type    service or repository, whichever the check is about
--   subject_id      subject that its name or pattern fits
--   expires         last date on which it holds
with waivers as (
    select * from reference.waivers
),

checks as (
    select * from reference.checks
),

subjects as (
    select * from int_check_subjects
),

patterns as (
    select * from int_name_patterns
),

int_waived_subjects as (
    select
        waivers.waiver_id,
        waivers.check_id,
        subjects.subject_type,
        subjects.subject_id,
        cast(waivers.expires as date) as expires
    from waivers
    inner join checks
        on waivers.check_id = checks.check_id
    inner join patterns
        on waivers.subject = patterns.pattern
    inner join subjects
        on checks.subject_type = subjects.subject_type
        and lower(subjects.subject_id) like patterns.like_pattern escape '\'
)

select * from int_waived_subjects
