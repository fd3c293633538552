-- One row per source of incidents that was ever asked, with whether it was ever read to the end, and the one whose incidents count.
-- An event may stand at PagerDuty and at Datadog, and nothing says that both are one: PagerDuty's count where they were ever read to the end, or else
-- Datadog's where those were; where neither was, PagerDuty's again. A source that only ever refused tells nothing, and counts for none.
-- grain: source
-- kind: view
-- owner: platform
-- columns:
--   source              pagerduty or datadog
--   is_ever_complete    read to the end at least once
--   is_complete         read to the end when it was read last
--   is_counted          its incidents count for services and deployments: so of one source
with reads as (
    select * from int_table_reads where table_name = 'incidents' and source in ('pagerduty', 'datadog')
),

coverage as (
    select * from int_collection_coverage where table_name = 'incidents'
),

judge_sources as (
    select reads.source, reads.is_complete, count(case when coverage.is_complete then 1 end) > 0 as is_ever_complete
    from reads
    left join coverage
        on reads.source = coverage.source
    group by reads.source, reads.is_complete
),

int_incident_sources as (
    select
        source,
        is_ever_complete,
        is_complete,
        row_number() over (order by case when is_ever_complete then 1 else 2 end, source desc) = 1 as is_counted
    from judge_sources
)

select * from int_incident_sources
