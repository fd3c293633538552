-- title: There is a dashboard
-- question: Is there a dashboard on which to see how the service is?
-- area: attribute
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: every running service
-- remedy: Make a dashboard in Datadog with the name of the service in its title, or link one as Dashboard in catalog-info.yaml (metadata.links).
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_dashboard then 'pass' when has_dashboard = false then 'fail' else 'unknown' end as status,
    case
        when has_dashboard then 'a dashboard has its name in the title, or is linked'
        when has_dashboard = false then 'no dashboard has its name as a word of its title, and none is linked'
        else 'nothing that was read tells; dashboards, or what describes the service, were not read to the end'
    end as reason,
    cast(json_object('dashboards', n_dashboards, 'unread_sources', unread_sources) as varchar) as evidence
from fct_service_attributes
where is_running
