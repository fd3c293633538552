-- title: It has one name, written one way
-- question: Is its name in lower case with hyphens, and the same in Datadog?
-- area: standardize
-- subject: service
-- weight: low
-- level: silver
-- applies_to: every running service
-- remedy: Rename it in the catalog, in Datadog (DD_SERVICE) or both, to one name of lower case letters, digits and hyphens; until then the
--   annotation datadoghq.com/service-name joins the two.
-- owner: platform
-- version: 1

select
    services.service as subject_id,
    case
        when not regexp_matches(services.service, '^[a-z][a-z0-9]*(-[a-z0-9]+)*$') or services.datadog_service <> services.service then 'fail'
        when len(attributes.unread_sources) > 0 then 'unknown'
        else 'pass'
    end as status,
    case
        when not regexp_matches(services.service, '^[a-z][a-z0-9]*(-[a-z0-9]+)*$') then 'its name is not in lower case with hyphens'
        when services.datadog_service <> services.service then 'Datadog knows it by another name'
        when len(attributes.unread_sources) > 0
            then 'its other names are not known: not read to the end was ' || array_to_string(attributes.unread_sources, ', ')
        when services.datadog_service is null then 'its name is in lower case with hyphens; Datadog does not define it'
        else 'its name is in lower case with hyphens, and the same in Datadog'
    end as reason,
    cast(json_object('datadog_service', services.datadog_service, 'match_rule', services.match_rule) as varchar) as evidence
from dim_services as services
inner join fct_service_attributes as attributes
    on services.service = attributes.service
where services.is_running
