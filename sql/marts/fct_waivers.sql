-- One row per waiver of waivers.toml, with whether it holds and what it is for on the newest date that was judged. Who approved it stands in that file, at the
-- line named here: no fact is about a person.
-- grain: waiver_id
-- kind: full
-- owner: platform
-- columns:
--   waiver_id       its name
--   check_id        check that it is about
--   subject         name or pattern of the subjects that it is about
--   reason          why it was granted
--   ticket          where that was asked for
--   expires         last date on which it holds
--   file            file that it stands in
--   line            line there
--   as_of_date      newest date that was judged; null when none was
--   status          active, expires_soon (within waiver_expires_soon in reference/thresholds.csv), expired, or unused (it fits no subject of
--                   the check, whether or not it holds); null when none was judged, as the next
--   days_left       as_of_date to expires; below 0 once it has expired [days]
--   n_subjects      subjects that it fits [subjects]
--   n_failing       of these, those for which the check fails on that date [subjects]
--   n_exempt        of these, those exempt by this waiver, and not by another that holds at least as long [subjects]
with waivers as (
    select * from reference.waivers
),

waived_subjects as (
    select * from int_waived_subjects
),

runs as (
    select * from fct_check_runs where not is_restated
),

newest_date as (
    select max(date) as as_of_date from fct_check_runs where not is_restated
),

thresholds as (
    select value as soon_days from reference.thresholds where name = 'waiver_expires_soon'
),

newest_runs as (
    select runs.*
    from runs
    inner join newest_date
        on runs.date = newest_date.as_of_date
),

count_subjects as (
    select
        waived.waiver_id,
        count(*) as n_subjects,
        count(case when newest_runs.answer = 'fail' then 1 end) as n_failing,
        count(case when newest_runs.waiver_id = waived.waiver_id then 1 end) as n_exempt
    from waived_subjects as waived
    left join newest_runs
        on waived.check_id = newest_runs.check_id
        and waived.subject_id = newest_runs.subject_id
    group by waived.waiver_id
),

fct_waivers as (
    select
        waivers.waiver_id,
        waivers.check_id,
        waivers.subject,
        waivers.reason,
        waivers.ticket,
        cast(waivers.expires as date) as expires,
        waivers.file,
        cast(waivers.line as bigint) as line,
        newest_date.as_of_date,
        case
            when newest_date.as_of_date is null then null
            when counted.waiver_id is null then 'unused'
            when cast(waivers.expires as date) < newest_date.as_of_date then 'expired'
            when date_diff('day', newest_date.as_of_date, cast(waivers.expires as date)) <= thresholds.soon_days then 'expires_soon'
            else 'active'
        end as status,
        date_diff('day', newest_date.as_of_date, cast(waivers.expires as date)) as days_left,
        coalesce(counted.n_subjects, 0) as n_subjects,
        coalesce(counted.n_failing, 0) as n_failing,
        coalesce(counted.n_exempt, 0) as n_exempt
    from waivers
    cross join newest_date
    cross join thresholds
    left join count_subjects as counted
        on waivers.waiver_id = counted.waiver_id
)

select * from fct_waivers
