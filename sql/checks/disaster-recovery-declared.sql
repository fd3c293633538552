-- title: How it comes back after a disaster is declared
-- question: Does the service say how it comes back when its region or its data are lost?
-- area: ensure
-- subject: service
-- weight: high
-- level: gold
-- applies_to: every running service
-- remedy: Agree on a plan with the platform team (backup-restore, pilot-light, warm-standby or active-active), try it once, and name it: label
--   disaster-recovery in catalog-info.yaml or the same tag at Datadog, or a link called Disaster recovery to the plan. A label none says that there
--   is none, and fails.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_disaster_recovery then 'pass' when has_disaster_recovery = false then 'fail' else 'unknown' end as status,
    case
        when has_disaster_recovery then 'a label, tag or link tells how it comes back after a disaster'
        when has_disaster_recovery = false then 'nothing tells how it comes back after a disaster'
        else 'nothing that was read tells, and not read to the end was ' || array_to_string(unread_sources, ', ')
    end as reason,
    cast(json_object('unread_sources', unread_sources) as varchar) as evidence
from fct_service_attributes
where is_running
