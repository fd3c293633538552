-- What checks say of services where everything could be read, worked out by hand. lamp-api has all that is asked for, rudder has nothing, and the others
-- lack one thing or another. `tests/models.rs` runs it as it runs `small_company.sql`; the dates built are 2026-11-20 and 2026-11-21.

create macro utc(at_time) as cast(strftime(at_time, '%Y-%m-%d %H:%M:%S+00') as timestamptz);
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table datadog.service_definitions alter column kind set default 'service';
alter table github.repositories alter column visibility set default 'private';
alter table pagerduty.services alter column status set default 'active';
alter table opencost.allocations alter column kind set default 'workload';
alter table opencost.allocations alter column hours set default 1;
alter table opencost.allocation_steps alter column state set default 'ok';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'),       ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog'),
  ('2026-11-21', '2026-11-21', 'datadog', 'dashboards', 'datadog'),           ('2026-11-21', '2026-11-21', 'datadog', 'monitors', 'datadog'),
  ('2026-11-21', '2026-11-21', 'datadog', 'downtimes', 'datadog'),            ('2026-11-21', '2026-11-21', 'datadog', 'slos', 'datadog'),
  ('2026-11-20', '2026-11-20', 'datadog', 'slo_history', 'datadog'),          ('2026-11-21', '2026-11-21', 'datadog', 'synthetic_tests', 'datadog'),
  ('2026-11-21', '2026-11-21', 'datadog', 'incidents', 'datadog'),            ('2026-11-21', '2026-11-21', 'pagerduty', 'incidents', 'pagerduty'),
  ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty'),         ('2026-11-21', '2026-11-21', 'pagerduty', 'oncalls', 'pagerduty'),
  ('2026-11-21', '2026-11-21', 'opencost', 'allocations', 'keep'),            ('2026-11-21', '2026-11-21', 'opencost', 'assets', 'keep'),
  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'works'),            ('2026-11-21', '2026-11-21', 'github', 'deployments', 'works/lamp-api'),
  ('2026-11-21', '2026-11-21', 'github', 'deployments', 'works/mooring'),     ('2026-11-21', '2026-11-21', 'github', 'deployments', 'works/tide');
update almanac.outcomes set run_id = '01A' || logical_date;

insert into catalog.services (date, entity_ref, name, owner_ref, tier, lifecycle, github_slug, pagerduty_service_id, slack_channel, labels, tags, links) values
  ('2026-11-21', 'component:default/lamp-api', 'lamp-api', 'group:default/keepers', '1', 'production', 'Works/lamp-api', 'P1', 'C0LAMP', map {'pci-scope': 'out-of-scope', 'disaster-recovery': 'warm-standby'}, [], map {'Runbook for people on call': 'https://wiki.works.example/lamp'}),
  ('2026-11-21', 'component:default/chart-api', 'chart-api', 'group:default/unknown', '1', 'deprecated', 'works/ghost', 'P404', null, map {'pci-scope': 'maybe'}, ['disaster-recovery'], map {'Dashboard': 'https://datadog.works.example/chart'}),
  ('2026-11-21', 'component:default/mooring', 'mooring', null, '2', 'production', 'works/mooring', 'P3', null, map {'disaster-recovery': 'None'}, [], map {'Runbook': 'TODO'}),
  ('2026-11-21', 'component:default/storm-web', 'storm-web', 'group:default/keepers', null, 'production', 'elsewhere/storm-web', 'P5', null, map {}, [], map {}),
  ('2026-11-21', 'component:default/tide', 'tide', null, '3', 'production', 'works/tide', 'P6', null, map {}, [], map {});
insert into catalog.services (date, entity_ref, name) values ('2026-11-21', 'component:default/rudder', 'rudder');
insert into catalog.services (date, entity_ref, name, component_type) values ('2026-11-21', 'component:default/lamp-sdk', 'lamp-sdk', 'library');
update catalog.services set datadog_service = 'stormweb' where name = 'storm-web';
insert into datadog.service_definitions (date, service, links) values
  ('2026-11-21', 'Fog_Horn', map {}), ('2026-11-21', 'stormweb', map {}), ('2026-11-21', 'lamp-api', map {}), ('2026-11-21', 'chart-api', map {'runbook': 'https://wiki.works.example/chart'});

insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-21', 1, 'works', 'lamp-api', 'works/lamp-api'), ('2026-11-21', 2, 'works', 'mooring', 'works/mooring'), ('2026-11-20', 3, 'works', 'ghost', 'works/ghost'), ('2026-11-21', 4, 'works', 'tide', 'works/tide');
insert into github.repository_properties (date, repository_id, property_name, value) values ('2026-11-21', 4, 'team', 'keepers');

-- A dashboard of another service has the name of mooring in its own.
insert into datadog.dashboards (date, dashboard_id, title) values ('2026-11-21', 'd1', 'Service: lamp-api (prod)'), ('2026-11-21', 'd2', 'mooring-jobs | overview'), ('2026-11-20', 'd3', 'mooring');

-- Of storm-web, monitor 4 is silenced by a downtime that the list does not have, so that nobody can tell whether it ends. tide has none that is not silenced.
insert into datadog.monitors (date, monitor_id, name, tags, is_muted, muted_until, downtime_ids, notification_kinds, overall_state) values
  ('2026-11-21', 1, 'm1', map {'service': 'lamp-api'},  false, null,               [],     ['pagerduty'], 'OK'),
  ('2026-11-21', 2, 'm2', map {'service': 'chart-api'}, false, null,               [],     ['slack'],     'No Data'),
  ('2026-11-21', 3, 'm3', map {'service': 'mooring'},   true,  null,               [],     ['pagerduty'], 'OK'),
  ('2026-11-21', 4, 'm4', map {'service': 'stormweb'},  false, null,               ['77'], ['pagerduty'], 'OK'),
  ('2026-11-21', 5, 'm5', map {'service': 'stormweb'},  false, null,               [],     ['pagerduty'], 'OK'),
  ('2026-11-21', 6, 'm6', map {'service': 'tide'},      true,  '2026-11-22 00:00', [],     ['pagerduty'], 'OK'),
  ('2026-11-21', 7, 'm7', map {'service': 'mooring'},   false, null,               [],     ['pagerduty'], 'OK');

-- Of the five days of chart-api one used up more than all: (50 + 50 + 50 + 50 - 400) / 5 = -40 %. storm-web has one day, of which nothing can be said.
insert into datadog.slos (date, slo_id, name, tags, created_at) values
  ('2026-11-21', 's1', 'one', map {'service': 'lamp-api'}, '2026-01-01'), ('2026-11-21', 's2', 'two', map {'service': 'chart-api'}, '2026-01-01'),
  ('2026-11-21', 's3', 'three', map {'service': 'mooring'}, '2026-01-01'), ('2026-11-21', 's4', 'four', map {'service': 'stormweb'}, '2026-01-01'),
  ('2026-11-21', 's5', 'five', map {'service': 'tide'}, '2026-01-01');
insert into datadog.slo_history (date, slo_id, slo_name, state, error_budget_remaining)
  select cast('2026-11-16' as date) + cast(n as integer), 's1', 'one', 'ok', 80 from range(5) as days (n)
  union all
  select cast('2026-11-16' as date) + cast(n as integer), 's2', 'two', case n when 4 then 'breached' else 'ok' end, case n when 4 then -400 else 50 end from range(5) as days (n);
insert into datadog.slo_history (date, slo_id, slo_name, state, error_budget_remaining) values ('2026-11-20', 's3', 'three', 'no_data', null), ('2026-11-20', 's4', 'four', 'ok', 90);
insert into datadog.synthetic_tests (date, public_id, status, tags) values ('2026-11-21', 't1', 'live', map {'service': 'lamp-api'}), ('2026-11-21', 't2', 'paused', map {'service': 'chart-api'});

-- E9 stands in no list of who is on call, and E6 has one level with a gap.
insert into pagerduty.services (date, service_id, name, escalation_policy_id) values
  ('2026-11-21', 'P1', 'Lamp', 'E1'), ('2026-11-21', 'P3', 'Mooring', 'E3'), ('2026-11-21', 'P5', 'Storm', 'E9'), ('2026-11-21', 'P6', 'Tide', null);
insert into pagerduty.oncalls (date, escalation_policy_id, name, level, on_call, is_covered, gap_seconds, next_gap_at) values
  ('2026-11-21', 'E1', 'first', 1, 1, true, 0, null), ('2026-11-21', 'E1', 'first', 2, 1, true, 0, null),
  ('2026-11-21', 'E3', 'third', 1, 1, true, 3600, '2026-11-23 22:00'), ('2026-11-21', 'E3', 'third', 2, 0, false, 0, '2026-11-21 06:00');
-- An incident that has been open for seven days is not yet forgotten.
insert into pagerduty.incidents (date, incident_id, service_id, service_name, status, created_at) values
  ('2026-11-21', 'i1', 'P1', 'Lamp', 'triggered', '2026-11-14 00:00'), ('2026-11-21', 'i2', 'P3', 'Mooring', 'acknowledged', '2026-11-13 23:59'), ('2026-11-21', 'i3', 'P1', 'Lamp', 'resolved', '2026-10-01 00:00');

-- The last deployment of lamp-api is thirty days ago, that of mooring thirty-one; tide has never been deployed to production.
insert into github.deployments (date, repository_id, full_name, deployment_id, environment, commit_sha, created_at, first_success_at) values
  ('2026-11-21', 1, 'works/lamp-api', 1, 'production', 'a1', '2026-10-22 10:00', '2026-10-22 10:05'), ('2026-11-21', 2, 'works/mooring', 2, 'production', 'b1', '2026-10-21 10:00', '2026-10-21 10:05'),
  ('2026-11-21', 2, 'works/mooring',  3, 'staging',    'b2', '2026-11-20 10:00', '2026-11-20 10:05'), ('2026-11-21', 2, 'works/mooring', 4, 'production', 'b2', '2026-11-20 11:00', null),
  ('2026-11-21', 4, 'works/tide',     5, 'staging',    'c1', '2026-11-20 10:00', '2026-11-20 10:05');

-- Two days of hours, 48 steps. A core-hour costs 0.04 USD: 4 cores of rudder need 0.5, which saves 3.5 * 0.04 * 730 = 102.20 USD a month. Nobody owns them.
-- tide was there for an hour only.
insert into opencost.allocation_steps (date, cluster, step_started_at, step_ended_at)
  select cast('2026-11-20' as date) + cast(hour // 24 as integer), 'keep', utc(timestamp '2026-11-20 00:00:00' + to_hours(hour)), utc(timestamp '2026-11-20 01:00:00' + to_hours(hour)) from range(48) as hours (hour);
insert into opencost.allocations (date, cluster, step_started_at, step_ended_at, started_at, ended_at, name, node, namespace, controller_kind, controller, pod, container, labels, cpu_core_hours, cpu_request_cores, cpu_usage_cores, cpu_cost, ram_byte_hours, ram_request_bytes, ram_usage_bytes, ram_usage_max_bytes, ram_cost, total_cost)
  select step.date, 'keep', step.step_started_at, step.step_ended_at, step.step_started_at, step.step_ended_at, pods.service || '/app', 'n1', 'pay', 'deployment', pods.service, pods.service, 'app',
    case pods.team when '' then map {'service': pods.service} else map {'service': pods.service, 'team': pods.team} end, cores, cores, 0.35, cores * 0.04, 1073741824, 1073741824, 858993459.2, 858993459.2, 0.001, cores * 0.04 + 0.001
  from opencost.allocation_steps as step
  cross join (values ('lamp-api', 'keepers', 0.5), ('rudder', '', 4), ('tide', 'keepers', 4)) as pods (service, team, cores)
  where pods.service <> 'tide' or step.step_started_at = utc(timestamp '2026-11-21 23:00:00');

-- A library does not run, and is judged by no check about services.
-- expect nothing of int_check_answers where subject_id = 'lamp-sdk': check_id

-- The repository of tide tells who answers for it; that of mooring may, and its owners were not read.
-- expect int_check_answers where check_id = 'service-owner-known': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'unknown'), ('storm-web', 'pass'), ('tide', 'pass'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'service-tier-known': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'pass'), ('storm-web', 'fail'), ('tide', 'pass'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'service-lifecycle-known': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'pass'), ('storm-web', 'pass'), ('tide', 'pass'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'service-channel-known': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'fail'), ('storm-web', 'fail'), ('tide', 'fail'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- The label of chart-api says maybe, which no word of pci_scope_values says.
-- expect int_check_answers where check_id = 'service-pci-scope-declared': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'fail'), ('storm-web', 'fail'), ('tide', 'fail'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'runbook-linked': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'fail'), ('storm-web', 'fail'), ('tide', 'fail'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'dashboards-present': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'fail'), ('storm-web', 'fail'), ('tide', 'fail'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'disaster-recovery-declared': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'fail'), ('storm-web', 'fail'), ('tide', 'fail'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'service-in-catalog': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'pass'), ('storm-web', 'pass'), ('tide', 'pass'), ('rudder', 'pass'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'service-name-conventional': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'pass'), ('storm-web', 'fail'), ('tide', 'pass'), ('rudder', 'pass'), ('fog_horn', 'fail');

-- works was read to the end and no longer has ghost; of elsewhere nobody knows anything.
-- expect int_check_answers where check_id = 'service-repository-known': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'pass'), ('storm-web', 'unknown'), ('tide', 'pass'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'pagerduty-service-known': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'pass'), ('storm-web', 'pass'), ('tide', 'pass'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'on-call-covered': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'fail'), ('storm-web', 'unknown'), ('tide', 'fail'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- expect int_check_answers where check_id = 'escalation-has-two-levels': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'not_applicable'), ('mooring', 'fail'), ('storm-web', 'unknown'), ('tide', 'not_applicable'), ('rudder', 'not_applicable'), ('fog_horn', 'not_applicable');

-- expect int_check_answers where check_id = 'paging-monitor-present': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'pass'), ('storm-web', 'pass'), ('tide', 'pass'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- mooring has a monitor that is heard, and another that is silenced for good.
-- expect int_check_answers where check_id = 'monitor-heard': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'not_applicable'), ('mooring', 'fail'), ('storm-web', 'unknown'), ('tide', 'fail'), ('rudder', 'not_applicable'), ('fog_horn', 'not_applicable');

-- expect int_check_answers where check_id = 'no-monitor-without-data': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'pass'), ('storm-web', 'pass'), ('tide', 'pass'), ('rudder', 'not_applicable'), ('fog_horn', 'not_applicable');

-- expect int_check_answers where check_id = 'slo-present': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'pass'), ('storm-web', 'pass'), ('tide', 'pass'), ('rudder', 'fail'), ('fog_horn', 'fail');

-- Of tide's objective nobody read the history.
-- expect int_check_answers where check_id = 'slo-has-data': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'fail'), ('storm-web', 'pass'), ('tide', 'unknown'), ('rudder', 'not_applicable'), ('fog_horn', 'not_applicable');

-- expect int_check_answers where check_id = 'slo-met': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'unknown'), ('storm-web', 'pass'), ('tide', 'unknown'), ('rudder', 'not_applicable'), ('fog_horn', 'not_applicable');

-- expect fct_service_monitoring where n_slos > 0: service, n_slos_kept, n_slos_breached, n_slos_no_data, error_budget_30d, n_slos_budget
values ('lamp-api', 1, 0, 0, 80, 1), ('chart-api', 0, 1, 0, -40, 1), ('mooring', 0, 0, 1, null, 0), ('storm-web', 1, 0, 0, null, 0), ('tide', 0, 0, 0, null, 0);

-- expect int_check_answers where check_id = 'error-budget-left': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'unknown'), ('storm-web', 'unknown'), ('tide', 'unknown'), ('rudder', 'not_applicable'), ('fog_horn', 'not_applicable');

-- expect int_check_answers where check_id = 'synthetics-present': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'fail'), ('mooring', 'not_applicable'), ('storm-web', 'not_applicable'), ('tide', 'not_applicable'), ('rudder', 'not_applicable'), ('fog_horn', 'not_applicable');

-- expect int_check_answers where check_id = 'deployed-recently': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'not_applicable'), ('mooring', 'fail'), ('storm-web', 'unknown'), ('tide', 'unknown'), ('rudder', 'unknown'), ('fog_horn', 'unknown');

-- expect int_check_answers where check_id = 'no-forgotten-incident': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'pass'), ('mooring', 'fail'), ('storm-web', 'pass'), ('tide', 'pass'), ('rudder', 'pass'), ('fog_horn', 'pass');

-- expect int_check_answers where check_id = 'cost-owned': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'not_applicable'), ('mooring', 'not_applicable'), ('storm-web', 'not_applicable'), ('tide', 'pass'), ('rudder', 'fail'), ('fog_horn', 'not_applicable');

-- expect int_check_answers where check_id = 'requests-fit': subject_id, status
values ('lamp-api', 'pass'), ('chart-api', 'not_applicable'), ('mooring', 'not_applicable'), ('storm-web', 'not_applicable'), ('tide', 'not_applicable'), ('rudder', 'fail'), ('fog_horn', 'not_applicable');

-- Every check says in words what it found, and from what.
-- expect nothing of int_check_answers where status is null or status not in ('pass', 'fail', 'not_applicable', 'unknown') or coalesce(reason, '') = '' or not json_valid(evidence): check_id, subject_id
