-- title: Stale repositories
-- question: Which repositories has nobody pushed to for half a year though they are not archived?
-- owner: platform
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   repository    organization/name
-- columns:
--   as_of_date          date of the newest snapshot that holds the repository
--   full_name           organization/name
--   owner_team          owning team; null when unknown
--   tier                tier of service; null when unknown
--   is_pci_scope        subject to PCI; null when unknown
--   visibility          public, private or internal
--   reason              no push since, or never pushed
--   pushed_at           when a branch was last pushed, UTC; null when never
--   days_idle           last push, or else creation, to as_of_date [days]
--   remediation_url     page where the repository can be archived

-- The number of days stands in reference/thresholds.csv. A repository never pushed to is counted from its creation.
with repositories as (
    select *
    from dim_repositories
    where (getvariable('repository') is null or lower(full_name) = lower(getvariable('repository')))
        and (
            getvariable('team') is null
            or lower(getvariable('team')) in (lower(team), lower(owner_team))
            or (team is null and owner_team is null and owner_status is distinct from 'unowned')
        )
),

thresholds as (
    select value as stale_after_days from reference.thresholds where name = 'stale_repository_after'
),

measure_idleness as (
    select
        *,
        coalesce(days_since_push, date_diff('day', cast(created_at as date), last_seen_on)) as days_idle
    from repositories
),

stale_repositories as (
    select
        repositories.last_seen_on as as_of_date,
        repositories.full_name,
        coalesce(repositories.owner_team, repositories.team) as owner_team,
        repositories.tier,
        repositories.is_pci_scope,
        repositories.visibility,
        case when repositories.pushed_at is null then 'never pushed' else 'no push since' end as reason,
        repositories.pushed_at,
        repositories.days_idle,
        'https://github.com/' || repositories.full_name || '/settings' as remediation_url
    from measure_idleness as repositories
    cross join thresholds
    where repositories.is_present is distinct from false
        and not repositories.is_archived
        and repositories.days_idle >= thresholds.stale_after_days
)

select * from stale_repositories
order by days_idle desc, full_name
