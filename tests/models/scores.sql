-- Scores, levels and what of both is unsure, worked out by hand. What the checks said is given: the tables of the schema `given` stand in for
-- what the models of their names would compute. The dates built are 2026-11-20 and 2026-11-21.
create schema given;
create table given.fct_check_runs (
  date date, is_restated boolean default false, judged_on date default '2026-11-21', check_id varchar, check_version bigint default 1, rule_digest varchar default 'of 2025', subject_type varchar,
  subject_id varchar, team varchar, tier varchar, is_pci_scope boolean, area varchar, severity varchar default 'medium', weight double, level varchar, status varchar,
  answer varchar, reason varchar, evidence varchar, waiver_id varchar, waiver_expires date
);

-- A score published by OpenSSF Scorecard: Dangerous-Workflow 10 of 10 (critical), Dependency-Update-Tool inconclusive (high), License 10 (low), Pinned-Dependencies 9
-- (medium), Token-Permissions 0 (high) give 6.8. Our checks pass or fail: 9 of 10 for a weight of 5 is 4.5 that passes and 0.5 that fails.
create temp table rules (place integer, check_id varchar, area varchar, weight double, level varchar);
insert into rules values
  (1, 'dangerous-workflow', 'ensure',      10,  'bronze'), (2, 'dependency-update', 'ensure', 7.5, 'bronze'), (3, 'license',           'standardize', 2.5, 'silver'),
  (4, 'pinned-nine',        'ensure',      4.5, 'silver'), (5, 'pinned-one',        'ensure', 0.5, 'silver'), (6, 'token-permissions', 'detect',      7.5, 'gold');
create temp table words (subject_id varchar, team varchar, said varchar[]);
insert into words values
  ('vector',      'crew', ['pass', 'unknown', 'pass', 'pass', 'fail', 'fail']),
  ('all-pass',    'crew', ['pass', 'pass', 'pass', 'pass', 'pass', 'pass']),
  ('all-unknown', 'mill', ['unknown', 'error', 'unknown', 'unknown', 'unknown', 'unknown']),
  ('no-check',    'mill', ['not_applicable', 'not_applicable', 'not_applicable', 'not_applicable', 'not_applicable', 'not_applicable']),
  ('all-exempt',  'mill', ['exempt', 'exempt', 'exempt', 'exempt', 'exempt', 'exempt']),
  ('one-check',   'mill', ['pass', 'not_applicable', 'not_applicable', 'not_applicable', 'not_applicable', 'not_applicable']),
  ('one-exempt',  null,   ['exempt', 'pass', 'pass', 'pass', 'pass', 'pass']),
  ('one-error',   null,   ['pass', 'error', 'pass', 'pass', 'pass', 'pass']),
  ('half-way',    null,   ['pass', 'pass', 'fail', 'not_applicable', 'not_applicable', 'unknown']),
  ('no-bronze',   null,   ['fail', 'unknown', 'pass', 'pass', 'pass', 'exempt']);
insert into given.fct_check_runs (date, check_id, subject_type, subject_id, team, area, weight, level, status)
select '2026-11-21', rules.check_id, 'service', words.subject_id, words.team, rules.area, rules.weight, rules.level, words.said[rules.place] from words cross join rules;
insert into given.fct_check_runs (date, check_id, subject_type, subject_id, team, area, weight, level, status) values
  ('2026-11-21', 'codeowners', 'repository', 'lamp/oil', 'crew', 'standardize', 5, 'bronze', 'fail');

-- The day before was recomputed: trimmed has another version and weighs more, gone is gone, fresh is new, and what hazy says was not known then. The service
-- left was there then, and arrived was not seen.
insert into given.fct_check_runs (date, is_restated, check_id, check_version, subject_type, subject_id, area, weight, level, status) values
  ('2026-11-20', false, 'kept', 1, 'service', 'shifted', 'ensure', 10, 'bronze', 'pass'),    ('2026-11-20', false, 'trimmed', 1, 'service', 'shifted', 'ensure', 5,   'bronze', 'fail'),
  ('2026-11-20', false, 'hazy', 1, 'service', 'shifted', 'ensure', 2.5, 'gold', 'unknown'),  ('2026-11-20', false, 'gone',    1, 'service', 'shifted', 'ensure', 5,   'bronze', 'pass'),
  ('2026-11-20', false, 'kept', 1, 'service', 'left',    'ensure', 10, 'bronze', 'fail'),    ('2026-11-20', false, 'trimmed', 1, 'service', 'left',    'ensure', 5,   'bronze', 'fail'),
  ('2026-11-20', false, 'hazy', 1, 'service', 'left',    'ensure', 2.5, 'gold', 'fail'),     ('2026-11-20', false, 'gone',    1, 'service', 'left',    'ensure', 5,   'bronze', 'fail'),
  ('2026-11-20', true,  'kept', 1, 'service', 'shifted', 'ensure', 10, 'bronze', 'pass'),    ('2026-11-20', true,  'trimmed', 2, 'service', 'shifted', 'ensure', 10,  'bronze', 'pass'),
  ('2026-11-20', true,  'hazy', 1, 'service', 'shifted', 'ensure', 2.5, 'gold', 'fail'),     ('2026-11-20', true,  'fresh',   1, 'service', 'shifted', 'ensure', 2.5, 'bronze', 'fail'),
  ('2026-11-20', true,  'kept', 1, 'service', 'arrived', 'ensure', 10, 'bronze', 'pass'),    ('2026-11-20', true,  'trimmed', 2, 'service', 'arrived', 'ensure', 10,  'bronze', 'pass'),
  ('2026-11-20', true,  'hazy', 1, 'service', 'arrived', 'ensure', 2.5, 'gold', 'pass'),     ('2026-11-20', true,  'fresh',   1, 'service', 'arrived', 'ensure', 2.5, 'bronze', 'not_applicable');
update given.fct_check_runs set answer = case status when 'exempt' then 'fail' else status end, reason = 'given';
update given.fct_check_runs set waiver_id = 'w', waiver_expires = '2026-12-31' where status = 'exempt';
delete from reference.checks;
insert into reference.checks (check_id, title, area, subject_type, severity, level, remedy) values
  ('license', 'It has a licence', 'standardize', 'service', 'low', 'silver', 'Add a file LICENSE'), ('token-permissions', 'Tokens may little', 'detect', 'service', 'high', 'gold', 'Say permissions: read'),
  ('pinned-one', 'Pinned', 'ensure', 'service', 'medium', 'silver', 'Pin it'), ('codeowners', 'Owned', 'standardize', 'repository', 'medium', 'bronze', 'Add CODEOWNERS'),
  ('dangerous-workflow', 'No workflow is dangerous', 'ensure', 'service', 'critical', 'bronze', 'Mend it');

-- 100 * (10 + 2.5 + 4.5) / 25 = 68; with 7.5 unknown 25 of 32.5 is covered, and the score is between 17 and 24.5 of 32.5.
-- expect fct_quality_scores where date = '2026-11-21' and area = 'all' and subject_type in ('service', 'repository'): subject_id, team, round(score, 6), round(coverage, 6), round(score_low, 6), round(score_high, 6)
values
  ('vector',      'crew', 68,   0.769231, 52.307692, 75.384615),
  ('all-pass',    'crew', 100,  1,        100,       100),
  ('all-unknown', 'mill', null, 0,        0,         100),
  ('no-check',    'mill', null, null,     null,      null),
  ('all-exempt',  'mill', null, null,     null,      null),
  ('one-check',   'mill', 100,  1,        100,       100),
  ('one-exempt',  null,   100,  1,        100,       100),
  ('one-error',   null,   100,  0.769231, 76.923077, 100),
  ('half-way',    null,   87.5, 0.727273, 63.636364, 90.909091),
  ('no-bronze',   null,   42.857143, 0.7, 30,       60),
  ('lamp/oil',    'crew', 0,    1,        0,         0);

-- An unknown stops a level, and leaves it unsure when nothing else does; an exempt check that a level contains leaves that unsure. Gold needs nothing more where no
-- check of it applies.
-- expect fct_quality_scores where date = '2026-11-21' and area = 'all' and subject_type in ('service', 'repository'): subject_id, level, level_confirmed, next_level, blocked_by
values
  ('vector',      'none',   false, 'bronze', ['dependency-update']),
  ('all-pass',    'gold',   true,  null,     []),
  ('all-unknown', 'none',   false, 'bronze', ['dangerous-workflow', 'dependency-update']),
  ('no-check',    null,     null,  null,     []),
  ('all-exempt',  'gold',   false, null,     []),
  ('one-check',   'gold',   true,  null,     []),
  ('one-exempt',  'gold',   false, null,     []),
  ('one-error',   'none',   false, 'bronze', ['dependency-update']),
  ('half-way',    'bronze', true,  'silver', ['license']),
  ('no-bronze',   'none',   true,  'bronze', ['dangerous-workflow', 'dependency-update']),
  ('lamp/oil',    'none',   true,  'bronze', ['codeowners']);

-- expect fct_quality_scores where date = '2026-11-21' and subject_id = 'vector': area, round(score, 6), level, level_confirmed, next_level, n_checks
values ('all', 68, 'none', false, 'bronze', 6), ('ensure', 96.666667, 'none', false, 'bronze', 4), ('standardize', 100, 'gold', true, null, 1), ('detect', 0, 'silver', true, 'gold', 1);

-- Teams are their subjects' pairs taken together, and so is the organisation.
-- expect fct_quality_scores where date = '2026-11-21' and area = 'all' and subject_type in ('team', 'organisation'): subject_type, subject_id, team, round(score, 6), round(coverage, 6), round(score_low, 6), round(score_high, 6), level, level_confirmed
values
  ('team',         'crew',     'crew', 79.2,      0.892857, 70.714286, 81.428571, 'none', true),
  ('team',         'mill',     'mill', 100,       0.235294, 23.529412, 100,       'none', false),
  ('team',         '__none__', null,   85.294118, 0.790698, 67.44186,  88.372093, 'none', true),
  ('organisation', '__all__',  null,   83.809524, 0.715909, 60,        88.409091, 'none', true);

-- expect fct_quality_scores where date = '2026-11-21' and area = 'all' and subject_type in ('team', 'organisation'): subject_id, n_subjects, n_subjects_passing_all, n_checks, n_pass, n_fail, n_unknown, n_error, n_exempt, n_not_applicable, n_applicable, round(pass_rate, 6), pass_rate_high
values
  ('crew',     3,  1, 13, 9,  3, 1, 0, 0, 0,  13, 0.692308, 10 / 13),
  ('mill',     4,  1, 24, 1,  0, 5, 1, 6, 11, 7,  0.142857, 1),
  ('__none__', 4,  0, 24, 15, 2, 2, 1, 2, 2,  20, 0.75,     0.9),
  ('__all__',  11, 2, 61, 25, 5, 8, 2, 8, 13, 40, 0.625,    0.875);

-- Nothing was recomputed of the newest date.
-- expect nothing of fct_quality_scores where date = '2026-11-21' and (restated_on is not null or restated_score is not null or score_change is not null): subject_id

-- Said was 15 of 20. What is known now makes that 15 of 22.5, and today's rules 20 of 25; of left nothing is said now, and of arrived nothing was.
-- In all it was 15 of 42.5, is 37.5 of 50 by the rules that did not change, and 42.5 of 47.5 by those of today.
-- expect fct_quality_scores where date = '2026-11-20' and area = 'all' and subject_type in ('service', 'organisation'): subject_id, round(score, 6), restated_on, round(restated_score, 6), restated_coverage, restated_level, round(score_change, 6), round(score_change_by_data, 6), round(score_change_by_rule, 6), n_checks
values
  ('shifted', 75,        '2026-11-21', 80,        1,    'none', 5,         -8.333333, 13.333333, 4),
  ('left',    0,         '2026-11-21', null,      null, null,   null,      null,      null,      4),
  ('arrived', null,      '2026-11-21', 100,       1,    'gold', null,      null,      null,      null),
  ('__all__', 35.294118, '2026-11-21', 89.473684, 1,    'none', 54.179567, 39.705882, 14.473684, 8);

-- What to mend first is what keeps a service from its next level, if it is known to fail, or else what weighs most.
-- expect quality-scores where subject_type = 'service': status, subject_id, owner_team, round(score, 1), level, blocked_by, n_pass, n_fail, n_unknown, n_exempt, next_check, next_step, source_completeness
values
  ('scored',     'vector',      'crew', 68,   'none',   'dependency-update',                     3, 2, 1, 0, 'token-permissions',  'Say permissions: read', 'partial'),
  ('scored',     'all-pass',    'crew', 100,  'gold',   null,                                    6, 0, 0, 0, null,                 null,                    'complete'),
  ('not_scored', 'all-unknown', 'mill', null, 'none',   'dangerous-workflow, dependency-update', 0, 0, 6, 0, null,                 null,                    'none'),
  ('not_scored', 'no-check',    'mill', null, null,     null,                                    0, 0, 0, 0, null,                 null,                    'complete'),
  ('not_scored', 'all-exempt',  'mill', null, 'gold',   null,                                    0, 0, 0, 6, null,                 null,                    'complete'),
  ('scored',     'one-check',   'mill', 100,  'gold',   null,                                    1, 0, 0, 0, null,                 null,                    'complete'),
  ('scored',     'one-exempt',  null,   100,  'gold',   null,                                    5, 0, 0, 1, null,                 null,                    'complete'),
  ('scored',     'one-error',   null,   100,  'none',   'dependency-update',                     5, 0, 1, 0, null,                 null,                    'partial'),
  ('scored',     'half-way',    null,   87.5, 'bronze', 'license',                               2, 1, 1, 0, 'license',            'Add a file LICENSE',    'partial'),
  ('scored',     'no-bronze',   null,   42.9, 'none',   'dangerous-workflow, dependency-update', 3, 1, 1, 1, 'dangerous-workflow', 'Mend it',               'partial');

-- Nothing was read here: services and repositories may be missing.
-- expect quality-scores where status = 'not_visible': subject_id, subject_type
values ('catalog.services', 'source'), ('datadog.service_definitions', 'source'), ('github.repositories', 'source');
