-- title: It has a service level objective
-- question: Does a service level objective say what the service promises?
-- area: detect
-- subject: service
-- weight: high
-- level: silver
-- applies_to: every running service
-- remedy: Make a service level objective in Datadog for what users notice first, such as errors and latency, and give it the tag service with the
--   service's name.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_slo then 'pass' when has_slo = false then 'fail' else 'unknown' end as status,
    case
        when has_slo then 'a service level objective names it'
        when has_slo = false then 'no service level objective carries its name in the tag service'
        else 'datadog.slos was not read to the end, and nothing in what was read names it'
    end as reason,
    cast(json_object('slos', n_slos, 'unread_tables', unread_tables) as varchar) as evidence
from fct_service_monitoring
where is_running
