-- One row per service definition as Datadog last told it, but for those known to be gone.
-- grain: name
-- kind: view
-- owner: platform
-- columns:
--   name                    the name under which Datadog knows the service, in lower case
--   kind                    service, datastore, queue, …
--   team                    owning team; null without one
--   tier                    its tier
--   lifecycle               its lifecycle
--   pci_scope               what its tag says of PCI, in lower case; null without one
--   repositories            organization/name of the repositories that it names, each once
--   pagerduty_service_id    its service at PagerDuty; null without one
--   slack_channel           address of its Slack channel
--   is_present              defined when definitions were last read; null when that read failed or broke off, or is outdated
--   last_seen_on            date of the snapshot that the row stands in
with definitions as (
    select * from stg_datadog__service_definitions
),

reads as (
    select * from int_table_reads where source = 'datadog' and table_name = 'service_definitions'
),

rank_snapshots as (
    select
        *,
        row_number() over (partition by lower(service) order by snapshot_date desc, service) as snapshot_rank
    from definitions
),

list_repositories as (
    select
        newest.service,
        regexp_extract(regexp_replace(urls.url, '[.]git$', ''), 'github[^/:]*[/:]([^/]+/[^/?#]+)', 1) as repository
    from rank_snapshots as newest
    cross join unnest(newest.repository_urls) as urls (url)
    where newest.snapshot_rank = 1
),

-- One that is spelled in two ways is one.
spell_repositories as (
    select service, min(repository) as repository
    from list_repositories
    where repository <> ''
    group by service, lower(repository)
),

combine_repositories as (
    select service, array_agg(repository order by repository) as repositories
    from spell_repositories
    group by service
),

int_service_definitions as (
    select
        lower(newest.service) as name,
        newest.kind,
        newest.team,
        newest.tier,
        newest.lifecycle,
        newest.pci_scope,
        coalesce(repositories.repositories, []) as repositories,
        nullif(regexp_extract(newest.pagerduty_url, 'pagerduty[.]com/(?:service-directory|services)/([A-Za-z0-9]+)', 1), '') as pagerduty_service_id,
        newest.slack_channel,
        case when reads.read_on is null and outdated.read_on is null then true end as is_present,
        newest.snapshot_date as last_seen_on
    from rank_snapshots as newest
    left join reads
        on newest.snapshot_date < reads.read_on
    left join reads as outdated
        on outdated.snapshot_on is null
    left join combine_repositories as repositories
        on newest.service = repositories.service
    where newest.snapshot_rank = 1 and coalesce(reads.was_complete, false) = false
)

select * from int_service_definitions
