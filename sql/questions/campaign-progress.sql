-- title: How far campaigns are
-- question: How much of each campaign is done, how fast does that go, and will it be done by its deadline?
-- owner: platform
-- params:
--   campaign        name of the campaign
--   team            team that answers for the targets, or __none__; all of them together unless told otherwise
-- columns:
--   status                 late (not on track, or past its deadline), no_target, all_exempt, not_told (its pace is not known, or what is unknown decides),
--                          on_track, done (nothing is left), not_started or not_visible (nothing was judged since its start)
--   subject_id             name of the campaign
--   title                  what it is called
--   owner_team             team that runs it
--   team                   team that answers for the targets, __all__ or __none__
--   starts                 first date of it
--   deadline               date by which it is to be done
--   days_left              as_of_date to deadline; below 0 once it has passed [days]
--   n_targets              pairs of subject and check that it is after; the four that follow add up to it; null before its start, as the rest [targets]
--   n_done                 of these, pass [targets]
--   n_left                 fail [targets]
--   n_unknown              unknown or error [targets]
--   n_exempt               exempt: it fails, and a waiver holds [targets]
--   share_done             n_done of those that are not exempt; null without any [0 to 1]
--   per_day                targets done by day in the last four weeks, net of those undone; null where it is not known [targets per day]
--   projected_end          when nothing would be left at that pace; null without progress
--   burndown               targets that fail or are unknown, a date each week up to as_of_date, joined by commas
--   reason                 why it has this status
--   as_of_date             newest date that was judged; null before its start
--   subject_type           campaign
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, partial (something is unknown) or none

-- campaign-left lists what is left. fct_campaign_progress has every date and team.
with campaigns as (
    select * from reference.campaigns
),

progress as (
    select * from fct_campaign_progress
),

result_dates as (
    select max(date) as newest_on from fct_check_results where status is not null
),

choose_campaigns as (
    select *, coalesce(lower(getvariable('team')), '__all__') as team
    from campaigns
    where getvariable('campaign') is null or campaign_id = getvariable('campaign')
),

newest_dates as (
    select campaign_id, max(date) as as_of_date
    from progress
    group by campaign_id
),

list_burndown as (
    select
        progress.campaign_id,
        progress.team,
        array_agg(
            cast(progress.date as varchar) || ': ' || (progress.n_left + progress.n_unknown)
            order by progress.date
        ) as burndown
    from progress
    inner join newest_dates
        on progress.campaign_id = newest_dates.campaign_id
    where mod(date_diff('day', progress.date, newest_dates.as_of_date), 7) = 0
    group by progress.campaign_id, progress.team
),

campaign_progress as (
    select
        case
            when newest_dates.as_of_date is null and result_dates.newest_on < cast(campaigns.starts as date) then 'not_started'
            when newest_dates.as_of_date is null then 'not_visible'
            when coalesce(newest.n_targets, 0) = 0 then 'no_target'
            when newest.n_exempt = newest.n_targets then 'all_exempt'
            when newest.n_left + newest.n_unknown = 0 then 'done'
            when newest.is_on_track then 'on_track'
            when newest.is_on_track = false then 'late'
            else 'not_told'
        end as status,
        campaigns.campaign_id as subject_id,
        campaigns.title,
        campaigns.owner as owner_team,
        campaigns.team,
        cast(campaigns.starts as date) as starts,
        cast(campaigns.deadline as date) as deadline,
        date_diff('day', newest_dates.as_of_date, cast(campaigns.deadline as date)) as days_left,
        case when newest_dates.as_of_date is not null then coalesce(newest.n_targets, 0) end as n_targets,
        newest.n_done,
        newest.n_left,
        newest.n_unknown,
        newest.n_exempt,
        newest.share_done,
        newest.per_day,
        newest.projected_end,
        nullif(array_to_string(burndown.burndown, ', '), '') as burndown,
        case
            when newest_dates.as_of_date is null and result_dates.newest_on < cast(campaigns.starts as date) then 'it has not started'
            when newest_dates.as_of_date is null then 'no check was judged since its start'
            when coalesce(newest.n_targets, 0) = 0 then 'no subject fits its targets, or its checks apply to none of them'
            when newest.n_exempt = newest.n_targets then 'all of it is exempt'
            when newest.n_left + newest.n_unknown = 0 then 'nothing is left'
            when newest.n_left > 0 and newest.deadline < newest.date then 'its deadline has passed'
            when newest.is_on_track then 'at this pace it is done by its deadline'
            when newest.done_28d is null then 'a pace is told from a week on, of targets of which it is known at both ends how they stand'
            when newest.is_on_track is null then 'whether it is done by its deadline depends on what is unknown'
            when newest.projected_end is not null then 'at this pace it is done after its deadline'
            else 'nothing more of it is done than four weeks ago, or than at its start'
        end as reason,
        newest_dates.as_of_date,
        'campaign' as subject_type,
        'campaign-progress' as policy_id,
        1 as policy_version,
        cast(
            json_object(
                'checks', newest.checks, 'subjects', newest.n_subjects, 'window_days', newest.window_days, 'done_in_window', newest.done_28d,
                'file', campaigns.file, 'line', campaigns.line
            ) as varchar
        ) as evidence,
        case when newest_dates.as_of_date is null then 'none' when newest.n_unknown > 0 then 'partial' else 'complete' end as source_completeness
    from choose_campaigns as campaigns
    cross join result_dates
    left join newest_dates
        on campaigns.campaign_id = newest_dates.campaign_id
    left join progress as newest
        on campaigns.campaign_id = newest.campaign_id
        and campaigns.team = newest.team
        and newest_dates.as_of_date = newest.date
    left join list_burndown as burndown
        on campaigns.campaign_id = burndown.campaign_id
        and campaigns.team = burndown.team
)

select * from campaign_progress
order by
    case status
        when 'late' then 1
        when 'no_target' then 2
        when 'all_exempt' then 3
        when 'not_told' then 4
        when 'on_track' then 5
        when 'done' then 6
        when 'not_started' then 7
        else 8
    end,
    deadline,
    subject_id
