-- How far campaigns are, how fast they go and who is left, worked out by hand. What the checks said is given: the table of the schema `given` stands in for
-- what the model of its name would compute. The dates built are 2026-10-22 to 2026-11-21.
set variable "from" = cast('2026-10-22' as date);
create schema given;
create table given.fct_check_runs (
  date date, is_restated boolean default false, judged_on date, check_id varchar, check_version bigint default 1, rule_digest varchar default 'of 2025', subject_type varchar default 'service',
  subject_id varchar, team varchar, tier varchar, is_pci_scope boolean, area varchar default 'detect', severity varchar default 'high', weight double default 7.5,
  level varchar default 'silver', status varchar, answer varchar, reason varchar default 'given', evidence varchar, waiver_id varchar, waiver_expires date
);

-- A letter for each of 2026-10-22, 10-24, 11-14, 11-20 and 11-21: pass, fail, unknown, not applicable, exempt, and nothing where it was not seen.
create temp table said (check_id varchar, subject_id varchar, team varchar, tier varchar, letters varchar);
insert into said values
  ('lit', 'a', 'crew', '1', 'fffpp'), ('lit', 'b', 'crew', '2', 'fffff'), ('lit', 'c', 'crew', '1', 'ppppf'), ('lit', 'd', 'crew', '1', '---pp'),
  ('lit', 'e', 'mill', '1', 'ffppp'), ('lit', 'f', 'mill', '1', 'xxxxp'), ('lit', 'g', 'mill', '1', 'ffffu'), ('lit', 'h', 'mill', '1', 'uuupp'), ('lit', 'i', 'mill', '1', 'ffffn'),
  ('lit', 'j', null,   '1', 'fffff'), ('lit', 'k', 'deck', '1', 'fffff'), ('lit', 'm', 'crew', '3', 'fffff'), ('lit', 'w1', 'mill', null, 'xxxxx'),
  ('moored', 'Sea/One', 'crew', null, 'ffffp'), ('moored', 'Sea/Two', 'crew', null, 'fffff'), ('moored', 'Bay/One', 'crew', null, 'fffff'), ('moored', 'Sea/Three', 'crew', null, 'fffff');
-- Horns are for n and o alone, which have no lamp.
insert into said select 'heard', subject_id, team, tier, regexp_replace(letters, '[^-]', 'n', 'g') from said where check_id = 'lit';
insert into said values ('heard', 'n', 'deck', null, 'fffpu'), ('heard', 'o', 'deck', null, 'ffffu'), ('lit', 'n', 'deck', null, 'nnnnn'), ('lit', 'o', 'deck', null, 'nnnnn');
create temp table days (place integer, date date);
insert into days values (1, '2026-10-22'), (2, '2026-10-24'), (3, '2026-11-14'), (4, '2026-11-20'), (5, '2026-11-21');
insert into given.fct_check_runs (date, judged_on, check_id, subject_type, subject_id, team, tier, status)
select
  days.date, days.date, said.check_id, case said.check_id when 'moored' then 'repository' else 'service' end, said.subject_id, said.team, said.tier,
  case substr(said.letters, days.place, 1) when 'p' then 'pass' when 'f' then 'fail' when 'u' then 'unknown' when 'n' then 'not_applicable' when 'x' then 'exempt' end
from said cross join days
where substr(said.letters, days.place, 1) <> '-';
update given.fct_check_runs set answer = case status when 'exempt' then 'fail' else status end;
update given.fct_check_runs set waiver_id = 'w', waiver_expires = '2026-12-01' where status = 'exempt';
update given.fct_check_runs set is_pci_scope = subject_id <> 'Sea/Two' where subject_id in ('Sea/One', 'Sea/Two', 'Bay/One');
delete from reference.checks;
insert into reference.checks (check_id, title, area, subject_type, severity, level, remedy) values
  ('lit', 'The lamp is lit', 'detect', 'service', 'high', 'silver', 'Fill it with oil'), ('heard', 'The horn is heard', 'detect', 'service', 'high', 'silver', 'Blow it'), ('moored', 'It is moored', 'detect', 'repository', 'high', 'silver', 'Moor it');

-- light is after tiers 1 and 2 of crew, of mill, and of nobody; brisk after everything; harbour after PCI repositories of Sea; of what fog is after nothing is known on the newest date; no campaign is after an underscore.
delete from reference.campaigns;
delete from reference.campaign_checks;
delete from reference.campaign_targets;
insert into reference.campaigns (campaign_id, title, owner, starts, deadline, file, line) values
  ('light',   'Lamps are lit',     'keepers', '2026-10-01', '2026-12-31', 'campaigns.toml', '1'), ('brisk',   'All lamps are lit', 'keepers', '2026-11-16', '2026-11-30', 'campaigns.toml', '9'),
  ('late',    'One lamp is lit',   'keepers', '2026-10-01', '2026-11-20', 'campaigns.toml', '2'), ('ended',   'Another is lit',    'keepers', '2026-10-01', '2026-11-20', 'campaigns.toml', '3'),
  ('waived',  'Lamps may be dark', 'keepers', '2026-10-01', '2026-12-01', 'campaigns.toml', '4'), ('nothing', 'No lamp',           'keepers', '2026-10-01', '2026-12-01', 'campaigns.toml', '5'),
  ('future',  'Lamps to come',     'keepers', '2026-12-01', '2026-12-31', 'campaigns.toml', '6'), ('harbour', 'Boats are moored',  'keepers', '2026-10-01', '2026-12-15', 'campaigns.toml', '7'),
  ('fog',     'Horns are heard',   'keepers', '2026-10-01', '2026-12-01', 'campaigns.toml', '8');
insert into reference.campaign_checks (campaign_id, check_id) values
  ('light', 'lit'), ('brisk', 'lit'), ('late', 'lit'), ('ended', 'lit'), ('waived', 'lit'), ('nothing', 'lit'), ('nothing', 'moored'), ('future', 'lit'), ('harbour', 'moored'), ('fog', 'heard');
insert into reference.campaign_targets (campaign_id, field, value) values
  ('light', 'team', 'Crew'), ('light', 'team', 'mi*'), ('light', 'team', '__none__'), ('light', 'tier', '1'), ('light', 'tier', '2'), ('late', 'subject', 'b'), ('ended', 'subject', 'a'),
  ('waived', 'subject', 'w1'), ('nothing', 'subject', 'w_'), ('harbour', 'pci', 'true'), ('harbour', 'subject', 'sea/*');

-- On the 21st four weeks ago is 10-24: a, e and f are done since, c is undone, d came, i no longer applies, and what h was nobody knew. On the 20th the last
-- date by four weeks ago is 10-22, 29 days before, and a and e are done since. If g passed, three were done since the 24th, and the other three by 12-19.
-- expect fct_campaign_progress where campaign_id = 'light' and date >= '2026-11-20': date, team, n_subjects, n_targets, n_done, n_left, n_unknown, n_exempt, round(share_done, 6), window_days, done_28d, round(per_day, 6), projected_end, is_on_track, days_left
values
  ('2026-11-21', '__all__',  9,  9,  5, 3, 1, 0, 0.555556, 28, 2, 0.071429, '2027-01-16', null,  40),
  ('2026-11-21', 'crew',     4,  4,  2, 2, 0, 0, 0.5,      28, 0, 0,        null,         false, 40),
  ('2026-11-21', 'mill',     4,  4,  3, 0, 1, 0, 0.75,     28, 2, 0.071429, '2026-12-05', true,  40),
  ('2026-11-21', '__none__', 1,  1,  0, 1, 0, 0, 0,        28, 0, 0,        null,         false, 40),
  ('2026-11-20', '__all__',  10, 10, 5, 4, 0, 1, 0.555556, 29, 2, 0.068966, '2027-01-17', false, 41),
  ('2026-11-20', 'crew',     4,  4,  3, 1, 0, 0, 0.75,     29, 1, 0.034483, '2026-12-19', true,  41),
  ('2026-11-20', 'mill',     5,  5,  2, 2, 0, 1, 0.5,      29, 1, 0.034483, '2027-01-17', false, 41),
  ('2026-11-20', '__none__', 1,  1,  0, 1, 0, 0, 0,        29, 0, 0,        null,         false, 41);

-- brisk began on the 16th: its window begins with the 14th, the last date before; six days are too few to tell a pace from. What is exempt is not left,
-- and what is done is on track however late it is.
-- expect fct_campaign_progress where campaign_id <> 'light' and team = '__all__' and date >= '2026-11-20': date, campaign_id, n_targets, n_done, n_left, n_unknown, n_exempt, round(share_done, 6), window_days, done_28d, projected_end, is_on_track, checks
values
  ('2026-11-21', 'brisk',   12, 5, 5, 1, 1, 0.454545, 7,  1,    '2027-01-02', false, ['lit']),
  ('2026-11-20', 'brisk',   13, 5, 6, 0, 2, 0.454545, 6,  null, null,         null,  ['lit']),
  ('2026-11-21', 'late',    1,  0, 1, 0, 0, 0,        28, 0,    null,         false, ['lit']),
  ('2026-11-20', 'late',    1,  0, 1, 0, 0, 0,        29, 0,    null,         false, ['lit']),
  ('2026-11-21', 'ended',   1,  1, 0, 0, 0, 1,        28, 1,    '2026-11-21', true,  ['lit']),
  ('2026-11-20', 'ended',   1,  1, 0, 0, 0, 1,        29, 1,    '2026-11-20', true,  ['lit']),
  ('2026-11-21', 'waived',  1,  0, 0, 0, 1, null,     28, 0,    null,         null,  ['lit']),
  ('2026-11-20', 'waived',  1,  0, 0, 0, 1, null,     29, 0,    null,         null,  ['lit']),
  ('2026-11-21', 'nothing', 0,  0, 0, 0, 0, null,     28, null,  null,         null,  ['lit', 'moored']),
  ('2026-11-20', 'nothing', 0,  0, 0, 0, 0, null,     29, null,  null,         null,  ['lit', 'moored']),
  ('2026-11-21', 'harbour', 1,  1, 0, 0, 0, 1,        28, 1,    '2026-11-21', true,  ['moored']),
  ('2026-11-20', 'harbour', 1,  0, 1, 0, 0, 0,        29, 0,    null,         false, ['moored']),
  ('2026-11-21', 'fog',     2,  0, 0, 2, 0, 0,        28, null, null,         null,  ['heard']),
  ('2026-11-20', 'fog',     2,  1, 1, 0, 0, 0.5,      29, 1,    '2026-12-19', false, ['heard']);

-- A burndown has a date each week back from the newest, where there is one.
-- expect campaign-progress: status, subject_id, team, n_targets, n_left, days_left, burndown, source_completeness
values
  ('not_told',    'light',   '__all__', 9,    3,    40,   '2026-10-24: 7, 2026-11-14: 6, 2026-11-21: 4', 'partial'),
  ('late',        'brisk',   '__all__', 12,   5,    9,    '2026-11-21: 6', 'partial'),
  ('late',        'late',    '__all__', 1,    1,    -1,   '2026-10-24: 1, 2026-11-14: 1, 2026-11-21: 1', 'complete'),
  ('done',        'ended',   '__all__', 1,    0,    -1,   '2026-10-24: 1, 2026-11-14: 1, 2026-11-21: 0', 'complete'),
  ('all_exempt',  'waived',  '__all__', 1,    0,    10,   '2026-10-24: 0, 2026-11-14: 0, 2026-11-21: 0', 'complete'),
  ('no_target',   'nothing', '__all__', 0,    0,    10,   '2026-10-24: 0, 2026-11-14: 0, 2026-11-21: 0', 'complete'),
  ('not_started', 'future',  '__all__', null, null, null, null,            'none'),
  ('not_told',    'fog',     '__all__', 2,    0,    10,   '2026-10-24: 2, 2026-11-14: 2, 2026-11-21: 2', 'partial'),
  ('done',        'harbour', '__all__', 1,    0,    24,   '2026-10-24: 1, 2026-11-14: 1, 2026-11-21: 0', 'complete');

-- expect campaign-left where subject_type <> 'source': status, campaign_id, owner_team, subject_id, first_failed_on, days_failing, deadline, remedy, source_completeness
values
  ('left',    'light',  'crew', 'b',  '2026-10-22', 30,   '2026-12-31', 'Fill it with oil', 'complete'),
  ('left',    'light',  'crew', 'c',  '2026-11-21', 0,    '2026-12-31', 'Fill it with oil', 'complete'),
  ('left',    'light',  null,   'j',  '2026-10-22', 30,   '2026-12-31', 'Fill it with oil', 'complete'),
  ('unknown', 'light',  'mill', 'g',  null,         null, '2026-12-31', 'Fill it with oil', 'none'),
  ('left',    'brisk',  'crew', 'b',  '2026-10-22', 30,   '2026-11-30', 'Fill it with oil', 'complete'),
  ('left',    'brisk',  'crew', 'c',  '2026-11-21', 0,    '2026-11-30', 'Fill it with oil', 'complete'),
  ('left',    'brisk',  null,   'j',  '2026-10-22', 30,   '2026-11-30', 'Fill it with oil', 'complete'),
  ('left',    'brisk',  'deck', 'k',  '2026-10-22', 30,   '2026-11-30', 'Fill it with oil', 'complete'),
  ('left',    'brisk',  'crew', 'm',  '2026-10-22', 30,   '2026-11-30', 'Fill it with oil', 'complete'),
  ('unknown', 'brisk',  'mill', 'g',  null,         null, '2026-11-30', 'Fill it with oil', 'none'),
  ('exempt',  'brisk',  'mill', 'w1', '2026-10-22', 30,   '2026-11-30', 'Fill it with oil', 'complete'),
  ('unknown', 'fog',    'deck', 'n',  null,         null, '2026-12-01', 'Blow it',          'none'),
  ('unknown', 'fog',    'deck', 'o',  null,         null, '2026-12-01', 'Blow it',          'none'),
  ('left',    'late',   'crew', 'b',  '2026-10-22', 30,   '2026-11-20', 'Fill it with oil', 'complete'),
  ('exempt',  'waived', 'mill', 'w1', '2026-10-22', 30,   '2026-12-01', 'Fill it with oil', 'complete');

-- expect campaign-left where subject_type = 'source': status, subject_id
values ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions'), ('not_visible', 'github.repositories');
