-- title: A second is called when the first does not answer
-- question: Is somebody on call at a second level of the escalation policy too?
-- area: detect
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: running services with an escalation policy at PagerDuty
-- remedy: Add a level to the escalation policy, with a schedule of its own or the team lead, and put people on it.
-- owner: platform
-- version: 1

-- How many levels are asked for stands in reference/thresholds.csv.
select
    services.service as subject_id,
    case
        when services.on_call_status in ('no_pagerduty_service', 'not_found', 'disabled', 'no_policy') then 'not_applicable'
        when services.n_covered_levels >= thresholds.value then 'pass'
        when services.n_covered_levels < thresholds.value then 'fail'
        else 'unknown'
    end as status,
    case
        when services.on_call_status in ('no_pagerduty_service', 'not_found', 'disabled', 'no_policy') then 'no policy of PagerDuty is called about it'
        when services.n_covered_levels >= thresholds.value then 'levels of its policy with somebody on call: ' || cast(services.n_covered_levels as varchar)
        when services.n_covered_levels < thresholds.value then 'levels of its policy with somebody on call: only ' || cast(services.n_covered_levels as varchar)
        else 'services or on-calls of PagerDuty, or what describes the service, could not be read'
    end as reason,
    cast(
        json_object(
            'escalation_policy', services.escalation_policy_id, 'covered_levels', services.n_covered_levels, 'unread_tables', services.unread_tables
        ) as varchar
    ) as evidence
from fct_service_monitoring as services
cross join reference.thresholds as thresholds
where services.is_running and thresholds.name = 'escalation_levels_minimum'
