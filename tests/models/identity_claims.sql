-- What one service claims outright and another is only called like, names in any script, and teams under two names, worked out by hand. The name of a
-- service says what its case is about, as far as it can. The dates built are 2026-11-20 and 2026-11-21.

alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column namespace set default 'default';
alter table catalog.services alter column file set default 'services.yaml';
alter table datadog.service_definitions alter column kind set default 'service';
alter table github.repositories alter column organization set default 'sea';
alter table github.repositories alter column visibility set default 'private';
alter table github.repositories alter column default_branch set default 'main';
alter table github.teams alter column organization set default 'sea';
alter table github.teams alter column privacy set default 'visible';
alter table github.repository_files alter column kind set default 'codeowners';
alter table github.repository_files alter column path set default 'CODEOWNERS';
alter table github.repository_files alter column content_state set default 'kept';
alter table github.repository_files alter column byte_size set default 100;
alter table pagerduty.incidents alter column status set default 'resolved';
alter table pagerduty.incidents alter column incident_type set default 'incident_default';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column date set default '2026-11-21';
alter table almanac.outcomes alter column logical_date set default '2026-11-21';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

-- lighthouse says that lamp's repository and its service at PagerDuty are its own. part lives in a folder of fleet, and says nothing of the rest.
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug, pagerduty_service_id) values
  ('2026-11-21', 'component:default/lighthouse', 'lighthouse', 'group:default/keepers', 'sea/lamp', 'P1'),
  ('2026-11-21', 'component:default/lamp',       'lamp',       'group:default/mappers', null,       null),
  ('2026-11-21', 'component:default/fleet',      'fleet',      'group:default/mappers', null,       null),
  ('2026-11-21', 'component:default/pay',        'pay',        'group:default/mappers', null,       null);
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug, repository, file, source_path) values
  ('2026-11-21', 'component:default/part', 'part', 'group:default/keepers', 'sea/fleet', 'sea/fleet', 'part/catalog-info.yaml', 'part');
insert into datadog.service_definitions (date, service, team) values ('2026-11-21', '決済', 'keepers'), ('2026-11-21', '検索', 'keepers'), ('2026-11-21', '検索-api', 'keepers');
insert into github.repositories (date, repository_id, name) values ('2026-11-21', 1, 'lamp'), ('2026-11-21', 2, 'fleet'), ('2026-11-21', 3, '-');
update github.repositories set full_name = organization || '/' || name;
insert into pagerduty.services (date, service_id, name) values ('2026-11-21', 'P1', 'Lamp'), ('2026-11-21', 'P2', '検索'), ('2026-11-21', 'P3', '[Pay]'), ('2026-11-21', 'P4', '検索 API'), ('2026-11-21', 'P5', '???');
insert into pagerduty.incidents (date, incident_id, service_id, service_name, created_at, changed_at) values ('2026-11-21', 'i1', 'P1', 'Lamp', '2026-11-10 10:00', '2026-11-10 11:00');

insert into almanac.outcomes (source, table_name, parent) values
  ('catalog', 'services', 'services.yaml'),   ('datadog', 'service_definitions', 'datadog'), ('github', 'repositories', 'sea'),  ('github', 'repository_properties', 'sea'),
  ('github', 'teams', 'sea'),                 ('github', 'team_repositories', 'sea'),       ('pagerduty', 'services', 'p'),     ('pagerduty', 'incidents', 'p');
insert into almanac.outcomes (source, table_name, parent) select 'github', 'repository_files', full_name from github.repositories;
update almanac.outcomes set run_id = '01A';

-- A guess by name takes nothing from who claims it, and is a gap to be put right.
-- expect dim_service_links where target_type = 'pagerduty_service' and target_id <> '': service, target_id, status, is_chosen, rule, candidates
values
  ('lighthouse', 'P1', 'linked',           true,  'annotation',      []), ('lamp', 'P1', 'conflict', false, 'exact_name', ['lamp', 'lighthouse']),
  ('検索',       'P2', 'linked',           true,  'exact_name',      []), ('pay',  'P3', 'linked',   true,  'normalised_name', []),
  ('検索-api',   'P4', 'linked',           true,  'normalised_name', []), ('',     'P5', 'unmatched_target', false, null, []);

-- expect dim_service_links where target_type = 'repository' and target_id <> '': service, target_id, path, status, is_chosen, rule, candidates
values
  ('lighthouse', '1', null,   'linked',           true,  'annotation', []), ('lamp',  '1', null, 'conflict', false, 'exact_name', ['lamp', 'lighthouse']),
  ('part',       '2', 'part', 'linked',           true,  'descriptor', []), ('fleet', '2', null, 'linked',   true,  'exact_name', []),
  ('',           '3', null,   'unmatched_target', false, null,         []);

-- expect fct_incidents: incident_id, services
values ('i1', ['lighthouse']);

-- expect identity-gaps where subject_id = 'lamp' and status = 'conflict': target_type, target_name, candidates
values ('repository', 'sea/lamp', 'lamp, lighthouse'), ('pagerduty_service', 'Lamp', 'lamp, lighthouse');
