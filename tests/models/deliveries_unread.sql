-- What is told of delivery where sources were not read, or are read no more. The dates built are 2026-11-20 and 2026-11-21.

alter table github.repositories alter column visibility set default 'private';
alter table github.pull_requests alter column base_is_default set default true;
alter table github.pull_requests alter column base_branch set default 'main';
alter table github.pull_requests alter column state set default 'merged';
alter table github.deployments alter column environment set default 'production';
alter table github.deployments alter column ref_name set default 'main';
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

-- Pull requests of dark were never read, and incidents of nobody: they are forbidden. old was last read on 2026-09-25, and fails since; so was shut, before it was archived. Team dock has both, and fresh.
insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-21', 1, 'works', 'dark', 'works/dark'), ('2026-11-21', 2, 'works', 'old', 'works/old'), ('2026-11-21', 3, 'works', 'shut', 'works/shut'), ('2026-11-21', 4, 'works', 'fresh', 'works/fresh');
update github.repositories set is_archived = full_name = 'works/shut';
insert into almanac.outcomes (date, logical_date, source, table_name, parent, status, run_id) values
  ('2026-11-21', '2026-11-21', 'github',  'deployments',   'works/dark',    'ok',        '01B'), ('2026-11-21', '2026-11-21', 'github', 'pull_requests', 'works/dark', 'forbidden', '01B'),
  ('2026-09-25', '2026-09-25', 'github',  'deployments',   'works/old',     'ok',        '01A'), ('2026-09-25', '2026-09-25', 'github', 'pull_requests', 'works/old',  'ok',        '01A'),
  ('2026-11-21', '2026-11-21', 'github',  'deployments',   'works/old',     'error',     '01B'), ('2026-09-25', '2026-09-25', 'github', 'deployments',   'works/shut', 'ok',        '01A'),
  ('2026-09-25', '2026-09-25', 'github',  'pull_requests', 'works/shut',    'ok',        '01A'), ('2026-11-21', '2026-11-21', 'github', 'deployments',   'works/fresh', 'ok',       '01B'),
  ('2026-11-21', '2026-11-21', 'github',  'pull_requests', 'works/fresh',   'ok',        '01B'), ('2026-11-21', '2026-11-21', 'github', 'repositories',  'works',      'ok',        '01B'),
  ('2026-11-21', '2026-11-21', 'catalog', 'services',      'services.yaml', 'ok',        '01B'), ('2026-11-21', '2026-11-21', 'datadog', 'incidents',    'datadog',    'forbidden', '01B');
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug) values
  ('2026-11-21', 'component:default/dark', 'dark', 'group:default/keepers', 'works/dark'), ('2026-11-21', 'component:default/old',   'old',   'group:default/dock', 'works/old'),
  ('2026-11-21', 'component:default/shut', 'shut', 'group:default/dock',    'works/shut'), ('2026-11-21', 'component:default/fresh', 'fresh', 'group:default/dock', 'works/fresh');

create macro utc(at_time) as cast(strftime(at_time, '%Y-%m-%d %H:%M:%S+00') as timestamptz);

-- dark: on twenty days from 2026-10-20, every third time back to what was committed before. old and shut: on thirty days from 2026-08-24. fresh: on five days from 2026-11-09.
insert into github.deployments (date, repository_id, full_name, deployment_id, commit_sha, created_at, first_success_at, commit_committed_at)
  select '2026-11-21', 1, 'works/dark', 100 + n, 'd' || n, utc(noon), utc(noon), utc(case when n % 3 = 2 then noon - interval 60 hour else noon - interval 1 hour end)
  from (select n, timestamp '2026-10-20 12:00:00' + to_days(cast(n as integer)) as noon from range(20) as numbers (n)) as moments
  union all
  select '2026-09-25', repository_id, full_name, repository_id * 100 + n, 'o' || n, utc(noon), utc(noon), utc(noon - interval 1 hour)
  from (select n, timestamp '2026-08-24 12:00:00' + to_days(cast(n as integer)) as noon from range(30) as numbers (n)) as moments
  cross join (values (2, 'works/old'), (3, 'works/shut')) as repositories (repository_id, full_name)
  union all
  select '2026-11-21', 4, 'works/fresh', 400 + n, 'f' || n, utc(noon), utc(noon), utc(noon - interval 1 hour)
  from (select n, timestamp '2026-11-09 12:00:00' + to_days(cast(n as integer)) as noon from range(5) as numbers (n)) as moments;

-- Nobody knows what failed by incident. Without pull requests nobody knows what was repaired or planned, and 6 rollbacks are not all of 6.
-- expect fct_dora where period_type = 'rolling_90d' and is_newest and subject_type = 'service': subject_id, incidents_completeness, pull_requests_completeness, n_failed_incident, change_failure_incident_band, n_incidents, n_remediated, n_failed, n_recoveries, n_recoveries_incident, recovery_p50_hours, n_judged_unplanned, n_unplanned, rework_rate, rework_score
values
  ('dark', 'none', 'none',     null, null, null, null, null, null, null, null, null, null, null, null), ('old',   'none', 'partial',  null, null, null, 0, 0, 0, 0, null, 29, 0, 0, 10),
  ('shut', 'none', 'complete', null, null, null, 0,    0,    0,    0,    null, 29,   0,    0,    10),   ('fresh', 'none', 'complete', null, null, null, 0, 0, 0, 0, null, 4,  0, 0, 10);

-- expect fct_deployments where deployment_id in (102, 200, 400): deployment_id, n_incidents, is_failed_incident
values (102, null, null), (200, null, null), (400, null, null);

-- 33 days of old are known, with 4 weeks; for dock as a whole 4 weeks are. shut is known to the newest day, for nobody can deploy it.
-- expect fct_dora where period_type = 'rolling_90d' and is_newest and subject_id <> 'works': subject_type, subject_id, deployments_completeness, is_whole, n_days, n_deployments, round(deployments_per_day, 6), n_weeks
values
  ('service', 'dark',    'complete', true, 90, 20, 0.222222, 12), ('service', 'old', 'partial', false, 33, 30, 0.909091, 4), ('service', 'shut', 'complete', true, 90, 30, 0.333333, 12),
  ('service', 'fresh',   'complete', true, 90, 5,  0.055556, 12), ('team', 'keepers', 'complete', true, 90, 20, 0.222222, 12), ('team', 'dock', 'partial', false, 90, 65, 0.722222, 4);

-- Of the week of 2026-09-21 five days were read, and of those after it none.
-- expect fct_successful_deployments_weekly where subject_type = 'service' and subject_id in ('old', 'shut') and (week between '2026-09-14' and '2026-09-28' or week = '2026-11-09'): subject_id, week, is_whole_week, n_deployments, n_rollbacks
values
  ('old',  '2026-09-14', true, 7, 0), ('old',  '2026-09-21', false, 2, 0), ('old',  '2026-09-28', false, null, null), ('old',  '2026-11-09', false, null, null),
  ('shut', '2026-09-14', true, 7, 0), ('shut', '2026-09-21', true,  2, 0), ('shut', '2026-09-28', true,  0,    0),    ('shut', '2026-11-09', true,  0,    0);
set variable "service" = 'old';

-- expect deployments-per-week where status = 'not_visible' and week > '2026-11-02' or status <> 'not_visible' and week > '2026-09-14': status, subject_id, iso_week, n_deployments, is_whole_week, reason
values
  ('counted',     'old', '2026-W39', 2,    false, 'not all of its days are over, or were read'), ('not_visible', 'old', '2026-W46', null, false, 'none of its days was read'),
  ('not_visible', 'old', '2026-W47', null, false, 'none of its days was read');
set variable "service" = 'dark';

-- expect dora: status, subject_id, metric, round(value, 6), n, band, round(score, 6), source_completeness
values
  ('measured',    'dark', 'deployment_frequency',       0.222222, 20, 'medium', 6, 'complete'), ('not_visible', 'dark', 'lead_time_commit', null, null, null, null, 'none'), ('not_visible', 'dark', 'lead_time_pull_request', null, null, null, null, 'none'),
  ('not_visible', 'dark', 'change_failure_incident',    null, null, null, null, 'none'), ('not_visible', 'dark', 'change_failure_remediation', null, null, null, null, 'none'), ('not_visible', 'dark', 'recovery', null, null, null, null, 'none'),
  ('not_visible', 'dark', 'rework', null, null, null, null, 'none'), ('not_visible', 'github.deployments', null, null, null, null, null, 'none'), ('not_visible', 'github.pull_requests', null, null, null, null, null, 'none'),
  ('not_visible', 'github.pull_request_commits', null, null, null, null, null, 'none'), ('not_visible', 'datadog.incidents', null, null, null, null, null, 'none');
