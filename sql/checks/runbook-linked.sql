-- title: There is a runbook
-- question: Does the service link what to do when it breaks?
-- area: attribute
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: every running service
-- remedy: Write down how to tell that it is broken and how to bring it back, and link that as Runbook in catalog-info.yaml (metadata.links), or
--   with type runbook at Datadog.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_runbook then 'pass' when has_runbook = false then 'fail' else 'unknown' end as status,
    case
        when has_runbook then 'a runbook is linked'
        when has_runbook = false then 'no link or label names a runbook'
        else 'nothing that was read tells, and not read to the end was ' || array_to_string(unread_sources, ', ')
    end as reason,
    cast(json_object('unread_sources', unread_sources) as varchar) as evidence
from fct_service_attributes
where is_running
