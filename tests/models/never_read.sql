-- What is answered before anything was ever read: not that all is well. Worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

insert into reference.waivers (waiver_id, check_id, subject, reason, ticket, expires, file, line) values ('old', 'slo-met', '*', 'it is new', 'LAMP-1', '2020-11-21', 'waivers.toml', '1');

-- Whether a waiver holds, nobody can tell before a date was judged.
-- expect waivers: status, subject_id, days_left, as_of_date, reason, source_completeness
values (null, 'old', null, null, 'no check was ever judged', 'none');

-- expect nothing of dim_services: service

-- expect nothing of dim_teams: team

-- expect nothing of fct_incidents: incident_id

-- expect nothing of fct_platform_requests: kind

-- expect nothing of fct_slo_attainment: slo_id

-- expect nothing of service-coverage: services

-- expect services-without-slo: status, subject_id, as_of_date
values ('not_visible', 'datadog.slos', null), ('not_visible', 'catalog.services', null), ('not_visible', 'datadog.service_definitions', null);

-- expect services-without-synthetics: status, subject_id
values ('not_visible', 'datadog.synthetic_tests'), ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect slo-breaches: status, subject_id
values ('not_visible', 'datadog.slos'), ('not_visible', 'datadog.slo_history');

-- expect muted-monitors: status, subject_id
values ('not_visible', 'datadog.monitors'), ('not_visible', 'datadog.downtimes');

-- expect on-call-gaps: status, subject_id
values ('not_visible', 'pagerduty.services'), ('not_visible', 'pagerduty.oncalls'), ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect what-to-automate-next: status, project
values ('not_visible', 'jira.issues');

-- expect incident-volume: status, subject_id
values ('not_visible', 'pagerduty.incidents'), ('not_visible', 'pagerduty.incident_log_entries'), ('not_visible', 'datadog.incidents');

-- expect nothing of fct_pod_costs: pod

-- expect nothing of fct_service_costs: service

-- expect nothing of fct_rightsizing: container

-- expect cost-per-pod: status, subject_id
values ('not_visible', 'opencost.allocations');

-- expect most-expensive-services: status, subject_id
values ('not_visible', 'opencost.allocations');

-- expect over-provisioned: status, subject_id
values ('not_visible', 'opencost.allocations');

-- expect unowned-cost: status, subject_id
values ('not_visible', 'opencost.allocations'), ('not_visible', 'catalog.services');

-- expect idle-cost: status, subject_id
values ('not_visible', 'opencost.allocations');

-- expect arm64-candidates: status, subject_id
values ('not_visible', 'opencost.allocations'), ('not_visible', 'opencost.assets');

-- expect cost-anomalies: status, subject_id
values ('not_visible', 'opencost.allocations');

-- expect nothing of fct_deployments: service

-- expect nothing of fct_dora: subject_id

-- expect nothing of fct_successful_deployments_weekly: subject_id

-- expect deployments-per-week: status, subject_id
values ('not_visible', 'github.deployments'), ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect dora: status, subject_id
values
  ('not_visible', 'github.deployments'), ('not_visible', 'github.pull_requests'), ('not_visible', 'github.pull_request_commits'), ('not_visible', 'pagerduty.incidents'),
  ('not_visible', 'datadog.incidents'), ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect change-lead-time: status, subject_id
values ('not_visible', 'github.pull_requests'), ('not_visible', 'github.deployments');

-- expect failed-changes: status, subject_id
values
  ('not_visible', 'github.deployments'), ('not_visible', 'github.pull_requests'), ('not_visible', 'pagerduty.incidents'), ('not_visible', 'datadog.incidents'),
  ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect nothing of dim_service_links: service

-- expect who-owns: status, subject_id
values ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect identity-gaps: status, subject_id
values
  ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions'), ('not_visible', 'catalog.teams'),           ('not_visible', 'github.teams'),
  ('not_visible', 'github.repositories'), ('not_visible', 'pagerduty.services'),       ('not_visible', 'datadog.monitors'),        ('not_visible', 'datadog.slos'),
  ('not_visible', 'datadog.synthetic_tests'), ('not_visible', 'datadog.incidents'),    ('not_visible', 'opencost.allocations');

-- expect nothing of fct_service_overview: service

-- expect nothing of fct_quality_incidents: tier

-- expect code-scanning: status, subject_id
values ('not_visible', 'github.repositories');

-- expect overdue-alerts: status, subject_id
values ('not_visible', 'github.repositories');

-- expect adoption: status, practice
values ('not_visible', 'github.repositories'), ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect pci-scope: status, subject_id
values ('not_visible', 'github.repositories'), ('not_visible', 'github.repository_properties'), ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect service-slos: status, subject_id
values ('not_visible', 'datadog.slos'), ('not_visible', 'datadog.slo_history'), ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions');

-- expect lost-alerts: status, subject_id
values
  ('not_visible', 'datadog.monitors'), ('not_visible', 'datadog.downtimes'), ('not_visible', 'pagerduty.services'), ('not_visible', 'pagerduty.oncalls'), ('not_visible', 'catalog.services'),
  ('not_visible', 'datadog.service_definitions');

-- expect wake-up-monitors: status, subject_id
values
  ('not_visible', 'datadog.monitors'), ('not_visible', 'datadog.downtimes'), ('not_visible', 'pagerduty.services'), ('not_visible', 'pagerduty.oncalls'), ('not_visible', 'catalog.services'),
  ('not_visible', 'datadog.service_definitions');

-- expect recent-errors where subject_id not like 'datadog.s%': status, subject_id
values ('not_visible', 'datadog.monitors'), ('not_visible', 'pagerduty.incidents'), ('not_visible', 'datadog.incidents'), ('not_visible', 'catalog.services');

-- expect service-overview: count(*), count(distinct status), min(status)
values (14, 1, 'not_visible');

-- expect quality-incidents: status, area
values ('not_visible', 'pagerduty.incidents'), ('not_visible', 'datadog.incidents');

