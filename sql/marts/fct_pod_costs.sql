-- One row per pod, day and node that it ran on, with what it cost, asked for and used; what costs without being a pod has rows of its own kind.
-- Idle and shared cost stand in rows of their own, and are given to the workloads of their cluster and day in proportion to their cost: total_cost_usd
-- and distributed_cost_usd both add up to what the cluster cost. Where no workload costs anything, idle and shared cost stay where they are.
-- Costs have their adjustments in them. Nothing here but steps depends on whether cost was read by the hour or by the day.
-- grain: date, cluster, node, namespace, pod
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 50h
-- columns:
--   date                        day that it is about, UTC
--   cluster                     cluster, by its name in almanac.toml
--   node                        node; what runs on none has its kind here: __idle__, __unmounted__, …, and __none__ a workload
--   namespace                   namespace; what is in none has its kind here, likewise
--   pod                         pod; what is no workload has its kind here, likewise
--   kind                        workload, idle, unmounted or shared
--   controller_kind             deployment, statefulset, daemonset, job, …; null for a pod that nothing controls
--   controller                  what controls the pod
--   service                     service, as dim_services has it where the catalog of that day knew it; null when nothing tells
--   service_rule                catalog (a label names a service of the catalog), label (the first that there is) or controller (its name is that of a
--                               service of the catalog); null without a service
--   team                        team, in lower case with hyphens; null when nothing tells
--   team_rule                   pod_label, namespace_label or service_owner (in the catalog of that day); null without a team
--   autoscaler_rule             annotation that says that requests are set by a machine; null without one
--   architecture                amd64 or arm64, by its node; null when not told
--   node_type                   machine type of its node, such as m6g.large; null when not told
--   is_spot                     its node can be taken away at any time; null when not told
--   first_seen_at               when it began to run on that day, UTC
--   last_seen_at                when it stopped on that day, or the day did, UTC
--   hours                       how long it ran: of its containers, the one that ran longest [hours]
--   steps                       steps of an hour or a day in which it was seen [steps]
--   cpu_cost_usd                cost of CPU; null when not reported, as all parts [USD]
--   ram_cost_usd                cost of memory [USD]
--   gpu_cost_usd                cost of GPUs [USD]
--   volume_cost_usd             cost of volumes [USD]
--   network_cost_usd            cost of network [USD]
--   load_balancer_cost_usd      cost of load balancers [USD]
--   shared_cost_usd             share of what is shared, where the installation distributes it [USD]
--   external_cost_usd           cost outside of the cluster that belongs to it [USD]
--   adjustment_usd              what the bill added to or took from these parts, which they hold already [USD]
--   total_cost_usd              sum of the parts that are reported [USD]
--   reported_cost_usd           the total that the installation reports; null when it does not for all [USD]
--   cost_difference_usd         reported_cost_usd - total_cost_usd; null when not reported for all [USD]
--   cpu_core_hours              CPU allocated: the greater of requested and used [core-hours]
--   cpu_request_core_hours      CPU requested; null when not known of all of its time, as the next [core-hours]
--   cpu_usage_core_hours        CPU used [core-hours]
--   ram_gib_hours               memory allocated: the greater of requested and used [GiB-hours]
--   ram_request_gib_hours       memory requested; null when not known of all of its time, as the next [GiB-hours]
--   ram_usage_gib_hours         memory used [GiB-hours]
--   gpu_hours                   GPUs allocated [GPU-hours]
--   volume_gib_hours            volumes [GiB-hours]
--   network_transfer_bytes      bytes sent [bytes]
--   network_receive_bytes       bytes received [bytes]
--   cpu_efficiency              CPU used of what was requested, 1 if used without a request; null where neither, and where not known [0 and up]
--   ram_efficiency              memory used of what was requested, likewise [0 and up]
--   efficiency                  both, weighted by their cost; null where neither is known [0 and up]
--   distributed_idle_usd        share of its cluster's idle cost; 0 for what is no workload [USD]
--   distributed_shared_usd      share of its cluster's shared cost; 0 for what is no workload [USD]
--   distributed_cost_usd        total_cost_usd and both shares; 0 for idle and shared cost that was given to workloads [USD]
with allocations as (
    select *
    from stg_opencost__allocations
    where day between getvariable('from') and getvariable('to')
),

-- Read for itself, so that labels are not carried along with every step.
label_sets as (
    select day, cluster, step_started_at, name, labels, namespace_labels, annotations
    from stg_opencost__allocations
    where day between getvariable('from') and getvariable('to')
),

assets as (
    select *
    from stg_opencost__assets
    where day between getvariable('from') and getvariable('to')
),

services as (
    select *
    from stg_catalog__services
    where snapshot_date between getvariable('from') and getvariable('to')
),

pod_labels as (
    select * from reference.pod_labels
),

no_owner_names as (
    select * from reference.no_owner_names
),

-- The one walk over all steps. What follows is about days.
sum_containers as (
    select
        day,
        cluster,
        kind,
        entry_kind,
        node,
        namespace,
        controller_kind,
        controller,
        pod,
        name,
        min(started_at) as first_seen_at,
        max(ended_at) as last_seen_at,
        max(step_started_at) as last_step_started_at,
        count(*) as steps,
        sum(hours) as hours,
        sum(cpu_cost_usd) as cpu_cost_usd,
        sum(ram_cost_usd) as ram_cost_usd,
        sum(gpu_cost_usd) as gpu_cost_usd,
        sum(volume_cost_usd) as volume_cost_usd,
        sum(network_cost_usd) as network_cost_usd,
        sum(load_balancer_cost_usd) as load_balancer_cost_usd,
        sum(shared_cost_usd) as shared_cost_usd,
        sum(external_cost_usd) as external_cost_usd,
        sum(adjustment_usd) as adjustment_usd,
        sum(reported_cost_usd) as reported_cost_usd,
        count(reported_cost_usd) as n_reported,
        sum(cpu_core_hours) as cpu_core_hours,
        sum(cpu_request_cores * hours) as cpu_request_core_hours,
        count(cpu_request_cores) as n_cpu_request,
        sum(cpu_usage_cores * hours) as cpu_usage_core_hours,
        count(cpu_usage_cores) as n_cpu_usage,
        sum(ram_byte_hours) as ram_byte_hours,
        sum(ram_request_bytes * hours) as ram_request_byte_hours,
        count(ram_request_bytes) as n_ram_request,
        sum(ram_usage_bytes * hours) as ram_usage_byte_hours,
        count(ram_usage_bytes) as n_ram_usage,
        sum(gpu_hours) as gpu_hours,
        sum(volume_byte_hours) as volume_byte_hours,
        sum(network_transfer_bytes) as network_transfer_bytes,
        sum(network_receive_bytes) as network_receive_bytes
    from allocations
    group by day, cluster, kind, entry_kind, node, namespace, controller_kind, controller, pod, name
),

-- Where a place is not known the vendor's spelling of the kind holds it.
name_places as (
    select
        *,
        coalesce(node, place) as node_place,
        coalesce(namespace, place) as namespace_place,
        coalesce(pod, place) as pod_place
    from (
        select *, '__' || case kind when 'workload' then 'none' else entry_kind end || '__' as place
        from sum_containers
    ) as containers
),

sum_pods as (
    select
        day,
        cluster,
        node_place as node,
        namespace_place as namespace,
        pod_place as pod,
        min(kind) as kind,
        min(controller_kind) as controller_kind,
        min(controller) as controller,
        min(first_seen_at) as first_seen_at,
        max(last_seen_at) as last_seen_at,
        max(last_step_started_at) as last_step_started_at,
        max(steps) as steps,
        max(hours) as hours,
        sum(cpu_cost_usd) as cpu_cost_usd,
        sum(ram_cost_usd) as ram_cost_usd,
        sum(gpu_cost_usd) as gpu_cost_usd,
        sum(volume_cost_usd) as volume_cost_usd,
        sum(network_cost_usd) as network_cost_usd,
        sum(load_balancer_cost_usd) as load_balancer_cost_usd,
        sum(shared_cost_usd) as shared_cost_usd,
        sum(external_cost_usd) as external_cost_usd,
        sum(adjustment_usd) as adjustment_usd,
        case when sum(n_reported) = sum(steps) then sum(reported_cost_usd) end as reported_cost_usd,
        sum(cpu_core_hours) as cpu_core_hours,
        case when sum(n_cpu_request) = sum(steps) then sum(cpu_request_core_hours) end as cpu_request_core_hours,
        case when sum(n_cpu_usage) = sum(steps) then sum(cpu_usage_core_hours) end as cpu_usage_core_hours,
        sum(ram_byte_hours) / 1073741824 as ram_gib_hours,
        case when sum(n_ram_request) = sum(steps) then sum(ram_request_byte_hours) / 1073741824 end as ram_request_gib_hours,
        case when sum(n_ram_usage) = sum(steps) then sum(ram_usage_byte_hours) / 1073741824 end as ram_usage_gib_hours,
        sum(gpu_hours) as gpu_hours,
        sum(volume_byte_hours) / 1073741824 as volume_gib_hours,
        sum(network_transfer_bytes) as network_transfer_bytes,
        sum(network_receive_bytes) as network_receive_bytes
    from name_places
    group by day, cluster, node_place, namespace_place, pod_place
),

-- All containers of a pod carry its labels: those of its last step count, of one container, by name.
choose_containers as (
    select
        containers.day,
        containers.cluster,
        containers.node_place as node,
        containers.namespace_place as namespace,
        containers.pod_place as pod,
        containers.last_step_started_at,
        min(containers.name) as name
    from name_places as containers
    inner join sum_pods as pods
        on containers.day = pods.day
        and containers.cluster = pods.cluster
        and containers.node_place = pods.node
        and containers.namespace_place = pods.namespace
        and containers.pod_place = pods.pod
        and containers.last_step_started_at = pods.last_step_started_at
    where containers.kind in ('workload', 'unmounted')
    group by
        containers.day, containers.cluster, containers.node_place, containers.namespace_place, containers.pod_place,
        containers.last_step_started_at
),

read_labels as (
    select
        chosen.day,
        chosen.cluster,
        chosen.node,
        chosen.namespace,
        chosen.pod,
        label_sets.labels,
        label_sets.namespace_labels,
        label_sets.annotations
    from choose_containers as chosen
    inner join label_sets
        on chosen.day = label_sets.day
        and chosen.cluster = label_sets.cluster
        and chosen.name = label_sets.name
        and chosen.last_step_started_at = label_sets.step_started_at
),

list_labels as (
    select
        pods.day,
        pods.cluster,
        pods.node,
        pods.namespace,
        pods.pod,
        known.meaning,
        known.place,
        known.rank,
        known.label,
        trim(
            case known.place
                when 'pod' then pods.labels[known.label]
                when 'namespace' then pods.namespace_labels[known.label]
                when 'annotation' then pods.annotations[known.label]
            end
        ) as value
    from read_labels as pods
    cross join pod_labels as known
),

-- What has an address is a person, and no team.
name_labels as (
    select
        *,
        regexp_replace(lower(value), '[^a-z0-9]+', '-', 'g') as normalised_value,
        replace(replace(lower(value), '_', '-'), ' ', '-') as team
    from list_labels
    where value <> '' and value not like '%@%'
),

-- A name that fits two services of the catalog stands for neither.
name_services as (
    select snapshot_date, normalised_name, min(service) as service, min(team) as team
    from (
        select snapshot_date, service, team, regexp_replace(lower(service), '[^a-z0-9]+', '-', 'g') as normalised_name from services
        union
        select snapshot_date, service, team, regexp_replace(lower(name), '[^a-z0-9]+', '-', 'g') as normalised_name from services
        union
        select snapshot_date, service, team, regexp_replace(lower(datadog_service), '[^a-z0-9]+', '-', 'g') as normalised_name from services
    ) as names
    where normalised_name is not null
    group by snapshot_date, normalised_name
    having count(*) = 1
),

own_services as (
    select snapshot_date, service, min(team) as team
    from services
    group by snapshot_date, service
),

rank_services as (
    select
        labels.day,
        labels.cluster,
        labels.node,
        labels.namespace,
        labels.pod,
        coalesce(known.service, lower(labels.value)) as service,
        case when known.service is null then 'label' else 'catalog' end as service_rule,
        row_number() over (
            partition by labels.day, labels.cluster, labels.node, labels.namespace, labels.pod
            order by case when known.service is null then 2 else 1 end, labels.rank, labels.label
        ) as service_rank
    from name_labels as labels
    left join name_services as known
        on labels.day = known.snapshot_date
        and labels.normalised_value = known.normalised_name
    where labels.meaning = 'service'
),

rank_teams as (
    select
        labels.day,
        labels.cluster,
        labels.node,
        labels.namespace,
        labels.pod,
        labels.team,
        labels.place || '_label' as team_rule,
        row_number() over (
            partition by labels.day, labels.cluster, labels.node, labels.namespace, labels.pod
            order by labels.rank, labels.place, labels.label
        ) as team_rank
    from name_labels as labels
    left join no_owner_names
        on labels.team = no_owner_names.name
    where labels.meaning = 'team' and no_owner_names.name is null
),

find_autoscalers as (
    select day, cluster, node, namespace, pod, min(label) as autoscaler_rule
    from name_labels
    where meaning = 'autoscaler'
    group by day, cluster, node, namespace, pod
),

-- A node that was replaced under its name is the one that was there longer.
rank_nodes as (
    select
        day,
        cluster,
        name,
        architecture,
        node_type,
        is_spot,
        row_number() over (partition by day, cluster, name order by hours desc, asset_id) as node_rank
    from assets
    where asset_type = 'node'
),

describe_pods as (
    select
        pods.*,
        coalesce(labelled.service, controllers.service) as service,
        case
            when labelled.service is not null then labelled.service_rule
            when controllers.service is not null then 'controller'
        end as service_rule,
        teams.team as label_team,
        teams.team_rule as label_rule,
        autoscalers.autoscaler_rule,
        nodes.architecture,
        nodes.node_type,
        nodes.is_spot,
        case
            when coalesce(
                cpu_cost_usd, ram_cost_usd, gpu_cost_usd, volume_cost_usd, network_cost_usd, load_balancer_cost_usd, shared_cost_usd, external_cost_usd
            ) is not null
                then coalesce(cpu_cost_usd, 0)
                    + coalesce(ram_cost_usd, 0)
                    + coalesce(gpu_cost_usd, 0)
                    + coalesce(volume_cost_usd, 0)
                    + coalesce(network_cost_usd, 0)
                    + coalesce(load_balancer_cost_usd, 0)
                    + coalesce(shared_cost_usd, 0)
                    + coalesce(external_cost_usd, 0)
        end as total_cost_usd,
        case
            when cpu_request_core_hours > 0 then cpu_usage_core_hours / cpu_request_core_hours
            when cpu_request_core_hours = 0 and cpu_usage_core_hours > 0 then 1
        end as cpu_efficiency,
        case
            when ram_request_gib_hours > 0 then ram_usage_gib_hours / ram_request_gib_hours
            when ram_request_gib_hours = 0 and ram_usage_gib_hours > 0 then 1
        end as ram_efficiency
    from sum_pods as pods
    left join rank_services as labelled
        on pods.day = labelled.day
        and pods.cluster = labelled.cluster
        and pods.node = labelled.node
        and pods.namespace = labelled.namespace
        and pods.pod = labelled.pod
        and labelled.service_rank = 1
    left join name_services as controllers
        on pods.kind = 'workload'
        and pods.day = controllers.snapshot_date
        and regexp_replace(lower(pods.controller), '[^a-z0-9]+', '-', 'g') = controllers.normalised_name
    left join rank_teams as teams
        on pods.day = teams.day
        and pods.cluster = teams.cluster
        and pods.node = teams.node
        and pods.namespace = teams.namespace
        and pods.pod = teams.pod
        and teams.team_rank = 1
    left join find_autoscalers as autoscalers
        on pods.day = autoscalers.day
        and pods.cluster = autoscalers.cluster
        and pods.node = autoscalers.node
        and pods.namespace = autoscalers.namespace
        and pods.pod = autoscalers.pod
    left join rank_nodes as nodes
        on pods.day = nodes.day
        and pods.cluster = nodes.cluster
        and pods.node = nodes.name
        and nodes.node_rank = 1
),

sum_clusters as (
    select
        day,
        cluster,
        sum(case when kind = 'workload' then total_cost_usd end) as workload_cost_usd,
        coalesce(sum(case when kind = 'idle' then total_cost_usd end), 0) as idle_cost_usd,
        coalesce(sum(case when kind = 'shared' then total_cost_usd end), 0) as shared_cost_usd
    from describe_pods
    group by day, cluster
),

share_costs as (
    select
        pods.*,
        clusters.workload_cost_usd > 0 as is_distributed,
        case
            when pods.kind = 'workload' and clusters.workload_cost_usd > 0
                then clusters.idle_cost_usd * coalesce(pods.total_cost_usd, 0) / clusters.workload_cost_usd
            else 0
        end as distributed_idle_usd,
        case
            when pods.kind = 'workload' and clusters.workload_cost_usd > 0
                then clusters.shared_cost_usd * coalesce(pods.total_cost_usd, 0) / clusters.workload_cost_usd
            else 0
        end as distributed_shared_usd
    from describe_pods as pods
    inner join sum_clusters as clusters
        on pods.day = clusters.day
        and pods.cluster = clusters.cluster
),

fct_pod_costs as (
    select
        pods.day as date,
        pods.cluster,
        pods.node,
        pods.namespace,
        pods.pod,
        pods.kind,
        pods.controller_kind,
        pods.controller,
        pods.service,
        pods.service_rule,
        coalesce(pods.label_team, owners.team) as team,
        case
            when pods.label_team is not null then pods.label_rule
            when owners.team is not null then 'service_owner'
        end as team_rule,
        pods.autoscaler_rule,
        pods.architecture,
        pods.node_type,
        pods.is_spot,
        pods.first_seen_at,
        pods.last_seen_at,
        pods.hours,
        pods.steps,
        pods.cpu_cost_usd,
        pods.ram_cost_usd,
        pods.gpu_cost_usd,
        pods.volume_cost_usd,
        pods.network_cost_usd,
        pods.load_balancer_cost_usd,
        pods.shared_cost_usd,
        pods.external_cost_usd,
        pods.adjustment_usd,
        pods.total_cost_usd,
        pods.reported_cost_usd,
        pods.reported_cost_usd - pods.total_cost_usd as cost_difference_usd,
        pods.cpu_core_hours,
        pods.cpu_request_core_hours,
        pods.cpu_usage_core_hours,
        pods.ram_gib_hours,
        pods.ram_request_gib_hours,
        pods.ram_usage_gib_hours,
        pods.gpu_hours,
        pods.volume_gib_hours,
        pods.network_transfer_bytes,
        pods.network_receive_bytes,
        pods.cpu_efficiency,
        pods.ram_efficiency,
        case
            when pods.cpu_efficiency is null then pods.ram_efficiency
            when pods.ram_efficiency is null then pods.cpu_efficiency
            when pods.cpu_cost_usd + pods.ram_cost_usd > 0
                then (pods.cpu_cost_usd * pods.cpu_efficiency + pods.ram_cost_usd * pods.ram_efficiency) / (pods.cpu_cost_usd + pods.ram_cost_usd)
        end as efficiency,
        pods.distributed_idle_usd,
        pods.distributed_shared_usd,
        case
            when pods.kind in ('idle', 'shared') and pods.is_distributed then 0
            else pods.total_cost_usd + pods.distributed_idle_usd + pods.distributed_shared_usd
        end as distributed_cost_usd
    from share_costs as pods
    left join own_services as owners
        on pods.day = owners.snapshot_date
        and pods.service = owners.service
)

select * from fct_pod_costs
