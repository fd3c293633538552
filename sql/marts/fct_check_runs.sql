-- One row per date, check and subject of its kind, with what the check said of it, frozen with the rule as it was.
-- Every subject has a row for every check: what a check says nothing of, or not one thing, is an error, and never left out.
-- A waiver turns a fail into exempt, and nothing else: an unknown is a gap of reading that nobody approved, and an exempt in its place
-- would hide it. A recomputed date keeps what was said then (is_restated = false); what today's rules and waivers say stands beside it.
-- grain: date, is_restated, check_id, subject_id
-- kind: snapshot
-- owner: platform
-- columns:
--   date              date that it is about
--   is_restated       said of a past date afterwards, by the rules of judged_on
--   judged_on         date on which it was said
--   check_id          name of the check
--   check_version     version of its rule
--   rule_digest       stands for its SQL and for every model and constant behind it: another, where the rule is another
--   subject_type      service or repository
--   subject_id        service, or organization/name of a repository
--   team              team that answers for it; null when nobody is known to
--   tier              tier; null without one
--   is_pci_scope      subject to PCI; null when not told
--   area              attribute, ensure, detect or standardize
--   severity          critical, high, medium or low
--   weight            weight of that severity in scores (reference/check_weights.csv)
--   level             bronze, silver or gold, which the check is needed for
--   status            pass, fail, not_applicable, exempt (it fails, and a waiver holds), unknown or error
--   answer            likewise without waivers: pass, fail, not_applicable, unknown or error
--   reason            why, in words
--   evidence          what the check concluded from (JSON text); null with an error
--   waiver_id         waiver that makes it exempt; null for another status
--   waiver_expires    last date on which that holds; null for another status
with checks as (
    select * from reference.checks
),

weights as (
    select * from reference.check_weights
),

subjects as (
    select * from int_check_subjects
),

answers as (
    select * from int_check_answers
),

waived_subjects as (
    select * from int_waived_subjects
),

list_pairs as (
    select
        checks.check_id,
        cast(checks.version as bigint) as check_version,
        checks.rule_digest,
        checks.area,
        checks.severity,
        weights.weight,
        checks.level,
        subjects.subject_type,
        subjects.subject_id,
        subjects.team,
        subjects.tier,
        subjects.is_pci_scope
    from checks
    inner join subjects
        on checks.subject_type = subjects.subject_type
    left join weights
        on checks.severity = weights.severity
),

-- A row without a subject is how a check says that it could not be run.
find_broken_checks as (
    select check_id, coalesce(min(reason), 'the check returned a row without a subject') as reason
    from answers
    where subject_id is null
    group by check_id
),

count_answers as (
    select
        check_id,
        subject_id,
        count(*) as n_answers,
        min(status) as status,
        min(reason) as reason,
        min(evidence) as evidence
    from answers
    where subject_id is not null
    group by check_id, subject_id
),

find_errors as (
    select
        pairs.*,
        answers.status,
        answers.reason,
        answers.evidence,
        case
            when broken.check_id is not null then broken.reason
            when answers.n_answers is null then 'the check returned no row for it'
            when answers.n_answers > 1 then 'the check returned ' || answers.n_answers || ' rows for it'
            when answers.status is null then 'the check returned no status for it'
            when answers.status not in ('pass', 'fail', 'not_applicable', 'unknown')
                then 'the check returned ' || answers.status || ', which is no status of a check'
        end as error
    from list_pairs as pairs
    left join count_answers as answers
        on pairs.check_id = answers.check_id
        and pairs.subject_id = answers.subject_id
    left join find_broken_checks as broken
        on pairs.check_id = broken.check_id
),

-- Of several waivers that hold, the one that holds longest is named.
rank_waivers as (
    select
        *,
        row_number() over (partition by check_id, subject_id order by expires desc, waiver_id) as waiver_rank
    from waived_subjects
    where expires >= getvariable('to')
),

fct_check_runs as (
    select
        cast(getvariable('to') as date) as date,
        coalesce(cast(getvariable('restated') as boolean), false) as is_restated,
        today() as judged_on,
        said.check_id,
        said.check_version,
        said.rule_digest,
        said.subject_type,
        said.subject_id,
        said.team,
        said.tier,
        said.is_pci_scope,
        said.area,
        said.severity,
        said.weight,
        said.level,
        case
            when said.error is not null then 'error'
            when said.status = 'fail' and waivers.waiver_id is not null then 'exempt'
            else said.status
        end as status,
        case when said.error is not null then 'error' else said.status end as answer,
        coalesce(said.error, said.reason) as reason,
        case when said.error is null then said.evidence end as evidence,
        waivers.waiver_id,
        waivers.expires as waiver_expires
    from find_errors as said
    left join rank_waivers as waivers
        on said.check_id = waivers.check_id
        and said.subject_id = waivers.subject_id
        and waivers.waiver_rank = 1
        and said.error is null
        and said.status = 'fail'
)

select * from fct_check_runs
