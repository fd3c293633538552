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
--   previous_date          date of the snapshot that it was compared with; null for cost, which is held against four weeks
--   n_tables               tables in the row; null for a change [tables]
--   reason                 why it has this status
--   as_of_date             newest date that was looked at
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, partial or none

-- Where a snapshot is missing, a change is told with the next one, and previous_date says since when it may have happened.
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
        case changes.change
            when 'added' then 'it is there, and was not before'
            when 'removed' then 'it was there before, and is gone'
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

answer_unread as (
    select
        'not_visible' as status,
        'source' as subject_type,
        source || '.' || table_name as subject_id,
        previous_date,
        1 as n_tables,
        reason,
        as_of_date,
        cast(json_object('status', status, 'read_on', cast(read_on as varchar), 'unread', n_unread_parents) as varchar) as evidence,
        case when status = 'partly_compared' then 'partial' else 'none' end as source_completeness
    from tables
    where status <> 'compared' and (is_expected or as_of_date is null)
),

answer_compared as (
    select
        'compared' as status,
        'tables' as subject_type,
        '(tables compared)' as subject_id,
        max(previous_date) as previous_date,
        count(*) as n_tables,
        'all that is told of them above is all that changed' as reason,
        max(as_of_date) as as_of_date,
        cast(json_object('oldest_compared_with', cast(min(previous_date) as varchar)) as varchar) as evidence,
        'complete' as source_completeness
    from tables
    where status = 'compared'
    having count(*) > 0
),

combine_tables as (
    select * from answer_unread
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
