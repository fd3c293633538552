-- title: Waivers, and when they end
-- question: Which waivers have expired, end soon, fit nothing or hold, and what do they cover?
-- owner: platform
-- params:
--   check           name of the check
--   status          expired, expires_soon, unused or active
-- columns:
--   status                 unused (it fits nothing), expired, expires_soon or active; null when no check was ever judged
--   subject_id             its name
--   check_id               check that it is about
--   title                  what is so where the check passes
--   subjects               name or pattern of the subjects that it is about
--   granted_for            why it was granted
--   ticket                 where that was asked for
--   expires                last date on which it holds
--   days_left              as_of_date to expires; below 0 once it has expired [days]
--   n_subjects             subjects that it fits [subjects]
--   n_failing              of these, those for which the check fails [subjects]
--   n_exempt               of these, those exempt by it [subjects]
--   file                   file that it stands in
--   line                   line there
--   reason                 why it has this status
--   as_of_date             newest date that was judged
--   subject_type           waiver
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, or none when no check was ever judged

-- Who approved a waiver stands in its file. failing-checks lists the subjects that are exempt.
with waivers as (
    select * from fct_waivers
),

checks as (
    select * from reference.checks
),

waivers_by_end as (
    select
        waivers.status,
        waivers.waiver_id as subject_id,
        waivers.check_id,
        checks.title,
        waivers.subject as subjects,
        waivers.reason as granted_for,
        waivers.ticket,
        waivers.expires,
        waivers.days_left,
        waivers.n_subjects,
        waivers.n_failing,
        waivers.n_exempt,
        waivers.file,
        waivers.line,
        case
            when waivers.status is null then 'no check was ever judged'
            when waivers.status = 'unused' then 'its name or pattern fits no subject of the check'
            when waivers.status = 'expired' then 'it has expired: what it covered counts again'
            when waivers.n_failing = 0 then 'the check is not known to fail for anything that it fits'
            when waivers.n_exempt = 0 then 'another waiver that holds at least as long covers the same'
            else 'it holds'
        end as reason,
        waivers.as_of_date,
        'waiver' as subject_type,
        'waivers' as policy_id,
        1 as policy_version,
        cast(
            json_object('subjects', waivers.n_subjects, 'failing', waivers.n_failing, 'exempt', waivers.n_exempt, 'file', waivers.file, 'line', waivers.line)
            as varchar
        ) as evidence,
        case when waivers.as_of_date is null then 'none' else 'complete' end as source_completeness
    from waivers
    inner join checks
        on waivers.check_id = checks.check_id
    where (getvariable('check') is null or waivers.check_id = getvariable('check'))
        and (getvariable('status') is null or waivers.status = getvariable('status'))
)

select * from waivers_by_end
order by
    case status when 'unused' then 1 when 'expired' then 2 when 'expires_soon' then 3 when 'active' then 4 else 5 end,
    expires,
    subject_id
