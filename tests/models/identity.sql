-- What a service is in GitHub, at PagerDuty, in Datadog and on Kubernetes, and which team answers for it: 32 services, case by case and worked out by
-- hand. The name of a service says what its case is about. Built are the days from 2026-11-19 to 2026-11-21.

set variable "from" = cast('2026-11-19' as date);
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column namespace set default 'default';
alter table catalog.services alter column file set default 'catalog-info.yaml';
alter table datadog.service_definitions alter column kind set default 'service';
alter table github.repositories alter column visibility set default 'private';
alter table github.repositories alter column default_branch set default 'main';
alter table github.repository_files alter column kind set default 'codeowners';
alter table github.repository_files alter column path set default 'CODEOWNERS';
alter table github.repository_files alter column content_state set default 'kept';
alter table github.repository_files alter column byte_size set default 100;
alter table github.teams alter column organization set default 'Sea';
alter table github.teams alter column privacy set default 'visible';
alter table opencost.allocations alter column kind set default 'workload';
alter table opencost.allocations alter column hours set default 24;
alter table opencost.allocation_steps alter column state set default 'ok';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

-- Until yesterday sail-new was sail-old, and mast-legacy was mast, which is another one's name now; sunk was there.
insert into github.repositories (date, repository_id, organization, name) values
  ('2026-11-21', 1,  'Sea', 'everywhere'),  ('2026-11-21', 2,  'Sea', 'beam'),        ('2026-11-21', 3,  'Sea', 'beam-old'),   ('2026-11-21', 4,  'Sea', 'rudder'),
  ('2026-11-21', 5,  'Sea', 'helm'),        ('2026-11-21', 6,  'Sea', 'buoys'),       ('2026-11-21', 7,  'Sea', 'buoy-api'),   ('2026-11-21', 8,  'Sea', 'Chart-API'),
  ('2026-11-21', 9,  'Sea', 'chart_api'),   ('2026-11-21', 10, 'Sea', 'chart_web'),   ('2026-11-21', 11, 'Sea', 'gull'),       ('2026-11-21', 12, 'Sea', 'twin'),
  ('2026-11-21', 13, 'Bay', 'twin'),        ('2026-11-20', 14, 'Sea', 'sail-old'),    ('2026-11-21', 14, 'Sea', 'sail-new'),   ('2026-11-20', 15, 'Sea', 'mast'),
  ('2026-11-21', 15, 'Sea', 'mast-legacy'), ('2026-11-21', 16, 'Sea', 'mast'),        ('2026-11-21', 17, 'Sea', 'fleet'),      ('2026-11-20', 18, 'Sea', 'sunk'),
  ('2026-11-21', 19, 'Sea', 'hook'),        ('2026-11-21', 20, 'Sea', 'rope'),        ('2026-11-21', 21, 'Sea', 'anchor'),     ('2026-11-20', 22, 'Sea', 'gone-api'),
  ('2026-11-21', 22, 'Sea', 'gone-api'),    ('2026-11-21', 23, 'Sea', 'nobodys'),     ('2026-11-21', 24, 'Sea', 'keel');
update github.repositories set full_name = organization || '/' || name;

insert into catalog.services (date, entity_ref, name, owner_ref, github_slug, repository, pagerduty_service_id, datadog_service) values
  ('2026-11-21', 'component:default/everywhere',      'everywhere',      'group:default/lamp',    'sea/everywhere',  'Sea/everywhere', 'P1',   'every_where'),
  ('2026-11-21', 'component:default/annotated',       'annotated',       'group:default/lamp',    'sea/beam',        'Sea/catalog',    'P7',   null),
  ('2026-11-21', 'component:default/described',       'described',       'group:default/lamp',    'Sea/rudder',      'Sea/rudder',     'P7',   null),
  ('2026-11-21', 'component:default/buoy-api',        'buoy-api',        'group:default/lamp',    null,              null,             null,   null),
  ('2026-11-21', 'component:default/chart-api',       'chart-api',       'group:default/lamp',    null,              null,             null,   null),
  ('2026-11-21', 'component:default/chart-web',       'chart-web',       'group:default/lamp',    null,              null,             null,   null),
  ('2026-11-21', 'component:default/gull',            'gull',            'group:default/lamp',    null,              null,             null,   null),
  ('2026-11-21', 'component:default/twin',            'twin',            'group:default/lamp',    null,              null,             null,   null),
  ('2026-11-21', 'component:default/renamed',         'renamed',         'group:default/lamp',    'sea/sail-old',    null,             null,   null),
  ('2026-11-21', 'component:default/name-reused',     'name-reused',     'group:default/lamp',    'sea/mast',        null,             null,   null),
  ('2026-11-21', 'component:default/outside',         'outside',         'group:default/lamp',    'elsewhere/thing', null,             null,   null),
  ('2026-11-21', 'component:default/repository-gone', 'repository-gone', 'group:default/lamp',    'sea/sunk',        null,             null,   null),
  ('2026-11-21', 'component:default/misspelt',        'misspelt',        'group:default/lamp',    'sea/typo',        null,             'P404', 'mis_spelt'),
  ('2026-11-21', 'component:default/foghorn-api',     'foghorn-api',     'group:default/lamp',    null,              null,             null,   null),
  ('2026-11-21', 'component:default/bell-api',        'bell-api',        'group:default/lamp',    null,              null,             null,   null),
  ('2026-11-21', 'component:default/bell.api',        'bell.api',        'group:default/lamp',    null,              null,             null,   null),
  ('2026-11-21', 'component:default/person',          'person',          'user:default/p1',       'sea/hook',        null,             null,   null),
  ('2026-11-21', 'component:default/person-only',     'person-only',     'user:default/p1',       'sea/rope',        null,             null,   null),
  ('2026-11-21', 'component:default/dis-pu-ted',      'dis-pu-ted',      null,                    null,              null,             null,   null),
  ('2026-11-21', 'component:default/outvoted',        'outvoted',        'group:default/lamp',    'sea/anchor',      null,             null,   null),
  ('2026-11-21', 'component:default/team-unknown',    'team-unknown',    'group:default/nobody-knows', 'sea/keel',   null,             null,   null),
  ('2026-11-21', 'component:default/un-owned',        'un-owned',        'group:default/tbd',     'sea/keel',        null,             null,   null),
  ('2026-11-21', 'component:default/aliased',         'aliased',         'group:default/lamp',    null,              null,             null,   'other-name'),
  ('2026-11-21', 'component:default/alias-rival',     'alias-rival',     'group:default/lamp',    null,              null,             null,   'other-name'),
  ('2026-11-20', 'component:default/gone-api',        'gone-api',        'group:default/lamp',    'sea/gone-api',    null,             'P8',   null);
insert into catalog.services (date, entity_ref, namespace, name, owner_ref) values ('2026-11-21', 'component:harbour/gull', 'harbour', 'gull', 'group:default/lamp');
insert into catalog.services (date, entity_ref, name, owner_ref, component_type) values ('2026-11-21', 'component:default/tool-kit', 'tool-kit', 'group:default/lamp', 'library');
-- One repository, and the folders that their descriptors stand in: one within the other, and one that is hidden.
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug, repository, file, source_path) values
  ('2026-11-21', 'component:default/pay-api',  'pay-api',  null,                 'Sea/fleet', 'Sea/fleet', 'services/pay/catalog-info.yaml',           'services/pay'),
  ('2026-11-21', 'component:default/pay-jobs', 'pay-jobs', null,                 'Sea/fleet', 'Sea/fleet', 'services/pay/jobs/catalog-info.yaml',      'services/pay/jobs'),
  ('2026-11-21', 'component:default/web-app',  'web-app',  'user:default/p1',    'Sea/fleet', 'Sea/fleet', 'apps/web/.backstage/catalog-info.yaml',    'apps/web/.backstage'),
  ('2026-11-21', 'component:default/elsewhere-in-it', 'elsewhere-in-it', 'group:default/lamp', 'Sea/fleet', 'Sea/fleet', 'catalog-info.yaml',     'tools');

insert into catalog.teams (date, entity_ref, name, github_team) values
  ('2026-11-21', 'group:default/lamp', 'lamp', null), ('2026-11-21', 'group:default/payments', 'payments', 'sea/pay'), ('2026-11-21', 'group:default/idle', 'idle', null);
insert into github.teams (date, team_id, slug, name) values
  ('2026-11-21', 1, 'pay', 'Pay'), ('2026-11-21', 2, 'jobs', 'Jobs'), ('2026-11-21', 3, 'docs', 'Docs'), ('2026-11-21', 4, 'fleet-owners', 'Fleet'), ('2026-11-21', 5, 'hook_crew', 'Hook');
insert into github.team_repositories (date, team_id, repository_id, permission)
  select '2026-11-21', teams.team_id, 17, 'write' from github.teams as teams where teams.team_id < 5;
insert into github.team_repositories (date, team_id, repository_id, permission) values ('2026-11-21', 2, 21, 'write');
insert into github.repository_properties (date, repository_id, property_name, value) values ('2026-11-21', 19, 'team', 'Hook_Crew'), ('2026-11-21', 24, 'team', 'none');
-- Of a folder the last line counts that is about the whole of it: not one for some files, or for what lies directly in a folder, or for a part of it.
insert into github.repository_files (date, repository_id, content) values
  ('2026-11-21', 17, E'* @sea/fleet-owners\n/services/ @sea/pay\n**/jobs/ @sea/jobs\n*.md @sea/docs\n/apps/* @sea/docs\n/apps/web/src/ @sea/docs\npay @p1\n/services/pay @sea/pay\n/services/**/jobs/** @sea/jobs'),
  ('2026-11-21', 21, E'* @sea/jobs');

insert into datadog.service_definitions (date, service, team, pagerduty_url, repository_urls) values
  ('2026-11-21', 'every_where', 'Lamp',     'https://sea.pagerduty.example/service-directory/P1', ['https://github.com/sea/everywhere']),
  ('2026-11-21', 'annotated',   null,       null, ['https://github.com/sea/beam-old']),
  ('2026-11-21', 'described',   null,       null, ['https://github.com/sea/helm']),
  ('2026-11-21', 'buoy-api',    null,       null, ['https://github.com/sea/buoys']),
  ('2026-11-21', 'gull',        null,       null, []),
  ('2026-11-21', 'dis_pu-ted',  'payments', null, ['https://github.com/sea/nobodys']),
  ('2026-11-21', 'dis-pu_ted',  'idle',     null, ['https://github.com/sea/nobodys']),
  ('2026-11-21', 'outvoted',    'payments', null, []),
  ('2026-11-21', 'only-there',  'lamp',     null, []);
insert into datadog.monitors (date, monitor_id, tags) values
  ('2026-11-21', 1, map {'service': 'Foghorn_API'}), ('2026-11-21', 2, map {'service': 'foghorn-api-prod'}), ('2026-11-21', 3, map {'service': 'other-name'}),
  ('2026-11-21', 4, map {'service': 'every_where'});

insert into pagerduty.services (date, service_id, name) values
  ('2026-11-21', 'P1', 'Every Where'), ('2026-11-21', 'P2', 'Foghorn API'), ('2026-11-21', 'P3', 'Bell API'), ('2026-11-21', 'P4', 'Gull'), ('2026-11-21', 'P5', 'Twin'),
  ('2026-11-21', 'P6', 'twin'),        ('2026-11-21', 'P7', 'Shared'),      ('2026-11-21', 'P8', 'Gone API'), ('2026-11-20', 'P9', 'Chart Web');

-- The catalog was not read for the day that pods were: what a label means is what is known now. A name of Datadog is an alias, a point or a capital is none.
insert into opencost.allocation_steps (date, cluster, step_started_at, step_ended_at) values ('2026-11-19', 'deck', '2026-11-19 00:00', '2026-11-20 00:00');
insert into opencost.allocations (date, cluster, step_started_at, step_ended_at, name, node, namespace, pod, container, labels, cpu_cost)
  select '2026-11-19', 'deck', '2026-11-19 00:00', '2026-11-20 00:00', pods.name, 'n1', 'ns', pods.name, 'app', map {'app': pods.name}, 1
  from (values ('everywhere'), ('every_where'), ('Foghorn.API'), ('gull'), ('stranger'), ('PAY-API')) as pods (name);

insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-20', '2026-11-20', 'catalog', 'services', 'services.yaml'),             ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'),
  ('2026-11-21', '2026-11-21', 'catalog', 'teams', 'services.yaml'),                ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog'),
  ('2026-11-21', '2026-11-21', 'datadog', 'monitors', 'datadog'),                   ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty'),
  ('2026-11-20', '2026-11-19', 'opencost', 'allocations', 'deck'),                  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'sea'),
  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'bay'),                    ('2026-11-21', '2026-11-21', 'github', 'repository_properties', 'sea'),
  ('2026-11-21', '2026-11-21', 'github', 'teams', 'sea'),                           ('2026-11-21', '2026-11-21', 'github', 'team_repositories', 'sea');
insert into almanac.outcomes (date, logical_date, source, table_name, parent)
  select date, cast(date as varchar), 'github', 'repository_files', full_name from github.repositories;
update almanac.outcomes set run_id = '01A' || logical_date;

-- Where a service lives. What is said outright goes before a name, the very name before a like one; a former name leads to the repository that had it last.
-- expect int_service_repositories: service, repository_id, full_name, path, rule, confidence
values
  ('everywhere',      1,  'Sea/everywhere', null,                'descriptor',      0.95),
  ('annotated',       2,  'Sea/beam',       null,                'annotation',      1),
  ('described',       4,  'Sea/rudder',     null,                'descriptor',      0.95),
  ('buoy-api',        6,  'Sea/buoys',      null,                'definition',      0.9),
  ('chart-api',       8,  'Sea/Chart-API',  null,                'exact_name',      0.6),
  ('chart-web',       10, 'Sea/chart_web',  null,                'normalised_name', 0.4),
  ('renamed',         14, 'Sea/sail-new',   null,                'annotation',      1),
  ('name-reused',     16, 'Sea/mast',       null,                'annotation',      1),
  ('repository-gone', 18, 'Sea/sunk',       null,                'annotation',      1),
  ('person',          19, 'Sea/hook',       null,                'annotation',      1),
  ('person-only',     20, 'Sea/rope',       null,                'annotation',      1),
  ('dis-pu-ted',      23, 'Sea/nobodys',    null,                'definition',      0.9),
  ('outvoted',        21, 'Sea/anchor',     null,                'annotation',      1),
  ('team-unknown',    24, 'Sea/keel',       null,                'annotation',      1),
  ('un-owned',        24, 'Sea/keel',       null,                'annotation',      1),
  ('pay-api',         17, 'Sea/fleet',      'services/pay',      'descriptor',      0.95),
  ('pay-jobs',        17, 'Sea/fleet',      'services/pay/jobs', 'descriptor',      0.95),
  ('web-app',         17, 'Sea/fleet',      'apps/web',          'descriptor',      0.95),
  ('elsewhere-in-it', 17, 'Sea/fleet',      'tools',             'annotation',      1);

-- expect dim_service_links where target_type = 'repository' and status <> 'linked': service, target_id, target_name, status, is_chosen, rule, candidates
values
  ('annotated',       '3',        'Sea/beam-old', 'conflict',          false, 'definition', ['Sea/beam']),
  ('described',       '5',        'Sea/helm',     'conflict',          false, 'definition', ['Sea/rudder']),
  ('gull',            '11',       'Sea/gull',     'conflict',          false, 'exact_name', ['datadog:gull', 'gull', 'harbour/gull']),
  ('harbour/gull',    '11',       'Sea/gull',     'conflict',          false, 'exact_name', ['datadog:gull', 'gull', 'harbour/gull']),
  ('datadog:gull',    '11',       'Sea/gull',     'conflict',          false, 'exact_name', ['datadog:gull', 'gull', 'harbour/gull']),
  ('twin',            '12',       'Sea/twin',     'conflict',          false, 'exact_name', ['Bay/twin', 'Sea/twin']),
  ('twin',            '13',       'Bay/twin',     'conflict',          false, 'exact_name', ['Bay/twin', 'Sea/twin']),
  ('repository-gone', '18',       'Sea/sunk',     'unmatched_service', true,  'annotation', []),
  ('misspelt',        'sea/typo', 'sea/typo',     'unmatched_service', true,  'annotation', []),
  ('foghorn-api',     '',         null,           'unmatched_service', false, null,         []),
  ('bell-api',        '',         null,           'unmatched_service', false, null,         []),
  ('bell.api',        '',         null,           'unmatched_service', false, null,         []),
  ('aliased',         '',         null,           'unmatched_service', false, null,         []),
  ('alias-rival',     '',         null,           'unmatched_service', false, null,         []),
  ('only-there',      '',         null,           'unmatched_service', false, null,         []),
  ('',                '7',        'Sea/buoy-api', 'unmatched_target',  false, null,         ['buoy-api']),
  ('',                '9',        'Sea/chart_api', 'unmatched_target', false, null,         ['chart-api']),
  ('',                '15',       'Sea/mast-legacy', 'unmatched_target', false, null,       []),
  ('',                '22',       'Sea/gone-api', 'unmatched_target',  false, null,         []);

-- What lies outside of what is read is taken at its word.
-- expect dim_service_links where service = 'outside' and target_type = 'repository': target_id, target_name, status, is_chosen, confidence
values ('elsewhere/thing', 'elsewhere/thing', 'linked', true, 1);

-- expect dim_service_links where target_type = 'pagerduty_service' and target_id <> '': service, target_id, status, is_chosen, rule, candidates
values
  ('everywhere',   'P1',   'linked',            true,  'annotation',      []),
  ('annotated',    'P7',   'linked',            true,  'annotation',      []),
  ('described',    'P7',   'linked',            true,  'annotation',      []),
  ('misspelt',     'P404', 'unmatched_service', true,  'annotation',      []),
  ('foghorn-api',  'P2',   'linked',            true,  'normalised_name', []),
  ('bell-api',     'P3',   'conflict',          false, 'normalised_name', ['bell-api', 'bell.api']),
  ('bell.api',     'P3',   'conflict',          false, 'normalised_name', ['bell-api', 'bell.api']),
  ('gull',         'P4',   'conflict',          false, 'exact_name',      ['datadog:gull', 'gull', 'harbour/gull']),
  ('harbour/gull', 'P4',   'conflict',          false, 'exact_name',      ['datadog:gull', 'gull', 'harbour/gull']),
  ('datadog:gull', 'P4',   'conflict',          false, 'exact_name',      ['datadog:gull', 'gull', 'harbour/gull']),
  ('twin',         'P5',   'conflict',          false, 'exact_name',      ['Twin', 'twin']),
  ('twin',         'P6',   'conflict',          false, 'exact_name',      ['Twin', 'twin']),
  ('',             'P8',   'unmatched_target',  false, null,              []);

-- A name with an environment behind it is another name. One that two components say is theirs is nobody's.
-- expect dim_service_links where target_type = 'datadog_service' and target_id <> '': service, target_id, status, is_chosen, rule, candidates
values
  ('everywhere',   'every_where',      'linked',            true,  'annotation',      []),
  ('annotated',    'annotated',        'linked',            true,  'exact_name',      []),
  ('described',    'described',        'linked',            true,  'exact_name',      []),
  ('buoy-api',     'buoy-api',         'linked',            true,  'exact_name',      []),
  ('gull',         'gull',             'conflict',          false, 'exact_name',      ['gull', 'harbour/gull']),
  ('harbour/gull', 'gull',             'conflict',          false, 'exact_name',      ['gull', 'harbour/gull']),
  ('datadog:gull', 'gull',             'linked',            true,  'definition',      []),
  ('misspelt',     'mis_spelt',        'unmatched_service', true,  'annotation',      []),
  ('foghorn-api',  'foghorn_api',      'linked',            false, 'normalised_name', []),
  ('dis-pu-ted',   'dis-pu_ted',       'linked',            true,  'normalised_name', []),
  ('dis-pu-ted',   'dis_pu-ted',       'linked',            false, 'normalised_name', []),
  ('outvoted',     'outvoted',         'linked',            true,  'exact_name',      []),
  ('aliased',      'other-name',       'conflict',          false, 'annotation',      ['alias-rival', 'aliased']),
  ('alias-rival',  'other-name',       'conflict',          false, 'annotation',      ['alias-rival', 'aliased']),
  ('only-there',   'only-there',       'linked',            true,  'definition',      []),
  ('',             'foghorn-api-prod', 'unmatched_target',  false, null,              []);

-- expect dim_service_links where target_type = 'kubernetes_label' and target_id <> '': service, target_id, status, is_chosen, rule, candidates
values
  ('everywhere',   'everywhere',  'linked',           true,  'exact_name',      []),
  ('everywhere',   'every_where', 'linked',           true,  'exact_name',      []),
  ('foghorn-api',  'foghorn.api', 'linked',           true,  'normalised_name', []),
  ('pay-api',      'pay-api',     'linked',           true,  'exact_name',      []),
  ('gull',         'gull',        'conflict',         false, 'exact_name',      ['datadog:gull', 'gull', 'harbour/gull']),
  ('harbour/gull', 'gull',        'conflict',         false, 'exact_name',      ['datadog:gull', 'gull', 'harbour/gull']),
  ('datadog:gull', 'gull',        'conflict',         false, 'exact_name',      ['datadog:gull', 'gull', 'harbour/gull']),
  ('',             'stranger',    'unmatched_target', false, null,              []);

-- expect dim_service_links where target_type = 'component' and status <> 'linked': service, target_id, status, rule, candidates
values
  ('datadog:gull', 'component:default/gull', 'conflict',          'exact_name', ['gull', 'harbour/gull']),
  ('datadog:gull', 'component:harbour/gull', 'conflict',          'exact_name', ['gull', 'harbour/gull']),
  ('only-there',   '',                       'unmatched_service', null,         []);

-- Nothing that runs is without a word on each kind of partner, and what does not run lacks none.
-- expect dim_service_links where service = 'tool-kit' or (service = 'chart-web' and status <> 'linked'): service, target_type, status, as_of_date
values
  ('tool-kit', 'component', 'linked', '2026-11-21'), ('tool-kit', 'team', 'linked', '2026-11-21'),
  ('chart-web', 'pagerduty_service', 'unmatched_service', '2026-11-21'), ('chart-web', 'datadog_service', 'unmatched_service', '2026-11-21'),
  ('chart-web', 'kubernetes_label', 'unmatched_service', '2026-11-19');

-- Who answers: the catalog before Datadog, that before CODEOWNERS, and that before what else the repository says; a person is no team, a word for nobody is none.
-- expect dim_services where accountable_team is distinct from 'lamp': service, team, accountable_team, accountable_rule, accountable_confidence
values
  ('person',       null,           'hook-crew',    'repository', 0.7),
  ('person-only',  null,           null,           null,         null),
  ('dis-pu-ted',   'idle',         null,           null,         null),
  ('team-unknown', 'nobody-knows', 'nobody-knows', 'descriptor', 0.95),
  ('un-owned',     null,           null,           null,         null),
  ('pay-api',      null,           'payments',     'codeowners', 0.8),
  ('pay-jobs',     null,           'jobs',         'codeowners', 0.8),
  ('web-app',      null,           'fleet-owners', 'codeowners', 0.8),
  ('datadog:gull', null,           null,           null,         null);

-- expect dim_service_links where target_type = 'team' and status <> 'linked': service, target_id, status, is_chosen, rule, candidates
values
  ('dis-pu-ted',      'payments',     'conflict',          false, 'definition', ['idle', 'payments']),
  ('dis-pu-ted',      'idle',         'conflict',          false, 'definition', ['idle', 'payments']),
  ('outvoted',        'payments',     'conflict',          false, 'definition', ['lamp']),
  ('outvoted',        'jobs',         'conflict',          false, 'codeowners', ['lamp']),
  ('elsewhere-in-it', 'fleet-owners', 'conflict',          false, 'codeowners', ['lamp']),
  ('team-unknown',    'nobody-knows', 'unmatched_service', true,  'descriptor', []),
  ('person-only',     '',             'unmatched_service', false, null,         []),
  ('un-owned',        '',             'unmatched_service', false, null,         []),
  ('datadog:gull',    '',             'unmatched_service', false, null,         []),
  ('',                'docs',         'unmatched_target',  false, null,         []);

-- expect fct_service_owners where service in ('everywhere', 'outvoted', 'pay-jobs', 'person'): service, team, rule, said_by, is_accountable
values
  ('everywhere', 'lamp',      'descriptor', ['catalog: component:default/everywhere', 'datadog: every_where'], true),
  ('outvoted',   'lamp',      'descriptor', ['catalog: component:default/outvoted'], true),
  ('outvoted',   'payments',  'definition', ['datadog: outvoted'], false),
  ('outvoted',   'jobs',      'codeowners', ['CODEOWNERS'], false),
  ('pay-jobs',   'jobs',      'codeowners', ['CODEOWNERS: 9'], true),
  ('person',     'hook-crew', 'repository', ['Sea/hook: property'], true);

-- expect identity-gaps where subject_id in ('outvoted', 'Sea/mast-legacy', 'stranger', 'misspelt') and status <> 'not_visible': status, target_type, subject_id, owner_team, target_name, rule, confidence, candidates, source_completeness
values
  ('conflict',          'team',              'outvoted',        'lamp', 'payments',  'definition', 0.9,  'lamp', 'complete'),
  ('conflict',          'team',              'outvoted',        'lamp', 'jobs',      'codeowners', 0.8,  'lamp', 'complete'),
  ('unmatched_service', 'pagerduty_service', 'outvoted',        'lamp', null,        null,         null, null,   'complete'),
  ('unmatched_service', 'kubernetes_label',  'outvoted',        'lamp', null,        null,         null, null,   'complete'),
  ('unmatched_service', 'repository',        'misspelt',        'lamp', 'sea/typo',  'annotation', 1,    null,   'complete'),
  ('unmatched_service', 'pagerduty_service', 'misspelt',        'lamp', 'P404',      'annotation', 1,    null,   'complete'),
  ('unmatched_service', 'datadog_service',   'misspelt',        'lamp', 'mis_spelt', 'annotation', 1,    null,   'complete'),
  ('unmatched_service', 'kubernetes_label',  'misspelt',        'lamp', null,        null,         null, null,   'complete'),
  ('unmatched_target',  'repository',        'Sea/mast-legacy', null,   null,        null,         null, null,   'complete'),
  ('unmatched_target',  'kubernetes_label',  'stranger',        null,   null,        null,         null, null,   'complete');

-- Everything was read that was asked for.
-- expect nothing of identity-gaps where status = 'not_visible': subject_id

-- expect who-owns where subject_id in ('everywhere', 'dis-pu-ted', 'person-only', 'pay-jobs', 'team-unknown'): status, subject_id, owner_team, owner_rule, owner_confidence, other_teams, is_described, repository, path, pagerduty_service, datadog_service, kubernetes_labels
values
  ('owned',    'everywhere',   'lamp',         'descriptor', 0.95, null,             true,  'Sea/everywhere', null,                'Every Where', 'every_where', 'every_where, everywhere'),
  ('disputed', 'dis-pu-ted',   null,           null,         null, 'idle, payments', null,  'Sea/nobodys',    null,                null,          'dis-pu_ted',  null),
  ('unowned',  'person-only',  null,           null,         null, null,             null,  'Sea/rope',       null,                null,          null,          null),
  ('owned',    'pay-jobs',     'jobs',         'codeowners', 0.8,  null,             true,  'Sea/fleet',      'services/pay/jobs', null,          null,          null),
  ('owned',    'team-unknown', 'nobody-knows', 'descriptor', 0.95, null,             false, 'Sea/keel',       null,                null,          null,          null);

-- expect nothing of dim_services where service = 'gone-api': service

-- expect nothing of who-owns where subject_type <> 'service': subject_id
