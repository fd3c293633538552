-- title: Requests worth automating
-- question: Which kinds of request take most of the time of those who answer them, and are worth automating next?
-- owner: platform
-- params:
--   project    key of the project
-- columns:
--   status                   counted, or not_visible for a project whose requests could not be read to the end
--   project                  key of the project; for a table that was never read, its name
--   kind                     type and components of the requests
--   toil_hours               time in progress of all these requests together, but for what waits for those who asked [hours]
--   toil_share               toil_hours over those of all kinds of the project [0 to 1]
--   cumulative_toil_share    the same with the kinds above it [0 to 1]
--   n                        requests [requests]
--   share                    n over the requests of all kinds of the project [0 to 1]
--   n_newest_months          of these, asked for in the newest three months with requests [requests]
--   lead_time_p50_hours      median, created to resolved; null under the minimum of samples [hours]
--   lead_time_p90_hours      90th percentile of the same [hours]
--   waiting_p50_hours        median time before somebody began; null under the minimum of samples [hours]
--   reopened_share           requests that were taken up again after their end; null under the minimum of samples [0 to 1]
--   n_reporters              people who asked; null when they are few [people]
--   since                    first month with a request of the project
--   reason                   why it has this status
--   as_of_date               date that requests were last read for

-- Toil is the time that requests were in progress, done or not, by the calendar and not by hours of work. What waits, for somebody to begin or for
-- those who asked (reference/waiting_statuses.csv), costs those who ask, and not those who answer.
with requests as (
    select * from fct_platform_requests where getvariable('project') is null or lower(project) = lower(getvariable('project'))
),

reads as (
    select * from fct_table_reads where source = 'jira' and table_name = 'issues'
),

rank_months as (
    select
        project,
        kind,
        n,
        dense_rank() over (partition by project order by period_start desc) as month_rank
    from requests
    where period_type = 'month'
),

count_newest_months as (
    select project, kind, sum(n) as n
    from rank_months
    where month_rank <= 3
    group by project, kind
),

answer_kinds as (
    select
        'counted' as status,
        requests.project,
        requests.kind,
        requests.toil_hours,
        requests.toil_share,
        sum(requests.toil_share) over (
            partition by requests.project
            order by requests.toil_hours desc, requests.n desc, requests.kind
            rows between unbounded preceding and current row
        ) as cumulative_toil_share,
        requests.n,
        requests.share,
        cast(coalesce(newest.n, 0) as bigint) as n_newest_months,
        requests.lead_time_p50_hours,
        requests.lead_time_p90_hours,
        requests.waiting_p50_hours,
        requests.reopened_share,
        requests.n_reporters,
        requests.period_start as since,
        'every request that was read' as reason,
        reads.read_on as as_of_date
    from requests
    left join count_newest_months as newest
        on requests.project = newest.project
        and requests.kind = newest.kind
    left join reads
        on true
    where requests.period_type = 'all_time' and requests.kind <> 'all'
),

list_unread as (
    select unread.parent as project, 'not read to the end: ' || coalesce(reads.meaning, reads.status) as reason, reads.read_on
    from reads
    cross join unnest(reads.unread_parents) as unread (parent)
    union all
    select 'jira.issues' as project, 'no read of it is on record' as reason, cast(null as date) as read_on
    where not exists (select 1 from reads)
),

answer_projects as (
    select
        'not_visible' as status,
        project,
        cast(null as varchar) as kind,
        cast(null as double) as toil_hours,
        cast(null as double) as toil_share,
        cast(null as double) as cumulative_toil_share,
        cast(null as bigint) as n,
        cast(null as double) as share,
        cast(null as bigint) as n_newest_months,
        cast(null as double) as lead_time_p50_hours,
        cast(null as double) as lead_time_p90_hours,
        cast(null as double) as waiting_p50_hours,
        cast(null as double) as reopened_share,
        cast(null as bigint) as n_reporters,
        cast(null as date) as since,
        reason,
        read_on as as_of_date
    from list_unread
),

what_to_automate_next as (
    select * from answer_kinds
    union all
    select * from answer_projects
)

select * from what_to_automate_next
order by
    case status when 'counted' then 1 else 2 end,
    project,
    toil_hours desc nulls last,
    n desc nulls last,
    kind
