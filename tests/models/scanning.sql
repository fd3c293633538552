-- What the three kinds of alert say of a repository, and what they do not, worked out by hand: the name of a repository is its case.
-- `tests/models.rs` runs it as it runs `small_company.sql`; the dates built are 2026-11-20 and 2026-11-21.

alter table github.repositories alter column organization set default 'clockwork-lighthouse';
alter table github.repositories alter column visibility set default 'private';
alter table github.repositories alter column default_branch set default 'main';
alter table github.repositories alter column is_secret_scanning_push_protection_enabled set default true;
alter table github.code_scanning_alerts alter column date set default '2026-11-21';
alter table github.secret_scanning_alerts alter column date set default '2026-11-21';
alter table github.secret_scanning_alerts alter column secret_type set default 'cloud_key';
alter table almanac.outcomes alter column source set default 'github';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into github.repositories (date, repository_id, name, is_secret_scanning_enabled, viewer_can_administer) values
  ('2026-11-21', 1, 'found', true, true),   ('2026-11-21', 2, 'clean', true, true),       ('2026-11-20', 2, 'clean', true, true), ('2026-11-21', 3, 'off', false, true),
  ('2026-11-21', 4, 'flag-off', false, true), ('2026-11-21', 5, 'not-ours', null, false), ('2026-11-21', 6, 'late', true, true),  ('2026-11-20', 6, 'late', false, true),
  ('2026-11-21', 7, 'unguarded', true, true), ('2026-11-21', 8, 'cut', true, true);
update github.repositories set full_name = organization || '/' || name;
update github.repositories set is_secret_scanning_push_protection_enabled = false where name = 'unguarded';

insert into almanac.outcomes (date, logical_date, table_name, parent, status, detail) values
  ('2026-11-20', '2026-11-20', 'repositories', 'clockwork-lighthouse', 'ok', null), ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-lighthouse', 'ok', null),
  ('2026-11-21', '2026-11-21', 'code_scanning_alerts', 'clockwork-lighthouse', 'ok', null),
  ('2026-11-21', '2026-11-21', 'code_scanning_alerts', 'clockwork-lighthouse/found', 'ok', null),
  ('2026-11-21', '2026-11-21', 'code_scanning_alerts', 'clockwork-lighthouse/clean', 'empty', null),
  ('2026-11-21', '2026-11-21', 'code_scanning_alerts', 'clockwork-lighthouse/off', 'disabled', null),
  ('2026-11-21', '2026-11-21', 'code_scanning_alerts', 'clockwork-lighthouse/flag-off', 'disabled', 'no analysis was ever uploaded'),
  ('2026-11-21', '2026-11-21', 'code_scanning_alerts', 'clockwork-lighthouse/not-ours', 'not_found', null),
  ('2026-11-21', '2026-11-21', 'code_scanning_alerts', 'clockwork-lighthouse/late', 'forbidden', null),
  ('2026-11-21', '2026-11-21', 'secret_scanning_alerts', 'clockwork-lighthouse/found', 'ok', null),
  ('2026-11-20', '2026-11-20', 'secret_scanning_alerts', 'clockwork-lighthouse/clean', 'empty', null),
  ('2026-11-21', '2026-11-21', 'secret_scanning_alerts', 'clockwork-lighthouse/clean', 'empty', null),
  ('2026-11-21', '2026-11-21', 'secret_scanning_alerts', 'clockwork-lighthouse/off', 'disabled', null),
  ('2026-11-21', '2026-11-21', 'secret_scanning_alerts', 'clockwork-lighthouse/flag-off', 'not_found', null),
  ('2026-11-21', '2026-11-21', 'secret_scanning_alerts', 'clockwork-lighthouse/not-ours', 'forbidden', null),
  ('2026-11-20', '2026-11-20', 'secret_scanning_alerts', 'clockwork-lighthouse/late', 'disabled', null),
  ('2026-11-21', '2026-11-21', 'secret_scanning_alerts', 'clockwork-lighthouse/late', 'error', null),
  ('2026-11-21', '2026-11-21', 'secret_scanning_alerts', 'clockwork-lighthouse/unguarded', 'empty', null),
  ('2026-11-21', '2026-11-21', 'secret_scanning_alerts', 'clockwork-lighthouse/cut', 'truncated', null);
update almanac.outcomes set run_id = '01A' || logical_date;

insert into github.code_scanning_alerts (repository_id, full_name, alert_number, state, rule_id, rule_severity, security_severity, tool_name, created_at, fixed_at, dismissed_at, dismissed_reason) values
  (1, 'clockwork-lighthouse/found', 1, 'open',      'sql-injection', 'error',   'critical', 'lens', '2026-10-21 10:00', null, null, null),
  (1, 'clockwork-lighthouse/found', 2, 'open',      'dead-code',     'note',    null,       'lens', '2026-01-01 10:00', null, null, null),
  (1, 'clockwork-lighthouse/found', 3, 'fixed',     'path-walk',     'warning', 'high',     'lens', '2026-10-01 10:00', '2026-10-31 10:00', null, null),
  (1, 'clockwork-lighthouse/found', 4, 'dismissed', 'weak-hash',     'warning', 'medium',   'lens', '2026-01-01 10:00', null, '2026-11-01 10:00', 'false positive');
insert into github.secret_scanning_alerts (repository_id, full_name, alert_number, state, resolution, validity, created_at, resolved_at) values
  (1, 'clockwork-lighthouse/found', 1, 'open',     null,      'active',   '2026-11-11 10:00', null),
  (1, 'clockwork-lighthouse/found', 2, 'resolved', 'revoked', 'inactive', '2026-11-01 10:00', '2026-11-03 10:00'),
  (8, 'clockwork-lighthouse/cut',   1, 'open',     null,      'unknown',  '2026-11-20 10:00', null);

-- expect fct_security_alerts: source_kind, alert_number, repository_id, state, severity, age_days, sla_days, sla_status, days_overdue, rule_id, tool, secret_type, validity, resolution
values
  ('code_scanning',   1, 1, 'open',      'critical', 31,  30,   'overdue',              1,    'sql-injection', 'lens', null,        null,       null),
  ('code_scanning',   2, 1, 'open',      null,       324, null, 'not_applicable',       null, 'dead-code',     'lens', null,        null,       null),
  ('code_scanning',   3, 1, 'fixed',     'high',     30,  30,   'met',                  0,    'path-walk',     'lens', null,        null,       null),
  ('code_scanning',   4, 1, 'dismissed', 'medium',   304, 90,   'breached_when_closed', 214,  'weak-hash',     'lens', null,        null,       null),
  ('secret_scanning', 1, 1, 'open',      null,       10,  null, 'not_applicable',       null, null,            null,   'cloud_key', 'active',   null),
  ('secret_scanning', 2, 1, 'resolved',  null,       2,   null, 'not_applicable',       null, null,            null,   'cloud_key', 'inactive', 'revoked'),
  ('secret_scanning', 1, 8, 'open',      null,       1,   null, 'not_applicable',       null, null,            null,   'cloud_key', 'unknown',  null);

-- expect fct_alert_visibility where date = '2026-11-21' and alert_kind <> 'dependabot': alert_kind, split_part(full_name, '/', 2), visibility, n_open, n_open_critical, alert_status
values
  ('code_scanning',   'found',     'visible',     2,    1,    'with_alerts'),     ('secret_scanning', 'found',     'visible',     1,    null, 'with_alerts'),
  ('code_scanning',   'clean',     'visible',     0,    0,    'no_open_alerts'),  ('secret_scanning', 'clean',     'visible',     0,    null, 'no_open_alerts'),
  ('code_scanning',   'off',       'disabled',    null, null, 'alerts_disabled'), ('secret_scanning', 'off',       'disabled',    null, null, 'alerts_disabled'),
  ('code_scanning',   'flag-off',  'never_ran',   null, null, 'never_ran'),       ('secret_scanning', 'flag-off',  'disabled',    null, null, 'alerts_disabled'),
  ('code_scanning',   'not-ours',  'not_visible', null, null, 'not_visible'),     ('secret_scanning', 'not-ours',  'not_visible', null, null, 'not_visible'),
  ('code_scanning',   'late',      'not_visible', null, null, 'not_visible'),     ('secret_scanning', 'late',      'unknown',     null, null, 'not_visible'),
  ('code_scanning',   'unguarded', 'unknown',     null, null, 'not_visible'),     ('secret_scanning', 'unguarded', 'visible',     0,    null, 'no_open_alerts'),
  ('code_scanning',   'cut',       'unknown',     null, null, 'not_visible'),     ('secret_scanning', 'cut',       'unknown',     1,    null, 'with_alerts');

-- expect secret-scanning-off: split_part(subject_id, '/', 2), status, first_failed_on, days_failing, source_completeness
values
  ('off', 'off', '2026-11-21', 0, 'complete'), ('flag-off', 'off', '2026-11-21', 0, 'complete'), ('unguarded', 'push_protection_off', null, null, 'complete'),
  ('not-ours', 'not_visible', '2026-11-21', 0, 'none'), ('late', 'not_visible', '2026-11-20', 1, 'none'), ('cut', 'not_visible', '2026-11-21', 0, 'none');

-- expect governance-coverage where policy_id = 'secret-scanning-off': organization, as_of_date, repositories, in_order, not_in_order, not_visible
values ('clockwork-lighthouse', '2026-11-21', 8, 2, 3, 3);

-- What was never scanned is a gap of the company's and not of ours: it is not among them.
-- expect collection-gaps where table_name = 'code_scanning_alerts' and status in ('not_found', 'disabled'): split_part(parent, '/', 2), meaning, what_to_do
values
  ('not-ours', 'the vendor answered 404: hidden from us or gone', 'check that it still exists and that the credential was given access to it');

-- expect collection-gaps: table_name, split_part(parent, '/', 2), status, detail, n_rows, logical_date
values
  ('code_scanning_alerts', 'late', 'forbidden', null, 0, '2026-11-21'), ('code_scanning_alerts', 'not-ours', 'not_found', null, 0, '2026-11-21'), ('secret_scanning_alerts', 'cut', 'truncated', null, 0, '2026-11-21'),
  ('secret_scanning_alerts', 'flag-off', 'not_found', null, 0, '2026-11-21'), ('secret_scanning_alerts', 'late', 'error', null, 0, '2026-11-21'),
  ('secret_scanning_alerts', 'not-ours', 'forbidden', null, 0, '2026-11-21');

-- found was scanned on 2026-10-21 at the latest; when clean was, nobody tells. late was off a day before, and is not known now.
-- expect code-scanning: status, split_part(subject_id, '/', 2), n_open, n_open_critical, n_open_high, n_overdue, newest_alert_at, first_failed_on, days_failing, source_completeness
values
  ('off', 'off', null, null, null, null, null, '2026-11-21', 0, 'complete'), ('never_ran', 'flag-off', null, null, null, null, null, '2026-11-21', 0, 'complete'),
  ('not_visible', 'cut', null, null, null, null, null, '2026-11-21', 0, 'none'), ('not_visible', 'late', null, null, null, null, null, '2026-11-20', 1, 'none'),
  ('not_visible', 'not-ours', null, null, null, null, null, '2026-11-21', 0, 'none'), ('not_visible', 'unguarded', null, null, null, null, null, '2026-11-21', 0, 'none'),
  ('on', 'found', 2, 1, 0, 1, '2026-10-21 10:00', null, null, 'complete'), ('on', 'clean', 0, 0, 0, 0, null, null, null, 'complete');

-- expect overdue-alerts where alert_kind = 'code_scanning': status, split_part(subject_id, '/', 2), n_overdue_critical, n_overdue_high, n_overdue, n_open, n_without_sla, max_days_overdue, n_repositories, source_completeness
values
  ('overdue', 'found', 1, 0, 1, 2, 1, 1, 1, 'complete'), ('switched_off', 'off', null, null, null, null, null, null, 1, 'complete'), ('switched_off', 'flag-off', null, null, null, null, null, null, 1, 'complete'),
  ('not_visible', 'cut', null, null, null, null, null, null, 1, 'none'), ('not_visible', 'late', null, null, null, null, null, null, 1, 'none'), ('not_visible', 'not-ours', null, null, null, null, null, null, 1, 'none'),
  ('not_visible', 'unguarded', null, null, null, null, null, null, 1, 'none'), ('in_order', '', 0, 0, 0, 0, 0, null, 1, 'complete');

-- Four repositories of which it is known are too few for a share of code scanning; five are enough for one of secret scanning.
-- expect adoption where practice in ('code_scanning', 'secret_scanning', 'pr_template'): practice, team, n_subjects, n_with, n_without, n_unknown, share, share_low, share_high
values
  ('code_scanning', '(all)', 8, 2, 2, 4, null, 0.25, 0.75), ('code_scanning', '(no team)', 8, 2, 2, 4, null, 0.25, 0.75), ('secret_scanning', '(all)', 8, 3, 2, 3, 0.6, 0.375, 0.75),
  ('secret_scanning', '(no team)', 8, 3, 2, 3, 0.6, 0.375, 0.75), ('pr_template', '(all)', 8, 0, 0, 8, null, 0, 1), ('pr_template', '(no team)', 8, 0, 0, 8, null, 0, 1);
set variable "source" = 'github';
set variable "table_name" = 'code_scanning_alerts';
set variable "repository" = 'clockwork-lighthouse/CUT';

-- expect collection-gaps: split_part(parent, '/', 2), status
values ('late', 'forbidden'), ('not-ours', 'not_found');

-- expect secret-scanning-off: status, subject_id
values ('not_visible', 'clockwork-lighthouse/cut');
set variable "alert_kind" = 'code_scanning';

-- expect code-scanning: status, subject_id
values ('not_visible', 'clockwork-lighthouse/cut');

-- expect overdue-alerts: status, subject_id, alert_kind
values ('not_visible', 'clockwork-lighthouse/cut', 'code_scanning');
set variable "source" = 'datadog';

-- expect nothing of collection-gaps: parent
