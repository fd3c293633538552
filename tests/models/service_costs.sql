-- What services cost over time, per deployment and per incident, and what is unusual of it, worked out by hand. Built are the days from 2026-10-20 to 2026-11-21.

create macro utc(at_time) as cast(strftime(at_time, '%Y-%m-%d %H:%M:%S+00') as timestamptz);
set variable "from" = cast('2026-10-20' as date);
alter table opencost.allocations alter column kind set default 'workload';
alter table opencost.allocations alter column hours set default 24;
alter table opencost.allocation_steps alter column state set default 'ok';
alter table opencost.assets alter column asset_type set default 'node';
alter table opencost.assets alter column hours set default 24;
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-22 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'), ('2026-11-21', '2026-11-21', 'github', 'deployments', 'works/even'), ('2026-11-21', '2026-11-21', 'pagerduty', 'incidents', 'pagerduty'),
  ('2026-11-21', '2026-11-21', 'opencost', 'allocations', 'lamp'),      ('2026-11-21', '2026-11-21', 'opencost', 'assets', 'lamp');
insert into almanac.outcomes (date, logical_date, source, table_name, parent, observed_at) values
  ('2026-11-19', '2026-11-18', 'opencost', 'allocations', 'lamp', '2026-11-19 06:00'), ('2026-11-21', '2026-11-17', 'opencost', 'allocations', 'lamp', '2026-11-20 00:00');
update almanac.outcomes set run_id = '01A';

insert into catalog.services (date, entity_ref, name, owner_ref, github_slug, pagerduty_service_id) values
  ('2026-11-21', 'component:default/even',    'even',    'group:default/keepers', 'Works/even', 'P1'), ('2026-11-21', 'component:default/jumpy', 'jumpy', 'group:default/keepers', 'works/jumpy', null),
  ('2026-11-21', 'component:default/nowhere', 'nowhere', 'group:default/keepers', null,         null);

insert into github.repositories (date, repository_id, organization, name, full_name, visibility) values
  ('2026-11-21', 1, 'works', 'even', 'works/even', 'private'), ('2026-11-21', 2, 'works', 'jumpy', 'works/jumpy', 'private');

-- Steps are hours of lamp, of which the last day has half, and the day a week before 23; annex was read by the day, and not at all on 2026-11-20.
create table days as select cast('2026-10-20' as date) + cast(n as integer) as date, n from range(33) as days (n);
insert into opencost.allocation_steps (date, cluster, step_started_at, step_ended_at, state)
  select date, 'lamp', utc(date + to_hours(hour)), utc(date + to_hours(hour + 1)),
    case when (date = '2026-11-21' and hour >= 12) or (date = '2026-11-14' and hour = 3) then 'missing' else 'ok' end
  from days cross join range(24) as hours (hour);
insert into opencost.allocation_steps (date, cluster, step_started_at, step_ended_at)
  select date, 'annex', utc(date + interval 0 hour), utc(date + interval 1 day) from days where date <> '2026-11-20';

-- even costs 24 USD a day, and in annex 48; on days of which a part was seen it costs that part. jumpy costs 24 or 26 USD in turn, and 72 on 2026-11-19. gone costs 12 USD until 2026-11-16.
-- young is there for three days. flat costs the same each day, and a tenth more on 2026-11-18. What was seen of the last day is half.
create table costs as
  select date, n, 'lamp' as cluster, 'even' as service, 24.0 as usd, 'amd64' as architecture from days
  union all select date, n, 'annex', 'even', 48, 'amd64' from days where date <> '2026-11-20'
  union all select date, n, 'lamp', 'jumpy', case when date = '2026-11-19' then 72 else 24 + 2 * (n % 2) end, 'arm64' from days
  union all select date, n, 'lamp', 'gone', 12, 'arm64' from days where date <= '2026-11-16'
  union all select date, n, 'lamp', 'young', 12, 'arm64' from days where date >= '2026-11-19'
  union all select date, n, 'lamp', 'flat', case when date = '2026-11-18' then 13.2 else 12 end, 'amd64' from days;
insert into opencost.allocations (date, cluster, step_started_at, step_ended_at, name, node, namespace, pod, container, labels, cpu_core_hours, cpu_request_cores, cpu_usage_cores, cpu_cost, ram_cost, total_cost)
  select date, cluster, utc(date + interval 0 hour), utc(date + interval 1 day), service, architecture, 'pay', service, 'app', map {'service': service, 'team': 'keepers'},
    case architecture when 'amd64' then 240 else 480 end, 10, 5, usd * part, 0, usd * part
  from (select *, case when cluster = 'lamp' and date = '2026-11-21' then 0.5 when cluster = 'lamp' and date = '2026-11-14' then 23.0 / 24 else 1.0 end as part from costs) as seen;
-- On the first day, long before the catalog was read, jumpy goes by the name that it is watched by, and says no team; a pod of keepers says no service, nor does one of nobody.
update opencost.allocations set labels = map {'service': 'Jumpy Prod'} where name = 'jumpy' and date = '2026-10-20';
update catalog.services set datadog_service = 'jumpy_prod' where name = 'jumpy';
insert into opencost.allocations (date, cluster, step_started_at, step_ended_at, name, node, namespace, pod, container, labels, cpu_cost, ram_cost, total_cost) values
  ('2026-10-20', 'lamp', '2026-10-20 00:00', '2026-10-21 00:00', 'stray', 'amd64', 'pay', 'stray', 'app', map {'team': 'keepers'}, 3, 0, 3), ('2026-10-20', 'lamp', '2026-10-20 00:00', '2026-10-21 00:00', 'odd', 'amd64', 'pay', 'odd', 'app', map {}, 1, 0, 1);
insert into opencost.assets (date, cluster, asset_id, name, architecture, total_cost) select date, cluster, architecture, architecture, architecture, 1 from days cross join (values ('lamp'), ('annex')) as clusters (cluster) cross join (values ('amd64'), ('arm64')) as nodes (architecture);

-- even was deployed three times in the 28 days up to 2026-11-20, once to staging and once without success; before them twice.
insert into github.deployments (date, repository_id, full_name, deployment_id, environment, created_at, first_success_at) values
  ('2026-11-20', 1, 'works/even', 1, 'production', '2026-10-23', '2026-10-23 23:59'), ('2026-11-20', 1, 'works/even', 2, 'production', '2026-10-24', '2026-10-24 00:00'),
  ('2026-11-20', 1, 'works/even', 3, 'production', '2026-11-01', '2026-11-01 12:00'), ('2026-11-20', 1, 'works/even', 4, 'production', '2026-11-20', '2026-11-20 23:59'),
  ('2026-11-20', 1, 'works/even', 5, 'staging',    '2026-11-01', '2026-11-01 12:00'), ('2026-11-20', 1, 'works/even', 6, 'production', '2026-11-02', null),
  ('2026-11-20', 1, 'works/even', 7, 'production', '2026-10-22', '2026-10-22 12:00');
insert into pagerduty.incidents (date, incident_id, incident_number, service_id, service_name, status, urgency, incident_type, created_at, changed_at) values
  ('2026-11-20', 'i1', 1, 'P1', 'Even', 'resolved', 'high', 'incident_default', '2026-11-20 10:00', '2026-11-20 11:00'), ('2026-11-20', 'i2', 2, 'P1', 'Even', 'resolved', 'high', 'scheduled_maintenance', '2026-11-19 10:00', '2026-11-19 11:00');

-- even lost an hour's 1 USD on 2026-11-14, a day of annex on 2026-11-20 and half of one of lamp on 2026-11-21; jumpy costs 700 USD in four weeks, and 48 more.
-- expect fct_service_costs where date >= '2026-11-19' and service in ('even', 'jumpy', 'young'): date, service, team, clusters, covered_hours, completeness, round(cost_usd, 6), round(hourly_cost_usd, 6), round(weekly_change, 6), n_days_28d, round(cost_28d_usd, 4), n_deployments_28d, round(cost_per_deployment_usd, 4), n_incidents_28d, cost_per_incident_usd
values
  ('2026-11-19', 'even',  'keepers', 2, 48, 1,    72, 3,        0,        28, 2015,     3,    671.6667, 0, null), ('2026-11-20', 'even',  'keepers', 2, 24, 0.5, 24, 1,   null, 28, 1967,     3,    655.6667, 1, 1967),
  ('2026-11-21', 'even',  'keepers', 2, 36, 0.75, 60, 3,        null,     28, 1955,     2,    977.5,    1, 1955), ('2026-11-21', 'jumpy', 'keepers', 1, 12, 0.5, 12, 1,   null, 28, 734.9167, 0,    null,     0, null),
  ('2026-11-19', 'jumpy', 'keepers', 1, 24, 1,    72, 3,        1.769231, 28, 746.9167, 0,    null,     0, null), ('2026-11-19', 'young', 'keepers', 1, 24, 1,   12, 0.5, null, 1,  12,       null, null,     0, null),
  ('2026-11-20', 'jumpy', 'keepers', 1, 24, 1,    26, 1.083333, 0.083333, 28, 746.9167, 0,    null,     0, null), ('2026-11-20', 'young', 'keepers', 1, 24, 1,   12, 0.5, null, 2,  24,       null, null,     0, null),
  ('2026-11-21', 'young', 'keepers', 1, 12, 0.5,  6,  0.5,      null,     3,  30,       null, null,     0, null);

-- What no service has is no team's, whoever has the most of it.
-- expect fct_service_costs where date = '2026-10-20' and service not in ('even', 'flat', 'gone'): service, team, round(cost_usd, 6), round(unowned_share, 6)
values ('jumpy', 'keepers', 24, 0), ('__no_service__', null, 4, 0.25);

-- The missing hour of 2026-11-14 made nothing cheaper.
-- expect fct_service_costs where date = '2026-11-14' and service <> 'jumpy': service, round(completeness, 6), round(cost_usd, 6), round(hourly_cost_usd, 6), round(weekly_change, 6)
values ('even', 0.979167, 71, 3, 0), ('gone', 0.958333, 11.5, 0.5, 0), ('flat', 0.958333, 11.5, 0.5, 0);

-- expect fct_service_costs where date = '2026-11-19': service, round(cost_share, 6), idle_share, unowned_share, round(amd64_cost_usd, 6), round(arm64_cost_usd, 6), amd64_usd_per_core_hour, round(arm64_usd_per_core_hour, 6), amd64_usd_per_used_core_hour, round(arm64_usd_per_used_core_hour, 6)
values ('even', 0.428571, 0, 0, 72, 0, 0.15, null, 0.3, null), ('flat', 0.071429, 0, 0, 12, 0, 0.05, null, 0.1, null), ('jumpy', 0.428571, 0, 0, 0, 72, null, 0.15, null, 0.6), ('young', 0.071429, 0, 0, 0, 12, null, 0.025, null, 0.1);

-- On 2026-11-20 annex was not seen, on 2026-11-21 half of lamp, of which 2026-11-17 was read two days after it ended, and 2026-11-18 and 2026-11-21 only six hours after.
-- expect fct_cost_coverage where date >= '2026-11-17': date, cluster, covered_hours, is_whole, is_settled, is_newest_day
values
  ('2026-11-17', 'lamp',  24, true, true, false), ('2026-11-18', 'lamp',  24, true,  false, false), ('2026-11-17', 'annex', 24, true, null, false), ('2026-11-18', 'annex', 24, true, null, false),
  ('2026-11-19', 'lamp',  24, true, null, true), ('2026-11-20', 'lamp',  24, true,  null, false), ('2026-11-21', 'lamp',  12, false, false, false),
  ('2026-11-19', 'annex', 24, true, null, true), ('2026-11-20', 'annex', 0,  false, null, false), ('2026-11-21', 'annex', 24, true,  null, false);

-- jumpy had a median of 1.041667 USD an hour and deviated from it by 0.041667. gone cost 0.5 USD an hour, always. young has next to nothing before its first days. Usual are 6 days
-- of even, 7 of flat, 6 of jumpy and 4 of gone. Of 2026-11-18 what comes late is not there for any of four; too little was seen of even and gone on 2026-11-20, and of all a day later.
-- expect cost-anomalies: status, subject_id, day, round(hourly_cost_usd, 6), round(usual_hourly_cost_usd, 6), round(change, 6), round(robust_z, 4), round(extra_cost_usd, 6), n_days_before, n_service_days, as_of_date, source_completeness
values
  ('rose', 'jumpy', '2026-11-19', 3, 1.041667, 1.88, 31.7015, 47, 28, 1, '2026-11-19', 'complete'), ('fell', 'gone', '2026-11-17', 0, 0.5, -1, null, -12, 28, 1, '2026-11-19', 'complete'),
  ('fell', 'gone', '2026-11-19', 0, 0.5, -1, null, -12, 26, 1, '2026-11-19', 'complete'),
  ('not_comparable', '(there are too few days before it to compare with)', null, null, null, null, null, null, null, 2, '2026-11-19', 'none'),
  ('not_comparable', '(cost of the day that comes late was not read yet)', null, null, null, null, null, null, null, 4, '2026-11-19', 'none'),
  ('not_comparable', '(too little of the day was seen)', null, null, null, null, null, null, null, 7, '2026-11-19', 'none'),
  ('usual', '(as usual)', null, null, null, null, null, null, null, 23, '2026-11-19', 'complete');

-- What changed names what is unusual on the newest of these days, by the same rule.
-- expect what-changed where status = 'changed': kind, severity, subject_type, subject_id, owner_team, table_name, column_name, before, after, changed_on, as_of_date
values
  ('cost_jumped', 'bad',  'service', 'jumpy', 'keepers', 'opencost.allocations', 'hourly_cost_usd', '1.0417', '3.0', '2026-11-19', '2026-11-19'),
  ('cost_fell',   'good', 'service', 'gone',  null,      'opencost.allocations', 'hourly_cost_usd', '0.5',    '0.0', '2026-11-19', '2026-11-19');

-- The week of jumpy up to 2026-11-19 cost 9.25 USD an hour, the one before 7.3333; that of flat 3.55 and 3.5, added up over its days.
-- expect most-expensive-services: status, subject_id, owner_team, round(cost_usd, 4), round(distributed_cost_usd, 4), round(cost_share, 6), round(weekly_change, 6), round(cost_per_deployment_usd, 4), n_days, round(completeness, 6), as_of_date, source_completeness
values
  ('counted', 'even',  'keepers', 2015,     2015,     0.590889, 0,        671.6667, 28, 0.999256, '2026-11-19', 'partial'), ('counted', 'jumpy', 'keepers', 746.9167, 746.9167, 0.219030, 0.261364, null, 28, 0.998512, '2026-11-19', 'partial'),
  ('counted', 'flat',  'keepers', 336.7,    336.7,    0.098736, 0.014286, null,     28, 0.998512, '2026-11-19', 'partial'), ('counted', 'gone',  'keepers', 299.5,    299.5,    0.087827, null,     null, 25, 0.998333, '2026-11-19', 'partial'),
  ('counted', 'young', 'keepers', 12,       12,       0.003519, null,     null,     1,  1,        '2026-11-19', 'complete');

-- On arm64 1058.4167 USD bought 25920 core-hours in lamp; annex has none. even paid 2015 USD for 13440 core-hours on amd64, flat 336.7 for 6720.
-- expect arm64-candidates: status, subject_id, round(amd64_cost_usd, 4), round(arm64_cost_usd, 4), round(amd64_usd_per_core_hour, 6), round(arm64_usd_per_core_hour, 6), arm64_price_rule, round(amd64_usd_per_used_core_hour, 6), round(saving_usd_month, 3), n_services, n_days, source_completeness
values
  ('candidate', 'even', 2015, 0, 0.149926, 0.040834, 'clusters', 0.299851, 1592.738, 1, 28, 'complete'), ('candidate', 'flat', 336.7, 0, 0.050104, 0.040834, 'clusters', 0.100208, 67.672, 1, 28, 'complete'),
  ('arm64_already', '(on arm64 alone)', 0, 1058.4167, null, null, null, null, null, 3, 28, 'complete');
set variable "service" = 'flat';

-- Its share is one of what all cost, and the price on arm64 that of all in its cluster.
-- expect most-expensive-services: status, subject_id, round(cost_share, 6)
values ('counted', 'flat', 0.098736);

-- expect arm64-candidates: status, subject_id, round(arm64_usd_per_core_hour, 6), round(saving_usd_month, 3)
values ('candidate', 'flat', 0.040834, 67.672);
set variable "service" = null;
set variable "team" = 'harbour';

-- gone has no team on the days that it cost nothing.
-- expect cost-anomalies where status in ('rose', 'fell'): status, subject_id, day
values ('fell', 'gone', '2026-11-17'), ('fell', 'gone', '2026-11-19');

-- expect nothing of most-expensive-services: subject_id

-- expect nothing of arm64-candidates: subject_id
