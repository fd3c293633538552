-- One row per service level objective and day, with how it did that day and over the days before.
-- A day without data is neither kept nor breached. Of the newest day, an objective whose history was not read has a row of state not_read.
-- It is rebuilt whole, not day by day: a day may be read again, and days before the first snapshot of objectives take their tags from it.
-- grain: slo_id, day
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   slo_id                    Datadog's id of the objective
--   day                       day, UTC
--   slo_name                  its name
--   slo_type                  metric, monitor or time_slice; null when the objective was in no snapshot
--   services                  services of dim_services that its tag names, by the newest snapshot up to the day, or else the oldest
--   unknown_services          names in its tag that stand for no service of dim_services
--   service                   the one service that its tag names; null when it names none, several, or one that is not known
--   team                      the one team that answers for it, by its tag, or else as owner of its services today; null when several or none do
--   timeframe                 timeframe whose target counts: 7d, 30d, 90d or custom; null when not told
--   target                    share of good events or time that is promised; null when not told [%]
--   sli_value                 share of good events or time; null without data [%]
--   error_budget_remaining    what is left of the day's error budget: below 0 is overspent; null without data [%]
--   state                     ok, warning, breached, no_data or not_read
--   is_breached               below its target that day; null without data
--   n_days_7d                 of the 7 days up to this one, those that were read [days]
--   n_ok_7d                   of these, in its target, warnings included [days]
--   n_breached_7d             of these, breached [days]
--   n_no_data_7d              of these, without data [days]
--   n_days_30d                of the 30 days up to this one, those that were read [days]
--   n_ok_30d                  of these, in its target, warnings included [days]
--   n_breached_30d            of these, breached [days]
--   n_no_data_30d             of these, without data [days]
--   n_days_90d                of the 90 days up to this one, those that were read [days]
--   n_ok_90d                  of these, in its target, warnings included [days]
--   n_breached_90d            of these, breached [days]
--   n_no_data_90d             of these, without data [days]
--   error_budget_30d          what is left of the error budget over the 30 days up to this one, as the mean over those with data; null when these are fewer
--                             than the minimum in reference/minimum_samples.csv [%]
--   is_newest_day             it is the newest day that any history was read for; false of every day when that read is outdated
with history as (
    select * from stg_datadog__slo_history
),

slos as (
    select * from stg_datadog__slos
),

names as (
    select * from int_datadog_service_names
),

services as (
    select * from dim_services
),

reads as (
    select * from int_table_reads where source = 'datadog'
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

find_newest_day as (
    select max(day) as newest_day, count(case when is_outdated then 1 end) > 0 as is_outdated
    from (
        select max(day) as day, false as is_outdated from history
        union all
        select read_on as day, snapshot_on is null as is_outdated from reads where table_name = 'slo_history'
    ) as days
),

-- An objective made after the day was over has no history to be read.
list_unread as (
    select slos.slo_id, newest.newest_day as day, slos.name as slo_name, slos.timeframe, slos.target
    from slos
    inner join reads
        on reads.table_name = 'slos'
        and slos.snapshot_date = reads.snapshot_on
    cross join find_newest_day as newest
    left join history
        on slos.slo_id = history.slo_id
        and newest.newest_day = history.day
    where newest.newest_day is not null
        and history.slo_id is null
        and (slos.created_at is null or cast(slos.created_at as date) <= newest.newest_day)
),

combine_days as (
    select slo_id, day, slo_name, timeframe, target, sli_value, error_budget_remaining, state
    from history
    union all
    select
        slo_id,
        day,
        slo_name,
        timeframe,
        target,
        cast(null as double) as sli_value,
        cast(null as double) as error_budget_remaining,
        'not_read' as state
    from list_unread
),

-- Each snapshot counts from its date to the next; the oldest also for the days before it.
span_snapshots as (
    select
        *,
        case
            when snapshot_date = min(snapshot_date) over (partition by slo_id) then cast('0001-01-01' as date)
            else snapshot_date
        end as from_day,
        lead(snapshot_date) over (partition by slo_id order by snapshot_date) as next_from_day
    from slos
),

list_services as (
    select slos.slo_id, slos.snapshot_date, tagged.name, names.service, services.team
    from slos
    cross join unnest(slos.services) as tagged (name)
    left join names
        on tagged.name = names.name
    left join services
        on names.service = services.service
),

combine_services as (
    select
        slo_id,
        snapshot_date,
        coalesce(array_agg(distinct service) filter (where service is not null), []) as services,
        coalesce(array_agg(distinct name) filter (where service is null), []) as unknown_services,
        coalesce(array_agg(distinct team) filter (where team is not null), []) as service_teams
    from list_services
    group by slo_id, snapshot_date
),

count_days as (
    select
        *,
        count(case when state <> 'not_read' then 1 end) over last_7 as n_days_7d,
        count(case when state in ('ok', 'warning') then 1 end) over last_7 as n_ok_7d,
        count(case when state = 'breached' then 1 end) over last_7 as n_breached_7d,
        count(case when state = 'no_data' then 1 end) over last_7 as n_no_data_7d,
        count(case when state <> 'not_read' then 1 end) over last_30 as n_days_30d,
        count(case when state in ('ok', 'warning') then 1 end) over last_30 as n_ok_30d,
        count(case when state = 'breached' then 1 end) over last_30 as n_breached_30d,
        count(case when state = 'no_data' then 1 end) over last_30 as n_no_data_30d,
        count(case when state <> 'not_read' then 1 end) over last_90 as n_days_90d,
        count(case when state in ('ok', 'warning') then 1 end) over last_90 as n_ok_90d,
        count(case when state = 'breached' then 1 end) over last_90 as n_breached_90d,
        count(case when state = 'no_data' then 1 end) over last_90 as n_no_data_90d,
        count(error_budget_remaining) over last_30 as n_budget_30d,
        avg(error_budget_remaining) over last_30 as mean_budget_30d
    from combine_days
    window
        last_7 as (partition by slo_id order by day range between interval 6 day preceding and current row),
        last_30 as (partition by slo_id order by day range between interval 29 day preceding and current row),
        last_90 as (partition by slo_id order by day range between interval 89 day preceding and current row)
),

fct_slo_attainment as (
    select
        days.slo_id,
        days.day,
        days.slo_name,
        slos.slo_type,
        list_sort(coalesce(tagged.services, [])) as services,
        list_sort(coalesce(tagged.unknown_services, [])) as unknown_services,
        case when len(tagged.services) = 1 and len(tagged.unknown_services) = 0 then tagged.services[1] end as service,
        case
            when len(slos.teams) = 1 then slos.teams[1]
            when coalesce(len(slos.teams), 0) = 0 and len(tagged.service_teams) = 1 then tagged.service_teams[1]
        end as team,
        days.timeframe,
        days.target,
        days.sli_value,
        days.error_budget_remaining,
        days.state,
        case when days.state = 'breached' then true when days.state in ('ok', 'warning') then false end as is_breached,
        days.n_days_7d,
        days.n_ok_7d,
        days.n_breached_7d,
        days.n_no_data_7d,
        days.n_days_30d,
        days.n_ok_30d,
        days.n_breached_30d,
        days.n_no_data_30d,
        days.n_days_90d,
        days.n_ok_90d,
        days.n_breached_90d,
        days.n_no_data_90d,
        case when days.n_budget_30d >= m.minimum then days.mean_budget_30d end as error_budget_30d,
        days.day = newest.newest_day and not newest.is_outdated as is_newest_day
    from count_days as days
    cross join find_newest_day as newest
    cross join minimum_samples as m
    left join span_snapshots as slos
        on days.slo_id = slos.slo_id
        and days.day >= slos.from_day
        and (slos.next_from_day is null or days.day < slos.next_from_day)
    left join combine_services as tagged
        on slos.slo_id = tagged.slo_id
        and slos.snapshot_date = tagged.snapshot_date
)

select * from fct_slo_attainment
