-- One row per question about cost and cluster or table that hides a part of its answer.
-- A cluster is named when its newest day was not seen whole. Allocations as a table are named only when nothing of any cluster was ever asked for, for
-- the newest hours of today are nearly always missing there. Questions name these beside their own answers.
-- grain: policy_id, subject_id
-- kind: full
-- owner: platform
-- columns:
--   policy_id              name of the question
--   subject_type           cluster or source
--   subject_id             cluster, or table that was not read to the end, such as opencost.assets
--   reason                 what is missing, and why
--   as_of_date             day that was not seen whole; for a table, the date that it was last asked for
--   evidence               what was concluded from (JSON text)
--   source_completeness    partial (some hours were seen) or none
with coverage as (
    select * from fct_cost_coverage where is_newest_day
),

unread_tables as (
    select * from fct_unread_tables
),

question_tables as (
    select * from reference.question_tables
),

fct_cost_gaps as (
    select
        questions.policy_id,
        'cluster' as subject_type,
        coverage.cluster as subject_id,
        coverage.reason,
        coverage.date as as_of_date,
        cast(json_object('outcome', coverage.status, 'covered_hours', coverage.covered_hours) as varchar) as evidence,
        case when coverage.covered_hours > 0 then 'partial' else 'none' end as source_completeness
    from question_tables as questions
    cross join coverage
    where questions.table_name = 'opencost.allocations' and not coverage.is_whole
    union all
    select
        tables.policy_id,
        'source' as subject_type,
        tables.table_name as subject_id,
        tables.reason,
        tables.read_on as as_of_date,
        tables.evidence,
        'none' as source_completeness
    from unread_tables as tables
    inner join question_tables as questions
        on tables.policy_id = questions.policy_id
        and questions.table_name = 'opencost.allocations'
    where tables.table_name <> 'opencost.allocations' or not exists (select 1 from coverage)
)

select * from fct_cost_gaps
