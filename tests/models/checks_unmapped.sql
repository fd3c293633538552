-- What checks say of services when what was read cannot be put down to them: yesterday PagerDuty's services were read and today we may not, so that nobody
-- knows which service its incident is of, and of repositories only those of sea can be seen. Worked out by hand; the dates built are 2026-11-20 and 2026-11-21.

alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table github.repositories alter column visibility set default 'private';
alter table pagerduty.services alter column status set default 'active';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml', 'ok'),          ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog', 'ok'),
  ('2026-11-20', '2026-11-20', 'pagerduty', 'services', 'pagerduty', 'ok'),            ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty', 'forbidden'),
  ('2026-11-21', '2026-11-21', 'pagerduty', 'incidents', 'pagerduty', 'ok'),
  ('2026-11-16', '2026-11-16', 'github', 'repositories', 'reef', 'ok'),
  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'sea', 'ok'),                 ('2026-11-21', '2026-11-21', 'github', 'repositories', 'works', 'forbidden'),
  ('2026-11-21', '2026-11-21', 'github', 'repository_properties', 'sea', 'ok'),        ('2026-11-21', '2026-11-21', 'github', 'teams', 'sea', 'ok'),
  ('2026-11-21', '2026-11-21', 'github', 'team_repositories', 'sea', 'ok'),            ('2026-11-21', '2026-11-21', 'github', 'repository_files', 'sea/shared', 'rate_limited'),
  ('2026-11-21', '2026-11-21', 'github', 'repository_files', 'sea/told', 'ok'),        ('2026-11-21', '2026-11-21', 'github', 'deployments', 'sea/told', 'ok');
update almanac.outcomes set run_id = '01A' || logical_date;

insert into catalog.services (date, entity_ref, name, github_slug) values
  ('2026-11-21', 'component:default/mooring', 'mooring', 'works/mooring'), ('2026-11-21', 'component:default/abroad', 'abroad', 'elsewhere/abroad'),
  ('2026-11-21', 'component:default/coral', 'coral', 'reef/coral'),        ('2026-11-21', 'component:default/atoll', 'atoll', 'reef/atoll'),
  ('2026-11-21', 'component:default/shared', 'shared', 'sea/shared'),      ('2026-11-21', 'component:default/told', 'told', 'sea/told'),
  ('2026-11-21', 'component:default/ghost', 'ghost', 'sea/ghost');
insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-20', 1, 'works', 'mooring', 'works/mooring'), ('2026-11-16', 2, 'reef', 'coral', 'reef/coral'),
  ('2026-11-21', 3, 'sea', 'shared', 'sea/shared'),       ('2026-11-21', 4, 'sea', 'told', 'sea/told');
insert into github.teams (date, team_id, organization, slug, privacy) values ('2026-11-21', 1, 'sea', 'keepers', 'visible'), ('2026-11-21', 2, 'sea', 'crew', 'visible');
insert into github.team_repositories (date, team_id, repository_id, permission)
  select date '2026-11-21', team_id, repository_id, 'write' from (values (1), (2)) as teams (team_id) cross join (values (3), (4)) as repositories (repository_id);
insert into github.deployments (date, repository_id, full_name, deployment_id, environment, commit_sha, created_at, first_success_at)
  select day, id, name, id, 'production', 'a1', '2026-10-05 10:00', '2026-10-05 10:05'
  from (values (date '2026-10-05', 1, 'works/mooring'), (date '2026-10-05', 2, 'reef/coral'), (date '2026-10-05', 3, 'sea/shared'), (date '2026-11-21', 4, 'sea/told')) as rows (day, id, name);
insert into pagerduty.services (date, service_id, name, escalation_policy_id) values ('2026-11-20', 'P3', 'mooring', 'E1');
insert into pagerduty.incidents (date, incident_id, service_id, service_name, status, created_at) values ('2026-11-21', 'i2', 'P3', 'mooring (before)', 'triggered', '2026-11-01 00:00');

-- expect int_check_answers where check_id = 'no-forgotten-incident': distinct status
values ('unknown');

-- Who owns a repository that nobody could see is not known, and CODEOWNERS may name one of the two teams that may write to sea/shared. That of sea/told was
-- looked for, and sea/ghost is not there.
-- expect int_check_answers where check_id = 'service-owner-known': subject_id, status
values ('mooring', 'unknown'), ('abroad', 'unknown'), ('coral', 'unknown'), ('atoll', 'unknown'), ('shared', 'unknown'), ('told', 'fail'), ('ghost', 'fail');

-- Deployments of sea/told alone were read.
-- expect int_check_answers where check_id = 'deployed-recently': subject_id, status
values ('mooring', 'unknown'), ('abroad', 'unknown'), ('coral', 'unknown'), ('atoll', 'unknown'), ('shared', 'unknown'), ('told', 'fail'), ('ghost', 'unknown');

-- That reef was read some days ago tells nothing of today.
-- expect int_check_answers where check_id = 'service-repository-known': subject_id, status
values ('mooring', 'unknown'), ('abroad', 'unknown'), ('coral', 'unknown'), ('atoll', 'unknown'), ('shared', 'pass'), ('told', 'pass'), ('ghost', 'fail');

-- expect nothing of int_check_answers where status is null or status not in ('pass', 'fail', 'not_applicable', 'unknown') or coalesce(reason, '') = '' or not json_valid(evidence): check_id, subject_id
