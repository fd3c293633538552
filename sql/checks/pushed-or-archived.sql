-- title: It is worked on, or archived
-- question: Has anybody pushed to the repository within half a year?
-- area: ensure
-- subject: repository
-- weight: low
-- level: bronze
-- applies_to: every repository that is not archived
-- remedy: Archive the repository in Settings when nobody needs it any longer; otherwise raise its dependencies and merge that.
-- owner: platform
-- version: 1

-- The number of days stands in reference/thresholds.csv. A repository never pushed to is counted from its creation, as in stale-repositories.
with measure_idleness as (
    select
        *,
        coalesce(days_since_push, date_diff('day', cast(created_at as date), last_seen_on)) as days_idle
    from dim_repositories
)

select
    repositories.full_name as subject_id,
    case
        when repositories.last_seen_on is distinct from getvariable('to') then 'unknown'
        when repositories.days_idle >= thresholds.value then 'fail'
        when repositories.days_idle < thresholds.value then 'pass'
        else 'unknown'
    end as status,
    case
        when repositories.last_seen_on is distinct from getvariable('to') then 'it was not read on this date'
        when repositories.days_idle >= thresholds.value then 'days without a push: ' || cast(repositories.days_idle as varchar)
        when repositories.days_idle < thresholds.value then 'it was pushed to, or made, not long ago'
        else 'when it was pushed to is not told'
    end as reason,
    cast(json_object('pushed_at', cast(repositories.pushed_at as varchar), 'days_idle', repositories.days_idle) as varchar) as evidence
from measure_idleness as repositories
cross join reference.thresholds as thresholds
where repositories.is_present is distinct from false
    and not repositories.is_archived
    and thresholds.name = 'stale_repository_after'
