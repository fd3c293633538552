-- What is told of links when sources could not be read: that a partner is not known, and never that there is none. Worked out by hand. The dates built are
-- 2026-11-20 and 2026-11-21.

alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table github.repositories alter column organization set default 'sea';
alter table github.repositories alter column visibility set default 'private';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

-- Repositories broke off, PagerDuty and the definitions of Datadog refused, and nothing was ever asked of clusters.
insert into almanac.outcomes (date, logical_date, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml', 'ok'),    ('2026-11-21', '2026-11-21', 'catalog', 'teams', 'services.yaml', 'ok'),
  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'sea', 'truncated'),    ('2026-11-21', '2026-11-21', 'github', 'teams', 'sea', 'forbidden'),
  ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog', 'forbidden'), ('2026-11-21', '2026-11-21', 'datadog', 'monitors', 'datadog', 'ok'),
  ('2026-11-20', '2026-11-20', 'pagerduty', 'services', 'pagerduty', 'ok'),      ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty', 'truncated');
insert into almanac.outcomes (date, logical_date, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', 'github', 'repository_files', 'sea/other', 'ok'), ('2026-11-21', '2026-11-21', 'github', 'repository_properties', 'sea', 'ok');
update almanac.outcomes set run_id = '01A' || logical_date;

insert into catalog.services (date, entity_ref, name, owner_ref, github_slug, pagerduty_service_id) values
  ('2026-11-21', 'component:default/told',   'told',   'group:default/keepers', 'sea/told', 'P1'),
  ('2026-11-21', 'component:default/silent', 'silent', null,                    null,       null),
  ('2026-11-21', 'component:default/named',  'named',  'group:default/strangers', null,     null);
-- What CODEOWNERS says of its folder names a team, and teams were not read: what the repository says of the whole is not taken for it.
insert into catalog.services (date, entity_ref, name, github_slug, repository, file, source_path) values
  ('2026-11-21', 'component:default/folder', 'folder', 'sea/other', 'sea/other', 'a/catalog-info.yaml', 'a');
insert into catalog.teams (date, entity_ref, name) values ('2026-11-21', 'group:default/keepers', 'keepers'), ('2026-11-21', 'group:default/idle', 'idle');
insert into github.repositories (date, repository_id, name, full_name) values ('2026-11-21', 1, 'other', 'sea/other'), ('2026-11-20', 2, 'unseen', 'sea/unseen');
insert into github.repository_properties (date, repository_id, property_name, value) values ('2026-11-21', 1, 'team', 'keepers');
insert into github.repository_files (date, repository_id, kind, path, content_state, content) values ('2026-11-21', 1, 'codeowners', 'CODEOWNERS', 'kept', E'* @sea/keepers');
insert into datadog.monitors (date, monitor_id, tags) values ('2026-11-21', 1, map {'service': 'stranger'});
insert into pagerduty.services (date, service_id, name) values ('2026-11-20', 'P1', 'Told'), ('2026-11-21', 'P2', 'Odd');

-- expect dim_service_links where service <> '': service, target_type, target_id, status, is_chosen, as_of_date
values
  ('told',   'component',         'component:default/told',   'linked',  true,  '2026-11-21'),
  ('told',   'repository',        'sea/told',                 'linked',  true,  '2026-11-21'),
  ('told',   'team',              'keepers',                  'linked',  true,  '2026-11-21'),
  ('told',   'pagerduty_service', 'P1',                       'linked',  true,  '2026-11-21'),
  ('told',   'datadog_service',   '',                         'unknown', false, '2026-11-21'),
  ('told',   'kubernetes_label',  '',                         'unknown', false, null),
  ('silent', 'component',         'component:default/silent', 'linked',  true,  '2026-11-21'),
  ('silent', 'repository',        '',                         'unknown', false, '2026-11-21'),
  ('silent', 'team',              '',                         'unknown', false, '2026-11-21'),
  ('silent', 'pagerduty_service', '',                         'unknown', false, '2026-11-21'),
  ('silent', 'datadog_service',   '',                         'unknown', false, '2026-11-21'),
  ('silent', 'kubernetes_label',  '',                         'unknown', false, null),
  ('named',  'component',         'component:default/named',  'linked',  true,  '2026-11-21'),
  ('named',  'repository',        '',                         'unknown', false, '2026-11-21'),
  ('named',  'team',              'strangers',                'linked',  true,  '2026-11-21'),
  ('named',  'pagerduty_service', '',                         'unknown', false, '2026-11-21'),
  ('named',  'datadog_service',   '',                         'unknown', false, '2026-11-21'),
  ('named',  'kubernetes_label',  '',                         'unknown', false, null),
  ('folder', 'component',         'component:default/folder', 'linked',  true,  '2026-11-21'),
  ('folder', 'repository',        '1',                        'linked',  true,  '2026-11-21'),
  ('folder', 'team',              '',                         'unknown', false, '2026-11-21'),
  ('folder', 'pagerduty_service', '',                         'unknown', false, '2026-11-21'),
  ('folder', 'datadog_service',   '',                         'unknown', false, '2026-11-21'),
  ('folder', 'kubernetes_label',  '',                         'unknown', false, null);

-- A definition that was not read may name any of these.
-- expect dim_service_links where service = '': target_type, target_id, status
values
  ('repository', '2', 'unknown'), ('team', 'idle', 'unknown'), ('pagerduty_service', 'P2', 'unknown'), ('datadog_service', 'stranger', 'unknown');

-- expect identity-gaps where status <> 'not_visible' or subject_type = 'source': status, subject_id, source_completeness
values
  ('not_visible', 'datadog.service_definitions', 'none'), ('not_visible', 'github.repositories', 'none'), ('not_visible', 'github.teams', 'none'),
  ('not_visible', 'pagerduty.services', 'none'),          ('not_visible', 'opencost.allocations', 'none');

-- expect who-owns: status, subject_id, owner_team, is_described, subject_type
values
  ('owned', 'told', 'keepers', true, 'service'), ('not_visible', 'folder', null, null, 'service'), ('not_visible', 'silent', null, null, 'service'), ('owned', 'named', 'strangers', null, 'service'),
  ('not_visible', 'datadog.service_definitions', null, null, 'source');
