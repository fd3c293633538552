-- title: Its lifecycle is known
-- question: Is it known whether the service is in production, an experiment or on its way out?
-- area: attribute
-- subject: service
-- weight: low
-- level: silver
-- applies_to: every running service
-- remedy: Set spec.lifecycle in catalog-info.yaml: experimental, production or deprecated.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_lifecycle then 'pass' when has_lifecycle = false then 'fail' else 'unknown' end as status,
    case
        when has_lifecycle then 'it has a lifecycle'
        when has_lifecycle = false then 'neither the catalog nor Datadog names its lifecycle'
        else 'nothing that was read tells, and not read to the end was ' || array_to_string(unread_sources, ', ')
    end as reason,
    cast(json_object('lifecycle', lifecycle, 'unread_sources', unread_sources) as varchar) as evidence
from fct_service_attributes
where is_running
