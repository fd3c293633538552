-- severity: fail
-- title: rows whose size falls into no bucket
-- remedy: close the hole between the buckets in reference/pr_size_buckets.csv; the last one has no max_lines
with pull_requests as (
    select * from fct_pull_requests
)

select repository_id, number, size_lines, size_bucket
from pull_requests
where size_bucket is null
