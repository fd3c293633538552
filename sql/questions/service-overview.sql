-- title: Everything about a service on one row
-- question: Whose is this service, where is it, how does it do, what is open, and of what do we know nothing?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, github.repositories, github.deployments, datadog.monitors, datadog.slos, datadog.incidents,
--   pagerduty.services, pagerduty.oncalls, pagerduty.incidents, pagerduty.incident_log_entries
-- params:
--   team       team that answers for it
--   service    service
-- columns:
--   status                        known (everything was read), partly_known (`unread` tells what was not), or not_visible,
--                                 or not_found for a name that nothing is known by
--   subject_id                    service, or the table that was not read to the end
--   title                         what people call it; null when not told
--   owner_team                    team that answers for it; null when nobody is known to
--   team_rule                     what told that; null without a team
--   tier                          its tier; null without one
--   lifecycle                     its lifecycle; null without one
--   repository_url                where it is in GitHub; null when not known
--   slack_channel                 its channel; null when not told
--   pagerduty_service_id          its service at PagerDuty; null when not known
--   datadog_service               its name in Datadog; null without one
--   links                         addresses of dashboards, runbooks and the like that its owners name, one after the other; null without any
--   n_dashboards                  dashboards of Datadog whose title names it; null when not known, as every number here [dashboards]
--   score                         weight of the checks it passes over those it passes or fails [0 to 100]
--   score_low                     likewise, if all that is unknown failed [0 to 100]
--   level                         highest level of the checks that it reaches, or none
--   n_failing_checks              checks that it fails [checks]
--   n_open_critical               open critical security alerts [alerts]
--   n_overdue_critical            of these, past their SLA [alerts]
--   code_scanning                 on, off, never_ran, not_visible or unknown; null without a repository
--   slo_state                     breached, not_read, no_data, within or no_slo; null when not known
--   error_budget_30d              what is left of the error budget of 30 days, of the objective with least [%]
--   on_call_status                covered, gap, no_policy, disabled, not_found, no_pagerduty_service or unknown
--   n_paging_monitors             monitors that call people [monitors]
--   n_alerting_monitors           monitors in the state Alert [monitors]
--   n_live_synthetics             synthetic tests that are not paused [tests]
--   n_incidents_30d               incidents that began in 30 days [incidents]
--   n_open_incidents              incidents that are not resolved [incidents]
--   mttr_p50_minutes_30d          median time to resolve of these 30 days; null under the minimum of samples [minutes]
--   last_deployed_at              newest successful deployment to production, UTC; null without one
--   n_deployments_28d             successful deployments to production in 28 days [deployments]
--   lead_time_commit_p50_hours    median of commit to production over 90 days; null under the minimum of samples [hours]
--   cost_28d_usd                  what it cost in four weeks [USD]
--   cost_weekly_change            what an hour cost against the week before, less 1 [-1 and up]
--   go_version                    Go that it demands; null without a go.mod
--   go_status                     up_to_date, behind_newest, behind_target or unknown; null likewise
--   n_modules_behind              internal modules behind their target or newest version [modules]
--   unread                        tables that the row stands on and that were not read to the end, one after the other; null when there is none
--   reason                        why it has this status
--   as_of_date                    date that it is about; for a table, the date that it was last asked for

-- fct_service_overview has more columns, and a row for each day. What is not in the catalog nor in Datadog has no row.
with overview as (
    select * from fct_service_overview
),

gaps as (
    select * from int_question_gaps where policy_id = 'service-overview'
),

newest_overview as (
    select *
    from overview
    where date = (select max(date) from overview)
        and (getvariable('team') is null or lower(team) = lower(getvariable('team')) or (team is null and is_owned is distinct from false))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
),

combine_answers as (
    select
        case when len(unread) = 0 then 'known' else 'partly_known' end as status,
        service as subject_id,
        title,
        team as owner_team,
        team_rule,
        tier,
        lifecycle,
        repository_url,
        slack_channel,
        pagerduty_service_id,
        datadog_service,
        nullif(array_to_string(links, ', '), '') as links,
        n_dashboards,
        score,
        score_low,
        level,
        n_failing_checks,
        n_open_critical,
        n_overdue_critical,
        code_scanning,
        slo_state,
        error_budget_30d,
        on_call_status,
        n_paging_monitors,
        n_alerting_monitors,
        n_live_synthetics,
        n_incidents_30d,
        n_open_incidents,
        mttr_p50_minutes_30d,
        last_deployed_at,
        n_deployments_28d,
        lead_time_commit_p50_hours,
        cost_28d_usd,
        cost_weekly_change,
        go_version,
        go_status,
        n_modules_behind,
        nullif(array_to_string(unread, ', '), '') as unread,
        case when len(unread) = 0 then 'all that it stands on was read to the end' else 'what was not read is null' end as reason,
        date as as_of_date
    from newest_overview
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, reason, as_of_date
    from gaps
),

service_overview as (
    select * from combine_answers
)

select * from service_overview
order by
    case status when 'not_visible' then 2 else 1 end,
    tier nulls last,
    subject_id
