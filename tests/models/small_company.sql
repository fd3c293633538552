-- What the models make of a small company, worked out by hand. `tests/models.rs` runs it: statements up to the first `-- expect` fill the
-- raw tables, whose columns have the defaults given first; `-- expect MODEL [where …]: columns` is followed by exactly the rows that the
-- model, or the question, must give. Statements after the rows set what a question is asked with. Timestamps are UTC; the dates built are 2026-11-20 and 2026-11-21.

alter table github.repositories alter column visibility set default 'private';
alter table github.repositories alter column default_branch set default 'main';
alter table github.repositories alter column created_at set default '2025-01-01';
alter table github.repositories alter column pushed_at set default '2026-11-01';
alter table github.pull_requests alter column base_is_default set default true;
alter table almanac.outcomes alter column source set default 'github';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

-- github.repositories (organization 'clockwork-lighthouse', visibility private, not archived, created 2025-01-01, pushed 2026-11-01)
insert into github.repositories (date, repository_id, organization, name, full_name, is_dependabot_alerts_enabled) values
  ('2026-11-20', 1, 'clockwork-lighthouse', 'pay',    'clockwork-lighthouse/pay',    true), ('2026-11-21', 1, 'clockwork-lighthouse', 'pay',    'clockwork-lighthouse/pay',    true),
  ('2026-11-20', 2, 'clockwork-lighthouse', 'vault',  'clockwork-lighthouse/vault',  true), ('2026-11-21', 2, 'clockwork-lighthouse', 'vault',  'clockwork-lighthouse/vault',  true),
  ('2026-11-20', 3, 'clockwork-lighthouse', 'ledger', 'clockwork-lighthouse/ledger', true), ('2026-11-21', 3, 'clockwork-lighthouse', 'ledger', 'clockwork-lighthouse/ledger', true),
  ('2026-11-20', 4, 'clockwork-lighthouse', 'clean',  'clockwork-lighthouse/clean',  true), ('2026-11-21', 4, 'clockwork-lighthouse', 'clean',  'clockwork-lighthouse/clean',  true),
  ('2026-11-20', 5, 'clockwork-lighthouse', 'silent', 'clockwork-lighthouse/silent', true), ('2026-11-21', 5, 'clockwork-lighthouse', 'silent', 'clockwork-lighthouse/silent', true),
  ('2026-11-20', 6, 'clockwork-lighthouse', 'cut',    'clockwork-lighthouse/cut',    true), ('2026-11-21', 6, 'clockwork-lighthouse', 'cut',    'clockwork-lighthouse/cut',    true),
  ('2026-11-20', 7, 'clockwork-lighthouse', 'blog',   'clockwork-lighthouse/blog',   true), ('2026-11-21', 7, 'clockwork-lighthouse', 'blog',   'clockwork-lighthouse/blog',   true),
  ('2026-11-20', 8, 'clockwork-lighthouse', 'gone',   'clockwork-lighthouse/gone',   true),
  ('2026-11-21', 20, 'Clockwork-Annex', 'x',     'Clockwork-Annex/x',      true);

-- The team of pay changes hands between the two days.
insert into github.repository_properties (date, repository_id, full_name, property_name, value) values
  ('2026-11-20', 1, 'clockwork-lighthouse/pay', 'pci_scope', 'in-scope'), ('2026-11-21', 1, 'clockwork-lighthouse/pay', 'pci_scope', 'in-scope'),
  ('2026-11-20', 1, 'clockwork-lighthouse/pay', 'team', 'old-team'),      ('2026-11-21', 1, 'clockwork-lighthouse/pay', 'team', 'payments'),
  ('2026-11-21', 2, 'clockwork-lighthouse/vault', 'pci_scope', 'in-scope'), ('2026-11-21', 3, 'clockwork-lighthouse/ledger', 'pci_scope', 'in-scope'),
  ('2026-11-20', 4, 'clockwork-lighthouse/clean', 'pci_scope', 'in-scope'), ('2026-11-21', 4, 'clockwork-lighthouse/clean', 'pci_scope', 'in-scope'),
  ('2026-11-21', 5, 'clockwork-lighthouse/silent', 'pci_scope', 'in-scope'), ('2026-11-21', 6, 'clockwork-lighthouse/cut', 'pci_scope', 'in-scope'),
  ('2026-11-21', 7, 'clockwork-lighthouse/blog', 'pci_scope', 'out-of-scope'), ('2026-11-20', 8, 'clockwork-lighthouse/gone', 'pci_scope', 'in-scope');

insert into almanac.outcomes (date, logical_date, table_name, parent, status) values
  ('2026-11-20', '2026-11-20', 'repositories', 'clockwork-lighthouse', 'ok'), ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-lighthouse', 'ok'),
  ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-annex', 'ok'),
  ('2026-11-20', '2026-11-20', 'repository_properties', 'clockwork-lighthouse', 'ok'), ('2026-11-21', '2026-11-21', 'repository_properties', 'clockwork-lighthouse', 'ok'),
  ('2026-11-21', '2026-11-21', 'repository_properties', 'clockwork-annex', 'forbidden'),
  ('2026-11-20', '2026-11-20', 'dependabot_alerts', 'clockwork-lighthouse', 'ok'), ('2026-11-21', '2026-11-21', 'dependabot_alerts', 'clockwork-lighthouse', 'ok'),
  ('2026-11-20', '2026-11-20', 'dependabot_alerts', 'clockwork-lighthouse/pay', 'ok'), ('2026-11-21', '2026-11-21', 'dependabot_alerts', 'clockwork-lighthouse/pay', 'ok'),
  ('2026-11-20', '2026-11-20', 'dependabot_alerts', 'clockwork-lighthouse/vault', 'empty'), ('2026-11-21', '2026-11-21', 'dependabot_alerts', 'clockwork-lighthouse/vault', 'disabled'),
  ('2026-11-21', '2026-11-21', 'dependabot_alerts', 'clockwork-lighthouse/ledger', 'forbidden'),
  ('2026-11-20', '2026-11-20', 'dependabot_alerts', 'clockwork-lighthouse/clean', 'error'), ('2026-11-21', '2026-11-21', 'dependabot_alerts', 'clockwork-lighthouse/clean', 'empty'),
  ('2026-11-21', '2026-11-21', 'dependabot_alerts', 'clockwork-lighthouse/cut', 'truncated'),
  ('2026-11-21', '2026-11-21', 'dependabot_alerts', 'clockwork-lighthouse/blog', 'ok'),
  ('2026-11-21', '2026-11-21', 'dependabot_alerts', 'Clockwork-Annex', 'forbidden');

update almanac.outcomes set run_id = '01A' || logical_date;

-- github.dependabot_alerts; alert 1 stands in both snapshots
insert into github.dependabot_alerts (date, repository_id, full_name, alert_number, state, severity, created_at, fixed_at, dismissed_at, auto_dismissed_at, dismissed_reason) values
  ('2026-11-20', 1, 'clockwork-lighthouse/pay',  1, 'open',           'critical', '2026-11-05 10:00', null, null, null, null),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay',  1, 'open',           'critical', '2026-11-05 10:00', null, null, null, null),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay',  2, 'open',           'high',     '2026-11-22 00:10', null, null, null, null),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay',  3, 'fixed',          'critical', '2026-10-01 10:00', '2026-10-16 23:00', null, null, null),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay',  4, 'dismissed',      'critical', '2026-10-01 10:00', null, '2026-10-17 00:00', null, 'tolerable_risk'),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay',  5, 'open',           'unheard',  '2026-10-01 10:00', null, null, null, null),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay',  6, 'fixed',          'low',      '2026-10-01 10:00', null, null, null, null),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay',  7, 'auto_dismissed', 'medium',   '2026-10-01 10:00', null, null, '2026-10-01 11:00', null),
  ('2026-11-21', 6, 'clockwork-lighthouse/cut',  1, 'open',           'low',      '2026-11-01 10:00', null, null, null, null),
  ('2026-11-21', 7, 'clockwork-lighthouse/blog', 1, 'open',           'critical', '2026-11-01 10:00', null, null, null, null);

-- github.pull_requests (base main, default; no bot, revert, draft unless said). Number 1 comes three times: an older version, a tie from an
-- older partition (loses), the winner. 3: ghost author, never reviewed, commits unknown. 4: commits rewritten after opening and approved
-- before the first review counted. 5: open draft. 6: closed unmerged, bot. 7: repository unknown to dim, revert, size 0. 8: bot.
insert into github.pull_requests (date, repository_id, full_name, number, state, created_at, updated_at, first_commit_authored_at, ready_at, first_review_at, first_approved_at, last_approved_at, merged_at, additions, deletions, reviews, approvals, is_bot_author, is_revert) values
  ('2026-11-21', 20, 'Clockwork-Annex/x', 8, 'merged', '2026-11-02 10:00', '2026-11-02 11:00', null, null, null, null, null, '2026-11-02 11:00', 4, 0, 0, 0, true, false),
  ('2026-11-20', 1, 'clockwork-lighthouse/pay', 1, 'open',   '2026-10-01 10:00', '2026-10-01 12:00', null, null, null, null, null, null, 1, 0, 0, 0, false, false),
  ('2026-11-20', 1, 'clockwork-lighthouse/pay', 1, 'merged', '2026-10-01 10:00', '2026-10-01 20:00', '2026-10-01 09:00', '2026-10-01 12:00', '2026-10-01 14:00', '2026-10-01 15:00', '2026-10-01 18:00', '2026-10-01 20:00', 99, 4, 3, 2, false, false),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 1, 'merged', '2026-10-01 10:00', '2026-10-01 20:00', '2026-10-01 09:00', '2026-10-01 12:00', '2026-10-01 14:00', '2026-10-01 15:00', '2026-10-01 18:00', '2026-10-01 20:00', 5, 4, 3, 2, false, false),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 2, 'merged', '2026-10-02 10:00', '2026-10-02 13:00', '2026-10-02 09:00', '2026-10-02 10:00', '2026-10-02 11:00', null, null, '2026-10-02 13:00', 10, 0, 1, 0, false, false),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 3, 'merged', '2026-10-03 10:00', '2026-10-03 10:30', null, '2026-10-03 10:00', null, null, null, '2026-10-03 10:30', 29, 1, 0, 0, false, false),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 4, 'merged', '2026-10-04 10:00', '2026-10-04 14:00', '2026-10-04 12:00', '2026-10-04 10:00', '2026-10-04 13:00', '2026-10-04 12:30', '2026-10-04 12:30', '2026-10-04 14:00', 100, 0, 2, 1, false, false),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 5, 'open',   '2026-11-04 10:00', '2026-11-04 10:00', null, null, null, null, null, null, 500, 0, 0, 0, false, false),
  ('2026-11-21', 1, 'clockwork-lighthouse/pay', 6, 'closed', '2026-11-04 10:00', '2026-11-05 00:00', null, '2026-11-04 10:00', null, null, null, null, 1000, 0, 0, 0, true, false),
  ('2026-11-21', 99, 'clockwork-lighthouse/lost', 7, 'merged', '2026-11-01 00:00', '2026-11-02 00:00', null, null, null, null, null, '2026-11-02 00:00', 0, 0, 1, 1, false, true);
update github.pull_requests set author_key = 'person-' || number;

-- expect dim_repositories: repository_id, team, is_pci_scope, is_present, first_seen_on, last_seen_on, days_since_push
values (1, 'payments', true, true, '2026-11-20', '2026-11-21', 20), (2, null, true, true, '2026-11-20', '2026-11-21', 20),
  (3, null, true, true, '2026-11-20', '2026-11-21', 20), (4, null, true, true, '2026-11-20', '2026-11-21', 20),
  (5, null, true, true, '2026-11-20', '2026-11-21', 20), (6, null, true, true, '2026-11-20', '2026-11-21', 20),
  (7, null, false, true, '2026-11-20', '2026-11-21', 20), (8, null, true, false, '2026-11-20', '2026-11-20', 19),
  (20, null, null, true, '2026-11-21', '2026-11-21', 20);

-- expect fct_security_alerts: date, repository_id, alert_number, team, is_pci_scope, age_days, sla_days, due_at, sla_status, days_overdue
values
  ('2026-11-20', 1, 1, 'old-team', true,  15, 15,   '2026-11-20 10:00:00', 'within',               0),
  ('2026-11-21', 1, 1, 'payments', true,  16, 15,   '2026-11-20 10:00:00', 'overdue',              1),
  ('2026-11-21', 1, 2, 'payments', true,  0,  30,   '2026-12-22 00:10:00', 'within',               0),
  ('2026-11-21', 1, 3, 'payments', true,  15, 15,   '2026-10-16 10:00:00', 'met',                  0),
  ('2026-11-21', 1, 4, 'payments', true,  16, 15,   '2026-10-16 10:00:00', 'breached_when_closed', 1),
  ('2026-11-21', 1, 5, 'payments', true,  51, null, null,                  'not_applicable',       null),
  ('2026-11-21', 1, 6, 'payments', true,  null, 180, '2027-03-30 10:00:00', null,                  null),
  ('2026-11-21', 1, 7, 'payments', true,  0,  90,   '2026-12-30 10:00:00', 'met',                  0),
  ('2026-11-21', 6, 1, null,       true,  20, 180,  '2027-04-30 10:00:00', 'within',               0),
  ('2026-11-21', 7, 1, null,       false, 20, 15,   '2026-11-16 10:00:00', 'overdue',              5);

-- expect fct_alert_visibility where alert_kind = 'dependabot': date, full_name, is_pci_scope, visibility, outcome_status, n_open, n_open_critical, n_open_high, alert_status
values
  ('2026-11-20', 'clockwork-lighthouse/blog',   null, 'unknown', null,     null, null, null, 'not_visible'),
  ('2026-11-20', 'clockwork-lighthouse/clean',  true, 'unknown', 'error',  null, null, null, 'not_visible'),
  ('2026-11-20', 'clockwork-lighthouse/cut',    null, 'unknown', null,     null, null, null, 'not_visible'),
  ('2026-11-20', 'clockwork-lighthouse/gone',   true, 'unknown', null,     null, null, null, 'not_visible'),
  ('2026-11-20', 'clockwork-lighthouse/ledger', null, 'unknown', null,     null, null, null, 'not_visible'),
  ('2026-11-20', 'clockwork-lighthouse/pay',    true, 'visible', 'ok',     1, 1, 0, 'with_alerts'),
  ('2026-11-20', 'clockwork-lighthouse/silent', null, 'unknown', null,     null, null, null, 'not_visible'),
  ('2026-11-20', 'clockwork-lighthouse/vault',  null, 'visible', 'empty',  0, 0, 0, 'no_open_alerts'),
  ('2026-11-21', 'Clockwork-Annex/x',      null, 'not_visible', 'forbidden', null, null, null, 'not_visible'),
  ('2026-11-21', 'clockwork-lighthouse/blog',   false, 'visible', 'ok',    1, 1, 0, 'with_alerts'),
  ('2026-11-21', 'clockwork-lighthouse/clean',  true, 'visible', 'empty',  0, 0, 0, 'no_open_alerts'),
  ('2026-11-21', 'clockwork-lighthouse/cut',    true, 'unknown', 'truncated', 1, 0, 0, 'with_alerts'),
  ('2026-11-21', 'clockwork-lighthouse/ledger', true, 'not_visible', 'forbidden', null, null, null, 'not_visible'),
  ('2026-11-21', 'clockwork-lighthouse/pay',    true, 'visible', 'ok',     3, 1, 1, 'with_alerts'),
  ('2026-11-21', 'clockwork-lighthouse/silent', true, 'unknown', null,     null, null, null, 'not_visible'),
  ('2026-11-21', 'clockwork-lighthouse/vault',  true, 'disabled', 'disabled', null, null, null, 'alerts_disabled');

-- expect pci-dependabot: as_of_date, subject_type, subject_id, owner_team, status, open_critical, open_high, open_total, overdue, oldest_open_days, first_failed_on, days_failing, source_completeness
values
  ('2026-11-21', 'repository',   'clockwork-lighthouse/pay',    'payments', 'with_alerts',     1, 1, 3, 1, 51, '2026-11-20', 1, 'complete'),
  ('2026-11-21', 'repository',   'clockwork-lighthouse/cut',    null,       'with_alerts',     0, 0, 1, 0, 20, '2026-11-20', 1, 'partial'),
  ('2026-11-21', 'repository',   'clockwork-lighthouse/vault',  null,       'alerts_disabled', null, null, null, null, null, '2026-11-21', 0, 'complete'),
  ('2026-11-21', 'repository',   'clockwork-lighthouse/ledger', null,       'not_visible',     null, null, null, null, null, '2026-11-20', 1, 'none'),
  ('2026-11-21', 'repository',   'clockwork-lighthouse/silent', null,       'not_visible',     null, null, null, null, null, '2026-11-20', 1, 'none'),
  ('2026-11-21', 'organization', 'Clockwork-Annex',        null,       'not_visible',     null, null, null, null, null, null, null, 'none');

-- expect pci-alert-coverage: organization, as_of_date, repositories, pci_repositories, no_open_alerts, with_alerts, alerts_disabled, not_visible, pci_scope_unknown
values ('Clockwork-Annex', '2026-11-21', 1, 0, 0, 0, 0, 0, 1), ('clockwork-lighthouse', '2026-11-21', 7, 6, 1, 2, 1, 2, 0);

-- expect fct_pull_requests: number, organization, full_name, team, size_lines, size_bucket, size_bucket_order, has_review, is_merged_without_review, has_disordered_events, merged_month, coding_hours, pickup_hours, review_hours, rework_hours, approval_to_merge_hours, merge_hours, cycle_hours
values
  (1, 'clockwork-lighthouse', 'clockwork-lighthouse/pay',  'payments', 9,    'XS',  1, true,  false, false, '2026-10-01', 3.0,  2.0,  4.0,  1.0,  2.0,  10.0, 11.0),
  (2, 'clockwork-lighthouse', 'clockwork-lighthouse/pay',  'payments', 10,   'S',   2, true,  true,  false, '2026-10-01', 1.0,  1.0,  2.0,  null, null, 3.0,  4.0),
  (3, 'clockwork-lighthouse', 'clockwork-lighthouse/pay',  'payments', 30,   'M',   3, false, true,  false, '2026-10-01', null, null, null, null, null, 0.5,  0.5),
  (4, 'clockwork-lighthouse', 'clockwork-lighthouse/pay',  'payments', 100,  'L',   4, true,  false, true,  '2026-10-01', null, 3.0,  null, null, 1.5,  4.0,  2.0),
  (5, 'clockwork-lighthouse', 'clockwork-lighthouse/pay',  'payments', 500,  'XL',  5, false, false, false, null,         null, null, null, null, null, null, null),
  (6, 'clockwork-lighthouse', 'clockwork-lighthouse/pay',  'payments', 1000, 'XXL', 6, false, false, false, null,         null, null, null, null, null, null, null),
  (8, 'Clockwork-Annex',      'Clockwork-Annex/x',         null,       4,    'XS',  1, false, true,  false, '2026-11-01', null, null, null, null, null, 1.0,  1.0),
  (7, 'clockwork-lighthouse', 'clockwork-lighthouse/lost', null,       0,    'XS',  1, true,  false, false, '2026-11-01', null, null, null, null, null, 24.0, 24.0);

-- expect fct_pr_size_merge_time where subject_type = 'organization': subject, period_type, period_start, size_bucket, size_bucket_order, n, n_bot_authored, n_pickup, n_review, n_merge, n_cycle
values
  ('clockwork-lighthouse', 'all_time', '2026-10-01', 'all', 0, 5, 0, 3, 2, 5, 5),
  ('clockwork-lighthouse', 'all_time', '2026-10-01', 'XS',  1, 2, 0, 1, 1, 2, 2),
  ('clockwork-lighthouse', 'all_time', '2026-10-01', 'S',   2, 1, 0, 1, 1, 1, 1),
  ('clockwork-lighthouse', 'all_time', '2026-10-01', 'M',   3, 1, 0, 0, 0, 1, 1),
  ('clockwork-lighthouse', 'all_time', '2026-10-01', 'L',   4, 1, 0, 1, 0, 1, 1),
  ('clockwork-lighthouse', 'month',    '2026-10-01', 'all', 0, 4, 0, 3, 2, 4, 4),
  ('clockwork-lighthouse', 'month',    '2026-10-01', 'XS',  1, 1, 0, 1, 1, 1, 1),
  ('clockwork-lighthouse', 'month',    '2026-10-01', 'S',   2, 1, 0, 1, 1, 1, 1),
  ('clockwork-lighthouse', 'month',    '2026-10-01', 'M',   3, 1, 0, 0, 0, 1, 1),
  ('clockwork-lighthouse', 'month',    '2026-10-01', 'L',   4, 1, 0, 1, 0, 1, 1),
  ('clockwork-lighthouse', 'month',    '2026-11-01', 'all', 0, 1, 0, 0, 0, 1, 1),
  ('clockwork-lighthouse', 'month',    '2026-11-01', 'XS',  1, 1, 0, 0, 0, 1, 1),
  ('Clockwork-Annex',      'all_time', '2026-11-01', 'all', 0, 1, 1, 0, 0, 1, 1), ('Clockwork-Annex', 'all_time', '2026-11-01', 'XS', 1, 1, 1, 0, 0, 1, 1),
  ('Clockwork-Annex',      'month',    '2026-11-01', 'all', 0, 1, 1, 0, 0, 1, 1), ('Clockwork-Annex', 'month',    '2026-11-01', 'XS', 1, 1, 1, 0, 0, 1, 1);

-- expect fct_pr_size_merge_time where n_people is not null: subject_type, size_bucket, n, n_people
values ('organization', 'all', 5, 5);

-- Five samples are the fewest that statistics are given for: 700 / 149, 1 - 6 * 34 / 120 and 1 - 6 * 38 / 120 by hand, Pearson by numpy's corrcoef.
-- expect fct_pr_size_merge_time where subject_type = 'organization' and n >= 5: pickup_p50_hours, review_p50_hours, round(merge_p50_hours, 9), round(merge_p75_hours, 9), round(merge_p90_hours, 9), round(cycle_p50_hours, 9), round(cycle_p75_hours, 9), round(cycle_p90_hours, 9), round(reviews_per_100_lines, 9), round(share_merged_without_review, 9), round(share_reverts, 9), round(spearman_size_merge, 9), round(spearman_size_cycle, 9), round(pearson_size_merge, 9), round(pearson_size_cycle, 9)
values (null, null, 4.0, 10.0, 18.4, 4.0, 11.0, 18.8, 4.697986577, 0.4, 0.2, -0.7, -0.9, -0.860288113, -0.910409163);

-- expect nothing of fct_pr_size_merge_time where n < 5 and coalesce(merge_p50_hours, cycle_p50_hours, pickup_p50_hours, review_p50_hours, spearman_size_merge, share_reverts) is not null: n

-- Four merges of pay, which is payments' own, and one of a repository that nobody knows.
-- expect pr-size-merge-time: subject_type, subject, since, size_bucket, n, share_of_pull_requests, n_bot_authored, merge_p50_hours, round(spearman_size_merge, 9), n_merge, n_cycle
values
  ('organization', 'Clockwork-Annex', '2026-11-01', 'all', 1, 1, 1, null, null, 1, 1), ('organization', 'Clockwork-Annex', '2026-11-01', 'XS', 1, 1, 1, null, null, 1, 1),
  ('repository', 'Clockwork-Annex/x', '2026-11-01', 'all', 1, 1, 1, null, null, 1, 1), ('repository', 'Clockwork-Annex/x', '2026-11-01', 'XS', 1, 1, 1, null, null, 1, 1),
  ('organization', 'clockwork-lighthouse', '2026-10-01', 'all', 5, 1, 0, 4, -0.7, 5, 5), ('organization', 'clockwork-lighthouse', '2026-10-01', 'XS', 2, 0.4, 0, null, null, 2, 2),
  ('organization', 'clockwork-lighthouse', '2026-10-01', 'S', 1, 0.2, 0, null, null, 1, 1), ('organization', 'clockwork-lighthouse', '2026-10-01', 'M', 1, 0.2, 0, null, null, 1, 1),
  ('organization', 'clockwork-lighthouse', '2026-10-01', 'L', 1, 0.2, 0, null, null, 1, 1),
  ('team', 'payments', '2026-10-01', 'all', 4, 1, 0, null, null, 4, 4), ('team', 'payments', '2026-10-01', 'XS', 1, 0.25, 0, null, null, 1, 1), ('team', 'payments', '2026-10-01', 'S', 1, 0.25, 0, null, null, 1, 1),
  ('team', 'payments', '2026-10-01', 'M', 1, 0.25, 0, null, null, 1, 1), ('team', 'payments', '2026-10-01', 'L', 1, 0.25, 0, null, null, 1, 1),
  ('repository', 'clockwork-lighthouse/pay', '2026-10-01', 'all', 4, 1, 0, null, null, 4, 4), ('repository', 'clockwork-lighthouse/pay', '2026-10-01', 'XS', 1, 0.25, 0, null, null, 1, 1),
  ('repository', 'clockwork-lighthouse/pay', '2026-10-01', 'S', 1, 0.25, 0, null, null, 1, 1), ('repository', 'clockwork-lighthouse/pay', '2026-10-01', 'M', 1, 0.25, 0, null, null, 1, 1),
  ('repository', 'clockwork-lighthouse/pay', '2026-10-01', 'L', 1, 0.25, 0, null, null, 1, 1),
  ('repository', 'clockwork-lighthouse/lost', '2026-11-01', 'all', 1, 1, 0, null, null, 1, 1), ('repository', 'clockwork-lighthouse/lost', '2026-11-01', 'XS', 1, 1, 0, null, null, 1, 1);

-- One alert of pay has no SLA, and one is due on 2026-12-22; of cut, of which only a part was read, none is seen that is overdue.
-- expect overdue-alerts where alert_kind = 'dependabot': status, subject_id, is_pci_scope, n_overdue_critical, n_overdue_high, n_overdue, n_open, n_without_sla, max_days_overdue, next_due_at, n_repositories, source_completeness
values
  ('overdue', 'clockwork-lighthouse/blog', false, 1, 0, 1, 1, 0, 5, null, 1, 'complete'), ('overdue', 'clockwork-lighthouse/pay', true, 1, 0, 1, 3, 1, 1, '2026-12-22 00:10', 1, 'complete'),
  ('switched_off', 'clockwork-lighthouse/vault', true, null, null, null, null, null, null, null, 1, 'complete'), ('not_visible', 'Clockwork-Annex/x', null, null, null, null, null, null, null, null, 1, 'none'),
  ('not_visible', 'clockwork-lighthouse/cut', true, null, null, null, null, null, null, '2027-04-30 10:00', 1, 'none'),
  ('not_visible', 'clockwork-lighthouse/ledger', true, null, null, null, null, null, null, null, 1, 'none'),
  ('not_visible', 'clockwork-lighthouse/silent', true, null, null, null, null, null, null, null, 1, 'none'), ('in_order', '(in order)', null, 0, 0, 0, 0, 0, null, null, 1, 'complete');
set variable "team" = 'payments';
set variable "repository" = 'Clockwork-Lighthouse/lost';

-- expect pr-size-merge-time where size_bucket = 'all': subject_type, subject, n
values ('team', 'payments', 4), ('repository', 'clockwork-lighthouse/lost', 1);
set variable "team" = 'old-team';
set variable "repository" = null;

-- pay is no longer theirs; whose the others are is not known, and nobody may take an empty answer for an all-clear.
-- expect pci-dependabot: status, subject_type, subject_id
values
  ('with_alerts', 'repository', 'clockwork-lighthouse/cut'), ('alerts_disabled', 'repository', 'clockwork-lighthouse/vault'), ('not_visible', 'repository', 'clockwork-lighthouse/ledger'),
  ('not_visible', 'repository', 'clockwork-lighthouse/silent'), ('not_visible', 'organization', 'Clockwork-Annex'), ('not_found', 'name', 'old-team');
set variable "organization" = 'CLOCKWORK-lighthouse';

-- expect pci-alert-coverage: organization, repositories, pci_repositories, no_open_alerts, with_alerts, alerts_disabled, not_visible, pci_scope_unknown
values ('clockwork-lighthouse', 6, 5, 1, 1, 1, 2, 0);
set variable "team" = null;
set variable "repository" = 'clockwork-lighthouse/vault';

-- expect pci-dependabot: status, subject_type, subject_id
values ('alerts_disabled', 'repository', 'clockwork-lighthouse/vault');
