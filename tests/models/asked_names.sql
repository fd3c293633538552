-- Questions asked by a name that nothing is known by, and by one that is written otherwise: neither may look like an all-clear. Everything was read.
set variable "service" = 'S';
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column namespace set default 'default';
alter table catalog.services alter column file set default 'services.yaml';
alter table github.repositories alter column visibility set default 'public';
alter table github.repositories alter column default_branch set default 'main';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column date set default '2026-11-21';
alter table almanac.outcomes alter column logical_date set default '2026-11-21';
alter table almanac.outcomes alter column run_id set default '01A';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (source, table_name, parent) values
  ('catalog', 'services', 'services.yaml'), ('catalog', 'teams', 'services.yaml'), ('datadog', 'service_definitions', 'd'),       ('datadog', 'monitors', 'd'),
  ('datadog', 'downtimes', 'd'),            ('datadog', 'slos', 'd'),              ('datadog', 'slo_history', 'd'),               ('datadog', 'synthetic_tests', 'd'),
  ('datadog', 'dashboards', 'd'),           ('pagerduty', 'services', 'p'),        ('pagerduty', 'oncalls', 'p'),                 ('pagerduty', 'incidents', 'p'),
  ('pagerduty', 'incident_log_entries', 'p'), ('github', 'repositories', 'sea'),   ('github', 'repository_properties', 'sea'),    ('github', 'teams', 'sea'),
  ('github', 'team_repositories', 'sea'),   ('github', 'deployments', 'sea/r'),    ('github', 'repository_files', 'sea/r');
insert into github.repositories (date, repository_id, organization, name, full_name) values ('2026-11-21', 1, 'sea', 'r', 'sea/r');
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug) values ('2026-11-21', 'component:default/s', 's', 'group:default/crew', 'sea/r');
insert into datadog.monitors (date, monitor_id, name, tags, is_muted) values ('2026-11-21', 1, 'dark', map {'service': 's'}, true);
insert into datadog.slos (date, slo_id, name, tags, created_at) values ('2026-11-21', 'o', 'one', map {'service': 's'}, '2026-01-01');
insert into datadog.slo_history (date, slo_id, slo_name, state, sli_value, target) values ('2026-11-21', 'o', 'one', 'breached', 98.0, 99.9);

-- The service is s, and who asks for S means it.
-- expect services-without-synthetics: status, subject_id
values ('without_synthetics', 's');

-- expect on-call-gaps: status, subject_id
values ('no_pagerduty_service', 's');

-- expect lost-alerts where subject_type = 'service': status, subject_id
values ('no_paging_monitor', 's');

-- expect muted-monitors: status, subject_id
values ('muted_without_end', '1');

-- expect slo-breaches: status, subject_id
values ('breached', 'o');

-- expect service-slos: status, subject_id
values ('breached', 's');

-- expect recent-errors: status, subject_id
values ('errors', 's');

-- expect pci-scope: status, subject_id
values ('not_told', 's'), ('not_told', 'sea/r');

-- expect service-overview where status <> 'not_visible': subject_id
values ('s');

-- expect who-owns: status, subject_id
values ('owned', 's');

-- expect nothing of services-without-slo: status, subject_id

-- expect int_unknown_names: param
select 'service' where false;
set variable "service" = 'Nobody';

-- Of what nobody knows nothing can be in order.
-- expect services-without-slo: status, subject_id, subject_type, reason, source_completeness
values ('not_found', 'Nobody', 'name', 'no service is known by this name now', 'none');

-- expect services-without-synthetics: status, subject_id
values ('not_found', 'Nobody');

-- expect on-call-gaps: status, subject_id, subject_type
values ('not_found', 'Nobody', 'name');

-- expect lost-alerts where status <> 'in_order': status, subject_id
values ('not_found', 'Nobody');

-- expect muted-monitors: status, subject_id
values ('not_found', 'Nobody');

-- expect wake-up-monitors: status, subject_id
values ('not_found', 'Nobody');

-- expect slo-breaches: status, subject_id
values ('not_found', 'Nobody');

-- expect service-slos: status, subject_id
values ('not_found', 'Nobody');

-- expect recent-errors: status, subject_id
values ('not_found', 'Nobody');

-- expect pci-scope: status, subject_id
values ('not_found', 'Nobody');

-- expect service-overview where status <> 'not_visible': status, subject_id
values ('not_found', 'Nobody');

-- expect incident-volume: status, subject_id
values ('not_found', 'Nobody');

-- expect failed-changes where status <> 'not_visible': status, subject_id
values ('not_found', 'Nobody');

-- expect deployments-per-week: status, subject_id
values ('not_found', 'Nobody');

-- expect dora where status = 'not_found': subject_id
values ('Nobody');

-- expect version-drift: status, subject_id
values ('not_visible', 'Nobody');

-- expect over-provisioned where status = 'not_found': subject_id
values ('Nobody');

-- expect most-expensive-services where status = 'not_found': subject_id
values ('Nobody');

-- expect cost-anomalies where status = 'not_found': subject_id
values ('Nobody');

-- expect cost-per-pod where status = 'not_found': subject_id
values ('Nobody');

-- expect arm64-candidates where status = 'not_found': subject_id
values ('Nobody');
set variable "service" = null;
set variable "repository" = 'Sea/R';

-- expect unprotected-public-repositories: status, subject_id
values ('not_visible', 'sea/r');
set variable "repository" = 'sea/q';

-- expect unprotected-public-repositories: status, subject_id, reason
values ('not_found', 'sea/q', 'no repository is known by this name now');

-- expect codeowners-broken: status, subject_id
values ('not_found', 'sea/q');

-- expect repositories-without-owner: status, subject_id
values ('not_found', 'sea/q');

-- expect secret-scanning-off: status, subject_id
values ('not_found', 'sea/q');

-- expect ruleset-bypass: status, subject_id
values ('not_found', 'sea/q');

-- expect pci-dependabot: status, subject_id
values ('not_found', 'sea/q');

-- expect code-scanning: status, subject_id
values ('not_found', 'sea/q');

-- expect overdue-alerts: status, subject_id
values ('not_found', 'sea/q');

-- expect version-drift: status, subject_id
values ('not_found', 'sea/q');
set variable "repository" = null;
set variable "team" = 'CREW';

-- expect on-call-gaps: status, subject_id
values ('no_pagerduty_service', 's');

-- expect services-without-synthetics: status, subject_id
values ('without_synthetics', 's');
set variable "team" = 'crews';

-- expect on-call-gaps: status, subject_id
values ('not_found', 'crews');

-- expect identity-gaps where status <> 'not_visible': status, subject_id
values ('not_found', 'crews');

-- expect failing-checks where status <> 'not_visible': status, subject_id
values ('not_found', 'crews');
