-- title: Cost of pods as FOCUS
-- purpose: What every pod cost a day, in the columns of FOCUS 1.3 (FinOps Open Cost and Usage Specification), for tools that read it.
-- owner: platform
-- sources: opencost.allocations, opencost.assets
--
-- One row per pod or other entry of fct_pod_costs, day and part of its cost that is not 0. The charge that a provider bills is that of a node, a disk
-- or the like, and split among pods: the resource is the node, the allocated resource the pod. Over a day and cluster, BilledCost and
-- x_DistributedCost each add up to what fct_cluster_costs says; where x_Completeness is less than 1, cost of hours that were not seen is missing.
-- BilledCost, EffectiveCost and ContractedCost are the same, what OpenCost reckons with its adjustments by the bill: it knows no invoice. ListCost is
-- that before adjustments, which are known of a pod as a whole and taken from its parts in proportion to their cost.
-- What nobody tells has a stand-in. The billing account is the cluster. The provider, who is also the issuer of invoices, is the cluster's by its
-- nodes, and the cluster itself where they do not tell. Names of services are ours, and so are SKUs, which are made of part, machine type and spot:
-- a unit price is ListCost by PricingQuantity. A part without a quantity of its own is priced by the day. Only spot is known to be priced dynamically.
-- Labels are not in the facts: AllocatedTags has what they told of service and team. Left out, since nothing tells of them, are the conditional and
-- recommended columns about commitments, capacity reservations, contracts, negotiated prices, invoices and other currencies.
-- columns:
--   AllocatedMethodDetails    share of the node's charge that went to this pod or stayed idle, and by which quantity (JSON text); null for other parts
--   AllocatedMethodId         how the charge was split: OpenCost's greater of requested and used; null for what is not split
--   AllocatedResourceId       cluster, namespace and pod; null for what no pod has
--   AllocatedResourceName     pod; null for what no pod has
--   AllocatedTags             namespace, controller, service and team, as far as known (JSON text); null for what no pod has
--   AvailabilityZone          zone of the node; null when not told
--   BilledCost                cost with adjustments [USD]
--   BillingAccountId          cluster
--   BillingAccountName        cluster
--   BillingCurrency           USD
--   BillingPeriodEnd          end of the month, not included
--   BillingPeriodStart        beginning of the month
--   ChargeCategory            Usage
--   ChargeClass               null: no row corrects an invoice
--   ChargeDescription         what it is in a sentence
--   ChargeFrequency           Usage-Based
--   ChargePeriodEnd           end of the day, not included
--   ChargePeriodStart         beginning of the day, UTC
--   ConsumedQuantity          quantity allocated, as PricingQuantity
--   ConsumedUnit              its unit
--   ContractedCost            cost with adjustments [USD]
--   EffectiveCost             cost with adjustments [USD]
--   HostProviderName          provider of the nodes
--   InvoiceIssuerName         provider of the nodes
--   ListCost                  cost before adjustments [USD]
--   ListUnitPrice             ListCost by PricingQuantity [USD]
--   PricingCategory           Dynamic for spot nodes, else Standard
--   PricingQuantity           quantity allocated; 1 where the part is priced by the day
--   PricingUnit               vCPU-Hours, GiB-Hours, GPU-Hours, GiB or Days
--   ProviderName              provider of the nodes; deprecated by FOCUS 1.3, which still demands it
--   PublisherName             provider of the nodes; deprecated likewise
--   RegionId                  region of the node; null when not told
--   RegionName                the same
--   ResourceId                the cloud's id of the node, or else cluster and node; null for other parts than its CPU, memory and GPUs
--   ResourceName              node; null likewise
--   ResourceType              Node; null likewise
--   ServiceCategory           Compute, Storage, Networking or Other
--   ServiceName               what of Kubernetes it is
--   ServiceProviderName       provider of the nodes
--   ServiceSubcategory        Containers, Block Storage, Network Connectivity, Application Networking or Other (Other)
--   SkuId                     part, and machine type of the node
--   SkuMeter                  what is measured
--   SkuPriceDetails           machine type of the node (JSON text); null when not told
--   SkuPriceId                SkuId, and whether it is spot
--   SubAccountId              project or account at the cloud; null when not told
--   SubAccountName            null: no name is told
--   Tags                      null: labels of nodes are not in the facts
--   x_Architecture            amd64 or arm64; null when not told
--   x_Cluster                 cluster, by its name in almanac.toml
--   x_Completeness            hours of the cluster's day that were seen, of 24; null when not known [0 to 1]
--   x_Component               cpu, memory, gpu, volume, network, load_balancer, shared or external
--   x_Controller              what controls the pod
--   x_ControllerKind          deployment, statefulset, daemonset, job, …
--   x_DistributedCost         BilledCost and its share of idle and shared cost; 0 for what was given away so [USD]
--   x_Kind                    workload, idle, unmounted or shared
--   x_Namespace               namespace; null for what is in none
--   x_Node                    node; null for what runs on none
--   x_NodeType                machine type of the node; null when not told
--   x_Service                 service; null when nothing tells
--   x_Team                    team; null when nothing tells

-- Read twice rather than kept: a year of pods is larger than memory.
with pods as not materialized (
    select *
    from fct_pod_costs
    where date between getvariable('from') and getvariable('to')
),

clusters as (
    select *
    from fct_cluster_costs
    where date between getvariable('from') and getvariable('to')
),

assets as (
    select *
    from stg_opencost__assets
    where asset_type = 'node' and day between getvariable('from') and getvariable('to')
),

parts (component, meter, service_name, service_category, service_subcategory, unit, is_of_node, is_adjusted) as (
    values
    ('cpu', 'CPU', 'Kubernetes nodes', 'Compute', 'Containers', 'vCPU-Hours', true, true),
    ('memory', 'Memory', 'Kubernetes nodes', 'Compute', 'Containers', 'GiB-Hours', true, true),
    ('gpu', 'GPU', 'Kubernetes nodes', 'Compute', 'Containers', 'GPU-Hours', true, true),
    ('volume', 'Volumes', 'Kubernetes volumes', 'Storage', 'Block Storage', 'GiB-Hours', false, true),
    ('network', 'Data sent', 'Kubernetes network', 'Networking', 'Network Connectivity', 'GiB', false, true),
    ('load_balancer', 'Load balancers', 'Kubernetes load balancers', 'Networking', 'Application Networking', 'Days', false, true),
    ('shared', 'Shared cost', 'Kubernetes shared cost', 'Other', 'Other (Other)', 'Days', false, false),
    ('external', 'External cost', 'Cost outside of Kubernetes', 'Other', 'Other (Other)', 'Days', false, false)
),

-- A node that was replaced under its name is the one that was there longer.
rank_nodes as (
    select *, row_number() over (partition by day, cluster, name order by hours desc, asset_id) as node_rank
    from assets
),

-- What all nodes of a cluster have in common holds of what runs on none of them, too.
sum_assets as (
    select
        day,
        cluster,
        case when min(provider) = max(provider) then min(provider) end as provider,
        case when min(region) = max(region) then min(region) end as region,
        case when min(coalesce(project, account)) = max(coalesce(project, account)) then min(coalesce(project, account)) end as sub_account
    from assets
    group by day, cluster
),

-- The charges that are split among pods, and what stays idle of them.
sum_nodes as (
    select
        date,
        cluster,
        node,
        sum(cpu_cost_usd) as cpu_cost_usd,
        sum(ram_cost_usd) as ram_cost_usd,
        sum(gpu_cost_usd) as gpu_cost_usd
    from pods
    where kind in ('workload', 'idle') and not starts_with(node, '__')
    group by date, cluster, node
),

describe_pods as (
    select
        pods.*,
        pods.kind = 'workload' as is_pod,
        pods.kind in ('workload', 'idle') as is_split,
        case when not starts_with(pods.node, '__') then pods.node end as known_node,
        case when not starts_with(pods.namespace, '__') then pods.namespace end as known_namespace,
        case
            when pods.kind = 'workload'
                -- A merge leaves out what is null.
                then cast(
                    json_merge_patch(
                        '{}',
                        json_object(
                            'kubernetes/namespace', case when not starts_with(pods.namespace, '__') then pods.namespace end,
                            'kubernetes/controller-kind', pods.controller_kind,
                            'kubernetes/controller', pods.controller,
                            'almanac/service', pods.service,
                            'almanac/team', pods.team
                        )
                    ) as varchar
                )
        end as allocated_tags,
        case when pods.node_type is not null then cast(json_object('InstanceType', pods.node_type) as varchar) end as price_details,
        clusters.completeness,
        nodes.provider_id,
        nodes.zone,
        coalesce(nodes.provider, sum_assets.provider, pods.cluster) as provider,
        coalesce(nodes.region, sum_assets.region) as region,
        coalesce(nodes.project, nodes.account, sum_assets.sub_account) as sub_account,
        sum_nodes.cpu_cost_usd as node_cpu_cost_usd,
        sum_nodes.ram_cost_usd as node_ram_cost_usd,
        sum_nodes.gpu_cost_usd as node_gpu_cost_usd,
        coalesce(pods.cpu_cost_usd, 0)
        + coalesce(pods.ram_cost_usd, 0)
        + coalesce(pods.gpu_cost_usd, 0)
        + coalesce(pods.volume_cost_usd, 0)
        + coalesce(pods.network_cost_usd, 0)
        + coalesce(pods.load_balancer_cost_usd, 0) as adjusted_cost_usd
    from pods
    left join clusters
        on pods.date = clusters.date
        and pods.cluster = clusters.cluster
    left join rank_nodes as nodes
        on pods.date = nodes.day
        and pods.cluster = nodes.cluster
        and pods.node = nodes.name
        and nodes.node_rank = 1
    left join sum_assets
        on pods.date = sum_assets.day
        and pods.cluster = sum_assets.cluster
    left join sum_nodes
        on pods.date = sum_nodes.date
        and pods.cluster = sum_nodes.cluster
        and pods.node = sum_nodes.node
),

list_parts as (
    select
        pods.*,
        parts.*,
        case parts.component
            when 'cpu' then pods.cpu_cost_usd
            when 'memory' then pods.ram_cost_usd
            when 'gpu' then pods.gpu_cost_usd
            when 'volume' then pods.volume_cost_usd
            when 'network' then pods.network_cost_usd
            when 'load_balancer' then pods.load_balancer_cost_usd
            when 'shared' then pods.shared_cost_usd
            when 'external' then pods.external_cost_usd
        end as cost_usd,
        case parts.component
            when 'cpu' then pods.node_cpu_cost_usd
            when 'memory' then pods.node_ram_cost_usd
            when 'gpu' then pods.node_gpu_cost_usd
        end as node_cost_usd,
        case parts.component
            when 'cpu' then pods.cpu_core_hours
            when 'memory' then pods.ram_gib_hours
            when 'gpu' then pods.gpu_hours
            when 'volume' then pods.volume_gib_hours
            when 'network' then pods.network_transfer_bytes / 1073741824
        end as quantity
    from describe_pods as pods
    cross join parts
),

price_parts as (
    select
        *,
        case when quantity > 0 then quantity else 1 end as pricing_quantity,
        case when quantity > 0 then unit else 'Days' end as pricing_unit,
        case
            when is_adjusted and adjusted_cost_usd <> 0 then cost_usd * (adjusted_cost_usd - coalesce(adjustment_usd, 0)) / adjusted_cost_usd
            else cost_usd
        end as list_cost_usd,
        case when total_cost_usd = 0 then cost_usd else cost_usd * distributed_cost_usd / total_cost_usd end as distributed_part_usd,
        'kubernetes/' || component || case when is_of_node and node_type is not null then '/' || node_type else '' end as sku,
        case when is_of_node and is_spot then '/spot' when is_of_node and not is_spot then '/on-demand' else '' end as price_tier
    from list_parts
    where cost_usd <> 0
),

focus as (
    select
        case
            when is_split and is_of_node and node_cost_usd <> 0
                then cast(
                    json_object(
                        'Elements',
                        json_array(
                            case
                                when quantity > 0
                                    then json_object('AllocatedRatio', cost_usd / node_cost_usd, 'UsageUnit', unit, 'UsageQuantity', quantity)
                                else json_object('AllocatedRatio', cost_usd / node_cost_usd)
                            end
                        )
                    ) as varchar
                )
        end as "AllocatedMethodDetails",
        case when is_split then 'opencost-greater-of-request-and-usage' end as "AllocatedMethodId",
        case when is_pod then cluster || '/' || coalesce(known_namespace, '') || '/' || pod end as "AllocatedResourceId",
        case when is_pod then pod end as "AllocatedResourceName",
        allocated_tags as "AllocatedTags",
        zone as "AvailabilityZone",
        cast(cost_usd as decimal(38, 15)) as "BilledCost",
        cluster as "BillingAccountId",
        cluster as "BillingAccountName",
        'USD' as "BillingCurrency",
        cast(cast(date_trunc('month', date) as timestamp) + interval 1 month as timestamptz) as "BillingPeriodEnd",
        cast(cast(date_trunc('month', date) as timestamp) as timestamptz) as "BillingPeriodStart",
        'Usage' as "ChargeCategory",
        cast(null as varchar) as "ChargeClass",
        meter
        || case kind
            when 'workload' then ' of pod ' || coalesce(known_namespace || '/', '') || pod
            when 'idle' then ' left idle'
            else ' of no pod'
        end
        || coalesce(' on node ' || known_node, '')
        || ' in cluster '
        || cluster as "ChargeDescription",
        'Usage-Based' as "ChargeFrequency",
        cast(cast(date as timestamp) + interval 1 day as timestamptz) as "ChargePeriodEnd",
        cast(cast(date as timestamp) as timestamptz) as "ChargePeriodStart",
        cast(pricing_quantity as decimal(38, 15)) as "ConsumedQuantity",
        pricing_unit as "ConsumedUnit",
        cast(cost_usd as decimal(38, 15)) as "ContractedCost",
        cast(cost_usd as decimal(38, 15)) as "EffectiveCost",
        provider as "HostProviderName",
        provider as "InvoiceIssuerName",
        cast(list_cost_usd as decimal(38, 15)) as "ListCost",
        cast(list_cost_usd / pricing_quantity as decimal(38, 15)) as "ListUnitPrice",
        case when is_of_node and is_spot then 'Dynamic' else 'Standard' end as "PricingCategory",
        cast(pricing_quantity as decimal(38, 15)) as "PricingQuantity",
        pricing_unit as "PricingUnit",
        provider as "ProviderName",
        provider as "PublisherName",
        region as "RegionId",
        region as "RegionName",
        case when is_of_node then coalesce(provider_id, cluster || '/' || known_node) end as "ResourceId",
        case when is_of_node then known_node end as "ResourceName",
        case when is_of_node and known_node is not null then 'Node' end as "ResourceType",
        service_category as "ServiceCategory",
        service_name as "ServiceName",
        provider as "ServiceProviderName",
        service_subcategory as "ServiceSubcategory",
        sku as "SkuId",
        meter as "SkuMeter",
        case when is_of_node then price_details end as "SkuPriceDetails",
        sku || price_tier as "SkuPriceId",
        sub_account as "SubAccountId",
        cast(null as varchar) as "SubAccountName",
        cast(null as varchar) as "Tags",
        architecture as "x_Architecture",
        cluster as "x_Cluster",
        completeness as "x_Completeness",
        component as "x_Component",
        controller as "x_Controller",
        controller_kind as "x_ControllerKind",
        cast(distributed_part_usd as decimal(38, 15)) as "x_DistributedCost",
        kind as "x_Kind",
        known_namespace as "x_Namespace",
        known_node as "x_Node",
        node_type as "x_NodeType",
        service as "x_Service",
        team as "x_Team"
    from price_parts
)

select * from focus
