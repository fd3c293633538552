-- One row per period, area of checks and tier of services, with whether services that score higher have fewer incidents: Spearman's rank correlation, with its n.
-- A correlation is no cause, in neither direction: services that fail often are watched better, and those that nobody looks at report nothing. Period `before` holds
-- the newest scores against the incidents of the 90 days up to them; `after` holds the scores of 90 days ago, or of the last date before that, against the
-- incidents since. A service without an incident counts as none only when incidents were read to the end, and their source has the service; the history may be shorter than 90 days, alike for all.
-- Coverage by tests is not collected, and so is no area here.
-- grain: period, area, tier
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   period                       before or after
--   area                         attribute, ensure, detect, standardize, or all
--   tier                         tier of the services today, __none__ for those without one, or __all__
--   score_date                   date of the scores
--   incidents_from               first day of the incidents
--   incidents_to                 last day of them
--   n_services                   services with a score and a known number of incidents [services]
--   n_services_without_score     services that run and have no score, since nothing applies or nothing is known [services]
--   n_services_without_source    services with a score that are left out, since their incidents would be seen nowhere [services]
--   n_services_with_incidents    of n_services, those with an incident [services]
--   n_incidents                  incidents of n_services: one of several services counts for each [incidents]
--   spearman_score_incidents     rank correlation, ties at their middle rank; below 0 the higher the score the fewer the incidents; null as `reason` tells [-1 to 1]
--   reason                       why it is null: incidents were not read to the end, too few services, all scores alike, all as many incidents; null when it is not
with services as (
    select * from dim_services where is_running and is_present is distinct from false
),

scores as (
    select date, subject_id as service, area, score from fct_quality_scores where subject_type = 'service'
),

incidents as (
    select * from int_service_incidents
),

incident_services as (
    select * from int_incident_services
),

reads as (
    select * from fct_table_reads where table_name = 'incidents'
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

judge_reads as (
    select count(*) > 0 and count(case when not is_complete then 1 end) = 0 as is_read from reads
),

find_dates as (
    select
        max(date) as newest_date,
        max(case when date_diff('day', date, newest.date_held) >= 90 then date end) as earlier_date
    from scores
    cross join (select max(date) as date_held from scores) as newest
),

list_periods as (
    select 'before' as period, newest_date as score_date, newest_date - 89 as incidents_from, newest_date as incidents_to
    from find_dates
    where newest_date is not null
    union all
    select 'after' as period, earlier_date as score_date, newest_date - 89 as incidents_from, newest_date as incidents_to
    from find_dates
    where earlier_date is not null
),

count_incidents as (
    select periods.period, incidents.service, count(*) as n_incidents
    from list_periods as periods
    inner join incidents
        on incidents.opened_on between periods.incidents_from and periods.incidents_to
    group by periods.period, incidents.service
),

-- Scores that are equal may miss each other in the last digit.
measure_services as (
    select
        periods.period,
        scores.area,
        coalesce(services.tier, '__none__') as tier,
        services.service,
        round(scores.score, 6) as score,
        heard.service is not null or counted.service is not null as has_source,
        case when judge_reads.is_read and (heard.service is not null or counted.service is not null) then coalesce(counted.n_incidents, 0) end as n_incidents
    from list_periods as periods
    cross join judge_reads
    inner join scores
        on periods.score_date = scores.date
    inner join services
        on scores.service = services.service
    left join count_incidents as counted
        on periods.period = counted.period
        and services.service = counted.service
    left join incident_services as heard
        on services.service = heard.service
),

list_groups as (
    select period, area, tier, service, score, has_source, n_incidents from measure_services
    union all
    select period, area, '__all__' as tier, service, score, has_source, n_incidents from measure_services
),

rank_services as (
    select
        *,
        rank() over groups_by_score + (count(*) over (partition by period, area, tier, score) - 1) / 2.0 as score_rank,
        rank() over groups_by_incidents + (count(*) over (partition by period, area, tier, n_incidents) - 1) / 2.0 as incidents_rank
    from list_groups
    where score is not null and n_incidents is not null
    window
        groups_by_score as (partition by period, area, tier order by score),
        groups_by_incidents as (partition by period, area, tier order by n_incidents)
),

-- Where one side is constant no correlation is defined.
correlate_groups as (
    select
        period,
        area,
        tier,
        count(*) as n_services,
        count(case when n_incidents > 0 then 1 end) as n_services_with_incidents,
        sum(n_incidents) as n_incidents,
        count(distinct score) as n_scores,
        count(distinct n_incidents) as n_counts,
        case when count(distinct score) > 1 and count(distinct n_incidents) > 1 then corr(score_rank, incidents_rank) end as spearman
    from rank_services
    group by period, area, tier
),

count_groups as (
    select
        period,
        area,
        tier,
        count(case when score is null then 1 end) as n_services_without_score,
        count(case when score is not null and not has_source then 1 end) as n_services_without_source
    from list_groups
    group by period, area, tier
),

fct_quality_incidents as (
    select
        counted.period,
        counted.area,
        counted.tier,
        periods.score_date,
        periods.incidents_from,
        periods.incidents_to,
        coalesce(correlated.n_services, 0) as n_services,
        counted.n_services_without_score,
        counted.n_services_without_source,
        case when judge_reads.is_read then coalesce(correlated.n_services_with_incidents, 0) end as n_services_with_incidents,
        case when judge_reads.is_read then cast(coalesce(correlated.n_incidents, 0) as bigint) end as n_incidents,
        case when correlated.n_services >= minimum_samples.minimum then correlated.spearman end as spearman_score_incidents,
        case
            when not judge_reads.is_read then 'incidents were not read to the end'
            when coalesce(correlated.n_services, 0) < minimum_samples.minimum then 'too few services'
            when correlated.n_scores = 1 then 'all scores are alike'
            when correlated.n_counts = 1 then 'all have as many incidents'
        end as reason
    from count_groups as counted
    cross join judge_reads
    cross join minimum_samples
    inner join list_periods as periods
        on counted.period = periods.period
    left join correlate_groups as correlated
        on counted.period = correlated.period
        and counted.area = correlated.area
        and counted.tier = correlated.tier
)

select * from fct_quality_incidents
