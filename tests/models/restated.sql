-- A date that was only recomputed: what today's rules say of it is no word of that date, and nothing was said then. The answers of the checks are given: the table
-- of the schema `given` stands in for the model of its name. The dates built are 2026-11-20 and 2026-11-21.
set variable "restated" = 'true';
create schema given;
create table given.int_check_answers (check_id varchar, subject_id varchar, status varchar, reason varchar, evidence varchar);
insert into given.int_check_answers values ('sound', 'alpha', 'fail', 'cracked', null), ('whole', 'alpha', 'pass', 'not a leak', null);
alter table catalog.services alter column component_type set default 'service';
insert into catalog.services (date, entity_ref, name, owner_ref) values ('2026-11-21', 'component:default/alpha', 'alpha', 'group:default/keepers');
delete from reference.checks;
insert into reference.checks (check_id, area, subject_type, severity, level, version) values ('sound', 'ensure', 'service', 'critical', 'bronze', 2), ('whole', 'ensure', 'service', 'low', 'gold', 1);
delete from reference.campaigns;
delete from reference.campaign_checks;
insert into reference.campaigns (campaign_id, starts) values ('hulls', '2026-11-01');
insert into reference.campaign_checks (campaign_id, check_id) values ('hulls', 'sound');

-- expect fct_check_runs: date, is_restated, check_id, subject_id, status
values ('2026-11-21', true, 'sound', 'alpha', 'fail'), ('2026-11-21', true, 'whole', 'alpha', 'pass');

-- expect fct_check_results: check_id, team, status, first_failed_on, restated_on, restated_version, restated_status, is_rule_changed, is_changed, changed_by
values
  ('sound', 'keepers', null, null, '2026-11-21', 2, 'fail', null, null, null),
  ('whole', 'keepers', null, null, '2026-11-21', 1, 'pass', null, null, null);

-- 2.5 of 12.5 passes.
-- expect fct_quality_scores where area = 'all': subject_type, subject_id, score, n_checks, level, restated_score, restated_level, score_change, score_change_by_data, score_change_by_rule
values
  ('service', 'alpha', null, null, null, 20, 'none', null, null, null), ('team', 'keepers', null, null, null, 20, 'none', null, null, null),
  ('organisation', '__all__', null, null, null, 20, 'none', null, null, null);

-- expect nothing of quality-scores where status <> 'not_visible': subject_id

-- expect nothing of failing-checks where status <> 'not_visible': subject_id

-- expect score-changes: status, subject_id
values ('not_visible', 'fct_check_results');

-- expect nothing of fct_campaign_targets: subject_id

-- expect campaign-progress: status, subject_id, reason
values ('not_visible', 'hulls', 'no check was judged since its start');
