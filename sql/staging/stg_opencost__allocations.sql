-- One row per container, or other thing that costs, and step of an hour or a day: what it asked for, what it used and what that cost.
-- Each cost has its adjustment in it; a part that the installation does not report is null, and an adjustment that it does not report is none.
-- grain: cluster, step_started_at, name
-- kind: view
-- owner: platform
-- columns:
--   day                       day that it is about, UTC
--   cluster                   cluster, by its name in almanac.toml
--   step_started_at           beginning of the step, UTC
--   step_ended_at             its end, not included, UTC
--   step_hours                its length [hours]
--   name                      key of the entry in the answer: cluster, node, namespace, kind of controller, controller, pod and container
--   kind                      workload, idle (what nodes had left), unmounted (volumes that no pod has), or shared, which is all else that is no workload
--   entry_kind                what the installation calls it: workload, idle, unmounted, unallocated, load_balancer, …
--   reported_cluster          what the installation calls the cluster; two may call themselves the same
--   node                      node that it ran on; null for what runs on none
--   provider_id               the cloud's id of that node
--   namespace                 namespace; null for what is in none
--   controller_kind           deployment, statefulset, daemonset, job, …; null for a pod that nothing controls
--   controller                what controls the pod
--   pod                       pod; null for what is no workload
--   container                 container
--   kubernetes_services       services of Kubernetes that lead to the pod
--   labels                    labels of the pod, with every character that Prometheus does not allow replaced by _
--   annotations               annotations of the pod, likewise; long ones and documents are left out
--   namespace_labels          labels of the namespace, likewise
--   started_at                when it began to run in this step, UTC
--   ended_at                  when it stopped in this step, UTC
--   hours                     how long it ran in this step [hours]
--   cpu_core_hours            CPU allocated: the greater of requested and used, over time [core-hours]
--   cpu_request_cores         CPU requested, on average over its run [cores]
--   cpu_limit_cores           CPU limit, on average over its run; null when not reported [cores]
--   cpu_usage_cores           CPU used, on average over its run; null when not known [cores]
--   cpu_usage_max_cores       CPU used at most; null when not reported [cores]
--   ram_byte_hours            memory allocated: the greater of requested and used, over time [byte-hours]
--   ram_request_bytes         memory requested, on average over its run [bytes]
--   ram_limit_bytes           memory limit, on average over its run; null when not reported [bytes]
--   ram_usage_bytes           memory used, on average over its run; null when not known [bytes]
--   ram_usage_max_bytes       memory used at most; null when not reported [bytes]
--   gpu_hours                 GPUs allocated over time [GPU-hours]
--   gpu_request               GPUs requested, on average over its run; null when not reported [GPUs]
--   gpu_usage                 GPUs used, on average over its run; null when not reported [GPUs]
--   volume_byte_hours         volumes over time [byte-hours]
--   network_transfer_bytes    bytes sent [bytes]
--   network_receive_bytes     bytes received [bytes]
--   cpu_cost_usd              cost of CPU [USD]
--   ram_cost_usd              cost of memory [USD]
--   gpu_cost_usd              cost of GPUs [USD]
--   volume_cost_usd           cost of volumes [USD]
--   network_cost_usd          cost of network [USD]
--   load_balancer_cost_usd    cost of load balancers [USD]
--   shared_cost_usd           share of what is shared, where the installation distributes it [USD]
--   external_cost_usd         cost outside of the cluster that belongs to it [USD]
--   adjustment_usd            what the bill adds to or takes from these, which they hold already; 0 without any [USD]
--   reported_cost_usd         the total that the installation reports; it need not be the sum of the parts [USD]
with allocations as (
    select * from opencost.allocations
),

stg_opencost__allocations as (
    select
        date as day,
        cluster,
        cast(step_started_at as timestamp) as step_started_at,
        cast(step_ended_at as timestamp) as step_ended_at,
        date_diff('second', cast(step_started_at as timestamp), cast(step_ended_at as timestamp)) / 3600.0 as step_hours,
        name,
        case when kind in ('workload', 'idle', 'unmounted') then kind else 'shared' end as kind,
        kind as entry_kind,
        reported_cluster,
        node,
        provider_id,
        namespace,
        controller_kind,
        controller,
        pod,
        container,
        kubernetes_services,
        labels,
        annotations,
        namespace_labels,
        cast(started_at as timestamp) as started_at,
        cast(ended_at as timestamp) as ended_at,
        hours,
        cpu_core_hours,
        cpu_request_cores,
        cpu_limit_cores,
        cpu_usage_cores,
        cpu_usage_max_cores,
        ram_byte_hours,
        ram_request_bytes,
        ram_limit_bytes,
        ram_usage_bytes,
        ram_usage_max_bytes,
        gpu_hours,
        gpu_request,
        gpu_usage,
        volume_byte_hours,
        network_transfer_bytes,
        network_receive_bytes,
        coalesce(cpu_cost + cpu_cost_adjustment, cpu_cost, cpu_cost_adjustment) as cpu_cost_usd,
        coalesce(ram_cost + ram_cost_adjustment, ram_cost, ram_cost_adjustment) as ram_cost_usd,
        coalesce(gpu_cost + gpu_cost_adjustment, gpu_cost, gpu_cost_adjustment) as gpu_cost_usd,
        coalesce(volume_cost + volume_cost_adjustment, volume_cost, volume_cost_adjustment) as volume_cost_usd,
        coalesce(network_cost + network_cost_adjustment, network_cost, network_cost_adjustment) as network_cost_usd,
        coalesce(load_balancer_cost + load_balancer_cost_adjustment, load_balancer_cost, load_balancer_cost_adjustment) as load_balancer_cost_usd,
        shared_cost as shared_cost_usd,
        external_cost as external_cost_usd,
        coalesce(cpu_cost_adjustment, 0)
        + coalesce(ram_cost_adjustment, 0)
        + coalesce(gpu_cost_adjustment, 0)
        + coalesce(volume_cost_adjustment, 0)
        + coalesce(network_cost_adjustment, 0)
        + coalesce(load_balancer_cost_adjustment, 0) as adjustment_usd,
        total_cost as reported_cost_usd
    from allocations
)

select * from stg_opencost__allocations
