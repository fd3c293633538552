-- Questions about identity that are asked for a team, for a kind of partner, and for a service by the name that Datadog has for it. Worked out by hand.
-- The dates built are 2026-11-20 and 2026-11-21.

set variable team = 'keepers';
set variable target_type = 'pagerduty_service';
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column file set default 'services.yaml';
alter table github.repositories alter column visibility set default 'private';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'), ('2026-11-21', '2026-11-21', 'datadog', 'service_definitions', 'datadog'),
  ('2026-11-21', '2026-11-21', 'github', 'repositories', 'sea'),        ('2026-11-21', '2026-11-21', 'pagerduty', 'services', 'pagerduty');
update almanac.outcomes set run_id = '01A' || logical_date;
insert into catalog.services (date, entity_ref, name, owner_ref, github_slug, datadog_service, pagerduty_service_id) values
  ('2026-11-21', 'component:default/lamp',  'lamp',  'group:default/keepers', 'sea/lamp',  'lamp_prod', null),
  ('2026-11-21', 'component:default/chart', 'chart', 'group:default/mappers', 'sea/chart', null,        null),
  ('2026-11-21', 'component:default/bell',  'bell',  'group:default/keepers', 'sea/bell',  null,        'P1');
insert into github.repositories (date, repository_id, organization, name, full_name) values
  ('2026-11-21', 1, 'sea', 'lamp', 'sea/lamp'), ('2026-11-21', 2, 'sea', 'chart', 'sea/chart'), ('2026-11-21', 3, 'sea', 'bell', 'sea/bell');
insert into pagerduty.services (date, service_id, name) values ('2026-11-21', 'P1', 'Bell'), ('2026-11-21', 'P2', 'Odd');

-- What no team has is nobody's to put right who asks for one; a table that was not read is named whatever is asked for.
-- expect identity-gaps: status, target_type, subject_id, owner_team
values ('unmatched_service', 'pagerduty_service', 'lamp', 'keepers'), ('not_visible', null, 'opencost.allocations', null);
set variable service = 'Lamp_Prod';

-- expect who-owns: status, subject_id, owner_team, repository, datadog_service, subject_type
values ('owned', 'lamp', 'keepers', 'sea/lamp', 'lamp_prod', 'service');
