-- What checks said, made whole: a row for every subject, errors told apart, and waivers where they hold, worked out by hand. The answers of the checks are given:
-- the table of the schema `given` stands in for the model of its name. The dates built are 2026-11-20 and 2026-11-21.
create schema given;
create table given.int_check_answers (check_id varchar, subject_id varchar, status varchar, reason varchar, evidence varchar);

alter table catalog.services alter column component_type set default 'service';
alter table github.repositories alter column visibility set default 'private';
insert into catalog.services (date, entity_ref, name, owner_ref, tier) values
  ('2026-11-21', 'component:default/alpha',   'alpha',   'group:default/keepers', '1'), ('2026-11-21', 'component:default/beta',  'beta',  'group:default/keepers', '2'),
  ('2026-11-21', 'component:default/gamma_x', 'gamma_x', null,                    null), ('2026-11-21', 'component:default/gammaxx', 'gammaxx', null, null);
insert into catalog.services (date, entity_ref, name, component_type) values ('2026-11-21', 'component:default/lib', 'lib', 'library');
insert into github.repositories (date, repository_id, organization, name, full_name, is_archived) values
  ('2026-11-21', 1, 'Sea', 'Mole', 'Sea/Mole', false), ('2026-11-21', 2, 'Sea', 'Pier', 'Sea/Pier', false), ('2026-11-21', 3, 'Sea', 'Wreck', 'Sea/Wreck', true),
  ('2026-11-20', 4, 'Sea', 'Pier', 'Sea/Pier', false);

-- Subjects are what runs and is not archived. Two repositories are called Sea/Pier, and the one seen last is meant.
delete from reference.checks;
insert into reference.checks (check_id, title, area, subject_type, severity, level, remedy, version) values
  ('sound',    'Sound',    'ensure', 'service',    'critical', 'bronze', 'Mend it', 1), ('silent', 'Silent', 'ensure', 'service', 'high', 'silver', 'Mend it', 3),
  ('babbling', 'Babbling', 'detect', 'service',    'low',      'gold',   'Mend it', 1), ('broken', 'Broken', 'detect', 'service', 'low',  'gold',   'Mend it', 1),
  ('moored',   'Moored',   'ensure', 'repository', 'medium',   'bronze', 'Moor it', 2);
-- The check silent says nothing, broken could not be run, and babbling says things that no check says. Nobody asked for lib or Sea/Wreck.
insert into given.int_check_answers values
  ('sound', 'alpha', 'fail', 'cracked', '{"cracks":1}'), ('sound', 'beta', 'unknown', 'not read', null), ('sound', 'gamma_x', 'fail', 'cracked', null), ('sound', 'gammaxx', 'fail', 'cracked', null), ('sound', 'lib', 'fail', 'a library', null),
  ('babbling', 'alpha', 'pass', 'once', '{}'), ('babbling', 'alpha', 'fail', 'twice', '{}'), ('babbling', 'beta', 'passed', 'a word', null), ('babbling', 'gamma_x', null, 'no word', null), ('babbling', 'gammaxx', 'exempt', 'not its to say', null),
  ('broken', null, null, 'Binder Error: no such column', null), ('broken', 'alpha', 'pass', 'half of it worked', null),
  ('moored', 'Sea/Mole', 'pass', 'moored', null), ('moored', 'Sea/Pier', 'fail', 'adrift', null), ('moored', 'Sea/Wreck', 'fail', 'sunk', null);

-- A waiver holds on the date it expires, and not after. Of beta and of gamma's errors there is nothing to waive. An underscore is itself, and a star is anything.
delete from reference.waivers;
insert into reference.waivers (waiver_id, check_id, subject, reason, ticket, expires, file, line) values
  ('last-day',   'sound',  'alpha',   'new hull comes',  'LAMP-1', '2026-11-21', 'waivers.toml', '1'),
  ('day-late',   'sound',  'gammaxx', 'forgotten',       'LAMP-3', '2026-11-20', 'waivers.toml', '9'),
  ('underscore', 'sound',  'gamma_x', 'being replaced',  'LAMP-4', '2026-12-21', 'waivers.toml', '17'),
  ('shorter',    'sound',  'gamma_*', 'being replaced',  'LAMP-5', '2026-12-20', 'waivers.toml', '25'),
  ('same-end',   'sound',  'gamma_x', 'being replaced',  'LAMP-6', '2026-12-21', 'waivers.toml', '29'),
  ('unknowable', 'sound',  'beta',    'nobody knows',    'LAMP-7', '2027-11-21', 'waivers.toml', '33'),
  ('talkative',  'babbling', '*',     'it only babbles', 'LAMP-8', '2027-11-21', 'waivers.toml', '41'),
  ('harbour',    'moored', 'sea/*',   'dredging',        'LAMP-2', '2026-12-22', 'waivers.toml', '49'),
  ('no-subject', 'moored', 'alpha',   'not a repository', 'LAMP-9', '2027-01-01', 'waivers.toml', '57'),
  ('over',       'moored', 'alpha',   'not a repository', 'LAMP-10', '2026-11-01', 'waivers.toml', '65');

-- expect int_check_subjects: subject_type, subject_id, team, tier
values
  ('service', 'alpha', 'keepers', '1'), ('service', 'beta', 'keepers', '2'), ('service', 'gamma_x', null, null), ('service', 'gammaxx', null, null),
  ('repository', 'Sea/Mole', null, null), ('repository', 'Sea/Pier', null, null);

-- expect fct_check_runs: check_id, subject_id, check_version, weight, team, status, answer, reason, evidence, waiver_id, waiver_expires
values
  ('sound',    'alpha',    1, 10,  'keepers', 'exempt',  'fail',    'cracked',                                                     '{"cracks":1}', 'last-day',   '2026-11-21'),
  ('sound',    'beta',     1, 10,  'keepers', 'unknown', 'unknown', 'not read',                                                    null,           null,         null),
  ('sound',    'gamma_x',  1, 10,  null,      'exempt',  'fail',    'cracked',                                                     null,           'same-end',   '2026-12-21'),
  ('sound',    'gammaxx',  1, 10,  null,      'fail',    'fail',    'cracked',                                                     null,           null,         null),
  ('silent',   'alpha',    3, 7.5, 'keepers', 'error',   'error',   'the check returned no row for it',                            null,           null,         null),
  ('silent',   'beta',     3, 7.5, 'keepers', 'error',   'error',   'the check returned no row for it',                            null,           null,         null),
  ('silent',   'gamma_x',  3, 7.5, null,      'error',   'error',   'the check returned no row for it',                            null,           null,         null),
  ('silent',   'gammaxx',  3, 7.5, null,      'error',   'error',   'the check returned no row for it',                            null,           null,         null),
  ('babbling', 'alpha',    1, 2.5, 'keepers', 'error',   'error',   'the check returned 2 rows for it',                            null,           null,         null),
  ('babbling', 'beta',     1, 2.5, 'keepers', 'error',   'error',   'the check returned passed, which is no status of a check',    null,           null,         null),
  ('babbling', 'gamma_x',  1, 2.5, null,      'error',   'error',   'the check returned no status for it',                         null,           null,         null),
  ('babbling', 'gammaxx',  1, 2.5, null,      'error',   'error',   'the check returned exempt, which is no status of a check',    null,           null,         null),
  ('broken',   'alpha',    1, 2.5, 'keepers', 'error',   'error',   'Binder Error: no such column',                                null,           null,         null),
  ('broken',   'beta',     1, 2.5, 'keepers', 'error',   'error',   'Binder Error: no such column',                                null,           null,         null),
  ('broken',   'gamma_x',  1, 2.5, null,      'error',   'error',   'Binder Error: no such column',                                null,           null,         null),
  ('broken',   'gammaxx',  1, 2.5, null,      'error',   'error',   'Binder Error: no such column',                                null,           null,         null),
  ('moored',   'Sea/Mole', 2, 5,   null,      'pass',    'pass',    'moored',                                                      null,           null,         null),
  ('moored',   'Sea/Pier', 2, 5,   null,      'exempt',  'fail',    'adrift',                                                      null,           'harbour',    '2026-12-22');

-- expect fct_check_runs: min(date), max(date), min(judged_on), max(is_restated)
values ('2026-11-21', '2026-11-21', '2026-11-21', false);

-- harbour ends in 31 days, and the three on 2026-12-20 and 21 within 30. A waiver that another outlasts is no waiver for nothing.
-- expect fct_waivers: waiver_id, as_of_date, status, days_left, n_subjects, n_failing, n_exempt
values
  ('last-day',   '2026-11-21', 'expires_soon', 0,   1, 1, 1),
  ('day-late',   '2026-11-21', 'expired',      -1,  1, 1, 0),
  ('underscore', '2026-11-21', 'expires_soon', 30,  1, 1, 0),
  ('same-end',   '2026-11-21', 'expires_soon', 30,  1, 1, 1),
  ('shorter',    '2026-11-21', 'expires_soon', 29,  1, 1, 0),
  ('unknowable', '2026-11-21', 'active',       365, 1, 0, 0),
  ('talkative',  '2026-11-21', 'active',       365, 4, 0, 0),
  ('harbour',    '2026-11-21', 'active',       31,  2, 1, 1),
  ('no-subject', '2026-11-21', 'unused',       41,  0, 0, 0),
  ('over',       '2026-11-21', 'unused',       -20, 0, 0, 0);

-- expect waivers: status, subject_id, title, expires, file, line, reason
values
  ('unused',       'over',       'Moored',   '2026-11-01', 'waivers.toml', 65, 'its name or pattern fits no subject of the check'),
  ('unused',       'no-subject', 'Moored',   '2027-01-01', 'waivers.toml', 57, 'its name or pattern fits no subject of the check'),
  ('expired',      'day-late',   'Sound',    '2026-11-20', 'waivers.toml', 9,  'it has expired: what it covered counts again'),
  ('expires_soon', 'last-day',   'Sound',    '2026-11-21', 'waivers.toml', 1,  'it holds'),
  ('expires_soon', 'underscore', 'Sound',    '2026-12-21', 'waivers.toml', 17, 'another waiver that holds at least as long covers the same'),
  ('expires_soon', 'same-end',   'Sound',    '2026-12-21', 'waivers.toml', 29, 'it holds'),
  ('expires_soon', 'shorter',    'Sound',    '2026-12-20', 'waivers.toml', 25, 'another waiver that holds at least as long covers the same'),
  ('active',       'unknowable', 'Sound',    '2027-11-21', 'waivers.toml', 33, 'the check is not known to fail for anything that it fits'),
  ('active',       'talkative',  'Babbling', '2027-11-21', 'waivers.toml', 41, 'the check is not known to fail for anything that it fits'),
  ('active',       'harbour',    'Moored',   '2026-12-22', 'waivers.toml', 49, 'it holds');

-- The day was judged for the first time: there is nothing to compare it with.
-- expect score-changes: status, subject_id, compared_with
values ('not_visible', 'fct_check_results', null);
