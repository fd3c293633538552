-- What deployments contain, undo and broke, case by case and worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

alter table github.repositories alter column visibility set default 'private';
alter table github.pull_requests alter column base_is_default set default true;
alter table github.pull_requests alter column base_branch set default 'main';
alter table github.pull_requests alter column state set default 'merged';
alter table github.deployments alter column environment set default 'production';
alter table github.deployments alter column task set default 'deploy';
alter table github.deployments alter column ref_name set default 'main';
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

-- Pull requests of dark were never read.
insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-21', 1, 'works', 'alpha', 'works/alpha'), ('2026-11-21', 2, 'works', 'mono', 'works/mono'), ('2026-11-21', 3, 'works', 'lone', 'works/lone'),
  ('2026-11-21', 4, 'works', 'dark', 'works/dark'),   ('2026-11-21', 5, 'works', 'line', 'works/line'), ('2026-11-21', 6, 'works', 'dock', 'works/dock'),
  ('2026-11-21', 7, 'works', 'quay', 'works/quay');
insert into github.repository_properties (date, repository_id, full_name, property_name, value) values ('2026-11-21', 3, 'works/lone', 'team', 'harbour');
insert into almanac.outcomes (date, logical_date, source, table_name, parent)
  select '2026-11-21', '2026-11-21', 'github', table_name, 'works/' || name
  from (values ('deployments'), ('pull_requests'), ('pull_request_commits')) as tables (table_name)
  cross join (values ('alpha'), ('mono'), ('lone'), ('dark'), ('line'), ('dock'), ('quay')) as repositories (name)
  where name <> 'dark' or table_name = 'deployments';
insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'works'), ('2026-11-21', '2026-11-21', 'github', 'repository_properties', 'works'),
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'), ('2026-11-21', '2026-11-21', 'datadog', 'incidents', 'datadog');
update almanac.outcomes set run_id = '01A';

insert into catalog.services (date, entity_ref, name, owner_ref, github_slug) values
  ('2026-11-21', 'component:default/alpha', 'alpha', 'group:default/keepers', 'works/alpha'), ('2026-11-21', 'component:default/lamp',     'lamp',     'group:default/keepers',     'works/mono'),
  ('2026-11-21', 'component:default/dark',  'dark',  'group:default/keepers', 'works/dark'),  ('2026-11-21', 'component:default/lamp-api', 'lamp-api', 'group:default/night-watch', 'works/mono'),
  ('2026-11-21', 'component:default/line',  'line',  'group:default/pilots',  'works/line'),  ('2026-11-21', 'component:default/pier',     'pier',     'group:default/dock',        'works/dock'),
  ('2026-11-21', 'component:default/quay',  'quay',  'group:default/dock',    'works/quay');

-- 1 to 14 of alpha: 4 is a hotfix by label and 9 by branch; 5 reverts 3, 8 reverts 7, 6 does not say what; 13 and 14 are merged in the same second.
insert into github.pull_requests (date, repository_id, full_name, number, merged_at, merge_commit_sha, first_commit_authored_at, commits, labels, head_branch, is_revert, reverts_number) values
  ('2026-11-21', 1, 'works/alpha', 1,  '2026-11-02 10:00', 'a1',  '2026-11-01 10:00', 0, [],          null,       false, null), ('2026-11-21', 1, 'works/alpha', 2,  '2026-11-03 10:00', 'a2',  '2026-11-01 13:00', 3, ['bug'],     'fix',      false, null),
  ('2026-11-21', 1, 'works/alpha', 3,  '2026-11-03 12:00', 'a3',  null,               1, [],          null,       false, null), ('2026-11-21', 1, 'works/alpha', 4,  '2026-11-04 10:00', 'a4',  '2026-11-04 09:00', 1, ['Hotfix!'], null,       false, null),
  ('2026-11-21', 1, 'works/alpha', 5,  '2026-11-05 10:00', 'a5',  null,               0, [],          'revert-3', true,  3),    ('2026-11-21', 1, 'works/alpha', 6,  '2026-11-06 10:00', 'a6',  null,               0, [],          null,       true,  null),
  ('2026-11-21', 1, 'works/alpha', 7,  '2026-11-07 10:00', 'a7',  null,               0, [],          null,       false, null), ('2026-11-21', 1, 'works/alpha', 8,  '2026-11-07 11:00', 'a8',  null,               0, [],          null,       true,  7),
  ('2026-11-21', 1, 'works/alpha', 9,  '2026-11-08 10:00', 'a9',  '2026-11-12 00:00', 0, [],          'Hotfix/9', false, null), ('2026-11-21', 1, 'works/alpha', 10, '2026-11-12 08:00', 'a10', null,               0, [],          null,       false, null),
  ('2026-11-21', 1, 'works/alpha', 11, '2026-11-12 12:00', 'a11', null,               0, [],          null,       false, null), ('2026-11-21', 1, 'works/alpha', 12, '2026-11-14 09:00', 'a12', null,               0, [],          null,       false, null),
  ('2026-11-21', 1, 'works/alpha', 13, '2026-11-15 10:00', 'a13', null,               0, [],          null,       false, null), ('2026-11-21', 1, 'works/alpha', 14, '2026-11-15 10:00', 'a14', null,               0, [],          null,       false, null),
  ('2026-11-21', 1, 'works/alpha', 15, '2026-11-20 10:00', 'a15', null,               0, [],          null,       false, null), ('2026-11-21', 2, 'works/mono',  21, '2026-11-10 09:00', 'm1',  null,               0, [],          null,       false, null),
  ('2026-11-21', 2, 'works/mono',  22, '2026-11-10 11:00', 'm2',  null,               0, [],          null,       false, null), ('2026-11-21', 5, 'works/line',  52, '2026-11-10 09:30', 'l2',  null,               0, [],          null,       false, null);
-- 51, 53 and 54 of line are merged into a release branch.
insert into github.pull_requests (date, repository_id, full_name, number, merged_at, merge_commit_sha, base_branch, base_is_default) values
  ('2026-11-21', 5, 'works/line', 51, '2026-11-10 09:00', 'r1', 'release/1', false), ('2026-11-21', 5, 'works/line', 53, '2026-11-10 12:00', 'r3', 'release/1', false),
  ('2026-11-21', 5, 'works/line', 54, '2026-11-10 08:00', 'r4', 'release/1', false);
-- Of 2 a rebase took away what was there before; what merges is no commit of its own. The commits of 3 were not read.
insert into github.pull_request_commits (date, repository_id, full_name, number, sha, committed_at, is_merge, updated_at) values
  ('2026-11-20', 1, 'works/alpha', 2, 'gone', '2026-11-01 01:00', false, '2026-11-02 00:00'), ('2026-11-21', 1, 'works/alpha', 2, 'two',  '2026-11-02 12:00', false, '2026-11-03 10:00'),
  ('2026-11-21', 1, 'works/alpha', 2, 'one',  '2026-11-02 10:00', null,  '2026-11-03 10:00'), ('2026-11-21', 1, 'works/alpha', 2, 'back', '2026-11-02 09:00', true,  '2026-11-03 10:00'),
  ('2026-11-21', 1, 'works/alpha', 4, 'four', '2026-11-04 09:30', false, '2026-11-04 10:00');

-- 9 never succeeds and 10 days later; 11 was made before 10, of what is older, and takes longer; 13 is of a commit without a pull request, and of that of 14 nothing is
-- known; 18 succeeds before it was made, says GitHub. 12 is elsewhere.
insert into github.deployments (date, repository_id, full_name, deployment_id, commit_sha, created_at, first_success_at, first_failure_at, commit_committed_at) values
  ('2026-11-21', 1, 'works/alpha', 1,  'a1',  '2026-11-02 10:30', '2026-11-02 11:00', null,               null), ('2026-11-21', 1, 'works/alpha', 2,  'a3',  '2026-11-03 12:30', '2026-11-03 13:00', null,               '2020-01-01'),
  ('2026-11-21', 1, 'works/alpha', 3,  'a3',  '2026-11-03 13:30', '2026-11-03 14:00', null,               null), ('2026-11-21', 1, 'works/alpha', 4,  'a1',  '2026-11-03 14:30', '2026-11-03 15:00', null,               null),
  ('2026-11-21', 1, 'works/alpha', 5,  'a4',  '2026-11-04 10:30', '2026-11-04 11:00', null,               null), ('2026-11-21', 1, 'works/alpha', 6,  'a5',  '2026-11-05 10:30', '2026-11-05 11:00', null,               null),
  ('2026-11-21', 1, 'works/alpha', 7,  'a6',  '2026-11-06 10:30', '2026-11-06 11:00', null,               null), ('2026-11-21', 1, 'works/alpha', 8,  'a8',  '2026-11-07 11:30', '2026-11-07 12:00', null,               null),
  ('2026-11-21', 1, 'works/alpha', 9,  'a9',  '2026-11-08 10:30', null,               '2026-11-08 10:40', null), ('2026-11-21', 1, 'works/alpha', 10, 'a9',  '2026-11-08 11:00', '2026-11-11 09:00', '2026-11-08 11:10', null),
  ('2026-11-21', 1, 'works/alpha', 11, 'a8',  '2026-11-08 10:50', '2026-11-11 10:00', null,               null), ('2026-11-21', 1, 'works/alpha', 13, 'b',   '2026-11-12 09:30', '2026-11-12 10:00', null,               '2026-11-12 09:00'),
  ('2026-11-21', 1, 'works/alpha', 14, 'c',   '2026-11-13 09:30', '2026-11-13 10:00', null,               null), ('2026-11-21', 1, 'works/alpha', 15, 'a12', '2026-11-14 09:30', '2026-11-14 10:00', null,               null),
  ('2026-11-21', 1, 'works/alpha', 16, 'a13', '2026-11-15 10:30', '2026-11-15 11:00', null,               null), ('2026-11-21', 1, 'works/alpha', 17, 'a14', '2026-11-15 11:30', '2026-11-15 12:00', null,               null),
  ('2026-11-21', 1, 'works/alpha', 18, 'a14', '2026-11-16 10:00', '2026-11-16 09:00', null,               null),
  ('2026-11-21', 3, 'works/lone',  31, 'n1',  '2026-11-10 09:00', '2026-11-10 10:00', null,               null), ('2026-11-21', 4, 'works/dark',  41, 'x1',  '2026-11-10 09:00', '2026-11-10 10:00', null,               null),
  ('2026-11-21', 4, 'works/dark',  42, 'x2',  '2026-11-11 09:00', '2026-11-11 10:00', null,               null), ('2026-11-21', 4, 'works/dark',  43, 'x1',  '2026-11-12 09:00', '2026-11-12 10:00', null,               null),
  ('2026-11-21', 6, 'works/dock',  61, 'p1',  '2026-11-10 09:00', '2026-11-10 10:00', null, '2026-11-10 08:00'),   ('2026-11-21', 6, 'works/dock',  62, 'p2',  '2026-11-10 11:00', '2026-11-10 12:00', null, '2026-11-10 10:00'),
  ('2026-11-21', 6, 'works/dock',  63, 'p3',  '2026-11-12 11:00', '2026-11-12 12:00', null, '2026-11-12 10:00'),   ('2026-11-21', 7, 'works/quay',  71, 'q1',  '2026-11-10 13:00', '2026-11-10 14:00', null, '2026-11-10 12:00');
-- 10 had not succeeded yet when it was read a day earlier, nor before it last changed.
insert into github.deployments (date, repository_id, full_name, deployment_id, commit_sha, created_at, updated_at, first_success_at, first_failure_at) values
  ('2026-11-20', 1, 'works/alpha', 10, 'a9',  '2026-11-08 11:00', '2026-01-01', null, '2026-11-08 11:10'), ('2026-11-21', 1, 'works/alpha', 10, 'a9',  '2026-11-08 11:00', '2025-12-31', null, '2026-11-08 11:10');
insert into github.deployments (date, repository_id, full_name, deployment_id, environment, task, ref_name, commit_sha, created_at, first_success_at, commit_committed_at) values
  ('2026-11-21', 1, 'works/alpha', 12, 'staging',         'deploy',          'main',      'a9', '2026-11-08 10:10', '2026-11-08 10:20', null), ('2026-11-21', 1, 'works/alpha', 19, 'preview-15',      'deploy',          'topic',     't1', '2026-11-20 10:10', '2026-11-20 10:20', null),
  ('2026-11-21', 2, 'works/mono',  21, 'production',      'deploy',          'main',      'm1', '2026-11-10 09:30', '2026-11-10 10:00', null), ('2026-11-21', 2, 'works/mono',  22, 'production',      'deploy:lamp-api', 'main',      'm2', '2026-11-10 11:30', '2026-11-10 12:00', null),
  ('2026-11-21', 2, 'works/mono',  23, 'lamp-production', 'deploy',          'main',      'm2', '2026-11-10 12:30', '2026-11-10 13:00', null), ('2026-11-21', 5, 'works/line',  51, 'production',      'deploy',          'release/1', 'r0', '2026-11-09 09:30', '2026-11-09 10:00', '2026-11-09 09:00'),
  ('2026-11-21', 5, 'works/line',  52, 'production',      'deploy',          'release/1', 'r1', '2026-11-10 09:45', '2026-11-10 10:00', null), ('2026-11-21', 5, 'works/line',  53, 'production',      'deploy',          'main',      'l2', '2026-11-10 10:30', '2026-11-10 11:00', null),
  ('2026-11-21', 5, 'works/line',  54, 'production',      'deploy',          'main',      'l3', '2026-11-10 13:30', '2026-11-10 14:00', '2026-11-10 13:00');

-- The name of an incident is its case. two was still open when it was read a day earlier.
insert into datadog.incidents (date, incident_id, severity, state, customer_impact_started_at, resolved_at, modified_at, services, teams, incident_type_id) values
  ('2026-11-21', 'at-the-end',    'SEV-2', 'resolved', '2026-11-10 12:00:00', '2026-11-10 12:30', '2026-11-10 12:30', ['pier'], [], 'i'),
  ('2026-11-20', 'two',           'SEV-2', 'active',   '2026-11-10 13:00:00', null,               '2026-11-10 13:00', ['pier'], [], 'i'),
  ('2026-11-21', 'two',           'SEV-2', 'resolved', '2026-11-10 13:00:00', '2026-11-10 15:00', '2026-11-10 15:00', ['pier'], [], 'i'),
  ('2026-11-21', 'team',          'SEV-2', 'resolved', '2026-11-10 16:00:00', '2026-11-10 17:00', '2026-11-10 17:00', [],       ['Dock'], 'i'),
  ('2026-11-21', 'a-day-later',   'SEV-2', 'resolved', '2026-11-13 12:00:00', '2026-11-13 13:00', '2026-11-13 13:00', ['pier'], [], 'i'),
  ('2026-11-21', 'within-a-day',  'SEV-2', 'active',   '2026-11-13 11:59:59', null,               '2026-11-13 12:00', ['pier'], [], 'i'),
  ('2026-11-21', 'planned',       'SEV-2', 'resolved', '2026-11-10 12:10:00', '2026-11-10 13:00', '2026-11-10 13:00', ['pier'], [], 'maintenance'),
  ('2026-11-21', 'said',          'SEV-2', 'resolved', '2026-11-10 13:30:00', '2026-11-10 14:00', '2026-11-10 14:00', ['pier'], [], 'i'),
  ('2026-11-21', 'said-commit',   'SEV-2', 'resolved', '2026-11-10 15:00:00', '2026-11-10 16:00', '2026-11-10 16:00', ['quay'], [], 'i'),
  ('2026-11-21', 'said-none',     'SEV-2', 'resolved', '2026-11-10 12:20:00', '2026-11-10 13:00', '2026-11-10 13:00', ['pier'], [], 'i'),
  ('2026-11-21', 'said-wrong',    'SEV-2', 'resolved', '2026-11-10 12:25:00', '2026-11-10 13:00', '2026-11-10 13:00', ['pier'], [], 'i'),
  ('2026-11-21', 'one-of-two',    'SEV-2', 'resolved', '2026-11-10 10:30:00', '2026-11-10 10:45', '2026-11-10 10:45', ['lamp'], [], 'i'),
  ('2026-11-21', 'before',        'SEV-2', 'resolved', '2026-11-10 09:59:59', '2026-11-10 10:45', '2026-11-10 10:45', ['lamp'], [], 'i');
insert into reference.incident_deployments (incident_source, incident_id, repository, deployment_id, commit_sha) values
  ('datadog', 'said', 'Works/Dock', '61', null), ('Datadog', 'said-commit', 'works/dock', null, 'P3'), ('datadog', 'said-none', null, null, null), ('datadog', 'said-wrong', 'works/dock', '999', null);

-- expect fct_deployments where service = 'alpha' and environment_tier = 'production': deployment_id, previous_deployment_id, is_first_seen, is_rollback, is_overtaken, is_redeploy, n_pull_requests, n_commits, is_hotfix, has_revert, remediates_deployment_id, remediation_rule, is_unplanned, has_disordered_times
values
  (1,  null, true,  null,  null,  null,  null, null, null,  null,  null, null,                null,  false),
  (2,  1,    false, false, false, false, 2,    null, false, false, null, null,                false, false),
  (3,  2,    false, false, false, true,  0,    0,    false, false, null, null,                false, false),
  (4,  3,    false, true,  false, false, 0,    0,    false, false, 2,    'rollback',          true,  false),
  (5,  4,    false, false, false, false, 1,    1,    true,  false, 2,    'hotfix',            true,  false),
  (6,  5,    false, false, false, false, 1,    0,    false, true,  2,    'revert',            true,  false),
  (7,  6,    false, false, false, false, 1,    0,    false, true,  6,    'unnumbered_revert', true,  false),
  (8,  7,    false, false, false, false, 2,    0,    false, true,  null, null,                false, false),
  (9,  null, null,  null,  null,  null,  null, null, null,  null,  null, null,                null,  false),
  (10, 8,    false, false, false, false, 1,    0,    true,  false, 8,    'hotfix',            true,  false),
  (11, 10,   false, false, true,  false, 0,    0,    false, false, null, null,                false, false),
  (13, 11,   false, false, false, false, 1,    0,    false, false, null, null,                false, false),
  (14, 13,   false, false, false, false, null, null, null,  null,  null, null,                null,  false),
  (15, 14,   false, false, false, false, null, null, null,  null,  null, null,                null,  false),
  (16, 15,   false, false, false, false, 1,    0,    false, false, null, null,                false, false),
  (17, 16,   false, false, false, false, 1,    0,    false, false, null, null,                false, false),
  (18, 17,   false, false, false, true,  0,    0,    false, false, null, null,                false, true);

-- 2 was undone within two hours, and repaired twice more; 8 was repaired 93 hours after it. first_commit_at of 2 is unknown, for the commits of one of its pull requests are; 10 would have taken less than no time.
-- expect fct_deployments where service = 'alpha' and environment_tier = 'production' and deployment_id <= 11: deployment_id, is_failed_remediation, remediated_by_deployment_id, remediated_by_rule, recovery_rule, recovery_hours, is_failed_incident, first_commit_at, lead_hours_max, landed_at
values
  (1,  false, null, null,                null,          null, false, null,               null, '2026-11-02 10:00'), (2,  true,  4,    'rollback',          'remediation', 2,    false, null,               48,   '2026-11-03 12:00'),
  (3,  false, null, null,                null,          null, false, null,               null, '2026-11-03 12:00'), (4,  false, null, null,                null,          null, false, null,               null, '2026-11-02 10:00'),
  (5,  false, null, null,                null,          null, false, '2026-11-04 09:30', 2,    '2026-11-04 10:00'), (6,  true,  7,    'unnumbered_revert', 'remediation', 24,   false, null,               null, '2026-11-05 10:00'),
  (7,  false, null, null,                null,          null, false, null,               null, '2026-11-06 10:00'), (8,  true,  10,   'hotfix',            'remediation', 93,   false, null,               null, '2026-11-07 11:00'),
  (9,  false, null, null,                null,          null, false, null,               null, '2026-11-08 10:00'), (10, false, null, null,                null,          null, false, null,               null, '2026-11-08 10:00'),
  (11, false, null, null,                null,          null, false, null,               null, '2026-11-07 11:00');

-- What staging and a preview show was never in production before; what a preview contains is not merged.
-- expect fct_deployments where service = 'alpha' and environment_tier <> 'production': deployment_id, environment_tier, is_first_seen, n_pull_requests
values (12, 'staging', true, null), (19, 'preview', true, null);

-- expect fct_deployments where repository_id > 1 and repository_id < 6: service, deployment_id, service_rule, n_services, team, previous_deployment_id, is_first_seen, is_rollback, n_pull_requests, remediates_deployment_id, is_unplanned
values
  ('lamp',           21, 'repository', 2, 'keepers',     null, true,  null,  null, null, null), ('lamp-api',       21, 'repository', 2, 'night-watch', null, true,  null,  null, null, null),
  ('lamp-api',       22, 'named',      1, 'night-watch', 21,   false, false, 1,    null, false), ('lamp',          23, 'named',      1, 'keepers',     null, false, null,  1,    null, null),
  ('__no_service__', 31, 'none',       0, 'harbour',     null, true,  null,  null, null, null), ('dark',           41, 'repository', 1, 'keepers',     null, true,  null,  null, null, null),
  ('dark',           42, 'repository', 1, 'keepers',     41,   false, false, null, null, null), ('dark',           43, 'repository', 1, 'keepers',     42,   false, true,  null, 42,   true),
  ('line',           51, 'repository', 1, 'pilots',     null, true,  null,  null, null, null), ('line',           52, 'repository', 1, 'pilots',     51,   false, false, 2,    null, false),
  ('line',           53, 'repository', 1, 'pilots',     52,   false, false, 1,    null, false), ('line',           54, 'repository', 1, 'pilots',     53,   false, false, 0,    null, false);

-- 1 came with the first that is known, 11 and 12 with or after one of which nothing is known, and 15 and 53 not at all.
-- expect int_pull_request_deployments where environment_tier = 'production': service, number, deployment_id, is_exact
values
  ('alpha', 2, 2, false), ('alpha', 3, 2, true), ('alpha', 4, 5, true), ('alpha', 5, 6, true), ('alpha', 6, 7, true), ('alpha', 7, 8, false), ('alpha', 8, 8, true), ('alpha', 9, 10, true),
  ('alpha', 10, 13, false), ('alpha', 13, 16, true), ('alpha', 14, 17, true), ('lamp-api', 22, 22, true), ('lamp', 22, 23, true), ('line', 51, 52, true), ('line', 54, 52, false), ('line', 52, 53, true);

-- expect int_incident_attribution: incident_id, rule, confidence, deployment_id, failed_services, round(hours_after, 4), is_override_unknown
values
  ('at-the-end',   'same_service', 0.7, 62, ['pier'], 0, false),  ('two',  'same_service', 0.7, 62, ['pier'], 1, false),      ('team',       'same_team',    0.4, 71, ['quay'], 2, false),
  ('a-day-later',  'none',         null, null, [], null, false),  ('within-a-day', 'same_service', 0.7, 63, ['pier'], 23.9997, false), ('said', 'explicit', 1, 61, ['pier'], 3.5, false),
  ('said-commit',  'explicit',     1, 63, ['pier'], -45, false),  ('said-none', 'explicit', null, null, [], null, false),     ('said-wrong', 'explicit',     null, null, [], null, true),
  ('one-of-two',   'same_service', 0.7, 21, ['lamp'], 0.5, false), ('before', 'none', null, null, [], null, false);

-- 62 is over when the second of its incidents is, 63 not as long as one of them is open. 21 failed for lamp alone.
-- expect fct_deployments where n_incidents > 0: service, deployment_id, n_incidents, attribution_rule, attribution_confidence, recovery_rule, recovered_at, recovery_hours
values
  ('pier', 61, 1, 'explicit',  1,   'incident', '2026-11-10 14:00', 4), ('pier', 62, 2, 'same_service', 0.7, 'incident', '2026-11-10 15:00', 3), ('pier', 63, 2, 'explicit', 1, 'incident', null, null),
  ('quay', 71, 1, 'same_team', 0.4, 'incident', '2026-11-10 17:00', 3), ('lamp', 21, 1, 'same_service', 0.7, 'incident', '2026-11-10 10:45', 0.75);

-- expect failed-changes: status, subject_id, owner_team, deployment_id, failed_by, remediated_by_deployment_id, remediation_rule, n_deployments
values
  ('failed', 'pier', 'dock',    63, 'incident', null, null, 1), ('failed', 'pier',  'dock',    62, 'incident',    null, null, 1),       ('failed', 'pier',  'dock',    61, 'incident',    null, null, 1),
  ('failed', 'quay', 'dock',    71, 'incident', null, null, 1), ('failed', 'lamp',  'keepers', 21, 'incident',    null, null, 1),       ('failed', 'dark',  'keepers', 42, 'remediation', 43,   'rollback', 1),
  ('failed', 'alpha', 'keepers', 2, 'remediation', 4, 'rollback', 1), ('failed', 'alpha', 'keepers', 6, 'remediation', 7, 'unnumbered_revert', 1), ('failed', 'alpha', 'keepers', 8, 'remediation', 10, 'hotfix', 1),
  ('not_failed', '(not failed)', null, null, null, null, null, 23);
