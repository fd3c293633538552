-- One row per service of dim_services, with what watches it and whether somebody is called about it.
-- What could not be read is null, never false: unread_tables names it. A count of a table that was not read to the end is a lower bound, and null when it would be 0.
-- grain: service
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service                     the service
--   as_of_date                  newest date that any of the tables behind the row was read for; null when none was
--   team                        team that answers for the service: the accountable one, or else the named owner; null without one
--   tier                        tier of the service; null without one
--   lifecycle                   lifecycle of the service; null without one
--   is_running                  runs and so can fail
--   is_pci_scope                subject to PCI; null when not told
--   has_monitors                a monitor names it
--   n_monitors                  monitors that name it [monitors]
--   has_paging_monitor          one of these calls people, by reference/notification_kinds.csv
--   n_paging_monitors           of these, those that call people [monitors]
--   n_muted_monitors            of these, those silenced as a whole; of some it may not be known [monitors]
--   n_no_data_monitors          of these, those without data [monitors]
--   has_heard_paging_monitor    one that calls people is not silenced as a whole
--   n_endless_silences          monitors that call people, silenced as a whole without an end; null when it is not known of one, and none is known [monitors]
--   has_slo                     a service level objective names it
--   n_slos                      service level objectives that name it [objectives]
--   n_slos_kept                 of these, in their target on the newest day of history, warnings included; null without any, and when objectives were not
--                               read to the end [objectives]
--   n_slos_breached             of these, below it that day; null without any [objectives]
--   n_slos_no_data              of these, without data that day; null without any [objectives]
--   error_budget_30d            error_budget_30d of fct_slo_attainment that day, of the objective with least; null when it is known of none [%]
--   n_slos_budget               objectives of which that is known; null as n_slos_kept is [objectives]
--   has_synthetics              a synthetic test that is not paused names it
--   n_synthetics                synthetic tests that name it [tests]
--   n_live_synthetics           of these, those that are not paused [tests]
--   pagerduty_service_id        its service at PagerDuty; null when not known
--   escalation_policy_id        policy that is called about it; null when not known
--   on_call_status              covered, gap (nobody is on call at the first level now, or for some time in the days to come), no_policy,
--                               disabled, not_found (PagerDuty does not have the service), no_pagerduty_service or unknown
--   n_covered_levels            levels of the policy at which somebody is on call; null without a policy, and when not known [levels]
--   on_call_covered             on_call_status is covered; null when unknown
--   next_gap_at                 when the first gap at the first level begins, UTC; null without one
--   gap_hours                   time without anybody at the first level in the days to come; null when not known [hours]
--   unread_tables               tables behind the row that were not read to the end, or not for long, with how that ended
with services as (
    select * from dim_services
),

monitors as (
    select * from fct_monitor_health
),

attributes as (
    select * from fct_service_attributes
),

coverage as (
    select * from fct_on_call_coverage
),

attainment as (
    select * from fct_slo_attainment where is_newest_day
),

slos as (
    select * from stg_datadog__slos
),

synthetic_tests as (
    select * from stg_datadog__synthetic_tests
),

pagerduty_services as (
    select * from stg_pagerduty__services
),

names as (
    select * from int_datadog_service_names
),

reads as (
    select * from int_table_reads
),

list_tables as (
    select *
    from (
        values
            ('datadog', 'monitors'), ('datadog', 'slos'), ('datadog', 'slo_history'), ('datadog', 'synthetic_tests'), ('pagerduty', 'services'),
            ('pagerduty', 'oncalls')
    ) as tables (source, table_name)
),

judge_reads as (
    select
        max(reads.read_on) as read_on,
        count(case when tables.table_name = 'monitors' and reads.is_complete then 1 end) = 1 as is_monitors_read,
        count(case when tables.table_name = 'slos' and reads.is_complete then 1 end) = 1 as is_slos_read,
        count(case when tables.table_name = 'synthetic_tests' and reads.is_complete then 1 end) = 1 as is_synthetics_read,
        count(case when tables.table_name = 'services' and reads.is_complete then 1 end) = 1 as is_pagerduty_read,
        count(case when tables.table_name = 'oncalls' and reads.is_complete then 1 end) = 1 as is_oncalls_read,
        coalesce(
            array_agg(
                tables.source || '.' || tables.table_name || ' (' || coalesce(reads.status, 'missing') || ')'
                order by tables.source, tables.table_name
            ) filter (where reads.is_complete is distinct from true),
            []
        ) as unread_tables
    from list_tables as tables
    left join reads
        on tables.source = reads.source
        and tables.table_name = reads.table_name
),

count_monitors as (
    select
        watched.service,
        count(*) as n_monitors,
        count(case when monitors.has_paging_target then 1 end) as n_paging,
        count(case when monitors.is_muted then 1 end) as n_muted,
        count(case when monitors.is_no_data then 1 end) as n_no_data,
        count(case when monitors.has_paging_target and monitors.is_muted = false then 1 end) as n_heard_paging,
        count(case when monitors.has_paging_target and monitors.is_muted is null then 1 end) as n_paging_unknown,
        count(case when monitors.has_paging_target and monitors.is_muted_without_end then 1 end) as n_endless,
        count(case when monitors.has_paging_target and monitors.is_muted_without_end is null then 1 end) as n_endless_unknown
    from monitors
    cross join unnest(monitors.services) as watched (service)
    group by watched.service
),

name_slos as (
    select distinct names.service, slos.slo_id
    from slos
    inner join reads
        on reads.source = 'datadog'
        and reads.table_name = 'slos'
        and slos.snapshot_date = reads.snapshot_on
    cross join unnest(slos.services) as tagged (name)
    inner join names
        on tagged.name = names.name
    where names.service is not null
),

count_slos as (
    select
        named.service,
        count(*) as n_slos,
        count(case when attainment.is_breached = false then 1 end) as n_kept,
        count(case when attainment.is_breached then 1 end) as n_breached,
        count(case when attainment.state = 'no_data' then 1 end) as n_no_data,
        min(attainment.error_budget_30d) as error_budget_30d,
        count(attainment.error_budget_30d) as n_budget
    from name_slos as named
    left join attainment
        on named.slo_id = attainment.slo_id
    group by named.service
),

count_synthetics as (
    select
        names.service,
        count(distinct tests.public_id) as n_synthetics,
        count(distinct case when tests.status is distinct from 'paused' then tests.public_id end) as n_live
    from synthetic_tests as tests
    inner join reads
        on reads.source = 'datadog'
        and reads.table_name = 'synthetic_tests'
        and tests.snapshot_date = reads.snapshot_on
    cross join unnest(tests.services) as tagged (name)
    inner join names
        on tagged.name = names.name
    where names.service is not null
    group by names.service
),

newest_pagerduty_services as (
    select pagerduty_services.*
    from pagerduty_services
    inner join reads
        on reads.source = 'pagerduty'
        and reads.table_name = 'services'
        and pagerduty_services.snapshot_date = reads.snapshot_on
),

count_levels as (
    select escalation_policy_id, count(case when is_covered then 1 end) as n_covered_levels
    from coverage
    group by escalation_policy_id
),

-- What describes a service may name its service at PagerDuty: while that could not be read, none is known and not none is there.
judge_on_call as (
    select
        services.service,
        pagerduty.escalation_policy_id,
        case when judge_reads.is_oncalls_read and pagerduty.escalation_policy_id is not null then levels.n_covered_levels end as n_covered_levels,
        coverage.next_gap_at,
        coverage.gap_hours,
        case
            when services.pagerduty_service_id is null and judge_reads.is_pagerduty_read and len(attributes.unread_sources) = 0
                then 'no_pagerduty_service'
            when services.pagerduty_service_id is null then 'unknown'
            when pagerduty.service_id is null and judge_reads.is_pagerduty_read then 'not_found'
            when pagerduty.service_id is null then 'unknown'
            when pagerduty.status = 'disabled' then 'disabled'
            when pagerduty.escalation_policy_id is null then 'no_policy'
            when coverage.has_gap then 'gap'
            when coverage.has_gap = false then 'covered'
            else 'unknown'
        end as on_call_status
    from services
    cross join judge_reads
    inner join attributes
        on services.service = attributes.service
    left join newest_pagerduty_services as pagerduty
        on services.pagerduty_service_id = pagerduty.service_id
    left join coverage
        on pagerduty.escalation_policy_id = coverage.escalation_policy_id
        and coverage.level = 1
    left join count_levels as levels
        on pagerduty.escalation_policy_id = levels.escalation_policy_id
),

fct_service_monitoring as (
    select
        services.service,
        reads.read_on as as_of_date,
        coalesce(services.accountable_team, services.team) as team,
        services.tier,
        services.lifecycle,
        services.is_running,
        services.is_pci_scope,
        case when counted.n_monitors > 0 then true when reads.is_monitors_read then false end as has_monitors,
        coalesce(counted.n_monitors, case when reads.is_monitors_read then 0 end) as n_monitors,
        case when counted.n_paging > 0 then true when reads.is_monitors_read then false end as has_paging_monitor,
        case when counted.n_paging > 0 or reads.is_monitors_read then coalesce(counted.n_paging, 0) end as n_paging_monitors,
        case when counted.n_muted > 0 or reads.is_monitors_read then coalesce(counted.n_muted, 0) end as n_muted_monitors,
        case when counted.n_no_data > 0 or reads.is_monitors_read then coalesce(counted.n_no_data, 0) end as n_no_data_monitors,
        case
            when counted.n_heard_paging > 0 then true
            when reads.is_monitors_read and coalesce(counted.n_paging_unknown, 0) = 0 then false
        end as has_heard_paging_monitor,
        case
            when counted.n_endless > 0 or (reads.is_monitors_read and coalesce(counted.n_endless_unknown, 0) = 0) then coalesce(counted.n_endless, 0)
        end as n_endless_silences,
        case when count_slos.n_slos > 0 then true when reads.is_slos_read then false end as has_slo,
        coalesce(count_slos.n_slos, case when reads.is_slos_read then 0 end) as n_slos,
        case when reads.is_slos_read then count_slos.n_kept end as n_slos_kept,
        count_slos.n_breached as n_slos_breached,
        count_slos.n_no_data as n_slos_no_data,
        count_slos.error_budget_30d,
        case when reads.is_slos_read then count_slos.n_budget end as n_slos_budget,
        case when tests.n_live > 0 then true when reads.is_synthetics_read then false end as has_synthetics,
        coalesce(tests.n_synthetics, case when reads.is_synthetics_read then 0 end) as n_synthetics,
        case when tests.n_live > 0 or reads.is_synthetics_read then coalesce(tests.n_live, 0) end as n_live_synthetics,
        services.pagerduty_service_id,
        on_call.escalation_policy_id,
        on_call.on_call_status,
        on_call.n_covered_levels,
        case on_call.on_call_status when 'covered' then true when 'unknown' then null else false end as on_call_covered,
        on_call.next_gap_at,
        on_call.gap_hours,
        reads.unread_tables
    from services
    cross join judge_reads as reads
    inner join judge_on_call as on_call
        on services.service = on_call.service
    left join count_monitors as counted
        on services.service = counted.service
    left join count_slos
        on services.service = count_slos.service
    left join count_synthetics as tests
        on services.service = tests.service
)

select * from fct_service_monitoring
