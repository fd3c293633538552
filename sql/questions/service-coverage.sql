-- title: How much the answers about services cover
-- question: Of how many running services do we know that they are watched and answered for, that they are not, and of how many do we know nothing?
-- owner: platform
-- params:
--   team    owning team
-- columns:
--   policy_id       question that lists those that are not in order and those not visible; owned for the team: dim_services lists them, by is_owned
--   as_of_date      newest date that anything behind the row was read for
--   services        running services [services]
--   in_order        known to be in order [services]
--   not_in_order    known not to be [services]
--   not_visible     could not be judged [services]

-- owned is about the team that answers for a service, and muted-monitors about the services that a monitor watches which calls people and is not
-- silenced. A service that nobody described is not counted: services-without-slo names the sources that were not read to the end.
with services as (
    select *
    from fct_service_monitoring
    where is_running and (getvariable('team') is null or lower(team) = lower(getvariable('team')))
),

owners as (
    select service, is_owned from dim_services
),

judge_services as (
    select 'services-without-slo' as policy_id, as_of_date, has_slo as is_in_order from services
    union all
    select 'services-without-synthetics' as policy_id, as_of_date, has_synthetics as is_in_order from services
    union all
    select 'on-call-gaps' as policy_id, as_of_date, on_call_covered as is_in_order from services
    union all
    select 'muted-monitors' as policy_id, as_of_date, has_heard_paging_monitor as is_in_order from services
    union all
    select 'owned' as policy_id, services.as_of_date, owners.is_owned as is_in_order
    from services
    inner join owners
        on services.service = owners.service
),

service_coverage as (
    select
        policy_id,
        max(as_of_date) as as_of_date,
        count(*) as services,
        count(case when is_in_order then 1 end) as in_order,
        count(case when is_in_order = false then 1 end) as not_in_order,
        count(case when is_in_order is null then 1 end) as not_visible
    from judge_services
    group by policy_id
)

select * from service_coverage
order by policy_id
