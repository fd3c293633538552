-- severity: fail
-- title: a change of a score whose two parts do not add up to it
-- remedy: in fct_quality_scores the part by data ends where the part by rule begins
with scores as (
    select * from fct_quality_scores
)

select date, subject_type, subject_id, area, score, restated_score, score_change, score_change_by_data, score_change_by_rule
from scores
where abs(score_change_by_data + score_change_by_rule - score_change) > 1e-6
    or abs(score + score_change - restated_score) > 1e-6
    or (restated_on is null and restated_score is not null)
