-- One row per incident that counts, with the one deployment to production that it is put down to, if any.
-- Candidates finished successfully in the window before it began (attribution_window in reference/thresholds.csv), the moment of its beginning included
-- and that of the window's left out. One of a service that it is about goes before one of a team that it is about; of several, the latest counts. What
-- reference/incident_deployments.csv says goes before either, without a window; a line there that names no deployment says that none caused it.
-- Maintenance and tests are no incidents, and one event is one incident: those of one source count (int_incident_sources), and of the other only
-- what a line of reference/incident_deployments.csv puts down to a deployment: say it of one of the two, or the event counts twice. Apache DevLake puts an
-- incident down to the last deployment of the whole project, however long ago.
-- grain: source, incident_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   source                pagerduty or datadog
--   incident_id           id of the incident there
--   started_at            when it began: when customers felt it, where the source says so, UTC
--   resolved_at           when it was last resolved, UTC; null while it is open, and when not told
--   services              services of dim_services that it is about
--   teams                 teams that it is about
--   rule                  explicit, same_service, same_team or none, by reference/attribution_rules.csv
--   confidence            how far that is to be trusted; null without a deployment [0 to 1]
--   repository_id         GitHub's number of the repository of the deployment; null without one
--   deployment_id         GitHub's number of the deployment; null without one
--   failed_services       services that the deployment failed for: of those that it counts for, the ones that the rule found
--   hours_after           finished_at of the deployment to started_at; negative only where a user said so [hours]
--   is_override_unknown   reference/incident_deployments.csv names a deployment that is no successful one to production
with incidents as (
    select * from fct_incidents where kind = 'incident'
),

sources as (
    select * from int_incident_sources where is_counted
),

deployments as (
    select * from int_service_deployments where finished_at is not null and environment_tier = 'production'
),

incident_deployments as (
    select * from reference.incident_deployments
),

attribution_rules as (
    select * from reference.attribution_rules
),

thresholds as (
    select value as window_hours from reference.thresholds where name = 'attribution_window'
),

read_overrides as (
    select
        lower(trim(incident_source)) as source,
        trim(incident_id) as incident_id,
        lower(nullif(trim(repository), '')) as repository,
        nullif(trim(deployment_id), '') as deployment_id,
        lower(nullif(trim(commit_sha), '')) as commit_sha
    from incident_deployments
),

-- Of several lines about an incident one that names a deployment counts, and of these the first by what they name.
rank_overrides as (
    select
        *,
        row_number() over (
            partition by source, incident_id
            order by deployment_id nulls last, commit_sha nulls last, repository nulls last
        ) as override_rank
    from read_overrides
),

choose_overrides as (
    select * from rank_overrides where override_rank = 1
),

choose_incidents as (
    select incidents.*
    from incidents
    left join sources
        on incidents.source = sources.source
    left join choose_overrides as overrides
        on incidents.source = overrides.source
        and incidents.incident_id = overrides.incident_id
    where sources.source is not null or overrides.deployment_id is not null or overrides.commit_sha is not null
),

match_overrides as (
    select
        incidents.source,
        incidents.incident_id,
        deployments.service,
        deployments.repository_id,
        deployments.deployment_id,
        deployments.finished_at,
        overrides.deployment_id is not null or overrides.commit_sha is not null as names_one
    from choose_overrides as overrides
    inner join choose_incidents as incidents
        on overrides.source = incidents.source
        and overrides.incident_id = incidents.incident_id
    left join deployments
        on (overrides.repository is null or overrides.repository = lower(deployments.full_name))
        and (overrides.deployment_id is null or overrides.deployment_id = cast(deployments.deployment_id as varchar))
        and (overrides.commit_sha is null or overrides.commit_sha = lower(deployments.commit_sha))
        and (overrides.deployment_id is not null or overrides.commit_sha is not null)
),

match_services as (
    select
        incidents.source,
        incidents.incident_id,
        'same_service' as rule,
        deployments.service,
        deployments.repository_id,
        deployments.deployment_id,
        deployments.finished_at
    from choose_incidents as incidents
    cross join thresholds
    cross join unnest(incidents.services) as affected (service)
    inner join deployments
        on affected.service = deployments.service
        and deployments.finished_at <= incidents.opened_at
        and deployments.finished_at > incidents.opened_at - to_seconds(cast(thresholds.window_hours * 3600 as bigint))
),

match_teams as (
    select
        incidents.source,
        incidents.incident_id,
        'same_team' as rule,
        deployments.service,
        deployments.repository_id,
        deployments.deployment_id,
        deployments.finished_at
    from choose_incidents as incidents
    cross join thresholds
    cross join unnest(incidents.teams) as affected (team)
    inner join deployments
        on affected.team = deployments.team
        and deployments.finished_at <= incidents.opened_at
        and deployments.finished_at > incidents.opened_at - to_seconds(cast(thresholds.window_hours * 3600 as bigint))
),

combine_matches as (
    select source, incident_id, 'explicit' as rule, service, repository_id, deployment_id, finished_at from match_overrides
    union all
    select * from match_services
    union all
    select * from match_teams
),

-- One deployment of a commit goes before a later one of the same that a user did not mean.
rank_matches as (
    select
        matches.*,
        rank() over (
            partition by matches.source, matches.incident_id
            order by
                rules.rank,
                case when matches.rule <> 'explicit' then matches.finished_at end desc nulls last,
                matches.finished_at,
                matches.deployment_id desc,
                matches.repository_id desc
        ) as match_rank
    from combine_matches as matches
    inner join attribution_rules as rules
        on matches.rule = rules.rule
),

choose_deployments as (
    select
        source,
        incident_id,
        min(rule) as rule,
        min(repository_id) as repository_id,
        min(deployment_id) as deployment_id,
        min(finished_at) as finished_at,
        coalesce(array_agg(distinct service order by service) filter (where service is not null), []) as services
    from rank_matches
    where match_rank = 1
    group by source, incident_id
),

judge_overrides as (
    select source, incident_id, max(case when names_one and deployment_id is null then 1 else 0 end) = 1 as is_unknown
    from match_overrides
    group by source, incident_id
),

int_incident_attribution as (
    select
        incidents.source,
        incidents.incident_id,
        incidents.opened_at as started_at,
        incidents.resolved_at,
        incidents.services,
        incidents.teams,
        coalesce(chosen.rule, 'none') as rule,
        case when chosen.deployment_id is not null then rules.confidence end as confidence,
        chosen.repository_id,
        chosen.deployment_id,
        case
            when chosen.rule = 'explicit' and len(list_intersect(chosen.services, incidents.services)) > 0
                then list_sort(list_intersect(chosen.services, incidents.services))
            else coalesce(chosen.services, [])
        end as failed_services,
        date_diff('second', chosen.finished_at, incidents.opened_at) / 3600.0 as hours_after,
        coalesce(overrides.is_unknown, false) as is_override_unknown
    from choose_incidents as incidents
    left join choose_deployments as chosen
        on incidents.source = chosen.source
        and incidents.incident_id = chosen.incident_id
    left join attribution_rules as rules
        on coalesce(chosen.rule, 'none') = rules.rule
    left join judge_overrides as overrides
        on incidents.source = overrides.source
        and incidents.incident_id = overrides.incident_id
)

select * from int_incident_attribution
