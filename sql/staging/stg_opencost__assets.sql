-- One row per thing that a cluster is made of, and day: its nodes, disks and load balancers, with what they cost.
-- grain: day, cluster, asset_id
-- kind: view
-- owner: platform
-- columns:
--   day                       day that it is about, UTC
--   cluster                   cluster, by its name in almanac.toml
--   asset_id                  key of the entry in the answer
--   asset_type                node, disk, load_balancer, cluster_management, network, cloud, shared, or what else the installation calls it
--   name                      its name: that of a node is the one that allocations have
--   provider_id               the cloud's id of it
--   provider                  such as AWS, GCP or Azure
--   category                  Compute, Storage, Network, Management, …
--   cloud_service             the cloud's service, such as Kubernetes
--   account                   account at the cloud
--   project                   project at the cloud
--   region                    region, by the node's label
--   zone                      zone, by the node's label
--   node_type                 machine type of a node, such as m6g.large
--   pool                      pool of a node
--   architecture              amd64 or arm64, by the node's label; null when it has none
--   is_spot                   a node can be taken away at any time, and is cheaper for that; null when not told
--   discount                  discount on a node's price; null when not told [0 to 1]
--   started_at                when it began to be there on that day, UTC
--   ended_at                  when it was gone, or the end of the day, UTC
--   hours                     how long it was there on that day [hours]
--   cpu_cores                 CPU of a node [cores]
--   ram_bytes                 memory of a node [bytes]
--   gpus                      GPUs of a node [GPUs]
--   cpu_core_hours            CPU of a node over time [core-hours]
--   ram_byte_hours            memory of a node over time [byte-hours]
--   gpu_hours                 GPUs of a node over time [GPU-hours]
--   disk_bytes                size of a disk [bytes]
--   disk_byte_hours           size of a disk over time [byte-hours]
--   disk_byte_hours_used      what of a disk was used over time; null when not reported [byte-hours]
--   storage_class             storage class of a disk
--   volume_name               volume that a disk is
--   claim_name                claim that has that volume
--   claim_namespace           namespace of that claim
--   is_private                a load balancer is reached from within only; null when not reported
--   cpu_cost_usd              cost of a node's CPU, before its discount [USD]
--   ram_cost_usd              cost of a node's memory, before its discount [USD]
--   gpu_cost_usd              cost of a node's GPUs [USD]
--   adjustment_usd            what the bill adds to or takes from its cost [USD]
--   total_cost_usd            what it cost on that day, adjustment included [USD]
--   hourly_cost_usd           what it cost an hour; null when it was there for no time [USD per hour]
--   labels                    labels, with every character that Prometheus does not allow replaced by _
with assets as (
    select * from opencost.assets
),

stg_opencost__assets as (
    select
        date as day,
        cluster,
        asset_id,
        asset_type,
        name,
        provider_id,
        provider,
        category,
        service as cloud_service,
        account,
        project,
        region,
        zone,
        node_type,
        pool,
        architecture,
        is_spot,
        discount,
        cast(started_at as timestamp) as started_at,
        cast(ended_at as timestamp) as ended_at,
        hours,
        cpu_cores,
        ram_bytes,
        gpu_count as gpus,
        cpu_core_hours,
        ram_byte_hours,
        gpu_hours,
        disk_bytes,
        disk_byte_hours,
        disk_byte_hours_used,
        storage_class,
        volume_name,
        claim_name,
        claim_namespace,
        is_private,
        cpu_cost as cpu_cost_usd,
        ram_cost as ram_cost_usd,
        gpu_cost as gpu_cost_usd,
        adjustment as adjustment_usd,
        total_cost as total_cost_usd,
        hourly_cost as hourly_cost_usd,
        labels
    from assets
)

select * from stg_opencost__assets
