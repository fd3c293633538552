-- title: What changed about scores since a week ago
-- question: For which services and repositories does a check say something else than a week ago, and did the service change, the rule, a waiver, or what we know?
-- owner: platform
-- params:
--   team            team that answers for the subject
--   subject         service, or organization/name of a repository
--   subject_type    service or repository
--   check           name of the check
--   days            how many days ago, instead of a week
-- columns:
--   status                 subject_changed, more_is_known, less_is_known, waived, waiver_ended, rule_changed, subject_new, subject_gone, or not_visible when
--                          there is no earlier date
--   subject_id             service, or organization/name of a repository; what there is no earlier date of
--   owner_team             team that answers for it; null when unknown
--   check_id               name of the check; null for a subject that is new or gone
--   title                  what is so where the check passes; null likewise
--   status_before          what was said on compared_with; null when nothing was
--   status_now             what is said on as_of_date; null when nothing is
--   score_before           score of the subject on compared_with, over all checks [0 to 100]
--   score_now              score of the subject on as_of_date, over all checks [0 to 100]
--   compared_with          date that it is compared with
--   reason                 how we know
--   as_of_date             date that it is about
--   subject_type           service, repository, or source
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, partial (the earlier date was not recomputed by today's rule) or none

-- The date compared with is the newest one judged by then, or else the first one. Where a rule has changed since, what the new one says of the earlier
-- date decides, if that date was recomputed: almanac build --select fct_quality_scores --from … does so. A repository that was renamed is gone by the one
-- name and new by the other.
with later_results as (
    select * from fct_check_results where status is not null
),

earlier_results as (
    select * from fct_check_results
),

said_dates as (
    select distinct date from fct_check_results where status is not null
),

scores as (
    select * from fct_quality_scores where area = 'all'
),

checks as (
    select * from reference.checks
),

thresholds as (
    select coalesce(cast(getvariable('days') as integer), cast(value as integer)) as days from reference.thresholds where name = 'score_change_days'
),

newest_date as (
    select max(date) as as_of_date from said_dates
),

compare_dates as (
    select
        newest_date.as_of_date,
        coalesce(
            max(case when said_dates.date <= newest_date.as_of_date - thresholds.days then said_dates.date end),
            min(said_dates.date)
        ) as compared_with
    from newest_date
    cross join thresholds
    left join said_dates
        on said_dates.date < newest_date.as_of_date
    group by newest_date.as_of_date
),

results_before as (
    select results.*
    from earlier_results as results
    inner join compare_dates
        on results.date = compare_dates.compared_with
),

results_now as (
    select results.*
    from later_results as results
    inner join compare_dates
        on results.date = compare_dates.as_of_date
),

checks_before as (
    select check_id, count(status) > 0 as was_said_then
    from results_before
    group by check_id
),

checks_now as (
    select distinct check_id from results_now
),

pair_results as (
    select
        coalesce(said_now.check_id, said_before.check_id) as check_id,
        coalesce(said_now.subject_type, said_before.subject_type) as subject_type,
        coalesce(said_now.subject_id, said_before.subject_id) as subject_id,
        case when said_now.check_id is null then said_before.team else said_now.team end as team,
        said_before.status as status_before,
        said_now.status as status_now,
        said_now.answer as answer_now,
        said_before.answer as answer_before,
        said_before.restated_status,
        said_before.restated_answer,
        said_before.check_version as version_before,
        said_now.check_version as version_now,
        said_before.check_version is distinct from said_now.check_version
        or said_before.rule_digest is distinct from said_now.rule_digest as is_other_rule,
        said_before.restated_version is not distinct from said_now.check_version
        and said_before.restated_digest is not distinct from said_now.rule_digest as is_recomputed,
        said_before.weight as weight_before,
        said_now.weight as weight_now,
        coalesce(checks_before.was_said_then, false) as is_old_check,
        checks_now.check_id is not null as is_present_check
    from results_now as said_now
    full join results_before as said_before
        on said_now.check_id = said_before.check_id
        and said_now.subject_id = said_before.subject_id
    left join checks_before
        on coalesce(said_now.check_id, said_before.check_id) = checks_before.check_id
    left join checks_now
        on coalesce(said_now.check_id, said_before.check_id) = checks_now.check_id
    where said_now.status is distinct from said_before.status
        or said_now.weight is distinct from said_before.weight
),

-- What the rule of today says of the earlier date: what was said then, if that was by the same rule, or else what was recomputed by it.
apply_rules as (
    select
        *,
        case when not is_other_rule then status_before when is_recomputed then restated_status end as ruled_status,
        case when not is_other_rule then answer_before when is_recomputed then restated_answer end as ruled_answer,
        case
            when version_before <> version_now then 'its rule changed from version ' || version_before || ' to ' || version_now
            when is_other_rule then 'what its rule stands on changed'
        end as rule_change
    from pair_results
),

judge_changes as (
    select
        *,
        case
            when status_before is null and is_old_check then 'subject_new'
            when status_now is null and is_present_check then 'subject_gone'
            when status_now is null or ruled_status is null or ruled_status = status_now then 'rule_changed'
            when ruled_answer = answer_now and status_now = 'exempt' then 'waived'
            when ruled_answer = answer_now then 'waiver_ended'
            when ruled_answer in ('unknown', 'error') and answer_now in ('unknown', 'error') then 'less_is_known'
            when ruled_answer in ('unknown', 'error') then 'more_is_known'
            when answer_now in ('unknown', 'error') then 'less_is_known'
            else 'subject_changed'
        end as change
    from apply_rules
),

-- Of a subject that came or went each check says the same: one row is enough.
answer_changes as (
    select
        change,
        subject_type,
        subject_id,
        team,
        check_id,
        status_before,
        status_now,
        case
            when change = 'rule_changed' and not is_old_check then 'the check is new'
            when change = 'rule_changed' and not is_present_check then 'the check is gone'
            when change = 'rule_changed' and ruled_status is null
                then rule_change || ', and the earlier date was not recomputed by that: whether the subject changed as well is not known'
            when change = 'rule_changed' and rule_change is null then 'its severity changed'
            when change = 'rule_changed' then rule_change || ', and by the rule of now both dates are the same'
            when change = 'waived' then 'it fails on both dates, and a waiver holds now'
            when change = 'waiver_ended' then 'it fails on both dates, and no waiver holds now'
            when change = 'more_is_known' then 'it could not be told then'
            when change = 'less_is_known' then 'it cannot be told now'
            else 'the same rule says ' || ruled_answer || ' of then and ' || answer_now || ' of now'
        end as reason,
        cast(
            json_object(
                'version_before', version_before, 'version_now', version_now, 'weight_before', weight_before, 'weight_now', weight_now,
                'by_the_rule_of_now', ruled_status
            ) as varchar
        ) as evidence,
        case when change = 'rule_changed' and is_old_check and is_present_check and ruled_status is null then 'partial' else 'complete' end as source_completeness
    from judge_changes
    where change not in ('subject_new', 'subject_gone') and (status_before is not null or status_now is not null)
    union all
    select
        change,
        subject_type,
        subject_id,
        max(team) as team,
        cast(null as varchar) as check_id,
        cast(null as varchar) as status_before,
        cast(null as varchar) as status_now,
        case change
            when 'subject_new' then 'it was not judged by these checks on the earlier date'
            else 'it is not judged by these checks any more'
        end as reason,
        cast(json_object('checks', count(*)) as varchar) as evidence,
        'complete' as source_completeness
    from judge_changes
    where change in ('subject_new', 'subject_gone') and (status_before is not null or status_now is not null)
    group by change, subject_type, subject_id
),

combine_answers as (
    select
        changes.change as status,
        changes.subject_id,
        changes.team as owner_team,
        changes.check_id,
        checks.title,
        changes.status_before,
        changes.status_now,
        scores_before.score as score_before,
        scores_now.score as score_now,
        compare_dates.compared_with,
        changes.reason,
        compare_dates.as_of_date,
        changes.subject_type,
        changes.evidence,
        changes.source_completeness
    from answer_changes as changes
    cross join compare_dates
    left join checks
        on changes.check_id = checks.check_id
    left join scores as scores_before
        on compare_dates.compared_with = scores_before.date
        and changes.subject_type = scores_before.subject_type
        and changes.subject_id = scores_before.subject_id
    left join scores as scores_now
        on compare_dates.as_of_date = scores_now.date
        and changes.subject_type = scores_now.subject_type
        and changes.subject_id = scores_now.subject_id
    where compare_dates.compared_with is not null
        and (getvariable('team') is null or lower(changes.team) = lower(getvariable('team')))
        and (getvariable('subject') is null or lower(changes.subject_id) = lower(getvariable('subject')))
        and (getvariable('subject_type') is null or changes.subject_type = getvariable('subject_type'))
        and (getvariable('check') is null or changes.check_id = getvariable('check'))
    union all
    select
        'not_visible', 'fct_check_results', null, null, null, null, null, null, null, null,
        'the checks were judged on one date at most, so there is nothing to compare with', as_of_date, 'source', null, 'none'
    from compare_dates
    where compared_with is null
),

score_changes as (
    select
        status,
        subject_id,
        owner_team,
        check_id,
        title,
        status_before,
        status_now,
        score_before,
        score_now,
        compared_with,
        reason,
        as_of_date,
        subject_type,
        'score-changes' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from score_changes
order by
    case status
        when 'subject_changed' then 1
        when 'waiver_ended' then 2
        when 'waived' then 3
        when 'rule_changed' then 4
        when 'less_is_known' then 5
        when 'more_is_known' then 6
        when 'subject_new' then 7
        when 'subject_gone' then 8
        else 9
    end,
    score_now - score_before nulls last,
    subject_type,
    subject_id,
    check_id
