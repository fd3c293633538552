-- What protects default branches, case by case and worked out by hand from the steps of GitHub's rules: the name of a repository is its case.
-- `tests/models.rs` runs it as it runs `small_company.sql`; the dates built are 2026-11-20 and 2026-11-21.

alter table github.repositories alter column organization set default 'clockwork-lighthouse';
alter table github.repositories alter column visibility set default 'public';
alter table github.repositories alter column default_branch set default 'main';
alter table github.branch_protection_rules alter column is_for_default_branch set default true;
alter table github.branch_protection_rules alter column is_admin_enforced set default true;
alter table github.branch_protection_rules alter column pattern set default 'main';
alter table github.rulesets alter column target set default 'branch';
alter table github.rulesets alter column bypass_actors set default [];
alter table github.rulesets alter column ref_include set default ['~DEFAULT_BRANCH'];
alter table almanac.outcomes alter column source set default 'github';

insert into github.repositories (date, repository_id, name) values
  ('2026-11-21', 1, 'classic'),            ('2026-11-21', 2, 'ruleset'),           ('2026-11-21', 3, 'both'),
  ('2026-11-21', 4, 'evaluate'),           ('2026-11-21', 5, 'disabled'),          ('2026-11-21', 6, 'excluded'),
  ('2026-11-21', 7, 'all-but-release'),    ('2026-11-21', 8, 'no-pattern'),        ('2026-11-21', 9, 'wildcard'),
  ('2026-11-21', 10, 'star-stops'),        ('2026-11-21', 11, 'folders'),          ('2026-11-21', 12, 'bypass'),
  ('2026-11-21', 13, 'bypass-unseen'),     ('2026-11-21', 14, 'admins-free'),      ('2026-11-21', 15, 'pull-free'),
  ('2026-11-21', 16, 'force-free'),        ('2026-11-21', 17, 'classic-unread'),   ('2026-11-21', 18, 'unread'),
  ('2026-11-21', 20, 'strict-bug'),        ('2026-11-21', 21, 'tags'),             ('2026-11-21', 22, 'empty'),
  ('2026-11-21', 23, 'weak'),              ('2026-11-21', 24, 'not-shown'),        ('2026-11-21', 25, 'never-read'),
  ('2026-11-21', 26, 'bad-pattern'),       ('2026-11-20', 27, 'relaxed'),          ('2026-11-21', 27, 'relaxed'),
  ('2026-11-21', 28, 'perfect'),           ('2026-11-21', 29, 'at-least-one'),     ('2026-11-21', 30, 'all'),
  ('2026-11-21', 31, 'planned-above'),     ('2026-11-21', 32, 'other-branch'),     ('2026-11-21', 33, 'team-keeps'),
  ('2026-11-21', 34, 'half-read'),         ('2026-11-21', 35, 'push-restricted');
insert into github.repositories (date, repository_id, name, organization) values ('2026-11-21', 19, 'above-unread', 'Clockwork-Annex');
update github.repositories set full_name = organization || '/' || name;
update github.repositories set default_branch = null where name = 'empty';
update github.repositories set default_branch = 'trunk/main' where name in ('star-stops', 'folders');
update github.repositories set visibility = 'private' where name = 'all';
update github.repositories set is_archived = true where name = 'no-pattern';

-- Everything was read, but for what the names of some say.
insert into almanac.outcomes (date, logical_date, table_name, parent, status)
  select date, cast(date as varchar), tables.name, full_name, 'ok'
  from github.repositories cross join (values ('branch_protection_rules'), ('repository_rulesets'), ('rulesets')) as tables (name)
  where repositories.name <> 'never-read';
insert into almanac.outcomes (date, logical_date, table_name, parent, status) values
  ('2026-11-20', '2026-11-20', 'rulesets', 'clockwork-lighthouse', 'ok'), ('2026-11-21', '2026-11-21', 'rulesets', 'clockwork-lighthouse', 'ok'),
  ('2026-11-21', '2026-11-21', 'rulesets', 'clockwork-annex', 'forbidden'),
  ('2026-11-20', '2026-11-20', 'repositories', 'clockwork-lighthouse', 'ok'), ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-lighthouse', 'ok'),
  ('2026-11-21', '2026-11-21', 'repositories', 'clockwork-annex', 'ok');
update almanac.outcomes set status = 'forbidden'
  where table_name = 'branch_protection_rules' and split_part(parent, '/', 2) in ('classic-unread', 'unread', 'at-least-one');
update almanac.outcomes set status = 'truncated' where table_name = 'repository_rulesets' and split_part(parent, '/', 2) = 'half-read';
update almanac.outcomes set run_id = '01A' || logical_date;

insert into github.branch_protection_rules (date, repository_id, rule_id, requires_approving_reviews, required_approving_review_count, dismisses_stale_reviews, requires_status_checks, requires_strict_status_checks, required_status_checks) values
  ('2026-11-21', 1,  101, true,  1,    true,  false, true,  []),
  ('2026-11-21', 3,  103, true,  1,    false, true,  false, ['lint']),
  ('2026-11-21', 14, 114, true,  1,    false, false, true,  []),
  ('2026-11-21', 15, 115, true,  1,    false, false, true,  []),
  ('2026-11-21', 16, 116, false, null, false, false, true,  []),
  ('2026-11-21', 20, 120, false, null, true,  false, true,  ['ghost']),
  ('2026-11-21', 23, 123, false, null, false, false, true,  []),
  ('2026-11-20', 27, 127, true,  1,    false, false, true,  []),
  ('2026-11-21', 27, 127, false, null, false, false, true,  []),
  ('2026-11-21', 32, 132, true,  1,    false, false, true,  []),
  ('2026-11-21', 33, 133, true,  2,    false, false, true,  []),
  ('2026-11-21', 34, 134, true,  1,    false, false, true,  []),
  ('2026-11-21', 35, 135, false, null, false, false, true,  []);
update github.branch_protection_rules set is_admin_enforced = false where repository_id in (3, 14);
update github.branch_protection_rules set bypass_pull_request_actors = ['user:p1', 'user:p2', 'team:keepers'] where repository_id = 15;
update github.branch_protection_rules set bypass_force_push_actors = ['app:winder'] where repository_id = 16;
update github.branch_protection_rules set allows_force_pushes = true, allows_deletions = true where repository_id = 23 or (repository_id = 27 and date = '2026-11-21');
update github.branch_protection_rules set is_for_default_branch = false, pattern = 'trunk' where repository_id = 32;
update github.branch_protection_rules set restricts_pushes = true, push_actors = ['team:keepers'] where repository_id = 35;

insert into github.rulesets (date, ruleset_id, source_type, rule_types, required_approving_review_count, requires_code_owner_reviews, requires_last_push_approval, required_status_checks, requires_strict_status_checks) values
  ('2026-11-21', 202, 'repository', ['deletion', 'non_fast_forward', 'pull_request', 'required_status_checks'], 2, true, true, ['test', 'build'], true),
  ('2026-11-21', 203, 'repository', ['pull_request', 'required_status_checks'], 2, false, false, ['build'], true),
  ('2026-11-21', 204, 'repository', ['non_fast_forward', 'pull_request'], 2, false, false, [], null),
  ('2026-11-21', 205, 'repository', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 206, 'repository', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 207, 'repository', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 208, 'repository', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 209, 'repository', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 210, 'repository', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 211, 'repository', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 212, 'repository', ['deletion', 'non_fast_forward', 'pull_request'], 1, false, false, [], null),
  ('2026-11-21', 213, 'repository', ['deletion', 'non_fast_forward', 'pull_request'], 1, false, false, [], null),
  ('2026-11-21', 221, 'organization', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 226, 'repository', ['deletion', 'non_fast_forward'], null, null, null, [], null),
  ('2026-11-21', 228, 'organization', ['deletion', 'non_fast_forward', 'pull_request', 'required_linear_history', 'required_signatures', 'required_status_checks'], 2, true, true, ['build'], true),
  ('2026-11-21', 229, 'repository', ['deletion', 'non_fast_forward', 'pull_request', 'required_status_checks'], 1, true, true, ['build'], true),
  ('2026-11-21', 230, 'repository', ['deletion'], null, null, null, [], null),
  ('2026-11-21', 231, 'organization', ['pull_request'], 2, false, false, [], null);
update github.rulesets set dismisses_stale_reviews = true where ruleset_id = 228;
update github.rulesets set ref_include = ['~ALL'], ref_exclude = ['~DEFAULT_BRANCH'] where ruleset_id = 206;
update github.rulesets set ref_include = [], ref_exclude = ['refs/heads/release/*'] where ruleset_id = 207;
update github.rulesets set ref_include = [] where ruleset_id = 208;
update github.rulesets set ref_include = ['refs/heads/v[0-9]*', 'refs/heads/m[!b-z]?*'] where ruleset_id = 209;
update github.rulesets set ref_include = ['refs/heads/*'] where ruleset_id = 210;
update github.rulesets set ref_include = ['refs/heads/**/*'] where ruleset_id = 211;
update github.rulesets set bypass_actors = ['team:keepers:always', 'organization_admin::pull_request', 'role:maintain:always', 'deploy_key::always'] where ruleset_id = 212;
update github.rulesets set bypass_actors = null where ruleset_id = 213;
update github.rulesets set target = 'tag', ref_include = ['refs/tags/v*'] where ruleset_id = 221;
update github.rulesets set ref_include = ['refs/heads/ma[in'] where ruleset_id = 226;
update github.rulesets set ref_include = ['~ALL'] where ruleset_id = 230;

-- 224 is applied and not shown; the ruleset of `unread` above belongs to an organisation that shows none.
insert into github.repository_rulesets (date, repository_id, ruleset_id, name, source_type, target, enforcement)
  select date, ruleset_id - 200, ruleset_id, 'set', source_type, target, 'active' from github.rulesets;
insert into github.repository_rulesets (date, repository_id, ruleset_id, name, source_type, target, enforcement) values
  ('2026-11-21', 24, 224, 'hidden', 'enterprise', 'branch', 'active'),
  ('2026-11-21', 17, 202, 'shared', 'organization', 'branch', 'active'),
  ('2026-11-21', 30, 231, 'later', 'organization', 'branch', 'evaluate');
update github.repository_rulesets set enforcement = 'evaluate' where ruleset_id in (204, 231);
update github.repository_rulesets set enforcement = 'disabled' where ruleset_id = 205;

-- expect fct_branch_protection where date = '2026-11-21': split_part(full_name, '/', 2), protection_status, protection_tier, protection_tier_high, source_completeness
values
  ('classic',         'protected',         3,    3,    'complete'), ('ruleset',         'protected',         9,    9,    'complete'),
  ('both',            'protected',         3,    3,    'complete'), ('evaluate',        'planned_only',      0,    0,    'complete'),
  ('disabled',        'unprotected',       0,    0,    'complete'), ('excluded',        'unprotected',       0,    0,    'complete'),
  ('all-but-release', 'protected',         3,    3,    'complete'), ('no-pattern',      'unprotected',       0,    0,    'complete'),
  ('wildcard',        'protected',         3,    3,    'complete'), ('star-stops',      'unprotected',       0,    0,    'complete'),
  ('folders',         'protected',         3,    3,    'complete'), ('bypass',          'protected',         3,    3,    'complete'),
  ('bypass-unseen',   'protected',         3,    3,    'complete'), ('admins-free',     'protected',         3,    3,    'complete'),
  ('pull-free',       'protected',         3,    3,    'complete'), ('force-free',      'protected',         3,    3,    'complete'),
  ('classic-unread',  'protected',         9,    10,   'partial'),  ('unread',          'unknown',           0,    10,   'none'),
  ('above-unread',    'unknown',           0,    10,   'none'),     ('strict-bug',      'protected',         3,    3,    'complete'),
  ('tags',            'unprotected',       0,    0,    'complete'), ('empty',           'no_default_branch', null, null, 'complete'),
  ('weak',            'unprotected',       0,    0,    'complete'), ('not-shown',       'unknown',           0,    10,   'none'),
  ('never-read',      'unknown',           0,    10,   'none'),     ('bad-pattern',     'unknown',           0,    10,   'none'),
  ('relaxed',         'unprotected',       0,    0,    'complete'), ('perfect',         'protected',         10,   10,   'complete'),
  ('at-least-one',    'protected',         8,    10,   'partial'),  ('all',             'protected',         0,    0,    'complete'),
  ('planned-above',   'planned_only',      0,    0,    'complete'), ('other-branch',    'unprotected',       0,    0,    'complete'),
  ('team-keeps',      'protected',         3,    3,    'complete'), ('half-read',       'protected',         3,    10,   'partial'),
  ('push-restricted', 'protected',         3,    3,    'complete');

-- Value and value with nobody who may do without: of pull requests, approvals, status checks, being up to date, force pushes, administrators.
-- expect fct_branch_protection where date = '2026-11-21' and protection_status = 'protected': split_part(full_name, '/', 2), pull_request_required, pull_request_required_unbypassable, required_approvals, required_approvals_unbypassable, status_checks_required, strict_status_checks_required, force_pushes_blocked, force_pushes_blocked_unbypassable, admins_bound
values
  ('classic',         true,  true,  1,    1,    false, false, true,  true,  true),
  ('ruleset',         true,  true,  2,    2,    true,  true,  true,  true,  true),
  ('both',            true,  true,  2,    2,    true,  true,  true,  true,  true),
  ('all-but-release', false, false, 0,    0,    false, false, true,  true,  true),
  ('wildcard',        false, false, 0,    0,    false, false, true,  true,  true),
  ('folders',         false, false, 0,    0,    false, false, true,  true,  true),
  ('bypass',          true,  false, 1,    0,    false, false, true,  false, false),
  ('bypass-unseen',   true,  null,  1,    null, false, false, true,  null,  null),
  ('admins-free',     true,  false, 1,    0,    false, false, true,  true,  false),
  ('pull-free',       true,  false, 1,    0,    false, false, true,  true,  true),
  ('force-free',      false, false, 0,    0,    false, false, true,  false, true),
  ('classic-unread',  true,  true,  2,    2,    true,  true,  true,  true,  true),
  ('strict-bug',      false, false, 0,    0,    false, false, true,  true,  true),
  ('perfect',         true,  true,  2,    2,    true,  true,  true,  true,  true),
  ('at-least-one',    true,  true,  1,    1,    true,  true,  true,  true,  true),
  ('all',             false, false, 0,    0,    false, false, false, false, true),
  ('team-keeps',      true,  true,  2,    2,    false, false, true,  true,  true),
  ('half-read',       true,  true,  1,    1,    null,  null,  true,  true,  true),
  ('push-restricted', false, false, 0,    0,    false, false, true,  true,  true);

-- expect int_effective_branch_protection where repository_id in (3, 18, 30) and setting in ('required_approvals', 'status_checks_required', 'force_pushes_blocked'): repository_id, setting, value, value_unbypassable, planned_value, source_layers, planned_layers, required_contexts, n_layers, n_unread_layers
values
  (3,  'required_approvals',     2,    2,    0, ['repository_ruleset set'],                      [],                           null,              2, 0),
  (3,  'status_checks_required', 1,    1,    0, ['classic_rule main', 'repository_ruleset set'], [],                           ['build', 'lint'], 2, 0),
  (3,  'force_pushes_blocked',   1,    1,    0, ['classic_rule main'],                           [],                           null,              2, 0),
  (18, 'required_approvals',     null, null, 0, [],                                              [],                           null,              0, 1),
  (18, 'status_checks_required', null, null, 0, [],                                              [],                           [],                0, 1),
  (18, 'force_pushes_blocked',   null, null, 0, [],                                              [],                           null,              0, 1),
  (30, 'required_approvals',     0,    0,    2, [],                                              ['organization_ruleset later'], null,            1, 0),
  (30, 'status_checks_required', 0,    0,    0, [],                                              [],                           [],                1, 0),
  (30, 'force_pushes_blocked',   0,    0,    0, [],                                              [],                           null,              1, 0);

-- expect unprotected-public-repositories: split_part(subject_id, '/', 2), status, first_failed_on, days_failing, source_completeness
values
  ('disabled', 'unprotected', '2026-11-21', 0, 'complete'), ('excluded', 'unprotected', '2026-11-21', 0, 'complete'), ('star-stops', 'unprotected', '2026-11-21', 0, 'complete'),
  ('tags', 'unprotected', '2026-11-21', 0, 'complete'), ('weak', 'unprotected', '2026-11-21', 0, 'complete'), ('relaxed', 'unprotected', '2026-11-21', 0, 'complete'),
  ('other-branch', 'unprotected', '2026-11-21', 0, 'complete'), ('evaluate', 'planned_only', '2026-11-21', 0, 'complete'), ('planned-above', 'planned_only', '2026-11-21', 0, 'complete'),
  ('unread', 'not_visible', '2026-11-21', 0, 'none'), ('above-unread', 'not_visible', '2026-11-21', 0, 'none'), ('not-shown', 'not_visible', '2026-11-21', 0, 'none'),
  ('never-read', 'not_visible', '2026-11-21', 0, 'none'), ('bad-pattern', 'not_visible', '2026-11-21', 0, 'none');

-- expect ruleset-bypass: split_part(subject_id, '/', 2), status, layer, scope, actor_kind, actor, mode, n_actors
values
  ('bypass',          'may_bypass',  'repository_ruleset set',               'rule',         'team',               'keepers',            'always',       1),
  ('bypass',          'may_bypass',  'repository_ruleset set',               'rule',         'organization_admin', 'organization_admin', 'pull_request', 1),
  ('bypass',          'may_bypass',  'repository_ruleset set',               'rule',         'role',               'maintain',           'always',       1),
  ('bypass',          'may_bypass',  'repository_ruleset set',               'rule',         'deploy_key',         'deploy_key',         'always',       1),
  ('bypass-unseen',   'not_visible', 'repository_ruleset set',               'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('both',            'may_bypass',  'classic_rule main',                    'rule',         'role',               'admin',              'always',       1),
  ('admins-free',     'may_bypass',  'classic_rule main',                    'rule',         'role',               'admin',              'always',       1),
  ('pull-free',       'may_bypass',  'classic_rule main',                    'pull_request', 'user',               'user',               'always',       2),
  ('pull-free',       'may_bypass',  'classic_rule main',                    'pull_request', 'team',               'keepers',            'always',       1),
  ('force-free',      'may_bypass',  'classic_rule main',                    'force_push',   'app',                'winder',             'always',       1),
  ('push-restricted', 'may_bypass',  'classic_rule main',                    'push',         'team',               'keepers',            'always',       1),
  ('classic-unread',  'not_visible', 'unread classic rules',                 'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('unread',          'not_visible', 'unread classic rules',                 'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('at-least-one',    'not_visible', 'unread classic rules',                 'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('half-read',       'not_visible', 'unread list of rulesets',              'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('above-unread',    'not_visible', 'unread rulesets of the organization',  'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('not-shown',       'not_visible', 'unread enterprise_ruleset hidden',     'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('bad-pattern',     'not_visible', 'unread repository_ruleset set',        'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('never-read',      'not_visible', 'unread classic rules',                 'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('never-read',      'not_visible', 'unread list of rulesets',              'rule',         'not_visible',        'not_visible',        'unknown',      null),
  ('never-read',      'not_visible', 'unread rulesets of the repository',    'rule',         'not_visible',        'not_visible',        'unknown',      null);
set variable "repository" = 'clockwork-lighthouse/Unread';

-- expect unprotected-public-repositories: status, split_part(subject_id, '/', 2)
values ('not_visible', 'unread');

-- expect ruleset-bypass: status, split_part(subject_id, '/', 2)
values ('not_visible', 'unread');
