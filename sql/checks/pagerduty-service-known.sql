-- title: Its service at PagerDuty is known
-- question: Is it known who is called about the service, and does PagerDuty have it?
-- area: attribute
-- subject: service
-- weight: high
-- level: bronze
-- applies_to: every running service
-- remedy: Add the annotation pagerduty.com/service-id to catalog-info.yaml, or the integration pagerduty to the service definition at Datadog. A
--   service there that alone has the same name is found by it.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case
        when on_call_status in ('no_pagerduty_service', 'not_found') then 'fail'
        when on_call_status <> 'unknown' or escalation_policy_id is not null then 'pass'
        else 'unknown'
    end as status,
    case
        when on_call_status = 'no_pagerduty_service' then 'no service at PagerDuty is named for it, and none there has its name'
        when on_call_status = 'not_found' then 'PagerDuty does not have the service that the catalog names'
        when on_call_status <> 'unknown' or escalation_policy_id is not null then 'PagerDuty has its service'
        else 'services of PagerDuty, or what describes the service, could not be read'
    end as reason,
    cast(json_object('pagerduty_service', pagerduty_service_id, 'unread_tables', unread_tables) as varchar) as evidence
from fct_service_monitoring
where is_running
