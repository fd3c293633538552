-- Whom incidents are put down to, of two sources and by teams, and what goes to several regions. The newest day is 2026-11-22, a Sunday, read in its course.

alter table github.repositories alter column visibility set default 'private';
alter table github.pull_requests alter column base_is_default set default true;
alter table github.pull_requests alter column base_branch set default 'main';
alter table github.pull_requests alter column state set default 'merged';
alter table github.deployments alter column environment set default 'production';
alter table github.deployments alter column ref_name set default 'main';
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-22 06:00';

-- The repository of quay says that harbour owns it, and the catalog nothing.
insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-21', 1, 'works', 'land', 'works/land'), ('2026-11-21', 2, 'works', 'quay', 'works/quay'), ('2026-11-21', 3, 'works', 'crane', 'works/crane'), ('2026-11-21', 4, 'works', 'world', 'works/world');
insert into github.repository_properties (date, repository_id, full_name, property_name, value) values ('2026-11-21', 2, 'works/quay', 'team', 'harbour');
insert into almanac.outcomes (date, logical_date, source, table_name, parent)
  select '2026-11-22', '2026-11-22', 'github', table_name, 'works/' || name
  from (values ('deployments'), ('pull_requests'), ('pull_request_commits')) as tables (table_name)
  cross join (values ('land'), ('quay'), ('crane'), ('world')) as repositories (name);
insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'github',    'repositories', 'works'),     ('2026-11-21', '2026-11-21', 'github',    'repository_properties', 'works'),
  ('2026-11-21', '2026-11-21', 'catalog',   'services', 'services.yaml'), ('2026-11-22', '2026-11-22', 'datadog',   'incidents', 'datadog'),
  ('2026-11-22', '2026-11-22', 'pagerduty', 'incidents', 'pagerduty'),    ('2026-11-22', '2026-11-22', 'pagerduty', 'incident_log_entries', 'pagerduty'),
  ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty');
update almanac.outcomes set run_id = '01A';
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug) values
  ('2026-11-21', 'component:default/land',  'land',  'group:default/keepers', 'works/land'),  ('2026-11-21', 'component:default/quay',  'quay',  null,                   'works/quay'),
  ('2026-11-21', 'component:default/crane', 'crane', 'group:default/dock',    'works/crane'), ('2026-11-21', 'component:default/world', 'world', 'group:default/pilots', 'works/world');
insert into pagerduty.services (date, service_id, name) values ('2026-11-21', 'PC', 'crane'), ('2026-11-21', 'PQ', 'quay'), ('2026-11-21', 'PX', 'stranger');

-- land: 3 reverts 2, 4 reverts that. crane and quay once a day; and twice in Production, by another spelling.
insert into github.deployments (date, repository_id, full_name, deployment_id, environment, commit_sha, created_at, first_success_at, commit_committed_at) values
  ('2026-11-22', 1, 'works/land',  11, 'production', 'a1', '2026-11-09 10:00', '2026-11-09 10:00', '2026-11-09 09:00'), ('2026-11-22', 1, 'works/land',  12, 'production', 'a2', '2026-11-10 10:00', '2026-11-10 10:00', '2026-11-10 09:00'),
  ('2026-11-22', 1, 'works/land',  13, 'production', 'a3', '2026-11-11 10:00', '2026-11-11 10:00', '2026-11-11 09:00'), ('2026-11-22', 1, 'works/land',  14, 'production', 'a4', '2026-11-12 10:00', '2026-11-12 10:00', '2026-11-12 09:00'),
  ('2026-11-22', 1, 'works/land',  15, 'Production', 'a3', '2026-11-13 10:00', '2026-11-13 10:00', '2026-11-11 09:00'), ('2026-11-22', 2, 'works/quay',  21, 'production', 'b1', '2026-11-16 10:00', '2026-11-16 10:00', '2026-11-16 09:00'),
  ('2026-11-22', 3, 'works/crane', 31, 'production', 'c1', '2026-11-16 10:00', '2026-11-16 10:00', '2026-11-16 09:00'), ('2026-11-22', 3, 'works/crane', 32, 'production', 'c2', '2026-11-18 10:00', '2026-11-18 10:00', '2026-11-18 09:00');
-- world: w3 is a hotfix, deployed to eu and then to us, and to eu once more, from its branch; w4 reverts it in both; eu alone had w5, which w6 reverts in both. asia begins with w3.
insert into github.deployments (date, repository_id, full_name, deployment_id, environment, commit_sha, created_at, first_success_at, commit_committed_at) values
  ('2026-11-22', 4, 'works/world', 41, 'production-eu',   'w1', '2026-11-16 10:00', '2026-11-16 10:00', '2026-11-16 09:00'), ('2026-11-22', 4, 'works/world', 42, 'production-us', 'w1', '2026-11-16 10:05', '2026-11-16 10:05', '2026-11-16 09:00'),
  ('2026-11-22', 4, 'works/world', 43, 'production-eu',   'w2', '2026-11-17 10:00', '2026-11-17 10:00', '2026-11-17 09:00'), ('2026-11-22', 4, 'works/world', 44, 'production-us', 'w2', '2026-11-17 10:05', '2026-11-17 10:05', '2026-11-17 09:00'),
  ('2026-11-22', 4, 'works/world', 45, 'production-eu',   'w3', '2026-11-18 10:00', '2026-11-18 10:00', '2026-11-18 09:00'), ('2026-11-22', 4, 'works/world', 46, 'production-us', 'w3', '2026-11-18 10:05', '2026-11-18 10:05', '2026-11-18 09:00'),
  ('2026-11-22', 4, 'works/world', 47, 'production-eu',   'w3', '2026-11-18 11:00', '2026-11-18 11:00', '2026-11-18 09:00'), ('2026-11-22', 4, 'works/world', 48, 'production-asia', 'w3', '2026-11-18 12:00', '2026-11-18 12:00', '2026-11-18 09:00'),
  ('2026-11-22', 4, 'works/world', 49, 'production-eu',   'w4', '2026-11-19 10:00', '2026-11-19 10:00', '2026-11-19 09:00'), ('2026-11-22', 4, 'works/world', 50, 'production-us', 'w4', '2026-11-19 10:05', '2026-11-19 10:05', '2026-11-19 09:00'),
  ('2026-11-22', 4, 'works/world', 51, 'production-eu',   'w5', '2026-11-20 10:00', '2026-11-20 10:00', '2026-11-20 09:00'), ('2026-11-22', 4, 'works/world', 52, 'production-eu', 'w6', '2026-11-20 12:00', '2026-11-20 12:00', '2026-11-20 11:00'),
  ('2026-11-22', 4, 'works/world', 53, 'production-us',   'w6', '2026-11-20 12:05', '2026-11-20 12:05', '2026-11-20 11:00');
update github.deployments set ref_name = 'hotfix/3' where deployment_id = 47;
insert into github.pull_requests (date, repository_id, full_name, number, merged_at, merge_commit_sha, labels, is_revert, reverts_number) values
  ('2026-11-22', 1, 'works/land',  2, '2026-11-10 09:00', 'a2', [],         false, null), ('2026-11-22', 1, 'works/land',  3, '2026-11-11 09:00', 'a3', [], true,  2), ('2026-11-22', 1, 'works/land',  4, '2026-11-12 09:00', 'a4', [], true, 3),
  ('2026-11-22', 4, 'works/world', 3, '2026-11-18 09:00', 'w3', ['hotfix'], false, null), ('2026-11-22', 4, 'works/world', 4, '2026-11-19 09:00', 'w4', [], true,  3), ('2026-11-22', 4, 'works/world', 5, '2026-11-20 09:00', 'w5', [], false, null),
  ('2026-11-22', 4, 'works/world', 6, '2026-11-20 11:00', 'w6', [],         true,  5);

-- PagerDuty's count, and of Datadog's only what somebody puts down to a deployment. The name of an incident is its case: twin is still open at Datadog alone.
insert into pagerduty.incidents (date, incident_id, service_id, service_name, status, created_at, changed_at) values
  ('2026-11-22', 'crane', 'PC', 'crane', 'resolved', '2026-11-16 11:00', '2026-11-16 12:00'), ('2026-11-22', 'quay', 'PQ', 'quay', 'resolved', '2026-11-16 11:00', '2026-11-16 12:00'),
  ('2026-11-22', 'said-unknown', 'PX', 'stranger', 'resolved', '2026-11-16 11:00', '2026-11-16 13:00');
insert into pagerduty.incident_log_entries (date, incident_id, log_entry_id, entry_type, created_at) values
  ('2026-11-22', 'crane', 'l1', 'trigger', '2026-11-16 11:00'), ('2026-11-22', 'crane', 'l2', 'resolve', '2026-11-16 12:00'), ('2026-11-22', 'quay', 'l3', 'trigger', '2026-11-16 11:00'), ('2026-11-22', 'quay', 'l4', 'resolve', '2026-11-16 12:00'),
  ('2026-11-22', 'said-unknown', 'l5', 'trigger', '2026-11-16 11:00'), ('2026-11-22', 'said-unknown', 'l6', 'resolve', '2026-11-16 13:00');
insert into datadog.incidents (date, incident_id, severity, state, customer_impact_started_at, resolved_at, modified_at, services, teams, incident_type_id) values
  ('2026-11-22', 'twin',     'SEV-2', 'stable',   '2026-11-16 11:02', null,               '2026-11-16 12:00', ['crane'], [],       'i'), ('2026-11-22', 'said', 'SEV-2', 'resolved', '2026-11-18 11:00', '2026-11-18 12:00', '2026-11-18 12:00', [], [], 'i'),
  ('2026-11-22', 'said-none', 'SEV-2', 'resolved', '2026-11-18 11:00', '2026-11-18 12:00', '2026-11-18 12:00', ['crane'], ['dock'], 'i');
insert into reference.incident_deployments (incident_source, incident_id, repository, deployment_id, commit_sha) values
  ('datadog', 'said', 'works/crane', '32', null), ('datadog', 'said-none', null, null, null), ('pagerduty', 'said-unknown', 'works/crane', '31', null);

-- expect fct_incidents where incident_id in ('quay', 'crane'): incident_id, services, teams
values ('quay', ['quay'], ['harbour']), ('crane', ['crane'], ['dock']);

-- expect int_incident_attribution: source, incident_id, rule, deployment_id, teams
values
  ('pagerduty', 'crane',        'same_service', 31, ['dock']), ('pagerduty', 'quay', 'same_service', 21, ['harbour']),
  ('pagerduty', 'said-unknown', 'explicit',     31, []),       ('datadog',   'said', 'explicit',     32, []);

-- expect int_service_incidents where service <> 'stranger': service, incident_id
values ('crane', 'crane'), ('quay', 'quay');

-- expect fct_deployments where n_incidents > 0: deployment_id, team, n_incidents, recovery_hours
values (21, 'harbour', 1, 2), (31, 'dock', 2, 3), (32, 'dock', 1, 2);

-- What failed by incident has incidents, for its service, its team and its organisation.
-- expect fct_dora where is_newest and period_type = 'rolling_90d' and n_failed_incident > 0: subject_type, subject_id, n_failed_incident, n_incidents
values
  ('service', 'quay',  1, 1), ('team', 'harbour', 1, 1), ('service', 'crane', 2, 3), ('team', 'dock', 2, 3), ('organisation', 'works', 3, 4);

-- 4 brings back what 3 took away, and 15 goes back to 3, however its environment is spelled.
-- expect fct_deployments where service = 'land': deployment_id, previous_deployment_id, has_revert, is_rollback, is_unplanned, remediates_deployment_id, remediation_rule, is_failed_remediation
values
  (11, null, null,  null,  null,  null, null,       false), (12, 11, false, false, false, null, null,       true), (13, 12, true,  false, true,  12,   'revert', false),
  (14, 13,   true,  false, false, null, null,       true),  (15, 14, false, true,  true,  14,   'rollback', false);

-- The hotfix repairs each of two regions, once, and so does its revert; 53 takes nothing away, for us never had w5.
-- expect fct_deployments where service = 'world': deployment_id, n_pull_requests, is_hotfix, has_revert, is_redeploy, is_unplanned, remediates_deployment_id, remediation_rule, is_failed_remediation
values
  (41, null, null,  null,  null,  null,  null, null,     false), (42, 0, false, false, null,  null,  null, null,     false), (43, 0, false, false, false, false, null, null,     true),
  (44, 0,    false, false, false, false, null, null,     true),  (45, 1, true,  false, false, true,  43,   'hotfix', true),  (46, 0, true,  false, false, true,  44,   'hotfix', true),
  (47, 0,    true,  false, true,  false, null, null,     false), (48, 0, false, false, null,  null,  null, null,     false), (49, 1, false, true,  false, true,  45,   'revert', false),
  (50, 0,    false, true,  false, true,  46,   'revert', false), (51, 1, false, false, false, false, null, null,     true),  (52, 1, false, true,  false, true,  51,   'revert', false),
  (53, 0,    false, true,  false, false, null, null,     false);

-- The day is not over, nor is its week.
-- expect fct_dora where is_newest and subject_id = 'crane': period_type, period_start, period_end, is_whole, n_days, n_weeks
values ('week', '2026-11-16', '2026-11-22', false, 7, 0), ('rolling_90d', '2026-08-25', '2026-11-22', false, 14, 1);

-- expect deployments-per-week where subject_id = 'works': iso_week, n_deployments, is_whole_week
values ('2026-W47', 16, false), ('2026-W46', 5, true);
