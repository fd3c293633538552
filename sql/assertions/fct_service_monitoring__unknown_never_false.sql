-- severity: fail
-- title: services said to lack what a table that was not read to the end may hold
-- remedy: restore the rule in fct_service_monitoring: false only after a read to the end, and null else
with services as (
    select * from fct_service_monitoring
),

list_claims as (
    select service, 'datadog.monitors' as table_name, has_monitors as claim, unread_tables from services
    union all
    select service, 'datadog.monitors' as table_name, has_paging_monitor as claim, unread_tables from services
    union all
    select service, 'datadog.monitors' as table_name, has_heard_paging_monitor as claim, unread_tables from services
    union all
    select service, 'datadog.slos' as table_name, has_slo as claim, unread_tables from services
    union all
    select service, 'datadog.synthetic_tests' as table_name, has_synthetics as claim, unread_tables from services
    union all
    select service, 'pagerduty.services' as table_name, on_call_status not in ('no_pagerduty_service', 'not_found') as claim, unread_tables
    from services
)

select claims.service, claims.table_name, claims.claim, unread.table_read
from list_claims as claims
cross join unnest(claims.unread_tables) as unread (table_read)
where claims.claim = false and starts_with(unread.table_read, claims.table_name || ' ')
