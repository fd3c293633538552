-- title: Successful deployments by week
-- question: How often was each service, team or organisation deployed to production successfully in each of the last weeks?
-- owner: platform
-- sources: github.deployments
-- params:
--   team       team whose weeks, and those of its services, are wanted; without it and service, those of all teams and organisations
--   service    service whose weeks are wanted
--   weeks      how many weeks, the one in progress included; as many as weeks_shown in reference/thresholds.csv without it
-- columns:
--   status                 counted, or not_visible for a week or a subject of which nothing was read, and a table that was not read to the end, or not_found for a
--                          name that nothing is known by
--   subject_type           organisation, team or service; source for a table, or name for one that nothing is known by
--   subject_id             login, team or service; the table that was not read to the end
--   week                   first day of the ISO week, a Monday; null for a service that is known to live nowhere, and a table
--   iso_week               its name by ISO 8601, such as 2026-W07
--   n_deployments          successful deployments to production; null when not visible [deployments]
--   n_deployment_days      days with one [days]
--   n_rollbacks            of n_deployments, those that went back to an earlier version [deployments]
--   is_whole_week          deployments of all its days are known, and it is over
--   reason                 why it has this status
--   as_of_date             date that deployments were last read for
--   source_completeness    complete, partial when not all of its repositories were read to the end and up to date, or none

-- Counted from the subject's first deployment on; a week without any is a row with none. What was never seen to be deployed has one row. A deployment
-- counts once for a team, however many of its services it is for. Compare whole weeks only.
with weekly as (
    select * from fct_successful_deployments_weekly
),

newest_weeks as (
    select * from fct_dora where period_type = 'week' and is_newest
),

services as (
    select * from dim_services
),

reads as (
    select * from fct_table_reads where source = 'github' and table_name = 'deployments'
),

gaps as (
    select * from int_question_gaps where policy_id = 'deployments-per-week'
),

thresholds as (
    select coalesce(cast(getvariable('weeks') as bigint), cast(value as bigint)) as n_weeks
    from reference.thresholds
    where name = 'weeks_shown'
),

list_never_deployed as (
    select newest.*
    from newest_weeks as newest
    where not exists (
        select 1 from weekly where newest.subject_type = weekly.subject_type and newest.subject_id = weekly.subject_id
    )
),

list_weeks as (
    select
        subject_type, subject_id, week, iso_year, iso_week, is_whole_week, deployments_completeness, n_deployments, n_deployment_days, n_rollbacks,
        dense_rank() over (order by week desc) as week_rank,
        case
            when n_deployments is null then 'none of its days was read'
            when is_whole_week then 'every deployment that was read'
            else 'not all of its days are over, or were read'
        end as reason
    from weekly
    union all
    select
        subject_type, subject_id, period_start, extract('isoyear' from period_start), extract('week' from period_start), is_whole, deployments_completeness,
        n_deployments, n_deployment_days, n_deployments, 1,
        case when n_deployments is null then 'its deployments were never read' else 'no deployment of it to production was ever seen' end
    from list_never_deployed
    union all
    select 'service', service, null, null, null, null, 'none', null, null, null, 1, 'no repository is known that it lives in, or no deployments were ever read'
    from services
    where not exists (select 1 from newest_weeks as newest where newest.subject_type = 'service' and newest.subject_id = services.service)
),

choose_subjects as (
    select weeks.*
    from list_weeks as weeks
    cross join thresholds
    left join services
        on weeks.subject_type = 'service'
        and weeks.subject_id = services.service
    where weeks.week_rank <= thresholds.n_weeks
        and case
            when getvariable('service') is not null then weeks.subject_type = 'service' and lower(weeks.subject_id) = lower(getvariable('service'))
            when getvariable('team') is not null
                then (weeks.subject_type = 'team' and lower(weeks.subject_id) = lower(getvariable('team')))
                    or lower(services.accountable_team) = lower(getvariable('team'))
            else weeks.subject_type <> 'service'
        end
),

combine_answers as (
    select
        case when weeks.n_deployments is null then 'not_visible' else 'counted' end as status,
        weeks.subject_type,
        weeks.subject_id,
        weeks.week,
        cast(weeks.iso_year as varchar) || '-W' || lpad(cast(weeks.iso_week as varchar), 2, '0') as iso_week,
        weeks.n_deployments,
        weeks.n_deployment_days,
        weeks.n_rollbacks,
        weeks.is_whole_week,
        weeks.reason,
        reads.read_on as as_of_date,
        weeks.deployments_completeness as source_completeness
    from choose_subjects as weeks
    left join reads
        on true
    union all
    select status, subject_type, subject_id, null, null, null, null, null, null, reason, as_of_date, 'none'
    from gaps
),

deployments_per_week as (
    select
        status,
        subject_type,
        subject_id,
        week,
        iso_week,
        n_deployments,
        n_deployment_days,
        n_rollbacks,
        is_whole_week,
        reason,
        as_of_date,
        source_completeness
    from combine_answers
)

select * from deployments_per_week
order by
    case subject_type when 'organisation' then 1 when 'team' then 2 when 'service' then 3 else 4 end,
    subject_id,
    week desc nulls last
