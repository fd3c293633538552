-- What is known of each service on one day, worked out by hand. Built are the days from 2026-10-20 to 2026-11-21. What checks
-- say is given.

create schema given;
set variable "from" = cast('2026-10-20' as date);
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column namespace set default 'default';
alter table catalog.services alter column file set default 'services.yaml';
alter table github.repositories alter column organization set default 'works';
alter table github.repositories alter column visibility set default 'private';
alter table github.repositories alter column default_branch set default 'main';
alter table github.repository_files alter column kind set default 'go_mod';
alter table github.repository_files alter column content_state set default 'kept';
alter table pagerduty.services alter column status set default 'active';
alter table pagerduty.incidents alter column status set default 'resolved';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column date set default '2026-11-21';
alter table almanac.outcomes alter column logical_date set default '2026-11-21';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';
alter table almanac.outcomes alter column run_id set default '01A';

insert into almanac.outcomes (source, table_name, parent) values
  ('catalog', 'services', 'services.yaml'),      ('datadog', 'service_definitions', 'datadog'), ('datadog', 'monitors', 'datadog'),   ('datadog', 'downtimes', 'datadog'),
  ('datadog', 'slos', 'datadog'),                ('datadog', 'synthetic_tests', 'datadog'),     ('datadog', 'dashboards', 'datadog'), ('pagerduty', 'services', 'pagerduty'),
  ('pagerduty', 'oncalls', 'pagerduty'),         ('pagerduty', 'incidents', 'pagerduty'),       ('pagerduty', 'incident_log_entries', 'pagerduty'),
  ('github', 'repositories', 'works'),           ('github', 'repository_files', 'works/lamp'),  ('github', 'deployments', 'works/lamp'),
  ('github', 'dependabot_alerts', 'works/lamp'), ('github', 'code_scanning_alerts', 'works/lamp'), ('datadog', 'incidents', 'datadog');
insert into almanac.outcomes (logical_date, source, table_name, parent) values ('2026-11-20', 'datadog', 'slo_history', 'datadog');
insert into almanac.outcomes (source, table_name, parent, status) values
  ('github', 'repository_files', 'works/hidden', 'forbidden'),  ('github', 'deployments', 'works/hidden', 'forbidden'),
  ('github', 'dependabot_alerts', 'works/hidden', 'forbidden'), ('github', 'code_scanning_alerts', 'works/hidden', 'disabled');

-- lamp-api and lamp-ui live in one repository, of rudder's next to nothing may be read, of drift's nobody says where it is. A library does not run, and wreck is gone.
insert into catalog.services (date, entity_ref, name, owner_ref, component_type, tier, system_ref, github_slug, source_path, pagerduty_service_id, slack_channel, links) values
  ('2026-11-21', 'component:default/lamp-api', 'lamp-api', 'group:default/keepers', 'service', '1',  'system:default/light', 'works/lamp',   null, 'P1', '#lamp', map {'Runbook': 'https://wiki.example/lamp', 'dashboard': 'https://boards.example/1 https://boards.example/2'}),
  ('2026-11-21', 'component:default/lamp-ui',  'lamp-ui',  'group:default/keepers', 'website', '2',  null,                   'works/lamp',   'ui', 'P2', null,    map {}),
  ('2026-11-21', 'component:default/rudder',   'rudder',   'group:default/harbour', 'service', null, null,                   'works/hidden', null, 'P9', null,    map {}),
  ('2026-11-21', 'component:default/drift',    'drift',    'user:default/p1',       'service', null, null,                   null,           null, null, null,    map {}),
  ('2026-11-21', 'component:default/oil',      'oil',      'group:default/keepers', 'library', null, null,                   null,           null, null, null,    map {}),
  ('2026-11-20', 'component:default/wreck',    'wreck',    'group:default/keepers', 'service', null, null,                   null,           null, null, null,    map {});

-- The page of a repository is wherever GitHub says, be it on a server of one's own.
insert into github.repositories (date, repository_id, name, full_name, url, is_dependabot_alerts_enabled) values
  ('2026-11-21', 1, 'lamp', 'works/lamp', 'https://github.works.example/works/lamp', true), ('2026-11-21', 2, 'hidden', 'works/hidden', 'https://github.works.example/works/hidden', true);
-- Go 1.21 at the root, and 1.25 in the folder of lamp-ui, which needs an older SDK than tools do.
insert into github.repository_files (date, repository_id, full_name, path, content) values
  ('2026-11-21', 1, 'works/lamp', 'go.mod',       E'module works.example/lamp\n\ngo 1.21\n'),
  ('2026-11-21', 1, 'works/lamp', 'ui/go.mod',    E'module works.example/lamp/ui\n\ngo 1.25\n\nrequire works.example/oil-sdk v1.2.0\n'),
  ('2026-11-21', 1, 'works/lamp', 'tools/go.mod', E'module works.example/lamp/tools\n\ngo 1.24.1\n\nrequire works.example/oil-sdk v1.3.0\n');
-- Alert 1 is overdue since 2026-11-17; the second is not, and the third is not critical, nor is the fourth open. Yesterday's is no longer told.
insert into github.dependabot_alerts (date, repository_id, full_name, alert_number, state, severity, created_at) values
  ('2026-11-21', 1, 'works/lamp', 1, 'open', 'critical', '2026-11-01'), ('2026-11-21', 1, 'works/lamp', 2, 'open', 'critical', '2026-11-20'), ('2026-11-21', 1, 'works/lamp', 3, 'open', 'high', '2026-01-01'),
  ('2026-11-21', 1, 'works/lamp', 4, 'fixed', 'critical', '2026-01-01'), ('2026-11-20', 1, 'works/lamp', 5, 'open', 'critical', '2026-01-01');
insert into github.code_scanning_alerts (date, repository_id, full_name, alert_number, state, security_severity, created_at) values ('2026-11-21', 1, 'works/lamp', 1, 'open', 'critical', '2026-11-20');

insert into datadog.monitors (date, monitor_id, name, tags, notification_kinds, overall_state) values
  ('2026-11-21', 1, 'm1', map {'service': 'lamp-api'}, ['pagerduty'], 'Alert'), ('2026-11-21', 2, 'm2', map {'service': 'lamp-api'}, ['slack'], 'OK'),
  ('2026-11-21', 3, 'm3', map {'service': 'lamp-ui,lamp-api'}, ['slack'], 'Warn');
update datadog.monitors set is_muted = true where monitor_id = 2;
insert into datadog.slos (date, slo_id, name, tags, created_at) values
  ('2026-11-21', 's1', 'one', map {'service': 'lamp-api'}, '2026-01-01'), ('2026-11-21', 's2', 'two', map {'service': 'lamp-api'}, '2026-01-01'), ('2026-11-21', 's3', 'three', map {'service': 'lamp-ui'}, '2026-01-01'),
  ('2026-11-21', 's4', 'four', map {'service': 'rudder'}, '2026-01-01');
insert into datadog.slo_history (date, slo_id, slo_name, state, sli_value, target) values ('2026-11-20', 's1', 'one', 'breached', 98.0, 99.9), ('2026-11-20', 's2', 'two', 'ok', 100, 99.9), ('2026-11-20', 's3', 'three', 'warning', 99.95, 99.9);
insert into datadog.synthetic_tests (date, public_id, status, tags) values ('2026-11-21', 't1', 'live', map {'service': 'lamp-api'}), ('2026-11-21', 't2', 'paused', map {'service': 'lamp-ui'});
insert into datadog.dashboards (date, dashboard_id, title) values ('2026-11-21', 'd1', 'lamp-api overview'), ('2026-11-21', 'd2', 'lamp-api and lamp-ui'), ('2026-11-21', 'd3', 'lamps');

insert into pagerduty.services (date, service_id, name, escalation_policy_id) values ('2026-11-21', 'P1', 'Lamp API', 'E1'), ('2026-11-21', 'P2', 'Lamp UI', 'E2');
insert into pagerduty.oncalls (date, escalation_policy_id, name, level, on_call, is_covered, gap_seconds, next_gap_at) values
  ('2026-11-21', 'E1', 'first', 1, 1, true, 0, null), ('2026-11-21', 'E2', 'second', 1, 1, true, 3600, '2026-11-22 00:00');
-- Five incidents of lamp-api on the 30 days up to 2026-11-21, which are from 2026-10-23 on, took 10 to 100 minutes. One began before, and is open; maintenance and what Datadog
-- tells of the same are not counted again.
insert into pagerduty.incidents (date, incident_id, service_id, service_name, status, urgency, incident_type, created_at, changed_at) values
  ('2026-11-21', 'i1', 'P1', 'Lamp API', 'resolved',  'high', 'incident_default',      '2026-10-23 00:00', '2026-10-23'), ('2026-11-21', 'i2', 'P1', 'Lamp API', 'resolved',  'high', 'incident_default', '2026-11-01 10:00', '2026-11-01'),
  ('2026-11-21', 'i3', 'P1', 'Lamp API', 'resolved',  'high', 'incident_default',      '2026-11-02 10:00', '2026-11-02'), ('2026-11-21', 'i4', 'P1', 'Lamp API', 'resolved',  'high', 'incident_default', '2026-11-03 10:00', '2026-11-03'),
  ('2026-11-21', 'i5', 'P1', 'Lamp API', 'resolved',  'high', 'incident_default',      '2026-11-21 23:00', '2026-11-21'), ('2026-11-21', 'i6', 'P1', 'Lamp API', 'triggered', 'high', 'incident_default', '2026-10-22 23:59', '2026-10-22'),
  ('2026-11-21', 'i7', 'P1', 'Lamp API', 'resolved',  'low',  'scheduled_maintenance', '2026-11-04 10:00', '2026-11-04'), ('2026-11-21', 'i8', 'P2', 'Lamp UI',  'resolved',  'high', 'incident_default', '2026-11-05 10:00', '2026-11-05');
insert into pagerduty.incident_log_entries (date, log_entry_id, incident_id, entry_type, created_at, agent_kind)
  select '2026-11-21', incident_id || 't', incident_id, 'trigger', created_at, 'service' from pagerduty.incidents;
insert into pagerduty.incident_log_entries (date, log_entry_id, incident_id, entry_type, created_at, agent_kind) values
  ('2026-11-21', 'r1', 'i1', 'resolve', '2026-10-23 00:10', 'user'), ('2026-11-21', 'r2', 'i2', 'resolve', '2026-11-01 10:20', 'user'), ('2026-11-21', 'r3', 'i3', 'resolve', '2026-11-02 10:30', 'user'),
  ('2026-11-21', 'r4', 'i4', 'resolve', '2026-11-03 10:40', 'user'), ('2026-11-21', 'r5', 'i5', 'resolve', '2026-11-22 00:40', 'user'), ('2026-11-21', 'r7', 'i7', 'resolve', '2026-11-04 12:00', 'user'),
  ('2026-11-21', 'r8', 'i8', 'resolve', '2026-11-05 10:05', 'user');
insert into datadog.incidents (date, incident_id, state, severity, created_at, modified_at, services) values ('2026-11-21', 'x1', 'active', 'SEV-1', '2026-11-02 10:00', '2026-11-02', ['lamp-api']);

-- 28 days up to 2026-11-21 begin on 2026-10-25. The environment names lamp-ui once; staging and what did not succeed do not count.
insert into github.deployments (date, repository_id, full_name, deployment_id, environment, commit_sha, created_at, updated_at, first_success_at) values
  ('2026-11-21', 1, 'works/lamp', 1, 'production',         'a', '2026-10-24', '2026-10-24', '2026-10-24 23:59'), ('2026-11-21', 1, 'works/lamp', 2, 'production', 'b', '2026-10-25', '2026-10-25', '2026-10-25 00:00'),
  ('2026-11-21', 1, 'works/lamp', 3, 'production-lamp-ui', 'c', '2026-11-10', '2026-11-10', '2026-11-10 12:00'), ('2026-11-21', 1, 'works/lamp', 4, 'staging',    'd', '2026-11-20', '2026-11-20', '2026-11-20 12:00'),
  ('2026-11-21', 1, 'works/lamp', 5, 'production',         'e', '2026-11-20', '2026-11-20', null);

-- lamp-api passes a check of weight 7.5 and one of 5, and fails one of 10; what the other checks would say is not given.
create table given.int_check_answers as
  select * from (values
    ('slo-present', 'lamp-api', 'pass', 'r', '{}'), ('synthetics-present', 'lamp-api', 'pass', 'r', '{}'), ('on-call-covered', 'lamp-api', 'fail', 'r', '{}'),
    ('slo-present', 'rudder', 'unknown', 'r', '{}'), ('on-call-covered', 'rudder', 'not_applicable', 'r', '{}')
  ) as rows (check_id, subject_id, status, reason, evidence);

-- The days up to 2026-11-20 were seen whole, by the day: lamp-api costs 10 USD a day until 2026-11-13, and 12 since. On 2026-11-21 nothing was seen, and lamp-ui has no pods since 2026-11-19.
insert into almanac.outcomes (logical_date, source, table_name, parent) values ('2026-11-20', 'opencost', 'allocations', 'c');
insert into opencost.allocation_steps (date, cluster, step_started_at, step_ended_at, state)
  select day, 'c', cast(strftime(day, '%Y-%m-%d 00:00:00+00') as timestamptz), cast(strftime(day + interval 1 day, '%Y-%m-%d 00:00:00+00') as timestamptz), 'ok'
  from (select cast('2026-10-20' as date) + cast(n as integer) as day from range(32) as days (n)) as days;
insert into opencost.allocations (date, cluster, step_started_at, step_ended_at, name, node, namespace, pod, container, kind, hours, labels, cpu_cost, ram_cost, total_cost)
  select cast(steps.date as date), 'c', steps.step_started_at, steps.step_ended_at, pods.service, 'n', 'light', pods.service, 'app', 'workload', 24, map {'service': pods.service}, pods.usd, 0, pods.usd
  from opencost.allocation_steps as steps
  cross join (values ('lamp-api', 10, date '2026-10-20', date '2026-11-13'), ('lamp-api', 12, date '2026-11-14', date '2026-11-20'), ('lamp-ui', 1, date '2026-10-20', date '2026-11-18')) as pods (service, usd, since, until)
  where steps.date between pods.since and pods.until;

-- expect fct_service_overview: date, service, team, is_owned, tier, system, repository, repository_path, repository_url, n_repositories, slack_channel, pagerduty_service_id
values
  ('2026-11-21', 'lamp-api', 'keepers', true,  '1',  'light', 'works/lamp',   null, 'https://github.works.example/works/lamp',              1, '#lamp', 'P1'),
  ('2026-11-21', 'lamp-ui',  'keepers', true,  '2',  null,    'works/lamp',   'ui', 'https://github.works.example/works/lamp/tree/HEAD/ui', 1, null,    'P2'),
  ('2026-11-21', 'rudder',   'harbour', true,  null, null,    'works/hidden', null, 'https://github.works.example/works/hidden',            1, null,    'P9'),
  ('2026-11-21', 'drift',    null,      false, null, null,    null,           null, null,                                         0, null,    null);

-- 12.5 of 22.5. Of a service without a check that passes or fails nothing is known.
-- expect fct_service_overview: service, round(score, 4), level, n_failing_checks
values ('lamp-api', 55.5556, 'none', 1), ('lamp-ui', null, 'none', null), ('rudder', null, 'none', null), ('drift', null, 'none', null);

-- Who may not look into hidden knows of no alert, and GitHub itself says that its code is not scanned.
-- expect fct_service_overview: service, n_open_critical, n_overdue_critical, code_scanning
values ('lamp-api', 3, 1, 'on'), ('lamp-ui', 3, 1, 'on'), ('rudder', null, null, 'off'), ('drift', null, null, null);

-- expect fct_service_overview: service, slo_state, n_slos, n_slos_breached
values ('lamp-api', 'breached', 2, 1), ('lamp-ui', 'within', 1, 0), ('rudder', 'not_read', 1, null), ('drift', 'no_slo', 0, null);

-- PagerDuty does not have what rudder names, and nothing there is drift's: nobody would see an incident of them.
-- expect fct_service_overview: service, n_incidents_30d, n_open_incidents, mttr_p50_minutes_30d, n_mttr_30d
values ('lamp-api', 5, 1, 30, 5), ('lamp-ui', 1, 0, null, 1), ('rudder', null, null, null, null), ('drift', null, null, null, null);

-- Two and three deployments on the 29 days since the first. Five changes are the fewest that a median is given for.
-- expect fct_service_overview: service, n_deployments_28d, last_deployed_at, round(deployments_per_day, 6), lead_time_commit_p50_hours, lead_time_pr_p50_hours, change_failure_rate
values
  ('lamp-api', 1, '2026-10-25 00:00', 0.068966, null, null, null), ('lamp-ui', 2, '2026-11-10 12:00', 0.103448, null, null, null), ('rudder', null, null, null, null, null, null),
  ('drift', null, null, null, null, null, null);

-- 22 days at 10 USD and 6 at 12, up to 2026-11-19: a day later was read before what comes late was in. What had no pods that day, or was not seen, has no cost.
-- expect fct_service_overview: service, round(cost_28d_usd, 6), round(cost_weekly_change, 6), cost_date
values ('lamp-api', 292, 0.2, '2026-11-19'), ('lamp-ui', null, null, null), ('rudder', null, null, null), ('drift', null, null, null);

-- expect fct_service_overview: service, on_call_status, n_monitors, n_paging_monitors, n_muted_monitors, n_alerting_monitors, n_live_synthetics, n_dashboards
values
  ('lamp-api', 'covered', 3, 1, 1, 1, 1, 2), ('lamp-ui', 'gap', 1, 0, 0, 0, 0, 1), ('rudder', 'not_found', 0, 0, 0, 0, 0, 0), ('drift', 'no_pagerduty_service', 0, 0, 0, 0, 0, 0);

-- expect fct_service_overview: service, go_version, go_status, n_modules_behind, links
values
  ('lamp-api', '1.21', 'behind_target', 1, ['Runbook: https://wiki.example/lamp', 'dashboard: https://boards.example/1', 'dashboard: https://boards.example/2']),
  ('lamp-ui', '1.25', 'up_to_date', 1, []), ('rudder', null, 'unknown', null, []), ('drift', null, null, null, []);

-- The files of hidden may describe a service, so the catalog was not read to the end for anybody.
-- expect fct_service_overview: service, unread
values
  ('lamp-api', ['catalog.services']), ('lamp-ui', ['catalog.services']), ('drift', ['catalog.services']),
  ('rudder', ['catalog.services', 'github.dependabot_alerts', 'github.deployments', 'github.repository_files']);

-- expect service-overview: status, subject_id, owner_team, repository_url, links, round(score, 4), slo_state, on_call_status, n_incidents_30d, last_deployed_at, go_version, unread
values
  ('partly_known', 'lamp-api', 'keepers', 'https://github.works.example/works/lamp', 'Runbook: https://wiki.example/lamp, dashboard: https://boards.example/1, dashboard: https://boards.example/2', 55.5556, 'breached',
    'covered', 5, '2026-10-25 00:00', '1.21', 'catalog.services'),
  ('partly_known', 'lamp-ui', 'keepers', 'https://github.works.example/works/lamp/tree/HEAD/ui', null, null, 'within', 'gap', 1, '2026-11-10 12:00', '1.25', 'catalog.services'),
  ('partly_known', 'rudder', 'harbour', 'https://github.works.example/works/hidden', null, null, 'not_read', 'not_found', null, null, null, 'catalog.services, github.dependabot_alerts, github.deployments, github.repository_files'),
  ('partly_known', 'drift', null, null, null, null, 'no_slo', 'no_pagerduty_service', null, null, null, 'catalog.services'),
  ('not_visible', 'catalog.services', null, null, null, null, null, null, null, null, null, null);

-- An incident at Datadog counts beside that of PagerDuty here, for either may be the one to look at.
-- expect recent-errors: status, subject_id, n_open_incidents, worst_severity, open_since, n_alerting_monitors, n_breached_slos, source_completeness
values
  ('errors', 'lamp-api', 2, 1, '2026-10-22 23:59', 1, 1, 'complete'), ('quiet', 'lamp-ui', 0, null, null, 0, 0, 'complete'), ('unwatched', 'drift', 0, null, null, 0, null, 'complete'),
  ('not_visible', 'rudder', 0, null, null, 0, null, 'none'), ('not_visible', 'catalog.services', null, null, null, null, null, 'none');
set variable "team" = 'keepers';
set variable "service" = 'lamp-ui';

-- expect service-overview: status, subject_id
values ('partly_known', 'lamp-ui'), ('not_visible', 'catalog.services');

-- expect recent-errors: status, subject_id
values ('quiet', 'lamp-ui'), ('not_visible', 'catalog.services');
set variable "team" = null;

-- Its own folder has a go.mod, and that alone counts.
-- expect version-drift: status, subject_id, path, module
values ('behind_newest', 'works/lamp', 'ui/go.mod', 'works.example/oil-sdk');
set variable "service" = 'drift';

-- expect version-drift: status, subject_type, subject_id, reason
values ('not_visible', 'service', 'drift', 'its repository is not known, or not one of those that are read');
