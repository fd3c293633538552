-- title: Somebody is on call
-- question: Is somebody on call for the service, now and in the days to come?
-- area: detect
-- subject: service
-- weight: critical
-- level: bronze
-- applies_to: every running service
-- remedy: Name its service at PagerDuty in the catalog (annotation pagerduty.com/service-id), give that an escalation policy, and put people on the
--   schedule of its first level for all hours; the question on-call-gaps tells when the next gap begins.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when on_call_covered then 'pass' when on_call_covered = false then 'fail' else 'unknown' end as status,
    case on_call_status
        when 'covered' then 'somebody is on call at the first level, now and in the days to come'
        when 'gap' then 'nobody is on call at the first level, now or for some time in the days to come'
        when 'no_policy' then 'its service at PagerDuty has no escalation policy'
        when 'disabled' then 'its service at PagerDuty is disabled'
        when 'not_found' then 'PagerDuty does not have the service that the catalog names'
        when 'no_pagerduty_service' then 'no service at PagerDuty is named for it, and none there has its name'
        else 'services or on-calls of PagerDuty, or what describes the service, could not be read'
    end as reason,
    cast(
        json_object(
            'pagerduty_service', pagerduty_service_id, 'escalation_policy', escalation_policy_id, 'next_gap_at', cast(next_gap_at as varchar),
            'unread_tables', unread_tables
        ) as varchar
    ) as evidence
from fct_service_monitoring
where is_running
