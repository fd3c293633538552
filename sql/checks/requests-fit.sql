-- title: It requests what it needs
-- question: Would right requests of CPU and memory save so little that it does not pay to change them?
-- area: ensure
-- subject: service
-- weight: low
-- level: gold
-- applies_to: running services with containers whose use was measured for long enough
-- remedy: Set the requests that the question over-provisioned recommends for its containers; leave those that an autoscaler sets.
-- owner: platform
-- version: 1

-- From how much a month on a change pays stands in reference/thresholds.csv. A part that could not be judged can only add to the saving.
-- What was measured before usage ceased to be read tells nothing of what is requested now.
with sum_savings as (
    select
        service,
        count(*) as n_containers,
        count(theoretical_saving_usd_month) as n_judged,
        sum(theoretical_saving_usd_month) as saving,
        sum(case when theoretical_saving_usd_month is null and cpu_reason is null and ram_reason is null then 1 else 0 end) as n_unknown
    from fct_rightsizing
    where service is not null
    group by service
),

judge_reads as (
    select
        count(case when is_complete then 1 end) = 1 as is_read,
        count(case when status = 'outdated' then 1 end) = 1 as is_outdated
    from fct_table_reads
    where source = 'opencost' and table_name = 'allocations'
)

select
    services.service as subject_id,
    case
        when savings.saving >= thresholds.value then 'fail'
        when savings.n_unknown > 0 or not judge_reads.is_read then 'unknown'
        when savings.n_judged > 0 then 'pass'
        else 'not_applicable'
    end as status,
    case
        when savings.saving >= thresholds.value then 'it requests so much more than it needs that a change pays'
        when savings.n_unknown > 0 or not judge_reads.is_read then 'what its containers request, use or cost was not read to the end'
        when savings.n_judged > 0 then 'it requests about what it needs'
        else 'no container of it was measured for long enough, or a machine sets its requests'
    end as reason,
    cast(
        json_object('saving_usd_month', round(savings.saving, 2), 'containers', savings.n_containers, 'judged', savings.n_judged) as varchar
    ) as evidence
from dim_services as services
cross join judge_reads
cross join reference.thresholds as thresholds
left join sum_savings as savings
    on services.service = savings.service
    and not judge_reads.is_outdated
where services.is_running and thresholds.name = 'worthwhile_saving'
