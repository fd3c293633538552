-- Whether services that score higher have fewer incidents: the coefficient of ranks worked out by hand, with ties. The dates built are those from 2026-08-23, which is
-- 90 days before, to 2026-11-21.

create schema given;
set variable "from" = cast('2026-08-23' as date);
alter table catalog.services alter column component_type set default 'service';
alter table catalog.services alter column namespace set default 'default';
alter table catalog.services alter column file set default 'services.yaml';
alter table pagerduty.incidents alter column status set default 'resolved';
alter table pagerduty.incidents alter column incident_type set default 'incident_default';
alter table almanac.outcomes alter column status set default 'ok';
alter table almanac.outcomes alter column observed_at set default '2026-11-21 06:00';

insert into almanac.outcomes (date, logical_date, source, table_name, parent) values
  ('2026-11-21', '2026-11-21', 'catalog', 'services', 'services.yaml'), ('2026-11-21', '2026-11-21', 'pagerduty', 'incidents', 'pagerduty');
update almanac.outcomes set run_id = '01A';
insert into catalog.services (date, entity_ref, name, owner_ref, tier, pagerduty_service_id)
  select date '2026-11-21', 'component:default/' || name, name, 'group:default/keepers', case name when 'f' then '2' when 'g' then null else '1' end, 'P-' || name
  from (values ('a'), ('b'), ('c'), ('d'), ('e'), ('f'), ('g')) as services (name);
-- Nobody at PagerDuty would be told of an incident of h, which scores as high as a and b: that it has none says nothing.
insert into catalog.services (date, entity_ref, name, owner_ref, tier) values ('2026-11-21', 'component:default/h', 'h', 'group:default/keepers', '1');

-- Incidents on the 90 days up to 2026-11-21: b and c have one, f two, d three. What began on 2026-08-23 is a day too old.
insert into pagerduty.incidents (date, incident_id, service_id, created_at, changed_at) values
  ('2026-11-21', 'i1', 'P-b', '2026-08-24 00:00', '2026-08-24'), ('2026-11-21', 'i2', 'P-c', '2026-11-21 23:59', '2026-11-21'), ('2026-11-21', 'i3', 'P-f', '2026-10-01', '2026-10-01'),
  ('2026-11-21', 'i4', 'P-f', '2026-10-02', '2026-10-02'),       ('2026-11-21', 'i5', 'P-d', '2026-10-01', '2026-10-01'),       ('2026-11-21', 'i6', 'P-d', '2026-10-02', '2026-10-02'),
  ('2026-11-21', 'i7', 'P-d', '2026-10-03', '2026-10-03'),       ('2026-11-21', 'i8', 'P-e', '2026-08-23 23:59', '2026-08-23');

-- A check that passes weighs as much as the score, and one that fails the rest of 100. Checks of detect pass everywhere, that of ensure is for a to d alone. Nothing is known of g.
create table given.fct_check_runs as
  select
    runs.date, false as is_restated, runs.date as judged_on, runs.check_id, 1 as check_version, 'd' as rule_digest, 'service' as subject_type, runs.subject_id, 'keepers' as team, cast(null as varchar) as tier,
    cast(null as boolean) as is_pci_scope, runs.area, 'high' as severity, cast(runs.weight as double) as weight, 'bronze' as level, runs.status, runs.status as answer, 'r' as reason, '{}' as evidence,
    cast(null as varchar) as waiver_id, cast(null as date) as waiver_expires
  from (
    select
      scores.date, checks.check_id, checks.area, scores.service as subject_id,
      greatest(coalesce(case checks.check_id when 'x' then scores.score when 'y' then 100 - scores.score when 'z' then 100 end, 1), 1) as weight,
      case
        when checks.check_id = 'x' and scores.score is null then 'unknown'
        when checks.check_id = 'x' and scores.score > 0 then 'pass'
        when checks.check_id = 'y' and scores.score < 100 then 'fail'
        when checks.check_id = 'z' and scores.date = '2026-11-21' and scores.score is not null then 'pass'
        when checks.check_id = 'v' and scores.date = '2026-11-21' and scores.service in ('a', 'b', 'c', 'd') then 'pass'
        else 'not_applicable'
      end as status
    from (
      values (date '2026-11-21', 'a', 100), (date '2026-11-21', 'b', 100), (date '2026-11-21', 'c', 50), (date '2026-11-21', 'd', 25), (date '2026-11-21', 'e', 0), (date '2026-11-21', 'f', 75),
        (date '2026-11-21', 'g', null), (date '2026-11-21', 'h', 100), (date '2026-08-23', 'a', 0), (date '2026-08-23', 'b', 25), (date '2026-08-23', 'c', 50), (date '2026-08-23', 'd', 75), (date '2026-08-23', 'e', 100)
    ) as scores (date, service, score)
    cross join (values ('x', 'attribute'), ('y', 'attribute'), ('z', 'detect'), ('v', 'ensure')) as checks (check_id, area)
  ) as runs;

-- Ranks of scores are 5.5, 5.5, 3, 2, 1 and 4, of incidents 1.5, 3.5, 3.5, 6, 1.5 and 5: -2 over the root of 17 * 16.5. Of tier 1 they are 4.5, 4.5, 3, 2, 1 and 1.5, 3.5, 3.5, 5, 1.5:
-- -0.5 over the root of 9.5 * 9. In August the ranks of scores of a to e were 1 to 5: 1.5 over the root of 10 * 9.
-- expect fct_quality_incidents where area = 'all': period, tier, score_date, incidents_from, incidents_to, n_services, n_services_without_score, n_services_without_source, n_services_with_incidents, n_incidents, round(spearman_score_incidents, 6), reason
values
  ('before', '__all__',  '2026-11-21', '2026-08-24', '2026-11-21', 6, 1, 1, 4, 7, -0.119416, null), ('before', '1', '2026-11-21', '2026-08-24', '2026-11-21', 5, 0, 1, 3, 5, -0.054074, null),
  ('before', '2',        '2026-11-21', '2026-08-24', '2026-11-21', 1, 0, 0, 1, 2, null, 'too few services'), ('before', '__none__', '2026-11-21', '2026-08-24', '2026-11-21', 0, 1, 0, 0, 0, null, 'too few services'),
  ('after',  '__all__',  '2026-08-23', '2026-08-24', '2026-11-21', 5, 0, 0, 3, 5, 0.158114, null), ('after', '1', '2026-08-23', '2026-08-24', '2026-11-21', 5, 0, 0, 3, 5, 0.158114, null);

-- expect fct_quality_incidents where period = 'before' and tier = '__all__' and area <> 'all': area, n_services, round(spearman_score_incidents, 6), reason
values ('attribute', 6, -0.119416, null), ('detect', 6, null, 'all scores are alike'), ('ensure', 4, null, 'too few services');

-- expect quality-incidents where area = 'all': status, period, tier, n_services, round(spearman_score_incidents, 6), reason
values
  ('correlated', 'before', '__all__', 6, -0.119416, null), ('correlated', 'before', '1', 5, -0.054074, null), ('not_known', 'before', '2', 1, null, 'too few services'),
  ('not_known', 'before', '__none__', 0, null, 'too few services'), ('correlated', 'after', '__all__', 5, 0.158114, null), ('correlated', 'after', '1', 5, 0.158114, null);
set variable "tier" = '__all__';
set variable "area" = 'detect';

-- In August no check of detect applied.
-- expect quality-incidents: status, period, area, tier, n_services, reason
values ('not_known', 'before', 'detect', '__all__', 6, 'all scores are alike'), ('not_known', 'after', 'detect', '__all__', 0, 'too few services');
