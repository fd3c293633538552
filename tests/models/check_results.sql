-- Since when a check fails, and what a recomputed date says beside what was said then, worked out by hand. What the checks said is given: the tables of the
-- schema `given` stand in for what the models of their names would compute. The dates built are 2026-11-20 and 2026-11-21.
create schema given;
create table given.fct_check_runs (
  date date, is_restated boolean default false, judged_on date default '2026-11-21', check_id varchar, check_version bigint default 1, rule_digest varchar default 'of 2025', subject_type varchar,
  subject_id varchar, team varchar, tier varchar, is_pci_scope boolean, area varchar default 'detect', severity varchar default 'high', weight double default 7.5,
  level varchar default 'silver', status varchar, answer varchar, reason varchar default 'given', evidence varchar, waiver_id varchar, waiver_expires date
);

-- What the check lit says of a service from 2026-11-14 to 21, a letter a day: pass, fail, unknown, error, not applicable, exempt, and nothing where it was not seen.
create temp table said (subject_id varchar, letters varchar);
insert into said values
  ('long',          'ffffffff'),
  ('healed-once',   'fffpffff'),
  ('foggy',         'pfuuefuf'),
  ('passed-in-fog', 'fffpuuff'),
  ('excused',       'ffnfffff'),
  ('unseen',        'pf----ff'),
  ('waived',        'fxxxxxxx'),
  ('waiver-over',   'xxxxxxxf'),
  ('mended',        'ffffffpp'),
  ('known-now',     'uuuuuuup'),
  ('broke',         'pppppppf'),
  ('lost-from-view','ppppppfu');
insert into given.fct_check_runs (date, check_id, subject_type, subject_id, team, status)
select
  cast('2026-11-14' as date) + cast(places.place as integer), 'lit', 'service', said.subject_id, case when said.subject_id like '%now' then 'mill' else 'crew' end,
  case substr(said.letters, cast(places.place as integer) + 1, 1) when 'p' then 'pass' when 'f' then 'fail' when 'u' then 'unknown' when 'e' then 'error' when 'n' then 'not_applicable' when 'x' then 'exempt' end
from said cross join range(8) as places (place)
where substr(said.letters, cast(places.place as integer) + 1, 1) <> '-';
-- The 20th was recomputed, and says the same of services.
insert into given.fct_check_runs (date, is_restated, check_id, subject_type, subject_id, team, status)
select date, true, check_id, subject_type, subject_id, team, status from given.fct_check_runs where date = '2026-11-20';
-- The 16th was, too, and says something else: since when a check fails is told by what was said then.
insert into given.fct_check_runs (date, is_restated, check_id, subject_type, subject_id, status) values ('2026-11-16', true, 'lit', 'service', 'long', 'pass');

-- Of repositories the 20th says otherwise now: the check trim is in version 2, fresh is new and old is gone; the repository two is gone, and three was not seen then.
insert into given.fct_check_runs (date, is_restated, check_id, check_version, subject_type, subject_id, status) values
  ('2026-11-20', false, 'trim', 1, 'repository', 'sea/one',  'fail'), ('2026-11-20', false, 'keep', 1, 'repository', 'sea/one',  'unknown'), ('2026-11-20', false, 'old',   1, 'repository', 'sea/one',   'pass'),
  ('2026-11-20', false, 'trim', 1, 'repository', 'sea/two',  'fail'), ('2026-11-20', false, 'keep', 1, 'repository', 'sea/two',  'pass'),    ('2026-11-20', false, 'old',   1, 'repository', 'sea/two',   'pass'),
  ('2026-11-20', false, 'trim', 1, 'repository', 'sea/four', 'pass'), ('2026-11-20', false, 'keep', 1, 'repository', 'sea/four', 'fail'),    ('2026-11-20', false, 'old',   1, 'repository', 'sea/four',  'not_applicable'),
  ('2026-11-20', true,  'trim', 2, 'repository', 'sea/one',  'pass'), ('2026-11-20', true,  'keep', 1, 'repository', 'sea/one',  'fail'),    ('2026-11-20', true,  'fresh', 1, 'repository', 'sea/one',   'pass'),
  ('2026-11-20', true,  'trim', 2, 'repository', 'sea/three','fail'), ('2026-11-20', true,  'keep', 1, 'repository', 'sea/three','exempt'),  ('2026-11-20', true,  'fresh', 1, 'repository', 'sea/three', 'fail'),
  ('2026-11-20', true,  'trim', 2, 'repository', 'sea/four', 'pass'), ('2026-11-20', true,  'keep', 1, 'repository', 'sea/four', 'exempt'),  ('2026-11-20', true,  'fresh', 1, 'repository', 'sea/four',  'unknown'),
  -- On the 21st all is said by the rules of today.
  ('2026-11-21', false, 'trim', 2, 'repository', 'sea/one',  'pass'), ('2026-11-21', false, 'keep', 1, 'repository', 'sea/one',  'pass'),    ('2026-11-21', false, 'fresh', 1, 'repository', 'sea/one',   'fail'),
  ('2026-11-21', false, 'trim', 2, 'repository', 'sea/three','fail'), ('2026-11-21', false, 'keep', 1, 'repository', 'sea/three','exempt'),  ('2026-11-21', false, 'fresh', 1, 'repository', 'sea/three', 'fail'),
  ('2026-11-21', false, 'trim', 2, 'repository', 'sea/four', 'fail'), ('2026-11-21', false, 'keep', 1, 'repository', 'sea/four', 'exempt'),  ('2026-11-21', false, 'fresh', 1, 'repository', 'sea/four',  'unknown');
-- A threshold behind the check tune is another since: the rule is of the same version, and another.
insert into given.fct_check_runs (date, is_restated, check_id, subject_type, subject_id, status, rule_digest) values
  ('2026-11-20', false, 'tune', 'repository', 'sea/one', 'fail', 'of 2025'), ('2026-11-20', true,  'tune', 'repository', 'sea/one',   'pass',           'of 2026'),
  ('2026-11-20', false, 'tune', 'repository', 'sea/two', 'pass', 'of 2025'), ('2026-11-20', true,  'tune', 'repository', 'sea/three', 'not_applicable', 'of 2026'),
  ('2026-11-20', false, 'tune', 'repository', 'sea/four','pass', 'of 2025'), ('2026-11-20', true,  'tune', 'repository', 'sea/four',  'pass',           'of 2026'),
  ('2026-11-21', false, 'tune', 'repository', 'sea/one', 'pass', 'of 2026'), ('2026-11-21', false, 'tune', 'repository', 'sea/three', 'not_applicable', 'of 2026'),
  ('2026-11-21', false, 'tune', 'repository', 'sea/four','pass', 'of 2026');
update given.fct_check_runs set answer = case status when 'exempt' then 'fail' else status end;
-- The waiver of waiver-over ended on the 20th.
update given.fct_check_runs set waiver_id = 'w-' || subject_id, waiver_expires = case subject_id when 'waiver-over' then '2026-11-20' else '2026-12-01' end where status = 'exempt';
update given.fct_check_runs set judged_on = date where not is_restated;
update given.fct_check_runs set tier = '1' where subject_id in ('long', 'foggy');
-- Yesterday is compared with today.
set variable "days" = '1';
delete from reference.checks;
insert into reference.checks (check_id, title, area, subject_type, severity, level, remedy) values
  ('lit', 'The lamp is lit', 'detect', 'service', 'high', 'silver', 'Fill it with oil'), ('trim', 'The wick is trimmed', 'detect', 'repository', 'high', 'silver', 'Trim it'),
  ('tune', 'It is in tune', 'detect', 'repository', 'high', 'silver', 'Tune it'), ('keep', 'It is kept', 'detect', 'repository', 'high', 'silver', 'Keep it'), ('fresh', 'The oil is fresh', 'detect', 'repository', 'high', 'silver', 'Change it');

-- An unknown, an error and a date without a row neither end a spell nor begin one; a pass and not_applicable end it, seen through the fog or not.
-- expect fct_check_results where date = '2026-11-21' and check_id = 'lit': subject_id, status, answer, first_failed_on, days_failing, waiver_id, waiver_days_left
values
  ('long',           'fail',    'fail',    '2026-11-14', 7,    null,       null),
  ('healed-once',    'fail',    'fail',    '2026-11-18', 3,    null,       null),
  ('foggy',          'fail',    'fail',    '2026-11-15', 6,    null,       null),
  ('passed-in-fog',  'fail',    'fail',    '2026-11-20', 1,    null,       null),
  ('excused',        'fail',    'fail',    '2026-11-17', 4,    null,       null),
  ('unseen',         'fail',    'fail',    '2026-11-15', 6,    null,       null),
  ('waived',         'exempt',  'fail',    '2026-11-14', 7,    'w-waived', 10),
  ('waiver-over',    'fail',    'fail',    '2026-11-14', 7,    null,       null),
  ('mended',         'pass',    'pass',    null,         null, null,       null),
  ('known-now',      'pass',    'pass',    null,         null, null,       null),
  ('broke',          'fail',    'fail',    '2026-11-21', 0,    null,       null),
  ('lost-from-view', 'unknown', 'unknown', null,         null, null,       null);

-- expect fct_check_results where date = '2026-11-20' and check_id = 'lit' and subject_id in ('long', 'foggy', 'passed-in-fog', 'waiver-over', 'lost-from-view'): subject_id, status, first_failed_on, days_failing, waiver_expires, waiver_days_left
values
  ('long',           'fail',    '2026-11-14', 6,    null,         null),
  ('foggy',          'unknown', null,         null, null,         null),
  ('passed-in-fog',  'fail',    '2026-11-20', 0,    null,         null),
  ('waiver-over',    'exempt',  '2026-11-14', 6,    '2026-11-20', 0),
  ('lost-from-view', 'fail',    '2026-11-20', 0,    null,         null);

-- expect fct_check_results where date = '2026-11-20' and check_id = 'lit' and is_changed is not distinct from false and is_rule_changed is not distinct from false: count(*)
values (12);

-- expect fct_check_results where date = '2026-11-20' and subject_type = 'repository': check_id, subject_id, check_version, status, judged_on, restated_on, restated_version, restated_status, is_rule_changed, is_changed, changed_by
values
  ('trim',  'sea/one',   1,    'fail',           '2026-11-20', '2026-11-21', 2,    'pass',    true,  true,  'rule'),
  ('keep',  'sea/one',   1,    'unknown',        '2026-11-20', '2026-11-21', 1,    'fail',    false, true,  'data'),
  ('old',   'sea/one',   1,    'pass',           '2026-11-20', '2026-11-21', null, null,      true,  true,  'rule'),
  ('fresh', 'sea/one',   null, null,             null,         '2026-11-21', 1,    'pass',    true,  true,  'rule'),
  ('tune',  'sea/one',   1,    'fail',           '2026-11-20', '2026-11-21', 1,    'pass',    true,  true,  'rule'),
  ('tune',  'sea/two',   1,    'pass',           '2026-11-20', '2026-11-21', null, null,      false, true,  'data'),
  ('tune',  'sea/three', null, null,             null,         '2026-11-21', 1,    'not_applicable', false, true, 'data'),
  ('tune',  'sea/four',  1,    'pass',           '2026-11-20', '2026-11-21', 1,    'pass',    true,  false, null),
  ('trim',  'sea/two',   1,    'fail',           '2026-11-20', '2026-11-21', null, null,      false, true,  'data'),
  ('keep',  'sea/two',   1,    'pass',           '2026-11-20', '2026-11-21', null, null,      false, true,  'data'),
  ('old',   'sea/two',   1,    'pass',           '2026-11-20', '2026-11-21', null, null,      true,  true,  'rule'),
  ('trim',  'sea/three', null, null,             null,         '2026-11-21', 2,    'fail',    false, true,  'data'),
  ('keep',  'sea/three', null, null,             null,         '2026-11-21', 1,    'exempt',  false, true,  'data'),
  ('fresh', 'sea/three', null, null,             null,         '2026-11-21', 1,    'fail',    true,  true,  'rule'),
  ('trim',  'sea/four',  1,    'pass',           '2026-11-20', '2026-11-21', 2,    'pass',    true,  false, null),
  ('keep',  'sea/four',  1,    'fail',           '2026-11-20', '2026-11-21', 1,    'exempt',  false, true,  'waiver'),
  ('old',   'sea/four',  1,    'not_applicable', '2026-11-20', '2026-11-21', null, null,      true,  true,  'rule'),
  ('fresh', 'sea/four',  null, null,             null,         '2026-11-21', 1,    'unknown', true,  true,  'rule');

-- expect nothing of fct_check_results where date = '2026-11-21' and (restated_on is not null or is_changed is not null or is_rule_changed is not null): subject_id

-- expect score-changes where subject_id = 'sea/one' and status = 'rule_changed' and check_id <> 'old': check_id, reason
values
  ('trim', 'its rule changed from version 1 to 2, and by the rule of now both dates are the same'),
  ('tune', 'what its rule stands on changed, and by the rule of now both dates are the same');

-- Today against yesterday, and a changed rule by what it says of yesterday: keep of one was unknown when said, and so by the same version; trim of four passes
-- by version 2 on the 20th, so the repository changed; nothing tells of two but that it went.
-- expect score-changes: status, subject_id, check_id, status_before, status_now, source_completeness
values
  ('waiver_ended',    'waiver-over',    'lit',   'exempt',  'fail',    'complete'),
  ('more_is_known',   'known-now',      'lit',   'unknown', 'pass',    'complete'),
  ('subject_changed', 'broke',          'lit',   'pass',    'fail',    'complete'),
  ('more_is_known',   'foggy',          'lit',   'unknown', 'fail',    'complete'),
  ('less_is_known',   'lost-from-view', 'lit',   'fail',    'unknown', 'complete'),
  ('rule_changed',    'sea/one',        'trim',  'fail',    'pass',    'complete'),
  ('rule_changed',    'sea/one',        'tune',  'fail',    'pass',    'complete'),
  ('more_is_known',   'sea/one',        'keep',  'unknown', 'pass',    'complete'),
  ('rule_changed',    'sea/one',        'old',   'pass',    null,      'complete'),
  ('subject_changed', 'sea/one',        'fresh', null,      'fail',    'complete'),
  ('rule_changed',    'sea/two',        'old',   'pass',    null,      'complete'),
  ('subject_gone',    'sea/two',        null,    null,      null,      'complete'),
  ('subject_new',     'sea/three',      null,    null,      null,      'complete'),
  ('rule_changed',    'sea/three',      'fresh', null,      'fail',    'complete'),
  ('subject_changed', 'sea/four',       'trim',  'pass',    'fail',    'complete'),
  ('waived',          'sea/four',       'keep',  'fail',    'exempt',  'complete'),
  ('rule_changed',    'sea/four',       'old',   'not_applicable', null, 'complete'),
  ('rule_changed',    'sea/four',       'fresh', null,      'unknown', 'complete');

-- expect failing-checks where subject_type <> 'source': status, subject_id, owner_team, check_id, first_failed_on, days_failing, remedy, is_next_level, waiver_id, source_completeness
values
  ('fail',    'long',           'crew', 'lit',   '2026-11-14', 7,    'Fill it with oil', true,  null,           'complete'),
  ('fail',    'healed-once',    'crew', 'lit',   '2026-11-18', 3,    'Fill it with oil', true,  null,           'complete'),
  ('fail',    'foggy',          'crew', 'lit',   '2026-11-15', 6,    'Fill it with oil', true,  null,           'complete'),
  ('fail',    'passed-in-fog',  'crew', 'lit',   '2026-11-20', 1,    'Fill it with oil', true,  null,           'complete'),
  ('fail',    'excused',        'crew', 'lit',   '2026-11-17', 4,    'Fill it with oil', true,  null,           'complete'),
  ('fail',    'unseen',         'crew', 'lit',   '2026-11-15', 6,    'Fill it with oil', true,  null,           'complete'),
  ('fail',    'waiver-over',    'crew', 'lit',   '2026-11-14', 7,    'Fill it with oil', true,  null,           'complete'),
  ('fail',    'broke',          'crew', 'lit',   '2026-11-21', 0,    'Fill it with oil', true,  null,           'complete'),
  ('exempt',  'waived',         'crew', 'lit',   '2026-11-14', 7,    'Fill it with oil', false, 'w-waived',     'complete'),
  ('unknown', 'lost-from-view', 'crew', 'lit',   null,         null, 'Fill it with oil', true,  null,           'none'),
  ('fail',    'sea/one',        null,   'fresh', '2026-11-21', 0,    'Change it',        true,  null,           'complete'),
  ('fail',    'sea/three',      null,   'fresh', '2026-11-21', 0,    'Change it',        true,  null,           'complete'),
  ('fail',    'sea/three',      null,   'trim',  '2026-11-21', 0,    'Trim it',          true,  null,           'complete'),
  ('exempt',  'sea/three',      null,   'keep',  '2026-11-21', 0,    'Keep it',          false, 'w-sea/three',  'complete'),
  ('fail',    'sea/four',       null,   'trim',  '2026-11-21', 0,    'Trim it',          true,  null,           'complete'),
  ('exempt',  'sea/four',       null,   'keep',  '2026-11-20', 1,    'Keep it',          false, 'w-sea/four',   'complete'),
  ('unknown', 'sea/four',       null,   'fresh', null,         null, 'Change it',        true,  null,           'none');

-- expect failing-checks where subject_type = 'source': status, subject_id
values ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions'), ('not_visible', 'github.repositories');
