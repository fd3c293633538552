-- severity: fail
-- title: a score or a coverage out of its bounds, or one without anything known
-- remedy: in fct_quality_scores what is unknown moves the bounds alone, and what is not applicable or exempt nothing
with scores as (
    select * from fct_quality_scores
)

select date, subject_type, subject_id, area, score_low, score, score_high, coverage, n_pass, n_fail
from scores
where score_low < 0
    or score_high > 100
    or score_low > score_high
    or score < score_low - 1e-9
    or score > score_high + 1e-9
    or coverage not between 0 and 1
    or (score is null) <> (n_pass + n_fail = 0)
    or (coverage is null) <> (n_applicable = 0)
    or (score_low is null) <> (n_applicable = 0)
    or (score_high is null) <> (n_applicable = 0)
    or pass_rate not between 0 and pass_rate_high
    or pass_rate_high > 1
