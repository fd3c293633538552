-- What ran, was deployed and is behind, case by case and worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

alter table github.repositories alter column organization set default 'clockwork-lighthouse';
alter table github.repositories alter column visibility set default 'private';
alter table github.repositories alter column default_branch set default 'main';
alter table github.workflow_runs alter column workflow_id set default 7;
alter table github.workflow_runs alter column workflow_name set default 'ci';
alter table github.workflow_runs alter column run_attempt set default 1;
alter table github.workflow_runs alter column event set default 'push';
alter table github.workflow_runs alter column head_branch set default 'main';
alter table github.workflow_runs alter column updated_at set default '2026-11-20 12:00';
alter table github.repository_files alter column kind set default 'go_mod';
alter table github.repository_files alter column path set default 'go.mod';
alter table github.repository_files alter column content_state set default 'kept';
alter table github.releases alter column updated_at set default '2026-11-01';
alter table almanac.outcomes alter column source set default 'github';

insert into github.repositories (date, repository_id, name) values
  ('2026-11-21', 1, 'pay'),   ('2026-11-20', 1, 'pay'),   ('2026-11-21', 2, 'lamp-sdk'), ('2026-11-21', 3, 'traps'), ('2026-11-21', 4, 'broken'),
  ('2026-11-21', 5, 'unread'), ('2026-11-21', 6, 'newest'), ('2026-11-21', 7, 'python'), ('2026-11-21', 8, 'nested');
update github.repositories set full_name = organization || '/' || name;
insert into github.repository_properties (date, repository_id, property_name, value) values ('2026-11-21', 1, 'team', 'payments');
insert into almanac.outcomes (date, logical_date, table_name, parent, status)
  select date, cast(date as varchar), 'repository_files', full_name, 'ok' from github.repositories where name <> 'unread';
insert into almanac.outcomes (date, logical_date, table_name, parent, status) values ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-lighthouse', 'ok');
update almanac.outcomes set run_id = '01A' || logical_date;

-- github.workflow_runs: 2026-11-16 is a Monday. Run 1 comes twice, the newer last; 8 is a fork's branch called main; 9 runs yet.
insert into github.workflow_runs (date, repository_id, full_name, run_id, event, conclusion, run_attempt, created_at, updated_at, queue_seconds, run_seconds) values
  ('2026-11-20', 1, 'clockwork-lighthouse/pay', 1, 'push',         null,        1, '2026-11-16 10:00', '2026-11-16 10:01', 60,   null),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 1, 'push',         'success',   1, '2026-11-16 10:00', '2026-11-16 10:11', 60,   600),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 2, 'push',         'success',   1, '2026-11-16 11:00', '2026-11-16 12:00', 120,  1200),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 3, 'push',         'failure',   2, '2026-11-16 12:00', '2026-11-18 12:00', null, 1800),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 4, 'schedule',     'timed_out', 1, '2026-11-16 13:00', '2026-11-16 19:00', 180,  2400),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 5, 'push',         'success',   1, '2026-11-16 23:59', '2026-11-17 00:30', 240,  3000),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 6, 'push',         'cancelled', 1, '2026-11-16 14:00', '2026-11-16 15:00', 1500, 60),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 7, 'pull_request', 'success',   1, '2026-11-17 00:00', '2026-11-17 01:00', 0,    300),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 8, 'pull_request', 'failure',   1, '2026-11-17 02:00', '2026-11-17 03:00', 0,    300),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 9, 'push',         null,        1, '2026-11-22 23:00', '2026-11-22 23:00', null, null);
update github.workflow_runs set head_branch = 'feature' where run_id = 7;

insert into github.deployments (date, repository_id, deployment_id, environment, updated_at) values
  ('2026-11-21', 1, 1, 'production', '2026-11-20'), ('2026-11-21', 1, 2, 'Prod', '2026-11-20'), ('2026-11-21', 1, 3, 'live', '2026-11-20'), ('2026-11-21', 1, 4, 'eu-prod', '2026-11-20'),
  ('2026-11-21', 1, 5, 'preprod', '2026-11-20'), ('2026-11-21', 1, 6, 'non-prod', '2026-11-20'), ('2026-11-21', 1, 7, 'preview-123', '2026-11-20'), ('2026-11-21', 1, 8, 'staging', '2026-11-20'),
  ('2026-11-21', 1, 9, 'dev', '2026-11-20'), ('2026-11-21', 1, 10, 'lighthouse', '2026-11-20'), ('2026-11-21', 1, 11, null, '2026-11-20'),
  ('2026-11-20', 1, 8, 'production', '2026-11-19');

-- github.repository_files: what each go.mod tells stands in the expected rows below.
insert into github.repository_files (date, repository_id, path, content) values
  ('2026-11-20', 1, 'go.mod', E'module tides.example/pay\n\ngo 1.21\n\nrequire tides.example/lamp-sdk v1.9.0\n'),
  ('2026-11-21', 1, 'go.mod', E'module tides.example/pay\n\ngo 1.21\n\ntoolchain go1.22.4\n\nrequire tides.example/lamp-sdk v1.9.0\n\nrequire (\n\tworks.example/oilcan v1.0.0\n\tgithub.com/clockwork-lighthouse/vane v2.0.3+incompatible // indirect\n)\n'),
  ('2026-11-21', 2, 'go.mod', E'module tides.example/lamp-sdk/v2\n\ngo 1.24.1\n'),
  ('2026-11-21', 3, 'go.mod', E'module "tides.example/traps"\r\ngo 1.9\r\nrequire (\r\n\ttides.example/lamp-sdk/v2 v2.0.0-rc.1\r\n\tgithub.com/clockwork-lighthouse/pseudo v0.0.0-20260301120000-5a1c0ffee5a1\r\n\tgithub.com/clockwork-lighthouse/pseudo-later v1.4.1-0.20260301120000-5a1c0ffee5a1\r\n\tgithub.com/clockwork-lighthouse/folder v1.0.0\r\n\tgithub.com/clockwork-lighthouse/fork v1.0.0\r\n)\r\nexclude github.com/clockwork-lighthouse/fork v1.9.9\r\nreplace github.com/clockwork-lighthouse/folder => ../folder\r\nreplace (\r\n\tgithub.com/clockwork-lighthouse/fork v1.0.0 => works.example/fork v1.2.0\r\n)\r\n'),
  ('2026-11-21', 4, 'go.mod', E'module tides.example/broken\n<<<<<<< HEAD\ngo 1.22\n'),
  ('2026-11-21', 6, 'go.mod', E'module tides.example/newest\n\ngo 1.25\n\nrequire (\n\tgithub.com/clockwork-lighthouse/vane v2.1.0+incompatible\n\tgithub.com/clockwork-lighthouse/pseudo-later v1.5.0\n\tgithub.com/clockwork-lighthouse/pseudo v0.1.0\n\tgithub.com/clockwork-lighthouse/fork v1.10.0\n\tgithub.com/clockwork-lighthouse/vane/cmd v0.1.0\n)\n'),
  ('2026-11-21', 8, 'go.mod', E'module github.com/clockwork-lighthouse/nested\n'),
  ('2026-11-21', 8, 'tools/go.mod', E'module github.com/clockwork-lighthouse/nested/tools\n\ngo 1.24\n\nrequire (\n\tgithub.com/clockwork-lighthouse/nested v0.3.0\n');
insert into github.repository_files (date, repository_id, path, content_state) values ('2026-11-21', 4, 'big/go.mod', 'too_large');
update github.repository_files set full_name = (select min(full_name) from github.repositories where repositories.repository_id = repository_files.repository_id);

-- Seen are 1.9, 1.10 and 1.11 and 2.0 of the SDK: a draft, a prerelease, one published later and one collected later are not.
insert into github.releases (date, repository_id, release_id, tag, is_draft, is_prerelease, published_at) values
  ('2026-11-20', 2, 1, 'v1.10.0', false, false, '2026-10-01'), ('2026-11-20', 2, 2, 'v1.11.0', false, false, '2026-10-02'), ('2026-11-20', 2, 3, 'v1.11.7', false, false, '2026-10-03'),
  ('2026-11-21', 2, 4, 'v2.0.0', false, false, '2026-11-21'),  ('2026-11-21', 2, 5, 'v3.0.0', true, false, null),         ('2026-11-21', 2, 6, 'v2.1.0', false, true, '2026-10-04'),
  ('2026-11-21', 2, 7, 'v2.2.0', false, false, '2026-11-22'),  ('2026-11-22', 2, 8, 'v2.3.0', false, false, '2026-11-01'), ('2026-11-21', 2, 9, 'tools/v9.0.0', false, false, '2026-10-05'),
  ('2026-11-21', 2, 10, 'nightly', false, false, '2026-10-06');
-- Of a module without a go.mod here the path says where it is released: 2.4 of vane, and 0.2 of what is in its folder cmd.
insert into github.releases (date, repository_id, full_name, release_id, tag, is_draft, is_prerelease, published_at) values
  ('2026-11-21', 20, 'Clockwork-Lighthouse/vane', 11, 'v2.4.0', false, false, '2026-10-07'), ('2026-11-21', 20, 'Clockwork-Lighthouse/vane', 12, 'cmd/v0.2.0', false, false, '2026-10-07');

-- Five judged runs on the first day and on the default branch that week; 2 of 5 and 3 of 7 failed; 1 of 8 and 1 of 9 was run again.
-- expect fct_ci_runs: period_type, period_start, run_scope, team, n_runs, n_completed, n_succeeded, n_failed, n_judged, round(failure_rate, 6), n_reruns, duration_p50_minutes, duration_p90_minutes, n_queue, queue_p50_minutes, round(queue_p90_minutes, 6), run_minutes
values
  ('day',  '2026-11-16', 'all',            'payments', 6, 6, 3, 2, 5, 0.4,      1, 30,   46,   5, 3,    16.6, 151),
  ('day',  '2026-11-16', 'default_branch', 'payments', 6, 6, 3, 2, 5, 0.4,      1, 30,   46,   5, 3,    16.6, 151),
  ('day',  '2026-11-17', 'all',            'payments', 2, 2, 1, 1, 2, null,     0, null, null, 2, null, null, 10),
  ('day',  '2026-11-17', 'pull_request',   'payments', 2, 2, 1, 1, 2, null,     0, null, null, 2, null, null, 10),
  ('day',  '2026-11-22', 'all',            'payments', 1, 0, 0, 0, 0, null,     0, null, null, 0, null, null, null),
  ('day',  '2026-11-22', 'default_branch', 'payments', 1, 0, 0, 0, 0, null,     0, null, null, 0, null, null, null),
  ('week', '2026-11-16', 'all',            'payments', 9, 8, 4, 3, 7, 0.428571, 1, 20,   44,   7, 2,    12.4, 161),
  ('week', '2026-11-16', 'default_branch', 'payments', 7, 6, 3, 2, 5, 0.4,      1, 30,   46,   5, 3,    16.6, 151),
  ('week', '2026-11-16', 'pull_request',   'payments', 2, 2, 1, 1, 2, null,     0, null, null, 2, null, null, 10);

-- expect stg_github__deployments: deployment_id, environment_tier
values (1, 'production'), (2, 'production'), (3, 'production'), (4, 'production'), (5, 'staging'), (6, 'development'), (7, 'preview'), (8, 'staging'), (9, 'development'), (10, 'other'), (11, null);

-- Go: 1.24.0 is the target, and 1.9, 1.21, 1.24 and 1.25 are seen. The SDK's v2 is its newest, whoever requires v1.
-- expect fct_version_drift where date = '2026-11-21': split_part(full_name, '/', 2), path, module_path, used_version, newest_version, minors_behind_newest, target_version, majors_behind_target, minors_behind_target, n_modules, drift_status
values
  ('pay',      'go.mod',           'go',                                           '1.21',                                     '1.25',                2,    '1.24.0', 0,    3,    3,    'behind_target'),
  ('pay',      'go.mod',           'toolchain',                                    '1.22.4',                                   '1.22.4',              0,    null,     null, null, 3,    'up_to_date'),
  ('pay',      'go.mod',           'tides.example/lamp-sdk',                       'v1.9.0',                                   'v2.0.0',              3,    null,     null, null, 3,    'behind_newest'),
  ('pay',      'go.mod',           'github.com/clockwork-lighthouse/vane',         'v2.0.3+incompatible',                      'v2.4.0',              2,    null,     null, null, 3,    'behind_newest'),
  ('lamp-sdk', 'go.mod',           'go',                                           '1.24.1',                                   '1.25',                1,    '1.24.0', 0,    0,    0,    'behind_newest'),
  ('traps',    'go.mod',           'go',                                           '1.9',                                      '1.25',                3,    '1.24.0', 0,    15,   5,    'behind_target'),
  ('traps',    'go.mod',           'tides.example/lamp-sdk/v2',                    'v2.0.0-rc.1',                              'v2.0.0',              0,    null,     null, null, 5,    'behind_newest'),
  ('traps',    'go.mod',           'github.com/clockwork-lighthouse/pseudo',       'v0.0.0-20260301120000-5a1c0ffee5a1',       'v0.1.0',              null, null,     null, null, 5,    'unknown'),
  ('traps',    'go.mod',           'github.com/clockwork-lighthouse/pseudo-later', 'v1.4.1-0.20260301120000-5a1c0ffee5a1',     'v1.5.0',              1,    null,     null, null, 5,    'behind_newest'),
  ('traps',    'go.mod',           'github.com/clockwork-lighthouse/folder',       null,                                       'v1.0.0',              null, null,     null, null, 5,    'unknown'),
  ('traps',    'go.mod',           'github.com/clockwork-lighthouse/fork',         'v1.2.0',                                   'v1.10.0',             1,    null,     null, null, 5,    'behind_newest'),
  ('broken',   'go.mod',           'go',                                           null,                                       '1.25',                null, '1.24.0', null, null, null, 'unknown'),
  ('broken',   'big/go.mod',       'go',                                           null,                                       '1.25',                null, '1.24.0', null, null, null, 'unknown'),
  ('unread',   '(files not read)', 'go',                                           null,                                       null,                  null, null,     null, null, null, 'unknown'),
  ('newest',   'go.mod',           'go',                                           '1.25',                                     '1.25',                0,    '1.24.0', 0,    0,    5,    'up_to_date'),
  ('newest',   'go.mod',           'github.com/clockwork-lighthouse/vane',         'v2.1.0+incompatible',                      'v2.4.0',              1,    null,     null, null, 5,    'behind_newest'),
  ('newest',   'go.mod',           'github.com/clockwork-lighthouse/vane/cmd',     'v0.1.0',                                   'v0.2.0',              1,    null,     null, null, 5,    'behind_newest'),
  ('newest',   'go.mod',           'github.com/clockwork-lighthouse/pseudo-later', 'v1.5.0',                                   'v1.5.0',              0,    null,     null, null, 5,    'up_to_date'),
  ('newest',   'go.mod',           'github.com/clockwork-lighthouse/pseudo',       'v0.1.0',                                   'v0.1.0',              0,    null,     null, null, 5,    'up_to_date'),
  ('newest',   'go.mod',           'github.com/clockwork-lighthouse/fork',         'v1.10.0',                                  'v1.10.0',             0,    null,     null, null, 5,    'up_to_date'),
  ('nested',   'go.mod',           'go',                                           null,                                       '1.25',                null, '1.24.0', null, null, 0,    'unknown'),
  ('nested',   'tools/go.mod',     'go',                                           null,                                       '1.25',                null, '1.24.0', null, null, null, 'unknown');

-- On the day before, v2.0.0 was not yet in the lake, and no other go.mod was read.
-- expect fct_version_drift where date = '2026-11-20' and module_path <> 'go': module_path, newest_version, minors_behind_newest, drift_status
values ('tides.example/lamp-sdk', 'v1.9.0', 0, 'up_to_date');

-- expect int_module_versions where snapshot_date = '2026-11-21' and module_family in ('go', 'tides.example/lamp-sdk', 'github.com/clockwork-lighthouse/vane', 'github.com/clockwork-lighthouse/pseudo-later') and not is_target and version in ('v1.9.0', 'v1.10.0', 'v1.11.7', 'v2.0.0-rc.1', 'v2.0.0', 'v2.0.3+incompatible', '1.9', '1.21', 'nightly', 'v1.4.1-0.20260301120000-5a1c0ffee5a1'): version, major, minor, patch, is_pseudo, is_release, rank() over (order by sort_key)
values
  ('v1.4.1-0.20260301120000-5a1c0ffee5a1', 1, 4, 1, true, false, 1), ('1.9', 1, 9, 0, false, true, 2), ('v1.9.0', 1, 9, 0, false, true, 2), ('v1.10.0', 1, 10, 0, false, true, 4), ('v1.11.7', 1, 11, 7, false, true, 5),
  ('1.21', 1, 21, 0, false, true, 6), ('v2.0.0-rc.1', 2, 0, 0, false, false, 7), ('v2.0.0', 2, 0, 0, false, true, 8), ('v2.0.3+incompatible', 2, 0, 3, false, true, 9), ('nightly', null, null, null, false, false, 10);

-- expect version-drift where status = 'behind_target': split_part(subject_id, '/', 2), module, minors_behind_target, first_failed_on, days_failing
values ('pay', 'go', 3, '2026-11-20', 1), ('traps', 'go', 15, '2026-11-21', 0);

-- A release candidate is behind its release, and by no minor version.
-- expect version-drift where status = 'behind_newest': split_part(subject_id, '/', 2), module, version, newest_version, minors_behind_newest
values
  ('lamp-sdk', 'go', '1.24.1', '1.25', 1), ('pay', 'tides.example/lamp-sdk', 'v1.9.0', 'v2.0.0', 3), ('pay', 'github.com/clockwork-lighthouse/vane', 'v2.0.3+incompatible', 'v2.4.0', 2),
  ('newest', 'github.com/clockwork-lighthouse/vane', 'v2.1.0+incompatible', 'v2.4.0', 1), ('newest', 'github.com/clockwork-lighthouse/vane/cmd', 'v0.1.0', 'v0.2.0', 1),
  ('traps', 'github.com/clockwork-lighthouse/fork', 'v1.2.0', 'v1.10.0', 1), ('traps', 'github.com/clockwork-lighthouse/pseudo-later', 'v1.4.1-0.20260301120000-5a1c0ffee5a1', 'v1.5.0', 1),
  ('traps', 'tides.example/lamp-sdk/v2', 'v2.0.0-rc.1', 'v2.0.0', 0);

-- expect version-drift where status = 'not_visible': split_part(subject_id, '/', 2), path, module, source_completeness
values
  ('broken', 'go.mod', 'go', 'none'), ('broken', 'big/go.mod', 'go', 'none'), ('nested', 'go.mod', 'go', 'none'), ('nested', 'tools/go.mod', 'go', 'none'), ('unread', '(files not read)', 'go', 'none'),
  ('traps', 'go.mod', 'github.com/clockwork-lighthouse/folder', 'none'), ('traps', 'go.mod', 'github.com/clockwork-lighthouse/pseudo', 'none');

-- python has no go.mod, and is not counted. Of the others newest, lamp-sdk, pay and traps are behind, and of three it cannot be told.
-- expect governance-coverage where policy_id in ('version-drift', 'repositories-without-owner'): policy_id, repositories, in_order, not_in_order, not_visible
values ('version-drift', 7, 0, 4, 3), ('repositories-without-owner', 8, 1, 0, 7);
set variable "repository" = 'Clockwork-Lighthouse/PAY';

-- expect version-drift: status, subject_id, module
values
  ('behind_target', 'clockwork-lighthouse/pay', 'go'), ('behind_newest', 'clockwork-lighthouse/pay', 'tides.example/lamp-sdk'), ('behind_newest', 'clockwork-lighthouse/pay', 'github.com/clockwork-lighthouse/vane');
set variable "repository" = null;
set variable "team" = 'payments';
set variable "organization" = 'clockwork-annex';

-- Whose unread is, nobody knows, nor whose any other but pay: none was asked for its owner.
-- expect version-drift where status in ('behind_target', 'not_visible'): status, split_part(subject_id, '/', 2)
values
  ('behind_target', 'pay'), ('behind_target', 'traps'), ('not_visible', 'broken'), ('not_visible', 'broken'), ('not_visible', 'nested'), ('not_visible', 'nested'), ('not_visible', 'traps'),
  ('not_visible', 'traps'), ('not_visible', 'unread');

-- expect nothing of governance-coverage: policy_id
