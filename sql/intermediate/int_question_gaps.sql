-- One row per question and thing that keeps its answer from being all there is: a table that was not read to the end, or a name that it is asked about and that
-- nothing is known by. A question returns these beside its own rows, so that none of them is taken for an all-clear.
-- grain: policy_id, subject_type, subject_id
-- kind: view
-- owner: platform
-- columns:
--   policy_id       name of the question, of those in reference/question_tables.csv
--   status          not_visible for a table, not_found for a name
--   subject_id      the table, or the name as it was asked for
--   subject_type    source or name
--   reason          what kept it from being read, or that nothing is known by it
--   as_of_date      date that the table was last asked for; null for a name
--   evidence        what was concluded from (JSON text)
with unread_tables as (
    select * from fct_unread_tables
),

unknown_names as (
    select * from int_unknown_names
),

question_tables as (
    select * from reference.question_tables
),

int_question_gaps as (
    select policy_id, 'not_visible' as status, table_name as subject_id, 'source' as subject_type, reason, read_on as as_of_date, evidence
    from unread_tables
    union all
    select questions.policy_id, 'not_found', min(names.name), 'name', string_agg(names.reason, '; ' order by names.param), null, min(names.evidence)
    from (select distinct policy_id from question_tables) as questions
    cross join unknown_names as names
    group by questions.policy_id, names.name
)

select * from int_question_gaps
