-- title: The most expensive services
-- question: Which services cost most in the four weeks up to the newest day that was seen whole, and how does that change?
-- owner: platform
-- sources: opencost.allocations
-- params:
--   team       owning team
--   service    service
-- columns:
--   status                     counted, rest (services that are not listed) or not_visible, or not_found for a name that nothing is known by
--   subject_id                 service; __no_service__ for pods of none, __idle__, __unmounted__ and __shared__ for what is no pod; (other services);
--                              or what was not read to the end
--   owner_team                 team that owns most of it on its last day, or else its service today; null when nothing tells, and for what no service has
--   cost_usd                   what it cost, idle and shared cost apart [USD]
--   distributed_cost_usd       what it cost with its share of idle and shared cost; 0 for idle and shared cost that was given to services [USD]
--   cost_share                 cost_usd of what all clusters cost [0 to 1]
--   idle_share                 of distributed_cost_usd, share of idle cost [0 to 1]
--   unowned_share              of cost_usd, what no team owns [0 to 1]
--   weekly_change              what an hour cost in the last 7 days against the 7 days before them, less 1; null when too little of any of these was
--                              seen [-1 and up]
--   cost_per_deployment_usd    distributed_cost_usd per successful deployment to production; null without any, and when not known [USD]
--   cost_per_incident_usd      distributed_cost_usd per incident; null without any, and when not known [USD]
--   n_services                 services in the row [services]
--   n_days                     days on which it cost anything [days]
--   completeness               hours seen of all hours of its clusters on these days; null when not known [0 to 1]
--   reason                     why it has this status
--   as_of_date                 last of these days; for a table, the date that it was last asked for
--   subject_type               service, services, cluster, or source for a table whose gaps hide cost, or name for one that nothing is known by
--   policy_id                  name of this question
--   policy_version             version of its rules
--   evidence                   what was concluded from (JSON text)
--   source_completeness        complete, partial (hours of its days are missing) or none

-- The dearest services are listed, as many as reference/thresholds.csv says; all rows together are what the clusters cost, as far as it was seen.
with coverage as (
    select max(date) as as_of_date from fct_cost_coverage where is_newest_day
),

costs as (
    select * from fct_service_costs
),

services as (
    select lower(service) as service, min(team) as team from dim_services group by lower(service)
),

gaps as (
    select * from fct_cost_gaps where policy_id = 'most-expensive-services'
),

thresholds as (
    select
        max(case name when 'cost_month' then value end) as month_days,
        max(case name when 'rows_shown' then value end) as rows_shown,
        max(case name when 'comparable_completeness' then value end) as minimum_completeness
    from reference.thresholds
),

list_days as (
    select costs.*, coverage.as_of_date, date_diff('day', costs.date, coverage.as_of_date) as days_before
    from costs
    cross join coverage
    cross join thresholds
    where date_diff('day', costs.date, coverage.as_of_date) between 0 and thresholds.month_days - 1
),

sum_services as (
    select
        service,
        max(as_of_date) as as_of_date,
        max(date) as last_day,
        sum(cost_usd) as cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd,
        sum(distributed_cost_usd * idle_share) as idle_cost_usd,
        sum(cost_usd * unowned_share) as unowned_cost_usd,
        count(*) as n_days,
        sum(covered_hours) as covered_hours,
        sum(24 * clusters) as all_hours,
        avg(case when days_before < 7 and completeness >= minimum_completeness then hourly_cost_usd end) as hourly_this_week,
        avg(case when days_before between 7 and 13 and completeness >= minimum_completeness then hourly_cost_usd end) as hourly_last_week,
        count(case when days_before < 7 and completeness >= minimum_completeness then 1 end) as n_this_week,
        count(case when days_before between 7 and 13 and completeness >= minimum_completeness then 1 end) as n_last_week
    from list_days
    cross join thresholds
    group by service
),

share_services as (
    select
        services.*,
        coalesce(last_day.team, owners.team) as team,
        last_day.n_deployments_28d,
        last_day.cost_per_deployment_usd,
        last_day.n_incidents_28d,
        last_day.cost_per_incident_usd,
        services.cost_usd / nullif(sum(services.cost_usd) over (), 0) as cost_share
    from sum_services as services
    inner join list_days as last_day
        on services.service = last_day.service
        and services.last_day = last_day.date
    left join services as owners
        on lower(services.service) = owners.service
),

-- A share is one of all cost, whoever is asked about.
select_services as (
    select *, row_number() over (order by distributed_cost_usd desc nulls last, cost_usd desc nulls last, service) as service_rank
    from share_services
    where (getvariable('team') is null or lower(team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
),

answer_services as (
    select
        'counted' as status,
        service as subject_id,
        team as owner_team,
        cost_usd,
        distributed_cost_usd,
        cost_share,
        idle_cost_usd / nullif(distributed_cost_usd, 0) as idle_share,
        unowned_cost_usd / nullif(cost_usd, 0) as unowned_share,
        case when n_this_week = 7 and n_last_week = 7 then hourly_this_week / nullif(hourly_last_week, 0) - 1 end as weekly_change,
        cost_per_deployment_usd,
        cost_per_incident_usd,
        1 as n_services,
        n_days,
        covered_hours / nullif(all_hours, 0) as completeness,
        case when service like '\_\_%' escape '\' then 'cost that no service has' else 'one of the dearest' end as reason,
        as_of_date,
        'service' as subject_type,
        cast(json_object('last_day', cast(last_day as varchar), 'deployments', n_deployments_28d, 'incidents', n_incidents_28d) as varchar) as evidence,
        case when covered_hours = all_hours then 'complete' else 'partial' end as source_completeness
    from select_services
    cross join thresholds
    where service_rank <= thresholds.rows_shown or service like '\_\_%' escape '\'
),

answer_rest as (
    select
        'rest' as status,
        '(other services)' as subject_id,
        sum(cost_usd) as cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd,
        sum(cost_share) as cost_share,
        sum(idle_cost_usd) / nullif(sum(distributed_cost_usd), 0) as idle_share,
        sum(unowned_cost_usd) / nullif(sum(cost_usd), 0) as unowned_share,
        count(*) as n_services,
        max(n_days) as n_days,
        sum(covered_hours) / nullif(sum(all_hours), 0) as completeness,
        'each costs less than those that are listed' as reason,
        max(as_of_date) as as_of_date,
        'services' as subject_type,
        cast(json_object('services', count(*)) as varchar) as evidence,
        case when sum(covered_hours) = sum(all_hours) then 'complete' else 'partial' end as source_completeness
    from select_services
    cross join thresholds
    where service_rank > thresholds.rows_shown and service not like '\_\_%' escape '\'
    having count(*) > 0
),

combine_answers as (
    select * from answer_services
    union all
    select
        status, subject_id, null, cost_usd, distributed_cost_usd, cost_share, idle_share, unowned_share, null, null, null, n_services, n_days, completeness,
        reason, as_of_date, subject_type, evidence, source_completeness
    from answer_rest
    union all
    select
        'not_visible', subject_id, null, null, null, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, source_completeness
    from gaps
    union all
    select
        'not_found', asked.name, null, null, null, null, null, null, null, null, null, null, null, null,
        'no cost of a service of this name was seen', null, 'name', '{}', 'none'
    from (select cast(getvariable('service') as varchar) as name) as asked
    where asked.name is not null and not exists (select 1 from costs as known where lower(known.service) = lower(asked.name))
),

most_expensive_services as (
    select
        status,
        subject_id,
        owner_team,
        cost_usd,
        distributed_cost_usd,
        cost_share,
        idle_share,
        unowned_share,
        weekly_change,
        cost_per_deployment_usd,
        cost_per_incident_usd,
        n_services,
        n_days,
        completeness,
        reason,
        as_of_date,
        subject_type,
        'most-expensive-services' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from most_expensive_services
order by
    case status when 'counted' then 1 when 'rest' then 2 else 3 end,
    distributed_cost_usd desc nulls last,
    cost_usd desc nulls last,
    subject_type,
    subject_id
