-- title: Cost of what nobody uses
-- question: Which nodes stood idle on the newest day that was seen whole, which volumes had no pod, and what did that cost?
-- owner: platform
-- sources: opencost.allocations, opencost.assets
-- params:
--   cluster    cluster
-- columns:
--   status                 idle, unmounted, rest (nodes that are not listed), in_use (what pods took, by cluster), not_reported (the installation tells of no
--                          idle cost) or not_visible
--   subject_id             cluster/node; cluster/namespace for volumes; (other nodes); cluster; or what was not read to the end
--   cluster                cluster; null for several
--   node                   node; null for what is none, and for several
--   node_type              machine type of the node; null when not told
--   architecture           amd64 or arm64; null when not told
--   is_spot                the node can be taken away at any time; null when not told
--   n_pods                 pods that ran on it that day [pods]
--   cost_usd               what was not used [USD]
--   share                  cost_usd of what the node cost; for volumes, and for what is in use, of what the cluster did [0 to 1]
--   month_usd              cost_usd over 365 / 12 days, if each was like this one [USD per month]
--   reason                 why it has this status
--   as_of_date             day that it is about; for a table, the date that it was last asked for
--   subject_type           node, nodes, namespace, cluster, or source for a table whose gaps hide cost
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, partial (hours of the cluster's day are missing) or none

-- Idle is what of a node nobody requested or used. What is requested and not used is told by over-provisioned.
with coverage as (
    select * from fct_cost_coverage where is_newest_day
),

pods as (
    select * from fct_pod_costs
),

gaps as (
    select * from fct_cost_gaps where policy_id = 'idle-cost'
),

thresholds as (
    select
        max(case name when 'rows_shown' then value end) as rows_shown,
        max(case name when 'hours_a_month' then value end) / 24 as days_a_month
    from reference.thresholds
),

newest_pods as (
    select pods.*, coverage.is_whole
    from pods
    inner join coverage
        on pods.date = coverage.date
        and pods.cluster = coverage.cluster
    where getvariable('cluster') is null or pods.cluster = getvariable('cluster')
),

-- Network, volumes and load balancers of its pods are no cost of a node.
sum_nodes as (
    select
        cluster,
        node,
        max(date) as date,
        max(node_type) as node_type,
        max(architecture) as architecture,
        max(is_spot) as is_spot,
        min(case when is_whole then 1 else 0 end) = 1 as is_whole,
        count(case when kind = 'workload' then 1 end) as n_pods,
        sum(case when kind = 'idle' then total_cost_usd end) as idle_cost_usd,
        sum(
            case kind
                when 'idle' then total_cost_usd
                else coalesce(cpu_cost_usd, 0) + coalesce(ram_cost_usd, 0) + coalesce(gpu_cost_usd, 0)
            end
        ) as cost_usd
    from newest_pods
    where kind in ('workload', 'idle')
    group by cluster, node
),

-- A cluster whose installation tells of idle cost only as a whole has a row for all of its nodes.
rank_nodes as (
    select *, row_number() over (order by idle_cost_usd desc nulls last, cluster, node) as node_rank
    from sum_nodes
    where idle_cost_usd > 0
),

answer_nodes as (
    select
        'idle' as status,
        cluster || '/' || node as subject_id,
        cluster,
        node,
        node_type,
        architecture,
        is_spot,
        n_pods,
        idle_cost_usd as cost_usd,
        case when node <> '__idle__' then idle_cost_usd / nullif(cost_usd, 0) end as share,
        idle_cost_usd * thresholds.days_a_month as month_usd,
        'nobody requested or used it' || case when node = '__idle__' then '; the installation does not tell of which nodes' else '' end as reason,
        date as as_of_date,
        'node' as subject_type,
        cast(json_object('node_cost_usd', round(cost_usd, 4)) as varchar) as evidence,
        case when is_whole then 'complete' else 'partial' end as source_completeness
    from rank_nodes
    cross join thresholds
    where node_rank <= thresholds.rows_shown
),

answer_rest as (
    select
        'rest' as status,
        '(other nodes)' as subject_id,
        sum(n_pods) as n_pods,
        sum(idle_cost_usd) as cost_usd,
        sum(idle_cost_usd) / nullif(sum(cost_usd), 0) as share,
        sum(idle_cost_usd) * max(thresholds.days_a_month) as month_usd,
        'less of each was idle than of those that are listed' as reason,
        max(date) as as_of_date,
        'nodes' as subject_type,
        cast(json_object('nodes', count(*)) as varchar) as evidence,
        case when min(case when is_whole then 1 else 0 end) = 1 then 'complete' else 'partial' end as source_completeness
    from rank_nodes
    cross join thresholds
    where node_rank > thresholds.rows_shown
    having count(*) > 0
),

sum_clusters as (
    select cluster, sum(total_cost_usd) as cost_usd
    from newest_pods
    group by cluster
),

answer_unmounted as (
    select
        'unmounted' as status,
        pods.cluster || '/' || pods.namespace as subject_id,
        pods.cluster,
        0 as n_pods,
        sum(pods.total_cost_usd) as cost_usd,
        sum(pods.total_cost_usd) / nullif(max(clusters.cost_usd), 0) as share,
        sum(pods.total_cost_usd) * max(thresholds.days_a_month) as month_usd,
        'volumes or load balancers that no pod has' as reason,
        max(pods.date) as as_of_date,
        'namespace' as subject_type,
        cast(json_object('volume_gib_hours', round(sum(pods.volume_gib_hours), 3)) as varchar) as evidence,
        case when min(case when pods.is_whole then 1 else 0 end) = 1 then 'complete' else 'partial' end as source_completeness
    from newest_pods as pods
    inner join sum_clusters as clusters
        on pods.cluster = clusters.cluster
    cross join thresholds
    where pods.kind = 'unmounted' and pods.total_cost_usd > 0
    group by pods.cluster, pods.namespace
),

-- Without a row of idle cost nobody looked: no cluster fits its pods to the last core.
answer_clusters as (
    select
        case when max(case when pods.kind = 'idle' then 1 else 0 end) = 1 then 'in_use' else 'not_reported' end as status,
        pods.cluster as subject_id,
        pods.cluster,
        count(case when pods.kind = 'workload' then 1 end) as n_pods,
        case when max(case when pods.kind = 'idle' then 1 else 0 end) = 1
            then sum(case when pods.kind = 'workload' then pods.total_cost_usd end)
        end as cost_usd,
        case when max(case when pods.kind = 'idle' then 1 else 0 end) = 1
            then sum(case when pods.kind = 'workload' then pods.total_cost_usd end) / nullif(sum(pods.total_cost_usd), 0)
        end as share,
        case when max(case when pods.kind = 'idle' then 1 else 0 end) = 1
            then sum(case when pods.kind = 'workload' then pods.total_cost_usd end) * max(thresholds.days_a_month)
        end as month_usd,
        case when max(case when pods.kind = 'idle' then 1 else 0 end) = 1
            then 'what pods requested or used' else 'the installation told of no idle cost at all, so it is not known'
        end as reason,
        max(pods.date) as as_of_date,
        'cluster' as subject_type,
        cast(json_object('cluster_cost_usd', round(sum(pods.total_cost_usd), 4)) as varchar) as evidence,
        case
            when max(case when pods.kind = 'idle' then 1 else 0 end) = 0 then 'none'
            when min(case when pods.is_whole then 1 else 0 end) = 1 then 'complete'
            else 'partial'
        end as source_completeness
    from newest_pods as pods
    cross join thresholds
    group by pods.cluster
),

combine_answers as (
    select * from answer_nodes
    union all
    select
        status, subject_id, null, null, null, null, null, n_pods, cost_usd, share, month_usd, reason, as_of_date, subject_type, evidence, source_completeness
    from answer_rest
    union all
    select
        status, subject_id, cluster, null, null, null, null, n_pods, cost_usd, share, month_usd, reason, as_of_date, subject_type, evidence, source_completeness
    from answer_unmounted
    union all
    select
        status, subject_id, cluster, null, null, null, null, n_pods, cost_usd, share, month_usd, reason, as_of_date, subject_type, evidence, source_completeness
    from answer_clusters
    union all
    select
        'not_visible', subject_id, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, source_completeness
    from gaps
),

idle_cost as (
    select
        status,
        subject_id,
        cluster,
        node,
        node_type,
        architecture,
        is_spot,
        n_pods,
        cost_usd,
        share,
        month_usd,
        reason,
        as_of_date,
        subject_type,
        'idle-cost' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from idle_cost
order by
    case status when 'idle' then 1 when 'rest' then 2 when 'unmounted' then 3 when 'in_use' then 4 when 'not_reported' then 5 else 6 end,
    cost_usd desc nulls last,
    subject_type,
    subject_id
