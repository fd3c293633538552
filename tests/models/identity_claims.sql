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
insert into github.repositories (date, repository_id, name) values
  ('2026-11-21', 1, 'lamp'), ('2026-11-21', 2, 'fleet'), ('2026-11-21', 3, '-'), ('2026-11-21', 4, 'both'), ('2026-11-21', 5, 'by-slug'), ('2026-11-21', 6, 'two-slugs'), ('2026-11-21', 7, 'hidden'), ('2026-11-21', 8, 'torn'), ('2026-11-21', 9, 'nobodys');
update github.repositories set full_name = organization || '/' || name;
-- What the catalog calls payments is pay at GitHub. crew is a slug of two organisations, and keepers a team's own name.
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug) values
  ('2026-11-21', 'component:default/both', 'both', null, 'sea/both'), ('2026-11-21', 'component:default/by-slug', 'by-slug', null, 'sea/by-slug'),
  ('2026-11-21', 'component:default/two-slugs', 'two-slugs', null, 'sea/two-slugs'), ('2026-11-21', 'component:default/by-group', 'by-group', 'group:default/pay', null);
-- The files of hidden may name a team, and describe anything; those of torn name two teams, and nothing of nobodys names one.
insert into catalog.services (date, entity_ref, name, github_slug)
  select '2026-11-21', 'component:default/' || name, name, full_name from github.repositories where name in ('hidden', 'torn', 'nobodys');
insert into catalog.teams (date, entity_ref, name, github_team) values
  ('2026-11-21', 'group:default/payments', 'payments', 'sea/pay'), ('2026-11-21', 'group:default/sailors', 'sailors', 'sea/crew'), ('2026-11-21', 'group:default/wardens', 'wardens', 'sea/keepers');
insert into github.teams (date, team_id, slug, name, parent_slug) values
  ('2026-11-21', 1, 'pay', 'Pay', null), ('2026-11-21', 2, 'kid', 'Kid', 'PAY'), ('2026-11-21', 3, 'crew', 'Crew', null), ('2026-11-21', 4, 'mappers', 'Mappers', 'nobody'), ('2026-11-21', 5, 'keepers', 'Keepers', null);
insert into github.teams (date, team_id, organization, slug, name) values ('2026-11-21', 6, 'bay', 'crew', 'Crew'), ('2026-11-21', 7, 'bay', 'keepers', 'Keepers');
insert into github.team_repositories (date, team_id, repository_id, permission) values ('2026-11-21', 1, 4, 'write'), ('2026-11-21', 1, 8, 'write'), ('2026-11-21', 3, 8, 'write');
insert into github.repository_properties (date, repository_id, property_name, value) values
  ('2026-11-21', 4, 'team', 'mappers'), ('2026-11-21', 5, 'team', 'Pay'), ('2026-11-21', 6, 'team', 'crew');
insert into github.repository_files (date, repository_id, content) values ('2026-11-21', 4, '* @sea/pay'), ('2026-11-21', 8, '* @sea/pay @sea/crew');
insert into pagerduty.services (date, service_id, name) values ('2026-11-21', 'P1', 'Lamp'), ('2026-11-21', 'P2', '検索'), ('2026-11-21', 'P3', '[Pay]'), ('2026-11-21', 'P4', '検索 API'), ('2026-11-21', 'P5', '???');
insert into pagerduty.incidents (date, incident_id, service_id, service_name, created_at, changed_at) values ('2026-11-21', 'i1', 'P1', 'Lamp', '2026-11-10 10:00', '2026-11-10 11:00');

insert into almanac.outcomes (source, table_name, parent) values
  ('catalog', 'services', 'services.yaml'),   ('datadog', 'service_definitions', 'datadog'), ('github', 'repositories', 'sea'),  ('github', 'repository_properties', 'sea'),
  ('github', 'teams', 'sea'), ('github', 'teams', 'bay'), ('catalog', 'teams', 'services.yaml'), ('github', 'team_repositories', 'sea'),       ('pagerduty', 'services', 'p'),     ('pagerduty', 'incidents', 'p');
insert into almanac.outcomes (source, table_name, parent, status)
  select 'github', 'repository_files', full_name, case name when 'hidden' then 'forbidden' else 'ok' end from github.repositories;
update almanac.outcomes set run_id = '01A';

-- A guess by name takes nothing from who claims it, and is a gap to be put right.
-- expect dim_service_links where target_type = 'pagerduty_service' and target_id <> '': service, target_id, status, is_chosen, rule, candidates
values
  ('lighthouse', 'P1', 'linked',           true,  'annotation',      []), ('lamp', 'P1', 'conflict', false, 'exact_name', ['lamp', 'lighthouse']),
  ('検索',       'P2', 'linked',           true,  'exact_name',      []), ('pay',  'P3', 'linked',   true,  'normalised_name', []),
  ('検索-api',   'P4', 'linked',           true,  'normalised_name', []), ('',     'P5', 'unknown', false, null, []);

-- expect dim_service_links where target_type = 'repository' and target_id <> '': service, target_id, path, status, is_chosen, rule, candidates
values
  ('lighthouse', '1', null,   'linked',           true,  'annotation', []), ('lamp',  '1', null, 'conflict', false, 'exact_name', ['lamp', 'lighthouse']),
  ('part',       '2', 'part', 'linked',           true,  'descriptor', []), ('fleet', '2', null, 'linked',   true,  'exact_name', []),
  ('',           '3', null,   'unknown',          false, null,         []), ('both',  '4', null, 'linked',   true,  'annotation', []),
  ('by-slug',    '5', null,   'linked',           true,  'annotation', []), ('two-slugs', '6', null, 'linked', true, 'annotation', []),
  ('hidden',     '7', null,   'linked',           true,  'annotation', []), ('torn',  '8', null, 'linked',   true,  'annotation', []),
  ('nobodys',    '9', null,   'linked',           true,  'annotation', []);

-- expect fct_incidents: incident_id, services
values ('i1', ['lighthouse']);

-- expect identity-gaps where subject_id = 'lamp' and status = 'conflict': target_type, target_name, candidates
values ('repository', 'sea/lamp', 'lamp, lighthouse'), ('pagerduty_service', 'Lamp', 'lamp, lighthouse');

-- CODEOWNERS goes before the custom property, of a whole repository as of a folder, and what it goes before is listed.
-- expect fct_service_owners where service in ('both', 'by-slug', 'two-slugs', 'by-group'): service, team, rule, said_by, candidates, is_accountable
values
  ('both',      'payments', 'codeowners', ['CODEOWNERS'],                           [],           true),
  ('both',      'mappers',  'repository', ['sea/both: property'],                   ['payments'], false),
  ('by-slug',   'payments', 'repository', ['sea/by-slug: property'],                [],           true),
  ('by-group',  'payments', 'descriptor', ['catalog: component:default/by-group'],  [],           true),
  ('two-slugs', 'crew',     'repository', ['sea/two-slugs: property'],              [],           true);

-- expect identity-gaps where subject_id = 'both' and target_type = 'team': status, owner_team, target_name, rule, candidates
values ('conflict', 'payments', 'mappers', 'repository', 'payments');

-- expect dim_teams where team in ('pay', 'payments', 'kid', 'mappers', 'crew', 'sailors'): team, in_catalog, in_github, parent_team, github_teams, n_services, named_by
values
  ('payments', true,  true, null,       ['sea/pay'],     1, ['repositories', 'services']), ('kid',     null, true, 'payments', ['sea/kid'],  0, []),
  ('mappers',  null, true, 'nobody',   ['sea/mappers'], 3, ['repositories', 'services']), ('crew',    null, true, null,       ['bay/crew'], 0, ['repositories']),
  ('sailors',  true,  true, null,       ['sea/crew'],    0, []);

-- expect nothing of dim_service_links where target_type = 'team' and target_id in ('pay', 'payments') and status <> 'linked' and service <> 'torn': service

-- Owned is what a team answers for, whatever tells so. Where one may be named unseen, or several are, nobody can say that none does.
-- expect fct_service_overview where service in ('both', 'hidden', 'torn', 'nobodys', 'pay'): service, team, team_rule, is_owned
values ('both', 'payments', 'codeowners', true), ('hidden', null, null, null), ('torn', null, null, null), ('nobodys', null, null, false), ('pay', 'mappers', 'descriptor', true);

-- expect who-owns where subject_id in ('both', 'hidden', 'torn', 'nobodys'): status, subject_id
values ('owned', 'both'), ('not_visible', 'hidden'), ('disputed', 'torn'), ('unowned', 'nobodys');

-- expect service-coverage where policy_id = 'owned': services, in_order, not_in_order, not_visible
values (15, 12, 1, 2);
set variable "team" = 'payments';

-- What may be theirs for all one knows stays.
-- expect service-overview where status <> 'not_visible': subject_id
values ('both'), ('by-slug'), ('by-group'), ('hidden'), ('torn');
