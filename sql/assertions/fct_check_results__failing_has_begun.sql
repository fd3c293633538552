-- severity: fail
-- title: a check that fails since no date or a later one, or one that does not fail and does so since some date
-- remedy: the spells of fct_check_results are about the dates up to its own, and about fails alone
with results as (
    select * from fct_check_results
)

select date, check_id, subject_id, status, answer, first_failed_on, days_failing
from results
where (
    answer = 'fail'
    and (first_failed_on is null or first_failed_on > date or days_failing is distinct from date_diff('day', first_failed_on, date))
)
or (answer is distinct from 'fail' and (first_failed_on is not null or days_failing is not null))
