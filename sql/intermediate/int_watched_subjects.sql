-- One row per row of a watched snapshot that is not about a repository, and snapshot date, with what it is called and the team it belongs to.
-- Whom a change concerns is told by the snapshot itself, on its own date: a team that changes hands does not change the past.
-- grain: source, table_name, key, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   source           system that the snapshot is of, such as datadog
--   table_name       table of it, such as monitors
--   key              grain of the row, as stg_almanac__snapshot_changes writes it (JSON object)
--   snapshot_date    date of the snapshot
--   subject_id       what it is called: the service for what describes one, its team for a team, its monitor for a downtime of one, else its name
--   team             the one team that it belongs to, in lower case with hyphens; null when none is named, or several are, or for a name of
--                    reference/no_owner_names.csv
with services as (
    select * from stg_catalog__services
),

systems as (
    select * from stg_catalog__systems
),

groups as (
    select * from stg_catalog__teams
),

definitions as (
    select * from stg_datadog__service_definitions
),

monitors as (
    select * from stg_datadog__monitors
),

downtimes as (
    select * from stg_datadog__downtimes
),

slos as (
    select * from stg_datadog__slos
),

synthetic_tests as (
    select * from stg_datadog__synthetic_tests
),

github_teams as (
    select * from stg_github__teams
),

pagerduty_services as (
    select * from stg_pagerduty__services
),

escalation_policies as (
    select * from stg_pagerduty__escalation_policies
),

no_owner_names as (
    select * from reference.no_owner_names
),

-- At PagerDuty a service belongs to whoever owns the service of the catalog that names it; a policy to whoever owns what calls it.
own_pagerduty_services as (
    select
        pagerduty.snapshot_date,
        pagerduty.service_id,
        pagerduty.name,
        pagerduty.escalation_policy_id,
        case when count(distinct services.team) = 1 then max(services.team) end as team
    from pagerduty_services as pagerduty
    left join services
        on pagerduty.service_id = services.pagerduty_service_id
        and pagerduty.snapshot_date = services.snapshot_date
    group by pagerduty.snapshot_date, pagerduty.service_id, pagerduty.name, pagerduty.escalation_policy_id
),

own_policies as (
    select
        snapshot_date,
        escalation_policy_id,
        case when count(distinct team) = 1 then max(team) end as team
    from own_pagerduty_services
    group by snapshot_date, escalation_policy_id
),

list_subjects as (
    select
        'catalog' as source,
        'services' as table_name,
        '{"entity_ref":' || cast(to_json(entity_ref) as varchar) || '}' as key,
        snapshot_date,
        service as subject_id,
        team
    from services
    union all
    select 'catalog', 'systems', '{"entity_ref":' || cast(to_json(entity_ref) as varchar) || '}', snapshot_date, name, team
    from systems
    union all
    select 'catalog', 'teams', '{"entity_ref":' || cast(to_json(entity_ref) as varchar) || '}', snapshot_date, team, team
    from groups
    union all
    select 'datadog', 'service_definitions', '{"service":' || cast(to_json(service) as varchar) || '}', snapshot_date, service, team
    from definitions
    union all
    select
        'datadog',
        'monitors',
        '{"monitor_id":' || cast(monitor_id as varchar) || '}',
        snapshot_date,
        name,
        case when len(teams) = 1 then teams[1] end
    from monitors
    union all
    select
        'datadog',
        'downtimes',
        '{"downtime_id":' || cast(to_json(downtimes.downtime_id) as varchar) || '}',
        downtimes.snapshot_date,
        monitors.name,
        case when len(monitors.teams) = 1 then monitors.teams[1] end
    from downtimes
    inner join monitors
        on downtimes.monitor_id = monitors.monitor_id
        and downtimes.snapshot_date = monitors.snapshot_date
    union all
    select
        'datadog', 'slos', '{"slo_id":' || cast(to_json(slo_id) as varchar) || '}', snapshot_date, name, case when len(teams) = 1 then teams[1] end
    from slos
    union all
    select
        'datadog',
        'synthetic_tests',
        '{"public_id":' || cast(to_json(public_id) as varchar) || '}',
        snapshot_date,
        name,
        case when len(teams) = 1 then teams[1] end
    from synthetic_tests
    union all
    select
        'github',
        'teams',
        '{"team_id":' || cast(team_id as varchar) || '}',
        snapshot_date,
        organization || '/' || slug,
        replace(replace(lower(slug), '_', '-'), ' ', '-')
    from github_teams
    union all
    select 'pagerduty', 'services', '{"service_id":' || cast(to_json(service_id) as varchar) || '}', snapshot_date, name, team
    from own_pagerduty_services
    union all
    select
        'pagerduty',
        'escalation_policies',
        '{"escalation_policy_id":' || cast(to_json(policies.escalation_policy_id) as varchar)
            || ',"level":' || cast(policies.level as varchar) || ',"target_no":' || cast(policies.target_no as varchar) || '}',
        policies.snapshot_date,
        policies.name,
        owners.team
    from escalation_policies as policies
    left join own_policies as owners
        on policies.escalation_policy_id = owners.escalation_policy_id
        and policies.snapshot_date = owners.snapshot_date
),

int_watched_subjects as (
    select
        subjects.source,
        subjects.table_name,
        subjects.key,
        subjects.snapshot_date,
        subjects.subject_id,
        case when no_owner_names.name is null then subjects.team end as team
    from list_subjects as subjects
    left join no_owner_names
        on subjects.team = no_owner_names.name
)

select * from int_watched_subjects
