-- One row per service and team that anything names as its owner, with the best rule that says so and whether it answers for the service.
-- The team that answers for a service is the one that the best rule names, if it names one. What owns its repository speaks for a service that is the whole
-- of it: CODEOWNERS before the custom property, and the right to write where neither names anybody. Of one in a folder CODEOWNERS of that folder speaks, and
-- what is said of the whole repository only where that says nothing.
-- grain: service, team
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service           the service
--   team              the team, in lower case with hyphens
--   rule              best rule that says so: descriptor (owner in the catalog), definition (team in Datadog), codeowners (a team that owns its folder or
--                     repository) or repository (custom property of the repository, or the right to write), by reference/link_rules.csv
--   rule_rank         its place in the order of trust, from 1
--   confidence        how far it is trusted [0 to 1]
--   said_by           all that say so, the best first
--   candidates        teams that the best rule names, when it names several or others; empty for the team that answers
--   is_accountable    answers for the service: no other team is said by as good a rule or a better one
with partners as (
    select * from fct_service_partners where target_type = 'team'
),

service_repositories as (
    select * from int_service_repositories
),

repositories as (
    select * from dim_repositories
),

repository_owners as (
    select * from fct_repository_owners
),

folders as (
    select * from int_codeowners_folders
),

github_teams as (
    select * from int_github_teams
),

team_names as (
    select * from int_team_names
),

no_owner_names as (
    select * from reference.no_owner_names
),

link_rules as (
    select * from reference.link_rules
),

-- The owners of the day of the repository's attributes.
find_repository_owners as (
    select
        lives.service,
        lives.repository_id,
        lives.full_name,
        lives.path,
        lower(repositories.organization) as organization,
        owners.date,
        owners.owner_rule,
        owners.owner_team,
        owners.property_team,
        owners.codeowners_teams,
        owners.codeowners_path
    from service_repositories as lives
    inner join repositories
        on lives.repository_id = repositories.repository_id
    inner join repository_owners as owners
        on repositories.repository_id = owners.repository_id
        and repositories.last_seen_on = owners.date
),

-- The last line that is about a folder counts.
rank_lines as (
    select
        owners.service,
        owners.organization,
        owners.codeowners_path,
        folders.line_number,
        folders.teams,
        folders.is_unknown,
        row_number() over (partition by owners.service, owners.repository_id order by folders.line_number desc) as line_rank
    from find_repository_owners as owners
    inner join folders
        on owners.repository_id = folders.repository_id
        and owners.date = folders.snapshot_date
        and regexp_full_match(owners.path, folders.regex)
    where owners.path is not null
),

list_slugs as (
    select
        lines.service,
        lines.organization,
        named.slug,
        'codeowners' as rule,
        lines.codeowners_path || ': ' || cast(lines.line_number as varchar) as said_by
    from rank_lines as lines
    cross join unnest(lines.teams) as named (slug)
    where lines.line_rank = 1
    union all
    select owners.service, owners.organization, named.slug, 'codeowners' as rule, owners.codeowners_path as said_by
    from find_repository_owners as owners
    cross join unnest(owners.codeowners_teams) as named (slug)
    where owners.path is null
    union all
    select service, organization, owner_team as slug, 'repository' as rule, full_name || ': ' || owner_rule as said_by
    from find_repository_owners
    where owner_rule in ('admin_team', 'write_access') and owner_team is not null
),

name_slugs as (
    select
        slugs.service,
        coalesce(teams.team, replace(replace(lower(slugs.slug), '_', '-'), ' ', '-')) as team,
        slugs.rule,
        slugs.said_by
    from list_slugs as slugs
    left join github_teams as teams
        on slugs.organization || '/' || lower(slugs.slug) = teams.full_slug
),

name_properties as (
    select
        service,
        replace(replace(lower(trim(property_team)), '_', '-'), ' ', '-') as team,
        'repository' as rule,
        full_name || ': property' as said_by
    from find_repository_owners
    where property_team is not null
),

combine_repositories as (
    select * from name_slugs
    union all
    select * from name_properties
),

-- What a repository says of itself as a whole is heard of a folder only where CODEOWNERS says nothing of that, and is known to.
hear_repositories as (
    select said.*
    from combine_repositories as said
    left join rank_lines as lines
        on said.service = lines.service
        and lines.line_rank = 1
        and (len(lines.teams) > 0 or lines.is_unknown)
    where said.rule = 'codeowners' or lines.service is null
),

combine_claims as (
    select service, target_id as team, rule, order_in_rule, said_by from partners
    union all
    select said.service, said.team, said.rule, 1 as order_in_rule, [said.said_by] as said_by
    from hear_repositories as said
    left join no_owner_names
        on said.team = no_owner_names.name
    where no_owner_names.name is null and said.team not like '%@%'
),

-- A team may be called by its slug at GitHub.
name_claims as (
    select claims.service, coalesce(names.team, claims.team) as team, claims.rule, claims.order_in_rule, claims.said_by
    from combine_claims as claims
    left join team_names as names
        on claims.team = names.name
),

rank_claims as (
    select
        claims.service,
        claims.team,
        claims.rule,
        claims.said_by,
        rules.rank as rule_rank,
        rules.confidence,
        row_number() over (partition by claims.service, claims.team order by rules.rank, claims.order_in_rule, claims.said_by) as claim_rank,
        rank() over (partition by claims.service order by rules.rank, claims.order_in_rule) as service_rank
    from name_claims as claims
    inner join link_rules as rules
        on claims.rule = rules.rule
),

list_best as (
    select service, array_agg(distinct team order by team) as teams
    from rank_claims
    where service_rank = 1
    group by service
),

list_speakers as (
    select service, team, flatten(array_agg(said_by order by claim_rank)) as said_by
    from rank_claims
    group by service, team
),

fct_service_owners as (
    select
        claims.service,
        claims.team,
        claims.rule,
        claims.rule_rank,
        claims.confidence,
        speakers.said_by,
        case when best.teams = [claims.team] then cast([] as varchar[]) else best.teams end as candidates,
        best.teams = [claims.team] as is_accountable
    from rank_claims as claims
    inner join list_best as best
        on claims.service = best.service
    inner join list_speakers as speakers
        on claims.service = speakers.service
        and claims.team = speakers.team
    where claims.claim_rank = 1
)

select * from fct_service_owners
