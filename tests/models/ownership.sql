-- Who owns repositories, case by case and worked out by hand from GitHub's rules of CODEOWNERS: the name of a repository is its case.
-- Texts are as the collector keeps them: people as pseudonyms, comments left out. The dates built are 2026-11-20 and 2026-11-21.

alter table github.repositories alter column organization set default 'clockwork-lighthouse';
alter table github.repositories alter column visibility set default 'private';
alter table github.repositories alter column default_branch set default 'main';
alter table github.repository_files alter column kind set default 'codeowners';
alter table github.repository_files alter column path set default '.github/CODEOWNERS';
alter table github.repository_files alter column content_state set default 'kept';
alter table github.repository_files alter column byte_size set default 100;
alter table github.teams alter column organization set default 'Clockwork-Lighthouse';
alter table github.teams alter column privacy set default 'visible';
alter table almanac.outcomes alter column source set default 'github';

insert into github.repositories (date, repository_id, name) values
  ('2026-11-21', 1, 'valid'),       ('2026-11-21', 2, 'nowhere'),      ('2026-11-21', 3, 'two-places'),  ('2026-11-21', 4, 'in-docs'),
  ('2026-11-21', 5, 'too-large'),   ('2026-11-21', 6, 'large-for-us'), ('2026-11-21', 7, 'unread'),      ('2026-11-21', 8, 'root-unread'),
  ('2026-11-21', 9, 'teams-wrong'), ('2026-11-21', 10, 'left-person'), ('2026-11-21', 11, 'syntax'),     ('2026-11-21', 12, 'last-wins'),
  ('2026-11-21', 13, 'taken-away'), ('2026-11-21', 14, 'one-admin'),   ('2026-11-21', 15, 'secret-team'), ('2026-11-21', 16, 'property'),
  ('2026-11-20', 18, 'mended'),     ('2026-11-21', 18, 'mended'),      ('2026-11-20', 19, 'breaks'),     ('2026-11-21', 19, 'breaks'),
  ('2026-11-21', 20, 'empty'),      ('2026-11-21', 21, 'escaped'),     ('2026-11-21', 22, 'cut-in-github');
insert into github.repositories (date, repository_id, name, organization) values ('2026-11-21', 17, 'teams-unread', 'Clockwork-Annex'), ('2026-11-21', 23, 'told-by-github', 'Clockwork-Annex');
update github.repositories set full_name = organization || '/' || name;

insert into github.repository_properties (date, repository_id, property_name, value) values ('2026-11-21', 16, 'team', 'lamp');

insert into almanac.outcomes (date, logical_date, table_name, parent, status)
  select date, cast(date as varchar), 'repository_files', full_name, case when name in ('unread', 'root-unread', 'cut-in-github') then 'error' else 'ok' end
  from github.repositories;
insert into almanac.outcomes (date, logical_date, table_name, parent, status)
  select distinct date, cast(date as varchar), tables.name, 'clockwork-lighthouse', 'ok'
  from github.repositories cross join (values ('repositories'), ('repository_properties'), ('teams'), ('team_repositories')) as tables (name);
insert into almanac.outcomes (date, logical_date, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-annex', 'ok'), ('2026-11-21', '2026-11-21', 'repository_properties', 'clockwork-annex', 'ok'),
  ('2026-11-21', '2026-11-21', 'teams', 'clockwork-annex', 'forbidden');
update almanac.outcomes set run_id = '01A' || logical_date;

insert into github.teams (date, team_id, slug) values ('2026-11-20', 1, 'lamp'), ('2026-11-21', 1, 'lamp'), ('2026-11-21', 2, 'gears'), ('2026-11-21', 3, 'auditors');
insert into github.teams (date, team_id, slug, privacy) values ('2026-11-21', 4, 'whisper', 'secret');
insert into github.team_repositories (date, team_id, repository_id, permission)
  select date, 1, repository_id, 'write' from github.repositories where repository_id not in (2, 14, 15, 16, 17, 20, 23);
insert into github.team_repositories (date, team_id, repository_id, permission) values
  ('2026-11-21', 3, 9, 'triage'), ('2026-11-21', 4, 9, 'write'), ('2026-11-21', 2, 14, 'admin'), ('2026-11-21', 3, 14, 'write'), ('2026-11-21', 4, 15, 'admin'),
  ('2026-11-21', 3, 2, 'read');

insert into github.repository_files (date, repository_id, path, content, codeowners_errors) values
  ('2026-11-21', 1,  '.github/CODEOWNERS', E'\n* @Clockwork-Lighthouse/lamp\n*.md @p1 email:p2\n', []),
  ('2026-11-21', 3,  'CODEOWNERS',         E'* @clockwork-lighthouse/nobody\n', []),
  ('2026-11-21', 3,  '.github/CODEOWNERS', E'* @clockwork-lighthouse/lamp\r\n', []),
  ('2026-11-21', 4,  'docs/CODEOWNERS',    E'* @clockwork-lighthouse/lamp', []),
  ('2026-11-21', 8,  'CODEOWNERS',         E'* @clockwork-lighthouse/lamp', []),
  ('2026-11-21', 22, '.github/CODEOWNERS', E'* @clockwork-lighthouse/lamp', []),
  ('2026-11-21', 9,  '.github/CODEOWNERS', E'* @clockwork-lighthouse/nobody\n/a @clockwork-lighthouse/gears\n/b @clockwork-lighthouse/auditors\n/c @clockwork-lighthouse/whisper\n/d @elsewhere/lamp @p1', ['1:Unknown owner', '2:Unknown owner', '3:Unknown owner', '4:Unknown owner', '5:Unknown owner']),
  ('2026-11-21', 10, '.github/CODEOWNERS', E'* @p9\n/docs/ @clockwork-lighthouse/lamp', ['1:Unknown owner']),
  ('2026-11-21', 11, '.github/CODEOWNERS', E'[Lamps] @clockwork-lighthouse/lamp\n!/vendor/ @clockwork-lighthouse/lamp\n*.kt p3\n/docs/[a- @clockwork-lighthouse/lamp\n*.md @clockwork-lighthouse/lamp', ['1:Invalid pattern', '2:Invalid pattern', '3:Invalid owner', '4:Invalid pattern']),
  ('2026-11-21', 12, '.github/CODEOWNERS', E'* @clockwork-lighthouse/auditors\n** @clockwork-lighthouse/lamp\n/src @p1', ['1:Unknown owner']),
  ('2026-11-21', 13, '.github/CODEOWNERS', E'* @clockwork-lighthouse/lamp\n*', []),
  ('2026-11-21', 17, '.github/CODEOWNERS', E'* @clockwork-annex/lamp', []),
  ('2026-11-21', 23, '.github/CODEOWNERS', E'* @clockwork-annex/lamp', ['1:Unknown owner']),
  ('2026-11-20', 18, '.github/CODEOWNERS', E'* @clockwork-lighthouse/nobody', ['1:Unknown owner']),
  ('2026-11-21', 18, '.github/CODEOWNERS', E'* @clockwork-lighthouse/lamp', []),
  ('2026-11-20', 19, '.github/CODEOWNERS', E'* @clockwork-lighthouse/nobody', ['1:Unknown owner']),
  ('2026-11-21', 19, '.github/CODEOWNERS', E'* @clockwork-lighthouse/nobody', ['1:Unknown owner']),
  ('2026-11-21', 21, '.github/CODEOWNERS', E'/deploy/\\ notes/  @clockwork-lighthouse/lamp\t@p1\n   \n/generated/', []);
insert into github.repository_files (date, repository_id, content_state, byte_size, content) values
  ('2026-11-21', 5, 'too_large', 3145729, null), ('2026-11-21', 6, 'too_large', 3145728, null);
-- Under the third file GitHub would find, since the first is too large: it stays the one in force.
insert into github.repository_files (date, repository_id, path, content) values ('2026-11-21', 5, 'docs/CODEOWNERS', '* @clockwork-lighthouse/lamp');

-- expect int_codeowners where repository_id in (1, 9, 10, 11, 12, 17, 21, 23): repository_id, line_number, owner_place, pattern, is_catch_all, owner_kind, owner_key, team_slug, finding
values
  (1,  2, 1, '*',                 true,  'team',    '@Clockwork-Lighthouse/lamp',     'lamp',     null),
  (1,  3, 1, '*.md',              false, 'user',    '@p1',                            null,       null),
  (1,  3, 2, '*.md',              false, 'email',   'email:p2',                       null,       null),
  (9,  1, 1, '*',                 true,  'team',    '@clockwork-lighthouse/nobody',   'nobody',   'team_unknown'),
  (9,  2, 1, '/a',                false, 'team',    '@clockwork-lighthouse/gears',    'gears',    'team_no_access'),
  (9,  3, 1, '/b',                false, 'team',    '@clockwork-lighthouse/auditors', 'auditors', 'team_no_write'),
  (9,  4, 1, '/c',                false, 'team',    '@clockwork-lighthouse/whisper',  'whisper',  'team_not_visible'),
  (9,  5, 1, '/d',                false, 'team',    '@elsewhere/lamp',                'lamp',     'team_unknown'),
  (9,  5, 2, '/d',                false, 'user',    '@p1',                            null,       null),
  (10, 1, 1, '*',                 true,  'user',    '@p9',                            null,       'user_unknown_or_no_write'),
  (10, 2, 1, '/docs/',            false, 'team',    '@clockwork-lighthouse/lamp',     'lamp',     null),
  (11, 1, 1, null,                false, 'invalid', '@clockwork-lighthouse/lamp',     'lamp',     'syntax_error'),
  (11, 2, 1, null,                false, 'invalid', '@clockwork-lighthouse/lamp',     'lamp',     'syntax_error'),
  (11, 3, 1, '*.kt',              false, 'invalid', 'p3',                             null,       'syntax_error'),
  (11, 4, 1, '/docs/[a-',         false, 'team',    '@clockwork-lighthouse/lamp',     'lamp',     'syntax_error'),
  (11, 5, 1, '*.md',              false, 'team',    '@clockwork-lighthouse/lamp',     'lamp',     null),
  (12, 1, 1, '*',                 true,  'team',    '@clockwork-lighthouse/auditors', 'auditors', 'team_no_access'),
  (12, 2, 1, '**',                true,  'team',    '@clockwork-lighthouse/lamp',     'lamp',     null),
  (12, 3, 1, '/src',              false, 'user',    '@p1',                            null,       null),
  (17, 1, 1, '*',                 true,  'team',    '@clockwork-annex/lamp',          'lamp',     'unknown'),
  (21, 1, 1, '/deploy/\ notes/',  false, 'team',    '@clockwork-lighthouse/lamp',     'lamp',     null),
  (21, 1, 2, '/deploy/\ notes/',  false, 'user',    '@p1',                            null,       null),
  (21, 3, 0, '/generated/',       false, 'none',    null,                             null,       null),
  (23, 1, 1, '*',                 true,  'team',    '@clockwork-annex/lamp',          'lamp',     'team_unknown_or_no_write');

-- expect fct_repository_owners where date = '2026-11-21': split_part(full_name, '/', 2), owner_status, owner_team, owner_rule, codeowners_status, codeowners_path, codeowners_teams, unread_sources, source_completeness
values
  ('valid',          'owned',   'lamp',  'codeowners',   'valid',     '.github/CODEOWNERS', ['lamp'], [],                      'complete'),
  ('nowhere',        'unowned', null,    null,           'none',      null,                 [],       [],                      'complete'),
  ('two-places',     'owned',   'lamp',  'codeowners',   'valid',     '.github/CODEOWNERS', ['lamp'], [],                      'complete'),
  ('in-docs',        'owned',   'lamp',  'codeowners',   'valid',     'docs/CODEOWNERS',    ['lamp'], [],                      'complete'),
  ('too-large',      'owned',   'lamp',  'write_access', 'too_large', '.github/CODEOWNERS', [],       [],                      'complete'),
  ('large-for-us',   'owned',   'lamp',  'write_access', 'unknown',   '.github/CODEOWNERS', [],       ['codeowners'],          'partial'),
  ('unread',         'owned',   'lamp',  'write_access', 'unknown',   null,                 [],       ['codeowners'],          'partial'),
  ('root-unread',    'owned',   'lamp',  'write_access', 'unknown',   null,                 [],       ['codeowners'],          'partial'),
  ('cut-in-github',  'owned',   'lamp',  'codeowners',   'valid',     '.github/CODEOWNERS', ['lamp'], [],                      'complete'),
  ('teams-wrong',    'owned',   null,    'codeowners',   'broken',    '.github/CODEOWNERS', [],       [],                      'complete'),
  ('left-person',    'owned',   null,    'codeowners',   'broken',    '.github/CODEOWNERS', [],       [],                      'complete'),
  ('syntax',         'owned',   null,    'codeowners',   'broken',    '.github/CODEOWNERS', [],       [],                      'complete'),
  ('last-wins',      'owned',   'lamp',  'codeowners',   'broken',    '.github/CODEOWNERS', ['lamp'], [],                      'complete'),
  ('taken-away',     'owned',   'lamp',  'write_access', 'valid',     '.github/CODEOWNERS', [],       [],                      'complete'),
  ('one-admin',      'owned',   'gears', 'admin_team',   'none',      null,                 [],       [],                      'complete'),
  ('secret-team',    'unowned', null,    null,           'none',      null,                 [],       [],                      'complete'),
  ('property',       'owned',   'lamp',  'property',     'none',      null,                 [],       [],                      'complete'),
  ('teams-unread',   'unknown', null,    null,           'unknown',   '.github/CODEOWNERS', [],       ['codeowners', 'teams'], 'partial'),
  ('told-by-github', 'unknown', null,    null,           'broken',    '.github/CODEOWNERS', [],       ['teams'],               'partial'),
  ('mended',         'owned',   'lamp',  'codeowners',   'valid',     '.github/CODEOWNERS', ['lamp'], [],                      'complete'),
  ('breaks',         'owned',   'lamp',  'write_access', 'broken',    '.github/CODEOWNERS', [],       [],                      'complete'),
  ('empty',          'unowned', null,    null,           'none',      null,                 [],       [],                      'complete'),
  ('escaped',        'owned',   null,    'codeowners',   'valid',     '.github/CODEOWNERS', [],       [],                      'complete');

-- expect codeowners-broken: split_part(subject_id, '/', 2), status, path, findings, first_failed_on, days_failing, source_completeness
values
  ('teams-wrong',    'broken',      '.github/CODEOWNERS', '1: team_unknown, 2: team_no_access, 3: team_no_write, 4: team_not_visible, 5: team_unknown', '2026-11-21', 0, 'complete'),
  ('left-person',    'broken',      '.github/CODEOWNERS', '1: user_unknown_or_no_write',                                '2026-11-21', 0, 'complete'),
  ('syntax',         'broken',      '.github/CODEOWNERS', '1: syntax_error, 2: syntax_error, 3: syntax_error, 4: syntax_error', '2026-11-21', 0, 'complete'),
  ('last-wins',      'broken',      '.github/CODEOWNERS', '1: team_no_access',                                          '2026-11-21', 0, 'complete'),
  ('breaks',         'broken',      '.github/CODEOWNERS', '1: team_unknown',                                            '2026-11-20', 1, 'complete'),
  ('told-by-github', 'broken',      '.github/CODEOWNERS', '1: team_unknown_or_no_write',                                '2026-11-21', 0, 'partial'),
  ('too-large',      'too_large',   '.github/CODEOWNERS', null,                                                         '2026-11-21', 0, 'complete'),
  ('large-for-us',   'not_visible', '.github/CODEOWNERS', null,                                                         '2026-11-21', 0, 'partial'),
  ('unread',         'not_visible', null,                 null,                                                         '2026-11-21', 0, 'none'),
  ('root-unread',    'not_visible', null,                 null,                                                         '2026-11-21', 0, 'none'),
  ('teams-unread',   'not_visible', '.github/CODEOWNERS', null,                                                         '2026-11-21', 0, 'partial');

-- Five have no such file, and are not what the question is about.
-- expect governance-coverage where policy_id = 'codeowners-broken': sum(repositories), sum(in_order), sum(not_in_order), sum(not_visible)
values (18, 7, 7, 4);

-- expect repositories-without-owner: split_part(subject_id, '/', 2), status, codeowners_status, unread_sources, source_completeness
values
  ('nowhere', 'unowned', 'none', null, 'complete'), ('secret-team', 'unowned', 'none', null, 'complete'), ('empty', 'unowned', 'none', null, 'complete'),
  ('teams-unread', 'not_visible', 'unknown', 'codeowners, teams', 'partial'), ('told-by-github', 'not_visible', 'broken', 'teams', 'partial');

-- expect governance-coverage where policy_id = 'repositories-without-owner': organization, repositories, in_order, not_in_order, not_visible
values ('clockwork-lighthouse', 21, 18, 3, 0), ('Clockwork-Annex', 2, 0, 0, 2);
set variable "team" = 'gears';

-- Those of lamp are not asked for. Of what several own, or a person, or nobody can tell who does, gears may own a part.
-- expect codeowners-broken: status, split_part(subject_id, '/', 2), owner_team
values ('broken', 'teams-wrong', null), ('broken', 'syntax', null), ('broken', 'left-person', null), ('broken', 'told-by-github', null), ('not_visible', 'teams-unread', null);
set variable "team" = 'lamp';
set variable "repository" = 'clockwork-lighthouse/too-large';

-- expect codeowners-broken: status, split_part(subject_id, '/', 2), owner_team
values ('too_large', 'too-large', 'lamp');
set variable "repository" = 'clockwork-lighthouse/empty';

-- expect repositories-without-owner: status, subject_id
values ('unowned', 'clockwork-lighthouse/empty');
set variable "repository" = null;
set variable "organization" = 'clockwork-annex';

-- expect repositories-without-owner: status, split_part(subject_id, '/', 2)
values ('not_visible', 'teams-unread'), ('not_visible', 'told-by-github');

-- expect governance-coverage: policy_id, repositories, in_order, not_in_order, not_visible
values ('codeowners-broken', 2, 0, 1, 1), ('repositories-without-owner', 2, 0, 0, 2), ('secret-scanning-off', 2, 0, 0, 2);
