-- title: Quality scores
-- question: How well does every service, repository or team do by the checks, how sure is that, which level has it reached, and what is to be done next?
-- owner: platform
-- params:
--   subject_type    service (unless told otherwise), repository, team or organisation, or name for one that nothing is known by
--   subject         one of these, whatever its type
--   team            team that answers for it
--   area            attribute, ensure, detect or standardize; all of them unless told otherwise
-- columns:
--   status                 scored, not_scored (nothing about it passes or fails) or not_visible, or not_found for a name that nothing is known by
--   subject_id             service, organization/name of a repository, team, __all__ for the organisation, or the table that was not read to the end
--   owner_team             team that answers for it; null when unknown
--   score                  weight of what passes over what passes or fails [0 to 100]
--   score_low              likewise, if all that is unknown failed [0 to 100]
--   score_high             likewise, if it passed [0 to 100]
--   coverage               how much of what applies is known, by weight [0 to 1]
--   level                  highest level reached, or none; null when nothing applies
--   level_confirmed        it depends on nothing exempt or unknown
--   next_level             the level that comes next; null at the highest
--   blocked_by             checks that keep it from that, joined by commas
--   n_pass                 checks that pass [checks]
--   n_fail                 checks that fail [checks]
--   n_unknown              checks that are unknown or an error [checks]
--   n_exempt               checks that are exempt by a waiver [checks]
--   pass_rate              n_pass of all that apply and are not exempt: a lower bound while something is unknown [0 to 1]
--   next_check             failing check to mend first: of those that keep it from the next level if there are any, the one that weighs most
--   next_step              how that is mended
--   reason                 why it has this status
--   as_of_date             date that it is about
--   subject_type           service, repository, team, organisation, or source for a table whose gaps may hide subjects
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, partial (something is unknown) or none

-- failing-checks lists what fails one by one.
with scores as (
    select * from fct_quality_scores
),

results as (
    select * from fct_check_results
),

checks as (
    select * from reference.checks
),

newest_date as (
    select max(date) as as_of_date from fct_quality_scores where n_checks is not null
),

gaps as (
    select * from int_question_gaps where policy_id = 'quality-scores'
),

choose_scores as (
    select scores.*
    from scores
    inner join newest_date
        on scores.date = newest_date.as_of_date
    where scores.area = coalesce(getvariable('area'), 'all')
        and scores.n_checks is not null
        and (
            scores.subject_type = getvariable('subject_type')
            or (getvariable('subject_type') is null and (scores.subject_type = 'service' or getvariable('subject') is not null))
        )
        and (getvariable('subject') is null or lower(scores.subject_id) = lower(getvariable('subject')))
        and (getvariable('team') is null or lower(scores.team) = lower(getvariable('team')))
),

list_fails as (
    select results.*
    from results
    inner join newest_date
        on results.date = newest_date.as_of_date
    where results.status = 'fail'
        and (getvariable('area') is null or getvariable('area') = 'all' or results.area = getvariable('area'))
),

spread_fails as (
    select subject_type as group_type, subject_id as group_id, check_id, weight from list_fails
    union all
    select 'team' as group_type, coalesce(team, '__none__') as group_id, check_id, weight from list_fails
    union all
    select 'organisation' as group_type, '__all__' as group_id, check_id, weight from list_fails
),

sum_fails as (
    select group_type, group_id, check_id, sum(weight) as weight
    from spread_fails
    group by group_type, group_id, check_id
),

rank_fails as (
    select
        chosen.subject_type,
        chosen.subject_id,
        fails.check_id,
        row_number() over (
            partition by chosen.subject_type, chosen.subject_id
            order by list_contains(chosen.blocked_by, fails.check_id) desc, fails.weight desc, fails.check_id
        ) as fail_rank
    from choose_scores as chosen
    inner join sum_fails as fails
        on chosen.subject_type = fails.group_type
        and chosen.subject_id = fails.group_id
),

answer_subjects as (
    select
        case when chosen.score is null then 'not_scored' else 'scored' end as status,
        chosen.subject_id,
        chosen.team as owner_team,
        chosen.score,
        chosen.score_low,
        chosen.score_high,
        chosen.coverage,
        chosen.level,
        chosen.level_confirmed,
        chosen.next_level,
        nullif(array_to_string(chosen.blocked_by, ', '), '') as blocked_by,
        chosen.n_pass,
        chosen.n_fail,
        chosen.n_unknown + chosen.n_error as n_unknown,
        chosen.n_exempt,
        chosen.pass_rate,
        fails.check_id as next_check,
        checks.remedy as next_step,
        case
            when chosen.n_applicable = 0 then 'no check applies to it that is not exempt'
            when chosen.score is null then 'all that applies to it is unknown'
            when chosen.n_unknown + chosen.n_error > 0 then 'some checks are unknown: the score is between its bounds'
            else 'every check that applies to it is known'
        end as reason,
        chosen.date as as_of_date,
        chosen.subject_type,
        cast(
            json_object(
                'subjects', chosen.n_subjects, 'subjects_passing_all', chosen.n_subjects_passing_all, 'checks', chosen.n_checks,
                'not_applicable', chosen.n_not_applicable, 'errors', chosen.n_error
            ) as varchar
        ) as evidence,
        case
            when chosen.n_unknown + chosen.n_error = 0 then 'complete'
            when chosen.score is null then 'none'
            else 'partial'
        end as source_completeness
    from choose_scores as chosen
    left join rank_fails as fails
        on chosen.subject_type = fails.subject_type
        and chosen.subject_id = fails.subject_id
        and fails.fail_rank = 1
    left join checks
        on fails.check_id = checks.check_id
),

combine_answers as (
    select * from answer_subjects
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, 'none'
    from gaps
),

quality_scores as (
    select
        status,
        subject_id,
        owner_team,
        score,
        score_low,
        score_high,
        coverage,
        level,
        level_confirmed,
        next_level,
        blocked_by,
        n_pass,
        n_fail,
        n_unknown,
        n_exempt,
        pass_rate,
        next_check,
        next_step,
        reason,
        as_of_date,
        subject_type,
        'quality-scores' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from quality_scores
order by
    case status when 'scored' then 1 when 'not_scored' then 2 else 3 end,
    score,
    score_low,
    subject_type,
    subject_id
