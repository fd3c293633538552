-- title: Its monitors have data
-- question: Does every monitor of the service still see what it watches?
-- area: detect
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: running services that a monitor names
-- remedy: Look at each monitor in state No Data: mend its query, or delete it when what it watched is gone; let it say so when data stops coming
--   (notify_no_data).
-- owner: platform
-- version: 1

select
    service as subject_id,
    case
        when n_no_data_monitors > 0 then 'fail'
        when n_monitors = 0 then 'not_applicable'
        when n_no_data_monitors = 0 then 'pass'
        else 'unknown'
    end as status,
    case
        when n_no_data_monitors > 0 then 'a monitor of it has no data, and so would not notice anything'
        when n_monitors = 0 then 'no monitor names it'
        when n_no_data_monitors = 0 then 'every monitor that names it has data'
        else 'datadog.monitors was not read to the end, and none in what was read is without data'
    end as reason,
    cast(json_object('monitors', n_monitors, 'without_data', n_no_data_monitors, 'unread_tables', unread_tables) as varchar) as evidence
from fct_service_monitoring
where is_running
