-- severity: fail
-- title: a number of a service that is 0 though what it is counted from was not read to the end, or would not have it
-- remedy: let fct_service_overview leave it null, since nothing of it was seen and not everything was read
with overview as (
    select * from fct_service_overview
),

counted_sources as (
    select * from int_incident_sources where is_counted
)

select overview.date, overview.service, overview.unread
from overview
left join counted_sources
    on true
where ((list_contains(unread, 'github.dependabot_alerts') or list_contains(unread, 'github.code_scanning_alerts')) and n_open_critical = 0)
    or (list_contains(unread, 'github.deployments') and n_deployments_28d = 0)
    or (list_contains(unread, 'datadog.monitors') and (n_monitors = 0 or n_alerting_monitors = 0))
    or (list_contains(unread, 'datadog.slos') and n_slos = 0)
    or (list_contains(unread, 'datadog.synthetic_tests') and n_live_synthetics = 0)
    or (list_contains(unread, 'datadog.dashboards') and n_dashboards = 0)
    or (list_contains(unread, 'pagerduty.incidents') and (n_incidents_30d = 0 or n_open_incidents = 0))
    or (
        counted_sources.source = 'pagerduty' and pagerduty_service_id is null
        and (n_incidents_30d = 0 or n_open_incidents = 0 or n_mttr_30d = 0)
    )
