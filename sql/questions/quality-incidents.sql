-- title: Quality scores and incidents
-- question: Do services that score higher have fewer incidents here?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, pagerduty.incidents, datadog.incidents
-- params:
--   tier    tier of the services, or __none__ for those without one
--   area    attribute, ensure, detect, standardize, or all
-- columns:
--   status                       correlated (there is a coefficient), not_known, or not_visible
--   period                       before (incidents of the 90 days up to the scores) or after (of the 90 days since); null for a table that was not read
--   area                         area of the checks that are scored, or all; for a table, its name
--   tier                         tier of the services, __none__, or __all__; null for a table
--   spearman_score_incidents     rank correlation: near 0 the score says nothing of incidents, below 0 those that score higher have fewer; null when not known [-1 to 1]
--   n_services                   services that it stands on [services]
--   n_services_without_score     services left out, since they have no score [services]
--   n_services_without_source    services left out, since their incidents would be seen nowhere [services]
--   n_services_with_incidents    of n_services, those with an incident; null when not known [services]
--   n_incidents                  incidents of n_services; null likewise [incidents]
--   score_date                   date of the scores; null for a table
--   incidents_from               first day of the incidents; null likewise
--   reason                       why it is not known; null when it is
--   as_of_date                   last day of the incidents; for a table, the date that it was last asked for

-- A correlation is no cause. Whoever is watched better reports more: read the coefficient with its n, and per tier, before anything is concluded.
with correlations as (
    select *
    from fct_quality_incidents
    where (getvariable('tier') is null or tier = getvariable('tier'))
        and (getvariable('area') is null or area = getvariable('area'))
),

unread_tables as (
    select * from fct_unread_tables where policy_id = 'quality-incidents'
),

combine_answers as (
    select
        case when spearman_score_incidents is null then 'not_known' else 'correlated' end as status,
        period,
        area,
        tier,
        spearman_score_incidents,
        n_services,
        n_services_without_score,
        n_services_without_source,
        n_services_with_incidents,
        n_incidents,
        score_date,
        incidents_from,
        reason,
        incidents_to as as_of_date
    from correlations
    union all
    select 'not_visible', null, table_name, null, null, null, null, null, null, null, null, null, reason, read_on
    from unread_tables
),

quality_incidents as (
    select * from combine_answers
)

select * from quality_incidents
order by
    case status when 'not_visible' then 2 else 1 end,
    case period when 'before' then 1 else 2 end,
    case area when 'all' then 1 else 2 end,
    area,
    case tier when '__all__' then 1 else 2 end,
    tier
