-- title: What fails, since when, and how it is mended
-- question: Which checks fail for which services and repositories, since when, what is to be done about each, and what could not be told?
-- owner: platform
-- params:
--   team            team that answers for the subject
--   subject         service, or organization/name of a repository
--   subject_type    service or repository, or name for one that nothing is known by
--   check           name of the check
--   area            attribute, ensure, detect or standardize
-- columns:
--   status                 fail, unknown, error (the check did not work), exempt (it fails, and a waiver holds) or not_visible,
--                          or not_found for a name that nothing is known by
--   subject_id             service, organization/name of a repository, or the table that was not read to the end
--   owner_team             team that answers for it; null when unknown
--   check_id               name of the check
--   title                  what is so where the check passes
--   severity               critical, high, medium or low
--   level                  level that the check is needed for
--   area                   attribute, ensure, detect or standardize
--   first_failed_on        first date of the fails without a break; null when it does not fail
--   days_failing           first_failed_on to as_of_date [days]
--   reason                 what is wrong, or what could not be told
--   remedy                 what to do about it; where it is unknown, once it is known to fail
--   is_next_level          it keeps the subject from its next level
--   waiver_id              waiver that makes it exempt; null for another status
--   waiver_expires         last date on which that holds
--   tier                   tier of the subject; null without one
--   is_pci_scope           subject to PCI; null when not told
--   as_of_date             date that it is about
--   subject_type           service, repository, or source for a table whose gaps may hide subjects
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, or none

-- What to mend first stands first: by weight, then by level, by tier, and by how long it has failed. quality-scores counts what passes.
with results as (
    select * from fct_check_results
),

scores as (
    select * from fct_quality_scores where area = 'all'
),

checks as (
    select * from reference.checks
),

newest_date as (
    select max(date) as as_of_date from fct_check_results where status is not null
),

gaps as (
    select * from int_question_gaps where policy_id = 'failing-checks'
),

answer_checks as (
    select
        results.status,
        results.subject_id,
        results.team as owner_team,
        results.check_id,
        checks.title,
        results.severity,
        results.level,
        results.area,
        results.first_failed_on,
        results.days_failing,
        results.reason,
        checks.remedy,
        coalesce(list_contains(scores.blocked_by, results.check_id), false) as is_next_level,
        results.waiver_id,
        results.waiver_expires,
        results.tier,
        results.is_pci_scope,
        results.date as as_of_date,
        results.subject_type,
        results.evidence,
        case when results.answer = 'fail' then 'complete' else 'none' end as source_completeness
    from results
    inner join newest_date
        on results.date = newest_date.as_of_date
    left join scores
        on results.date = scores.date
        and results.subject_type = scores.subject_type
        and results.subject_id = scores.subject_id
    left join checks
        on results.check_id = checks.check_id
    where results.status in ('fail', 'unknown', 'error', 'exempt')
        and (getvariable('team') is null or lower(results.team) = lower(getvariable('team')))
        and (getvariable('subject') is null or lower(results.subject_id) = lower(getvariable('subject')))
        and (getvariable('subject_type') is null or results.subject_type = getvariable('subject_type'))
        and (getvariable('check') is null or results.check_id = getvariable('check'))
        and (getvariable('area') is null or results.area = getvariable('area'))
),

combine_answers as (
    select * from answer_checks
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, reason, null, null, null, null, null, null,
        as_of_date, subject_type, evidence, 'none'
    from gaps
),

failing_checks as (
    select
        status,
        subject_id,
        owner_team,
        check_id,
        title,
        severity,
        level,
        area,
        first_failed_on,
        days_failing,
        reason,
        remedy,
        is_next_level,
        waiver_id,
        waiver_expires,
        tier,
        is_pci_scope,
        as_of_date,
        subject_type,
        'failing-checks' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from failing_checks
order by
    case status when 'fail' then 1 when 'unknown' then 2 when 'error' then 3 when 'exempt' then 4 else 5 end,
    case severity when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end,
    case level when 'bronze' then 1 when 'silver' then 2 else 3 end,
    tier nulls last,
    days_failing desc nulls last,
    subject_type,
    subject_id,
    check_id
