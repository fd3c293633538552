-- Which services and teams there are, and which names stand for the same one, case by case and worked out by hand. The dates built are
-- 2026-11-20 and 2026-11-21.

alter table catalog.services alter column file set default 'catalog/services.yaml';
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column namespace set default 'default';
alter table datadog.service_definitions alter column kind set default 'service';
alter table github.teams alter column organization set default 'works';
alter table github.teams alter column privacy set default 'visible';
alter table github.repositories alter column visibility set default 'private';
alter table almanac.outcomes alter column source set default 'catalog';
alter table almanac.outcomes alter column table_name set default 'services';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into catalog.services (date, entity_ref, name, owner_ref, datadog_service, labels, pagerduty_service_id) values
  ('2026-11-21', 'component:default/pay-lamp', 'pay-lamp', 'group:default/Payments_Team', 'lamp_pay',  map {'pci-scope': 'in-scope'}, 'P1'),
  ('2026-11-21', 'component:default/fog-horn', 'fog-horn', 'user:default/p1',             null,        map {},                        null),
  ('2026-11-21', 'component:default/tide',     'tide',     'group:harbour/keepers',       'tides-api', map {'pci_scope': 'maybe'},    null),
  ('2026-11-21', 'component:default/gull',     'gull',     'group:default/payments-team', null,        map {},                        null);
insert into catalog.services (date, entity_ref, namespace, name, owner_ref) values ('2026-11-21', 'component:harbour/gull', 'harbour', 'gull', 'user:default/p2');
insert into catalog.services (date, entity_ref, name, owner_ref, component_type, labels) values
  ('2026-11-21', 'component:default/kit', 'kit', 'group:default/payments-team', 'Library', map {'pci-scope': 'Out-Of-Scope'});
-- Nobody's: only a word stands where an owner has to. What the catalog calls a library, and Datadog a service, runs.
insert into catalog.services (date, entity_ref, name, owner_ref, component_type, tier) values
  ('2026-11-21', 'component:default/buoy', 'buoy', 'group:default/Unknown', 'service', 'Tier 1'), ('2026-11-21', 'component:default/winch', 'winch', 'group:unowned', 'library', null);
-- Seen a day ago: gone; in a document that is not valid now; in a repository whose files could not be read now; in a repository of a like name.
insert into catalog.services (date, entity_ref, name, owner_ref, file, repository) values
  ('2026-11-20', 'component:default/gone',   'gone',   'group:default/payments-team', 'catalog/services.yaml', null),
  ('2026-11-20', 'component:default/broken', 'broken', 'group:default/payments-team', 'catalog-info.yaml',     'Works/broken'),
  ('2026-11-20', 'component:default/unread', 'unread', 'group:default/payments-team', 'catalog-info.yaml',     'works/unread'),
  ('2026-11-20', 'component:default/like',   'like',   'group:default/payments-team', 'catalog-info.yaml',     'works/broke');
insert into catalog.teams (date, entity_ref, name, title, parent_ref, github_team, member_keys) values
  ('2026-11-21', 'group:default/payments_team', 'payments_team', 'Payments',  'group:default/everyone', 'Works/payers', ['p1']),
  ('2026-11-21', 'group:harbour/keepers',       'keepers',       null,        null,                     null,           ['p4', 'p4']),
  ('2026-11-21', 'group:default/everyone',      'everyone',      'All hands', null,                     null,           []),
  ('2026-11-20', 'group:default/dissolved',     'dissolved',     null,        null,                     null,           []);

insert into datadog.service_definitions (date, service, team, tier, pagerduty_url, tags, repository_urls) values
  ('2026-11-21', 'lamp_pay',  null,           'gold', null,                                                     map {},                        ['https://github.com/works/pay-lamp.git', 'https://github.com/Works/pay-lamp/tree/main/api']),
  ('2026-11-21', 'fog_horn',  'Fog Crew',     null,   null,                                                     map {},                        ['https://github.com/works/fog', 'https://github.com/works/horn']),
  ('2026-11-21', 'tides-api', null,           null,   null,                                                     map {},                        []),
  ('2026-11-21', 'tide',      null,           '2',    'https://works.pagerduty.com/service-directory/P5',       map {},                        []),
  ('2026-11-21', 'gull',      null,           null,   null,                                                     map {},                        []),
  ('2026-11-21', 'only-here', null,           null,   null,                                                     map {},                        []),
  ('2026-11-20', 'old-one',   null,           null,   null,                                                     map {},                        []);
insert into datadog.service_definitions (date, service, team, tier) values ('2026-11-21', 'buoy', 'TBD', '2'), ('2026-11-21', 'winch', 'Bell_Ringers', 'tier-3');
insert into datadog.service_definitions (date, service, kind, team, tags) values ('2026-11-21', 'ship', 'datastore', null, map {'team': 'Bell_Ringers', 'pci': ''});

insert into pagerduty.services (date, service_id, name) values
  ('2026-11-21', 'P1', 'Pay Lamp'), ('2026-11-21', 'P7', 'Ship'), ('2026-11-21', 'P8', 'Fog Horn'), ('2026-11-21', 'P9', 'fog-horn'), ('2026-11-20', 'P0', 'Only here');

insert into datadog.monitors (date, monitor_id, tags) values
  ('2026-11-21', 1, map {'team': 'tag team', 'service': 'only_here'}), ('2026-11-21', 2, map {'service': 'TIDE,stranger'}), ('2026-11-20', 3, map {'team': 'yesterday'});
insert into github.teams (date, team_id, organization, slug, name, members, parent_slug) values
  ('2026-11-21', 1, 'works', 'payers',   'Payers',   3, null), ('2026-11-21', 2, 'works', 'keepers', 'Keepers', 2, 'everyone'),
  ('2026-11-21', 3, 'works', 'everyone', 'Everyone', 2, null), ('2026-11-21', 4, 'annex', 'payers',  'Payers',  4, null),
  ('2026-11-21', 5, 'annex', 'everyone', 'Everyone', 2, null), ('2026-11-20', 6, 'works', 'left',    'Left',    2, null);
insert into github.team_members (date, team_id, member_key) values ('2026-11-21', 3, 'p1'), ('2026-11-21', 3, 'p2'), ('2026-11-21', 5, 'p2'), ('2026-11-21', 5, 'p3');
insert into github.repositories (date, repository_id, organization, name, full_name) values ('2026-11-21', 1, 'works', 'pay-lamp', 'works/pay-lamp');
insert into github.repository_properties (date, repository_id, property_name, value) values ('2026-11-21', 1, 'team', 'Repo Owners');

insert into almanac.outcomes (date, logical_date, parent) values ('2026-11-20', '2026-11-20', 'catalog/services.yaml'), ('2026-11-21', '2026-11-21', 'catalog/services.yaml');
insert into almanac.outcomes (date, logical_date, parent, status) values ('2026-11-21', '2026-11-21', 'Works/broken/catalog-info.yaml', 'truncated'), ('2026-11-21', '2026-11-21', 'Works/broken/catalog-info.yaml:3', 'error');
insert into almanac.outcomes (date, logical_date, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', 'github', 'repository_files', 'works/unread', 'error'),        ('2026-11-21', '2026-11-21', 'github', 'repositories', 'works', 'ok'),
  ('2026-11-21', '2026-11-21', 'github', 'teams', 'works', 'ok'),                             ('2026-11-21', '2026-11-21', 'github', 'teams', 'annex', 'ok'),
  ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog', 'ok'),            ('2026-11-21', '2026-11-21', 'datadog', 'monitors', 'datadog', 'ok'),
  ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty', 'ok');
update almanac.outcomes set run_id = '01A' || logical_date;

-- What a component's document does not say may stand in one that could not be read: whether nobody owns only-here is not known.
-- expect dim_services: service, source, entity_ref, datadog_service, datadog_services, match_rule, candidates, team, owner_source, owner_kind, is_owned
values
  ('pay-lamp',     'both',    'component:default/pay-lamp', 'lamp_pay',  ['lamp_pay'],          'annotation',      [],                       'payments-team',   'catalog', 'group', true),
  ('fog-horn',     'both',    'component:default/fog-horn', 'fog_horn',  ['fog_horn'],          'normalised_name', [],                       'fog-crew',        'datadog', 'user',  true),
  ('tide',         'both',    'component:default/tide',     'tides-api', ['tides-api', 'tide'], 'annotation',      [],                       'harbour/keepers', 'catalog', 'group', true),
  ('gull',         'catalog', 'component:default/gull',     null,        [],                    null,              [],                       'payments-team',   'catalog', 'group', true),
  ('harbour/gull', 'catalog', 'component:harbour/gull',     null,        [],                    null,              [],                       null,              null,      'user',  false),
  ('datadog:gull', 'datadog', null,                         'gull',      ['gull'],              'ambiguous',       ['gull', 'harbour/gull'], null,              null,      null,    null),
  ('buoy',         'both',    'component:default/buoy',     'buoy',      ['buoy'],              'name',            [],                       null,              null,      null,    false),
  ('winch',        'both',    'component:default/winch',    'winch',     ['winch'],             'name',            [],                       'bell-ringers',    'datadog', null,    true),
  ('kit',          'catalog', 'component:default/kit',      null,        [],                    null,              [],                       'payments-team',   'catalog', 'group', true),
  ('broken',       'catalog', 'component:default/broken',   null,        [],                    null,              [],                       'payments-team',   'catalog', 'group', true),
  ('unread',       'catalog', 'component:default/unread',   null,        [],                    null,              [],                       'payments-team',   'catalog', 'group', true),
  ('only-here',    'datadog', null,                         'only-here', ['only-here'],         null,              [],                       null,              null,      null,    null),
  ('ship',         'datadog', null,                         'ship',      ['ship'],              null,              [],                       'bell-ringers',    'datadog', null,    true);

-- A repository has the name that GitHub gives it. Two services at PagerDuty are called like fog-horn, and one of them has that very name.
-- expect dim_services: service, is_running, tier, is_pci_scope, repository, pagerduty_service_id, pagerduty_rule, is_present, last_seen_on
values
  ('pay-lamp',     true,  'gold', true,  'works/pay-lamp', 'P1', 'catalog', true, '2026-11-21'),
  ('fog-horn',     true,  null,   null,  null,             'P9', 'name',    true, '2026-11-21'),
  ('tide',         true,  '2',    null,  null,             'P5', 'datadog', true, '2026-11-21'),
  ('gull',         true,  null,   null,  null,             null, null,      true, '2026-11-21'),
  ('harbour/gull', true,  null,   null,  null,             null, null,      true, '2026-11-21'),
  ('datadog:gull', true,  null,   null,  null,             null, null,      true, '2026-11-21'),
  ('buoy',         true,  '1',    null,  null,             null, null,      true, '2026-11-21'),
  ('winch',        true,  '3',    null,  null,             null, null,      true, '2026-11-21'),
  ('kit',          false, null,   false, null,             null, null,      true, '2026-11-21'),
  ('broken',       true,  null,   null,  null,             null, null,      null, '2026-11-20'),
  ('unread',       true,  null,   null,  null,             null, null,      null, '2026-11-20'),
  ('only-here',    true,  null,   null,  null,             null, null,      true, '2026-11-21'),
  ('ship',         true,  null,   true,  null,             'P7', 'name',    true, '2026-11-21');

-- A tag that is nobody's name stands for nothing; one that differs by an underscore stands for the definition.
-- expect int_datadog_service_names where not is_defined: name, service, match_rule
values ('only_here', 'only-here', 'none'), ('stranger', null, 'none');

-- expect dim_teams: team, title, in_catalog, in_github, is_described, parent_team, github_teams, n_members, n_services, n_running_services, named_by
values
  ('payments-team',   'Payments',  true, true,  true, 'everyone', ['works/payers'],                     3,    5, 4, ['services']),
  ('harbour/keepers', null,        true, false, true, null,       [],                                   1,    1, 1, ['services']),
  ('everyone',        'All hands', true, true,  true, null,       ['annex/everyone', 'works/everyone'], 3,    0, 0, []),
  ('keepers',         'Keepers',   null, true,  true, 'everyone', ['works/keepers'],                    2,    0, 0, []),
  ('payers',          'Payers',    null, true,  true, null,       ['annex/payers'],                     4,    0, 0, []),
  ('fog-crew',        null,        null, false, null, null,       [],                                   null, 1, 1, ['services']),
  ('bell-ringers',    null,        null, false, null, null,       [],                                   null, 2, 2, ['services']),
  ('tag-team',        null,        null, false, null, null,       [],                                   null, 0, 0, ['monitors']),
  ('repo-owners',     null,        null, false, null, null,       [],                                   null, 0, 0, ['repositories']);
