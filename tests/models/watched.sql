-- What watches services and who is called about them, case by case and worked out by hand, where everything could be read. The dates built
-- are 2026-11-20 and 2026-11-21.

alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table pagerduty.services alter column status set default 'active';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'),       ('2026-11-21', '2026-11-21', 'catalog', 'teams', 'services.yaml'),
  ('2026-11-21', '2026-11-21', 'github', 'teams', 'works'),                   ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog'),
  ('2026-11-21', '2026-11-21', 'datadog', 'monitors', 'datadog'),             ('2026-11-21', '2026-11-21', 'datadog', 'downtimes', 'datadog'),
  ('2026-11-20', '2026-11-20', 'datadog', 'slos', 'datadog'),                 ('2026-11-21', '2026-11-21', 'datadog', 'slos', 'datadog'),
  ('2026-11-20', '2026-11-20', 'datadog', 'slo_history', 'datadog'),          ('2026-11-21', '2026-11-21', 'datadog', 'synthetic_tests', 'datadog'),
  ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty'),         ('2026-11-21', '2026-11-21', 'pagerduty', 'oncalls', 'pagerduty');
update almanac.outcomes set run_id = '01A' || logical_date;

insert into catalog.services (date, entity_ref, name, owner_ref, tier, pagerduty_service_id) values
  ('2026-11-21', 'component:default/alpha',   'alpha',   'group:default/night-watch', '1',  'P1'),
  ('2026-11-21', 'component:default/beta',    'beta',    'group:default/keepers',     '2',  'P2'),
  ('2026-11-21', 'component:default/gamma',   'gamma',   'user:default/p1',           null, 'P404'),
  ('2026-11-21', 'component:default/delta',   'delta',   'group:default/keepers',     null, 'P3'),
  ('2026-11-21', 'component:default/epsilon', 'epsilon', 'group:default/keepers',     null, 'P4'),
  ('2026-11-21', 'component:default/zeta',    'zeta',    'group:default/keepers',     null, 'P5');
insert into catalog.services (date, entity_ref, name, owner_ref, component_type) values ('2026-11-21', 'component:default/lib', 'lib', 'group:default/keepers', 'library');
insert into catalog.teams (date, entity_ref, name) values ('2026-11-21', 'group:default/night-watch', 'night-watch'), ('2026-11-21', 'group:default/keepers', 'keepers');

-- Monitor 3 is silent no longer; of 4, the downtime ends last; of 5, the downtime is still to come; 9 is silenced by its scope; 99 is gone.
-- Datadog numbers the downtimes of 13 to 16, and lists them by other ids: 13 has the tags of d4, 14 is the one of d5, and nothing tells of 15 or 16.
insert into datadog.monitors (date, monitor_id, name, tags, is_muted, muted_until, muted_scopes, downtime_ids, notification_kinds, overall_state) values
  ('2026-11-21', 1,  'm1',  map {'team': 'Night_Watch', 'service': 'alpha'}, false, null,               [],              [],     ['pagerduty', 'slack'], 'OK'),
  ('2026-11-21', 2,  'm2',  map {'service': 'beta'},                         true,  null,               [],              [],     ['slack'],              'Alert'),
  ('2026-11-21', 3,  'm3',  map {'service': 'beta'},                         true,  '2026-11-21 05:00', [],              [],     ['slack'],              'OK'),
  ('2026-11-21', 4,  'm4',  map {'service': 'BETA'},                         true,  '2026-11-22 00:00', [],              ['d1'], ['webhook'],            'OK'),
  ('2026-11-21', 5,  'm5',  map {'service': 'gamma'},                        false, null,               [],              ['d2'], [],                     'OK'),
  ('2026-11-21', 6,  'm6',  map {'team': 'Ghosts', 'service': 'stranger'},   false, null,               [],              [],     ['user'],               null),
  ('2026-11-21', 7,  'm7',  map {'service': 'beta,alpha'},                   false, null,               ['env:staging'], [],     ['other'],              'OK'),
  ('2026-11-21', 8,  'm8',  map {'env': ''},                                 false, null,               [],              [],     ['email'],              'No Data'),
  ('2026-11-21', 9,  'm9',  map {'service': 'alpha'},                        false, '2026-11-21 12:00', ['*'],           [],     ['pagerduty'],          'OK'),
  ('2026-11-21', 10, 'm10', map {'team': 'b,a'},                             false, null,               [],              [],     ['opsgenie'],           'OK'),
  ('2026-11-21', 11, 'm11', map {'service': 'alpha,stranger', 'team': ''},   false, null,               [],              [],     ['teams'],              'OK'),
  ('2026-11-21', 12, 'm12', map {'service': 'stranger'},                     false, null,               [],              [],     ['teams'],              'OK'),
  ('2026-11-21', 13, 'm13', map {'service': 'Iota,kappa', 'env': 'prod'},     false, null,               [],              ['29'], ['teams'],              'OK'),
  ('2026-11-21', 14, 'm14', map {'env': 'PROD'},                             false, null,               [],              ['30'], ['teams'],              'OK'),
  ('2026-11-21', 15, 'm15', map {'service': 'iota'},                         false, null,               [],              ['31'], ['teams'],              'OK'),
  ('2026-11-21', 16, 'm16', map {},                                          true,  '2026-11-22 00:00', [],              ['32'], ['teams'],              'OK'),
  ('2026-11-20', 99, 'm99', map {'service': 'delta'},                        true,  null,               [],              [],     ['pagerduty'],          'OK');
insert into datadog.downtimes (date, downtime_id, status, monitor_id, ends_at) values
  ('2026-11-21', 'd1', 'active', null, '2026-11-23 00:00'), ('2026-11-21', 'd2', 'scheduled', 5, '2026-11-30 00:00'), ('2026-11-21', 'd3', 'active', 8, null),
  ('2026-11-21', 'd5', 'active', 14, '2026-11-24 00:00'), ('2026-11-20', 'd2', 'active', 5, null);
insert into datadog.downtimes (date, downtime_id, status, monitor_tags, ends_at) values ('2026-11-21', 'd4', 'active', ['service:iota', 'env:prod'], null);

insert into datadog.slos (date, slo_id, name, tags, created_at) values
  ('2026-11-20', 's1', 'one',   map {'service': 'alpha', 'team': 'old_team'},    '2026-01-01'),
  ('2026-11-21', 's1', 'one',   map {'service': 'alpha', 'team': 'night-watch'}, '2026-01-01'),
  ('2026-11-21', 's2', 'two',   map {'service': 'beta'},                         '2026-01-01'),
  ('2026-11-21', 's3', 'three', map {},                                          '2026-11-20 23:59'),
  ('2026-11-21', 's4', 'four',  map {},                                          '2026-11-21 00:00');
insert into datadog.slo_history (date, slo_id, slo_name, state, sli_value, target) values
  ('2026-11-13', 's1', 'one', 'breached', 98.0, 99.9), ('2026-11-14', 's1', 'one', 'warning', 99.91, 99.9), ('2026-11-20', 's1', 'one', 'ok', 100, 99.9),
  ('2026-11-20', 's2', 'two', 'no_data', null, 99.9),  ('2026-08-22', 's5', 'five', 'ok', 100, 99),         ('2026-11-20', 's5', 'five', 'breached', 98, 99);
insert into datadog.synthetic_tests (date, public_id, status, tags) values
  ('2026-11-21', 't1', 'live', map {'service': 'alpha'}), ('2026-11-21', 't2', 'paused', map {'service': 'beta'}), ('2026-11-20', 't3', 'live', map {'service': 'gamma'});

insert into pagerduty.services (date, service_id, name, status, escalation_policy_id) values
  ('2026-11-21', 'P1', 'Alpha', 'active', 'E1'), ('2026-11-21', 'P2', 'Beta', 'critical', 'E2'), ('2026-11-21', 'P3', 'Delta', 'active', null),
  ('2026-11-21', 'P4', 'Epsilon', 'disabled', 'E1'), ('2026-11-21', 'P5', 'Zeta', 'active', 'E9'), ('2026-11-20', 'P404', 'Gamma', 'active', 'E1');
insert into pagerduty.oncalls (date, escalation_policy_id, name, level, on_call, is_covered, gap_seconds, next_gap_at) values
  ('2026-11-21', 'E1', 'first',  1, 1, true,  0,      null),
  ('2026-11-21', 'E1', 'first',  2, 0, false, 604800, '2026-11-21 06:00'),
  ('2026-11-21', 'E2', 'second', 1, 2, true,  5400,   '2026-11-23 22:30');

-- expect fct_monitor_health: monitor_id, services, unknown_services, service, team, owner_source, is_owned, is_team_described, is_muted, is_muted_by_downtime, is_muted_without_end, muted_until, is_partly_muted
values
  (1,  ['alpha'],         [],           'alpha', 'night-watch', 'tag',     true,  true,  false, false, false, null,               false),
  (2,  ['beta'],          [],           'beta',  'keepers',     'service', true,  true,  true,  false, true,  null,               false),
  (3,  ['beta'],          [],           'beta',  'keepers',     'service', true,  true,  false, false, false, null,               false),
  (4,  ['beta'],          [],           'beta',  'keepers',     'service', true,  true,  true,  true,  false, '2026-11-23 00:00', false),
  (5,  ['gamma'],         [],           'gamma', null,          null,      null,  null,  false, false, false, null,               false),
  (6,  [],                ['stranger'], null,    'ghosts',      'tag',     true,  false, false, false, false, null,               false),
  (7,  ['alpha', 'beta'], [],           null,    null,          'service', true,  null,  false, false, false, null,               true),
  (8,  [],                [],           null,    null,          null,      false, null,  true,  true,  true,  null,               false),
  (9,  ['alpha'],         [],           'alpha', 'night-watch', 'service', true,  true,  true,  false, false, '2026-11-21 12:00', false),
  (10, [],                [],           null,    null,          'tag',     true,  null,  false, false, false, null,               false),
  (11, ['alpha'],         ['stranger'], null,    'night-watch', 'service', true,  true,  false, false, false, null,               false),
  (12, [],                ['stranger'], null,    null,          null,      false, null,  false, false, false, null,               false),
  (13, [],                ['iota', 'kappa'], null, null,        null,      false, null,  true,  true,  true,  null,               false),
  (14, [],                [],           null,    null,          null,      false, null,  true,  true,  false, '2026-11-24 00:00', false),
  (15, [],                ['iota'],     null,    null,          null,      false, null,  true,  true,  null,  null,               false),
  (16, [],                [],           null,    null,          null,      false, null,  true,  true,  null,  null,               false);

-- expect fct_monitor_health where env is not null: monitor_id, env
values (13, 'prod'), (14, 'prod');

-- expect fct_monitor_health where has_paging_target or not has_target or is_no_data: monitor_id, has_target, has_paging_target, is_no_data
values (1, true, true, false), (5, false, false, false), (8, true, false, true), (9, true, true, false), (10, true, true, false);

-- expect fct_service_monitoring: service, n_monitors, has_paging_monitor, n_paging_monitors, n_muted_monitors, has_heard_paging_monitor, has_slo, n_slos, has_synthetics, n_synthetics, n_live_synthetics, on_call_status, on_call_covered, gap_hours
values
  ('alpha',   4, true,  2, 1, true,  true,  1, true,  1, 1, 'covered',              true,  0),
  ('beta',    4, false, 0, 2, false, true,  1, false, 1, 0, 'gap',                  false, 1.5),
  ('gamma',   1, false, 0, 0, false, false, 0, false, 0, 0, 'not_found',            false, null),
  ('delta',   0, false, 0, 0, false, false, 0, false, 0, 0, 'no_policy',            false, null),
  ('epsilon', 0, false, 0, 0, false, false, 0, false, 0, 0, 'disabled',             false, 0),
  ('zeta',    0, false, 0, 0, false, false, 0, false, 0, 0, 'unknown',              null,  null),
  ('lib',     0, false, 0, 0, false, false, 0, false, 0, 0, 'no_pagerduty_service', false, null);

-- expect fct_on_call_coverage: escalation_policy_id, level, has_gap, gap_hours, n_pagerduty_services, services
values ('E1', 1, false, 0, 1, ['alpha']), ('E1', 2, true, 168, 1, ['alpha']), ('E2', 1, true, 1.5, 1, ['beta']);

-- 2026-11-13 is the eighth day back from 2026-11-20, and 2026-08-22 the ninety-first. Objective 4 was made when the day was over.
-- expect fct_slo_attainment: slo_id, day, state, is_breached, service, team, n_days_7d, n_ok_7d, n_breached_7d, n_no_data_7d, n_days_30d, n_breached_30d, n_days_90d, is_newest_day
values
  ('s1', '2026-11-13', 'breached', true,  'alpha', 'old-team', 1, 0, 1, 0, 1, 1, 1, false),
  ('s1', '2026-11-14', 'warning',  false, 'alpha', 'old-team', 2, 1, 1, 0, 2, 1, 2, false),
  ('s1', '2026-11-20', 'ok',       false, 'alpha', 'old-team', 2, 2, 0, 0, 3, 1, 3, true),
  ('s2', '2026-11-20', 'no_data',  null,  'beta',  'keepers',  1, 0, 0, 1, 1, 0, 1, true),
  ('s3', '2026-11-20', 'not_read', null,  null,    null,       0, 0, 0, 0, 0, 0, 0, true),
  ('s5', '2026-08-22', 'ok',       false, null,    null,       1, 1, 0, 0, 1, 0, 1, false),
  ('s5', '2026-11-20', 'breached', true,  null,    null,       1, 0, 1, 0, 1, 1, 1, true);

-- expect slo-breaches: status, subject_id, source_completeness
values ('breached', 's5', 'partial'), ('breached_recently', 's1', 'partial'), ('no_data', 's2', 'partial'), ('not_visible', 's3', 'none');

-- expect services-without-slo: status, subject_id, has_monitors, as_of_date
values
  ('without_slo', 'gamma', true, '2026-11-21'), ('without_slo', 'delta', false, '2026-11-21'), ('without_slo', 'epsilon', false, '2026-11-21'), ('without_slo', 'zeta', false, '2026-11-21');

-- expect services-without-synthetics: status, subject_id
values
  ('without_synthetics', 'beta'), ('without_synthetics', 'gamma'), ('without_synthetics', 'delta'), ('without_synthetics', 'epsilon'), ('without_synthetics', 'zeta');

-- expect muted-monitors: status, subject_id, owner_team, muted_until, source_completeness
values
  ('muted_without_end', '2', 'keepers', null, 'complete'), ('muted_without_end', '8', null, null, 'complete'), ('muted', '4', 'keepers', '2026-11-23 00:00', 'complete'),
  ('muted', '9', 'night-watch', '2026-11-21 12:00', 'complete'), ('muted_without_end', '13', null, null, 'complete'), ('muted', '14', null, '2026-11-24 00:00', 'complete'),
  ('muted', '15', null, null, 'complete'), ('muted', '16', null, null, 'complete'), ('partly_muted', '7', null, null, 'complete');

-- expect on-call-gaps: status, subject_type, subject_id, level, next_gap_at
values
  ('gap', 'service', 'beta', null, '2026-11-23 22:30'), ('not_found', 'service', 'gamma', null, null), ('no_policy', 'service', 'delta', null, null), ('disabled', 'service', 'epsilon', null, null),
  ('not_visible', 'service', 'zeta', null, null), ('gap', 'escalation_policy', 'E1', 2, '2026-11-21 06:00'), ('gap', 'escalation_policy', 'E2', 1, '2026-11-23 22:30');

-- expect service-coverage: policy_id, services, in_order, not_in_order, not_visible
values
  ('services-without-slo', 6, 2, 4, 0), ('services-without-synthetics', 6, 1, 5, 0), ('on-call-gaps', 6, 1, 4, 1), ('muted-monitors', 6, 1, 5, 0), ('owned', 6, 5, 0, 1);

-- Of 16 monitors seven are heard, be it by those who are called elsewhere; 8 has no data either. Nobody is called about five of the six services that run.
-- expect lost-alerts: status, subject_type, subject_id, n_ways, n_monitors
values
  ('no_paging_monitor', 'service', 'beta', 1, null), ('no_paging_monitor', 'service', 'gamma', 1, null), ('no_paging_monitor', 'service', 'delta', 1, null), ('no_paging_monitor', 'service', 'epsilon', 1, null),
  ('no_paging_monitor', 'service', 'zeta', 1, null), ('notifies_nobody', 'monitor', '5', 1, 1), ('silenced', 'monitor', '2', 1, 1), ('silenced', 'monitor', '4', 1, 1), ('silenced', 'monitor', '8', 2, 1),
  ('silenced', 'monitor', '9', 1, 1), ('silenced', 'monitor', '13', 1, 1), ('silenced', 'monitor', '14', 1, 1), ('silenced', 'monitor', '15', 1, 1), ('silenced', 'monitor', '16', 1, 1),
  ('in_order', 'monitors', '(in order)', 0, 7);

-- expect wake-up-monitors: status, subject_id, services, calls, on_call_status
values ('wakes', '1', 'alpha', 'pagerduty', 'covered'), ('silenced', '9', 'alpha', 'pagerduty', 'covered'), ('called_elsewhere', '10', null, 'opsgenie', null);

-- Of the objective s5 no service is known; that of beta had nothing to measure, and that of alpha was breached a week ago.
-- expect service-slos: status, subject_id, slo_id, n_breached_30d, n_no_data_30d, n_days_30d, source_completeness
values
  ('breached_recently', 'alpha', 's1', 1, 0, 3, 'partial'), ('no_data', 'beta', 's2', 0, 1, 1, 'partial'), ('without_slo', 'gamma', null, null, null, null, 'complete'),
  ('without_slo', 'delta', null, null, null, null, 'complete'), ('without_slo', 'epsilon', null, null, null, null, 'complete'), ('without_slo', 'zeta', null, null, null, null, 'complete');

-- Incidents were never read; 2 alerts.
-- expect recent-errors: status, subject_id, n_open_incidents, n_alerting_monitors, n_breached_slos, source_completeness
values
  ('errors', 'beta', null, 1, 0, 'partial'), ('not_visible', 'alpha', null, 0, 0, 'none'), ('not_visible', 'gamma', null, 0, null, 'none'), ('not_visible', 'delta', null, 0, null, 'none'),
  ('not_visible', 'epsilon', null, 0, null, 'none'), ('not_visible', 'zeta', null, 0, null, 'none');

-- expect adoption where practice in ('slo', 'on_call') and team in ('(all)', '(no team)', 'keepers'): practice, team, n_subjects, n_with, n_without, n_unknown, share, round(share_low, 6), round(share_high, 6)
values
  ('slo', '(all)', 6, 2, 4, 0, 0.3333333333333333, 0.333333, 0.333333), ('slo', 'keepers', 4, 1, 3, 0, null, null, null), ('slo', '(no team)', 1, 0, 1, 0, null, null, null),
  ('on_call', '(all)', 6, 1, 4, 1, 0.2, 0.166667, 0.333333), ('on_call', 'keepers', 4, 0, 3, 1, null, null, null), ('on_call', '(no team)', 1, 0, 1, 0, null, null, null);
set variable "team" = 'keepers';
set variable "practice" = 'slo';

-- What is asked of one team, and then of one service: of 7 and of the objectives s3 and s5 no one team is known, and they may be keepers' own. 8 and 13 to 16 are nobody's.
-- expect services-without-slo: status, subject_id
values ('without_slo', 'delta'), ('without_slo', 'epsilon'), ('without_slo', 'zeta');

-- expect services-without-synthetics: status, subject_id
values ('without_synthetics', 'beta'), ('without_synthetics', 'delta'), ('without_synthetics', 'epsilon'), ('without_synthetics', 'zeta');

-- expect muted-monitors: status, subject_id
values ('muted_without_end', '2'), ('muted', '4'), ('partly_muted', '7');

-- expect slo-breaches: status, subject_id
values ('breached', 's5'), ('no_data', 's2'), ('not_visible', 's3');

-- expect on-call-gaps: status, subject_type, subject_id, level
values
  ('gap', 'service', 'beta', null), ('no_policy', 'service', 'delta', null), ('disabled', 'service', 'epsilon', null), ('not_visible', 'service', 'zeta', null), ('gap', 'escalation_policy', 'E2', 1);

-- expect service-coverage: policy_id, services, in_order, not_in_order, not_visible
values
  ('services-without-slo', 4, 1, 3, 0), ('services-without-synthetics', 4, 0, 4, 0), ('on-call-gaps', 4, 0, 3, 1), ('muted-monitors', 4, 0, 4, 0), ('owned', 4, 4, 0, 0);

-- expect adoption: practice, team, n_subjects
values ('slo', 'keepers', 4), ('github.repositories', null, null);

-- In order is 3, and so are 7 and 10, which are of two teams each.
-- expect lost-alerts where subject_type <> 'service': status, subject_id, n_monitors
values ('notifies_nobody', '5', 1), ('silenced', '2', 1), ('silenced', '4', 1), ('in_order', '(in order)', 3);

-- expect wake-up-monitors: status, subject_id
values ('called_elsewhere', '10');

-- expect service-slos where status <> 'without_slo': status, subject_id, slo_id
values ('no_data', 'beta', 's2');
set variable "team" = null;
set variable "service" = 'alpha';

-- expect wake-up-monitors: status, subject_id
values ('wakes', '1'), ('silenced', '9');

-- expect lost-alerts: status, subject_id, n_monitors
values ('silenced', '9', 1), ('in_order', '(in order)', 3);

-- expect service-slos: status, subject_id, slo_id
values ('breached_recently', 'alpha', 's1');

-- expect recent-errors: status, subject_id
values ('not_visible', 'alpha');
set variable "service" = 'beta';

-- expect nothing of services-without-slo: subject_id

-- expect services-without-synthetics: status, subject_id
values ('without_synthetics', 'beta');

-- expect muted-monitors: status, subject_id
values ('muted_without_end', '2'), ('muted', '4'), ('partly_muted', '7');

-- expect slo-breaches: status, subject_id
values ('no_data', 's2');

-- expect on-call-gaps: status, subject_type, subject_id, level
values ('gap', 'service', 'beta', null), ('gap', 'escalation_policy', 'E2', 1);
