-- What is told of services when sources could not be read: nothing is borrowed from yesterday, and what is missing is unknown. Worked out by
-- hand. The dates built are 2026-11-20 and 2026-11-21.

alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table pagerduty.services alter column status set default 'active';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml', 'ok'),             ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog', 'forbidden'),
  ('2026-11-21', '2026-11-21', 'datadog', 'monitors', 'datadog', 'truncated'),            ('2026-11-21', '2026-11-21', 'datadog', 'downtimes', 'datadog', 'forbidden'),
  ('2026-11-20', '2026-11-20', 'datadog', 'slos', 'datadog', 'ok'),                       ('2026-11-21', '2026-11-21', 'datadog', 'slos', 'datadog', 'error'),
  ('2026-11-20', '2026-11-20', 'datadog', 'slo_history', 'datadog', 'truncated'),         ('2026-11-20', '2026-11-20', 'datadog', 'slo_history', 'slo s2', 'error'),
  ('2026-11-20', '2026-11-20', 'pagerduty', 'oncalls', 'pagerduty', 'ok'),                ('2026-11-21', '2026-11-21', 'pagerduty', 'oncalls', 'pagerduty', 'rate_limited'),
  ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty', 'ok'),               ('2026-11-21', '2026-11-21', 'datadog', 'incidents', 'datadog', 'forbidden'),
  ('2026-11-21', '2026-11-21', 'jira', 'issues', 'LAMP', 'empty'),                        ('2026-11-21', '2026-11-21', 'jira', 'issues', 'FOG', 'forbidden');
update almanac.outcomes set run_id = '01A' || logical_date;

insert into catalog.services (date, entity_ref, name, owner_ref, pagerduty_service_id) values
  ('2026-11-21', 'component:default/alpha', 'alpha', 'user:default/p1',       'P1'),
  ('2026-11-21', 'component:default/beta',  'beta',  'group:default/keepers', null);
insert into datadog.monitors (date, monitor_id, name, tags, downtime_ids, notification_kinds) values
  ('2026-11-21', 1, 'm1', map {'service': 'alpha'},     ['d1'], ['pagerduty']),
  ('2026-11-21', 2, 'm2', map {'service': 'undefined'}, [],     ['slack']),
  ('2026-11-20', 3, 'm3', map {'service': 'beta'},      [],     ['pagerduty']);
insert into datadog.downtimes (date, downtime_id, status) values ('2026-11-20', 'd1', 'active');
insert into datadog.slos (date, slo_id, name, tags) values ('2026-11-20', 's1', 'one', map {'service': 'beta'});
insert into datadog.slo_history (date, slo_id, slo_name, state) values ('2026-11-20', 's1', 'one', 'ok');
insert into pagerduty.services (date, service_id, name, escalation_policy_id) values ('2026-11-21', 'P1', 'Alpha', 'E1');
insert into pagerduty.oncalls (date, escalation_policy_id, name, level, on_call, is_covered) values ('2026-11-20', 'E1', 'first', 1, 1, true);

-- expect dim_services: service, team, is_owned
values ('alpha', null, null), ('beta', 'keepers', true);

-- expect fct_monitor_health: monitor_id, service, is_owned, is_muted, is_muted_by_downtime, is_muted_without_end
values (1, 'alpha', null, null, null, null), (2, null, null, false, false, false);

-- What was read of a table that broke off counts: alpha has a monitor, and beta may have one. Datadog's definitions may name beta's service at PagerDuty.
-- expect fct_service_monitoring: service, has_monitors, n_monitors, has_paging_monitor, has_heard_paging_monitor, n_muted_monitors, has_slo, n_slos, has_synthetics, n_synthetics, on_call_status, on_call_covered
values
  ('alpha', true, 1,    true, null, null, null, null, null, null, 'unknown', null),
  ('beta',  null, null, null, null, null, null, null, null, null, 'unknown', null);

-- expect fct_service_monitoring where service = 'alpha': unread_tables
values (['datadog.monitors (truncated)', 'datadog.slo_history (error)', 'datadog.slos (error)', 'datadog.synthetic_tests (missing)', 'pagerduty.oncalls (rate_limited)']);

-- expect nothing of fct_on_call_coverage: level

-- expect fct_slo_attainment: slo_id, day, state, service
values ('s1', '2026-11-20', 'ok', 'beta');

-- expect fct_table_reads where source = 'datadog' and table_name = 'slo_history': read_on, status, is_complete, n_parents, n_unread_parents, unread_parents
values ('2026-11-20', 'error', false, 2, 2, ['datadog', 'slo s2']);

-- expect services-without-slo: status, subject_type, subject_id, source_completeness
values
  ('not_visible', 'service', 'alpha', 'none'), ('not_visible', 'service', 'beta', 'none'), ('not_visible', 'source', 'datadog.slos', 'none'), ('not_visible', 'source', 'datadog.service_definitions', 'none');

-- expect services-without-synthetics: status, subject_type, subject_id
values
  ('not_visible', 'service', 'alpha'), ('not_visible', 'service', 'beta'), ('not_visible', 'source', 'datadog.synthetic_tests'), ('not_visible', 'source', 'datadog.service_definitions');

-- expect muted-monitors: status, subject_type, subject_id, source_completeness
values ('not_visible', 'monitor', '1', 'partial'), ('not_visible', 'source', 'datadog.monitors', 'none'), ('not_visible', 'source', 'datadog.downtimes', 'none');

-- expect slo-breaches: status, subject_type, subject_id
values ('not_visible', 'source', 'datadog.slos'), ('not_visible', 'source', 'datadog.slo_history');

-- expect on-call-gaps: status, subject_type, subject_id
values
  ('not_visible', 'service', 'alpha'), ('not_visible', 'service', 'beta'), ('not_visible', 'source', 'pagerduty.oncalls'), ('not_visible', 'source', 'datadog.service_definitions');

-- expect what-to-automate-next: status, project, n
values ('not_visible', 'fog', null);

-- expect incident-volume: status, source, subject_id, n_incidents
values ('not_visible', 'datadog', 'datadog.incidents', null);

-- expect service-coverage where policy_id in ('owned', 'services-without-slo', 'on-call-gaps'): policy_id, services, in_order, not_in_order, not_visible
values ('owned', 2, 1, 0, 1), ('services-without-slo', 2, 0, 0, 2), ('on-call-gaps', 2, 0, 0, 2);
set variable "team" = 'night-watch';
set variable "service" = 'gamma';

-- Whoever is asked about, what was not read stays, and whom nothing that was read knows is unknown.
-- expect services-without-slo: status, subject_type, subject_id
values ('not_visible', 'source', 'datadog.slos'), ('not_visible', 'source', 'datadog.service_definitions'), ('not_found', 'name', 'gamma'), ('not_found', 'name', 'night-watch');

-- expect services-without-synthetics: status, subject_type, subject_id
values ('not_visible', 'source', 'datadog.synthetic_tests'), ('not_visible', 'source', 'datadog.service_definitions'), ('not_found', 'name', 'gamma'), ('not_found', 'name', 'night-watch');

-- expect muted-monitors: status, subject_type, subject_id
values ('not_visible', 'source', 'datadog.monitors'), ('not_visible', 'source', 'datadog.downtimes'), ('not_found', 'name', 'gamma'), ('not_found', 'name', 'night-watch');

-- expect slo-breaches: status, subject_type, subject_id
values ('not_visible', 'source', 'datadog.slos'), ('not_visible', 'source', 'datadog.slo_history'), ('not_found', 'name', 'gamma'), ('not_found', 'name', 'night-watch');

-- expect on-call-gaps: status, subject_type, subject_id
values ('not_visible', 'source', 'pagerduty.oncalls'), ('not_visible', 'source', 'datadog.service_definitions'), ('not_found', 'name', 'gamma'), ('not_found', 'name', 'night-watch');

-- expect incident-volume: status, source, subject_id
values ('not_visible', 'datadog', 'datadog.incidents'), ('not_found', null, 'gamma'), ('not_found', null, 'night-watch');
