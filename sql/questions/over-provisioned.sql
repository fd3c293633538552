-- title: Containers that request more than they need
-- question: Which containers request more than they need, what would the right requests save, and of which can we not tell?
-- owner: platform
-- sources: opencost.allocations
-- params:
--   team       team that owns it
--   service    service
--   cluster    cluster
-- columns:
--   status                          over_provisioned (right requests cost less), rest (such containers that are not listed), needs_more (memory that
--                                   reached its limit, whatever else it could save), in_order (right requests cost as much, or more), not_judged (with the
--                                   reason) or not_visible, or not_found for a name that nothing is known by
--   subject_id                      cluster/namespace/controller/container; what is counted in one row in parentheses; or what was not read to the end
--   service                         service; null when nothing tells, and for several
--   owner_team                      team that owns it; null when nothing tells, and for several
--   replicas                        how many ran on average; null for several [containers]
--   cpu_request_cores               CPU requested by a replica [cores]
--   recommended_cpu_cores           CPU to request; null when not recommended [cores]
--   ram_request_gib                 memory requested by a replica [GiB]
--   recommended_ram_gib             memory to request; null when not recommended [GiB]
--   theoretical_saving_usd_month    what requests cost that nobody needs [USD per month]
--   realisable_saving_usd_month     its part of whole nodes that could go: a lower bound; what is idle of these is in idle-cost, too; null when nodes
--                                   are not known [USD per month]
--   increase_usd_month              what it would cost more where it should request more [USD per month]
--   n_containers                    containers of controllers in the row [containers]
--   sample_days                     days that it stands on; null for several [days]
--   reason                          why it has this status
--   as_of_date                      newest day of its cluster; for a table, the date that it was last asked for
--   subject_type                    container, containers, cluster, or source for a table whose gaps hide containers, or name for one that nothing is known by
--   policy_id                       name of this question
--   policy_version                  version of its rules
--   evidence                        what was concluded from (JSON text)
--   source_completeness             complete, or none for what could not be judged

-- Savings are listed by the largest, as many as reference/thresholds.csv says. fct_rightsizing has every container, and how its recommendation comes about.
with containers as (
    select
        *,
        cluster || '/' || namespace || '/' || controller || '/' || container as subject_id,
        coalesce(theoretical_saving_usd_month > increase_usd_month, false) as is_over_provisioned,
        coalesce(recommended_cpu_cores > cpu_request_cores or recommended_ram_bytes > ram_request_bytes, false) as needs_more
    from fct_rightsizing
    where (getvariable('team') is null or lower(team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
        and (getvariable('cluster') is null or cluster = getvariable('cluster'))
),

gaps as (
    select * from fct_cost_gaps where policy_id = 'over-provisioned'
),

thresholds as (
    select value as rows_shown from reference.thresholds where name = 'rows_shown'
),

judge_containers as (
    select
        *,
        case
            when needs_more and is_limit_reached then 'needs_more'
            when is_over_provisioned then 'over_provisioned'
            when cpu_reason is not null or ram_reason is not null then 'not_judged'
            when theoretical_saving_usd_month is null then 'not_judged'
            else 'in_order'
        end as verdict
    from containers
),

rank_containers as (
    select
        *,
        row_number() over (
            partition by verdict
            order by
                theoretical_saving_usd_month desc nulls last,
                increase_usd_month desc nulls last,
                cluster, namespace, controller_kind, controller, container
        ) as verdict_rank
    from judge_containers
),

answer_containers as (
    select
        verdict as status,
        subject_id,
        service,
        team as owner_team,
        replicas,
        cpu_request_cores,
        recommended_cpu_cores,
        ram_request_bytes / 1073741824 as ram_request_gib,
        recommended_ram_bytes / 1073741824 as recommended_ram_gib,
        theoretical_saving_usd_month,
        realisable_saving_usd_month,
        increase_usd_month,
        1 as n_containers,
        sample_days,
        case
            when verdict = 'needs_more'
                then 'its memory reached its limit: it was OOM-killed, or is about to be'
                    || case when cpu_saving_usd_month > 0 then '; it requests more CPU than it needs' else '' end
            when cpu_saving_usd_month > 0 and ram_saving_usd_month > 0 then 'requests more CPU and memory than it needs'
            when cpu_saving_usd_month > 0
                then 'requests more CPU than it needs' || case when recommended_ram_bytes > ram_request_bytes then ', and less memory' else '' end
            else 'requests more memory than it needs' || case when recommended_cpu_cores > cpu_request_cores then ', and less CPU' else '' end
        end as reason,
        as_of_date,
        'container' as subject_type,
        cast(
            json_object(
                'controller_kind', controller_kind, 'cpu_usage_p95_cores', round(cpu_usage_p95_cores, 4), 'ram_usage_max_bytes', ram_usage_max_bytes,
                'cpu_reason', cpu_reason, 'ram_reason', ram_reason, 'samples', samples
            ) as varchar
        ) as evidence,
        'complete' as source_completeness
    from rank_containers
    cross join thresholds
    where verdict in ('over_provisioned', 'needs_more') and verdict_rank <= thresholds.rows_shown
),

-- What is not listed one by one is counted.
group_rest as (
    select
        *,
        case
            when verdict in ('over_provisioned', 'needs_more') then 'rest'
            else verdict
        end as rest_status,
        case
            when verdict = 'over_provisioned' then 'each would save less than those that are listed'
            when verdict = 'needs_more' then 'the memory of more containers reached its limit'
            when verdict = 'in_order' then 'requests what it needs, or on the whole less'
            else coalesce(cpu_reason, ram_reason, 'what it requests, or what it paid, is not known')
        end as rest_reason
    from rank_containers
    cross join thresholds
    where verdict not in ('over_provisioned', 'needs_more') or verdict_rank > thresholds.rows_shown
),

answer_rest as (
    select
        rest_status as status,
        '(' || case verdict
            when 'over_provisioned' then 'other containers'
            when 'needs_more' then 'other containers at their limit'
            when 'in_order' then 'in order'
            else rest_reason
        end || ')' as subject_id,
        sum(theoretical_saving_usd_month) as theoretical_saving_usd_month,
        case when count(realisable_saving_usd_month) = count(theoretical_saving_usd_month) then sum(realisable_saving_usd_month) end
            as realisable_saving_usd_month,
        sum(increase_usd_month) as increase_usd_month,
        count(*) as n_containers,
        rest_reason as reason,
        max(as_of_date) as as_of_date,
        'containers' as subject_type,
        cast(json_object('containers', count(*)) as varchar) as evidence,
        case rest_status when 'not_judged' then 'none' else 'complete' end as source_completeness
    from group_rest
    group by verdict, rest_status, rest_reason
),

combine_answers as (
    select * from answer_containers
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, theoretical_saving_usd_month, realisable_saving_usd_month, increase_usd_month,
        n_containers, null, reason, as_of_date, subject_type, evidence, source_completeness
    from answer_rest
    union all
    select
        'not_visible', subject_id, null, null, null, null, null, null, null, null, null, null, null, null,
        reason, as_of_date, subject_type, evidence, source_completeness
    from gaps
    union all
    select
        'not_found', asked.name, null, null, null, null, null, null, null, null, null, null, null, null,
        'no cost of a service of this name was seen', null, 'name', '{}', 'none'
    from (select cast(getvariable('service') as varchar) as name) as asked
    where asked.name is not null and not exists (select 1 from fct_rightsizing as known where lower(known.service) = lower(asked.name))
),

over_provisioned as (
    select
        status,
        subject_id,
        service,
        owner_team,
        replicas,
        cpu_request_cores,
        recommended_cpu_cores,
        ram_request_gib,
        recommended_ram_gib,
        theoretical_saving_usd_month,
        realisable_saving_usd_month,
        increase_usd_month,
        n_containers,
        sample_days,
        reason,
        as_of_date,
        subject_type,
        'over-provisioned' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from over_provisioned
order by
    case status when 'over_provisioned' then 1 when 'rest' then 2 when 'needs_more' then 3 when 'in_order' then 4 when 'not_judged' then 5 else 6 end,
    theoretical_saving_usd_month desc nulls last,
    increase_usd_month desc nulls last,
    subject_type,
    subject_id
