-- One row per service definition and snapshot date.
-- grain: service, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date       date of the snapshot
--   service             the name under which Datadog knows the service
--   kind                service, or what a definition of schema v3 is about: datastore, queue, …
--   schema_version      v1, v2, v2.1, v2.2 or v3
--   team                owning team, or else tag team, in lower case with hyphens; null without either, and for a name of reference/no_owner_names.csv
--   application         what it is part of
--   tier                its tier, or else tag tier, without the word tier before it; null without either
--   lifecycle           its lifecycle, as written there
--   service_type        web, db, cache, function, …
--   languages           programming languages
--   tags                tags by their key in lower case; several values of a key are joined by commas
--   env                 tag env, in lower case; null without it
--   pci_scope           tag pci-scope, pci_scope or pci, in lower case; null without one
--   contact_kinds       how its people can be reached, each kind once: email, slack, …
--   slack_channel       address of its Slack channel
--   repository_urls     where its code is
--   links               addresses by kind of link: runbook, dashboard, doc, …; several are joined by spaces
--   pagerduty_url       its service at PagerDuty
--   opsgenie_url        its service at Opsgenie
--   warnings            what Datadog finds wrong in it: the place, and the rule
--   ingestion_source    where the definition came from: api, ui, github, …
--   modified_at         when it was last changed, UTC; null when not told
with service_definitions as (
    select * from datadog.service_definitions
),

no_owner_names as (
    select * from reference.no_owner_names
),

read_owners as (
    select *, nullif(replace(replace(lower(trim(coalesce(team, tags['team']))), '_', '-'), ' ', '-'), '') as owner_team
    from service_definitions
),

stg_datadog__service_definitions as (
    select
        date as snapshot_date,
        service,
        kind,
        schema_version,
        case when no_owner_names.name is null then owner_team end as team,
        application,
        nullif(regexp_replace(trim(coalesce(tier, nullif(tags['tier'], ''))), '^tier[ _-]*', '', 'i'), '') as tier,
        lifecycle,
        service_type,
        languages,
        tags,
        nullif(lower(tags['env']), '') as env,
        lower(
            coalesce(
                nullif(tags['pci-scope'], ''),
                nullif(tags['pci_scope'], ''),
                case when tags['pci'] = '' then 'true' else tags['pci'] end
            )
        ) as pci_scope,
        contact_kinds,
        slack_channel,
        repository_urls,
        links,
        pagerduty_url,
        opsgenie_url,
        warnings,
        ingestion_source,
        cast(modified_at as timestamp) as modified_at
    from read_owners as definitions
    left join no_owner_names
        on definitions.owner_team = no_owner_names.name
)

select * from stg_datadog__service_definitions
