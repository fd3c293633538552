-- One row per escalation policy of PagerDuty and level of the newest snapshot, with whether somebody is on call there, now and in the days to come.
-- When on-calls could not be read, or were not for long, there is no row: fct_table_reads tells.
-- grain: escalation_policy_id, level
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   escalation_policy_id    PagerDuty's id of the policy
--   level                   1 is called first
--   as_of_date              date of the snapshot
--   policy_name             name of the policy
--   n_on_call               people on call at that moment [people]
--   is_covered              somebody is on call at that moment
--   has_gap                 for some time from that moment to checked_until nobody is
--   gap_hours               so long [hours]
--   next_gap_at             when that begins, UTC; null without a gap
--   checked_until           how far ahead was looked, UTC
--   n_schedules             schedules that put people there [schedules]
--   n_pagerduty_services    services of PagerDuty that call this policy; null when services could not be read to the end [services]
--   services                services of dim_services that call it, as far as known
with oncalls as (
    select * from stg_pagerduty__oncalls
),

pagerduty_services as (
    select * from stg_pagerduty__services
),

services as (
    select * from dim_services where pagerduty_service_id is not null
),

reads as (
    select * from int_table_reads where source = 'pagerduty'
),

newest_services as (
    select pagerduty_services.service_id, pagerduty_services.escalation_policy_id
    from pagerduty_services
    inner join reads
        on reads.table_name = 'services'
        and pagerduty_services.snapshot_date = reads.snapshot_on
    where pagerduty_services.status <> 'disabled'
),

combine_services as (
    select
        newest.escalation_policy_id,
        count(distinct newest.service_id) as n_pagerduty_services,
        coalesce(array_agg(distinct services.service) filter (where services.service is not null), []) as services
    from newest_services as newest
    left join services
        on newest.service_id = services.pagerduty_service_id
    group by newest.escalation_policy_id
),

judge_reads as (
    select count(case when table_name = 'services' and is_complete then 1 end) = 1 as is_services_read
    from reads
),

fct_on_call_coverage as (
    select
        oncalls.escalation_policy_id,
        oncalls.level,
        oncalls.snapshot_date as as_of_date,
        oncalls.name as policy_name,
        oncalls.n_on_call,
        oncalls.is_covered,
        not oncalls.is_covered or oncalls.gap_seconds > 0 as has_gap,
        oncalls.gap_seconds / 3600.0 as gap_hours,
        oncalls.next_gap_at,
        oncalls.checked_until,
        len(oncalls.schedule_ids) as n_schedules,
        case when judge_reads.is_services_read then coalesce(combined.n_pagerduty_services, 0) end as n_pagerduty_services,
        list_sort(coalesce(combined.services, [])) as services
    from oncalls
    inner join reads
        on reads.table_name = 'oncalls'
        and oncalls.snapshot_date = reads.snapshot_on
    cross join judge_reads
    left join combine_services as combined
        on oncalls.escalation_policy_id = combined.escalation_policy_id
)

select * from fct_on_call_coverage
