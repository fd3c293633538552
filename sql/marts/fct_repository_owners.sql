-- One row per repository and snapshot date, with who owns it, by which rule, and what is wrong with its CODEOWNERS.
-- The custom property team goes before CODEOWNERS, and that before the only team that administers it.
-- grain: date, repository_id
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 26h
-- columns:
--   date                   date of the snapshot
--   repository_id          GitHub's number of the repository
--   organization           login of the owning organisation
--   full_name              organization/name on that date
--   is_archived            archived on that date
--   is_pci_scope           subject to PCI on that date; null when unknown
--   owner_status           owned, unowned or unknown (a rule names no owner and was not read)
--   owner_team             the one team that owns it; null when several or none do
--   owner_rule             property, codeowners, admin_team or write_access (teams may write, none stands out); null without an owner
--   property_team          custom property team; null when not set or not readable
--   codeowners_status      valid, broken (something in it is wrong), none, too_large or unknown
--   codeowners_path        path of the CODEOWNERS file in force; null without one
--   codeowners_findings    what is wrong in it, as line: finding
--   n_owned_lines          lines of it that count and name an owner with nothing wrong [lines]
--   codeowners_teams       teams that own every file by it, with nothing wrong
--   writing_teams          visible teams that may write
--   admin_teams            of these, those that administer it
--   unread_sources         of properties, codeowners and teams, those that could not be read
--   source_completeness    complete, partial or none of the three sources
with repositories as (
    select *
    from stg_github__repositories
    where snapshot_date between getvariable('from') and getvariable('to')
),

properties as (
    select *
    from int_repository_properties_pivoted
    where snapshot_date between getvariable('from') and getvariable('to')
),

owners as (
    select *
    from int_repository_owners
    where snapshot_date between getvariable('from') and getvariable('to')
),

choose_rules as (
    select
        *,
        case
            when property_team is not null then 'property'
            when has_codeowners_owner then 'codeowners'
            when len(admin_teams) = 1 then 'admin_team'
            when len(writing_teams) > 0 then 'write_access'
        end as owner_rule,
        list_concat(
            case when is_properties_read then [] else ['properties'] end,
            list_concat(
                case when codeowners_status = 'unknown' then ['codeowners'] else [] end,
                case when is_teams_read then [] else ['teams'] end
            )
        ) as unread_sources
    from owners
),

fct_repository_owners as (
    select
        repositories.snapshot_date as date,
        repositories.repository_id,
        repositories.organization,
        repositories.full_name,
        repositories.is_archived,
        properties.is_pci_scope,
        case
            when rules.owner_rule is not null then 'owned'
            when len(rules.unread_sources) > 0 then 'unknown'
            else 'unowned'
        end as owner_status,
        case
            when rules.owner_rule = 'property' then rules.property_team
            when rules.owner_rule = 'codeowners' and len(rules.codeowners_teams) = 1 then rules.codeowners_teams[1]
            when rules.owner_rule = 'admin_team' then rules.admin_teams[1]
            when rules.owner_rule = 'write_access' and len(rules.writing_teams) = 1 then rules.writing_teams[1]
        end as owner_team,
        rules.owner_rule,
        rules.property_team,
        rules.codeowners_status,
        rules.codeowners_path,
        rules.codeowners_findings,
        rules.n_owned_lines,
        rules.codeowners_teams,
        rules.writing_teams,
        rules.admin_teams,
        rules.unread_sources,
        case len(rules.unread_sources) when 0 then 'complete' when 3 then 'none' else 'partial' end as source_completeness
    from repositories
    inner join choose_rules as rules
        on repositories.repository_id = rules.repository_id
        and repositories.snapshot_date = rules.snapshot_date
    left join properties
        on repositories.repository_id = properties.repository_id
        and repositories.snapshot_date = properties.snapshot_date
)

select * from fct_repository_owners
