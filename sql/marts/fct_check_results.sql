-- One row per date, check and subject, with what was said of it on that date and for how long it has failed, and beside that what today's rules say of that
-- date, where it was recomputed. Where the two differ, changed_by tells whether the rule did.
-- A check has failed without a break since the first fail after the last pass or not_applicable, over the dates there are: an unknown or an error between two
-- fails, and a date without a run, say nothing and end nothing. What is exempt goes on failing. A repository that is renamed is another subject: its fails
-- begin anew.
-- grain: date, check_id, subject_id
-- kind: daily
-- lookback: all
-- owner: platform
-- columns:
--   date                  date that it is about
--   check_id              name of the check
--   subject_type          service or repository
--   subject_id            service, or organization/name of a repository
--   team                  team that answers for it, by what was said then, or else restated; null when nobody is known to
--   tier                  likewise its tier; null without one
--   is_pci_scope          likewise, subject to PCI; null when not told
--   check_version         version of the rule; null, as all to waiver_days_left, when nothing was said then
--   rule_digest           stands for the check's SQL and for every model and constant behind it
--   area                  attribute, ensure, detect or standardize
--   severity              critical, high, medium or low
--   weight                weight in scores
--   level                 bronze, silver or gold
--   status                pass, fail, not_applicable, exempt, unknown or error
--   answer                likewise without waivers
--   reason                why, in words
--   evidence              what the check concluded from (JSON text)
--   judged_on             date on which it was said
--   first_failed_on       first date of the fails without a break up to this one; null when it does not fail
--   days_failing          first_failed_on to date [days]
--   waiver_id             waiver that makes it exempt; null for another status
--   waiver_expires        last date on which that holds
--   waiver_days_left      date to waiver_expires [days]
--   restated_on           date on which this date was recomputed; null when it was not
--   restated_version      version of the rule by which it was; null, as all to restated_reason, when today's rules say nothing of it
--   restated_digest       stands for that rule, likewise
--   restated_area         area by that rule
--   restated_severity     severity by that rule
--   restated_weight       weight by that rule
--   restated_level        level by that rule
--   restated_status       status by that rule, with what is known and waived now
--   restated_answer       likewise without waivers
--   restated_reason       why, in words
--   is_rule_changed       the check is new or gone, or its version, area, weight or level differs, or what stands behind it (a threshold, the SQL of a fact);
--                         null when there are not both to compare, as the next
--   is_changed            the status differs
--   changed_by            rule (the check is new or gone, or its version or what stands behind it differs), waiver (the check says the same) or data
--                         (more is known, or otherwise read, by the same rule); null when nothing differs
with said_then as (
    select * from fct_check_runs where date between getvariable('from') and getvariable('to') and not is_restated
),

restated as (
    select * from fct_check_runs where date between getvariable('from') and getvariable('to') and is_restated
),

history as (
    select date, check_id, subject_id, answer
    from fct_check_runs
    where date <= getvariable('to') and not is_restated and answer in ('pass', 'fail', 'not_applicable')
),

failing_pairs as (
    select distinct check_id, subject_id
    from said_then
    where answer = 'fail'
),

-- A spell begins with what is not a fail, and has all fails up to the next such.
number_spells as (
    select
        history.date,
        history.check_id,
        history.subject_id,
        history.answer,
        count(case when history.answer <> 'fail' then 1 end) over (
            partition by history.check_id, history.subject_id
            order by history.date
        ) as spell
    from history
    inner join failing_pairs
        on history.check_id = failing_pairs.check_id
        and history.subject_id = failing_pairs.subject_id
),

date_spells as (
    select
        date,
        check_id,
        subject_id,
        min(date) over (partition by check_id, subject_id, spell) as first_failed_on
    from number_spells
    where answer = 'fail'
),

pair_runs as (
    select
        coalesce(said_then.date, restated.date) as date,
        coalesce(said_then.check_id, restated.check_id) as check_id,
        coalesce(said_then.subject_type, restated.subject_type) as subject_type,
        coalesce(said_then.subject_id, restated.subject_id) as subject_id,
        case when said_then.date is null then restated.team else said_then.team end as team,
        case when said_then.date is null then restated.tier else said_then.tier end as tier,
        case when said_then.date is null then restated.is_pci_scope else said_then.is_pci_scope end as is_pci_scope,
        said_then.check_version,
        said_then.rule_digest,
        said_then.area,
        said_then.severity,
        said_then.weight,
        said_then.level,
        said_then.status,
        said_then.answer,
        said_then.reason,
        said_then.evidence,
        said_then.judged_on,
        said_then.waiver_id,
        said_then.waiver_expires,
        restated.check_version as restated_version,
        restated.rule_digest as restated_digest,
        restated.area as restated_area,
        restated.severity as restated_severity,
        restated.weight as restated_weight,
        restated.level as restated_level,
        restated.status as restated_status,
        restated.answer as restated_answer,
        restated.reason as restated_reason,
        restated.judged_on as rejudged_on
    from said_then
    full join restated
        on said_then.date = restated.date
        and said_then.check_id = restated.check_id
        and said_then.subject_id = restated.subject_id
),

-- A check with no row on one side is new, or gone; a subject without one, where its check has others, was not known or is no longer.
list_checks as (
    select
        date,
        check_id,
        count(status) = 0 or count(restated_status) = 0 as is_new_or_gone
    from pair_runs
    group by date, check_id
),

list_dates as (
    select
        date,
        max(rejudged_on) as restated_on,
        count(status) > 0 and count(restated_status) > 0 as is_comparable
    from pair_runs
    group by date
),

compare_runs as (
    select
        paired.*,
        dates.restated_on,
        checks.is_new_or_gone,
        dates.is_comparable,
        paired.check_version is distinct from paired.restated_version or paired.rule_digest is distinct from paired.restated_digest as is_other_rule
    from pair_runs as paired
    inner join list_dates as dates
        on paired.date = dates.date
    inner join list_checks as checks
        on paired.date = checks.date
        and paired.check_id = checks.check_id
),

fct_check_results as (
    select
        compared.date,
        compared.check_id,
        compared.subject_type,
        compared.subject_id,
        compared.team,
        compared.tier,
        compared.is_pci_scope,
        compared.check_version,
        compared.rule_digest,
        compared.area,
        compared.severity,
        compared.weight,
        compared.level,
        compared.status,
        compared.answer,
        compared.reason,
        compared.evidence,
        compared.judged_on,
        spells.first_failed_on,
        date_diff('day', spells.first_failed_on, compared.date) as days_failing,
        compared.waiver_id,
        compared.waiver_expires,
        date_diff('day', compared.date, compared.waiver_expires) as waiver_days_left,
        compared.restated_on,
        compared.restated_version,
        compared.restated_digest,
        compared.restated_area,
        compared.restated_severity,
        compared.restated_weight,
        compared.restated_level,
        compared.restated_status,
        compared.restated_answer,
        compared.restated_reason,
        case
            when compared.is_comparable
                then compared.is_new_or_gone
                or (
                    compared.status is not null
                    and compared.restated_status is not null
                    and (
                        compared.is_other_rule
                        or compared.area is distinct from compared.restated_area
                        or compared.weight is distinct from compared.restated_weight
                        or compared.level is distinct from compared.restated_level
                    )
                )
        end as is_rule_changed,
        case when compared.is_comparable then compared.status is distinct from compared.restated_status end as is_changed,
        case
            when not compared.is_comparable or compared.status is not distinct from compared.restated_status then null
            when compared.is_new_or_gone then 'rule'
            when compared.status is null or compared.restated_status is null then 'data'
            when compared.is_other_rule then 'rule'
            when compared.answer = compared.restated_answer then 'waiver'
            else 'data'
        end as changed_by
    from compare_runs as compared
    left join date_spells as spells
        on compared.date = spells.date
        and compared.check_id = spells.check_id
        and compared.subject_id = spells.subject_id
)

select * from fct_check_results
