-- title: How much of PCI scope the Dependabot answer covers
-- question: How many PCI repositories are clear of open Dependabot alerts, and how many repositories have no known PCI scope?
-- owner: platform
-- sources: github.repositories, github.repository_properties, github.dependabot_alerts
-- params:
--   organization    organisation's login
--   team            owning team; a repository whose owner is not known stays, for it may be theirs
-- columns:
--   organization           login of the organisation
--   as_of_date             newest date any of its repositories was seen
--   repositories           repositories present or not known to be gone [repositories]
--   pci_repositories       of these, subject to PCI [repositories]
--   no_open_alerts         PCI repositories read to the end without an open alert [repositories]
--   with_alerts            PCI repositories with an open alert [repositories]
--   alerts_disabled        PCI repositories with alerts switched off [repositories]
--   not_visible            PCI repositories we could not judge [repositories]
--   pci_scope_unknown      repositories whose PCI scope is not set or not readable [repositories]
with repositories as (
    select *
    from dim_repositories
    where is_present is distinct from false
        and (getvariable('organization') is null or lower(organization) = lower(getvariable('organization')))
        and (
            getvariable('team') is null
            or lower(getvariable('team')) in (lower(team), lower(owner_team))
            or (team is null and owner_team is null and owner_status is distinct from 'unowned')
        )
),

visibility as (
    select * from fct_alert_visibility where alert_kind = 'dependabot'
),

judge_repositories as (
    select
        repositories.organization,
        repositories.last_seen_on,
        repositories.is_pci_scope,
        case
            when visibility.alert_status = 'no_open_alerts' and repositories.is_present is null then 'not_visible'
            else coalesce(visibility.alert_status, 'not_visible')
        end as status
    from repositories
    left join visibility
        on repositories.repository_id = visibility.repository_id
        and repositories.last_seen_on = visibility.date
),

pci_alert_coverage as (
    select
        organization,
        max(last_seen_on) as as_of_date,
        count(*) as repositories,
        count(case when is_pci_scope then 1 end) as pci_repositories,
        count(case when is_pci_scope and status = 'no_open_alerts' then 1 end) as no_open_alerts,
        count(case when is_pci_scope and status = 'with_alerts' then 1 end) as with_alerts,
        count(case when is_pci_scope and status = 'alerts_disabled' then 1 end) as alerts_disabled,
        count(case when is_pci_scope and status = 'not_visible' then 1 end) as not_visible,
        count(case when is_pci_scope is null then 1 end) as pci_scope_unknown
    from judge_repositories
    group by organization
)

select * from pci_alert_coverage
order by organization
