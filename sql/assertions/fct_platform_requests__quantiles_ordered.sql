-- severity: fail
-- title: rows whose higher quantile is lower, or whose shares leave 0 to 1
-- remedy: look at summarize_requests in fct_platform_requests

-- A quantile between equal values is interpolated, and may miss them in the last digit.
with requests as (
    select * from fct_platform_requests
)

select project, period_type, period_start, kind
from requests
where lead_time_p50_hours > lead_time_p75_hours + 1e-6
    or lead_time_p75_hours > lead_time_p90_hours + 1e-6
    or lead_time_p50_hours < 0
    or share not between 0 and 1
    or reopened_share not between 0 and 1
    or toil_share not between 0 and 1
    or n_done > n
    or n_lead_time > n_done
