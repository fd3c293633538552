-- Which requests containers need and what that saves, case by case and worked out by hand. Two days of hours are built, 48 steps, which is as many as it takes.

create macro utc(at_time) as cast(strftime(at_time, '%Y-%m-%d %H:%M:%S+00') as timestamptz);
alter table opencost.allocations alter column kind set default 'workload';
alter table opencost.allocations alter column hours set default 1;
alter table opencost.allocation_steps alter column state set default 'ok';
alter table opencost.assets alter column asset_type set default 'node';
alter table opencost.assets alter column hours set default 24;

create table hours as
  select cast('2026-11-20' as date) + cast(hour // 24 as integer) as date, timestamp '2026-11-20 00:00:00' + to_hours(hour) as begun_at, hour from range(48) as hours (hour);
insert into opencost.allocation_steps (date, cluster, step_started_at, step_ended_at)
  select hours.date, cluster, utc(begun_at), utc(begun_at + interval 1 hour) from hours cross join (values ('keep'), ('pack'), ('tight'), ('gpus')) as clusters (cluster);

-- The name of a controller is its case: how many replicas it has, what each requests, uses and is limited to, and in which of the 48 hours. A core-hour costs
-- 0.04 USD and a GiB-hour 0.01 USD; what is allocated is 2 cores and 2 GiB, whatever it is.
create table cases (controller_kind varchar, controller varchar, replicas bigint, first_hour bigint, last_hour bigint, cpu_request double, cpu_usage double, gib_request double, gib_usage double, gib_limit double, annotations map(varchar, varchar));
insert into cases values
  ('deployment',  'steady',     1, 0,  47, 2,    null, 2,    1,     null, map {}),
  ('deployment',  'two',        1, 0,  47, 0.5,  0.1,  1,    0.5,   2,    map {}),
  ('deployment',  'two',        2, 0,  47, 0.5,  0.35, 1,    0.25,  2,    map {}),
  ('deployment',  'full',       1, 0,  47, 0.1,  0.35, 1,    1,     1,    map {}),
  ('deployment',  'generous',   1, 0,  47, 0.5,  0.35, 4,    1,     1,    map {}),
  ('daemonset',   'everywhere', 1, 0,  47, 1,    0.1,  1,    0.1,   null, map {}),
  ('deployment',  'swinging',   1, 0,  47, 1,    0.1,  1,    0.1,   null, map {}),
  ('deployment',  'swinging',   2, 12, 23, 1,    0.1,  1,    0.1,   null, map {}),
  ('statefulset', 'machine',    1, 0,  47, 1,    0.1,  1,    0.1,   null, map {'vpaUpdates': 'Pod resources updated by machine'}),
  ('deployment',  'young',      1, 37, 47, 1,    0.1,  1,    0.1,   null, map {}),
  ('deployment',  'unmeasured', 1, 0,  47, 1,    null, 1,    null,  null, map {}),
  ('deployment',  'asks-none',  1, 0,  47, 0,    0.35, 0,    0.001, null, map {}),
  ('deployment',  'gone',       1, 0,  23, 1,    0.1,  1,    0.1,   null, map {}),
  ('deployment',  'choked',     1, 0,  47, 2,    0.35, 1,    1,     1,    map {}),
  ('deployment',  'lopsided',   1, 0,  47, 0.1,  0.35, 2,    1,     null, map {}),
  ('job',         'nightly',    1, 0,  47, 1,    0.07, 1,    0.8,   null, map {});
insert into opencost.allocations (date, cluster, step_started_at, name, node, namespace, controller_kind, controller, pod, container, labels, annotations, hours, cpu_core_hours, cpu_request_cores, cpu_usage_cores, cpu_usage_max_cores, cpu_cost, ram_byte_hours, ram_request_bytes, ram_usage_bytes, ram_usage_max_bytes, ram_limit_bytes, ram_cost, total_cost)
  select date, 'keep', utc(begun_at), controller || replicas || '/app', 'n1', 'pay', controller_kind, controller, controller || replicas, 'app', map {'service': controller, 'team': 'keepers'}, annotations,
    case controller_kind when 'job' then 0.25 else 1 end, 2, cpu_request, case controller when 'steady' then (hour + 1) / 100.0 else cpu_usage end, case controller when 'steady' then 0.6 end, 0.08,
    2147483648, gib_request * 1073741824, gib_usage * 1073741824, gib_usage * 1073741824, gib_limit * 1073741824, 0.02, 0.1
  from hours inner join cases on hour between first_hour and last_hour;
-- A pod that nothing controls stands for itself.
insert into opencost.allocations (date, cluster, step_started_at, name, node, namespace, pod, container, cpu_core_hours, cpu_request_cores, cpu_usage_cores, cpu_cost, ram_byte_hours, ram_request_bytes, ram_usage_max_bytes, ram_cost, total_cost)
  select date, 'keep', utc(begun_at), 'naked/app', 'n1', 'pay', 'naked', 'app', 2, 0.0001, 0.0007, 0.08, 2147483648, 1073741824, 1048576, 0.02, 0.1 from hours;

-- In cluster pack three replicas of 3 cores stand on three nodes of 4 cores and need 1.5 cores each: 4.5 cores go on two nodes. A core-hour costs 0.03 USD, a GiB-hour
-- 0.001 USD, a node 0.1 USD an hour. A node of another type has one pod that needs all that it asks for, and is not judged.
insert into opencost.allocations (date, cluster, step_started_at, name, node, namespace, controller_kind, controller, pod, container, cpu_core_hours, cpu_request_cores, cpu_usage_cores, cpu_cost, ram_byte_hours, ram_request_bytes, ram_usage_max_bytes, ram_cost, total_cost)
  select date, 'pack', utc(begun_at), 'wide' || n, 'n' || n, 'pay', 'deployment', 'wide', 'wide' || n, 'app', 3, 3, 1.05, 0.09, 1073741824, 1073741824, 858993459.2, 0.001, 0.091 from hours cross join range(1, 4) as replicas (n)
  union all
  select date, 'pack', utc(begun_at), 'agent', 'n4', 'pay', 'daemonset', 'agent', 'agent', 'app', 3, 3, 0.1, 0.09, 1073741824, 1073741824, 1048576, 0.001, 0.091 from hours;
insert into opencost.assets (date, cluster, asset_id, name, node_type, cpu_cores, ram_bytes, total_cost)
  select days.date, 'pack', 'a' || n, 'n' || n, case when n = 4 then 'm5.2xlarge' else 'm5.xlarge' end, 4, 17179869184, 2.4
  from (values (cast('2026-11-20' as date)), (cast('2026-11-21' as date))) as days (date) cross join range(1, 5) as nodes (n);
-- In cluster tight two such replicas on two such nodes need 1.85 cores each: 3.7 of 4, and of a node 3.6 are counted on. Those of cluster gpus need next to nothing, and GPUs.
insert into opencost.allocations (date, cluster, step_started_at, name, node, namespace, controller_kind, controller, pod, container, cpu_core_hours, cpu_request_cores, cpu_usage_cores, cpu_cost, ram_byte_hours, ram_request_bytes, ram_usage_max_bytes, ram_cost, total_cost)
  select date, cluster, utc(begun_at), cluster || n, 'n' || n, 'pay', 'deployment', cluster, cluster || n, 'app', 3, 3, usage, 0.09, 1073741824, 1073741824, 858993459.2, 0.001, 0.091
  from hours cross join range(1, 3) as replicas (n) cross join (values ('tight', 1.295), ('gpus', 0.07)) as clusters (cluster, usage);
insert into opencost.assets (date, cluster, asset_id, name, node_type, cpu_cores, ram_bytes, gpu_count, total_cost)
  select days.date, cluster, 'a' || n, 'n' || n, 'g4dn.xlarge', 4, 17179869184, gpus, 2.4
  from (values (cast('2026-11-20' as date)), (cast('2026-11-21' as date))) as days (date) cross join range(1, 3) as nodes (n) cross join (values ('tight', 0), ('gpus', 1)) as clusters (cluster, gpus);
-- Of cluster keep nobody told how much its node has.
insert into opencost.assets (date, cluster, asset_id, name, node_type, total_cost) values ('2026-11-21', 'keep', 'a1', 'n1', 'm5.xlarge', 5);
update opencost.allocations set step_ended_at = utc(cast(step_started_at as timestamp) + interval 1 hour), started_at = step_started_at, ended_at = utc(cast(step_started_at as timestamp) + interval 1 hour);

-- The 95th percentile of 0.01 to 0.48 lies 0.65 of the way from the 45th to the 46th: 0.4565, of which 0.7 is used. The busier of two uses 0.35.
-- expect fct_rightsizing where cluster = 'keep': controller_kind, controller, service, team, round(replicas, 6), sample_days, samples, round(cpu_usage_p95_cores, 6), round(recommended_cpu_cores, 6), cpu_reason, round(recommended_ram_bytes / 1073741824, 6), ram_reason, is_limit_reached
values
  ('deployment',  'steady',     'steady',     'keepers', 1,    2, 48, 0.4565, 0.652143, null,              1.15,     null,              null),
  ('deployment',  'two',        'two',        'keepers', 2,    2, 48, 0.35,   0.5,      null,              0.575,    null,              false),
  ('deployment',  'full',       'full',       'keepers', 1,    2, 48, 0.35,   0.5,      null,              1.25,     null,              true),
  ('deployment',  'generous',   'generous',   'keepers', 1,    2, 48, 0.35,   0.5,      null,              4,        null,              true),
  ('deployment',  'choked',     'choked',     'keepers', 1,    2, 48, 0.35,   0.5,      null,              1.25,     null,              true),
  ('deployment',  'lopsided',   'lopsided',   'keepers', 1,    2, 48, 0.35,   0.5,      null,              1.15,     null,              null),
  ('daemonset',   'everywhere', 'everywhere', 'keepers', 1,    2, 48, 0.1,    null,     'daemonset',       null,     'daemonset',       null),
  ('deployment',  'swinging',   'swinging',   'keepers', 1.25, 2, 48, 0.1,    null,     'autoscaled',      null,     'autoscaled',      null),
  ('statefulset', 'machine',    'machine',    'keepers', 1,    2, 48, 0.1,    null,     'vpa',             null,     'vpa',             null),
  ('deployment',  'young',      'young',      'keepers', 1,    1, 11, 0.1,    null,     'too_few_samples', null,     'too_few_samples', null),
  ('deployment',  'unmeasured', 'unmeasured', 'keepers', 1,    2, 48, null,   null,     'no_usage',        null,     'no_usage',        null),
  ('deployment',  'asks-none',  'asks-none',  'keepers', 1,    2, 48, 0.35,   0.5,      null,              0.019531, null,              null),
  ('job',         'nightly',    'nightly',    'keepers', 0.25, 2, 48, 0.07,   0.1,      null,              0.92,     null,              null),
  ('pod',         'naked',      null,         null,      1,    2, 48, 0.0007, 0.01,     null,              0.019531, null,              null);

-- steady: (2 - 0.652143) cores and (2 - 1.15) GiB over 730 hours. two: nothing of its CPU, and 0.425 GiB twice. full needs 0.4 cores and 0.25 GiB more than it asks for.
-- expect fct_rightsizing where cluster = 'keep' and theoretical_saving_usd_month is not null: controller, round(cpu_usd_per_core_hour, 6), round(ram_usd_per_gib_hour, 6), round(cpu_saving_usd_month, 4), round(ram_saving_usd_month, 4), round(theoretical_saving_usd_month, 4), round(increase_usd_month, 4), realisable_saving_usd_month
values
  ('steady',    0.04, 0.01, 39.3574, 6.205,  45.5624, 0,       null), ('two', 0.04, 0.01, 0,      6.205,  6.205, 0,      null), ('full',  0.04, 0.01, 0, 0,      0,      13.505, null), ('generous', 0.04, 0.01, 0, 0, 0, 0, null),
  ('asks-none', 0.04, 0.01, 0,       0,      0,       14.7426, null), ('nightly', 0.04, 0.01, 6.57, 0.146, 6.716, 0,    null),
  ('choked',    0.04, 0.01, 43.8,    0,      43.8,    1.825,   null), ('lopsided', 0.04, 0.01, 0, 6.205, 6.205, 11.68, null), ('naked', 0.04, 0.01, 0, 7.1574, 7.1574, 0.2891, null);

-- 1.5 cores and 0.08 GiB too many for each of three: 98.55 and 0.1752 USD, of which a node of 73 USD can go.
-- expect fct_rightsizing where cluster in ('pack', 'tight', 'gpus'): controller, peak_replicas, round(recommended_cpu_cores, 6), round(recommended_ram_bytes / 1073741824, 6), round(cpu_saving_usd_month, 4), round(ram_saving_usd_month, 4), round(theoretical_saving_usd_month, 4), round(realisable_saving_usd_month, 4)
values ('wide', 3, 1.5, 0.92, 98.55, 0.1752, 98.7252, 73), ('tight', 2, 1.85, 0.92, 50.37, 0.1168, 50.4868, 0), ('gpus', 2, 0.1, 0.92, 127.02, 0.1168, 127.1368, 0), ('agent', 1, null, null, null, null, null, null);

-- choked would save by less CPU, and runs out of memory all the same. lopsided would save 6.205 USD of memory, and lacks CPU for 11.68.
-- expect over-provisioned: status, subject_id, round(theoretical_saving_usd_month, 4), round(realisable_saving_usd_month, 4), round(increase_usd_month, 4), n_containers, subject_type, source_completeness
values
  ('over_provisioned', 'gpus/pay/gpus/app', 127.1368, 0, 0, 1, 'container', 'complete'), ('over_provisioned', 'tight/pay/tight/app', 50.4868, 0, 0, 1, 'container', 'complete'),
  ('over_provisioned', 'pack/pay/wide/app',    98.7252, 73,   0,      1, 'container', 'complete'), ('over_provisioned', 'keep/pay/steady/app',  45.5624, null, 0, 1, 'container', 'complete'),
  ('over_provisioned', 'keep/pay/naked/app',   7.1574,  null, 0.2891, 1, 'container', 'complete'), ('over_provisioned', 'keep/pay/nightly/app', 6.716,   null, 0, 1, 'container', 'complete'),
  ('over_provisioned', 'keep/pay/two/app',     6.205,   null, 0,      1, 'container', 'complete'), ('needs_more', 'keep/pay/full/app', 0, null, 13.505, 1, 'container', 'complete'),
  ('needs_more', 'keep/pay/choked/app', 43.8, null, 1.825, 1, 'container', 'complete'), ('in_order', '(in order)', 6.205, null, 26.4226, 3, 'containers', 'complete'),
  ('not_judged', '(daemonset)', null, null, null, 2, 'containers', 'none'), ('not_judged', '(autoscaled)', null, null, null, 1, 'containers', 'none'), ('not_judged', '(vpa)', null, null, null, 1, 'containers', 'none'),
  ('not_judged', '(too_few_samples)', null, null, null, 1, 'containers', 'none'), ('not_judged', '(no_usage)', null, null, null, 1, 'containers', 'none');
set variable "cluster" = 'pack';

-- expect over-provisioned where status = 'over_provisioned': subject_id
values ('pack/pay/wide/app');
set variable "team" = 'nobody';

-- expect nothing of over-provisioned: subject_id
