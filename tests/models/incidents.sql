-- What became of incidents, case by case and worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table pagerduty.incidents alter column status set default 'resolved';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'),           ('2026-11-21', '2026-11-21', 'pagerduty', 'incidents', 'pagerduty'),
  ('2026-11-21', '2026-11-21', 'pagerduty', 'incident_log_entries', 'pagerduty'), ('2026-11-21', '2026-11-21', 'datadog', 'incidents', 'datadog');
update almanac.outcomes set run_id = '01A' || logical_date;

-- One service of PagerDuty stands for alpha and beta.
insert into catalog.services (date, entity_ref, name, owner_ref, pagerduty_service_id, datadog_service) values
  ('2026-11-21', 'component:default/alpha', 'alpha', 'group:default/night-watch', 'P1', 'alpha-prod'),
  ('2026-11-21', 'component:default/beta',  'beta',  'group:default/keepers',     'P1', null),
  ('2026-11-21', 'component:default/gamma', 'gamma', 'group:default/keepers',     'P2', null);

-- The name of an incident is its case; what was not planned is an incident; of newest-wins there are three rows, two of them of one moment.
insert into pagerduty.incidents (date, incident_id, incident_number, service_id, service_name, status, urgency, priority, incident_type, created_at, changed_at) values
  ('2026-11-21', 'reopened',      1, 'P1', 'Alpha', 'resolved',     'high', 'P1',   'incident_default',      '2026-10-31 23:50', '2026-11-01 02:50'),
  ('2026-11-21', 'no-log',        2, 'PX', 'Other', 'resolved',     'high', null,   'incident_default',      '2026-11-02 10:00', '2026-11-02 11:00'),
  ('2026-11-21', 'open-again',    3, null, null,    'triggered',    'low',  null,   'incident_default',      '2026-11-03 09:00', '2026-11-03 11:00'),
  ('2026-11-21', 'backwards',     4, 'P2', 'Gamma', 'resolved',     null,   'Odd',  null,                    '2026-11-04 12:00', '2026-11-04 12:30'),
  ('2026-11-21', 'planned',       5, 'P2', 'Gamma', 'resolved',     'low',  null,   'Scheduled_Maintenance', '2026-11-05 12:00', '2026-11-05 14:00'),
  ('2026-11-21', 'at-once',       6, 'P2', 'Gamma', 'resolved',     'high', 'SEV2', 'incident_default',      '2026-11-06 12:00', '2026-11-06 12:00'),
  ('2026-11-20', 'newest-wins',   7, 'P2', 'Gamma', 'acknowledged', 'low',  null,   'incident_default',      '2026-11-07 12:00', '2026-11-07 12:10'),
  ('2026-11-20', 'newest-wins',   7, 'P2', 'Gamma', 'acknowledged', 'low',  null,   'incident_default',      '2026-11-07 12:00', '2026-11-07 12:20'),
  ('2026-11-21', 'newest-wins',   7, 'P2', 'Gamma', 'resolved',     'low',  null,   'incident_default',      '2026-11-07 12:00', '2026-11-07 12:20'),
  ('2026-11-21', 'unplanned',     9, null, null,    'resolved',     'low',  null,   'unplanned_outage',      '2026-11-09 12:00', '2026-11-09 13:00'),
  ('2026-11-21', 'drill',         8, 'P2', 'Gamma', 'resolved',     'low',  null,   'fire drill',            '2026-11-08 12:00', '2026-11-08 12:20');
insert into pagerduty.incident_log_entries (date, log_entry_id, incident_id, entry_type, created_at, channel, agent_kind) values
  ('2026-11-21', 'a1', 'reopened',    'trigger',     '2026-10-31 23:50', 'api',     'service'),
  ('2026-11-21', 'a2', 'reopened',    'escalate',    '2026-11-01 00:05', 'timeout', 'service'),
  ('2026-11-20', 'a3', 'reopened',    'acknowledge', '2026-11-01 00:10', 'mobile',  'user'),
  ('2026-11-21', 'a3', 'reopened',    'acknowledge', '2026-11-01 00:10', 'mobile',  'user'),
  ('2026-11-21', 'a4', 'reopened',    'resolve',     '2026-11-01 00:50', 'api',     'service'),
  ('2026-11-21', 'a5', 'reopened',    'reopen',      '2026-11-01 01:00', 'website', 'user'),
  ('2026-11-21', 'a6', 'reopened',    'acknowledge', '2026-11-01 01:10', 'mobile',  'user'),
  ('2026-11-21', 'a7', 'reopened',    'resolve',     '2026-11-01 02:50', 'mobile',  'user'),
  ('2026-11-21', 'b1', 'open-again',  'trigger',     '2026-11-03 09:00', 'api',     'service'),
  ('2026-11-21', 'b2', 'open-again',  'resolve',     '2026-11-03 10:00', 'api',     'service'),
  ('2026-11-21', 'b3', 'open-again',  'trigger',     '2026-11-03 11:00', 'api',     'service'),
  ('2026-11-21', 'c1', 'backwards',   'trigger',     '2026-11-04 12:00', 'api',     'service'),
  ('2026-11-21', 'c2', 'backwards',   'acknowledge', '2026-11-04 11:59', 'mobile',  'user'),
  ('2026-11-21', 'c3', 'backwards',   'resolve',     '2026-11-04 12:30', 'timeout', null),
  ('2026-11-21', 'd1', 'planned',     'trigger',     '2026-11-05 12:00', 'api',     'service'),
  ('2026-11-21', 'd2', 'planned',     'resolve',     '2026-11-05 14:00', 'website', 'user'),
  ('2026-11-21', 'e1', 'at-once',     'trigger',     '2026-11-06 12:00', 'api',     'service'),
  ('2026-11-21', 'e2', 'at-once',     'resolve',     '2026-11-06 12:00', 'api',     'service'),
  ('2026-11-21', 'f1', 'newest-wins', 'trigger',     '2026-11-07 12:00', 'api',     'service'),
  ('2026-11-21', 'f2', 'newest-wins', 'resolve',     '2026-11-07 12:20', 'odd',     null),
  ('2026-11-21', 'g1', 'drill',       'trigger',     '2026-11-08 12:00', 'website', 'user'),
  ('2026-11-21', 'g2', 'drill',       'resolve',     '2026-11-08 12:20', 'website', 'user');
-- Five more of one service in September, acknowledged after 1 to 5 minutes and resolved after 10 to 50.
insert into pagerduty.incidents (date, incident_id, service_id, urgency, created_at, changed_at)
  select '2026-11-21', 'many-' || n, 'P2', 'low', '2026-09-10 10:00', '2026-09-10 11:00' from range(1, 6) as numbers (n);
insert into pagerduty.incident_log_entries (date, log_entry_id, incident_id, entry_type, created_at, agent_kind)
  select '2026-11-21', 'm-' || entry_type || n, 'many-' || n, entry_type, cast(strftime(timestamp '2026-09-10 10:00:00' + to_minutes(cast(n * factor as bigint)), '%Y-%m-%d %H:%M:%S+00') as timestamptz), 'user'
  from range(1, 6) as numbers (n) cross join (values ('trigger', 0), ('acknowledge', 1), ('resolve', 10)) as entries (entry_type, factor);

insert into datadog.incidents (date, incident_id, public_id, severity, state, customer_impact_started_at, customer_impact_ended_at, detected_at, declared_at, created_at, resolved_at, archived_at, modified_at, services, teams) values
  ('2026-11-21', 'felt',       1, 'SEV-0',   'resolved', '2026-11-10 00:00', '2026-11-10 01:00', '2026-11-10 00:05', '2026-11-10 00:10', '2026-11-10 00:11', '2026-11-10 02:00', null,         '2026-11-10', ['Alpha-Prod', 'stranger', 'alpha'], ['Night Watch', 'night_watch']),
  ('2026-11-21', 'taken-back', 2, 'SEV-3',   'stable',   null,               null,               null,               '2026-11-11 00:10', '2026-11-11 00:11', '2026-11-11 02:00', null,         '2026-11-11', ['gamma'], []),
  ('2026-11-21', 'trial',      3, 'SEV-2',   'resolved', null,               null,               null,               null,               '2026-11-12 00:11', '2026-11-12 02:11', null,         '2026-11-12', [],        []),
  ('2026-11-21', 'put-away',   4, 'UNKNOWN', 'looking',  null,               null,               '2026-11-13 00:10', '2026-11-13 00:00', '2026-11-13 00:11', null,               '2026-11-14', '2026-11-14', [],        []),
  ('2026-11-21', 'no-end',     5, 'SEV-5',   'resolved', '2026-11-30 23:59', '2026-11-30 23:00', null,               null,               '2026-12-01 00:00', null,               null,         '2026-12-01', [],        []);
update datadog.incidents set is_test = incident_id = 'trial';

-- expect fct_incidents where incident_id not like 'many-%': source, incident_id, kind, severity, severity_rule, severity_name, services, n_unknown_services, teams, opened_month, is_open, is_auto_resolved, n_escalations, n_reopened, has_log
values
  ('pagerduty', 'reopened',    'incident',    1,    'priority', 'p1',      ['alpha', 'beta'],     0, ['keepers', 'night-watch'], '2026-10-01', false, false, 1,    1,    true),
  ('pagerduty', 'no-log',      'incident',    2,    'urgency',  'high',    ['Other'],             1, [],                         '2026-11-01', false, null,  null, null, false),
  ('pagerduty', 'open-again',  'incident',    4,    'urgency',  'low',     [],                    0, [],                         '2026-11-01', true,  null,  0,    1,    true),
  ('pagerduty', 'backwards',   'incident',    null, null,       'odd',     ['gamma'],             0, ['keepers'],                '2026-11-01', false, true,  0,    0,    true),
  ('pagerduty', 'planned',     'maintenance', 4,    'urgency',  'low',     ['gamma'],             0, ['keepers'],                '2026-11-01', false, false, 0,    0,    true),
  ('pagerduty', 'at-once',     'incident',    2,    'priority', 'sev2',    ['gamma'],             0, ['keepers'],                '2026-11-01', false, true,  0,    0,    true),
  ('pagerduty', 'newest-wins', 'incident',    4,    'urgency',  'low',     ['gamma'],             0, ['keepers'],                '2026-11-01', false, null,  0,    0,    true),
  ('pagerduty', 'drill',       'test',        4,    'urgency',  'low',     ['gamma'],             0, ['keepers'],                '2026-11-01', false, false, 0,    0,    true),
  ('pagerduty', 'unplanned',   'incident',    4,    'urgency',  'low',     [],                    0, [],                         '2026-11-01', false, null,  null, null, false),
  ('datadog',   'felt',        'incident',    1,    'severity', 'sev-0',   ['alpha', 'stranger'], 1, ['night-watch'],            '2026-11-01', false, null,  null, null, null),
  ('datadog',   'taken-back',  'incident',    3,    'severity', 'sev-3',   ['gamma'],             0, ['keepers'],                '2026-11-01', true,  null,  null, null, null),
  ('datadog',   'trial',       'test',        2,    'severity', 'sev-2',   [],                    0, [],                         '2026-11-01', false, null,  null, null, null),
  ('datadog',   'put-away',    'incident',    null, 'severity', 'unknown', [],                    0, [],                         '2026-11-01', false, null,  null, null, null),
  ('datadog',   'no-end',      'incident',    5,    'severity', 'sev-5',   [],                    0, [],                         '2026-11-01', false, null,  null, null, null);

-- expect fct_incidents where incident_id not like 'many-%': incident_id, opened_at, acknowledged_at, mitigated_at, resolved_at, minutes_to_acknowledge, minutes_to_mitigate, minutes_to_resolve, has_negative_time, is_test, counts_for_mttr
values
  ('reopened',    '2026-10-31 23:50', '2026-11-01 00:10', null,               '2026-11-01 02:50', 20,   null, 180,  false, false, true),
  ('no-log',      '2026-11-02 10:00', null,               null,               null,               null, null, null, false, false, false),
  ('open-again',  '2026-11-03 09:00', null,               null,               null,               null, null, null, false, false, false),
  ('backwards',   '2026-11-04 12:00', '2026-11-04 11:59', null,               '2026-11-04 12:30', null, null, 30,   true,  false, true),
  ('planned',     '2026-11-05 12:00', null,               null,               '2026-11-05 14:00', null, null, 120,  false, false, false),
  ('at-once',     '2026-11-06 12:00', null,               null,               '2026-11-06 12:00', null, null, 0,    false, false, true),
  ('newest-wins', '2026-11-07 12:00', null,               null,               '2026-11-07 12:20', null, null, 20,   false, false, true),
  ('drill',       '2026-11-08 12:00', null,               null,               '2026-11-08 12:20', null, null, 20,   false, true,  false),
  ('unplanned',   '2026-11-09 12:00', null,               null,               null,               null, null, null, false, false, false),
  ('felt',        '2026-11-10 00:00', null,               '2026-11-10 01:00', '2026-11-10 02:00', null, 60,   120,  false, false, true),
  ('taken-back',  '2026-11-11 00:10', null,               null,               null,               null, null, null, false, false, false),
  ('trial',       '2026-11-12 00:11', null,               null,               '2026-11-12 02:11', null, null, 120,  false, true,  false),
  ('put-away',    '2026-11-13 00:10', null,               null,               null,               null, null, null, false, false, false),
  ('no-end',      '2026-11-30 23:59', null,               '2026-11-30 23:00', null,               null, null, null, true,  false, false);

-- The incident of alpha and beta counts for each, and once for all.
-- expect incident-volume where source = 'pagerduty': month, subject_id, owner_team, n_incidents, n_severity_1, n_severity_2, n_severity_3_to_5, n_severity_unknown, n_open, n_auto_resolved, n_maintenance, n_test, mtta_p50_minutes, n_mtta, mttr_p50_minutes, n_mttr
values
  ('2026-09-01', '(all)',        null,          5, 0, 0, 5, 0, 0, 0, 0, 0, 3,    5, 30,   5),
  ('2026-09-01', 'gamma',        'keepers',     5, 0, 0, 5, 0, 0, 0, 0, 0, 3,    5, 30,   5),
  ('2026-10-01', '(all)',        null,          1, 1, 0, 0, 0, 0, 0, 0, 0, null, 1, null, 1),
  ('2026-10-01', 'alpha',        'night-watch', 1, 1, 0, 0, 0, 0, 0, 0, 0, null, 1, null, 1),
  ('2026-10-01', 'beta',         'keepers',     1, 1, 0, 0, 0, 0, 0, 0, 0, null, 1, null, 1),
  ('2026-11-01', '(all)',        null,          6, 0, 2, 3, 1, 1, 2, 1, 1, null, 0, null, 3),
  ('2026-11-01', 'gamma',        'keepers',     3, 0, 1, 1, 1, 0, 2, 1, 1, null, 0, null, 3),
  ('2026-11-01', 'Other',        null,          1, 0, 1, 0, 0, 0, 0, 0, 0, null, 0, null, 0),
  ('2026-11-01', '(no service)', null,          2, 0, 0, 2, 0, 1, 0, 0, 0, null, 0, null, 0);
set variable "team" = 'keepers';
set variable "source" = 'pagerduty';

-- expect incident-volume: source, month, subject_id, n_incidents
values ('pagerduty', '2026-09-01', 'gamma', 5), ('pagerduty', '2026-10-01', 'beta', 1), ('pagerduty', '2026-11-01', 'gamma', 3);
set variable "team" = null;
set variable "source" = null;
set variable "service" = 'alpha';

-- expect incident-volume: source, month, subject_id, n_incidents
values ('pagerduty', '2026-10-01', 'alpha', 1), ('datadog', '2026-11-01', 'alpha', 1);
