-- How often, how fast and how well services, teams and organisations deliver, worked out by hand. The dates built are 2026-11-20 and 2026-11-21, a Saturday.

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

-- Deployments of unseen were never read. twin-a and twin-b live in one repository.
insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-21', 1, 'works', 'many',   'works/many'),   ('2026-11-21', 2, 'works', 'few',   'works/few'),   ('2026-11-21', 3, 'works', 'none', 'works/none'),
  ('2026-11-21', 4, 'works', 'unseen', 'works/unseen'), ('2026-11-21', 5, 'works', 'twins', 'works/twins'), ('2026-11-21', 6, 'works', 'edge', 'works/edge');
insert into almanac.outcomes (date, logical_date, source, table_name, parent)
  select '2026-11-21', '2026-11-21', 'github', table_name, 'works/' || name
  from (values ('deployments'), ('pull_requests'), ('pull_request_commits')) as tables (table_name)
  cross join (values ('many'), ('few'), ('none'), ('unseen'), ('twins'), ('edge')) as repositories (name)
  where name <> 'unseen' or table_name <> 'deployments';
insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'works'), ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'),
  ('2026-11-21', '2026-11-21', 'datadog', 'incidents', 'datadog');
update almanac.outcomes set run_id = '01A';

insert into catalog.services (date, entity_ref, name, owner_ref, github_slug) values
  ('2026-11-21', 'component:default/many',   'many',   'group:default/keepers', 'works/many'),  ('2026-11-21', 'component:default/few',    'few',    'group:default/keepers', 'works/few'),
  ('2026-11-21', 'component:default/none',   'none',   'group:default/idle',    'works/none'),  ('2026-11-21', 'component:default/unseen', 'unseen', 'group:default/idle',    'works/unseen'),
  ('2026-11-21', 'component:default/twin-a', 'twin-a', 'group:default/twins',   'works/twins'), ('2026-11-21', 'component:default/twin-b', 'twin-b', 'group:default/twins',   'works/twins'),
  ('2026-11-21', 'component:default/edge',   'edge',   'group:default/rim',     'works/edge'),  ('2026-11-21', 'component:default/homeless', 'homeless', 'group:default/rim', null);

create macro utc(at_time) as cast(strftime(at_time, '%Y-%m-%d %H:%M:%S+00') as timestamptz);

-- many: on Mondays and Wednesdays of the twelve weeks from 2026-08-24 at noon, numbered from 100, and once more, on 2026-11-16. 108 deploys the commit of 106 again.
insert into github.deployments (date, repository_id, full_name, deployment_id, commit_sha, created_at, first_success_at, commit_committed_at)
  select '2026-11-21', 1, 'works/many', 100 + n, 'd' || case n when 8 then 6 else n end, utc(noon - interval 5 minute), utc(noon),
    utc(case n when 8 then timestamp '2026-09-14 11:00:00' else noon - interval 1 hour end)
  from (select n, timestamp '2026-08-24 12:00:00' + to_days(cast(n // 2 * 7 + n % 2 * 2 as integer)) as noon from range(25) as numbers (n)) as moments;
-- twins: from Monday to Saturday. edge: the last second of a week of 2025 and the first of week 1 of 2026, twice more in that, the last second included, and once in week 2.
insert into github.deployments (date, repository_id, full_name, deployment_id, commit_sha, created_at, first_success_at, commit_committed_at)
  select '2026-11-21', 5, 'works/twins', 500 + n, 't' || n, utc(moment), utc(moment), utc(moment - interval 1 hour)
  from (select n, timestamp '2026-11-09 10:00:00' + to_days(cast(n as integer)) as moment from range(6) as numbers (n)) as moments;
insert into github.deployments (date, repository_id, full_name, deployment_id, commit_sha, created_at, first_success_at, commit_committed_at) values
  ('2026-11-21', 2, 'works/few',  200, 'f1', '2026-11-10 10:00', '2026-11-10 11:00', '2026-11-10 09:00'),
  ('2026-11-21', 6, 'works/edge', 601, 'e1', '2025-12-28 23:00', '2025-12-28 23:59:59', '2025-12-28 22:00'), ('2026-11-21', 6, 'works/edge', 602, 'e2', '2025-12-28 23:30', '2025-12-29 00:00:00', '2025-12-28 23:00'),
  ('2026-11-21', 6, 'works/edge', 603, 'e3', '2025-12-31 12:00', '2025-12-31 12:00:00', '2025-12-31 11:00'), ('2026-11-21', 6, 'works/edge', 604, 'e4', '2026-01-04 23:00', '2026-01-04 23:59:59', '2026-01-04 22:00'),
  ('2026-11-21', 6, 'works/edge', 605, 'e5', '2026-01-04 23:30', '2026-01-05 00:00:00', '2026-01-04 23:00');

-- 1 to 5 came with 101 to 105, begun 1, 2, 3, 4 and 10 hours before; 6 came with 106 and is a hotfix that does not tell when it was begun.
insert into github.pull_requests (date, repository_id, full_name, number, merged_at, merge_commit_sha, first_commit_authored_at, labels) values
  ('2026-11-21', 1, 'works/many', 1, '2026-08-26 11:45', 'd1', '2026-08-26 11:00', []), ('2026-11-21', 1, 'works/many', 2, '2026-08-31 11:45', 'd2', '2026-08-31 10:00', []),
  ('2026-11-21', 1, 'works/many', 3, '2026-09-02 11:45', 'd3', '2026-09-02 09:00', []), ('2026-11-21', 1, 'works/many', 4, '2026-09-07 11:45', 'd4', '2026-09-07 08:00', []),
  ('2026-11-21', 1, 'works/many', 5, '2026-09-09 11:45', 'd5', '2026-09-09 02:00', []), ('2026-11-21', 1, 'works/many', 6, '2026-09-14 11:45', 'd6', null,               ['hotfix']);
-- Of 60 days to the second one counts and one that is older does not, nor does a merge or what was committed no sooner than deployed. c1 came with the first that has it.
insert into github.pull_request_commits (date, repository_id, full_name, number, sha, committed_at, is_merge) values
  ('2026-11-21', 1, 'works/many', 1, 'c1', '2026-08-26 11:30:00', false), ('2026-11-21', 1, 'works/many', 2, 'c1', '2026-08-26 11:30:00', false),
  ('2026-11-21', 1, 'works/many', 2, 'c2', '2026-08-31 11:00:00', false), ('2026-11-21', 1, 'works/many', 2, 'm2', '2026-08-31 11:10:00', true),
  ('2026-11-21', 1, 'works/many', 3, 'c3', '2026-09-02 10:00:00', null),  ('2026-11-21', 1, 'works/many', 4, 'c4', '2026-09-07 09:00:00', false),
  ('2026-11-21', 1, 'works/many', 5, 'c5', '2026-07-11 12:00:00', false), ('2026-11-21', 1, 'works/many', 5, 'c6', '2026-07-11 11:59:59', false),
  ('2026-11-21', 1, 'works/many', 5, 'c7', '2026-09-09 12:00:00', false);

-- Of many, after 110, 112 and, twice, 114, and one that no deployment came before for two days. Of twin-a, after 502.
insert into datadog.incidents (date, incident_id, severity, state, customer_impact_started_at, resolved_at, modified_at, services, incident_type_id) values
  ('2026-11-21', 'a', 'SEV-2', 'resolved', '2026-09-28 13:00', '2026-09-28 14:00', '2026-09-28 14:00', ['many'],   'i'), ('2026-11-21', 'b', 'SEV-2', 'resolved', '2026-10-05 13:00', '2026-10-05 18:00', '2026-10-05 18:00', ['many'], 'i'),
  ('2026-11-21', 'c', 'SEV-2', 'resolved', '2026-10-12 12:30', '2026-10-12 13:00', '2026-10-12 13:00', ['many'],   'i'), ('2026-11-21', 'd', 'SEV-2', 'resolved', '2026-10-16 12:00', '2026-10-16 13:00', '2026-10-16 13:00', ['many'], 'i'),
  ('2026-11-21', 'e', 'SEV-2', 'resolved', '2026-10-19 13:00', '2026-10-19 14:00', '2026-10-19 14:00', ['many'],   'maintenance'), ('2026-11-21', 'f', 'SEV-2', 'resolved', '2026-10-12 12:40', '2026-10-12 12:50', '2026-10-12 12:50', ['many'], 'i'),
  ('2026-11-21', 'g', 'SEV-2', 'resolved', '2026-11-11 11:00', '2026-11-11 12:00', '2026-11-11 12:00', ['twin-a'], 'i');

-- Lead times of commits are 0.5, 1, 2, 3 and 1440 hours.
-- expect fct_dora where period_type = 'rolling_90d' and is_newest and subject_type = 'service' and subject_id <> 'edge': subject_id, period_start, period_end, is_whole, n_days, n_deployments, round(deployments_per_day, 6), n_deployment_days, n_weeks, deployment_days_per_week_p50, n_commits, lead_time_commit_p50_hours, lead_time_commit_p75_hours, round(lead_time_commit_p90_hours, 6), n_pull_requests, lead_time_pr_p50_hours, lead_time_pr_p75_hours, round(lead_time_pr_p90_hours, 6)
values
  ('many',   '2026-08-24', '2026-11-21', true, 90, 25,   0.277778, 25,   12, 2,    5,    2,    3,    865.2, 5,    3,    4,    7.6),
  ('few',    '2026-08-24', '2026-11-21', true, 90, 1,    0.011111, 1,    12, 0,    0,    null, null, null,  0,    null, null, null),
  ('none',   '2026-08-24', '2026-11-21', true, 90, 0,    0,        0,    12, 0,    0,    null, null, null,  0,    null, null, null),
  ('unseen', '2026-08-24', '2026-11-21', false, 0, null, null,     null, 0,  null, null, null, null, null,  null, null, null, null),
  ('twin-a', '2026-08-24', '2026-11-21', true, 90, 6,    0.066667, 6,    12, 0,    0,    null, null, null,  0,    null, null, null),
  ('twin-b', '2026-08-24', '2026-11-21', true, 90, 6,    0.066667, 6,    12, 0,    0,    null, null, null,  0,    null, null, null);

-- 105 was repaired and 107 undone after 120 hours; 110, 112 and 114 were over after 2, 6 and 1. Of the first of many it is not known whether it was planned; it counts among all.
-- expect fct_dora where period_type = 'rolling_90d' and is_newest and subject_id <> 'edge' and subject_id <> 'rim': subject_type, subject_id, n_failed_incident, round(change_failure_rate_incident, 6), n_without_rollbacks, n_remediated, round(change_failure_rate_remediation, 6), round(change_failure_rate_remediation_without_rollbacks, 6), n_failed, n_recoveries, n_recoveries_incident, recovery_p50_hours, n_judged_unplanned, n_unplanned, round(rework_rate, 6)
values
  ('service',      'many',    3,    0.12,     24,   2,    0.08,     0.083333, 5,    5, 3, 6,    24, 2, 0.08), ('service', 'few',    0,    null,     1,    0,    null, null, 0,    0, 0, null, 0, 0, null),
  ('service',      'none',    0,    null,     0,    0,    null,     null,     0,    0, 0, null, 0,  0, null),     ('service', 'unseen', null, null,     null, null, null, null, null, null, null, null, null, null, null),
  ('service',      'twin-a',  1,    0.166667, 6,    0,    0,        0,        1,    1, 1, null, 5,  0, 0),        ('service', 'twin-b', 0,    0,        6,    0,    0,    0,    0,    0, 0, null, 5, 0, 0),
  ('team',         'keepers', 3,    0.115385, 25,   2,    0.076923, 0.08,     5,    5, 3, 6,    24, 2, 0.076923), ('team',    'idle',   0,    null,     0,    0,    null, null, 0,    0, 0, null, 0, 0, null),
  ('team',         'twins',   1,    0.166667, 6,    0,    0,        0,        1,    1, 1, null, 5,  0, 0),        ('organisation', 'works', 4, 0.125,    31,   2,    0.0625, 0.064516, 6,   6, 4, 4,    29, 2, 0.0625);

-- expect fct_dora where period_type = 'rolling_90d' and is_newest and subject_id <> 'edge' and subject_id <> 'rim': subject_id, deployments_completeness, pull_requests_completeness, incidents_completeness, n_incidents, attributed_explicit_share, attributed_same_service_share, attributed_same_team_share, not_attributed_share, round(attribution_confidence, 6)
values
  ('many',    'complete', 'complete', 'complete', 5, 0,    0.8,  0,    0.2,  0.7), ('few',   'complete', 'complete', 'complete', 0, null, null, null, null, null), ('none',   'complete', 'complete', 'complete', 0, null, null, null, null, null),
  ('unseen',  'none',     'complete', 'complete', 0, null, null, null, null, null), ('twin-a', 'complete', 'complete', 'complete', 1, null, null, null, null, 0.7), ('twin-b', 'complete', 'complete', 'complete', 0, null, null, null, null, null),
  ('keepers', 'complete', 'complete', 'complete', 5, 0,    0.8,  0,    0.2,  0.7), ('idle',  'partial',  'complete', 'complete', 0, null, null, null, null, null), ('twins',  'complete', 'complete', 'complete', 1, null, null, null, null, 0.7),
  ('works',   'partial',  'complete', 'complete', 6, 0, 0.8333333333333334, 0, 0.16666666666666666, 0.7);

-- Twice a week is high, one in ninety days low. 0.12 failed is worse than 0.10 and better than 0.15.
-- expect fct_dora where period_type = 'rolling_90d' and is_newest and subject_type = 'service' and subject_id <> 'edge': subject_id, frequency_band, lead_time_commit_band, lead_time_pr_band, change_failure_incident_band, change_failure_remediation_band, recovery_band, band_year, frequency_score, lead_time_commit_score, lead_time_pr_score, round(change_failure_incident_score, 6), round(change_failure_remediation_score, 6), recovery_score, round(rework_score, 6)
values
  ('many',   'high', 'elite', 'elite', 'medium', 'high',  'high', 2023, 6, 8, 8, 8.8, 9.2, 8, 9.2), ('few', 'low', null, null, null, null, null, 2023, 2, null, null, null, null, null, null),
  ('none',   'low',  null, null, null, null, null, 2023, 0, null, null, null, null, null, null),         ('unseen', null, null, null, null, null, null, 2023, null, null, null, null, null, null, null),
  ('twin-a', 'medium', null, null, 'low', 'elite', null, 2023, 4, null, null, 8.333333, 10, null, 10), ('twin-b', 'medium', null, null, 'elite', 'elite', null, 2023, 4, null, null, 10, 10, null, 10);

-- Of the first week one day is known; the days up to 2026-01-04 are eight, and one whole week.
-- expect fct_dora where subject_id = 'edge' and period_end <= '2026-01-11': period_type, period_start, period_end, is_newest, is_whole, n_days, n_deployments, deployments_per_day, n_weeks, deployment_days_per_week_p50, frequency_band
values
  ('week', '2025-12-22', '2025-12-28', false, false, 1, 1, 1, 0, null, null),   ('rolling_90d', '2025-09-30', '2025-12-28', false, false, 1, 1, 1, 0, null, null),
  ('week', '2025-12-29', '2026-01-04', false, true, 7, 3, 0.42857142857142855, 1, null, null), ('rolling_90d', '2025-10-07', '2026-01-04', false, false, 8, 4, 0.5, 1, null, null),
  ('week', '2026-01-05', '2026-01-11', false, true, 7, 1, 0.14285714285714285, 1, null, null), ('rolling_90d', '2025-10-14', '2026-01-11', false, false, 15, 5, 0.3333333333333333, 2, null, null);

-- expect fct_successful_deployments_weekly where subject_type <> 'organisation' and (n_deployments > 0 and subject_id <> 'many' or week >= '2026-11-16' and subject_id <> 'rim'): subject_type, subject_id, week, iso_year, iso_week, is_whole_week, n_deployments, n_deployment_days, n_rollbacks
values
  ('service', 'edge',    '2025-12-22', 2025, 52, false, 1, 1, 0), ('service', 'edge',    '2025-12-29', 2026, 1,  true,  3, 3, 0), ('service', 'edge',    '2026-01-05', 2026, 2,  true,  1, 1, 0), ('service', 'edge',   '2026-11-16', 2026, 47, false, 0, 0, 0),
  ('team',    'rim',     '2025-12-22', 2025, 52, false, 1, 1, 0), ('team',    'rim',     '2025-12-29', 2026, 1,  true,  3, 3, 0), ('team',    'rim',     '2026-01-05', 2026, 2,  true,  1, 1, 0), ('service', 'few',    '2026-11-09', 2026, 46, true,  1, 1, 0),
  ('service', 'few',     '2026-11-16', 2026, 47, false, 0, 0, 0), ('service', 'twin-a',  '2026-11-09', 2026, 46, true,  6, 6, 0), ('service', 'twin-a',  '2026-11-16', 2026, 47, false, 0, 0, 0), ('service', 'twin-b', '2026-11-09', 2026, 46, true,  6, 6, 0),
  ('service', 'twin-b',  '2026-11-16', 2026, 47, false, 0, 0, 0), ('team',    'twins',   '2026-11-09', 2026, 46, true,  6, 6, 0), ('team',    'twins',   '2026-11-16', 2026, 47, false, 0, 0, 0), ('service', 'many',   '2026-11-16', 2026, 47, false, 1, 1, 0),
  ('team',    'keepers', '2026-08-24', 2026, 35, true,  2, 2, 0), ('team',    'keepers', '2026-08-31', 2026, 36, true,  2, 2, 0), ('team',    'keepers', '2026-09-07', 2026, 37, true,  2, 2, 0), ('team',    'keepers', '2026-09-14', 2026, 38, true, 2, 2, 0),
  ('team',    'keepers', '2026-09-21', 2026, 39, true,  2, 2, 1), ('team',    'keepers', '2026-09-28', 2026, 40, true,  2, 2, 0), ('team',    'keepers', '2026-10-05', 2026, 41, true,  2, 2, 0), ('team',    'keepers', '2026-10-12', 2026, 42, true, 2, 2, 0),
  ('team',    'keepers', '2026-10-19', 2026, 43, true,  2, 2, 0), ('team',    'keepers', '2026-10-26', 2026, 44, true,  2, 2, 0), ('team',    'keepers', '2026-11-02', 2026, 45, true,  2, 2, 0), ('team',    'keepers', '2026-11-09', 2026, 46, true, 3, 3, 0),
  ('team',    'keepers', '2026-11-16', 2026, 47, false, 1, 1, 0);

-- A week without a deployment is a row, from the first one on: 47 weeks and the one in progress.
-- expect fct_successful_deployments_weekly where subject_id = 'edge' group by subject_id: count(*), sum(n_deployments), min(week), max(week)
values (48, 5, '2025-12-22', '2026-11-16');

-- expect deployments-per-week where subject_id in ('works', 'twins', 'none') and week >= '2026-11-09': status, subject_type, subject_id, iso_week, n_deployments, n_deployment_days, is_whole_week, as_of_date, source_completeness
values
  ('counted', 'organisation', 'works', '2026-W47', 1, 1, false, '2026-11-21', 'partial'), ('counted', 'organisation', 'works', '2026-W46', 9, 6, true, '2026-11-21', 'partial'),
  ('counted', 'team', 'twins', '2026-W47', 0, 0, false, '2026-11-21', 'complete'), ('counted', 'team', 'twins', '2026-W46', 6, 6, true, '2026-11-21', 'complete');

set variable "service" = 'none';

-- Deployments of none were read, and there is none; those of unseen were not, and homeless lives nowhere.
-- expect deployments-per-week: status, subject_id, iso_week, n_deployments, n_rollbacks, is_whole_week, as_of_date, source_completeness, reason
values ('counted', 'none', '2026-W47', 0, 0, false, '2026-11-21', 'complete', 'no deployment of it to production was ever seen');
set variable "service" = 'unseen';

-- expect deployments-per-week: status, subject_id, iso_week, n_deployments, is_whole_week, source_completeness, reason
values ('not_visible', 'unseen', '2026-W47', null, false, 'none', 'its deployments were never read');
set variable "service" = 'homeless';

-- expect deployments-per-week: status, subject_id, iso_week, n_deployments, source_completeness, reason
values ('not_visible', 'homeless', null, null, 'none', 'no repository is known that it lives in, or no deployments were ever read');
set variable "service" = null;

-- expect dora where subject_id = 'keepers' or subject_id = 'idle' and metric < 'd': status, subject_id, metric, round(value, 6), n, band, band_year, centre_low, centre_high, centre_source, round(score, 6), since, as_of_date, source_completeness
values
  ('measured', 'keepers', 'deployment_frequency', 0.288889, 26, 'high', 2023, 0.142857, 1, 'secondary', 6, '2026-08-24', '2026-11-21', 'complete'), ('measured', 'keepers', 'lead_time_commit', 2, 5, 'elite', 2023, 0, 24, 'secondary', 8, '2026-08-24', '2026-11-21', 'complete'),
  ('measured', 'keepers', 'lead_time_pull_request', 3, 5, 'elite', 2023, 0, 24, 'secondary', 8, '2026-08-24', '2026-11-21', 'complete'), ('measured', 'keepers', 'change_failure_incident', 0.115385, 26, 'medium', 2023, 0.15, 0.15, 'secondary', 8.846154, '2026-08-24', '2026-11-21', 'complete'),
  ('measured', 'keepers', 'change_failure_remediation', 0.076923, 26, 'high', 2023, 0.1, 0.1, 'secondary', 9.230769, '2026-08-24', '2026-11-21', 'complete'), ('measured', 'keepers', 'recovery', 6, 5, 'high', 2023, 0, 24, 'secondary', 8, '2026-08-24', '2026-11-21', 'complete'),
  ('measured', 'keepers', 'rework', 0.076923, 26, null, null, null, null, null, 9.230769, '2026-08-24', '2026-11-21', 'complete'), ('too_few', 'idle', 'change_failure_incident', null, 0, null, null, null, null, null, null, '2026-08-24', '2026-11-21', 'partial'),
  ('too_few', 'idle', 'change_failure_remediation', null, 0, null, null, null, null, null, null, '2026-08-24', '2026-11-21', 'partial');
