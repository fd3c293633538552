-- One row per service, team or organisation and period that its delivery is told for, with what was read of it.
-- Its weeks begin with its first successful deployment to production, or else are the newest; it has them also when it lives somewhere and was never deployed.
-- A day is read in its course, so a week counts as over once a later day was read. Days after a repository was last read to the end are unknown, not empty.
-- grain: subject_type, subject_id, period_type, period_start
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   subject_type                  service, team or organisation
--   subject_id                    service, team, or login of the organisation
--   period_type                   week (ISO, from Monday, UTC) or rolling_90d
--   period_start                  first day of the period
--   period_end                    last day of it: of the week in progress, the newest day
--   is_newest                     it ends with the newest day
--   is_whole                      deployments of all its days and all its repositories that were ever read are known, and the week is over
--   n_days                        days of it of which deployments of one of its repositories at least are known; 0 where none was ever read [days]
--   first_week                    first ISO week that is whole and in it, and of which deployments are known; may be after last_week
--   last_week                     last ISO week that is whole and in it; null where nothing was ever read
--   deployments_completeness      complete, partial or none
--   pull_requests_completeness    likewise
--   commits_completeness          likewise
with deployments as (
    select * from int_dora_deployments
),

service_deployments as (
    select * from fct_deployments
),

service_repositories as (
    select * from int_service_repositories
),

services as (
    select * from dim_services
),

coverage as (
    select * from int_delivery_coverage
),

reads as (
    select * from int_table_reads
),

thresholds as (
    select value as window_days from reference.thresholds where name = 'delivery_window'
),

-- The newest day is the one that deployments were last read for, and the first the one that the earliest was made on.
find_days as (
    select
        greatest(
            (select max(read_on) from reads where source = 'github' and table_name = 'deployments'),
            (select max(finished_on) from deployments)
        ) as newest_on,
        (select min(cast(least(created_at, finished_at) as date)) from service_deployments) as first_on
),

-- Where a service lives, and whose it is: also without any deployment.
list_homes as (
    select
        homes.service,
        services.accountable_team as team,
        split_part(homes.full_name, '/', 1) as organization,
        lower(homes.full_name) as parent
    from service_repositories as homes
    inner join services
        on homes.service = services.service
    union
    select service, team, organization, lower(full_name) as parent
    from service_deployments
),

list_subject_homes as (
    select 'service' as subject_type, service as subject_id, parent from list_homes where service <> '__no_service__'
    union
    select 'team' as subject_type, team as subject_id, parent from list_homes where team is not null
    union
    select 'organisation' as subject_type, organization as subject_id, parent from list_homes
),

judge_reads as (
    select
        homes.subject_type,
        homes.subject_id,
        tables.table_name,
        case
            when count(case when coverage.is_ever_complete then 1 end) = 0 then 'none'
            when count(case when coverage.is_complete then 1 end) = count(*) then 'complete'
            else 'partial'
        end as completeness
    from list_subject_homes as homes
    cross join (values ('deployments'), ('pull_requests'), ('pull_request_commits')) as tables (table_name)
    left join coverage
        on homes.parent = coverage.parent
        and tables.table_name = coverage.table_name
    group by homes.subject_type, homes.subject_id, tables.table_name
),

-- Each repository is known up to the newest day, or else to when it was last read to the end, or was deployed.
find_home_days as (
    select
        homes.subject_type,
        homes.subject_id,
        homes.parent,
        case
            when coverage.is_complete or (coverage.is_closed and coverage.is_ever_complete) then days.newest_on
            else greatest(coverage.complete_on, finished.last_finished_on)
        end as known_until
    from list_subject_homes as homes
    cross join find_days as days
    left join coverage
        on homes.parent = coverage.parent
        and coverage.table_name = 'deployments'
    left join (
        select subject_type, subject_id, lower(full_name) as parent, max(finished_on) as last_finished_on
        from deployments
        group by subject_type, subject_id, lower(full_name)
    ) as finished
        on homes.subject_type = finished.subject_type
        and homes.subject_id = finished.subject_id
        and homes.parent = finished.parent
),

find_subject_days as (
    select subject_type, subject_id, max(known_until) as known_until, min(known_until) as whole_until
    from find_home_days
    group by subject_type, subject_id
),

-- What was deployed though no read to the end is on record was read in part.
list_subjects as (
    select
        homes.subject_type,
        homes.subject_id,
        case
            when min(finished.first_finished_on) is not null and min(case when reads.table_name = 'deployments' then reads.completeness end) = 'none'
                then 'partial'
            else min(case when reads.table_name = 'deployments' then reads.completeness end)
        end as deployments_completeness,
        min(case when reads.table_name = 'pull_requests' then reads.completeness end) as pull_requests_completeness,
        min(case when reads.table_name = 'pull_request_commits' then reads.completeness end) as commits_completeness,
        min(finished.first_finished_on) as first_finished_on
    from (select distinct subject_type, subject_id from list_subject_homes) as homes
    inner join judge_reads as reads
        on homes.subject_type = reads.subject_type
        and homes.subject_id = reads.subject_id
    left join (
        select subject_type, subject_id, min(finished_on) as first_finished_on
        from deployments
        group by subject_type, subject_id
    ) as finished
        on homes.subject_type = finished.subject_type
        and homes.subject_id = finished.subject_id
    group by homes.subject_type, homes.subject_id
),

list_weeks as (
    select
        subjects.subject_type,
        subjects.subject_id,
        subjects.deployments_completeness,
        subjects.pull_requests_completeness,
        subjects.commits_completeness,
        known.known_until,
        known.whole_until,
        days.newest_on,
        days.first_on,
        cast(weeks.monday as date) as monday,
        least(cast(weeks.monday as date) + 6, days.newest_on) as ends_on
    from list_subjects as subjects
    inner join find_subject_days as known
        on subjects.subject_type = known.subject_type
        and subjects.subject_id = known.subject_id
    cross join find_days as days
    cross join unnest(
        generate_series(
            date_trunc('week', coalesce(subjects.first_finished_on, days.newest_on)),
            date_trunc('week', days.newest_on),
            interval 7 day
        )
    ) as weeks (monday)
    where days.newest_on is not null
),

list_periods as (
    select weeks.*, 'week' as period_type, weeks.monday as period_start, 7 as length_days, weeks.ends_on < weeks.whole_until as is_over
    from list_weeks as weeks
    union all
    select
        weeks.*,
        'rolling_90d' as period_type,
        weeks.ends_on - cast(thresholds.window_days - 1 as integer) as period_start,
        cast(thresholds.window_days as integer) as length_days,
        weeks.ends_on <= weeks.whole_until as is_over
    from list_weeks as weeks
    cross join thresholds
),

-- A day before any deployment was seen is not one without deployments.
count_days as (
    select
        *,
        case
            when known_until is null then 0
            else greatest(date_diff('day', greatest(period_start, first_on), least(ends_on, known_until)) + 1, 0)
        end as n_days
    from list_periods
),

int_dora_periods as (
    select
        subject_type,
        subject_id,
        period_type,
        period_start,
        ends_on as period_end,
        ends_on = newest_on as is_newest,
        coalesce(n_days = length_days and is_over, false) as is_whole,
        n_days,
        cast(date_trunc('week', greatest(period_start, first_on) + 6) as date) as first_week,
        case when whole_until is not null then cast(date_trunc('week', least(ends_on, whole_until - 1) - 6) as date) end as last_week,
        deployments_completeness,
        pull_requests_completeness,
        commits_completeness
    from count_days
)

select * from int_dora_periods
