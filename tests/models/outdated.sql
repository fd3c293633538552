-- What is said when tables are not read any more: on 2026-09-01 all was read to the end, since then only the descriptors and repositories are. What the old
-- reads told, for good or ill, is no fact of today, and neither is its absence. Worked out by hand; the dates built are 2026-08-31 to 2026-11-21.
set variable "from" = cast('2026-08-31' as date);

create macro utc(at_time) as cast(strftime(at_time, '%Y-%m-%d %H:%M:%S+00') as timestamptz);
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table datadog.service_definitions alter column kind set default 'service';
alter table pagerduty.services alter column status set default 'active';
alter table opencost.allocations alter column kind set default 'workload';
alter table opencost.allocations alter column hours set default 1;
alter table opencost.allocation_steps alter column state set default 'ok';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent)
  select read_on, read_on, source, table_name, source
  from (values ('datadog', 'service_definitions'), ('datadog', 'dashboards'), ('datadog', 'monitors'), ('datadog', 'downtimes'), ('datadog', 'slos'), ('datadog', 'slo_history'),
    ('datadog', 'synthetic_tests'), ('datadog', 'incidents'), ('pagerduty', 'incidents'), ('pagerduty', 'services'), ('pagerduty', 'oncalls'), ('opencost', 'allocations'), ('opencost', 'assets')) as tables (source, table_name)
  cross join (values (cast('2026-09-01' as date))) as dates (read_on);
-- A table that is read once a week is not outdated before the next time.
insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'), ('2026-11-21', '2026-11-21', 'github', 'repositories', 'works'),
  ('2026-11-14', '2026-11-14', 'catalog', 'teams', 'services.yaml'),    ('2026-11-13', '2026-11-13', 'catalog', 'systems', 'services.yaml');
update almanac.outcomes set run_id = '01A' || logical_date;

insert into catalog.services (date, entity_ref, name, pagerduty_service_id) values
  ('2026-11-21', 'component:default/lamp-api', 'lamp-api', 'P1'), ('2026-11-21', 'component:default/rudder', 'rudder', null);
-- Datadog had done away with tide before its definitions were last read.
insert into datadog.service_definitions (date, service, team, tier) values
  ('2026-09-01', 'lamp-api', 'keepers', '1'), ('2026-09-01', 'buoy', 'keepers', '1'), ('2026-08-31', 'tide', 'keepers', '1');
insert into datadog.dashboards (date, dashboard_id, title) values ('2026-09-01', 'd1', 'lamp-api');
insert into datadog.monitors (date, monitor_id, name, tags, downtime_ids, notification_kinds, overall_state) values
  ('2026-09-01', 1, 'm1', map {'service': 'lamp-api'}, [], ['pagerduty'], 'OK');
insert into datadog.slos (date, slo_id, name, tags, created_at) values ('2026-09-01', 's1', 'one', map {'service': 'lamp-api'}, '2026-01-01');
insert into datadog.slo_history (date, slo_id, slo_name, state, error_budget_remaining)
  select cast('2026-08-28' as date) + cast(n as integer), 's1', 'one', 'ok', 80 from range(5) as days (n);
insert into datadog.synthetic_tests (date, public_id, status, tags) values ('2026-09-01', 't1', 'live', map {'service': 'lamp-api'});
insert into pagerduty.services (date, service_id, name, escalation_policy_id) values ('2026-09-01', 'P1', 'Lamp', 'E1');
insert into pagerduty.oncalls (date, escalation_policy_id, name, level, on_call, is_covered) values ('2026-09-01', 'E1', 'first', 1, 1, true), ('2026-09-01', 'E1', 'first', 2, 1, true);
insert into pagerduty.incidents (date, incident_id, service_id, service_name, status, created_at) values ('2026-09-01', 'i1', 'P1', 'Lamp', 'triggered', '2026-08-01 00:00');

-- Two days of hours in which rudder had four cores and needed half of one.
insert into opencost.allocation_steps (date, cluster, step_started_at, step_ended_at)
  select cast('2026-08-31' as date) + cast(hour // 24 as integer), 'keep', utc(timestamp '2026-08-31 00:00:00' + to_hours(hour)), utc(timestamp '2026-08-31 01:00:00' + to_hours(hour)) from range(48) as hours (hour);
insert into opencost.allocations (date, cluster, step_started_at, step_ended_at, started_at, ended_at, name, node, namespace, controller_kind, controller, pod, container, labels, cpu_core_hours, cpu_request_cores, cpu_usage_cores, cpu_cost, ram_byte_hours, ram_request_bytes, ram_usage_bytes, ram_usage_max_bytes, ram_cost, total_cost)
  select date, 'keep', step_started_at, step_ended_at, step_started_at, step_ended_at, 'rudder/app', 'n1', 'pay', 'deployment', 'rudder', 'rudder', 'app', map {'service': 'rudder'}, 4, 4, 0.35, 0.16, 1073741824, 1073741824, 858993459.2, 858993459.2, 0.001, 0.161
  from opencost.allocation_steps;

-- expect fct_table_reads where source in ('catalog', 'github') or table_name = 'monitors': table_name, read_on, status, is_complete, n_unread_parents
values ('services', '2026-11-21', 'ok', true, 0), ('repositories', '2026-11-21', 'ok', true, 0), ('teams', '2026-11-14', 'ok', true, 0),
  ('systems', '2026-11-13', 'outdated', false, 0), ('monitors', '2026-09-01', 'outdated', false, 0);

-- expect fct_service_monitoring where service = 'lamp-api': has_monitors, n_monitors, has_paging_monitor, has_slo, n_slos, has_synthetics, on_call_status, unread_tables
values (null, null, null, null, null, null, 'unknown', ['datadog.monitors (outdated)', 'datadog.slo_history (outdated)', 'datadog.slos (outdated)', 'datadog.synthetic_tests (outdated)', 'pagerduty.oncalls (outdated)', 'pagerduty.services (outdated)']);

-- expect int_check_answers where check_id in ('paging-monitor-present', 'monitor-heard', 'no-monitor-without-data', 'slo-present', 'slo-met', 'slo-has-data', 'error-budget-left', 'synthetics-present', 'on-call-covered', 'escalation-has-two-levels', 'no-forgotten-incident') group by subject_id: subject_id, min(status), max(status), count(*)
values ('lamp-api', 'unknown', 'unknown', 11), ('rudder', 'unknown', 'unknown', 11), ('buoy', 'unknown', 'unknown', 11);

-- What rudder requested then is known, and not what it requests now.
-- expect fct_rightsizing where service = 'rudder': round(theoretical_saving_usd_month)
values (102);

-- expect int_check_answers where check_id in ('requests-fit', 'cost-owned', 'service-owner-known', 'pagerduty-service-known', 'dashboards-present'): distinct status
values ('unknown');

-- expect fct_service_attributes: service, has_tier, has_dashboard, n_dashboards, unread_sources
values ('lamp-api', null, null, null, ['datadog']), ('rudder', null, null, null, ['datadog']), ('buoy', null, null, null, ['datadog']);

-- expect dim_services: service, is_present, tier
values ('lamp-api', true, '1'), ('rudder', true, null), ('buoy', null, '1');

-- expect fct_unread_tables where policy_id = 'muted-monitors': table_name, read_on, reason
values ('datadog.monitors', '2026-09-01', 'it was last read too long ago to tell of today'), ('datadog.downtimes', '2026-09-01', 'it was last read too long ago to tell of today');

-- expect nothing of muted-monitors where status <> 'not_visible': subject_id
