-- Questions about checks, narrowed by every parameter that they have. Of what is given, one row fits them all, and others miss one each; rows for what could
-- not be seen stay. The table of the schema `given` stands in for what the model of its name would compute.
set variable "team" = 'crew';
set variable "subject" = 'b';
set variable "subject_type" = 'service';
set variable "check" = 'lit';
set variable "area" = 'detect';
set variable "campaign" = 'light';
set variable "status" = 'active';
set variable "days" = '1';
create schema given;
create table given.fct_check_runs (
  date date, is_restated boolean default false, judged_on date default '2026-11-21', check_id varchar, check_version bigint default 1, rule_digest varchar default 'of 2025', subject_type varchar,
  subject_id varchar, team varchar, tier varchar, is_pci_scope boolean, area varchar, severity varchar default 'low', weight double default 2.5, level varchar default 'gold',
  status varchar, answer varchar, reason varchar default 'given', evidence varchar, waiver_id varchar, waiver_expires date
);
-- Everything failed on the 19th, passed on the 20th and fails on the 21st.
insert into given.fct_check_runs (date, check_id, area, subject_type, subject_id, team, status)
select days.date, checks.check_id, checks.area, checks.subject_type, subjects.subject_id, subjects.team, 
  case days.date when '2026-11-20' then 'pass' else 'fail' end
from (values (date '2026-11-19'), (date '2026-11-20'), (date '2026-11-21')) as days (date)
cross join (values ('lit', 'detect', 'service'), ('trim', 'ensure', 'service'), ('moored', 'detect', 'repository')) as checks (check_id, area, subject_type)
cross join (values ('b', 'crew'), ('c', 'crew'), ('d', 'mill')) as subjects (subject_id, team);
update given.fct_check_runs set answer = status;

alter table catalog.services alter column component_type set default 'service';
insert into catalog.services (date, entity_ref, name, owner_ref) values ('2026-11-21', 'component:default/b', 'b', 'group:default/crew');
delete from reference.checks;
insert into reference.checks (check_id, area, subject_type, severity, level, remedy) values ('lit', 'detect', 'service', 'low', 'gold', 'Light it'), ('trim', 'ensure', 'service', 'low', 'gold', 'Trim it'), ('moored', 'detect', 'repository', 'low', 'gold', 'Moor it');
delete from reference.waivers;
insert into reference.waivers (waiver_id, check_id, subject, expires) values ('w1', 'lit', 'b', '2027-11-21'), ('w2', 'lit', 'b', '2026-11-19'), ('w3', 'trim', 'b', '2027-11-21');
delete from reference.campaigns;
delete from reference.campaign_checks;
delete from reference.campaign_targets;
insert into reference.campaigns (campaign_id, starts) values ('light', '2026-11-01'), ('other', '2026-11-01');
insert into reference.campaign_checks (campaign_id, check_id) values ('light', 'lit'), ('other', 'lit');

-- expect quality-scores where subject_type <> 'source': subject_type, subject_id, n_fail, next_check
values ('service', 'b', 1, 'lit');

-- expect failing-checks where subject_type <> 'source': subject_type, subject_id, check_id
values ('service', 'b', 'lit');

-- expect score-changes: status, subject_id, check_id, compared_with
values ('subject_changed', 'b', 'lit', '2026-11-20');

-- expect waivers: subject_id
values ('w1');

-- expect campaign-progress: subject_id, team, n_targets
values ('light', 'crew', 2);

-- expect campaign-left where subject_type <> 'source': campaign_id, subject_id
values ('light', 'b');

-- expect failing-checks where subject_type = 'source': status, subject_id
values ('not_visible', 'catalog.services'), ('not_visible', 'datadog.service_definitions'), ('not_visible', 'github.repositories');
