-- title: Its objectives have data
-- question: Does every service level objective of the service measure anything?
-- area: detect
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: running services that a service level objective names
-- remedy: Look at the objectives in state no_data in the question slo-breaches: mend the query, or delete the objective when what it measured is
--   gone.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case
        when n_slos_no_data > 0 then 'fail'
        when n_slos = 0 then 'not_applicable'
        when n_slos_kept + n_slos_breached = n_slos and has_slo then 'pass'
        else 'unknown'
    end as status,
    case
        when n_slos_no_data > 0 then 'an objective of it had nothing to measure on the newest day'
        when n_slos = 0 then 'no service level objective names it'
        when n_slos_kept + n_slos_breached = n_slos and has_slo then 'every objective of it had data on the newest day'
        else 'objectives, or their history of the newest day, were not read to the end'
    end as reason,
    cast(
        json_object(
            'objectives', n_slos, 'without_data', n_slos_no_data, 'judged', n_slos_kept + n_slos_breached, 'unread_tables', unread_tables
        ) as varchar
    ) as evidence
from fct_service_monitoring
where is_running
