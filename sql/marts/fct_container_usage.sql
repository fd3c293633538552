-- One row per container of a controller and step of an hour or a day, with what the busiest of its replicas asked for and used.
-- What fits the busiest replica fits all. Costs and quantities are those of all replicas together.
-- grain: date, cluster, namespace, controller_kind, controller, container, step_started_at
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 50h
-- columns:
--   date                   day that it is about, UTC
--   cluster                cluster, by its name in almanac.toml
--   namespace              namespace; __none__ when not told
--   controller_kind        deployment, statefulset, daemonset, job, …; pod for a pod that nothing controls, which stands for itself
--   controller             what controls its pods
--   container              container; __none__ when not told
--   step_started_at        beginning of the step, UTC
--   step_hours             its length [hours]
--   replicas               how many ran, on average over the step [containers]
--   cpu_request_cores      CPU requested by the replica that requested most; null when not known, as all of these [cores]
--   cpu_limit_cores        CPU limit, likewise [cores]
--   cpu_usage_cores        CPU used on average by the replica that used most [cores]
--   cpu_usage_max_cores    CPU used at most by any [cores]
--   cpu_core_hours         CPU allocated to all [core-hours]
--   cpu_cost_usd           cost of that, adjustment included [USD]
--   ram_request_bytes      memory requested by the replica that requested most [bytes]
--   ram_limit_bytes        memory limit, likewise [bytes]
--   ram_usage_bytes        memory used on average by the replica that used most [bytes]
--   ram_usage_max_bytes    memory used at most by any [bytes]
--   ram_limit_share        memory used at most of what the limit allows, by the replica that came nearest; null without a limit [0 and up]
--   ram_gib_hours          memory allocated to all [GiB-hours]
--   ram_cost_usd           cost of that, adjustment included [USD]
with allocations as (
    select *
    from stg_opencost__allocations
    where day between getvariable('from') and getvariable('to')
        and kind = 'workload'
),

fct_container_usage as (
    select
        day as date,
        cluster,
        coalesce(namespace, '__none__') as namespace,
        case when controller is null then 'pod' else coalesce(controller_kind, '__none__') end as controller_kind,
        coalesce(controller, pod, '__none__') as controller,
        coalesce(container, '__none__') as container,
        step_started_at,
        max(step_hours) as step_hours,
        sum(hours) / max(step_hours) as replicas,
        max(cpu_request_cores) as cpu_request_cores,
        max(cpu_limit_cores) as cpu_limit_cores,
        max(cpu_usage_cores) as cpu_usage_cores,
        max(cpu_usage_max_cores) as cpu_usage_max_cores,
        sum(cpu_core_hours) as cpu_core_hours,
        sum(cpu_cost_usd) as cpu_cost_usd,
        max(ram_request_bytes) as ram_request_bytes,
        max(ram_limit_bytes) as ram_limit_bytes,
        max(ram_usage_bytes) as ram_usage_bytes,
        max(ram_usage_max_bytes) as ram_usage_max_bytes,
        max(case when ram_limit_bytes > 0 then ram_usage_max_bytes / ram_limit_bytes end) as ram_limit_share,
        sum(ram_byte_hours) / 1073741824 as ram_gib_hours,
        sum(ram_cost_usd) as ram_cost_usd
    from allocations
    group by
        day, cluster, coalesce(namespace, '__none__'), case when controller is null then 'pod' else coalesce(controller_kind, '__none__') end,
        coalesce(controller, pod, '__none__'), coalesce(container, '__none__'), step_started_at
)

select * from fct_container_usage
