-- One row per date from its start on, campaign, and team (__all__ for all of them, __none__ for what nobody is known to answer for), with how much is done, how
-- fast that goes, and when it would end at that pace. The rows of a campaign by date are its burndown.
-- The pace is told from targets seen at both ends of the window with a known status: those that fail or were exempt and now pass, less those that passed and
-- no longer do. So a target that comes or goes, as a repository that is renamed does both, changes n_targets, and is no progress; and reading again what
-- could not be read is none either.
-- grain: date, campaign_id, team
-- kind: daily
-- lookback: all
-- owner: platform
-- columns:
--   date             date that it is about
--   campaign_id      its name
--   team             team that answers for the targets, __all__ or __none__
--   title            what it is called
--   owner            team that runs it
--   starts           first date of it
--   deadline         date by which it is to be done
--   checks           checks that are to pass
--   n_subjects       services and repositories that it is after [subjects]
--   n_targets        pairs of subject and check that it is after; the four that follow add up to it [targets]
--   n_done           of these, pass [targets]
--   n_left           fail [targets]
--   n_unknown        unknown or error [targets]
--   n_exempt         exempt: it fails, and a waiver holds [targets]
--   share_done       n_done of those that are not exempt; null without any [0 to 1]
--   window_days      days over which the pace is told: campaign_window in reference/thresholds.csv, or since the start or the first date [days]
--   done_28d         targets done in that window, net of those undone; null before campaign_minimum_days of them have passed and when of no target it is known
--                    at both ends how it stood, as the next [targets]
--   per_day          done_28d by day [targets per day]
--   projected_end    when n_left and n_unknown would be done at that pace; the date itself when neither is left; null without progress, and when no target
--                    is but exempt ones
--   is_on_track      projected_end comes by the deadline, or nothing is left; false when it would come too late, or never, even if all that is unknown passed,
--                    and when the deadline passed with something that fails; null when neither can be told, and when no target is but exempt ones
--   days_left        date to deadline; below 0 once it has passed [days]
with targets as (
    select date, campaign_id, check_id, subject_type, subject_id, team, status
    from fct_campaign_targets
    where date <= getvariable('to')
),

result_dates as (
    select distinct date from fct_check_results where date <= getvariable('to') and status is not null
),

campaigns as (
    select * from reference.campaigns
),

campaign_checks as (
    select * from reference.campaign_checks
),

thresholds as (
    select
        max(case name when 'campaign_window' then value end) as window_days,
        max(case name when 'campaign_minimum_days' then value end) as minimum_days
    from reference.thresholds
),

list_checks as (
    select campaign_id, array_agg(check_id order by check_id) as checks
    from campaign_checks
    group by campaign_id
),

list_dates as (
    select
        dates.date,
        campaigns.campaign_id,
        campaigns.title,
        campaigns.owner,
        cast(campaigns.starts as date) as starts,
        cast(campaigns.deadline as date) as deadline,
        greatest(cast(campaigns.starts as date), dates.date - cast(thresholds.window_days as integer)) as window_from
    from result_dates as dates
    cross join campaigns
    cross join thresholds
    where dates.date >= getvariable('from') and dates.date >= cast(campaigns.starts as date)
),

-- The window begins with the last date judged by then, or with the first one there is.
find_bases as (
    select
        listed.date,
        listed.campaign_id,
        coalesce(max(case when earlier.date <= listed.window_from then earlier.date end), min(earlier.date)) as base_date
    from list_dates as listed
    cross join result_dates as earlier
    group by listed.date, listed.campaign_id
),

find_windows as (
    select listed.*, bases.base_date
    from list_dates as listed
    inner join find_bases as bases
        on listed.date = bases.date
        and listed.campaign_id = bases.campaign_id
),

compare_targets as (
    select
        windows.campaign_id,
        windows.date,
        targets.team,
        targets.subject_type,
        targets.subject_id,
        targets.status,
        case
            when targets.status = 'pass' and before.status in ('fail', 'exempt') then 1
            when targets.status in ('fail', 'exempt') and before.status = 'pass' then -1
            else 0
        end as done,
        case when targets.status in ('unknown', 'error') and before.status in ('fail', 'exempt') then 1 else 0 end as may_be_done,
        targets.status in ('pass', 'fail', 'exempt') and before.status in ('pass', 'fail', 'exempt') as is_compared
    from find_windows as windows
    inner join targets
        on windows.campaign_id = targets.campaign_id
        and windows.date = targets.date
    left join targets as before
        on windows.campaign_id = before.campaign_id
        and windows.base_date = before.date
        and targets.check_id = before.check_id
        and targets.subject_id = before.subject_id
),

spread_teams as (
    select *, coalesce(team, '__none__') as counted_team from compare_targets
    union all
    select *, '__all__' as counted_team from compare_targets
),

count_targets as (
    select
        date,
        campaign_id,
        counted_team,
        count(distinct subject_type || ' ' || subject_id) as n_subjects,
        count(*) as n_targets,
        count(case when status = 'pass' then 1 end) as n_done,
        count(case when status = 'fail' then 1 end) as n_left,
        count(case when status in ('unknown', 'error') then 1 end) as n_unknown,
        count(case when status = 'exempt' then 1 end) as n_exempt,
        case when count(case when is_compared then 1 end) > 0 then cast(sum(done) as bigint) end as done,
        cast(sum(may_be_done) as bigint) as may_be_done
    from spread_teams
    group by date, campaign_id, counted_team
),

-- A campaign without a single target has its row, too.
list_rows as (
    select date, campaign_id, counted_team as team from count_targets
    union
    select date, campaign_id, '__all__' as team from find_windows
),

measure_pace as (
    select
        listed.date,
        listed.campaign_id,
        listed.team,
        windows.title,
        windows.owner,
        windows.starts,
        windows.deadline,
        coalesce(checks.checks, []) as checks,
        coalesce(counted.n_subjects, 0) as n_subjects,
        coalesce(counted.n_targets, 0) as n_targets,
        coalesce(counted.n_done, 0) as n_done,
        coalesce(counted.n_left, 0) as n_left,
        coalesce(counted.n_unknown, 0) as n_unknown,
        coalesce(counted.n_exempt, 0) as n_exempt,
        date_diff('day', windows.base_date, listed.date) as window_days,
        case when date_diff('day', windows.base_date, listed.date) >= thresholds.minimum_days then counted.done end as done_28d,
        counted.may_be_done
    from list_rows as listed
    cross join thresholds
    inner join find_windows as windows
        on listed.date = windows.date
        and listed.campaign_id = windows.campaign_id
    left join list_checks as checks
        on listed.campaign_id = checks.campaign_id
    left join count_targets as counted
        on listed.date = counted.date
        and listed.campaign_id = counted.campaign_id
        and listed.team = counted.counted_team
),

project_ends as (
    select
        *,
        done_28d / nullif(window_days, 0) as per_day,
        case
            when n_targets = n_exempt then null
            when n_left + n_unknown = 0 then date
            when done_28d > 0 then date + cast(ceil((n_left + n_unknown) * window_days / done_28d) as integer)
        end as projected_end,
        case
            when n_left = 0 then date
            when done_28d + may_be_done > 0 then date + cast(ceil(n_left * window_days / (done_28d + may_be_done)) as integer)
        end as earliest_end
    from measure_pace
),

fct_campaign_progress as (
    select
        date,
        campaign_id,
        team,
        title,
        owner,
        starts,
        deadline,
        checks,
        n_subjects,
        n_targets,
        n_done,
        n_left,
        n_unknown,
        n_exempt,
        n_done / nullif(n_targets - n_exempt, 0) as share_done,
        window_days,
        done_28d,
        per_day,
        projected_end,
        case
            when n_targets = n_exempt then null
            when n_left + n_unknown = 0 then true
            when n_left > 0 and deadline < date then false
            when done_28d is null then null
            when projected_end <= deadline then true
            when earliest_end is null or (n_left > 0 and earliest_end > deadline) then false
        end as is_on_track,
        date_diff('day', date, deadline) as days_left
    from project_ends
)

select * from fct_campaign_progress
