-- title: The catalog describes it
-- question: Does a component of the catalog describe the service?
-- area: standardize
-- subject: service
-- weight: medium
-- level: bronze
-- applies_to: every running service
-- remedy: Add catalog-info.yaml to its repository, with kind Component and the name that Datadog has for it, or the annotation
--   datadoghq.com/service-name.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when is_in_catalog then 'pass' when is_in_catalog = false then 'fail' else 'unknown' end as status,
    case
        when is_in_catalog then 'a component of the catalog describes it'
        when is_in_catalog = false then 'only Datadog describes it'
        else 'nothing that was read tells, and not read to the end was ' || array_to_string(unread_sources, ', ')
    end as reason,
    cast(json_object('unread_sources', unread_sources) as varchar) as evidence
from fct_service_attributes
where is_running
