-- severity: fail
-- title: rows whose state and merge time contradict each other
-- remedy: look at the mapping of state and merged_at in collectors/src/github/pull_requests.rs
with pull_requests as (
    select * from fct_pull_requests
)

select repository_id, number, state, merged_at
from pull_requests
where (state = 'merged') is distinct from (merged_at is not null)
