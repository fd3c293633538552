-- What is asked of the platform, and how long it takes, case by case and worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

alter table jira.issues alter column project set default 'LAMP';
alter table jira.issues alter column status_category set default 'done';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent, status) values ('2026-11-21', '2026-11-21', 'jira', 'issues', 'LAMP', 'ok'), ('2026-11-21', '2026-11-21', 'jira', 'issues', 'FOG', 'truncated');
update almanac.outcomes set run_id = '01A' || logical_date;

-- Five requests for access by five people, resolved after 1, 2, 3, 4 and 10 days; the last was asked for a second before November.
insert into jira.issues (date, issue_id, issue_type, components, reporter_key, created_at, resolved_at, updated_at, reopened, to_do_seconds, in_progress_seconds) values
  ('2026-11-21', '1', 'Access', ['access'], 'p1', '2026-11-01 00:00', '2026-11-02 00:00', '2026-11-12', 0, 3600,  3600),
  ('2026-11-21', '2', 'Access', ['access'], 'p2', '2026-11-01 00:00', '2026-11-03 00:00', '2026-11-12', 2, 7200,  3600),
  ('2026-11-21', '3', 'Access', ['access'], 'p3', '2026-11-01 00:00', '2026-11-04 00:00', '2026-11-12', 0, 10800, 7200),
  ('2026-11-21', '4', 'Access', ['access'], 'p4', '2026-11-01 00:00', '2026-11-05 00:00', '2026-11-12', 0, 14400, 14400),
  ('2026-11-21', '5', 'Access', ['access'], 'p5', '2026-10-31 23:59:59', '2026-11-10 23:59:59', '2026-11-12', 0, 18000, 7200);
-- Two components in either order are one kind. One was resolved before it was made; one is open, and was done a day ago.
insert into jira.issues (date, issue_id, issue_type, components, reporter_key, status_category, created_at, resolved_at, updated_at, reopened, in_progress_seconds) values
  ('2026-11-21', '6', 'Task', ['dns', 'access'], 'p1', 'done',        '2026-11-05 00:00', '2026-11-04 00:00', '2026-11-12', 0, 36000),
  ('2026-11-20', '7', 'Task', ['access', 'dns'], 'p1', 'done',        '2026-11-05 00:00', '2026-11-06 00:00', '2026-11-19', 0, 3600),
  ('2026-11-21', '7', 'Task', ['access', 'dns'], 'p1', 'in_progress', '2026-11-05 00:00', null,               '2026-11-20', 1, 7200),
  ('2026-11-21', '8', null,   [],                null, 'to_do',       '2026-11-05 00:00', null,               '2026-11-05', 0, 0);
-- Of number 10, four of five hours went by until those who asked said more; of number 11, that status is not one of those in progress.
insert into jira.issues (date, issue_id, project, issue_type, status_category, created_at, updated_at, in_progress_seconds, status_seconds) values
  ('2026-11-21', '10', 'BELL', 'Task', 'done',        '2026-11-01', '2026-11-02', 18000, map {'In Progress': '3600', 'Waiting for customer': '14400', 'To Do': '60'}),
  ('2026-11-21', '11', 'BELL', 'Task', 'in_progress', '2026-11-01', '2026-11-02', 60,    map {'In Progress': '60', 'waiting for customer': '600'}),
  ('2026-11-21', '12', 'BELL', 'Bug',  'in_progress', '2026-11-01', '2026-11-02', 7200,  map {'In Progress': '7200'});
insert into jira.issues (date, issue_id, project, issue_type, status_category, created_at, updated_at) values ('2026-11-21', '9', 'FOG', 'Task', 'to_do', '2026-08-31 23:00', '2026-08-31');

-- expect fct_platform_requests where project = 'LAMP': period_type, period_start, kind, n, n_done, round(share, 6), n_lead_time, lead_time_p50_hours, lead_time_p75_hours, round(lead_time_p90_hours, 6), waiting_p50_hours, in_progress_p50_hours, n_reopened, round(reopened_share, 6), toil_hours, round(toil_share, 6), n_reporters
values
  ('month',    '2026-10-01', 'Access / access',            1, 1, 1,     1, null, null, null,  null, null, 0, null,  2,  1,        null),
  ('month',    '2026-10-01', 'all',                        1, 1, 1,     1, null, null, null,  null, null, 0, null,  2,  1,        null),
  ('month',    '2026-11-01', 'Access / access',            4, 4, 0.571429, 4, null, null, null, null, null, 1, null, 8, 0.4,      null),
  ('month',    '2026-11-01', 'Task / access + dns',        2, 1, 0.285714, 0, null, null, null, null, null, 1, null, 12, 0.6,     null),
  ('month',    '2026-11-01', '(no type) / (no component)', 1, 0, 0.142857, 0, null, null, null, null, null, 0, null, 0,  0,       null),
  ('month',    '2026-11-01', 'all',                        7, 5, 1,     4, null, null, null,  2,    2,    2, 0.285714, 20, 1,     null),
  ('all_time', '2026-10-01', 'Access / access',            5, 5, 0.625, 5, 72,   96,   182.4, 3,    2,    1, 0.2,   10, 0.454545, 5),
  ('all_time', '2026-10-01', 'Task / access + dns',        2, 1, 0.25,  0, null, null, null,  null, null, 1, null,  12, 0.545455, null),
  ('all_time', '2026-10-01', '(no type) / (no component)', 1, 0, 0.125, 0, null, null, null,  null, null, 0, null,  0,  0,        null),
  ('all_time', '2026-10-01', 'all',                        8, 6, 1,     5, 72,   96,   182.4, 2.5,  2,    2, 0.25,  22, 1,        5);

-- expect fct_platform_requests where project = 'FOG': period_type, period_start, kind, n, share, toil_hours, toil_share
values
  ('month', '2026-08-01', 'Task / (no component)', 1, 1, 0, null), ('month', '2026-08-01', 'all', 1, 1, 0, null), ('all_time', '2026-08-01', 'Task / (no component)', 1, 1, 0, null), ('all_time', '2026-08-01', 'all', 1, 1, 0, null);

-- expect fct_platform_requests where project = 'BELL' and period_type = 'month': kind, n, toil_hours, round(toil_share, 6)
values ('Task / (no component)', 2, 1, 0.333333), ('Bug / (no component)', 1, 2, 0.666667), ('all', 3, 3, 1);

-- expect what-to-automate-next where project is distinct from 'BELL': status, project, kind, toil_hours, round(cumulative_toil_share, 6), n, n_newest_months, lead_time_p50_hours, since, as_of_date
values
  ('counted',     'LAMP', 'Task / access + dns',        12,   0.545455, 2,    2,    null, '2026-10-01', '2026-11-21'),
  ('counted',     'LAMP', 'Access / access',            10,   1,        5,    5,    72,   '2026-10-01', '2026-11-21'),
  ('counted',     'LAMP', '(no type) / (no component)', 0,    1,        1,    1,    null, '2026-10-01', '2026-11-21'),
  ('counted',     'FOG',  'Task / (no component)',      0,    null,     1,    1,    null, '2026-08-01', '2026-11-21'),
  ('not_visible', 'fog',  null,                         null, null,     null, null, null, null,         '2026-11-21');
set variable "project" = 'fog';

-- expect what-to-automate-next: status, project, kind
values ('counted', 'FOG', 'Task / (no component)'), ('not_visible', 'fog', null);
