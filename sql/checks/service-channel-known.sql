-- title: Its people can be reached
-- question: Is it known in which channel to talk to those who answer for the service?
-- area: attribute
-- subject: service
-- weight: medium
-- level: bronze
-- applies_to: every running service
-- remedy: Add the annotation slack.com/channel to catalog-info.yaml, or a contact of type slack to the service definition at Datadog.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_channel then 'pass' when has_channel = false then 'fail' else 'unknown' end as status,
    case
        when has_channel then 'a channel is named'
        when has_channel = false then 'no channel is named, in the catalog or at Datadog'
        else 'nothing that was read tells, and not read to the end was ' || array_to_string(unread_sources, ', ')
    end as reason,
    cast(json_object('unread_sources', unread_sources) as varchar) as evidence
from fct_service_attributes
where is_running
