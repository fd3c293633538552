-- title: Its cost has an owner
-- question: Does a team own what the pods of the service cost?
-- area: attribute
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: running services with pods that were seen in the last days
-- remedy: Give its pods the label team (reference/pod_labels.csv has the labels that count), or name the team in the catalog; the question unowned-
--   cost lists what nobody owns.
-- owner: platform
-- version: 1

-- The newest day of the last ones (reference/thresholds.csv) on which it cost anything. Without such a day it may have no pods, or they were not seen.
with rank_days as (
    select
        costs.*,
        row_number() over (partition by costs.service order by costs.date desc) as day_rank
    from fct_service_costs as costs
    cross join reference.thresholds as thresholds
    where thresholds.name = 'newest_day_within'
        and costs.date <= getvariable('to')
        and costs.date > getvariable('to') - cast(thresholds.value as integer)
        and costs.cost_usd > 0
),

judge_reads as (
    select count(case when is_complete then 1 end) = 1 as is_read
    from fct_table_reads
    where source = 'opencost' and table_name = 'allocations'
)

select
    services.service as subject_id,
    case
        when costs.unowned_share > 0 then 'fail'
        when costs.unowned_share = 0 and judge_reads.is_read then 'pass'
        when costs.service is null and judge_reads.is_read then 'not_applicable'
        else 'unknown'
    end as status,
    case
        when costs.unowned_share > 0 then 'pods of it that cost something belong to no team'
        when costs.unowned_share = 0 and judge_reads.is_read then 'a team owns all that it costs'
        when costs.service is null and judge_reads.is_read then 'no pod of it was seen in the last days'
        else 'what pods cost was not read to the end'
    end as reason,
    cast(
        json_object(
            'day', cast(costs.date as varchar), 'team', costs.team, 'cost_usd', round(costs.cost_usd, 2),
            'unowned_share', round(costs.unowned_share, 4)
        ) as varchar
    ) as evidence
from dim_services as services
cross join judge_reads
left join rank_days as costs
    on services.service = costs.service
    and costs.day_rank = 1
where services.is_running
