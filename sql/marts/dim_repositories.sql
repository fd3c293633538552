-- One row per repository ever seen, with the attributes of its newest snapshot.
-- grain: repository_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   repository_id                             GitHub's number of the repository, kept through renames
--   organization                              login of the owning organisation
--   name                                      name within the organisation
--   full_name                                 organization/name
--   team                                      owning team (custom property team); null when not set or not readable
--   tier                                      tier of service (custom property tier); null when not set or not readable
--   is_pci_scope                              subject to PCI by custom property pci_scope; null when not set, not readable or in an unknown word
--   visibility                                public, private or internal
--   is_archived                               read-only by decision of its owner
--   is_disabled                               switched off by GitHub
--   is_fork                                   forked from another repository
--   is_template                               meant to be copied
--   is_empty                                  holds no commit
--   default_branch                            name of the default branch; null while empty
--   primary_language                          most used language; null when none is detected
--   license                                   SPDX id of the licence; null when none is detected
--   is_dependabot_alerts_enabled              whether GitHub says that Dependabot alerts are on
--   is_present                                still there when its organisation was last read; null when that read failed or broke off without it
--   first_seen_on                             date of the first snapshot that holds it
--   last_seen_on                              date of the newest snapshot that holds it, to which every attribute belongs
--   created_at                                when it was created, UTC
--   pushed_at                                 when a branch was last pushed, UTC; null when never
--   archived_at                               when it was archived, UTC; null when it is not
--   days_since_push                           pushed_at to last_seen_on; null when never pushed [days]
--   owner_status                              owned, unowned or unknown on last_seen_on; null when not computed for that date
--   owner_team                                the one team that owns it by property, CODEOWNERS or access; null when several or none do
--   owner_rule                                property, codeowners, admin_team or write_access; null without an owner
--   codeowners_status                         valid, broken, none, too_large or unknown
--   is_administered                           our credential administers it, and so sees its protection and security settings
--   is_advanced_security_enabled              GitHub Advanced Security is on; null when we may not know, and for public repositories
--   is_code_security_enabled                  Code Security is on; null when we may not know
--   is_secret_scanning_enabled                secrets are looked for; null when we may not know
--   is_push_protection_enabled                pushes with secrets are stopped; null when we may not know
--   is_dependabot_security_updates_enabled    Dependabot opens pull requests that fix alerts; null when we may not know
--   url                                       its page on the web; null where that was not asked for
with repositories as (
    select * from stg_github__repositories
),

properties as (
    select * from int_repository_properties_pivoted
),

presence as (
    select * from int_repositories
),

owners as (
    select * from fct_repository_owners
),

dim_repositories as (
    select
        newest.repository_id,
        newest.organization,
        newest.name,
        newest.full_name,
        properties.team,
        properties.tier,
        properties.is_pci_scope,
        newest.visibility,
        newest.is_archived,
        newest.is_disabled,
        newest.is_fork,
        newest.is_template,
        newest.is_empty,
        newest.default_branch,
        newest.primary_language,
        newest.license,
        newest.is_dependabot_alerts_enabled,
        presence.is_present,
        presence.first_seen_on,
        presence.last_seen_on,
        newest.created_at,
        newest.pushed_at,
        newest.archived_at,
        date_diff('day', cast(newest.pushed_at as date), newest.snapshot_date) as days_since_push,
        owners.owner_status,
        owners.owner_team,
        owners.owner_rule,
        owners.codeowners_status,
        newest.viewer_can_administer as is_administered,
        newest.is_advanced_security_enabled,
        newest.is_code_security_enabled,
        newest.is_secret_scanning_enabled,
        newest.is_secret_scanning_push_protection_enabled as is_push_protection_enabled,
        newest.is_dependabot_security_updates_enabled,
        newest.url
    from presence
    inner join repositories as newest
        on presence.repository_id = newest.repository_id
        and presence.last_seen_on = newest.snapshot_date
    left join properties
        on newest.repository_id = properties.repository_id
        and newest.snapshot_date = properties.snapshot_date
    left join owners
        on newest.repository_id = owners.repository_id
        and newest.snapshot_date = owners.date
)

select * from dim_repositories
