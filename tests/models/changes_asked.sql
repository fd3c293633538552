-- What changed, narrowed by every parameter: of what is given, one row fits them all, and others miss one each. What could not be compared stays.
-- The dates built are 2026-11-20 and 2026-11-21.
set variable "team" = 'lamps';
set variable "kind" = 'default_branch_changed';
set variable "days" = '2';

alter table github.repositories alter column visibility set default 'private';

insert into almanac.outcomes (date, logical_date, run_id, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', '01B', 'github', 'repositories', 'sea', 'ok'), ('2026-11-19', '2026-11-19', '01A', 'github', 'repositories', 'sea', 'ok');
insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-20', 1, 'sea', 'a', 'sea/a'), ('2026-11-20', 2, 'sea', 'b', 'sea/b'), ('2026-11-21', 1, 'sea', 'a', 'sea/a');
insert into github.repository_properties (date, repository_id, full_name, property_name, value) values
  ('2026-11-20', 1, 'sea/a', 'team', 'lamps'), ('2026-11-20', 2, 'sea/b', 'team', 'tides'), ('2026-11-21', 1, 'sea/a', 'team', 'lamps');
insert into almanac.snapshot_changes (date, source, table_name, key, column_name, change, name, before, after, previous_date, days_between) values
  ('2026-11-20', 'github', 'repositories', '{"repository_id":1}', 'default_branch', 'changed', 'sea/a', 'master', 'main', '2026-11-19', 1),
  ('2026-11-20', 'github', 'repositories', '{"repository_id":2}', 'default_branch', 'changed', 'sea/b', 'master', 'main', '2026-11-19', 1),
  ('2026-11-20', 'github', 'repositories', '{"repository_id":1}', 'is_archived',    'changed', 'sea/a', 'true',   'false', '2026-11-19', 1);

-- expect what-changed where subject_type in ('repository', 'tables'): status, kind, subject_id, owner_team, changed_on, n_tables
values
  ('changed',  'default_branch_changed', 'sea/a',             'lamps', '2026-11-20', null),
  ('compared', null,                     '(tables compared)', null,    null,         1);

-- expect what-changed where status = 'not_visible' and subject_id in ('github.rulesets', 'datadog.monitors'): subject_id, reason
values
  ('github.rulesets', 'no read of it is on record');
