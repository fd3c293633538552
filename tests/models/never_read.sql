-- What is answered before anything was ever read: not that all is well. Worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

select 'nothing is given';

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
