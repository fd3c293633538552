-- title: Services that could move to arm64
-- question: Which services run on amd64, what does a core-hour cost them there and on arm64, and what could a move save?
-- owner: platform
-- sources: opencost.allocations, opencost.assets
-- params:
--   team       owning team
--   service    service
-- columns:
--   status                          candidate (all of it on amd64), partly (on both), rest (such services that are not listed), no_saving
--                                   (counted), arm64_already (counted), architecture_unknown or not_visible, or not_found for a name that nothing is known by
--   subject_id                      service; what is counted in one row in parentheses; or what was not read to the end
--   owner_team                      team that owns it; null when nothing tells, and for several
--   amd64_cost_usd                  what its pods cost on amd64, idle and shared cost apart [USD]
--   arm64_cost_usd                  what its pods cost on arm64, likewise [USD]
--   amd64_usd_per_core_hour         what it pays for a core-hour on amd64, spot nodes apart; null without any, and for several [USD per core-hour]
--   arm64_usd_per_core_hour         what a core-hour costs on arm64, spot nodes apart: its own, or else that of all in its clusters, or else of all; null
--                                   without any [USD per core-hour]
--   arm64_price_rule                own, clusters or all, whichever told the price; null without one
--   amd64_usd_per_used_core_hour    what it pays on amd64 for a core-hour that it uses; null when its use is not known [USD per core-hour]
--   arm64_usd_per_used_core_hour    likewise on arm64; null when it is not there [USD per core-hour]
--   saving_usd_month                its CPU on amd64, spot nodes apart, at the price on arm64, if it needs as much: over 365 / 12 days; null without a
--                                   price [USD per month]
--   n_services                      services in the row [services]
--   n_days                          days with cost, of the four weeks that it is about [days]
--   reason                          why it has this status
--   as_of_date                      last of these days; for a table, the date that it was last asked for
--   subject_type                    service, services, cluster, or source for a table whose gaps hide cost, or name for one that nothing is known by
--   policy_id                       name of this question
--   policy_version                  version of its rules
--   evidence                        what was concluded from (JSON text)
--   source_completeness             complete, partial (hours of a cluster's newest day are missing) or none

-- Whether a service can be built for arm64 is not known here. Memory is left out: its price follows the machine type more than the architecture.
-- Prices of a core-hour are compared without spot nodes, which are cheaper for another reason; those of a used core-hour have them.
with coverage as (
    select
        max(date) as as_of_date,
        min(case when is_whole then 1 else 0 end) = 1 as is_whole
    from fct_cost_coverage
    where is_newest_day
),

parts as (
    select * from fct_service_cost_parts where kind = 'workload'
),

gaps as (
    select * from fct_cost_gaps where policy_id = 'arm64-candidates'
),

thresholds as (
    select
        max(case name when 'cost_month' then value end) as month_days,
        max(case name when 'rows_shown' then value end) as rows_shown,
        max(case name when 'hours_a_month' then value end) / 24 as days_a_month
    from reference.thresholds
),

recent_parts as (
    select parts.*, coverage.as_of_date, coverage.is_whole
    from parts
    cross join coverage
    cross join thresholds
    where date_diff('day', parts.date, coverage.as_of_date) between 0 and thresholds.month_days - 1
),

price_clusters as (
    select cluster, sum(on_demand_cpu_cost_usd) / nullif(sum(on_demand_cpu_core_hours), 0) as arm64_usd_per_core_hour
    from recent_parts
    where architecture = 'arm64'
    group by cluster
    having sum(on_demand_cpu_core_hours) > 0
),

price_all as (
    select sum(on_demand_cpu_cost_usd) / nullif(sum(on_demand_cpu_core_hours), 0) as arm64_usd_per_core_hour
    from recent_parts
    where architecture = 'arm64'
),

-- Each cluster has its own price, weighted by what the service allocates there on amd64.
price_services as (
    select
        parts.service,
        sum(prices.arm64_usd_per_core_hour * parts.on_demand_cpu_core_hours) / nullif(sum(parts.on_demand_cpu_core_hours), 0) as arm64_usd_per_core_hour
    from recent_parts as parts
    inner join price_clusters as prices
        on parts.cluster = prices.cluster
    where parts.architecture = 'amd64'
    group by parts.service
),

sum_services as (
    select
        service,
        max(as_of_date) as as_of_date,
        min(case when is_whole then 1 else 0 end) = 1 as is_whole,
        count(distinct date) as n_days,
        min(case when team <> '__no_team__' then team end) as first_team,
        count(distinct case when team <> '__no_team__' then team end) as n_teams,
        sum(cost_usd) as cost_usd,
        sum(case when architecture = 'amd64' then cost_usd else 0 end) as amd64_cost_usd,
        sum(case when architecture = 'arm64' then cost_usd else 0 end) as arm64_cost_usd,
        sum(case when architecture not in ('amd64', 'arm64') then cost_usd else 0 end) as other_cost_usd,
        sum(case when architecture = 'amd64' then on_demand_cpu_cost_usd end) as amd64_cpu_cost_usd,
        sum(case when architecture = 'amd64' then on_demand_cpu_core_hours end) as amd64_core_hours,
        sum(case when architecture = 'arm64' then on_demand_cpu_cost_usd end)
        / nullif(sum(case when architecture = 'arm64' then on_demand_cpu_core_hours end), 0) as own_usd_per_core_hour,
        sum(case when architecture = 'amd64' then measured_cpu_cost_usd end)
        / nullif(sum(case when architecture = 'amd64' then cpu_usage_core_hours end), 0) as amd64_usd_per_used_core_hour,
        sum(case when architecture = 'arm64' then measured_cpu_cost_usd end)
        / nullif(sum(case when architecture = 'arm64' then cpu_usage_core_hours end), 0) as arm64_usd_per_used_core_hour
    from recent_parts
    group by service
),

judge_services as (
    select
        services.*,
        coalesce(services.own_usd_per_core_hour, own.arm64_usd_per_core_hour, price_all.arm64_usd_per_core_hour) as arm64_usd_per_core_hour,
        case
            when services.own_usd_per_core_hour is not null then 'own'
            when own.arm64_usd_per_core_hour is not null then 'clusters'
            when price_all.arm64_usd_per_core_hour is not null then 'all'
        end as arm64_price_rule,
        -- What runs on spot nodes, or beside a GPU, may pay less for a core-hour than arm64 costs on demand.
        case
            when services.amd64_core_hours = 0 then 'no_saving'
            when services.amd64_cpu_cost_usd
                <= services.amd64_core_hours
                * coalesce(services.own_usd_per_core_hour, own.arm64_usd_per_core_hour, price_all.arm64_usd_per_core_hour)
                then 'no_saving'
            when services.amd64_cost_usd > 0 and services.arm64_cost_usd > 0 then 'partly'
            when services.amd64_cost_usd > 0 then 'candidate'
            when services.arm64_cost_usd > 0 then 'arm64_already'
            else 'architecture_unknown'
        end as verdict
    from sum_services as services
    cross join price_all
    left join price_services as own
        on services.service = own.service
    where (getvariable('team') is null or (services.n_teams = 1 and lower(services.first_team) = lower(getvariable('team'))))
        and (getvariable('service') is null or lower(services.service) = lower(getvariable('service')))
),

measure_savings as (
    select
        services.*,
        case
            when services.amd64_cpu_cost_usd is not null and services.arm64_usd_per_core_hour is not null
                then greatest(services.amd64_cpu_cost_usd - services.amd64_core_hours * services.arm64_usd_per_core_hour, 0)
                    / services.n_days * thresholds.days_a_month
        end as saving_usd_month
    from judge_services as services
    cross join thresholds
),

rank_services as (
    select
        *,
        case when verdict in ('candidate', 'partly') then 'rest' else verdict end as rest_status,
        row_number() over (
            partition by verdict in ('candidate', 'partly')
            order by saving_usd_month desc nulls last, amd64_cost_usd desc nulls last, service
        ) as service_rank
    from measure_savings
),

answer_services as (
    select
        verdict as status,
        service as subject_id,
        case when n_teams = 1 then first_team end as owner_team,
        amd64_cost_usd,
        arm64_cost_usd,
        amd64_cpu_cost_usd / nullif(amd64_core_hours, 0) as amd64_usd_per_core_hour,
        arm64_usd_per_core_hour,
        arm64_price_rule,
        amd64_usd_per_used_core_hour,
        arm64_usd_per_used_core_hour,
        saving_usd_month,
        1 as n_services,
        n_days,
        case
            when service = '__no_service__' then 'pods that nothing tells the service of, taken together'
            when verdict = 'partly' then 'runs on both: what a used core-hour costs on each tells what a move is worth'
            else 'runs on amd64 alone'
        end as reason,
        as_of_date,
        'service' as subject_type,
        cast(json_object('amd64_core_hours', round(amd64_core_hours, 3), 'cost_of_unknown_architecture_usd', round(other_cost_usd, 4)) as varchar) as evidence,
        case when is_whole then 'complete' else 'partial' end as source_completeness
    from rank_services
    cross join thresholds
    where verdict in ('candidate', 'partly') and service_rank <= thresholds.rows_shown
),

answer_rest as (
    select
        rest_status as status,
        case rest_status
            when 'rest' then '(other services)'
            when 'arm64_already' then '(on arm64 alone)'
            when 'no_saving' then '(no cheaper on arm64)'
            else '(on nodes of unknown architecture)'
        end as subject_id,
        sum(amd64_cost_usd) as amd64_cost_usd,
        sum(arm64_cost_usd) as arm64_cost_usd,
        sum(saving_usd_month) as saving_usd_month,
        count(*) as n_services,
        max(n_days) as n_days,
        case rest_status
            when 'rest' then 'each would save less than those that are listed'
            when 'arm64_already' then 'nothing of them is left on amd64'
            when 'no_saving' then 'a core-hour on arm64 costs them as much, or more, or they run on spot nodes already'
            else 'no asset tells the architecture of their nodes'
        end as reason,
        max(as_of_date) as as_of_date,
        cast(json_object('cost_usd', round(sum(cost_usd), 4)) as varchar) as evidence,
        case
            when rest_status = 'architecture_unknown' then 'none'
            when min(case when is_whole then 1 else 0 end) = 1 then 'complete'
            else 'partial'
        end as source_completeness
    from rank_services
    cross join thresholds
    where verdict not in ('candidate', 'partly') or service_rank > thresholds.rows_shown
    group by rest_status
),

combine_answers as (
    select * from answer_services
    union all
    select
        status, subject_id, null, amd64_cost_usd, arm64_cost_usd, null, null, null, null, null, saving_usd_month, n_services, n_days,
        reason, as_of_date, 'services', evidence, source_completeness
    from answer_rest
    union all
    select
        'not_visible', subject_id, null, null, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, source_completeness
    from gaps
    union all
    select
        'not_found', asked.name, null, null, null, null, null, null, null, null, null, null, null,
        'no cost of a service of this name was seen', null, 'name', '{}', 'none'
    from (select cast(getvariable('service') as varchar) as name) as asked
    where asked.name is not null and not exists (select 1 from parts as known where lower(known.service) = lower(asked.name))
),

arm64_candidates as (
    select
        status,
        subject_id,
        owner_team,
        amd64_cost_usd,
        arm64_cost_usd,
        amd64_usd_per_core_hour,
        arm64_usd_per_core_hour,
        arm64_price_rule,
        amd64_usd_per_used_core_hour,
        arm64_usd_per_used_core_hour,
        saving_usd_month,
        n_services,
        n_days,
        reason,
        as_of_date,
        subject_type,
        'arm64-candidates' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from arm64_candidates
order by
    case status
        when 'candidate' then 1
        when 'partly' then 1
        when 'rest' then 2
        when 'no_saving' then 3
        when 'arm64_already' then 4
        when 'architecture_unknown' then 5
        else 6
    end,
    saving_usd_month desc nulls last,
    amd64_cost_usd desc nulls last,
    subject_type,
    subject_id
