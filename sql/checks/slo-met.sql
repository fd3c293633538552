-- title: Its objectives are met
-- question: Was every service level objective of the service in its target on the newest day?
-- area: detect
-- subject: service
-- weight: high
-- level: gold
-- applies_to: running services that a service level objective names
-- remedy: Find what used up the error budget (the question slo-breaches has the days), and put reliability before features until it is met; lower
--   the target only when users would not notice.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case
        when n_slos_breached > 0 then 'fail'
        when n_slos = 0 then 'not_applicable'
        when n_slos_kept = n_slos then 'pass'
        else 'unknown'
    end as status,
    case
        when n_slos_breached > 0 then 'an objective of it was below its target on the newest day'
        when n_slos = 0 then 'no service level objective names it'
        when n_slos_kept = n_slos then 'every objective of it was in its target on the newest day'
        when n_slos_no_data > 0 then 'an objective of it had nothing to measure: neither kept nor breached'
        else 'objectives, or their history of the newest day, were not read to the end'
    end as reason,
    cast(
        json_object(
            'objectives', n_slos, 'kept', n_slos_kept, 'breached', n_slos_breached, 'without_data', n_slos_no_data, 'unread_tables', unread_tables
        ) as varchar
    ) as evidence
from fct_service_monitoring
where is_running
