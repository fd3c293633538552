-- severity: fail
-- title: rows whose state is not open, closed or merged
-- remedy: GitHub added a state, or the mapping changed; decide what the new state means before it is counted
with pull_requests as (
    select * from fct_pull_requests
)

select repository_id, number, state
from pull_requests
where state is null or state not in ('open', 'closed', 'merged')
