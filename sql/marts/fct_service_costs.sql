-- One row per service and day, with what it cost in both views, how that changed, and what it cost per deployment and incident.
-- What no service has is __no_service__; idle, unmounted and shared cost stand in rows of their own, __idle__, __unmounted__ and __shared__, so that a day's
-- rows add up to what the clusters cost. Services and teams are those of the day; where the catalog was not read that day, as dim_services has them.
-- Days are compared by what an hour cost that was seen, and not at all when too little of one of them was.
-- grain: date, service
-- kind: full
-- owner: platform
-- freshness: 50h
-- columns:
--   date                            day that it is about, UTC
--   service                         service, or __no_service__, __idle__, __unmounted__ or __shared__
--   team                            team that owns most of its cost that day; null when nobody does, and for what no service has
--   kind                            workload, idle, unmounted or shared
--   clusters                        clusters that it ran in, that day or in the days around it [clusters]
--   covered_hours                   hours of these clusters that were seen; null when not known [hours]
--   completeness                    covered_hours of all their hours; null when not known [0 to 1]
--   pods                            pods that ran, once for each node that they ran on [pods]
--   cost_usd                        what it cost, idle and shared cost apart [USD]
--   distributed_cost_usd            what it cost with its share of idle and shared cost; 0 for idle and shared cost that was given to workloads [USD]
--   cost_share                      cost_usd of what all clusters cost that day [0 to 1]
--   idle_share                      of distributed_cost_usd, share of idle cost [0 to 1]
--   unowned_share                   of cost_usd, what no team owns [0 to 1]
--   hourly_cost_usd                 what an hour cost that was seen, over its clusters; null when none was [USD per hour]
--   weekly_change                   hourly_cost_usd against the same weekday a week before, less 1; null without that day, and when too little of one of both was
--                                   seen (comparable_completeness in reference/thresholds.csv) [-1 and up]
--   amd64_cost_usd                  of cost_usd, on nodes that are amd64 [USD]
--   arm64_cost_usd                  of cost_usd, on nodes that are arm64 [USD]
--   amd64_usd_per_core_hour         cost of CPU per core-hour allocated, on amd64; null without any, as the next [USD per core-hour]
--   arm64_usd_per_core_hour         likewise, on arm64 [USD per core-hour]
--   amd64_usd_per_used_core_hour    cost of CPU per core-hour used, on amd64; null when no use is known, as the next [USD per core-hour]
--   arm64_usd_per_used_core_hour    likewise, on arm64 [USD per core-hour]
--   n_days_28d                      of the 28 days up to this one, those on which it cost anything: the next columns are about these [days]
--   cost_28d_usd                    what it cost on these, idle and shared cost distributed [USD]
--   n_deployments_28d               successful deployments to production on these that count for it; null when deployments were never read, or its
--                                   repository is not known [deployments]
--   cost_per_deployment_usd         cost_28d_usd per deployment; null without any [USD]
--   n_incidents_28d                 incidents opened on these that name it; null when incidents were never read to the end [incidents]
--   cost_per_incident_usd           cost_28d_usd per incident; null without any [USD]
with parts as (
    select * from fct_service_cost_parts
),

clusters as (
    select date, cluster, covered_hours from fct_cost_coverage
),

services as (
    select service, datadog_service, team from dim_services
),

homes as (
    select distinct service from int_service_repositories
),

catalog_days as (
    select distinct snapshot_date from stg_catalog__services
),

deployments as (
    select * from fct_deployments where is_successful and environment_tier = 'production'
),

incidents as (
    select * from int_service_incidents
),

incident_sources as (
    select * from int_incident_sources
),

reads as (
    select * from fct_table_reads
),

thresholds as (
    select value as minimum_completeness from reference.thresholds where name = 'comparable_completeness'
),

-- A name that fits two services stands for neither.
name_services as (
    select normalised_name, min(service) as service
    from (
        select service, regexp_replace(lower(service), '[^a-z0-9]+', '-', 'g') as normalised_name from services
        union
        select service, regexp_replace(lower(datadog_service), '[^a-z0-9]+', '-', 'g') as normalised_name from services
    ) as names
    where normalised_name is not null
    group by normalised_name
    having count(*) = 1
),

-- Of a day on which the catalog was not read labels alone told: what they meant, and who owns that, is what is known now.
service_parts as (
    select
        parts.date,
        coalesce(names.service, parts.service) as service,
        case when parts.team = '__no_team__' and catalog_days.snapshot_date is null then coalesce(owners.team, parts.team) else parts.team end as team,
        parts.cluster,
        parts.architecture,
        parts.kind,
        parts.pods,
        parts.cost_usd,
        parts.distributed_idle_usd,
        parts.distributed_cost_usd,
        parts.cpu_cost_usd,
        parts.cpu_core_hours,
        parts.cpu_usage_core_hours,
        parts.measured_cpu_cost_usd
    from parts
    left join catalog_days
        on parts.date = catalog_days.snapshot_date
    left join name_services as names
        on catalog_days.snapshot_date is null
        and parts.kind = 'workload'
        and regexp_replace(lower(parts.service), '[^a-z0-9]+', '-', 'g') = names.normalised_name
    left join services as owners
        on coalesce(names.service, parts.service) = owners.service
),

sum_teams as (
    select date, service, team, sum(cost_usd) as cost_usd
    from service_parts
    where service not like '\_\_%' escape '\'
    group by date, service, team
),

rank_teams as (
    select *, row_number() over (partition by date, service order by cost_usd desc nulls last, team = '__no_team__', team) as team_rank
    from sum_teams
),

sum_services as (
    select
        date,
        service,
        min(kind) as kind,
        sum(pods) as pods,
        sum(cost_usd) as cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd,
        sum(distributed_idle_usd) as distributed_idle_usd,
        sum(case when team = '__no_team__' then cost_usd else 0 end) as unowned_cost_usd,
        sum(case when architecture = 'amd64' then cost_usd else 0 end) as amd64_cost_usd,
        sum(case when architecture = 'arm64' then cost_usd else 0 end) as arm64_cost_usd,
        sum(case when architecture = 'amd64' then cpu_cost_usd end)
        / nullif(sum(case when architecture = 'amd64' then cpu_core_hours end), 0) as amd64_usd_per_core_hour,
        sum(case when architecture = 'arm64' then cpu_cost_usd end)
        / nullif(sum(case when architecture = 'arm64' then cpu_core_hours end), 0) as arm64_usd_per_core_hour,
        sum(case when architecture = 'amd64' then measured_cpu_cost_usd end)
        / nullif(sum(case when architecture = 'amd64' then cpu_usage_core_hours end), 0) as amd64_usd_per_used_core_hour,
        sum(case when architecture = 'arm64' then measured_cpu_cost_usd end)
        / nullif(sum(case when architecture = 'arm64' then cpu_usage_core_hours end), 0) as arm64_usd_per_used_core_hour
    from service_parts
    group by date, service
),

sum_days as (
    select date, sum(cost_usd) as cost_usd
    from service_parts
    group by date
),

-- A cluster that could not be read on a day is still one that the service runs in, if it did within a week of it.
span_clusters as (
    select service, cluster, min(date) as first_on, max(date) as last_on
    from service_parts
    group by service, cluster
),

sum_clusters as (
    select date, service, cluster, sum(cost_usd) as cost_usd
    from service_parts
    group by date, service, cluster
),

-- A cluster that was seen and has no cost of the service cost it nothing.
measure_hours as (
    select
        services.date,
        services.service,
        count(*) as clusters,
        case when count(case when clusters.cluster is not null and clusters.covered_hours is null then 1 end) = 0
            then sum(coalesce(clusters.covered_hours, 0))
        end as covered_hours,
        sum(costs.cost_usd / nullif(clusters.covered_hours, 0)) as hourly_cost_usd
    from sum_services as services
    inner join span_clusters as spans
        on services.service = spans.service
        and services.date >= spans.first_on
        and services.date <= spans.last_on + 7
    left join clusters
        on services.date = clusters.date
        and spans.cluster = clusters.cluster
    left join sum_clusters as costs
        on services.date = costs.date
        and services.service = costs.service
        and spans.cluster = costs.cluster
    group by services.date, services.service
),

count_deployments as (
    select service, finished_on as date, count(*) as n_deployments
    from deployments
    group by service, finished_on
),

count_incidents as (
    select service, opened_on as date, count(*) as n_incidents
    from incidents
    group by service, opened_on
),

judge_reads as (
    select
        count(case when source = 'github' and table_name = 'deployments' then 1 end) > 0 as has_deployments,
        exists (select 1 from incident_sources where is_ever_complete) as has_incidents
    from reads
),

combine_days as (
    select
        days.*,
        hours.clusters,
        hours.covered_hours,
        hours.covered_hours / (24 * hours.clusters) as completeness,
        hours.hourly_cost_usd,
        case when judge_reads.has_deployments and homes.service is not null then coalesce(deployed.n_deployments, 0) end as n_deployments,
        case when judge_reads.has_incidents and days.service not like '\_\_%' escape '\' then coalesce(opened.n_incidents, 0) end as n_incidents
    from sum_services as days
    inner join measure_hours as hours
        on days.date = hours.date
        and days.service = hours.service
    cross join judge_reads
    left join homes
        on days.service = homes.service
    left join count_deployments as deployed
        on days.date = deployed.date
        and days.service = deployed.service
    left join count_incidents as opened
        on days.date = opened.date
        and days.service = opened.service
),

sum_weeks as (
    select
        *,
        count(*) over last_28 as n_days_28d,
        sum(distributed_cost_usd) over last_28 as cost_28d_usd,
        sum(n_deployments) over last_28 as n_deployments_28d,
        sum(n_incidents) over last_28 as n_incidents_28d
    from combine_days
    window last_28 as (partition by service order by date range between interval 27 day preceding and current row)
),

fct_service_costs as (
    select
        days.date,
        days.service,
        nullif(teams.team, '__no_team__') as team,
        days.kind,
        days.clusters,
        days.covered_hours,
        days.completeness,
        days.pods,
        days.cost_usd,
        days.distributed_cost_usd,
        days.cost_usd / nullif(totals.cost_usd, 0) as cost_share,
        days.distributed_idle_usd / nullif(days.distributed_cost_usd, 0) as idle_share,
        days.unowned_cost_usd / nullif(days.cost_usd, 0) as unowned_share,
        days.hourly_cost_usd,
        case
            when days.completeness >= thresholds.minimum_completeness and before.completeness >= thresholds.minimum_completeness
                then days.hourly_cost_usd / nullif(before.hourly_cost_usd, 0) - 1
        end as weekly_change,
        days.amd64_cost_usd,
        days.arm64_cost_usd,
        days.amd64_usd_per_core_hour,
        days.arm64_usd_per_core_hour,
        days.amd64_usd_per_used_core_hour,
        days.arm64_usd_per_used_core_hour,
        days.n_days_28d,
        days.cost_28d_usd,
        days.n_deployments_28d,
        days.cost_28d_usd / nullif(days.n_deployments_28d, 0) as cost_per_deployment_usd,
        days.n_incidents_28d,
        days.cost_28d_usd / nullif(days.n_incidents_28d, 0) as cost_per_incident_usd
    from sum_weeks as days
    cross join thresholds
    inner join sum_days as totals
        on days.date = totals.date
    left join rank_teams as teams
        on days.date = teams.date
        and days.service = teams.service
        and teams.team_rank = 1
    left join combine_days as before
        on days.service = before.service
        and days.date = before.date + 7
)

select * from fct_service_costs
