-- What changes between snapshots mean, and whom they concern, case by case. The dates built are 2026-11-20 and 2026-11-21.

alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.snapshot_changes alter column change set default 'changed';
alter table almanac.snapshot_changes alter column previous_date set default '2026-11-20';
alter table almanac.snapshot_changes alter column days_between set default 1;

-- Monitors could not be read on the second day, SLOs were held back, rulesets are new to us, synthetic tests were not read since the day before.
insert into almanac.outcomes (date, logical_date, run_id, source, table_name, parent, status, detail) values
  ('2026-11-20', '2026-11-20', '01A', 'github',  'repositories',    'sea',      'ok',        null),                         ('2026-11-21', '2026-11-21', '01B', 'github',  'repositories',    'sea',      'ok',        null),
  ('2026-11-20', '2026-11-20', '01A', 'github',  'repository_files', 'sea/a',   'ok',        null),                         ('2026-11-21', '2026-11-21', '01B', 'github',  'repository_files', 'sea/a',   'ok',        null),
  ('2026-11-20', '2026-11-20', '01A', 'github',  'repository_files', 'sea/b',   'forbidden', 'it needs Contents: read'),    ('2026-11-21', '2026-11-21', '01B', 'github',  'repository_files', 'sea/b',   'ok',        null),
  ('2026-11-19', '2026-11-19', '01@', 'datadog', 'monitors',        'account',  'ok',        null),                         ('2026-11-20', '2026-11-20', '01A', 'datadog', 'monitors',        'account',  'error',     'no answer'),
  ('2026-11-21', '2026-11-21', '01B', 'datadog', 'monitors',        'account',  'ok',        null),
  ('2026-11-20', '2026-11-20', '01A', 'datadog', 'slos',            'account',  'ok',        null),                         ('2026-11-21', '2026-11-21', '01B', 'datadog', 'slos',            'account',  'error',     'held back: 12 rows after 378'),
  ('2026-11-20', '2026-11-20', '01A', 'datadog', 'synthetic_tests', 'account',  'ok',        null),                         ('2026-11-21', '2026-11-21', '01B', 'github',  'rulesets',        'sea',      'ok',        null);

insert into github.repositories (date, repository_id, organization, name, full_name, visibility) values
  ('2026-11-20', 1, 'sea', 'a', 'sea/a', 'private'), ('2026-11-20', 2, 'sea', 'b', 'sea/b', 'private'), ('2026-11-20', 3, 'sea', 'gone', 'sea/gone', 'private'),
  ('2026-11-21', 1, 'sea', 'a', 'sea/a', 'public'),  ('2026-11-21', 2, 'sea', 'b', 'sea/b', 'private');
insert into github.repository_properties (date, repository_id, full_name, property_name, value) values
  ('2026-11-20', 1, 'sea/a', 'team', 'lamps'), ('2026-11-21', 1, 'sea/a', 'team', 'lamps'), ('2026-11-20', 3, 'sea/gone', 'team', 'tide-keepers');
insert into github.rulesets (date, ruleset_id, organization, source_type, name, enforcement) values
  ('2026-11-21', 70, 'sea', 'organization', 'everywhere', 'disabled'), ('2026-11-20', 70, 'sea', 'organization', 'everywhere', 'active'),
  ('2026-11-21', 74, 'sea', 'organization', 'main/release', 'active'), ('2026-11-20', 74, 'sea', 'organization', 'main/release', 'disabled');
insert into catalog.services (date, entity_ref, name, owner_ref, pagerduty_service_id) values
  ('2026-11-20', 'component:default/lamp', 'lamp', 'group:default/lamps', 'P1'), ('2026-11-21', 'component:default/lamp', 'lamp', null, 'P1'),
  ('2026-11-20', 'component:sea/buoy', 'buoy', 'group:default/lamps', 'P2'), ('2026-11-21', 'component:sea/buoy', 'buoy', 'group:default/tides', 'P2'),
  ('2026-11-20', 'component:default/pier', 'pier', 'group:default/lamps', null), ('2026-11-21', 'component:default/pier', 'pier', 'group:default/unknown', null);
insert into catalog.systems (date, entity_ref, name, owner_ref) values
  ('2026-11-20', 'system:default/harbour', 'harbour', 'group:default/tides'), ('2026-11-21', 'system:default/harbour', 'harbour', 'group:default/No_Owner');
insert into datadog.monitors (date, monitor_id, name, tags) values
  ('2026-11-21', 1, 'lamp is dark', map {'team': 'Lamps'}), ('2026-11-21', 2, 'tide is high', map {'team': 'a,b'}), ('2026-11-11', 11, 'foghorn', map {'team': 'lamps'}),
  ('2026-11-20', 3, 'swell', map {'team': 'tides'}), ('2026-11-20', 4, 'ebb', map {'team': 'tides'}), ('2026-11-20', 5, 'glare', map {'team': 'lamps'}),
  ('2026-11-20', 6, 'spring', map {'team': 'tides'}), ('2026-11-20', 7, 'neap', map {'team': 'none'}), ('2026-11-20', 8, 'surge', map {'team': 'tides'}),
  ('2026-11-20', 9, 'bore', map {'team': 'tides'});
insert into datadog.monitors (date, monitor_id, name, tags, downtime_ids)
select '2026-11-21', monitor_id, name, tags, case when monitor_id in (4, 5) then ['290'] else [] end from datadog.monitors where date = '2026-11-20';
-- d2 is for all monitors that it matches; of 8 another downtime was there before, which on 9 is left alone and has no end any more.
insert into datadog.downtimes (date, downtime_id, status, monitor_id, monitor_tags, ends_at) values
  ('2026-11-21', 'd1', 'active', 3, [], null), ('2026-11-21', 'd2', 'active', null, ['*'], '2026-11-30'), ('2026-11-20', 'd3', 'active', 6, [], null),
  ('2026-11-20', 'd4', 'ended', 6, [], '2026-11-19'), ('2026-11-21', 'd5', 'scheduled', 3, [], null), ('2026-11-20', 'd6', 'scheduled', 7, [], '2026-11-22'),
  ('2026-11-21', 'd6', 'active', 7, [], '2026-11-22'), ('2026-11-21', 'd7', 'active', 1, [], null), ('2026-11-21', 'd8', 'active', 8, [], '2026-11-22'),
  ('2026-11-20', 'd9', 'active', 8, [], '2026-11-23'), ('2026-11-21', 'd9', 'active', 8, [], '2026-11-23'), ('2026-11-20', 'd10', 'active', 9, [], '2026-11-22'),
  ('2026-11-21', 'd11', 'active', 9, [], null);
-- Monitors were not read on 2026-11-18: nothing tells whom d12 silenced then.
insert into datadog.downtimes (date, downtime_id, status, monitor_tags, ends_at) values
  ('2026-11-18', 'd12', 'active', ['team:lamps'], '2026-11-22'), ('2026-11-21', 'd12', 'active', ['team:lamps'], '2026-11-22');
insert into pagerduty.services (date, service_id, name, escalation_policy_id) values ('2026-11-21', 'P1', 'Lamp pages', 'E1'), ('2026-11-21', 'P2', 'Buoy pages', 'E2');
insert into pagerduty.escalation_policies (date, escalation_policy_id, name, level, target_no) values ('2026-11-21', 'E2', 'Buoys', 1, 1);

insert into almanac.snapshot_changes (date, source, table_name, key, column_name, name, before, after) values
  ('2026-11-21', 'github', 'repositories', '{"repository_id":1}', 'visibility', 'sea/a', 'private', 'public'),
  ('2026-11-21', 'github', 'repositories', '{"repository_id":1}', 'is_secret_scanning_enabled', 'sea/a', 'true', null),
  ('2026-11-21', 'github', 'repositories', '{"repository_id":1}', 'is_advanced_security_enabled', 'sea/a', 'true', null),
  ('2026-11-21', 'github', 'repositories', '{"repository_id":2}', 'viewer_can_administer', 'sea/b', 'true', 'false'),
  ('2026-11-21', 'github', 'repositories', '{"repository_id":2}', 'is_dependabot_alerts_enabled', 'sea/b', 'true', 'false'),
  ('2026-11-21', 'github', 'repositories', '{"repository_id":2}', 'is_secret_scanning_enabled', 'sea/b', 'true', null),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":1,"rule_id":9}', 'required_approving_review_count', 'sea/a', '10', '9'),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":1,"rule_id":9}', 'required_status_checks', 'sea/a', '["build","test"]', '["lint","test"]'),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":1,"rule_id":9}', 'allows_force_pushes', 'sea/a', 'false', 'true'),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":1,"rule_id":9}', 'requires_signatures', 'sea/a', 'false', 'true'),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":1,"rule_id":9}', 'push_actors', 'sea/a', '[]', '["team:lamps","user:0123456789abcdef0123456789abcdef"]'),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":2,"rule_id":8}', 'requires_approving_reviews', 'sea/b', 'true', 'false'),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":2,"rule_id":8}', 'required_approving_review_count', 'sea/b', '2', null),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":2,"rule_id":7}', 'requires_approving_reviews', 'sea/b', 'false', 'true'),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":2,"rule_id":7}', 'required_approving_review_count', 'sea/b', null, '1'),
  ('2026-11-21', 'github', 'branch_protection_rules', '{"repository_id":2,"rule_id":6}', 'required_approving_review_count', 'sea/b', '1', null),
  ('2026-11-21', 'github', 'rulesets', '{"ruleset_id":74}', 'enforcement', 'main/release', 'disabled', 'active'),
  ('2026-11-21', 'github', 'repository_properties', '{"repository_id":1,"property_name":"team"}', 'value', 'sea/a', 'lamps', 'none'),
  ('2026-11-21', 'github', 'repository_properties', '{"repository_id":1,"property_name":"team"}', 'values', 'sea/a', '["lamps"]', '["none"]'),
  ('2026-11-21', 'github', 'repository_properties', '{"repository_id":2,"property_name":"team"}', 'value', 'sea/b', 'TBD', 'lamps'),
  ('2026-11-21', 'github', 'rulesets', '{"ruleset_id":70}', 'enforcement', 'everywhere', 'active', 'disabled'),
  ('2026-11-21', 'github', 'repository_rulesets', '{"repository_id":1,"ruleset_id":70}', 'enforcement', 'sea/a', 'active', 'disabled'),
  ('2026-11-21', 'github', 'repository_properties', '{"repository_id":1,"property_name":"color"}', 'value', 'sea/a', 'red', 'blue'),
  ('2026-11-21', 'catalog', 'services', '{"entity_ref":"component:default/lamp"}', 'owner_ref', 'lamp', 'group:default/lamps', null),
  ('2026-11-21', 'catalog', 'services', '{"entity_ref":"component:sea/buoy"}', 'owner_ref', 'buoy', 'user:default/0123456789abcdef0123456789abcdef', 'user:default/fedcba9876543210fedcba9876543210'),
  ('2026-11-21', 'catalog', 'services', '{"entity_ref":"component:default/pier"}', 'owner_ref', 'pier', 'group:default/lamps', 'group:default/unknown'),
  ('2026-11-21', 'catalog', 'services', '{"entity_ref":"component:default/quay"}', 'owner_ref', 'quay', 'group:default/lamps', 'user:default/0123456789abcdef0123456789abcdef'),
  ('2026-11-21', 'catalog', 'services', '{"entity_ref":"component:default/mole"}', 'owner_ref', 'mole', 'user:default/0123456789abcdef0123456789abcdef', 'group:default/lamps'),
  ('2026-11-21', 'catalog', 'services', '{"entity_ref":"component:default/dock"}', 'owner_ref', 'dock', 'group:default/lamps', 'group:default/tides'),
  ('2026-11-21', 'catalog', 'systems', '{"entity_ref":"system:default/harbour"}', 'owner_ref', 'harbour', 'group:default/tides', 'group:default/No_Owner'),
  ('2026-11-21', 'datadog', 'service_definitions', '{"service":"lamp"}', 'team', null, 'n/a', 'lamps'),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d6"}', 'status', null, 'scheduled', 'active'),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d6"}', 'scope', null, 'env:prod', '*'),
  ('2026-11-21', 'pagerduty', 'services', '{"service_id":"P1"}', 'status', 'Lamp pages', 'active', 'critical'),
  ('2026-11-21', 'pagerduty', 'services', '{"service_id":"P2"}', 'status', 'Buoy pages', 'critical', 'disabled'),
  ('2026-11-21', 'pagerduty', 'escalation_policies', '{"escalation_policy_id":"E2","level":1,"target_no":1}', 'delay_minutes', 'Buoys', '30', '5'),
  ('2026-11-21', 'datadog', 'slos', '{"slo_id":"s\"1"}', 'target', 'Lamp burns', '99.9', '99'),
  ('2026-11-21', 'datadog', 'slos', '{"slo_id":"s\"1"}', 'target_30d', 'Lamp burns', '99.9', '99'),
  ('2026-11-21', 'datadog', 'dashboards', '{"dashboard_id":"d"}', 'title', null, 'a', 'b');
insert into almanac.snapshot_changes (date, source, table_name, key, column_name, name, before, after, previous_date, days_between) values
  ('2026-11-21', 'datadog', 'monitors', '{"monitor_id":1}', 'is_muted', 'lamp is dark', 'false', 'true', '2026-11-19', 2),
  ('2026-11-21', 'datadog', 'monitors', '{"monitor_id":1}', 'muted_until', 'lamp is dark', null, '2026-11-30T00:00:00Z', '2026-11-19', 2),
  ('2026-11-21', 'datadog', 'monitors', '{"monitor_id":1}', 'muted_scopes', 'lamp is dark', '[]', '["*"]', '2026-11-19', 2),
  ('2026-11-21', 'datadog', 'monitors', '{"monitor_id":2}', 'muted_until', 'tide is high', '2026-11-30T00:00:00Z', null, '2026-11-19', 2),
  ('2026-11-21', 'datadog', 'monitors', '{"monitor_id":2}', 'notification_kinds', 'tide is high', '["pagerduty","slack"]', '["slack"]', '2026-11-19', 2),
  ('2026-11-21', 'datadog', 'monitors', '{"monitor_id":2}', 'notification_targets', 'tide is high', '["pagerduty:p","slack:s"]', '["slack:s"]', '2026-11-19', 2);
insert into almanac.snapshot_changes (date, source, table_name, key, change, name, before, after) values
  ('2026-11-21', 'github', 'repositories', '{"repository_id":3}', 'removed', 'sea/gone', '{"visibility":"private"}', null),
  ('2026-11-21', 'github', 'repository_properties', '{"repository_id":3,"property_name":"team"}', 'removed', 'sea/gone', '{"value":"tide-keepers"}', null),
  ('2026-11-21', 'github', 'repository_files', '{"repository_id":1,"path":".github/CODEOWNERS"}', 'removed', 'sea/a', '{"codeowners_errors":"[]"}', null),
  ('2026-11-21', 'github', 'repository_files', '{"repository_id":1,"path":"docs/README.md"}', 'removed', 'sea/a', '{"codeowners_errors":"[]"}', null),
  ('2026-11-21', 'github', 'dependabot_alerts', '{"repository_id":1,"alert_number":4}', 'added', 'sea/a', null, '{"state":"open"}'),
  ('2026-11-21', 'github', 'dependabot_alerts', '{"repository_id":1,"alert_number":5}', 'added', 'sea/a', null, '{"state":"fixed"}'),
  ('2026-11-21', 'github', 'rulesets', '{"ruleset_id":71}', 'removed', 'sea/a', '{"target":"branch","enforcement":"evaluate"}', null),
  ('2026-11-21', 'github', 'rulesets', '{"ruleset_id":72}', 'removed', 'sea/a', '{"target":"branch","enforcement":"active"}', null),
  ('2026-11-21', 'github', 'repository_rulesets', '{"repository_id":1,"ruleset_id":72}', 'removed', 'sea/a', '{"enforcement":"active"}', null),
  ('2026-11-21', 'github', 'repository_rulesets', '{"repository_id":2,"ruleset_id":73}', 'removed', 'sea/b', '{"enforcement":"active"}', null),
  ('2026-11-21', 'github', 'repository_properties', '{"repository_id":2,"property_name":"pci_scope"}', 'removed', 'sea/b', '{"value":"in-scope"}', null),
  ('2026-11-21', 'github', 'repository_properties', '{"repository_id":4,"property_name":"team"}', 'removed', 'sea/d', '{"value":"unknown"}', null),
  ('2026-11-21', 'github', 'repository_properties', '{"repository_id":5,"property_name":"team"}', 'added', 'sea/e', null, '{"value":"lamps"}'),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"x"}', 'removed', null, '{"scope":"env:prod"}', null),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d1"}', 'added', null, null, '{"scope":"*"}'),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d2"}', 'added', null, null, '{"scope":"env:prod"}'),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d3"}', 'removed', null, '{"scope":"*"}', null),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d4"}', 'removed', null, '{"scope":"*"}', null),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d5"}', 'added', null, null, '{"scope":"*"}'),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d7"}', 'added', null, null, '{"scope":"*"}'),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d8"}', 'added', null, null, '{"scope":"*"}'),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d10"}', 'removed', null, '{"scope":"*"}', null),
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d11"}', 'added', null, null, '{"scope":"*"}');
insert into almanac.snapshot_changes (date, source, table_name, key, change, name, before, previous_date, days_between) values
  ('2026-11-21', 'datadog', 'monitors', '{"monitor_id":11}', 'removed', 'foghorn', '{}', '2026-11-11', 10);
insert into almanac.snapshot_changes (date, source, table_name, key, column_name, before, after, previous_date, days_between) values
  ('2026-11-21', 'datadog', 'downtimes', '{"downtime_id":"d12"}', 'scope', 'env:prod', '*', '2026-11-18', 3);
-- The day before, to be found when more days are asked for.
insert into almanac.snapshot_changes (date, source, table_name, key, column_name, name, before, after, previous_date) values
  ('2026-11-20', 'github', 'repositories', '{"repository_id":2}', 'default_branch', 'sea/b', 'master', 'main', '2026-11-19');

-- expect fct_changes where date = '2026-11-21' and source = 'github': table_name, key, column_name, kind, severity, subject_type, subject_id, team
values
  ('repositories',            '{"repository_id":1}',                                  'visibility',                      'visibility_widened',      'bad',     'repository',   'sea/a',    'lamps'),
  ('repositories',            '{"repository_id":1}',                                  'is_secret_scanning_enabled',      'sight_lost',              'bad',     'repository',   'sea/a',    'lamps'),
  ('repositories',            '{"repository_id":2}',                                  'viewer_can_administer',           'sight_lost',              'bad',     'repository',   'sea/b',    null),
  ('repositories',            '{"repository_id":3}',                                  '',                                'repository_removed',      'neutral', 'repository',   'sea/gone', 'tide-keepers'),
  ('branch_protection_rules', '{"repository_id":1,"rule_id":9}',                      'required_approving_review_count', 'protection_weakened',     'bad',     'repository',   'sea/a',    'lamps'),
  ('branch_protection_rules', '{"repository_id":1,"rule_id":9}',                      'required_status_checks',          'protection_weakened',     'bad',     'repository',   'sea/a',    'lamps'),
  ('branch_protection_rules', '{"repository_id":1,"rule_id":9}',                      'allows_force_pushes',             'protection_weakened',     'bad',     'repository',   'sea/a',    'lamps'),
  ('branch_protection_rules', '{"repository_id":1,"rule_id":9}',                      'requires_signatures',             'protection_strengthened', 'good',    'repository',   'sea/a',    'lamps'),
  ('branch_protection_rules', '{"repository_id":2,"rule_id":6}',                      'required_approving_review_count', 'protection_weakened',     'bad',     'repository',   'sea/b',    null),
  ('branch_protection_rules', '{"repository_id":2,"rule_id":7}',                      'requires_approving_reviews',      'protection_strengthened', 'good',    'repository',   'sea/b',    null),
  ('branch_protection_rules', '{"repository_id":2,"rule_id":8}',                      'requires_approving_reviews',      'protection_weakened',     'bad',     'repository',   'sea/b',    null),
  ('branch_protection_rules', '{"repository_id":1,"rule_id":9}',                      'push_actors',                     'protection_weakened',     'bad',     'repository',   'sea/a',    'lamps'),
  ('rulesets',                '{"ruleset_id":70}',                                    'enforcement',                     'protection_weakened',     'bad',     'organization', 'sea',      null),
  ('rulesets',                '{"ruleset_id":74}',                                    'enforcement',                     'protection_strengthened', 'good',    'organization', 'sea',      null),
  ('rulesets',                '{"ruleset_id":71}',                                    '',                                'protection_changed',      'neutral', 'repository',   'sea/a',    'lamps'),
  ('rulesets',                '{"ruleset_id":72}',                                    '',                                'protection_weakened',     'bad',     'repository',   'sea/a',    'lamps'),
  ('repository_rulesets',     '{"repository_id":2,"ruleset_id":73}',                  '',                                'protection_weakened',     'bad',     'repository',   'sea/b',    null),
  ('repository_properties',   '{"repository_id":1,"property_name":"color"}',          'value',                           'property_changed',        'neutral', 'repository',   'sea/a',    'lamps'),
  ('repository_properties',   '{"repository_id":1,"property_name":"team"}',           'value',                           'owner_removed',           'bad',     'repository',   'sea/a',    'lamps'),
  ('repository_properties',   '{"repository_id":2,"property_name":"team"}',           'value',                           'owner_added',             'good',    'repository',   'sea/b',    null),
  ('repository_properties',   '{"repository_id":2,"property_name":"pci_scope"}',      '',                                'pci_scope_changed',       'neutral', 'repository',   'sea/b',    null),
  ('repository_properties',   '{"repository_id":4,"property_name":"team"}',           '',                                'property_changed',        'neutral', 'repository',   'sea/d',    null),
  ('repository_properties',   '{"repository_id":5,"property_name":"team"}',           '',                                'owner_added',             'good',    'repository',   'sea/e',    null),
  ('repository_files',        '{"repository_id":1,"path":".github/CODEOWNERS"}',      '',                                'owner_removed',           'bad',     'repository',   'sea/a',    'lamps'),
  ('repository_files',        '{"repository_id":1,"path":"docs/README.md"}',          '',                                'file_removed',            'neutral', 'repository',   'sea/a',    'lamps'),
  ('dependabot_alerts',       '{"repository_id":1,"alert_number":4}',                 '',                                'alert_opened',            'bad',     'repository',   'sea/a',    'lamps'),
  ('dependabot_alerts',       '{"repository_id":1,"alert_number":5}',                 '',                                'alert_added',             'neutral', 'repository',   'sea/a',    'lamps');

-- A downtime is told of the monitors that it silences, and of none that is silent before and after; d7 is told by its monitor's own row.
-- expect fct_changes where table_name = 'downtimes': key, column_name, kind, severity, subject_type, subject_id, team
values
  ('{"downtime_id":"d1","monitor_id":3}',  '',       'monitor_muted_without_end', 'bad',     'monitor',  'swell',                 'tides'),
  ('{"downtime_id":"d2","monitor_id":4}',  '',       'monitor_muted',             'bad',     'monitor',  'ebb',                   'tides'),
  ('{"downtime_id":"d2","monitor_id":5}',  '',       'monitor_muted',             'bad',     'monitor',  'glare',                 'lamps'),
  ('{"downtime_id":"d3","monitor_id":6}',  '',       'monitor_unmuted',           'good',    'monitor',  'spring',                'tides'),
  ('{"downtime_id":"d5"}',                 '',       'downtime_added',            'neutral', 'downtime', 'swell',                 'tides'),
  ('{"downtime_id":"d6","monitor_id":7}',  'status', 'monitor_muted',             'bad',     'monitor',  'neap',                  null),
  ('{"downtime_id":"d8"}',                 '',       'downtime_added',            'neutral', 'downtime', 'surge',                 'tides'),
  ('{"downtime_id":"d11","monitor_id":9}', '',       'monitor_muted_without_end', 'bad',     'monitor',  'bore',                  'tides'),
  ('{"downtime_id":"d12"}',                'scope',  'downtime_changed',          'neutral', 'downtime', '{"downtime_id":"d12"}', null);

-- A person is not told, and owns nothing; nor does a name that stands for nobody. Whoever lost its owner belonged to the team before, however
-- long ago that was; a monitor of two teams belongs to none.
-- expect fct_changes where date = '2026-11-21' and source <> 'github' and table_name <> 'downtimes': table_name, column_name, kind, severity, subject_type, subject_id, team, before, after, days_between
values
  ('services',            'owner_ref',          'owner_removed',             'bad',     'service',           'lamp',         'lamps', 'group:default/lamps',   null,       1),
  ('services',            'owner_ref',          'owner_changed',             'neutral', 'service',           'sea/buoy',     'tides', 'user:default/somebody', 'user:default/somebody', 1),
  ('services',            'owner_ref',          'owner_removed',             'bad',     'service',           'pier',         'lamps', 'group:default/lamps',   'group:default/unknown', 1),
  ('services',            'owner_ref',          'owner_removed',             'bad',     'service',           'quay',         null,    'group:default/lamps',   'user:default/somebody', 1),
  ('services',            'owner_ref',          'owner_added',               'good',    'service',           'mole',         null,    'user:default/somebody', 'group:default/lamps', 1),
  ('services',            'owner_ref',          'owner_changed',             'neutral', 'service',           'dock',         null,    'group:default/lamps',   'group:default/tides', 1),
  ('systems',             'owner_ref',          'owner_removed',             'bad',     'system',            'harbour',      'tides', 'group:default/tides',   'group:default/No_Owner', 1),
  ('service_definitions', 'team',               'owner_added',               'good',    'service',           '{"service":"lamp"}', null, 'n/a',              'lamps',    1),
  ('services',            'status',             'paging_stopped',            'bad',     'pagerduty_service', 'Buoy pages',   'tides', 'critical',              'disabled', 1),
  ('escalation_policies', 'delay_minutes',      'escalation_changed',        'neutral', 'escalation_policy', 'Buoys',        'tides', '30',                    '5',        1),
  ('slos',                'target',             'slo_loosened',              'bad',     'slo',               'Lamp burns',   null,    '99.9',                  '99',       1),
  ('dashboards',          'title',              'unexplained',               'neutral', 'row',               '{"dashboard_id":"d"}', null, 'a',                'b',        1),
  ('monitors',            '',                   'monitor_removed',           'bad',     'monitor',           'foghorn',      'lamps', '{}',                    null,       10),
  ('monitors',            'is_muted',           'monitor_muted',             'bad',     'monitor',           'lamp is dark', 'lamps', 'false',                 'true',     2),
  ('monitors',            'muted_until',        'monitor_muted_without_end', 'bad',     'monitor',           'tide is high', null,    '2026-11-30T00:00:00Z',  null,       2),
  ('monitors',            'notification_kinds', 'alerting_weakened',         'bad',     'monitor',           'tide is high', null,    '["pagerduty","slack"]', '["slack"]', 2);

-- expect fct_watched_tables where as_of_date = '2026-11-21' and read_on is not null: source || '.' || table_name, as_of_date, read_on, previous_date, status, n_unread_parents, reason
values
  ('github.repositories',     '2026-11-21', '2026-11-21', '2026-11-20', 'compared',        0, null),
  ('github.repository_files', '2026-11-21', '2026-11-21', '2026-11-20', 'partly_compared', 1, 'not all of it was read on both dates: it needs Contents: read'),
  ('github.rulesets',         '2026-11-21', '2026-11-21', null,         'first_snapshot',  0, 'there is no earlier snapshot to compare it with'),
  ('datadog.monitors',        '2026-11-21', '2026-11-21', '2026-11-19', 'compared',        0, null),
  ('datadog.slos',            '2026-11-21', '2026-11-21', '2026-11-20', 'not_read',        1, 'held back: 12 rows after 378'),
  ('datadog.synthetic_tests', '2026-11-21', '2026-11-20', null,         'not_read',        0, 'it was last read for 2026-11-20');

-- Tables of systems that nobody reads are no gap.
-- expect what-changed where status <> 'changed' and subject_id not like 'github.%': status, subject_id, previous_date, n_tables, source_completeness, as_of_date
values
  ('compared',    '(tables compared)',           '2026-11-20', 2, 'complete', '2026-11-21'),
  ('not_visible', 'datadog.slos',                '2026-11-20', 1, 'none',     '2026-11-21'),
  ('not_visible', 'datadog.synthetic_tests',     null,         1, 'none',     '2026-11-21'),
  ('not_visible', 'datadog.downtimes',           null,         1, 'none',     '2026-11-21'),
  ('not_visible', 'datadog.service_definitions', null,         1, 'none',     '2026-11-21');

-- expect what-changed where status = 'changed' and kind like 'monitor_%muted%' and table_name = 'datadog.downtimes': subject_id, owner_team, reason
values
  ('swell',  'tides', 'a downtime silences it, or does so no longer'),
  ('ebb',    'tides', 'a downtime silences it, or does so no longer'),
  ('glare',  'lamps', 'a downtime silences it, or does so no longer'),
  ('spring', 'tides', 'a downtime silences it, or does so no longer'),
  ('neap',   null,    'a downtime silences it, or does so no longer'),
  ('bore',   'tides', 'a downtime silences it, or does so no longer');

-- expect what-changed where status = 'changed' and owner_team = 'tides' and table_name <> 'datadog.downtimes': kind, severity, subject_type, subject_id, table_name, column_name, before, after, changed_on, previous_date
values
  ('owner_removed',      'bad',     'system',            'harbour',    'catalog.systems',               'owner_ref',     'group:default/tides',   'group:default/No_Owner', '2026-11-21', '2026-11-20'),
  ('paging_stopped',     'bad',     'pagerduty_service', 'Buoy pages', 'pagerduty.services',            'status',        'critical',              'disabled',              '2026-11-21', '2026-11-20'),
  ('owner_changed',      'neutral', 'service',           'sea/buoy',   'catalog.services',              'owner_ref',     'user:default/somebody', 'user:default/somebody', '2026-11-21', '2026-11-20'),
  ('escalation_changed', 'neutral', 'escalation_policy', 'Buoys',      'pagerduty.escalation_policies', 'delay_minutes', '30',                    '5',                     '2026-11-21', '2026-11-20');

-- Only the newest day is asked for.
-- expect nothing of what-changed where kind = 'default_branch_changed': subject_id
