-- severity: fail
-- title: rows that count fewer people than the minimum
-- remedy: restore the rule in fct_platform_requests: fewer people than the minimum are null
with requests as (
    select * from fct_platform_requests
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
)

select requests.project, requests.period_type, requests.period_start, requests.kind, requests.n_reporters
from requests
cross join minimum_samples
where requests.n_reporters < minimum_samples.minimum
