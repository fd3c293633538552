-- title: What every pod costs
-- question: What did each pod cost on the newest day that was seen whole, and what of that did it use?
-- owner: platform
-- sources: opencost.allocations
-- params:
--   cluster      cluster
--   namespace    namespace
--   service      service
--   team         team of the pod
-- columns:
--   status                  counted, rest (pods that are not listed), idle, unmounted, shared or not_visible, or not_found for a name that nothing is known by
--   subject_id              cluster/namespace/pod, cluster for its idle, unmounted and shared cost, (other pods), or what was not read to the end
--   cluster                 cluster; null for several
--   namespace               namespace; null for several
--   controller              what controls the pod; null when nothing does
--   service                 service; null when nothing tells
--   owner_team              team that owns it; null when nothing tells
--   node                    node that it ran on: a pod that moved has a row for each; null for several
--   node_type               machine type of the node; null when not told
--   architecture            amd64 or arm64; null when not told
--   is_spot                 the node can be taken away at any time; null when not told
--   n_pods                  pods in the row [pods]
--   hours                   how long it ran; null for several [hours]
--   cost_usd                what it cost, idle and shared cost apart [USD]
--   distributed_cost_usd    what it cost with its share of idle and shared cost; 0 for idle and shared cost that was given to pods [USD]
--   efficiency              CPU and memory used of what was requested, weighted by their cost; null when not known, and for several [0 and up]
--   reason                  why it has this status
--   as_of_date              day that it is about; for a table, the date that it was last asked for
--   subject_type            pod, pods, cluster, or source for a table whose gaps hide pods, or name for one that nothing is known by
--   policy_id               name of this question
--   policy_version          version of its rules
--   evidence                what was concluded from (JSON text)
--   source_completeness     complete, partial (hours of the cluster's day are missing) or none

-- The dearest pods are listed, as many as reference/thresholds.csv says; all rows together are what the clusters cost. fct_pod_costs has every pod and day.
with coverage as (
    select * from fct_cost_coverage where is_newest_day
),

pods as (
    select * from fct_pod_costs
),

gaps as (
    select * from fct_cost_gaps where policy_id = 'cost-per-pod'
),

thresholds as (
    select value as rows_shown from reference.thresholds where name = 'rows_shown'
),

rank_pods as (
    select
        pods.*,
        coverage.is_whole,
        coverage.completeness,
        case
            when pods.kind = 'workload'
                then row_number() over (
                    partition by pods.kind
                    order by pods.distributed_cost_usd desc nulls last, pods.cluster, pods.namespace, pods.pod, pods.node
                )
        end as pod_rank
    from pods
    inner join coverage
        on pods.date = coverage.date
        and pods.cluster = coverage.cluster
    where (getvariable('cluster') is null or pods.cluster = getvariable('cluster'))
        and (getvariable('namespace') is null or pods.namespace = getvariable('namespace'))
        and (getvariable('service') is null or lower(pods.service) = lower(getvariable('service')))
        and (getvariable('team') is null or lower(pods.team) = lower(getvariable('team')))
),

answer_pods as (
    select
        'counted' as status,
        cluster || '/' || namespace || '/' || pod as subject_id,
        cluster,
        namespace,
        controller,
        service,
        team as owner_team,
        node,
        node_type,
        architecture,
        is_spot,
        1 as n_pods,
        hours,
        total_cost_usd as cost_usd,
        distributed_cost_usd,
        efficiency,
        'one of the dearest' as reason,
        date as as_of_date,
        'pod' as subject_type,
        cast(
            json_object(
                'cpu_core_hours', round(cpu_core_hours, 3), 'cpu_usage_core_hours', round(cpu_usage_core_hours, 3),
                'ram_gib_hours', round(ram_gib_hours, 3), 'ram_usage_gib_hours', round(ram_usage_gib_hours, 3),
                'service_rule', service_rule, 'team_rule', team_rule
            ) as varchar
        ) as evidence,
        case when is_whole then 'complete' else 'partial' end as source_completeness
    from rank_pods
    cross join thresholds
    where pod_rank <= thresholds.rows_shown
),

answer_rest as (
    select
        'rest' as status,
        '(other pods)' as subject_id,
        count(*) as n_pods,
        sum(total_cost_usd) as cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd,
        'each costs less than those that are listed' as reason,
        max(date) as as_of_date,
        'pods' as subject_type,
        cast(json_object('pods', count(*)) as varchar) as evidence,
        case when min(case when is_whole then 1 else 0 end) = 1 then 'complete' else 'partial' end as source_completeness
    from rank_pods
    cross join thresholds
    where pod_rank > thresholds.rows_shown
    having count(*) > 0
),

answer_kinds as (
    select
        kind as status,
        cluster as subject_id,
        cluster,
        sum(total_cost_usd) as cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd,
        case kind
            when 'idle' then 'what its nodes had left'
            when 'unmounted' then 'volumes that no pod has'
            else 'what belongs to no pod, such as the management of the cluster'
        end as reason,
        max(date) as as_of_date,
        'cluster' as subject_type,
        cast(json_object('entries', count(*)) as varchar) as evidence,
        case when min(case when is_whole then 1 else 0 end) = 1 then 'complete' else 'partial' end as source_completeness
    from rank_pods
    where kind <> 'workload'
    group by kind, cluster
),

combine_answers as (
    select * from answer_pods
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, null, n_pods, null, cost_usd, distributed_cost_usd, null,
        reason, as_of_date, subject_type, evidence, source_completeness
    from answer_rest
    union all
    select
        status, subject_id, cluster, null, null, null, null, null, null, null, null, 0, null, cost_usd, distributed_cost_usd, null,
        reason, as_of_date, subject_type, evidence, source_completeness
    from answer_kinds
    union all
    select
        'not_visible', subject_id, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, source_completeness
    from gaps
    union all
    select
        'not_found', asked.name, null, null, null, null, null, null, null, null, null, null, null, null, null, null,
        'no cost of a service of this name was seen', null, 'name', '{}', 'none'
    from (select cast(getvariable('service') as varchar) as name) as asked
    where asked.name is not null and not exists (select 1 from pods as known where lower(known.service) = lower(asked.name))
),

cost_per_pod as (
    select
        status,
        subject_id,
        cluster,
        namespace,
        controller,
        service,
        owner_team,
        node,
        node_type,
        architecture,
        is_spot,
        n_pods,
        hours,
        cost_usd,
        distributed_cost_usd,
        efficiency,
        reason,
        as_of_date,
        subject_type,
        'cost-per-pod' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from cost_per_pod
order by
    case status when 'counted' then 1 when 'rest' then 2 when 'idle' then 3 when 'unmounted' then 4 when 'shared' then 5 else 6 end,
    distributed_cost_usd desc nulls last,
    subject_type,
    subject_id,
    node
