-- title: Its tier is known
-- question: Is it known how critical the service is?
-- area: attribute
-- subject: service
-- weight: high
-- level: bronze
-- applies_to: every running service
-- remedy: Set the label tier in catalog-info.yaml, or tier in the service definition at Datadog: 1 for what customers notice at once, up to 4.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_tier then 'pass' when has_tier = false then 'fail' else 'unknown' end as status,
    case
        when has_tier then 'it has a tier'
        when has_tier = false then 'neither the catalog nor Datadog names its tier'
        else 'nothing that was read tells, and not read to the end was ' || array_to_string(unread_sources, ', ')
    end as reason,
    cast(json_object('tier', tier, 'unread_sources', unread_sources) as varchar) as evidence
from fct_service_attributes
where is_running
