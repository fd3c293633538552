-- One row per date and service that runs, with what is known of it that day: whose it is and where, how it scores, what is open, how it does and what it costs.
-- What was not read is null, and `unread` names the table. A count of what was not read to the end is a lower bound, and null when it would be 0.
-- What is told by its repository is told of all that it lives in; of a service whose repository nobody names it is null, and `repository` says so.
-- grain: date, service
-- kind: snapshot
-- owner: platform
-- freshness: 26h
-- columns:
--   date                            date that it is about
--   service                         the service
--   title                           what people call it; null when not told
--   team                            team that answers for it: the accountable one, or else the named owner; null when nobody is known to
--   team_rule                       what told that, by reference/link_rules.csv; catalog or datadog for a named owner that is not the accountable team
--   team_confidence                 how far that is to be trusted; null when it is not the accountable team [0 to 1]
--   is_owned                        a team answers for it; null when none is known and a place where one may be named was not read, and when what is
--                                   trusted most names several
--   tier                            its tier; null without one
--   lifecycle                       its lifecycle; null without one
--   system                          system that it is part of; null without one
--   is_pci_scope                    subject to PCI by its own label or tag; null when neither says so
--   repository                      organization/name of the repository it lives in, the first by name of several; null when not known
--   repository_path                 folder in it; null for the whole repository
--   repository_url                  page of the repository, or of the folder; null likewise
--   n_repositories                  repositories that it lives in [repositories]
--   slack_channel                   its channel; null when not told
--   pagerduty_service_id            its service at PagerDuty; null when not known
--   datadog_service                 its name in Datadog; null without one
--   score                           weight of the checks that it passes over that of those it passes or fails; null without either [0 to 100]
--   score_low                       likewise, if all that is unknown failed [0 to 100]
--   score_high                      likewise, if it passed [0 to 100]
--   score_coverage                  weight of the checks it passes or fails over that with what is unknown [0 to 1]
--   level                           highest level that it reaches, or none; null when nothing applies
--   level_confirmed                 it depends on nothing exempt or unknown; null without a level
--   n_failing_checks                checks that it fails, those with a waiver left out; null when nothing is known of any [checks]
--   n_open_critical                 open critical alerts of Dependabot and code scanning; at least so many, and null for none, where one of them is not visible or
--                                   switched off [alerts]
--   n_overdue_critical              of these, past their SLA; likewise [alerts]
--   code_scanning                   on, off, never_ran, not_visible or unknown: the worst of its repositories in the order off, never_ran, not_visible, unknown
--   slo_state                       breached, not_read, no_data, within (all of them, warnings included), or no_slo on the newest day; null when not known
--   n_slos                          service level objectives that name it [objectives]
--   n_slos_breached                 of these, below their target on the newest day; null without any [objectives]
--   error_budget_30d                what is left of the error budget of 30 days, of the objective with least: below 0 is overspent; null when it is known of none [%]
--   n_incidents_30d                 incidents that began on the 30 days up to the date; null for none, where incidents were not read to the end, and where the
--                                   source of incidents is not known to have the service: none would be seen [incidents]
--   n_open_incidents                incidents that are not resolved, whenever they began; null likewise [incidents]
--   mttr_p50_minutes_30d            median of began to resolved, of these 30 days; null under the minimum of samples [minutes]
--   n_mttr_30d                      incidents with such a time; null likewise [incidents]
--   n_deployments_28d               successful deployments to production on the 28 days up to the date; null when deployments were not read [deployments]
--   last_deployed_at                newest of any day, UTC; null without one
--   deployments_per_day             successful deployments to production a day, over the newest 90 days of fct_dora [deployments per day]
--   lead_time_commit_p50_hours      median of commit to production over these, as fct_dora has it [hours]
--   lead_time_pr_p50_hours          median of first commit of a pull request to production, likewise [hours]
--   change_failure_rate             deployments that an incident is put down to, of all of these, likewise [0 to 1]
--   cost_28d_usd                    what it cost in the four weeks up to cost_date, idle and shared cost distributed; null when no cost of it was seen [USD]
--   cost_weekly_change              what an hour cost on cost_date against the same weekday a week before, less 1; null when too little was seen [-1 and up]
--   cost_date                       newest day that questions about cost are about; null likewise
--   on_call_status                  covered, gap, no_policy, disabled, not_found, no_pagerduty_service or unknown
--   n_monitors                      monitors that name it [monitors]
--   n_paging_monitors               of these, those that call people [monitors]
--   n_muted_monitors                of these, those silenced as a whole [monitors]
--   n_alerting_monitors             of these, those in the state Alert [monitors]
--   n_live_synthetics               synthetic tests of it that are not paused [tests]
--   n_dashboards                    dashboards of Datadog whose title names it [dashboards]
--   go_version                      Go that its go.mod demands, the furthest behind of several; null without one
--   go_status                       up_to_date, behind_newest, behind_target or unknown, be it that files were not read; null without a go.mod
--   n_modules_behind                internal modules behind their target or their newest version; null without a go.mod, and when it is not known of one and none is known to be [modules]
--   links                           addresses that its descriptor or its definition names, as kind: address
--   unread                          tables that this row stands on, and that were not read to the end for it
with services as (
    select * from dim_services where is_running and is_present is distinct from false
),

service_repositories as (
    select * from int_service_repositories
),

repositories as (
    select * from dim_repositories
),

monitoring as (
    select * from fct_service_monitoring
),

attributes as (
    select * from fct_service_attributes
),

monitors as (
    select * from fct_monitor_health
),

incidents as (
    select * from int_service_incidents
),

incident_services as (
    select * from int_incident_services
),

alerts as (
    select *
    from fct_security_alerts
    where date = getvariable('to') and state = 'open' and severity = 'critical' and source_kind in ('dependabot', 'code_scanning')
),

visibility as (
    select *
    from fct_alert_visibility
    where date = getvariable('to') and alert_kind in ('dependabot', 'code_scanning')
),

drift as (
    select * from fct_version_drift where date = getvariable('to')
),

scores as (
    select *
    from fct_quality_scores
    where date = getvariable('to') and subject_type = 'service' and area = 'all'
),

deployments as (
    select * from fct_deployments where environment_tier = 'production' and is_successful
),

dora as (
    select * from fct_dora where subject_type = 'service' and period_type = 'rolling_90d'
),

delivery_coverage as (
    select * from int_delivery_coverage where table_name = 'deployments'
),

costs as (
    select * from fct_service_costs
),

cost_days as (
    select max(date) as cost_date from fct_cost_coverage where is_newest_day
),

reads as (
    select * from fct_table_reads
),

unread_tables as (
    select * from fct_unread_tables where policy_id = 'service-overview'
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

judge_reads as (
    select
        count(case when source = 'datadog' and table_name = 'monitors' and is_complete then 1 end) = 1 as is_monitors_read,
        count(case when table_name = 'incidents' then 1 end) > 0 as is_incidents_asked,
        count(case when table_name = 'incidents' and not is_complete then 1 end) = 0 as is_incidents_read
    from reads
),

choose_repositories as (
    select
        *,
        row_number() over (partition by service order by full_name, repository_id) as repository_rank,
        count(*) over (partition by service) as n_repositories
    from service_repositories
),

-- A kind of alert without a row that day was not asked for.
list_kinds as (
    select repositories.service, repositories.repository_id, kinds.alert_kind, visibility.visibility
    from service_repositories as repositories
    cross join (values ('dependabot'), ('code_scanning')) as kinds (alert_kind)
    left join visibility
        on repositories.repository_id = visibility.repository_id
        and kinds.alert_kind = visibility.alert_kind
),

count_alerts as (
    select repository_id, source_kind, count(*) as n_critical, count(case when sla_status = 'overdue' then 1 end) as n_overdue
    from alerts
    group by repository_id, source_kind
),

summarize_alerts as (
    select
        kinds.service,
        min(case when kinds.visibility = 'visible' then 1 else 0 end) = 1 as are_all_visible,
        coalesce(sum(counted.n_critical), 0) as n_critical,
        coalesce(sum(counted.n_overdue), 0) as n_overdue,
        min(
            case
                when kinds.alert_kind <> 'code_scanning' then null
                when kinds.visibility = 'disabled' then 1
                when kinds.visibility = 'never_ran' then 2
                when kinds.visibility = 'not_visible' then 3
                when kinds.visibility = 'visible' then 5
                else 4
            end
        ) as worst_scanning
    from list_kinds as kinds
    left join count_alerts as counted
        on kinds.repository_id = counted.repository_id
        and kinds.alert_kind = counted.source_kind
    group by kinds.service
),

-- In a monorepo a service has the go.mod of its own folder; where there is none, those of the whole repository.
list_modules as (
    select
        repositories.service,
        drift.*,
        repositories.path is null or starts_with(drift.path, repositories.path || '/') as is_own
    from service_repositories as repositories
    inner join drift
        on repositories.repository_id = drift.repository_id
),

own_modules as (
    select *
    from list_modules
    where is_own or not exists (
        select 1
        from list_modules as others
        where others.service = list_modules.service and others.repository_id = list_modules.repository_id and others.is_own
    )
),

rank_go_versions as (
    select
        *,
        row_number() over (
            partition by service
            order by
                case drift_status when 'behind_target' then 1 when 'behind_newest' then 2 when 'unknown' then 3 else 4 end,
                minors_behind_newest desc nulls last,
                repository_id,
                path
        ) as drift_rank
    from own_modules
    where module_path = 'go'
),

count_modules as (
    select
        service,
        count(case when module_path not in ('go', 'toolchain') and drift_status in ('behind_target', 'behind_newest') then 1 end) as n_behind,
        count(case when drift_status = 'unknown' then 1 end) as n_unknown
    from own_modules
    group by service
),

summarize_incidents as (
    select
        service,
        count(case when date_diff('day', opened_on, getvariable('to')) between 0 and 29 then 1 end) as n_incidents_30d,
        count(case when is_open then 1 end) as n_open,
        count(case when counts_for_mttr and date_diff('day', opened_on, getvariable('to')) between 0 and 29 then 1 end) as n_mttr_30d,
        percentile_cont(0.50) within group (
            order by case when counts_for_mttr and date_diff('day', opened_on, getvariable('to')) between 0 and 29 then minutes_to_resolve end
        ) as mttr_p50_minutes_30d
    from incidents
    group by service
),

-- Of a service that no incident can be told of, none is not known.
judge_incidents as (
    select incident_services.service, judge_reads.is_incidents_asked and judge_reads.is_incidents_read as is_incidents_known
    from incident_services
    cross join judge_reads
),

summarize_deployments as (
    select
        service,
        count(case when date_diff('day', finished_on, getvariable('to')) between 0 and 27 then 1 end) as n_deployments_28d,
        max(finished_at) as last_deployed_at
    from deployments
    group by service
),

judge_delivery as (
    select
        repositories.service,
        min(case when coverage.is_complete then 1 else 0 end) = 1 as is_read
    from service_repositories as repositories
    left join delivery_coverage as coverage
        on lower(repositories.full_name) = coverage.parent
    group by repositories.service
),

rank_dora as (
    select *, row_number() over (partition by subject_id order by period_end desc, period_start desc) as period_rank
    from dora
),

count_alerting as (
    select watched.service, count(*) as n_alerting
    from monitors
    cross join unnest(monitors.services) as watched (service)
    where monitors.overall_state = 'Alert'
    group by watched.service
),

newest_costs as (
    select costs.*
    from costs
    inner join cost_days
        on costs.date = cost_days.cost_date
),

-- What one repository does not show is told of the services that live in it, and of no other.
list_unread as (
    select services.service, unread.table_name
    from services
    cross join unread_tables as unread
    union
    select services.service, 'pagerduty.incidents' as table_name
    from services
    cross join judge_reads
    where not judge_reads.is_incidents_asked
    union
    select services.service, 'opencost.allocations' as table_name
    from services
    cross join cost_days
    where cost_days.cost_date is null
    union
    select service, 'github.' || alert_kind || '_alerts' as table_name
    from list_kinds
    where visibility is null or visibility in ('not_visible', 'unknown')
    union
    select service, 'github.repository_files' as table_name
    from own_modules
    where path = '(files not read)'
    union
    select service, 'github.deployments' as table_name
    from judge_delivery
    where not is_read
),

combine_unread as (
    select service, array_agg(table_name order by table_name) as unread
    from list_unread
    group by service
),

fct_service_overview as (
    select
        cast(getvariable('to') as date) as date,
        services.service,
        services.title,
        coalesce(services.accountable_team, services.team) as team,
        case when services.accountable_team is not null then services.accountable_rule else services.owner_source end as team_rule,
        services.accountable_confidence as team_confidence,
        services.is_owned,
        services.tier,
        services.lifecycle,
        services.system,
        services.is_pci_scope,
        repositories.full_name as repository,
        repositories.path as repository_path,
        pages.url || coalesce('/tree/HEAD/' || repositories.path, '') as repository_url,
        coalesce(repositories.n_repositories, 0) as n_repositories,
        services.slack_channel,
        services.pagerduty_service_id,
        services.datadog_service,
        scores.score,
        scores.score_low,
        scores.score_high,
        scores.coverage as score_coverage,
        scores.level,
        scores.level_confirmed,
        case when scores.coverage > 0 then scores.n_fail end as n_failing_checks,
        case when alerts.are_all_visible or alerts.n_critical > 0 then alerts.n_critical end as n_open_critical,
        case when alerts.are_all_visible or alerts.n_overdue > 0 then alerts.n_overdue end as n_overdue_critical,
        case alerts.worst_scanning
            when 1 then 'off'
            when 2 then 'never_ran'
            when 3 then 'not_visible'
            when 4 then 'unknown'
            when 5 then 'on'
        end as code_scanning,
        case
            when monitoring.n_slos_breached > 0 then 'breached'
            when monitoring.n_slos > coalesce(monitoring.n_slos_kept, 0) + monitoring.n_slos_breached + monitoring.n_slos_no_data then 'not_read'
            when monitoring.n_slos_no_data > 0 then 'no_data'
            when monitoring.n_slos > 0 then 'within'
            when monitoring.n_slos = 0 then 'no_slo'
        end as slo_state,
        monitoring.n_slos,
        case
            when monitoring.n_slos_breached > 0 or monitoring.n_slos = monitoring.n_slos_kept + monitoring.n_slos_no_data then monitoring.n_slos_breached
        end as n_slos_breached,
        monitoring.error_budget_30d,
        case when opened.n_incidents_30d > 0 or heard.is_incidents_known then coalesce(opened.n_incidents_30d, 0) end as n_incidents_30d,
        case when opened.n_open > 0 or heard.is_incidents_known then coalesce(opened.n_open, 0) end as n_open_incidents,
        case when opened.n_mttr_30d >= minimum_samples.minimum then opened.mttr_p50_minutes_30d end as mttr_p50_minutes_30d,
        case when opened.n_mttr_30d > 0 or heard.is_incidents_known then coalesce(opened.n_mttr_30d, 0) end as n_mttr_30d,
        case when delivery.is_read or deployed.n_deployments_28d > 0 then coalesce(deployed.n_deployments_28d, 0) end as n_deployments_28d,
        deployed.last_deployed_at,
        dora.deployments_per_day,
        dora.lead_time_commit_p50_hours,
        dora.lead_time_pr_p50_hours,
        dora.change_failure_rate_incident as change_failure_rate,
        costs.cost_28d_usd,
        costs.weekly_change as cost_weekly_change,
        costs.date as cost_date,
        monitoring.on_call_status,
        monitoring.n_monitors,
        monitoring.n_paging_monitors,
        monitoring.n_muted_monitors,
        case when alerting.n_alerting > 0 or reads.is_monitors_read then coalesce(alerting.n_alerting, 0) end as n_alerting_monitors,
        monitoring.n_live_synthetics,
        attributes.n_dashboards,
        go_versions.used_version as go_version,
        go_versions.drift_status as go_status,
        case when modules.n_behind > 0 or modules.n_unknown = 0 then modules.n_behind end as n_modules_behind,
        attributes.links,
        coalesce(combine_unread.unread, []) as unread
    from services
    cross join judge_reads as reads
    cross join minimum_samples
    inner join monitoring
        on services.service = monitoring.service
    inner join attributes
        on services.service = attributes.service
    left join choose_repositories as repositories
        on services.service = repositories.service
        and repositories.repository_rank = 1
    left join repositories as pages
        on repositories.repository_id = pages.repository_id
    left join scores
        on services.service = scores.subject_id
    left join summarize_alerts as alerts
        on services.service = alerts.service
    left join summarize_incidents as opened
        on services.service = opened.service
    left join judge_incidents as heard
        on services.service = heard.service
    left join judge_delivery as delivery
        on services.service = delivery.service
    left join summarize_deployments as deployed
        on services.service = deployed.service
    left join rank_dora as dora
        on services.service = dora.subject_id
        and dora.period_rank = 1
    left join newest_costs as costs
        on services.service = costs.service
    left join count_alerting as alerting
        on services.service = alerting.service
    left join rank_go_versions as go_versions
        on services.service = go_versions.service
        and go_versions.drift_rank = 1
    left join count_modules as modules
        on services.service = modules.service
    left join combine_unread
        on services.service = combine_unread.service
)

select * from fct_service_overview
