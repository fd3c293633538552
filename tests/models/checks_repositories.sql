-- What checks say of repositories, worked out by hand: good has all that is asked for, bad has nothing, void holds no commit, mixed and late lack one thing or
-- another, and of unread only the list of repositories told. yesterday was last seen then, in an organisation that broke off today; gone and archived are no
-- subjects. `tests/models.rs` runs it as it runs `small_company.sql`; the dates built are 2026-11-20 and 2026-11-21.

alter table github.repositories alter column organization set default 'works';
alter table github.repositories alter column visibility set default 'public';
alter table github.repositories alter column default_branch set default 'main';
alter table github.repositories alter column created_at set default '2025-01-01';
alter table github.repositories alter column is_dependabot_alerts_enabled set default true;
alter table github.repositories alter column is_security_policy_enabled set default false;
alter table github.repositories alter column viewer_can_administer set default true;
alter table github.rulesets alter column target set default 'branch';
alter table github.rulesets alter column enforcement set default 'active';
alter table github.rulesets alter column source_type set default 'repository';
alter table github.rulesets alter column ref_include set default ['~DEFAULT_BRANCH'];
alter table github.rulesets alter column bypass_actors set default [];
alter table github.repository_files alter column content_state set default 'not_asked';
alter table github.pull_requests alter column base_is_default set default true;
alter table github.pull_requests alter column created_at set default '2026-10-24';
alter table github.workflow_runs alter column event set default 'push';
alter table github.workflow_runs alter column head_branch set default 'main';
alter table github.dependabot_alerts alter column state set default 'open';
alter table github.code_scanning_alerts alter column state set default 'open';
alter table github.secret_scanning_alerts alter column state set default 'open';
alter table almanac.outcomes alter column source set default 'github';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

-- mixed was last pushed to 180 days ago, late 179.
insert into github.repositories (date, repository_id, name, license, pushed_at, is_secret_scanning_enabled, is_secret_scanning_push_protection_enabled) values
  ('2026-11-21', 1, 'good',     'MIT', '2026-11-20', true,  true),  ('2026-11-21', 2, 'bad',      null, '2026-01-01', false, false), ('2026-11-21', 3, 'void',   null, null,         true, true),
  ('2026-11-21', 4, 'unread',   null,  null,         null,  null),  ('2026-11-21', 5, 'mixed',    null, '2026-05-25', true,  true),  ('2026-11-21', 6, 'late',   'MIT', '2026-05-26', true, false),
  ('2026-11-21', 7, 'archived', null,  '2026-01-01', false, false), ('2026-11-20', 8, 'gone',     null, '2026-01-01', false, false);
insert into github.repositories (date, repository_id, organization, name, license, pushed_at, is_secret_scanning_enabled, is_secret_scanning_push_protection_enabled) values ('2026-11-20', 9, 'annex', 'yesterday', 'MIT', '2026-11-20', true, true);
-- In pier there are three whose own SECURITY.md nobody saw: of open all files were read.
insert into github.repositories (date, repository_id, organization, name, license, is_security_policy_enabled) values
  ('2026-11-21', 10, 'pier', 'open', 'NOASSERTION', null), ('2026-11-21', 11, 'pier', 'wide', 'MIT', true), ('2026-11-21', 12, 'pier', 'shut', 'MIT', false);
update github.repositories set full_name = organization || '/' || name;
update github.repositories set is_archived = true where name = 'archived';
update github.repositories set is_empty = true, default_branch = null, created_at = '2026-11-01' where name = 'void';
update github.repositories set visibility = 'private' where name in ('void', 'unread', 'mixed');
update github.repositories set is_dependabot_alerts_enabled = false where name = 'bad';
update github.repositories set viewer_can_administer = false, created_at = '2026-11-01' where name = 'unread';
insert into github.repository_properties (date, repository_id, property_name, value) values
  ('2026-11-21', 1, 'team', 'keepers'), ('2026-11-21', 1, 'pci_scope', 'in-scope'), ('2026-11-21', 3, 'pci_scope', 'out-of-scope'), ('2026-11-20', 9, 'team', 'keepers'), ('2026-11-20', 9, 'pci_scope', 'in-scope');

-- Everything was read of all but unread; of yesterday, yesterday.
insert into almanac.outcomes (date, logical_date, table_name, parent, status)
  select date, cast(date as varchar), tables.name, full_name, case repositories.name when 'unread' then 'forbidden' else 'ok' end
  from github.repositories
  cross join (values ('branch_protection_rules'), ('repository_rulesets'), ('rulesets'), ('repository_files'), ('dependabot_alerts'), ('code_scanning_alerts'), ('secret_scanning_alerts'), ('pull_requests'), ('pull_request_reviews'), ('workflow_runs')) as tables (name);
insert into almanac.outcomes (date, logical_date, table_name, parent) values
  ('2026-11-20', '2026-11-20', 'repositories', 'works'), ('2026-11-21', '2026-11-21', 'repositories', 'works'), ('2026-11-20', '2026-11-20', 'repositories', 'annex'),
  ('2026-11-21', '2026-11-21', 'repository_properties', 'works'), ('2026-11-20', '2026-11-20', 'repository_properties', 'annex'),
  ('2026-11-21', '2026-11-21', 'rulesets', 'works'), ('2026-11-21', '2026-11-21', 'teams', 'works'), ('2026-11-21', '2026-11-21', 'team_repositories', 'works');
insert into almanac.outcomes (date, logical_date, table_name, parent, status) values ('2026-11-21', '2026-11-21', 'repositories', 'annex', 'truncated');
update almanac.outcomes set status = 'rate_limited' where table_name = 'repository_files' and parent in ('pier/wide', 'pier/shut');
update almanac.outcomes set status = 'disabled' where table_name in ('dependabot_alerts', 'secret_scanning_alerts') and parent = 'works/bad';
update almanac.outcomes set status = 'disabled', detail = 'no analysis was ever uploaded' where table_name = 'code_scanning_alerts' and parent = 'works/bad';
-- The catalog could use the descriptor of good, not that of mixed, and was not given that of late.
insert into almanac.outcomes (date, logical_date, source, table_name, parent, status, detail) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'works/good/catalog-info.yaml', 'ok', null), ('2026-11-21', '2026-11-21', 'catalog', 'services', 'works/mixed/catalog-info.yaml', 'truncated', '1 of 1 documents is not valid'),
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'works/mixed/catalog-info.yaml:1', 'error', 'line 9: `spec.owner` is missing');
update almanac.outcomes set run_id = '01A' || logical_date;

-- The ruleset of mixed may be bypassed by a team, and that of late only evaluates.
insert into github.rulesets (date, ruleset_id, rule_types, required_approving_review_count, required_status_checks, requires_strict_status_checks) values
  ('2026-11-21', 201, ['deletion', 'non_fast_forward', 'pull_request', 'required_status_checks'], 1, ['build'], true), ('2026-11-21', 205, ['deletion', 'non_fast_forward', 'pull_request'], 1, [], null),
  ('2026-11-21', 206, ['deletion', 'non_fast_forward'], null, [], null), ('2026-11-20', 209, ['deletion', 'non_fast_forward', 'pull_request', 'required_status_checks'], 1, ['build'], true);
update github.rulesets set bypass_actors = ['team:keepers:always'] where ruleset_id = 205;
insert into github.repository_rulesets (date, repository_id, ruleset_id, name, source_type, target, enforcement)
  select date, ruleset_id - 200, ruleset_id, 'set', 'repository', 'branch', case ruleset_id when 206 then 'evaluate' else 'active' end from github.rulesets;

-- Four repositories require lamp-sdk: of 1.0, 1.1, 1.2 and 1.4, which are seen, bad is three behind and late two.
insert into github.teams (date, team_id, organization, slug, privacy) values ('2026-11-21', 1, 'works', 'keepers', 'visible');
insert into github.team_repositories (date, team_id, repository_id, permission) values ('2026-11-21', 1, 1, 'write'), ('2026-11-21', 1, 5, 'write');
insert into github.repository_files (date, repository_id, kind, path) values
  ('2026-11-21', 1, 'pull_request_template', '.github/pull_request_template.md'), ('2026-11-21', 1, 'security_policy', 'SECURITY.md'), ('2026-11-21', 1, 'workflow', '.github/workflows/ci.yml'),
  ('2026-11-21', 1, 'catalog_info', 'catalog-info.yaml'), ('2026-11-21', 5, 'catalog_info', 'catalog-info.yaml'), ('2026-11-21', 6, 'catalog_info', 'catalog-info.yaml'),
  ('2026-11-20', 9, 'pull_request_template', '.github/pull_request_template.md');
insert into github.repository_files (date, repository_id, kind, path, content_state, byte_size, content, codeowners_errors) values
  ('2026-11-21', 1, 'codeowners', '.github/CODEOWNERS', 'kept', 100, E'* @works/keepers\n', []), ('2026-11-21', 5, 'codeowners', '.github/CODEOWNERS', 'kept', 100, E'* @works/nobody\n', ['1:Unknown owner']),
  ('2026-11-21', 1, 'dependabot_config', '.github/dependabot.yml', 'kept', 100, E'version: 2\n', []),
  ('2026-11-21', 1, 'go_mod', 'go.mod', 'kept', 100, E'module github.com/works/good\n\ngo 1.24.0\n\nrequire github.com/works/lamp-sdk v1.4.0\n', []),
  ('2026-11-21', 2, 'go_mod', 'go.mod', 'kept', 100, E'module github.com/works/bad\n\ngo 1.23.0\n\nrequire github.com/works/lamp-sdk v1.0.0\n', []),
  ('2026-11-21', 5, 'go_mod', 'go.mod', 'kept', 100, E'module github.com/works/mixed\n\nrequire github.com/works/lamp-sdk v1.2.0 // indirect\n', []),
  ('2026-11-21', 6, 'go_mod', 'go.mod', 'kept', 100, E'module github.com/works/late\n\ngo 1.25\n\nrequire github.com/works/lamp-sdk v1.1.0\n', []);
update github.repository_files set full_name = (select min(full_name) from github.repositories where repositories.repository_id = repository_files.repository_id);

-- The critical alert of good is due today, that of mixed was due yesterday. late has one of its code that is late, and mixed one that has no SLA.
insert into github.dependabot_alerts (date, repository_id, full_name, alert_number, severity, created_at) values
  ('2026-11-21', 1, 'works/good', 1, 'critical', '2026-11-06 10:00'), ('2026-11-21', 5, 'works/mixed', 1, 'critical', '2026-11-05 10:00'), ('2026-11-21', 6, 'works/late', 1, 'high', '2026-01-01 10:00');
insert into github.code_scanning_alerts (date, repository_id, full_name, alert_number, rule_severity, security_severity, tool_name, created_at) values
  ('2026-11-21', 5, 'works/mixed', 1, 'note', null, 'lens', '2026-01-01 10:00'), ('2026-11-21', 6, 'works/late', 1, 'error', 'high', 'lens', '2026-10-21 10:00');
insert into github.secret_scanning_alerts (date, repository_id, full_name, alert_number, secret_type, created_at) values ('2026-11-21', 5, 'works/mixed', 1, 'cloud_key', '2026-11-20 10:00');

-- Five were merged in good, one of them far too large; in bad nobody approved one of five, and two are too large: three of four are within 400 + 3 * 0.75
-- lines of 10, 10, 10, 1000 and 1000, so 1000. In late four were merged, one more by software and one 28 days ago.
insert into github.pull_requests (date, repository_id, full_name, number, merged_at, additions, approvals)
  select '2026-11-21', 1, 'works/good', n, timestamp '2026-11-16 10:00:00' + to_days(cast(n as integer)), case n when 0 then 5000 else 400 end, 1 from range(5) as numbers (n)
  union all
  select '2026-11-21', 2, 'works/bad', n, timestamp '2026-11-16 10:00:00' + to_days(cast(n as integer)), case when n < 2 then 1000 else 10 end, case n when 0 then 0 else 1 end from range(5) as numbers (n)
  union all
  select '2026-11-21', 6, 'works/late', n, timestamp '2026-11-16 10:00:00' + to_days(cast(n as integer)), 10, 0 from range(4) as numbers (n)
  union all
  select '2026-11-21', 4, 'works/unread', n, timestamp '2026-11-16 10:00:00' + to_days(cast(n as integer)), 10, 1 from range(5) as numbers (n);
insert into github.pull_requests (date, repository_id, full_name, number, merged_at, is_bot_author) values ('2026-11-21', 6, 'works/late', 10, '2026-11-20 10:00', true), ('2026-11-21', 6, 'works/late', 11, '2026-10-24 23:59', false);
update github.pull_requests set state = 'merged';

-- One run of ten failed in good, two of ten in bad; four runs of late say nothing.
insert into github.workflow_runs (date, repository_id, full_name, run_id, conclusion, created_at)
  select '2026-11-21', 1, 'works/good', n, case n when 0 then 'failure' else 'success' end, '2026-11-20 10:00' from range(10) as numbers (n)
  union all
  select '2026-11-21', 2, 'works/bad', 100 + n, case when n < 2 then 'timed_out' else 'success' end, '2026-11-20 10:00' from range(10) as numbers (n)
  union all
  select '2026-11-21', 6, 'works/late', 200 + n, 'failure', '2026-11-20 10:00' from range(4) as numbers (n)
  union all
  select '2026-11-21', 4, 'works/unread', 300 + n, 'success', '2026-11-20 10:00' from range(5) as numbers (n);

-- expect nothing of int_check_answers where subject_id in ('works/archived', 'works/gone'): check_id

-- Nothing is known today of a repository that was last seen yesterday, however well it stood.
-- expect int_check_answers where subject_id = 'annex/yesterday': distinct status
values ('unknown');

-- expect int_check_answers where check_id = 'repository-owner-known' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'fail'), ('unread', 'unknown'), ('mixed', 'pass'), ('late', 'fail');

-- Custom properties are read of all repositories at once, so what is not set is known.
-- expect int_check_answers where check_id = 'repository-pci-scope-declared' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'pass'), ('unread', 'fail'), ('mixed', 'fail'), ('late', 'fail');

-- expect int_check_answers where check_id = 'license-known' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'not_applicable'), ('mixed', 'not_applicable'), ('late', 'pass');

-- expect int_check_answers where check_id = 'descriptor-valid' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'unknown'), ('mixed', 'fail'), ('late', 'unknown');

-- expect int_check_answers where check_id in ('pr-template-present', 'workflow-present', 'dependency-updates-on') and subject_id like 'works/%' group by subject_id: split_part(subject_id, '/', 2), min(status), max(status), count(*)
values ('good', 'pass', 'pass', 3), ('bad', 'fail', 'fail', 3), ('void', 'not_applicable', 'not_applicable', 3), ('unread', 'unknown', 'unknown', 3), ('mixed', 'fail', 'fail', 3), ('late', 'fail', 'fail', 3);

-- expect int_check_answers where check_id = 'security-policy-present' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'not_applicable'), ('mixed', 'not_applicable'), ('late', 'fail');

-- What the organisation keeps for all counts, where GitHub says so. That it says there is none does not stand for its files.
-- expect int_check_answers where check_id = 'security-policy-present' and subject_id like 'pier/%': split_part(subject_id, '/', 2), status
values ('open', 'unknown'), ('wide', 'pass'), ('shut', 'unknown');

-- expect int_check_answers where check_id = 'license-known' and subject_id like 'pier/%': split_part(subject_id, '/', 2), status, reason
values ('open', 'fail', 'there is a licence, and GitHub does not know which'), ('wide', 'pass', 'its licence is known'), ('shut', 'pass', 'its licence is known');

-- expect int_check_answers where check_id = 'codeowners-valid' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'unknown'), ('mixed', 'fail'), ('late', 'fail');

-- expect int_check_answers where check_id = 'default-branch-protected' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'unknown'), ('mixed', 'pass'), ('late', 'fail');

-- A team may do without the ruleset of mixed: it protects, and not from all.
-- expect int_check_answers where check_id in ('reviews-required', 'force-push-blocked') and subject_id like 'works/%' group by subject_id: split_part(subject_id, '/', 2), min(status), max(status), count(*)
values ('good', 'pass', 'pass', 2), ('bad', 'fail', 'fail', 2), ('void', 'not_applicable', 'not_applicable', 2), ('unread', 'unknown', 'unknown', 2), ('mixed', 'fail', 'fail', 2), ('late', 'fail', 'fail', 2);

-- expect int_check_answers where check_id = 'status-checks-required' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'unknown'), ('mixed', 'fail'), ('late', 'fail');

-- expect int_check_answers where check_id in ('secret-scanning-on', 'dependabot-on') and subject_id like 'works/%' group by subject_id: split_part(subject_id, '/', 2), min(status), max(status), count(*)
values ('good', 'pass', 'pass', 2), ('bad', 'fail', 'fail', 2), ('void', 'pass', 'pass', 2), ('unread', 'unknown', 'unknown', 2), ('mixed', 'pass', 'pass', 2), ('late', 'pass', 'pass', 2);

-- expect int_check_answers where check_id = 'push-protection-on' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'pass'), ('unread', 'unknown'), ('mixed', 'pass'), ('late', 'fail');

-- expect int_check_answers where check_id = 'code-scanning-on' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'unknown'), ('mixed', 'pass'), ('late', 'pass');

-- Where nobody looks there is no all-clear: bad has everything switched off.
-- expect int_check_answers where check_id = 'no-open-secret' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'unknown'), ('void', 'pass'), ('unread', 'unknown'), ('mixed', 'fail'), ('late', 'pass');

-- expect int_check_answers where check_id = 'no-overdue-critical-alert' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'unknown'), ('void', 'pass'), ('unread', 'unknown'), ('mixed', 'fail'), ('late', 'pass');

-- expect int_check_answers where check_id = 'no-overdue-code-scanning-alert' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'unknown'), ('void', 'pass'), ('unread', 'unknown'), ('mixed', 'not_applicable'), ('late', 'fail');

-- The go.mod of mixed asks for no version of Go.
-- expect int_check_answers where check_id = 'go-version-within-target' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'unknown'), ('mixed', 'unknown'), ('late', 'pass');

-- mixed requires it only for something else that it requires.
-- expect int_check_answers where check_id = 'sdk-within-target' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'not_applicable'), ('unread', 'unknown'), ('mixed', 'not_applicable'), ('late', 'pass');

-- expect int_check_answers where check_id = 'pushed-or-archived' and subject_id like 'works/%': split_part(subject_id, '/', 2), status
values ('good', 'pass'), ('bad', 'fail'), ('void', 'pass'), ('unread', 'pass'), ('mixed', 'fail'), ('late', 'pass');

-- expect fct_repository_practices where n_merged + n_runs_judged > 0: split_part(full_name, '/', 2), is_merges_read, n_merged, n_unreviewed, unreviewed_share, size_p50_lines, size_p75_lines, is_runs_read, n_runs_judged, n_runs_failed, run_failure_share
values
  ('good', true, 5, 0, 0, 400, 400, true, 10, 1, 0.1), ('bad', true, 5, 1, 0.2, 10, 1000, true, 10, 2, 0.2), ('late', true, 4, 4, null, null, null, true, 4, 4, null), ('unread', false, 5, 0, 0, 10, 10, false, 5, 0, 0);

-- expect int_check_answers where check_id in ('pull-requests-reviewed', 'pull-requests-small', 'ci-passes') and subject_id like 'works/%' group by subject_id: split_part(subject_id, '/', 2), min(status), max(status), count(*)
values ('good', 'pass', 'pass', 3), ('bad', 'fail', 'fail', 3), ('void', 'not_applicable', 'not_applicable', 3), ('unread', 'unknown', 'unknown', 3), ('mixed', 'not_applicable', 'not_applicable', 3), ('late', 'not_applicable', 'not_applicable', 3);

-- expect nothing of int_check_answers where status is null or status not in ('pass', 'fail', 'not_applicable', 'unknown') or coalesce(reason, '') = '' or not json_valid(evidence): check_id, subject_id
