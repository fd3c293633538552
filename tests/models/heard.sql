-- Whom monitors reach, and which alerts get lost on the way, worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column namespace set default 'default';
alter table catalog.services alter column file set default 'services.yaml';
alter table pagerduty.services alter column status set default 'active';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml', 'ok'),     ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog', 'ok'),
  ('2026-11-21', '2026-11-21', 'datadog', 'monitors', 'datadog', 'ok'),           ('2026-11-21', '2026-11-21', 'datadog', 'downtimes', 'datadog', 'forbidden'),
  ('2026-11-21', '2026-11-21', 'datadog', 'slos', 'datadog', 'ok'),               ('2026-11-20', '2026-11-20', 'datadog', 'slo_history', 'datadog', 'ok'),
  ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty', 'ok'),       ('2026-11-21', '2026-11-21', 'pagerduty', 'oncalls', 'pagerduty', 'truncated'),
  ('2026-11-21', '2026-11-21', 'datadog', 'incidents', 'datadog', 'ok');
update almanac.outcomes set run_id = '01A' || logical_date;

-- Somebody is on call for manned and nobody for empty; whether somebody is for unsure was cut off. quiet has an objective, and no history of it yet.
insert into catalog.services (date, entity_ref, name, owner_ref, pagerduty_service_id)
  select '2026-11-21', 'component:default/' || name, name, 'group:default/keepers', id from (values ('manned', 'P1'), ('empty', 'P2'), ('unsure', 'P3'), ('quiet', null)) as services (name, id);
insert into pagerduty.services (date, service_id, name, escalation_policy_id) values ('2026-11-21', 'P1', 'One', 'E1'), ('2026-11-21', 'P2', 'Two', 'E2'), ('2026-11-21', 'P3', 'Three', 'E3');
insert into pagerduty.oncalls (date, escalation_policy_id, name, level, on_call, is_covered, gap_seconds, next_gap_at) values
  ('2026-11-21', 'E1', 'first', 1, 1, true, 0, null), ('2026-11-21', 'E2', 'second', 1, 0, false, 604800, '2026-11-21 06:00');
insert into datadog.monitors (date, monitor_id, name, tags, notification_kinds, overall_state, notifies_no_data, downtime_ids) values
  ('2026-11-21', 1, 'm1', map {'service': 'manned'},       ['pagerduty'],             'OK',      false, []),
  ('2026-11-21', 2, 'm2', map {'service': 'empty'},        ['pagerduty'],             'No Data', true,  []),
  ('2026-11-21', 3, 'm3', map {'service': 'manned,empty'}, ['pagerduty', 'opsgenie'], 'Alert',   false, []),
  ('2026-11-21', 4, 'm4', map {'service': 'unsure'},       ['pagerduty'],             'OK',      false, []),
  ('2026-11-21', 5, 'm5', map {},                          ['pagerduty'],             'OK',      false, []),
  ('2026-11-21', 6, 'm6', map {'service': 'manned'},       ['pagerduty'],             'OK',      false, ['d1']),
  ('2026-11-21', 7, 'm7', map {'service': 'quiet'},        ['slack'],                 'No Data', false, []),
  ('2026-11-21', 8, 'm8', map {'service': 'quiet'},        [],                        'No Data', true,  ['d1']);
update datadog.monitors set overall_state_since = '2026-11-21 03:00' where monitor_id = 3;
insert into datadog.slos (date, slo_id, name, tags, created_at) values ('2026-11-21', 's1', 'one', map {'service': 'quiet'}, '2026-11-21'), ('2026-11-21', 's2', 'two', map {'service': 'manned'}, '2026-01-01');
insert into datadog.slo_history (date, slo_id, slo_name, state, sli_value, target, error_budget_remaining)
  select cast('2026-10-22' as date) + cast(n as integer), 's2', 'two', 'ok', 100, 99.9, 100 from range(30) as days (n);
insert into datadog.incidents (date, incident_id, state, severity, created_at, modified_at, services) values
  ('2026-11-21', 'x1', 'active', 'SEV-3', '2026-11-20 10:00', '2026-11-20', ['unsure']), ('2026-11-21', 'x2', 'active', 'SEV-2', '2026-11-21 01:00', '2026-11-21', ['unsure']),
  ('2026-11-21', 'x3', 'resolved', 'SEV-1', '2026-11-20 10:00', '2026-11-20', ['manned']);

-- 3 reaches those of manned. Of 4, 5 and 6 it is not known whether somebody would hear; 8 is known to tell nobody, be it silenced or not.
-- expect lost-alerts where subject_type <> 'source': status, subject_type, subject_id, n_ways, n_monitors, reason, source_completeness
values
  ('no_paging_monitor', 'service',  'quiet',      1,    null, 'none of its monitors calls people', 'complete'),
  ('notifies_nobody',   'monitor',  '8',          2,    1,    'its message sends to nobody; it has no data, and says so; a downtime matches it, and downtimes could not be read', 'complete'),
  ('unheard',           'monitor',  '2',          2,    1,    'nobody is on call for what it watches; it has no data, and says so', 'complete'),
  ('blind',             'monitor',  '7',          1,    1,    'it has no data, and does not say so', 'complete'),
  ('not_visible',       'monitor',  '4',          null, 1,    'it calls PagerDuty, and whether somebody is on call for what it watches is not known', 'none'),
  ('not_visible',       'monitor',  '5',          null, 1,    'it calls PagerDuty, and whether somebody is on call for what it watches is not known', 'none'),
  ('not_visible',       'monitor',  '6',          null, 1,    'a downtime matches it, and downtimes could not be read', 'none'),
  ('in_order',          'monitors', '(in order)', 0,    2,    'sends to somebody who is there as far as that is read, is not silenced, and has data', 'complete');

-- expect lost-alerts where subject_type = 'source': status, subject_id
values ('not_visible', 'datadog.downtimes'), ('not_visible', 'pagerduty.oncalls');

-- Of several services the one that fares worst is told.
-- expect wake-up-monitors: status, subject_type, subject_id, calls, on_call_status, source_completeness
values
  ('nobody_on_call', 'monitor', '2', 'pagerduty', 'gap', 'complete'), ('nobody_on_call', 'monitor', '3', 'opsgenie, pagerduty', 'gap', 'complete'), ('not_visible', 'monitor', '4', 'pagerduty', 'unknown', 'none'),
  ('not_visible', 'monitor', '5', 'pagerduty', null, 'none'), ('not_visible', 'monitor', '6', 'pagerduty', 'covered', 'none'), ('wakes', 'monitor', '1', 'pagerduty', 'covered', 'complete'),
  ('not_visible', 'source', 'datadog.downtimes', null, null, 'none'), ('not_visible', 'source', 'pagerduty.oncalls', null, null, 'none');

-- All 30 days up to 2026-11-20 were read of manned; the objective of quiet was made when they were over.
-- expect service-slos: status, subject_id, slo_id, error_budget_remaining, n_breached_30d, n_days_30d, as_of_date, source_completeness
values
  ('within', 'manned', 's2', 100, 0, 30, '2026-11-20', 'complete'), ('without_slo', 'empty', null, null, null, null, '2026-11-21', 'complete'),
  ('without_slo', 'unsure', null, null, null, null, '2026-11-21', 'complete'), ('not_visible', 'quiet', null, null, null, null, '2026-11-21', 'none');

-- Monitor 3 alerts for two services. Of quiet nobody knows how its objective does.
-- expect recent-errors: status, subject_id, n_open_incidents, worst_severity, open_since, n_alerting_monitors, alerting_since, n_breached_slos, source_completeness
values
  ('errors', 'unsure', 2, 2,    '2026-11-20 10:00', 0, null, null, 'complete'), ('errors', 'manned', 0, null, null, 1, '2026-11-21 03:00', 0, 'complete'),
  ('errors', 'empty',  0, null, null,               1, '2026-11-21 03:00', null, 'complete'), ('not_visible', 'quiet', 0, null, null, 0, null, null, 'none');
