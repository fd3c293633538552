-- title: A monitor calls people when it breaks
-- question: Is somebody woken when the service breaks?
-- area: detect
-- subject: service
-- weight: critical
-- level: bronze
-- applies_to: every running service
-- remedy: Make a monitor in Datadog with the tag service and the service's name, and let its message send to what calls people, such as
--   @pagerduty-… (reference/notification_kinds.csv tells what does).
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_paging_monitor then 'pass' when has_paging_monitor = false then 'fail' else 'unknown' end as status,
    case
        when has_paging_monitor then 'a monitor that calls people names it'
        when has_monitors and has_paging_monitor = false then 'monitors name it, and none of them calls people'
        when has_paging_monitor = false then 'no monitor carries its name in the tag service'
        else 'datadog.monitors was not read to the end, and nothing in what was read calls people about it'
    end as reason,
    cast(json_object('monitors', n_monitors, 'paging', n_paging_monitors, 'unread_tables', unread_tables) as varchar) as evidence
from fct_service_monitoring
where is_running
