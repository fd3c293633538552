-- The parts of a pull request's way to production, case by case and worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

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

insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-21', 1, 'works', 'parts', 'works/parts'), ('2026-11-21', 2, 'works', 'pair', 'works/pair'), ('2026-11-21', 3, 'works', 'five', 'works/five');
insert into github.repository_properties (date, repository_id, full_name, property_name, value) values ('2026-11-21', 3, 'works/five', 'team', 'keepers');
insert into almanac.outcomes (date, logical_date, source, table_name, parent)
  select '2026-11-21', '2026-11-21', 'github', table_name, 'works/' || name
  from (values ('deployments'), ('pull_requests')) as tables (table_name) cross join (values ('parts'), ('pair'), ('five')) as repositories (name);
insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'works'), ('2026-11-21', '2026-11-21', 'github', 'repository_properties', 'works'), ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml');
update almanac.outcomes set run_id = '01A';
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug) values
  ('2026-11-21', 'component:default/one', 'one', 'group:default/keepers', 'works/pair'), ('2026-11-21', 'component:default/two', 'two', 'group:default/keepers', 'works/pair');

-- 1 came with the first deployment that is known. 2 has every part; 3 nobody approved, 4 nobody reviewed; of 5 no commit is known; 6 was approved before the review that counts; the
-- deployment of 7 succeeded before the merge; the commits of 8 were written anew after it was deployed; 9 is merged a second before midnight, and deployed at midnight; 10
-- came to staging only, 11 not at all; 12 is open.
insert into github.pull_requests (date, repository_id, full_name, number, created_at, first_commit_authored_at, ready_at, first_review_at, first_approved_at, last_approved_at, merged_at, merge_commit_sha, reviews, approvals) values
  ('2026-11-21', 1, 'works/parts', 1,  '2026-11-01 09:00', '2026-11-01 08:00', '2026-11-01 09:00', '2026-11-01 09:30', '2026-11-01 09:40', '2026-11-01 09:40', '2026-11-01 10:00', 'a1',  1, 1),
  ('2026-11-21', 1, 'works/parts', 2,  '2026-11-02 10:00', '2026-11-02 09:00', '2026-11-02 12:00', '2026-11-02 14:00', '2026-11-02 15:00', '2026-11-02 18:00', '2026-11-02 20:00', 'a2',  3, 2),
  ('2026-11-21', 1, 'works/parts', 3,  '2026-11-03 10:00', '2026-11-03 09:00', '2026-11-03 10:00', '2026-11-03 11:00', null,               null,               '2026-11-03 13:00', 'a3',  1, 0),
  ('2026-11-21', 1, 'works/parts', 4,  '2026-11-04 10:00', '2026-11-04 09:00', '2026-11-04 10:00', null,               null,               null,               '2026-11-04 11:00', 'a4',  0, 0),
  ('2026-11-21', 1, 'works/parts', 5,  '2026-11-05 10:00', null,               '2026-11-05 10:00', '2026-11-05 11:00', '2026-11-05 12:00', '2026-11-05 12:00', '2026-11-05 13:00', 'a5',  1, 1),
  ('2026-11-21', 1, 'works/parts', 6,  '2026-11-06 10:00', '2026-11-06 09:00', '2026-11-06 10:00', '2026-11-06 12:00', '2026-11-06 11:00', '2026-11-06 11:00', '2026-11-06 13:00', 'a6',  2, 1),
  ('2026-11-21', 1, 'works/parts', 7,  '2026-11-07 10:00', '2026-11-07 09:00', '2026-11-07 10:00', '2026-11-07 11:00', '2026-11-07 12:00', '2026-11-07 12:00', '2026-11-07 13:00', 'a7',  1, 1),
  ('2026-11-21', 1, 'works/parts', 8,  '2026-11-08 10:00', '2026-11-08 23:00', '2026-11-08 10:00', '2026-11-08 11:00', '2026-11-08 12:00', '2026-11-08 12:00', '2026-11-08 13:00', 'a8',  1, 1),
  ('2026-11-21', 1, 'works/parts', 9,  '2026-11-09 10:00', '2026-11-09 09:59:59', '2026-11-09 10:00', '2026-11-09 11:00', '2026-11-09 12:00', '2026-11-09 12:00', '2026-11-09 23:59:59', 'a9', 1, 1),
  ('2026-11-21', 1, 'works/parts', 10, '2026-11-10 10:00', '2026-11-10 09:00', '2026-11-10 10:00', '2026-11-10 11:00', '2026-11-10 12:00', '2026-11-10 12:00', '2026-11-10 13:00', 'a10', 1, 1),
  ('2026-11-21', 1, 'works/parts', 11, '2026-11-11 10:00', '2026-11-11 09:00', '2026-11-11 10:00', '2026-11-11 11:00', '2026-11-11 12:00', '2026-11-11 12:00', '2026-11-11 13:00', 'a11', 1, 1),
  ('2026-11-21', 1, 'works/parts', 12, '2026-11-12 10:00', '2026-11-12 09:00', '2026-11-12 10:00', '2026-11-12 11:00', null,               null,               null,               null,  1, 0),
  ('2026-11-21', 2, 'works/pair',  1,  '2026-11-02 10:00', '2026-11-02 09:00', '2026-11-02 10:00', '2026-11-02 11:00', '2026-11-02 12:00', '2026-11-02 12:00', '2026-11-02 13:00', 'b1',  1, 1);
update github.pull_requests set state = 'open' where number = 12;
-- Five of keepers that take an hour for each part and one to five for the deployment, and one that is not deployed yet.
insert into github.pull_requests (date, repository_id, full_name, number, created_at, first_commit_authored_at, ready_at, first_review_at, first_approved_at, last_approved_at, merged_at, merge_commit_sha, reviews, approvals)
  select '2026-11-21', 3, 'works/five', n, day || ' 10:00', day || ' 09:00', day || ' 10:00', day || ' 11:00', day || ' 12:00', day || ' 12:00', day || ' 13:00', 'c' || n, 1, 1
  from (select n, '2026-11-1' || n as day from range(1, 7) as numbers (n)) as days;
insert into github.deployments (date, repository_id, full_name, deployment_id, commit_sha, created_at, first_success_at, commit_committed_at)
  select '2026-11-21', 3, 'works/five', n, 'c' || n, day || ' 13:30', day || ' ' || (13 + n) || ':00', '2026-11-09'
  from (select n, '2026-11-1' || n as day from range(6) as numbers (n)) as days;
insert into github.deployments (date, repository_id, full_name, deployment_id, environment, task, commit_sha, created_at, first_success_at) values
  ('2026-11-21', 1, 'works/parts', 1,  'production', 'deploy', 'a1',  '2026-11-01 10:30', '2026-11-01 11:00'), ('2026-11-21', 1, 'works/parts', 2,  'production', 'deploy', 'a2',  '2026-11-02 22:00', '2026-11-02 22:30'),
  ('2026-11-21', 1, 'works/parts', 3,  'production', 'deploy', 'a3',  '2026-11-03 13:30', '2026-11-03 14:00'), ('2026-11-21', 1, 'works/parts', 4,  'production', 'deploy', 'a4',  '2026-11-04 11:30', '2026-11-04 12:00'),
  ('2026-11-21', 1, 'works/parts', 5,  'production', 'deploy', 'a5',  '2026-11-05 13:30', '2026-11-05 14:00'), ('2026-11-21', 1, 'works/parts', 6,  'production', 'deploy', 'a6',  '2026-11-06 13:30', '2026-11-06 14:00'),
  ('2026-11-21', 1, 'works/parts', 7,  'production', 'deploy', 'a7',  '2026-11-07 12:30', '2026-11-07 12:45'), ('2026-11-21', 1, 'works/parts', 8,  'production', 'deploy', 'a8',  '2026-11-08 13:30', '2026-11-08 14:00'),
  ('2026-11-21', 1, 'works/parts', 9,  'production', 'deploy', 'a9',  '2026-11-09 23:59:59', '2026-11-10 00:00'), ('2026-11-21', 1, 'works/parts', 10, 'staging', 'deploy', 'a9',  '2026-11-10 10:00', '2026-11-10 10:05'),
  ('2026-11-21', 1, 'works/parts', 11, 'staging',    'deploy', 'a10', '2026-11-10 13:30', '2026-11-10 14:00'), ('2026-11-21', 1, 'works/parts', 12, 'production', 'deploy', 'a11', '2026-11-11 13:30', null),
  ('2026-11-21', 2, 'works/pair',  21, 'production', 'deploy', 'b0',  '2026-11-01 10:00', '2026-11-01 11:00'), ('2026-11-21', 2, 'works/pair',  22, 'production', 'deploy two', 'b1', '2026-11-02 14:00', '2026-11-02 15:00'),
  ('2026-11-21', 2, 'works/pair',  23, 'production', 'deploy one', 'b1', '2026-11-02 13:30', '2026-11-02 14:00');
update github.deployments set commit_committed_at = '2026-10-31' where commit_sha = 'b0';

-- expect fct_pull_requests where repository_id < 3: repository_id, number, deployed_at, coding_hours, pickup_hours, review_hours, rework_hours, approval_to_merge_hours, round(deploy_hours, 6), round(lead_hours, 6), round(cycle_hours, 6), has_disordered_events
values
  (1, 1,  null,               1,    0.5,  0.166666666666666666, 0.16666666666666666, 0.3333333333333333, null, null, 2,    false),
  (1, 2,  '2026-11-02 22:30', 3,    2,    4,    1,    2,    2.5,      13.5,      11,   false),
  (1, 3,  '2026-11-03 14:00', 1,    1,    2,    null, null, 1,        5,         4,    false),
  (1, 4,  '2026-11-04 12:00', 1,    null, null, null, null, 1,        3,         2,    false),
  (1, 5,  '2026-11-05 14:00', null, 1,    1,    1,    1,    1,        null,      3,    false),
  (1, 6,  '2026-11-06 14:00', 1,    2,    null, null, 2,    1,        5,         4,    true),
  (1, 7,  '2026-11-07 12:45', 1,    1,    1,    1,    1,    null,     3.75,      4,    true),
  (1, 8,  '2026-11-08 14:00', null, 1,    1,    1,    1,    1,        null,      null, true),
  (1, 9,  '2026-11-10 00:00', 0.0002777777777777778, 1, 1, 1, 11.999722222222223, 0.000278, 14.000278, 14, false),
  (1, 10, null,               1,    1,    1,    1,    1,    null,     null,      4,    false),
  (1, 11, null,               1,    1,    1,    1,    1,    null,     null,      4,    false),
  (1, 12, null,               1,    1,    null, null, null, null,     null,      null, false),
  (2, 1,  '2026-11-02 14:00', 1,    1,    1,    1,    1,    1,        5,         4,    false);

-- Of 35 hours the five of keepers spent 15 on deployment. 2 and 9 of parts, and that of pair, have every part, too: of 67.500278 hours in all, 18.500278.
-- expect change-lead-time where subject_id in ('keepers', '(all)'): status, subject_id, part, n, n_merged, p50_hours, round(p75_hours, 6), round(p90_hours, 6), round(share_of_lead, 6), n_share, as_of_date, source_completeness
values
  ('measured', 'keepers', 'coding', 6, 6, 1, 1, 1, 0.142857, 5, '2026-11-21', 'complete'), ('measured', 'keepers', 'pickup', 6, 6, 1, 1, 1, 0.142857, 5, '2026-11-21', 'complete'),
  ('measured', 'keepers', 'review', 6, 6, 1, 1, 1, 0.142857, 5, '2026-11-21', 'complete'), ('measured', 'keepers', 'approval_to_merge', 6, 6, 1, 1, 1, 0.142857, 5, '2026-11-21', 'complete'),
  ('measured', 'keepers', 'deploy', 5, 6, 3, 4, 4.6, 0.428571, 5, '2026-11-21', 'complete'), ('measured', 'keepers', 'lead', 5, 6, 7, 8, 8.6, 1, 5, '2026-11-21', 'complete'),
  ('measured', '(all)', 'coding', 16, 18, 1, 1, 1, 0.133337, 8, '2026-11-21', 'complete'), ('measured', '(all)', 'pickup', 17, 18, 1, 1, 1.4, 0.133333, 8, '2026-11-21', 'complete'),
  ('measured', '(all)', 'review', 16, 18, 1, 1, 1.5, 0.162962, 8, '2026-11-21', 'complete'), ('measured', '(all)', 'approval_to_merge', 16, 18, 1, 1, 2, 0.296291, 8, '2026-11-21', 'complete'),
  ('measured', '(all)', 'deploy', 13, 18, 1, 2.5, 3.8, 0.274077, 8, '2026-11-21', 'complete'), ('measured', '(all)', 'lead', 12, 18, 5.5, 8.25, 13.05, 1, 8, '2026-11-21', 'complete');

-- Six merges of nobody knows how many people.
-- expect fct_pr_size_merge_time where subject = 'keepers' and period_type = 'all_time' and size_bucket = 'all': n, n_people, n_merge, merge_p50_hours, share_reverts, spearman_size_merge
values (6, null, 6, null, null, null);

-- Incidents were never read, nor commits: that nothing failed, or came slowly, nobody knows.
-- expect fct_dora where subject_id = 'works' and period_type = 'rolling_90d' and is_newest: n_deployments, n_failed_incident, change_failure_rate_incident, n_incidents, incidents_completeness, n_remediated, n_commits, lead_time_commit_p50_hours, n_pull_requests, lead_time_pr_p50_hours
values (18, null, null, null, 'none', 0, null, null, 12, 5.5);

-- The first of pair counts for both that live there.
-- expect failed-changes where status <> 'failed': status, subject_id, n_deployments
values ('not_failed', '(not failed)', 19), ('not_visible', 'pagerduty.incidents', null), ('not_visible', 'datadog.incidents', null);
