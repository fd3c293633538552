-- A repository that could not be looked into may hold a descriptor: what the catalog lacks nobody knows, though no file of it failed.
set variable service = 'nowhere';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent, status) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml', 'ok'),
  ('2026-11-21', '2026-11-21', 'github', 'repository_files', 'sea/seen', 'ok'),
  ('2026-11-21', '2026-11-21', 'github', 'repository_files', 'sea/hidden', 'forbidden');
update almanac.outcomes set run_id = '01A' || logical_date;

insert into catalog.services (date, entity_ref, name, owner_ref) values ('2026-11-21', 'component:default/beta', 'beta', 'group:default/keepers');

-- expect fct_table_reads where source = 'catalog': table_name, read_on, status, is_complete, n_parents, n_unread_parents, unread_parents
values ('services', '2026-11-21', 'forbidden', false, 2, 1, ['sea/hidden']);

-- expect dim_services: service, team, is_owned
values ('beta', 'keepers', true);

-- expect services-without-slo where subject_type = 'source' and subject_id like 'catalog.%': status, subject_id
values ('not_visible', 'catalog.services');

-- expect who-owns: status, subject_id, subject_type
values ('not_found', 'nowhere', 'name'), ('not_visible', 'catalog.services', 'source');
