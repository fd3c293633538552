-- title: Who is left in campaigns
-- question: Which services and repositories of which teams are not done with a campaign, and for which can we not tell?
-- owner: platform
-- params:
--   campaign        name of the campaign
--   team            team that answers for the subject
--   subject         service, or organization/name of a repository
-- columns:
--   status                 left (the check fails), unknown, error, exempt (it fails, and a waiver holds) or not_visible,
--                          or not_found for a name that nothing is known by
--   campaign_id            name of the campaign; null for a table, as all but the reason
--   owner_team             team that answers for the subject; null when unknown
--   subject_id             service, organization/name of a repository, or the table that was not read to the end
--   check_id               check that is to pass
--   title                  what is so where the check passes
--   severity               critical, high, medium or low
--   first_failed_on        since when it fails; null when it does not
--   days_failing           first_failed_on to as_of_date [days]
--   deadline               date by which the campaign is to be done
--   waiver_expires         last date on which the waiver holds; null when it is not exempt
--   reason                 what is wrong, or what could not be told
--   remedy                 what to do about it
--   as_of_date             date that it is about
--   subject_type           service, repository, or source for a table whose gaps may hide subjects, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, or none

-- campaign-progress counts what is done, and names campaigns that fit nothing.
with targets as (
    select * from fct_campaign_targets
),

campaigns as (
    select * from reference.campaigns
),

checks as (
    select * from reference.checks
),

result_dates as (
    select max(date) as newest_on from fct_check_results where status is not null
),

gaps as (
    select * from int_question_gaps where policy_id = 'campaign-left'
),

answer_targets as (
    select
        case targets.status when 'fail' then 'left' else targets.status end as status,
        targets.campaign_id,
        targets.team as owner_team,
        targets.subject_id,
        targets.check_id,
        checks.title,
        targets.severity,
        targets.first_failed_on,
        date_diff('day', targets.first_failed_on, targets.date) as days_failing,
        cast(campaigns.deadline as date) as deadline,
        targets.waiver_expires,
        targets.reason,
        checks.remedy,
        targets.date as as_of_date,
        targets.subject_type,
        targets.evidence,
        case when targets.status in ('unknown', 'error') then 'none' else 'complete' end as source_completeness
    from targets
    inner join result_dates
        on targets.date = result_dates.newest_on
    inner join campaigns
        on targets.campaign_id = campaigns.campaign_id
        and targets.date >= cast(campaigns.starts as date)
    left join checks
        on targets.check_id = checks.check_id
    where targets.status <> 'pass'
        and (getvariable('campaign') is null or targets.campaign_id = getvariable('campaign'))
        and (getvariable('team') is null or lower(targets.team) = lower(getvariable('team')))
        and (getvariable('subject') is null or lower(targets.subject_id) = lower(getvariable('subject')))
),

combine_answers as (
    select * from answer_targets
    union all
    select
        status, null, null, subject_id, null, null, null, null, null, null, null, reason, null, as_of_date, subject_type, evidence, 'none'
    from gaps
),

campaign_left as (
    select
        status,
        campaign_id,
        owner_team,
        subject_id,
        check_id,
        title,
        severity,
        first_failed_on,
        days_failing,
        deadline,
        waiver_expires,
        reason,
        remedy,
        as_of_date,
        subject_type,
        'campaign-left' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from campaign_left
order by
    campaign_id nulls last,
    case status when 'left' then 1 when 'unknown' then 2 when 'error' then 3 else 4 end,
    owner_team nulls last,
    case severity when 'critical' then 1 when 'high' then 2 when 'medium' then 3 else 4 end,
    subject_type,
    subject_id,
    check_id
