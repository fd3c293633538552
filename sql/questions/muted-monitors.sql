-- title: Monitors that are silenced
-- question: Which monitors are silenced, for how long, and for which can we not tell?
-- owner: platform
-- sources: datadog.monitors, datadog.downtimes
-- params:
--   team       team; what no team is known to answer for stays, for it may be theirs
--   service    service that it watches
-- columns:
--   status                 muted_without_end, muted, partly_muted or not_visible, or not_found for a name that nothing is known by
--   subject_id             number of the monitor, or the table that was not read to the end
--   monitor_name           name of the monitor
--   services               services that it watches, joined by commas; null when it names none that is known
--   owner_team             team that answers for it; null when unknown
--   priority               1 (highest) to 5; null where none is set
--   has_paging_target      it sends to what calls people
--   overall_state          state that nobody hears of
--   muted_until            when the silence ends, UTC; null without an end, when that of a downtime is not told, and when only a part is silenced
--   muted_scopes           what of it is silenced by itself, joined by commas; null when nothing is
--   reason                 why it has this status
--   as_of_date             date of the snapshot; for a table, the date that it was last asked for
--   subject_type           monitor, or source for a table whose gaps may hide silences, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, partial (downtimes could not be read) or none

-- A monitor that is not silenced is not returned. A downtime may match a part of what a monitor watches only; its scope is not taken apart here.
with monitors as (
    select *
    from fct_monitor_health
    where (getvariable('team') is null or lower(team) = lower(getvariable('team')) or (team is null and is_owned is distinct from false))
        and (getvariable('service') is null or list_contains(list_transform(services, lambda name: lower(name)), lower(getvariable('service'))))
),

gaps as (
    select * from int_question_gaps where policy_id = 'muted-monitors'
),

answer_monitors as (
    select
        case
            when is_muted and is_muted_without_end then 'muted_without_end'
            when is_muted then 'muted'
            when is_partly_muted then 'partly_muted'
            else 'not_visible'
        end as status,
        cast(monitor_id as varchar) as subject_id,
        name as monitor_name,
        nullif(array_to_string(services, ', '), '') as services,
        team as owner_team,
        priority,
        has_paging_target,
        overall_state,
        muted_until,
        nullif(array_to_string(muted_scopes, ', '), '') as muted_scopes,
        case
            when is_muted and is_muted_without_end then 'silenced, and nobody said until when'
            when is_muted and is_muted_by_downtime then 'silenced by a downtime that is active'
            when is_muted then 'silenced by itself'
            when is_partly_muted then 'some of what it watches is silenced'
            else 'a downtime matches it, and downtimes could not be read'
        end as reason,
        as_of_date,
        'monitor' as subject_type,
        cast(
            json_object('by_downtime', is_muted_by_downtime, 'state_since', cast(overall_state_since as varchar), 'unknown_services', unknown_services)
            as varchar
        ) as evidence,
        case when is_muted_by_downtime is null then 'partial' else 'complete' end as source_completeness
    from monitors
    where is_muted is distinct from false or is_partly_muted
),

combine_answers as (
    select * from answer_monitors
    union all
    select
        status, subject_id, null, null, null, null, null, null, null, null, reason, as_of_date, subject_type, evidence,
        'none'
    from gaps
),

muted_monitors as (
    select
        status,
        subject_id,
        monitor_name,
        services,
        owner_team,
        priority,
        has_paging_target,
        overall_state,
        muted_until,
        muted_scopes,
        reason,
        as_of_date,
        subject_type,
        'muted-monitors' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from muted_monitors
order by
    case status when 'muted_without_end' then 1 when 'muted' then 2 when 'partly_muted' then 3 else 4 end,
    case when has_paging_target then 1 else 2 end,
    priority nulls last,
    subject_type,
    subject_id
