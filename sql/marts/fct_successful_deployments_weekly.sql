-- One row per service, team or organisation and ISO week, with how often it was deployed to production: the north star.
-- From the subject's first week with a deployment to the newest; a week without any is a row with none. A deployment counts in the week of its first
-- success, and once for a team or an organisation, however many of its services it counts for. Teams are those of today.
-- grain: subject_type, subject_id, week
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   subject_type                service, team or organisation
--   subject_id                  service, team, or login of the organisation
--   week                        first day of the ISO week, a Monday, UTC
--   iso_year                    year that the week belongs to by ISO 8601
--   iso_week                    its number in that year
--   is_whole_week               deployments of all its days and repositories are known, and it is over
--   deployments_completeness    complete, or partial when not all of its repositories were read to the end, and up to date
--   n_deployments               successful deployments to production; null when no day of it was read, as the next ones [deployments]
--   n_deployment_days           days with one [days]
--   n_repositories              repositories that were deployed [repositories]
--   n_rollbacks                 of n_deployments, those where an earlier version took the place of the one that was live [deployments]
with deployments as (
    select * from int_dora_deployments
),

periods as (
    select * from int_dora_periods where period_type = 'week'
),

first_weeks as (
    select subject_type, subject_id, cast(date_trunc('week', min(finished_on)) as date) as first_week
    from deployments
    group by subject_type, subject_id
),

sum_weeks as (
    select
        subject_type,
        subject_id,
        cast(date_trunc('week', finished_on) as date) as week,
        count(*) as n_deployments,
        count(distinct finished_on) as n_deployment_days,
        count(distinct repository_id) as n_repositories,
        count(case when is_rollback then 1 end) as n_rollbacks
    from deployments
    group by subject_type, subject_id, cast(date_trunc('week', finished_on) as date)
),

fct_successful_deployments_weekly as (
    select
        periods.subject_type,
        periods.subject_id,
        periods.period_start as week,
        cast(extract('isoyear' from periods.period_start) as bigint) as iso_year,
        cast(extract('week' from periods.period_start) as bigint) as iso_week,
        periods.is_whole as is_whole_week,
        periods.deployments_completeness,
        case when periods.n_days > 0 then coalesce(weeks.n_deployments, 0) end as n_deployments,
        case when periods.n_days > 0 then coalesce(weeks.n_deployment_days, 0) end as n_deployment_days,
        case when periods.n_days > 0 then coalesce(weeks.n_repositories, 0) end as n_repositories,
        case when periods.n_days > 0 then coalesce(weeks.n_rollbacks, 0) end as n_rollbacks
    from periods
    inner join first_weeks
        on periods.subject_type = first_weeks.subject_type
        and periods.subject_id = first_weeks.subject_id
        and periods.period_start >= first_weeks.first_week
    left join sum_weeks as weeks
        on periods.subject_type = weeks.subject_type
        and periods.subject_id = weeks.subject_id
        and periods.period_start = weeks.week
)

select * from fct_successful_deployments_weekly
