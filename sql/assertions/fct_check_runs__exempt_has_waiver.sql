-- severity: fail
-- title: an exempt check without a waiver that holds, or a waiver named where nothing is exempt
-- remedy: in fct_check_runs a waiver holds up to the date it expires, and stands where it made a fail exempt
with runs as (
    select * from fct_check_runs
)

select date, is_restated, check_id, subject_id, status, waiver_id, waiver_expires
from runs
where (status = 'exempt' and (waiver_id is null or waiver_expires is null or waiver_expires < date))
    or (status is distinct from 'exempt' and (waiver_id is not null or waiver_expires is not null))
