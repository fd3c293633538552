-- One row per date, area and subject, team or organisation whose checks were said or recomputed on it, with its score, its level and what of both is unsure.
-- The score is the weight of what passes over the weight of what passes or fails; what is unknown or an error is in its bounds alone, what is not applicable or
-- exempt in nothing. A level is reached when each check of it and of those below passes or is exempt, so an unknown stops it; one that no check
-- applies to is reached with the one below. It is confirmed when no exempt check is in it, and knowing what is unknown could not raise it.
-- Teams and the organisation are their subjects' pairs of subject and check taken together: their level is the one that all of these have.
-- A recomputed date has today's rules beside what was said. What the score changed is split in two steps that add up: first what is known now by the rules that
-- are as they were, with the others as they stood, then the rules that are not.
-- grain: date, subject_type, subject_id, area
-- kind: daily
-- lookback: 0d
-- owner: platform
-- columns:
--   date                    date that it is about
--   subject_type            service, repository, team or organisation
--   subject_id              service, organization/name of a repository, team (__none__ for what nobody is known to answer for), or __all__ for the organisation
--   area                    attribute, ensure, detect, standardize, or all
--   team                    team that answers for it; null when nobody is known to, and for the organisation
--   score                   weight of what passes over what passes or fails; null without either [0 to 100]
--   score_low               likewise, if all that is unknown failed; null when nothing is known or unknown, as the next two [0 to 100]
--   score_high              likewise, if it passed [0 to 100]
--   coverage                weight of what passes or fails over that with what is unknown [0 to 1]
--   n_subjects              services and repositories, that are judged in it, be it not_applicable [subjects]
--   n_subjects_passing_all  of these, those for which something passes and all that is applicable does: none is exempt or unknown [subjects]
--   n_checks                pairs of subject and check; the six that follow add up to it [checks]
--   n_pass                  of these, pass [checks]
--   n_fail                  fail [checks]
--   n_unknown               unknown [checks]
--   n_error                 error [checks]
--   n_exempt                exempt: it fails, and a waiver holds [checks]
--   n_not_applicable        not_applicable [checks]
--   n_applicable            pass, fail, unknown or error [checks]
--   pass_rate               n_pass of n_applicable, a lower bound while something is unknown; null when nothing is applicable [0 to 1]
--   pass_rate_high          likewise, if all that is unknown passed [0 to 1]
--   level                   highest level reached, or none; null when nothing is applicable or exempt
--   level_confirmed         it depends on nothing exempt or unknown; null without a level
--   next_level              the level that comes next; null at the highest
--   blocked_by              checks that keep it from that, since they fail or are unknown
--   restated_on             date on which this date was recomputed; null when it was not, as the rest
--   restated_score          score by today's rules, with what is known and waived now [0 to 100]
--   restated_coverage       coverage likewise [0 to 1]
--   restated_level          level likewise
--   score_change            restated_score less score; null without both [-100 to 100]
--   score_change_by_data    of this, what more is known, or waived, by rules that did not change; null when it cannot be told [-100 to 100]
--   score_change_by_rule    and what changed with the rules [-100 to 100]
with results as (
    select * from fct_check_results where date between getvariable('from') and getvariable('to')
),

levels as (
    select * from reference.check_levels
),

-- said_then is what was said, restated what today's rules say, and same_rules what would be said now had no rule changed: a check that is new has
-- no part in it, one that is gone or of another rule says what it said.
tell_results as (
    select 'said_then' as telling, date, subject_type, subject_id, team, check_id, area, weight, level, status
    from results
    where status is not null
    union all
    select
        'restated' as telling, date, subject_type, subject_id, team, check_id,
        restated_area as area, restated_weight as weight, restated_level as level, restated_status as status
    from results
    where restated_status is not null
    union all
    select 'same_rules' as telling, date, subject_type, subject_id, team, check_id, area, weight, level, status
    from results
    where is_rule_changed and status is not null
    union all
    select
        'same_rules' as telling, date, subject_type, subject_id, team, check_id,
        restated_area as area, restated_weight as weight, restated_level as level, restated_status as status
    from results
    where not is_rule_changed and restated_status is not null
),

spread_areas as (
    select telling, date, subject_type, subject_id, team, check_id, area, weight, level, status from tell_results
    union all
    select telling, date, subject_type, subject_id, team, check_id, 'all' as area, weight, level, status from tell_results
),

measure_subjects as (
    select
        checked.telling,
        checked.date,
        checked.subject_type,
        checked.subject_id,
        checked.team,
        checked.area,
        sum(case when checked.status = 'pass' then checked.weight else 0 end) as pass_weight,
        sum(case when checked.status in ('pass', 'fail') then checked.weight else 0 end) as known_weight,
        sum(case when checked.status in ('unknown', 'error') then checked.weight else 0 end) as unknown_weight,
        count(case when checked.status = 'pass' then 1 end) as n_pass,
        count(case when checked.status = 'fail' then 1 end) as n_fail,
        count(case when checked.status = 'unknown' then 1 end) as n_unknown,
        count(case when checked.status = 'error' then 1 end) as n_error,
        count(case when checked.status = 'exempt' then 1 end) as n_exempt,
        count(case when checked.status = 'not_applicable' then 1 end) as n_not_applicable,
        count(*) as n_checks,
        case
            when count(case when checked.status = 'pass' then 1 end) > 0
                and count(case when checked.status not in ('pass', 'not_applicable') then 1 end) = 0
                then 1
            else 0
        end as passes_all,
        min(case when checked.status in ('fail', 'unknown', 'error') then levels.rank end) as lowest_unmet_rank,
        min(case when checked.status = 'fail' then levels.rank end) as lowest_failed_rank,
        min(case when checked.status = 'exempt' then levels.rank end) as lowest_exempt_rank
    from spread_areas as checked
    left join levels
        on checked.level = levels.level
    group by checked.telling, checked.date, checked.subject_type, checked.subject_id, checked.team, checked.area
),

spread_subjects as (
    select subject_type as group_type, subject_id as group_id, team as group_team, * from measure_subjects
    union all
    select 'team' as group_type, coalesce(team, '__none__') as group_id, team as group_team, * from measure_subjects
    union all
    select 'organisation' as group_type, '__all__' as group_id, cast(null as varchar) as group_team, * from measure_subjects
),

sum_groups as (
    select
        telling,
        date,
        group_type as subject_type,
        group_id as subject_id,
        area,
        max(group_team) as team,
        sum(pass_weight) as pass_weight,
        sum(known_weight) as known_weight,
        sum(unknown_weight) as unknown_weight,
        count(*) as n_subjects,
        cast(sum(passes_all) as bigint) as n_subjects_passing_all,
        cast(sum(n_checks) as bigint) as n_checks,
        cast(sum(n_pass) as bigint) as n_pass,
        cast(sum(n_fail) as bigint) as n_fail,
        cast(sum(n_unknown) as bigint) as n_unknown,
        cast(sum(n_error) as bigint) as n_error,
        cast(sum(n_exempt) as bigint) as n_exempt,
        cast(sum(n_not_applicable) as bigint) as n_not_applicable,
        min(lowest_unmet_rank) as lowest_unmet_rank,
        min(lowest_failed_rank) as lowest_failed_rank,
        min(lowest_exempt_rank) as lowest_exempt_rank
    from spread_subjects
    group by telling, date, group_type, group_id, area
),

order_levels as (
    select
        level,
        rank,
        coalesce(lag(level) over (order by rank), 'none') as level_below
    from levels
),

highest_level as (
    select level from order_levels where rank = (select max(rank) from levels)
),

-- The lowest level with something that is not met is the next one, and the one below it is reached.
score_groups as (
    select
        groups.*,
        groups.n_pass + groups.n_fail + groups.n_unknown + groups.n_error as n_applicable,
        100 * groups.pass_weight / nullif(groups.known_weight, 0) as score,
        100 * groups.pass_weight / nullif(groups.known_weight + groups.unknown_weight, 0) as score_low,
        100 * (groups.pass_weight + groups.unknown_weight) / nullif(groups.known_weight + groups.unknown_weight, 0) as score_high,
        groups.known_weight / nullif(groups.known_weight + groups.unknown_weight, 0) as coverage,
        case
            when groups.n_not_applicable = groups.n_checks then null
            when groups.lowest_unmet_rank is null then highest_level.level
            else next_levels.level_below
        end as level,
        case
            when groups.n_not_applicable = groups.n_checks then null
            else groups.lowest_unmet_rank is not distinct from groups.lowest_failed_rank
                and (
                    groups.lowest_exempt_rank is null
                    or (groups.lowest_unmet_rank is not null and groups.lowest_exempt_rank >= groups.lowest_unmet_rank)
                )
        end as level_confirmed,
        next_levels.level as next_level
    from sum_groups as groups
    cross join highest_level
    left join order_levels as next_levels
        on groups.lowest_unmet_rank = next_levels.rank
),

list_unmet as (
    select unmet.date, unmet.subject_type, unmet.subject_id, unmet.team, unmet.area, unmet.check_id, levels.rank
    from spread_areas as unmet
    inner join levels
        on unmet.level = levels.level
    where unmet.telling = 'said_then' and unmet.status in ('fail', 'unknown', 'error')
),

spread_unmet as (
    select subject_type as group_type, subject_id as group_id, date, area, check_id, rank from list_unmet
    union all
    select 'team' as group_type, coalesce(team, '__none__') as group_id, date, area, check_id, rank from list_unmet
    union all
    select 'organisation' as group_type, '__all__' as group_id, date, area, check_id, rank from list_unmet
),

list_blocks as (
    select
        groups.date,
        groups.subject_type,
        groups.subject_id,
        groups.area,
        array_agg(distinct unmet.check_id order by unmet.check_id) as blocked_by
    from score_groups as groups
    inner join spread_unmet as unmet
        on groups.date = unmet.date
        and groups.subject_type = unmet.group_type
        and groups.subject_id = unmet.group_id
        and groups.area = unmet.area
        and groups.lowest_unmet_rank = unmet.rank
    where groups.telling = 'said_then'
    group by groups.date, groups.subject_type, groups.subject_id, groups.area
),

list_restatements as (
    select date, max(restated_on) as restated_on
    from results
    group by date
),

list_groups as (
    select distinct date, subject_type, subject_id, area
    from score_groups
    where telling <> 'same_rules'
),

fct_quality_scores as (
    select
        listed.date,
        listed.subject_type,
        listed.subject_id,
        listed.area,
        case when said_then.date is null then restated.team else said_then.team end as team,
        said_then.score,
        said_then.score_low,
        said_then.score_high,
        said_then.coverage,
        said_then.n_subjects,
        said_then.n_subjects_passing_all,
        said_then.n_checks,
        said_then.n_pass,
        said_then.n_fail,
        said_then.n_unknown,
        said_then.n_error,
        said_then.n_exempt,
        said_then.n_not_applicable,
        said_then.n_applicable,
        said_then.n_pass / nullif(said_then.n_applicable, 0) as pass_rate,
        (said_then.n_pass + said_then.n_unknown + said_then.n_error) / nullif(said_then.n_applicable, 0) as pass_rate_high,
        said_then.level,
        said_then.level_confirmed,
        said_then.next_level,
        coalesce(blocks.blocked_by, []) as blocked_by,
        restatements.restated_on,
        restated.score as restated_score,
        restated.coverage as restated_coverage,
        restated.level as restated_level,
        restated.score - said_then.score as score_change,
        case when restated.score is not null then same_rules.score - said_then.score end as score_change_by_data,
        case when said_then.score is not null then restated.score - same_rules.score end as score_change_by_rule
    from list_groups as listed
    inner join list_restatements as restatements
        on listed.date = restatements.date
    left join score_groups as said_then
        on said_then.telling = 'said_then'
        and listed.date = said_then.date
        and listed.subject_type = said_then.subject_type
        and listed.subject_id = said_then.subject_id
        and listed.area = said_then.area
    left join score_groups as restated
        on restated.telling = 'restated'
        and listed.date = restated.date
        and listed.subject_type = restated.subject_type
        and listed.subject_id = restated.subject_id
        and listed.area = restated.area
    left join score_groups as same_rules
        on same_rules.telling = 'same_rules'
        and listed.date = same_rules.date
        and listed.subject_type = same_rules.subject_type
        and listed.subject_id = same_rules.subject_id
        and listed.area = same_rules.area
    left join list_blocks as blocks
        on listed.date = blocks.date
        and listed.subject_type = blocks.subject_type
        and listed.subject_id = blocks.subject_id
        and listed.area = blocks.area
)

select * from fct_quality_scores
