-- What is subject to PCI, and who says so, worked out by hand. The dates built are 2026-11-20 and 2026-11-21.

alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column namespace set default 'default';
alter table catalog.services alter column file set default 'services.yaml';
alter table github.repositories alter column organization set default 'works';
alter table github.repositories alter column visibility set default 'private';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'), ('2026-11-21', '2026-11-21', 'github', 'repositories', 'works'),
  ('2026-11-21', '2026-11-21', 'github', 'repository_properties', 'works');
update almanac.outcomes set run_id = '01A';

-- The name of a service is its case. chart stands in its repository by another spelling; logs names a repository that nobody has seen.
insert into catalog.services (date, entity_ref, name, owner_ref, labels, github_slug)
  select '2026-11-21', 'component:default/' || name, name, 'group:default/' || owner, case when says is null then map {} else map {'pci-scope': says} end, slug
  from (values
    ('says-yes', 'keepers', 'in-scope', null), ('says-no', 'keepers', 'no', null), ('odd-word', 'keepers', 'perhaps', null), ('silent', 'keepers', null, null), ('chart', 'harbour', null, 'Works/Chart'),
    ('torn', 'harbour', 'out-of-scope', 'works/vault'), ('both', 'keepers', 'yes', 'works/vault'), ('logs', 'keepers', null, 'works/never-seen')
  ) as services (name, owner, says, slug);
insert into github.repositories (date, repository_id, name, full_name) values ('2026-11-21', 1, 'chart', 'works/chart'), ('2026-11-21', 2, 'vault', 'works/vault'), ('2026-11-21', 3, 'blog', 'works/blog');
-- A word counts in whatever case it stands, and one that is not known says nothing.
insert into github.repositories (date, repository_id, name, full_name) values ('2026-11-21', 5, 'till', 'works/till'), ('2026-11-21', 6, 'attic', 'works/attic');
insert into github.repositories (date, repository_id, name, full_name, is_archived) values ('2026-11-21', 4, 'old', 'works/old', true);
insert into github.repository_properties (date, repository_id, property_name, value) values
  ('2026-11-21', 1, 'pci_scope', 'out-of-scope'), ('2026-11-21', 2, 'pci_scope', 'in-scope'), ('2026-11-21', 2, 'team', 'harbour'), ('2026-11-21', 1, 'team', 'keepers'), ('2026-11-21', 4, 'pci_scope', 'in-scope'),
  ('2026-11-21', 5, 'pci_scope', ' In-Scope'), ('2026-11-21', 5, 'team', 'keepers'), ('2026-11-21', 6, 'pci_scope', 'perhaps'), ('2026-11-21', 6, 'team', 'keepers');

-- expect pci-scope: status, subject_type, subject_id, owner_team, told_by, service_says, repository_says, source_completeness
values
  ('conflict',     'service',    'torn',        'harbour', 'both',       false, true,  'complete'), ('in_scope', 'service',    'says-yes',    'keepers', 'service',    true, null, 'complete'),
  ('in_scope',     'service',    'both',        'keepers', 'both',       true,  true,  'complete'), ('in_scope', 'repository', 'works/vault', 'harbour', 'repository', null, true, 'complete'),
  ('not_told',     'service',    'silent',      'keepers', null,         null,  null,  'complete'), ('not_told', 'service',    'odd-word',    'keepers', null,         null, null, 'complete'),
  ('not_told',     'service',    'logs',        'keepers', null,         null,  null,  'complete'), ('not_told', 'repository', 'works/blog',  null,      null,         null, null, 'complete'),
  ('out_of_scope', 'service',    'says-no',     'keepers', 'service',    false, null,  'complete'), ('out_of_scope', 'service', 'chart',      'harbour', 'repository', null, false, 'complete'),
  ('out_of_scope', 'repository', 'works/chart', 'keepers', 'repository', null,  false, 'complete'),
  ('in_scope', 'repository',     'works/till',  'keepers', 'repository', null,  true, 'complete'), ('not_told', 'repository', 'works/attic', 'keepers',   null,         null, null, 'complete');
-- expect dim_repositories where is_pci_scope is null: full_name
values ('works/blog'), ('works/attic');

-- expect pci-alert-coverage: pci_repositories, pci_scope_unknown
values (3, 2);
set variable "repository" = 'works/VAULT';

-- expect pci-scope: status, subject_id
values ('conflict', 'torn'), ('in_scope', 'both'), ('in_scope', 'works/vault');
set variable "repository" = null;
set variable "service" = 'chart';

-- expect pci-scope: status, subject_id
values ('out_of_scope', 'chart'), ('out_of_scope', 'works/chart');
set variable "service" = null;
set variable "team" = 'harbour';

-- Nobody owns blog by what was read, and not all that may name an owner was.
-- expect pci-scope: status, subject_id
values ('conflict', 'torn'), ('in_scope', 'works/vault'), ('not_told', 'works/blog'), ('out_of_scope', 'chart');
