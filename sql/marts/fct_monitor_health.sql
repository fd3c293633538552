-- One row per monitor of the newest snapshot, with who answers for it, whether it can be heard, and whom it calls.
-- When monitors could not be read, or were not for long, there is no row: fct_table_reads tells.
-- grain: monitor_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   monitor_id              Datadog's number of the monitor
--   as_of_date              date of the snapshot
--   name                    its name
--   monitor_type            type, such as metric alert or composite
--   env                     tag env, in lower case; null without it
--   services                services of dim_services that its tag names
--   unknown_services        names in its tag that stand for no service of dim_services
--   service                 the one service that its tag names; null when it names none, several, or one that is not known
--   team                    the one team that answers for it, by its tag, or else as owner of its services; null when several or none do
--   owner_source            tag or service, whichever named the team or teams; null without one
--   is_owned                a team answers for it; null when none is named and a place where one may be could not be read
--   is_team_described       team is known to the catalog or to GitHub; null without one, and when it could not be told
--   priority                1 (highest) to 5; null where none is set
--   overall_state           OK, Alert, Warn, No Data, Ignored, Skipped or Unknown; null when not told
--   overall_state_since     when it came into that state, UTC; null when not told
--   is_no_data              it has no data
--   is_muted                silenced as a whole, by itself or by a downtime that is active; null when downtimes could not be read
--   is_muted_by_downtime    an active downtime matches it, for all it watches or for a part; null when it names one and downtimes could not be read
--   is_partly_muted         some of what it watches is silenced by itself, and not the whole
--   muted_scopes            what of it is silenced by itself
--   muted_until             when the last of these silences of the whole ends, UTC; null where one has no end or one that is not told, or there is none
--   is_muted_without_end    it is silenced as a whole, and one of these silences has no end; null where no end is told of one
--   has_target              its message sends to somebody or something
--   has_paging_target       it sends to what calls people, by reference/notification_kinds.csv
--   notification_kinds      where it sends to, each kind once
--   notifies_no_data        says so when data stops coming; null when not told
--   no_data_minutes         says so after so long without data; null when not told [minutes]
--   renotify_minutes        repeats itself while it lasts; null or 0 is never [minutes]
with monitors as (
    select * from stg_datadog__monitors
),

downtimes as (
    select * from stg_datadog__downtimes
),

monitor_downtimes as (
    select * from int_monitor_downtimes
),

names as (
    select * from int_datadog_service_names
),

services as (
    select * from dim_services
),

teams as (
    select * from dim_teams
),

reads as (
    select * from int_table_reads
),

notification_kinds as (
    select * from reference.notification_kinds
),

newest_monitors as (
    select monitors.*, reads.observed_at
    from monitors
    inner join reads
        on reads.source = 'datadog'
        and reads.table_name = 'monitors'
        and monitors.snapshot_date = reads.snapshot_on
),

judge_reads as (
    select
        count(case when table_name = 'downtimes' and is_complete then 1 end) = 1 as is_downtimes_read,
        count(case when table_name in ('services', 'service_definitions') and not is_complete then 1 end) = 0 as is_services_read
    from reads
    where source in ('catalog', 'datadog')
),

-- Not every downtime that a monitor names is in the list of downtimes under that id: int_monitor_downtimes says why.
list_named as (
    select monitors.monitor_id, matching.downtime_id, downtimes.status
    from newest_monitors as monitors
    cross join unnest(monitors.downtime_ids) as matching (downtime_id)
    left join downtimes
        on matching.downtime_id = downtimes.downtime_id
        and monitors.snapshot_date = downtimes.snapshot_date
),

count_named as (
    select monitor_id, count(case when status is null then 1 end) as n_without_row
    from list_named
    group by monitor_id
),

combine_downtimes as (
    select
        monitors.monitor_id,
        count(*) as n_downtimes,
        count(case when not silences.is_by_id then 1 end) as n_by_subject,
        count(case when silences.ends_at is null then 1 end) as n_without_end,
        max(silences.ends_at) as ends_at
    from newest_monitors as monitors
    inner join monitor_downtimes as silences
        on monitors.monitor_id = silences.monitor_id
        and monitors.snapshot_date = silences.snapshot_date
    group by monitors.monitor_id
),

list_services as (
    select monitors.monitor_id, tagged.name, names.service, coalesce(services.accountable_team, services.team) as team, services.is_owned
    from newest_monitors as monitors
    cross join unnest(monitors.services) as tagged (name)
    left join names
        on tagged.name = names.name
    left join services
        on names.service = services.service
),

combine_services as (
    select
        monitor_id,
        coalesce(array_agg(distinct service) filter (where service is not null), []) as services,
        coalesce(array_agg(distinct name) filter (where service is null), []) as unknown_services,
        coalesce(array_agg(distinct team) filter (where team is not null), []) as service_teams,
        count(case when service is not null and is_owned is null then 1 end) as n_owner_unknown
    from list_services
    group by monitor_id
),

list_paging as (
    select distinct monitors.monitor_id
    from newest_monitors as monitors
    cross join unnest(monitors.notification_kinds) as targets (kind)
    inner join notification_kinds as kinds
        on targets.kind = kinds.kind
    where kinds.is_paging
),

judge_monitors as (
    select
        monitors.*,
        list_sort(coalesce(tagged.services, [])) as known_services,
        list_sort(coalesce(tagged.unknown_services, [])) as unknown_services,
        case when len(monitors.teams) > 0 then monitors.teams else coalesce(tagged.service_teams, []) end as owners,
        case
            when len(monitors.teams) > 0 then 'tag'
            when len(tagged.service_teams) > 0 then 'service'
        end as owner_source,
        coalesce(tagged.n_owner_unknown, 0) as n_owner_unknown,
        (monitors.is_muted or list_contains(monitors.muted_scopes, '*'))
        and (monitors.muted_until is null or monitors.muted_until > monitors.observed_at) as is_silent,
        case
            when silences.n_downtimes > 0 then true
            when len(monitors.downtime_ids) = 0 then false
            when judge_reads.is_downtimes_read then named.n_without_row > 0
        end as is_muted_by_downtime,
        coalesce(named.n_without_row > coalesce(silences.n_by_subject, 0), false) as is_end_unknown,
        silences.n_without_end,
        silences.ends_at,
        judge_reads.is_services_read,
        list_paging.monitor_id is not null as has_paging_target
    from newest_monitors as monitors
    cross join judge_reads
    left join combine_services as tagged
        on monitors.monitor_id = tagged.monitor_id
    left join count_named as named
        on monitors.monitor_id = named.monitor_id
    left join combine_downtimes as silences
        on monitors.monitor_id = silences.monitor_id
    left join list_paging
        on monitors.monitor_id = list_paging.monitor_id
),

end_silences as (
    select
        *,
        is_silent or is_muted_by_downtime as is_muted_as_a_whole,
        case
            when (is_silent and muted_until is null) or n_without_end > 0 then true
            when not is_end_unknown then false
        end as is_without_end,
        case
            when not is_silent then ends_at
            when ends_at > muted_until then ends_at
            else muted_until
        end as last_end_at
    from judge_monitors
),

fct_monitor_health as (
    select
        monitors.monitor_id,
        monitors.snapshot_date as as_of_date,
        monitors.name,
        monitors.monitor_type,
        monitors.env,
        monitors.known_services as services,
        monitors.unknown_services,
        case when len(monitors.known_services) = 1 and len(monitors.unknown_services) = 0 then monitors.known_services[1] end as service,
        case when len(monitors.owners) = 1 then monitors.owners[1] end as team,
        monitors.owner_source,
        case
            when monitors.owner_source is not null then true
            when monitors.n_owner_unknown > 0 then null
            when len(monitors.unknown_services) > 0 and not monitors.is_services_read then null
            else false
        end as is_owned,
        teams.is_described as is_team_described,
        monitors.priority,
        monitors.overall_state,
        monitors.overall_state_since,
        monitors.overall_state is not distinct from 'No Data' as is_no_data,
        monitors.is_muted_as_a_whole as is_muted,
        monitors.is_muted_by_downtime,
        not monitors.is_silent and len(monitors.muted_scopes) > 0 and not list_contains(monitors.muted_scopes, '*') as is_partly_muted,
        monitors.muted_scopes,
        case when monitors.is_muted_as_a_whole and not monitors.is_without_end then monitors.last_end_at end as muted_until,
        case when monitors.is_muted_as_a_whole then monitors.is_without_end when not monitors.is_muted_as_a_whole then false end
            as is_muted_without_end,
        len(monitors.notification_kinds) > 0 as has_target,
        monitors.has_paging_target,
        monitors.notification_kinds,
        monitors.notifies_no_data,
        monitors.no_data_minutes,
        monitors.renotify_minutes
    from end_silences as monitors
    left join teams
        on len(monitors.owners) = 1
        and monitors.owners[1] = teams.team
)

select * from fct_monitor_health
