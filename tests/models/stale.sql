-- Which repositories nobody pushes to, worked out by hand: half a year before 2026-11-21, by 180 days, is 2026-05-25. The dates built are
-- 2026-11-20 and 2026-11-21.

alter table github.repositories alter column organization set default 'clockwork-lighthouse';
alter table github.repositories alter column visibility set default 'private';
alter table almanac.outcomes alter column source set default 'github';
alter table almanac.outcomes alter column status set default 'ok';

-- The name of a repository is its case. quiet was last seen a day before, on which it was idle for 179 days; lost was gone when its organisation was read.
insert into github.repositories (date, repository_id, name, created_at, pushed_at, is_archived) values
  ('2026-11-21', 1, 'edge',      '2020-01-01', '2026-05-25 23:59', false), ('2026-11-21', 2, 'busy',     '2020-01-01', '2026-05-26 00:00', false),
  ('2026-11-21', 3, 'put-away',  '2020-01-01', '2021-01-01 00:00', true),  ('2026-11-21', 4, 'never',    '2026-05-01', null,               false),
  ('2026-11-21', 5, 'new-empty', '2026-11-01', null,               false), ('2026-11-20', 6, 'lost',     '2020-01-01', '2021-01-01 00:00', false),
  ('2026-11-21', 7, 'oldest',    '2020-01-01', '2025-11-21 00:00', false);
insert into github.repositories (date, organization, repository_id, name, created_at, pushed_at) values
  ('2026-11-20', 'clockwork-annex', 8, 'quiet', '2020-01-01', '2026-05-25 00:00'), ('2026-11-20', 'clockwork-annex', 9, 'unsure', '2020-01-01', '2026-05-24 00:00');
update github.repositories set full_name = organization || '/' || name;
insert into github.repository_properties (date, repository_id, property_name, value) values ('2026-11-21', 7, 'team', 'keepers'), ('2026-11-21', 1, 'team', 'harbour');
insert into almanac.outcomes (date, logical_date, table_name, parent, status) values
  ('2026-11-20', '2026-11-20', 'repositories', 'clockwork-lighthouse', 'ok'), ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-lighthouse', 'ok'),
  ('2026-11-20', '2026-11-20', 'repositories', 'clockwork-annex', 'ok'),      ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-annex', 'forbidden');
update almanac.outcomes set run_id = '01A' || logical_date;

-- expect stale-repositories: split_part(full_name, '/', 2), as_of_date, owner_team, reason, days_idle
values
  ('oldest', '2026-11-21', 'keepers', 'no push since', 365), ('never', '2026-11-21', null, 'never pushed', 204), ('edge', '2026-11-21', 'harbour', 'no push since', 180),
  ('unsure', '2026-11-20', null, 'no push since', 180);
set variable "team" = 'keepers';

-- edge is harbour's; whose the others are was not read.
-- expect stale-repositories: split_part(full_name, '/', 2)
values ('oldest'), ('never'), ('unsure');
set variable "team" = null;
set variable "repository" = 'Clockwork-Annex/unsure';

-- expect stale-repositories: full_name
values ('clockwork-annex/unsure');
