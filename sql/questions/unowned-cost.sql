-- title: Cost that nobody owns
-- question: What cost of the newest day that was seen whole has no owning team, where is it, and how much has one?
-- owner: platform
-- sources: opencost.allocations, catalog.services
-- params:
--   cluster      cluster
--   namespace    namespace; what has a team is still told of the whole cluster
-- columns:
--   status                  unowned, rest (places that are not listed), owned (all that has a team, by cluster) or not_visible
--   subject_id              cluster/namespace, and service or else controller; (other places); cluster; or what was not read to the end
--   cluster                 cluster; null for several
--   namespace               namespace; __unmounted__ and the like for what is in none; null for several
--   service                 service that has no team; null when nothing tells
--   kind                    workload, unmounted, idle or shared, which two are there only where no workload could take them; null for several
--   n_pods                  pods, once for each node [pods]
--   cost_usd                what they cost, idle and shared cost apart [USD]
--   distributed_cost_usd    what they cost with their share of idle and shared cost [USD]
--   share                   distributed_cost_usd of that of the cluster; null for several [0 to 1]
--   month_usd               distributed_cost_usd over 365 / 12 days, if each was like this one [USD per month]
--   reason                  why it has this status
--   as_of_date              day that it is about; for a table, the date that it was last asked for
--   subject_type            workload, workloads, cluster, or source for a table whose gaps hide cost or owners
--   policy_id               name of this question
--   policy_version          version of its rules
--   evidence                what was concluded from (JSON text)
--   source_completeness     complete, partial (hours of the cluster's day are missing) or none

-- A team comes from a label of the pod or its namespace, or else from the owner of its service on that day; what had none then and has one today is owned.
with coverage as (
    select * from fct_cost_coverage where is_newest_day
),

pods as (
    select * from fct_pod_costs
),

services as (
    select lower(service) as service, min(team) as team from dim_services group by lower(service)
),

gaps as (
    select * from fct_cost_gaps where policy_id = 'unowned-cost'
),

thresholds as (
    select
        max(case name when 'rows_shown' then value end) as rows_shown,
        max(case name when 'hours_a_month' then value end) / 24 as days_a_month
    from reference.thresholds
),

newest_pods as (
    select pods.*, coalesce(pods.team, services.team) as owner_team, coverage.is_whole
    from pods
    inner join coverage
        on pods.date = coverage.date
        and pods.cluster = coverage.cluster
    left join services
        on lower(pods.service) = services.service
    where getvariable('cluster') is null or pods.cluster = getvariable('cluster')
),

sum_clusters as (
    select cluster, sum(distributed_cost_usd) as distributed_cost_usd
    from newest_pods
    group by cluster
),

sum_places as (
    select
        cluster,
        namespace,
        service,
        case when service is null then coalesce(controller, pod) end as controller,
        kind,
        max(date) as date,
        min(case when is_whole then 1 else 0 end) = 1 as is_whole,
        count(case when kind = 'workload' then 1 end) as n_pods,
        sum(total_cost_usd) as cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd
    from newest_pods
    where owner_team is null
        and (kind in ('workload', 'unmounted') or distributed_cost_usd > 0)
        and (getvariable('namespace') is null or namespace = getvariable('namespace'))
    group by cluster, namespace, service, case when service is null then coalesce(controller, pod) end, kind
),

rank_places as (
    select
        places.*,
        places.distributed_cost_usd / nullif(clusters.distributed_cost_usd, 0) as share,
        row_number() over (
            order by
                places.distributed_cost_usd desc nulls last,
                places.cluster, places.namespace, places.service nulls last, places.controller nulls last, places.kind
        ) as place_rank
    from sum_places as places
    inner join sum_clusters as clusters
        on places.cluster = clusters.cluster
),

answer_places as (
    select
        'unowned' as status,
        cluster || '/' || namespace || '/' || coalesce(service, controller) as subject_id,
        cluster,
        namespace,
        service,
        kind,
        n_pods,
        cost_usd,
        distributed_cost_usd,
        share,
        distributed_cost_usd * thresholds.days_a_month as month_usd,
        case
            when kind <> 'workload' then 'it is no pod, and nothing tells of a team'
            when service is null then 'no label names a team, and nothing tells what service it is'
            else 'no label names a team, and nobody is known to own its service'
        end as reason,
        date as as_of_date,
        'workload' as subject_type,
        cast(json_object('controller', controller) as varchar) as evidence,
        case when is_whole then 'complete' else 'partial' end as source_completeness
    from rank_places
    cross join thresholds
    where place_rank <= thresholds.rows_shown
),

answer_rest as (
    select
        'rest' as status,
        '(other places)' as subject_id,
        sum(n_pods) as n_pods,
        sum(cost_usd) as cost_usd,
        sum(distributed_cost_usd) as distributed_cost_usd,
        sum(distributed_cost_usd) * max(thresholds.days_a_month) as month_usd,
        'each costs less than those that are listed' as reason,
        max(date) as as_of_date,
        'workloads' as subject_type,
        cast(json_object('places', count(*)) as varchar) as evidence,
        case when min(case when is_whole then 1 else 0 end) = 1 then 'complete' else 'partial' end as source_completeness
    from rank_places
    cross join thresholds
    where place_rank > thresholds.rows_shown
    having count(*) > 0
),

answer_owned as (
    select
        'owned' as status,
        pods.cluster as subject_id,
        pods.cluster,
        count(case when pods.kind = 'workload' then 1 end) as n_pods,
        sum(pods.total_cost_usd) as cost_usd,
        sum(pods.distributed_cost_usd) as distributed_cost_usd,
        sum(pods.distributed_cost_usd) / nullif(max(clusters.distributed_cost_usd), 0) as share,
        sum(pods.distributed_cost_usd) * max(thresholds.days_a_month) as month_usd,
        'all that has a team' as reason,
        max(pods.date) as as_of_date,
        'cluster' as subject_type,
        cast(json_object('teams', count(distinct pods.owner_team)) as varchar) as evidence,
        case when min(case when pods.is_whole then 1 else 0 end) = 1 then 'complete' else 'partial' end as source_completeness
    from newest_pods as pods
    inner join sum_clusters as clusters
        on pods.cluster = clusters.cluster
    cross join thresholds
    where pods.owner_team is not null
    group by pods.cluster
),

combine_answers as (
    select * from answer_places
    union all
    select
        status, subject_id, null, null, null, null, n_pods, cost_usd, distributed_cost_usd, null, month_usd,
        reason, as_of_date, subject_type, evidence, source_completeness
    from answer_rest
    union all
    select
        status, subject_id, cluster, null, null, null, n_pods, cost_usd, distributed_cost_usd, share, month_usd,
        reason, as_of_date, subject_type, evidence, source_completeness
    from answer_owned
    union all
    select
        'not_visible', subject_id, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, source_completeness
    from gaps
),

unowned_cost as (
    select
        status,
        subject_id,
        cluster,
        namespace,
        service,
        kind,
        n_pods,
        cost_usd,
        distributed_cost_usd,
        share,
        month_usd,
        reason,
        as_of_date,
        subject_type,
        'unowned-cost' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from unowned_cost
order by
    case status when 'unowned' then 1 when 'rest' then 2 when 'owned' then 3 else 4 end,
    distributed_cost_usd desc nulls last,
    subject_type,
    subject_id,
    kind
