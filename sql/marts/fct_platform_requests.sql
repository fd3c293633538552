-- One row per project, period and kind of request, with how many were asked for in the period, how long they took, and their share of all.
-- Kind all holds every request. A statistic over fewer samples than the minimum is null, its n stands; so is the number of people who asked, when it is smaller.
-- It is rebuilt whole, not day by day: a request changes for weeks after it was asked for.
-- grain: project, period_type, period_start, kind
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   project                  key of the project
--   period_type              month or all_time, by creation, UTC
--   period_start             first day of the month, or of the first month with a request
--   kind                     type and components, such as Task / access; type / (no component); or all
--   n                        requests [requests]
--   n_done                   of these, done when last seen [requests]
--   share                    n over the requests of all kinds in the period [0 to 1]
--   n_lead_time              done requests with a lead time [requests]
--   lead_time_p50_hours      median, created to resolved, of done requests [hours]
--   lead_time_p75_hours      75th percentile of the same [hours]
--   lead_time_p90_hours      90th percentile of the same [hours]
--   waiting_p50_hours        median time in statuses of the category to do, of done requests [hours]
--   in_progress_p50_hours    median time in statuses of the category in progress, of done requests [hours]
--   n_reopened               requests that left the category done at least once [requests]
--   reopened_share           n_reopened over n [0 to 1]
--   toil_hours               time in progress of all requests together, done or not, but for statuses of reference/waiting_statuses.csv [hours]
--   toil_share               toil_hours over those of all kinds in the period; null when there are none [0 to 1]
--   n_reporters              people who asked; null when they are fewer than the minimum [people]
with issues as (
    select * from stg_jira__issues
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

waiting_statuses as (
    select * from reference.waiting_statuses
),

-- While those who asked have to answer, nobody works on it, though Jira calls it in progress.
sum_waiting as (
    select issues.issue_id, sum(cast(issues.status_seconds[spent.status] as bigint)) as waiting_seconds
    from issues
    cross join unnest(map_keys(issues.status_seconds)) as spent (status)
    inner join waiting_statuses
        on lower(trim(spent.status)) = waiting_statuses.status
    group by issues.issue_id
),

-- A request of several components is of one kind, so that shares add up.
describe_issues as (
    select
        project,
        coalesce(issue_type, '(no type)')
        || ' / '
        || case when len(components) > 0 then array_to_string(list_sort(components), ' + ') else '(no component)' end as own_kind,
        cast(date_trunc('month', created_at) as date) as created_month,
        status_category = 'done' as is_done,
        case
            when status_category = 'done' and resolved_at >= created_at then date_diff('second', created_at, resolved_at) / 3600.0
        end as lead_time_hours,
        case when status_category = 'done' then to_do_seconds / 3600.0 end as waiting_hours,
        case when status_category = 'done' then in_progress_seconds / 3600.0 end as in_progress_hours,
        case
            when waiting.waiting_seconds is null then in_progress_seconds
            when waiting.waiting_seconds <= in_progress_seconds then in_progress_seconds - waiting.waiting_seconds
            else 0
        end as toil_seconds,
        n_reopened > 0 as is_reopened,
        reporter_key
    from issues
    left join sum_waiting as waiting
        on issues.issue_id = waiting.issue_id
),

list_kinds as (
    select own_kind as kind, * from describe_issues
    union all
    select 'all' as kind, * from describe_issues
),

list_periods as (
    select 'month' as period_type, created_month as period_start, * from list_kinds
    union all
    select 'all_time' as period_type, min(created_month) over (partition by project) as period_start, * from list_kinds
),

summarize_requests as (
    select
        project,
        period_type,
        period_start,
        kind,
        count(*) as n,
        count(case when is_done then 1 end) as n_done,
        count(lead_time_hours) as n_lead_time,
        percentile_cont(0.50) within group (order by lead_time_hours) as lead_time_p50_hours,
        percentile_cont(0.75) within group (order by lead_time_hours) as lead_time_p75_hours,
        percentile_cont(0.90) within group (order by lead_time_hours) as lead_time_p90_hours,
        percentile_cont(0.50) within group (order by waiting_hours) as waiting_p50_hours,
        percentile_cont(0.50) within group (order by in_progress_hours) as in_progress_p50_hours,
        count(case when is_reopened then 1 end) as n_reopened,
        sum(toil_seconds) / 3600.0 as toil_hours,
        count(distinct reporter_key) as n_reporters
    from list_periods
    group by project, period_type, period_start, kind
),

compare_kinds as (
    select
        *,
        max(case when kind = 'all' then n end) over (partition by project, period_type, period_start) as n_all,
        max(case when kind = 'all' then toil_hours end) over (partition by project, period_type, period_start) as toil_hours_all
    from summarize_requests
),

fct_platform_requests as (
    select
        s.project,
        s.period_type,
        s.period_start,
        s.kind,
        s.n,
        s.n_done,
        cast(s.n as double) / s.n_all as share,
        s.n_lead_time,
        case when s.n_lead_time >= m.minimum then s.lead_time_p50_hours end as lead_time_p50_hours,
        case when s.n_lead_time >= m.minimum then s.lead_time_p75_hours end as lead_time_p75_hours,
        case when s.n_lead_time >= m.minimum then s.lead_time_p90_hours end as lead_time_p90_hours,
        case when s.n_done >= m.minimum then s.waiting_p50_hours end as waiting_p50_hours,
        case when s.n_done >= m.minimum then s.in_progress_p50_hours end as in_progress_p50_hours,
        s.n_reopened,
        case when s.n >= m.minimum then cast(s.n_reopened as double) / s.n end as reopened_share,
        s.toil_hours,
        case when s.toil_hours_all > 0 then s.toil_hours / s.toil_hours_all end as toil_share,
        case when s.n_reporters >= m.minimum then s.n_reporters end as n_reporters
    from compare_kinds as s
    cross join minimum_samples as m
)

select * from fct_platform_requests
