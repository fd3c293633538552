-- What changed, narrowed by every parameter: of what is given, one row fits them all, and others miss one each. What could not be compared stays.
-- The dates built are 2026-11-20 and 2026-11-21.
set variable "team" = 'lamps';
set variable "kind" = 'default_branch_changed';
set variable "days" = '2';

alter table github.repositories alter column visibility set default 'private';

insert into almanac.outcomes (date, logical_date, run_id, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', '01B', 'github', 'repositories', 'sea', 'ok'), ('2026-11-19', '2026-11-19', '01A', 'github', 'repositories', 'sea', 'ok');
-- Of protection one repository was not read on 2026-11-19, so that the next day tells nothing of it either; rulesets were not read on a day that
-- the next makes up for; files are new to us; secrets come to light when scanning is switched on, and code is scanned nowhere on any day.
insert into almanac.outcomes (date, logical_date, run_id, source, table_name, parent, status, detail) values
  ('2026-11-18', '2026-11-18', '01?', 'github', 'branch_protection_rules', 'sea/b', 'ok',       null), ('2026-11-19', '2026-11-19', '01@', 'github', 'branch_protection_rules', 'sea/b', 'error',    '502'),
  ('2026-11-20', '2026-11-20', '01A', 'github', 'branch_protection_rules', 'sea/b', 'ok',       null), ('2026-11-21', '2026-11-21', '01B', 'github', 'branch_protection_rules', 'sea/b', 'ok',       null),
  ('2026-11-19', '2026-11-19', '01@', 'github', 'branch_protection_rules', 'sea/a', 'ok',       null), ('2026-11-20', '2026-11-20', '01A', 'github', 'branch_protection_rules', 'sea/a', 'ok',       null),
  ('2026-11-21', '2026-11-21', '01B', 'github', 'branch_protection_rules', 'sea/a', 'ok',       null), ('2026-11-19', '2026-11-19', '01@', 'github', 'rulesets',                'sea',   'ok',       null),
  ('2026-11-20', '2026-11-20', '01A', 'github', 'rulesets',                'sea',   'error',    '502'), ('2026-11-21', '2026-11-21', '01B', 'github', 'rulesets',                'sea',  'ok',       null),
  ('2026-11-20', '2026-11-20', '01A', 'github', 'repository_files',        'sea/a', 'ok',       null), ('2026-11-21', '2026-11-21', '01B', 'github', 'repository_files',        'sea/a', 'forbidden', 'hidden'),
  ('2026-11-20', '2026-11-20', '01A', 'github', 'repository_files',        'sea/b', 'ok',       null), ('2026-11-21', '2026-11-21', '01B', 'github', 'repository_files',        'sea/b', 'ok',       null),
  ('2026-11-19', '2026-11-19', '01@', 'github', 'secret_scanning_alerts',  'sea/a', 'disabled', 'off'), ('2026-11-20', '2026-11-20', '01A', 'github', 'secret_scanning_alerts',  'sea/a', 'disabled', 'off'),
  ('2026-11-19', '2026-11-19', '01@', 'github', 'secret_scanning_alerts',  'sea/b', 'disabled', 'off'), ('2026-11-20', '2026-11-20', '01A', 'github', 'secret_scanning_alerts',  'sea/b', 'disabled', 'off'),
  ('2026-11-21', '2026-11-21', '01B', 'github', 'secret_scanning_alerts',  'sea/a', 'ok',       null), ('2026-11-21', '2026-11-21', '01B', 'github', 'secret_scanning_alerts',  'sea/b', 'empty',    null),
  ('2026-11-19', '2026-11-19', '01@', 'github', 'code_scanning_alerts',    'sea/a', 'disabled', 'off'), ('2026-11-20', '2026-11-20', '01A', 'github', 'code_scanning_alerts',    'sea/a', 'disabled', 'off'),
  ('2026-11-21', '2026-11-21', '01B', 'github', 'code_scanning_alerts',    'sea/a', 'disabled', 'off'), ('2026-11-19', '2026-11-19', '01@', 'catalog', 'services',               'a.yaml', 'ok',      null),
  ('2026-11-20', '2026-11-20', '01A', 'catalog', 'services',               'a.yaml', 'ok',      null), ('2026-11-21', '2026-11-21', '01B', 'catalog', 'services',               'a.yaml', 'ok',      null);
insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-20', 1, 'sea', 'a', 'sea/a'), ('2026-11-20', 2, 'sea', 'b', 'sea/b'), ('2026-11-21', 1, 'sea', 'a', 'sea/a');
insert into github.repository_properties (date, repository_id, full_name, property_name, value) values
  ('2026-11-20', 1, 'sea/a', 'team', 'lamps'), ('2026-11-20', 2, 'sea/b', 'team', 'tides'), ('2026-11-21', 1, 'sea/a', 'team', 'lamps');
insert into almanac.snapshot_changes (date, source, table_name, key, column_name, change, name, before, after, previous_date, days_between) values
  ('2026-11-20', 'github', 'repositories', '{"repository_id":1}', 'default_branch', 'changed', 'sea/a', 'master', 'main', '2026-11-19', 1),
  ('2026-11-20', 'github', 'repositories', '{"repository_id":2}', 'default_branch', 'changed', 'sea/b', 'master', 'main', '2026-11-19', 1),
  ('2026-11-20', 'github', 'repositories', '{"repository_id":1}', 'is_archived',    'changed', 'sea/a', 'true',   'false', '2026-11-19', 1);

-- expect what-changed where subject_type in ('repository', 'tables'): status, kind, subject_id, owner_team, changed_on, n_tables, previous_date, evidence
values
  ('changed',  'default_branch_changed', 'sea/a',             'lamps', '2026-11-20', null, '2026-11-19', '{"key":"{\"repository_id\":1}","days_between":1}'),
  ('compared', null,                     '(tables compared)', null,    null,         3,    '2026-11-20', '{"oldest_compared_with":"2026-11-19"}');

-- Each of the dates asked for counts, and which of them were not whole is told, but where it is the newest alone.
-- expect what-changed where status = 'not_visible' and subject_id in ('github.branch_protection_rules', 'github.repository_files', 'github.secret_scanning_alerts', 'github.teams', 'catalog.services', 'datadog.monitors'): subject_id, reason, previous_date, source_completeness
values
  ('github.branch_protection_rules', 'not all of it was read on both dates: 502 (2026-11-20)',                '2026-11-19', 'partial'),
  ('github.repository_files',        'not all of it was read on both dates: hidden (2026-11-20, 2026-11-21)', '2026-11-20', 'partial'),
  ('github.secret_scanning_alerts',  'not all of it was read on both dates: off',                             '2026-11-20', 'partial'),
  ('github.teams',                   'no read of it is on record',                                            null,         'none'),
  ('catalog.services',               'not all of it was read on both dates: hidden',                          '2026-11-20', 'partial');

-- expect fct_watched_tables where as_of_date >= '2026-11-20' and read_on is not null: source || '.' || table_name, as_of_date, read_on, previous_date, status, n_unread_parents
values
  ('github.repositories',            '2026-11-20', '2026-11-19', null,         'not_read',        0),
  ('github.repositories',            '2026-11-21', '2026-11-21', '2026-11-19', 'compared',        0),
  ('github.branch_protection_rules', '2026-11-20', '2026-11-20', '2026-11-19', 'partly_compared', 1),
  ('github.branch_protection_rules', '2026-11-21', '2026-11-21', '2026-11-20', 'compared',        0),
  ('github.rulesets',                '2026-11-20', '2026-11-20', '2026-11-19', 'not_read',        1),
  ('github.rulesets',                '2026-11-21', '2026-11-21', '2026-11-19', 'compared',        0),
  ('github.repository_files',        '2026-11-20', '2026-11-20', null,         'first_snapshot',  0),
  ('github.repository_files',        '2026-11-21', '2026-11-21', '2026-11-20', 'partly_compared', 1),
  ('github.secret_scanning_alerts',  '2026-11-20', '2026-11-20', '2026-11-19', 'compared',        0),
  ('github.secret_scanning_alerts',  '2026-11-21', '2026-11-21', '2026-11-20', 'partly_compared', 1),
  ('github.code_scanning_alerts',    '2026-11-20', '2026-11-20', '2026-11-19', 'compared',        0),
  ('github.code_scanning_alerts',    '2026-11-21', '2026-11-21', '2026-11-20', 'compared',        0),
  ('catalog.services',               '2026-11-20', '2026-11-20', '2026-11-19', 'compared',        0),
  ('catalog.services',               '2026-11-21', '2026-11-21', '2026-11-20', 'partly_compared', 1);
