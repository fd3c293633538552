-- title: What changed
-- question: What changed since the snapshots before: protection weakened, owner removed, monitor muted, visibility widened, cost jumped, and what could not be compared?
-- owner: platform
-- params:
--   team    only changes of what belongs to this team
--   kind    only changes of this kind, such as protection_weakened
--   days    how many days back from the newest; 1 when not given
-- columns:
--   status                 changed, compared (counted) or not_visible (a table that was not compared, or not all of it)
--   changed_on             date of the snapshot that differs, or day of the cost; null for tables
--   kind                   what it means, such as protection_weakened, owner_removed, monitor_muted, visibility_widened or cost_jumped; null for tables
--   severity               bad, neutral or good; null for tables
--   subject_type           repository, service, monitor, team, …; tables, or source for one that was not compared
--   subject_id             what changed; what is counted in one row in parentheses; or the table that was not compared
--   owner_team             team that it belongs to; null when none is named, or several are, and for tables
--   row_name               name of the row that changed, such as that of a ruleset; null where it has none
--   table_name             table that tells it
--   column_name            column that changed; null for what came or went, and for tables
--   before                 what was there before; null when nothing was, or it is new
--   after                  what is there now; null when nothing is, or it is gone
--   previous_date          date of the snapshot that it was compared with; of several, the newest; null for cost, which is held against four weeks
--   n_tables               tables in the row; null for a change [tables]
--   reason                 why it has this status, and for a table the dates that were not compared whole, if not the newest alone
--   as_of_date             newest date that was looked at
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, partial or none

-- Where a snapshot is missing, a change is told with the next one, and previous_date says since when it may have happened. What was not read
-- to the end on one date is told by neither that one nor the next, so that a table was compared where it was on every date asked for.
-- Cost is of the newest days that could be looked at, which are older: what comes late has come in.
with changes as (
    select * from fct_changes
),

cost_anomalies as (
    select * from fct_cost_anomalies
),

tables as (
    select * from fct_watched_tables
),

watched_tables as (
    select * from reference.watched_tables
),

asked as (
    select
        cast(getvariable('team') as varchar) as team,
        cast(getvariable('kind') as varchar) as kind,
        coalesce(cast(getvariable('days') as bigint), 1) as days,
        (select max(as_of_date) from tables) as as_of_date
),

answer_changes as (
    select
        'changed' as status,
        changes.date as changed_on,
        changes.kind,
        changes.severity,
        changes.subject_type,
        changes.subject_id,
        changes.team as owner_team,
        changes.name as row_name,
        changes.source || '.' || changes.table_name as table_name,
        nullif(changes.column_name, '') as column_name,
        changes.before,
        changes.after,
        changes.previous_date,
        changes.key,
        cast(null as bigint) as n_tables,
        case
            when changes.table_name = 'downtimes' and changes.subject_type = 'monitor' then 'a downtime silences it, or does so no longer'
            when changes.change = 'added' then 'it is there, and was not before'
            when changes.change = 'removed' then 'it was there before, and is gone'
            else 'it is not what it was before'
        end as reason,
        asked.as_of_date,
        cast(json_object('key', changes.key, 'days_between', changes.days_between) as varchar) as evidence,
        'complete' as source_completeness
    from changes
    cross join asked
    where date_diff('day', changes.date, asked.as_of_date) < asked.days
),

answer_cost as (
    select
        'changed' as status,
        anomalies.date as changed_on,
        case anomalies.verdict when 'rose' then 'cost_jumped' else 'cost_fell' end as kind,
        case anomalies.verdict when 'rose' then 'bad' else 'good' end as severity,
        'service' as subject_type,
        anomalies.service as subject_id,
        anomalies.team as owner_team,
        cast(null as varchar) as row_name,
        'opencost.allocations' as table_name,
        'hourly_cost_usd' as column_name,
        cast(round(anomalies.usual_hourly_cost_usd, 4) as varchar) as before,
        cast(round(anomalies.hourly_cost_usd, 4) as varchar) as after,
        cast(null as date) as previous_date,
        anomalies.service as key,
        cast(null as bigint) as n_tables,
        'far from the median of the days before' as reason,
        anomalies.as_of_date,
        cast(
            json_object('extra_cost_usd', round(anomalies.extra_cost_usd, 4), 'n_days_before', anomalies.n_days_before) as varchar
        ) as evidence,
        case when anomalies.completeness = 1 then 'complete' else 'partial' end as source_completeness
    from cost_anomalies as anomalies
    cross join asked
    where anomalies.verdict in ('rose', 'fell') and date_diff('day', anomalies.date, anomalies.as_of_date) < asked.days
),

combine_changes as (
    select * from answer_changes
    union all
    select * from answer_cost
),

choose_changes as (
    select changes.*
    from combine_changes as changes
    cross join asked
    where (asked.team is null or changes.owner_team = asked.team) and (asked.kind is null or changes.kind = asked.kind)
),

-- A date that a table was not read for is made up for by the next that it was. That nothing is compared yet counts on the newest alone.
judge_dates as (
    select
        tables.*,
        tables.source || '.' || tables.table_name as full_table_name,
        tables.status = 'compared'
        or (tables.status in ('not_read', 'never_read') and tables.as_of_date < asked.as_of_date) as is_compared
    from tables
    cross join asked
    where date_diff('day', tables.as_of_date, asked.as_of_date) < asked.days
),

rank_dates as (
    select *, row_number() over (partition by full_table_name, is_compared order by as_of_date desc) as date_rank
    from judge_dates
),

combine_dates as (
    select
        full_table_name,
        array_agg(cast(as_of_date as varchar) order by as_of_date) filter (where not is_compared) as unread_dates,
        count(case when status in ('compared', 'partly_compared') then 1 end) as n_compared_dates,
        max(previous_date) as previous_date,
        min(previous_date) as oldest_previous_date
    from rank_dates
    group by full_table_name
),

answer_unread as (
    select
        'not_visible' as status,
        'source' as subject_type,
        newest.full_table_name as subject_id,
        newest.previous_date,
        1 as n_tables,
        newest.reason || case
            when len(dates.unread_dates) = 1 and newest.as_of_date = asked.as_of_date then ''
            else ' (' || array_to_string(dates.unread_dates, ', ') || ')'
        end as reason,
        asked.as_of_date,
        cast(
            json_object(
                'status', newest.status, 'read_on', cast(newest.read_on as varchar), 'unread', newest.n_unread_parents, 'dates', dates.unread_dates
            ) as varchar
        ) as evidence,
        case when dates.n_compared_dates > 0 then 'partial' else 'none' end as source_completeness
    from rank_dates as newest
    inner join combine_dates as dates
        on newest.full_table_name = dates.full_table_name
    cross join asked
    where not newest.is_compared and newest.date_rank = 1 and newest.is_expected
),

answer_never_read as (
    select
        'not_visible' as status,
        'source' as subject_type,
        watched_tables.table_name as subject_id,
        cast(null as date) as previous_date,
        1 as n_tables,
        'no read of any snapshot is on record' as reason,
        asked.as_of_date,
        cast(json_object('status', 'never_read') as varchar) as evidence,
        'none' as source_completeness
    from watched_tables
    cross join asked
    where asked.as_of_date is null
),

answer_compared as (
    select
        'compared' as status,
        'tables' as subject_type,
        '(tables compared)' as subject_id,
        max(tables.previous_date) as previous_date,
        count(*) as n_tables,
        'all that is told of them above is all that changed' as reason,
        max(asked.as_of_date) as as_of_date,
        cast(json_object('oldest_compared_with', cast(min(tables.oldest_previous_date) as varchar)) as varchar) as evidence,
        'complete' as source_completeness
    from combine_dates as tables
    cross join asked
    where tables.unread_dates is null
    having count(*) > 0
),

combine_tables as (
    select * from answer_unread
    union all
    select * from answer_never_read
    union all
    select * from answer_compared
),

combine_answers as (
    select * from choose_changes
    union all
    select
        status, null, null, null, subject_type, subject_id, null, null, null, null, null, null, previous_date, null, n_tables, reason, as_of_date, evidence, source_completeness
    from combine_tables
),

what_changed as (
    select
        status,
        changed_on,
        kind,
        severity,
        subject_type,
        subject_id,
        owner_team,
        row_name,
        table_name,
        column_name,
        before,
        after,
        previous_date,
        n_tables,
        reason,
        as_of_date,
        'what-changed' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from what_changed
order by
    case status when 'changed' then 1 when 'compared' then 2 else 3 end,
    case severity when 'bad' then 1 when 'neutral' then 2 else 3 end,
    changed_on desc,
    kind,
    subject_type,
    subject_id,
    table_name,
    column_name,
    evidence
