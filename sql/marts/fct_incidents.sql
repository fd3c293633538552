-- One row per incident of PagerDuty or Datadog, as last seen. One event may have a row of each: count one source, as
-- int_incident_sources tells which, or join them yourself.
-- PagerDuty's times are those of the log: an incident whose log was not read has a beginning and no end. A time that would run backwards is null, and said.
-- It is rebuilt whole, not day by day: an incident changes for weeks after it began.
-- grain: source, incident_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   source                    pagerduty or datadog
--   incident_id               id of the incident there
--   incident_number           its number there; null when not told
--   kind                      incident, maintenance or test, by reference/incident_kinds.csv; what Datadog calls a test is one
--   severity                  1 (worst) to 5, by reference/incident_severities.csv; null when nothing there tells
--   severity_rule             severity, priority or urgency, whichever told it, or told that nobody knows it; null without one
--   severity_name             what it is called there; without severity_rule, a name that reference/incident_severities.csv does not have; null without any
--   urgency                   high or low at PagerDuty; null at Datadog, and when not told
--   services                  services of dim_services that it is about; one that is not known there by the name that the source has for it
--   n_services                these [services]
--   n_unknown_services        of these, those that dim_services does not know [services]
--   teams                     teams that Datadog names, or else those that are accountable for the services today
--   detected_at               when it was noticed, UTC; null when not told
--   opened_at                 PagerDuty: first triggered; Datadog: when customers felt it, or else detected, declared or made, UTC
--   opened_month              first day of the month in which it was opened
--   acknowledged_at           first acknowledged, UTC; null when nobody did, when its log was not read, and at Datadog, which does not tell
--   mitigated_at              when customers no longer felt it, UTC; null when not told, and at PagerDuty, which does not tell
--   resolved_at               when it was last resolved, UTC; null while it is open, and when not told
--   minutes_to_acknowledge    opened_at to acknowledged_at [minutes]
--   minutes_to_mitigate       opened_at to mitigated_at [minutes]
--   minutes_to_resolve        opened_at to resolved_at [minutes]
--   has_negative_time         one of these would run backwards, and is null
--   is_open                   it is not resolved, nor archived
--   is_auto_resolved          it was resolved by no person; null without a resolution, and at Datadog, which does not tell
--   n_escalations             times that it was escalated; null without a log, and at Datadog [times]
--   n_reopened                times that it was triggered anew; null without a log, and at Datadog [times]
--   has_log                   its log was read, as far as it is known; null at Datadog, which has none
--   is_customer_impacted      customers felt it; null when not told, and at PagerDuty
--   is_test                   made to try things out
--   counts_for_mttr           kind is incident, and minutes_to_resolve is known
with pagerduty_incidents as (
    select * from stg_pagerduty__incidents
),

log_entries as (
    select * from stg_pagerduty__incident_log_entries
),

datadog_incidents as (
    select * from stg_datadog__incidents
),

names as (
    select * from int_datadog_service_names
),

services as (
    select * from dim_services
),

incident_kinds as (
    select * from reference.incident_kinds
),

incident_severities as (
    select * from reference.incident_severities
),

combine_log_entries as (
    select
        incident_id,
        min(case when entry_type = 'trigger' then created_at end) as first_triggered_at,
        max(case when entry_type in ('trigger', 'reopen') then created_at end) as last_triggered_at,
        min(case when entry_type = 'acknowledge' then created_at end) as first_acknowledged_at,
        max(case when entry_type = 'resolve' then created_at end) as last_resolved_at,
        count(case when entry_type = 'escalate' then 1 end) as n_escalations,
        count(case when entry_type in ('trigger', 'reopen') then 1 end) as n_triggers
    from log_entries
    group by incident_id
),

rank_resolutions as (
    select
        incident_id,
        agent_kind,
        channel,
        row_number() over (partition by incident_id order by created_at desc, log_entry_id desc) as resolution_rank
    from log_entries
    where entry_type = 'resolve'
),

-- Who resolved it is a person, or what watches the service; of an agent that is not told, the channel may.
read_pagerduty as (
    select
        'pagerduty' as source,
        incidents.incident_id,
        incidents.incident_number,
        incidents.incident_type,
        incidents.priority,
        cast(null as varchar) as severity,
        incidents.status as state,
        incidents.urgency,
        incidents.service_name,
        cast(null as timestamp) as detected_at,
        coalesce(entries.first_triggered_at, incidents.created_at) as opened_at,
        entries.first_acknowledged_at as acknowledged_at,
        cast(null as timestamp) as mitigated_at,
        case
            when incidents.status = 'resolved'
                and (entries.last_triggered_at is null or entries.last_resolved_at >= entries.last_triggered_at)
                then entries.last_resolved_at
        end as resolved_at,
        incidents.status <> 'resolved' as is_open,
        case
            when incidents.status <> 'resolved' or resolutions.incident_id is null then null
            when resolutions.agent_kind = 'user' then false
            when resolutions.agent_kind is not null or resolutions.channel in ('auto', 'timeout') then true
        end as is_auto_resolved,
        entries.n_escalations,
        case when entries.n_triggers > 0 then entries.n_triggers - 1 end as n_reopened,
        entries.incident_id is not null as has_log,
        cast(null as boolean) as is_customer_impacted,
        cast(null as boolean) as is_test
    from pagerduty_incidents as incidents
    left join combine_log_entries as entries
        on incidents.incident_id = entries.incident_id
    left join rank_resolutions as resolutions
        on incidents.incident_id = resolutions.incident_id
        and resolutions.resolution_rank = 1
),

-- Datadog keeps the time of a resolution that was taken back: the state tells whether it holds.
read_datadog as (
    select
        'datadog' as source,
        incident_id,
        public_id as incident_number,
        incident_type_id as incident_type,
        cast(null as varchar) as priority,
        severity,
        state,
        cast(null as varchar) as urgency,
        cast(null as varchar) as service_name,
        detected_at,
        coalesce(customer_impact_started_at, detected_at, declared_at, created_at) as opened_at,
        cast(null as timestamp) as acknowledged_at,
        customer_impact_ended_at as mitigated_at,
        case when lower(state) in ('active', 'stable') then null else resolved_at end as resolved_at,
        case
            when archived_at is not null then false
            when lower(state) in ('active', 'stable') then true
            else resolved_at is null and lower(state) is distinct from 'resolved'
        end as is_open,
        cast(null as boolean) as is_auto_resolved,
        cast(null as bigint) as n_escalations,
        cast(null as bigint) as n_reopened,
        cast(null as boolean) as has_log,
        is_customer_impacted,
        is_test
    from datadog_incidents
),

combine_incidents as (
    select * from read_pagerduty
    union all
    select * from read_datadog
),

-- A service of PagerDuty may stand for several of ours.
list_services as (
    select
        'pagerduty' as source,
        incidents.incident_id,
        coalesce(services.service, incidents.service_name, incidents.service_id) as service,
        services.accountable_team as team,
        services.service is not null as is_known
    from pagerduty_incidents as incidents
    left join services
        on incidents.service_id = services.pagerduty_service_id
    where coalesce(services.service, incidents.service_name, incidents.service_id) is not null
    union
    select
        'datadog' as source,
        incidents.incident_id,
        coalesce(services.service, tagged.name) as service,
        services.accountable_team as team,
        services.service is not null as is_known
    from datadog_incidents as incidents
    cross join unnest(incidents.services) as tagged (name)
    left join names
        on lower(tagged.name) = names.name
    left join services
        on names.service = services.service
),

combine_services as (
    select
        source,
        incident_id,
        array_agg(service order by service) as services,
        count(*) as n_services,
        count(case when not is_known then 1 end) as n_unknown_services,
        coalesce(array_agg(distinct team) filter (where team is not null), []) as teams
    from list_services
    group by source, incident_id
),

list_teams as (
    select
        incidents.incident_id,
        array_agg(distinct replace(replace(lower(trim(named.team)), '_', '-'), ' ', '-')) as teams
    from datadog_incidents as incidents
    cross join unnest(incidents.teams) as named (team)
    where trim(named.team) <> ''
    group by incidents.incident_id
),

list_fields as (
    select source, incident_id, 'incident_type' as field, lower(incident_type) as value from combine_incidents
    union all
    select source, incident_id, 'priority' as field, lower(priority) as value from combine_incidents
    union all
    select source, incident_id, 'severity' as field, lower(severity) as value from combine_incidents
    union all
    select source, incident_id, 'state' as field, lower(state) as value from combine_incidents
    union all
    select source, incident_id, 'urgency' as field, lower(urgency) as value from combine_incidents
    union all
    select source, incident_id, 'service' as field, lower(service) as value from list_services
),

-- Several patterns may fit: the one that stands first in the table counts.
rank_kinds as (
    select
        fields.source,
        fields.incident_id,
        kinds.kind,
        row_number() over (
            partition by fields.source, fields.incident_id
            order by kinds.rank, kinds.pattern, fields.field, fields.value
        ) as kind_rank
    from list_fields as fields
    inner join incident_kinds as kinds
        on fields.field = kinds.field
        and (kinds.system = '*' or fields.source = kinds.system)
        and fields.value like replace(kinds.pattern, '*', '%')
),

rank_severities as (
    select
        fields.source,
        fields.incident_id,
        severities.severity,
        fields.field,
        fields.value,
        row_number() over (
            partition by fields.source, fields.incident_id
            order by
                case when severities.severity is null then 2 else 1 end,
                case fields.field when 'severity' then 1 when 'priority' then 2 else 3 end
        ) as severity_rank
    from list_fields as fields
    inner join incident_severities as severities
        on fields.field = severities.field
        and fields.value = severities.name
),

measure_times as (
    select
        *,
        date_diff('second', opened_at, acknowledged_at) / 60.0 as to_acknowledge,
        date_diff('second', opened_at, mitigated_at) / 60.0 as to_mitigate,
        date_diff('second', opened_at, resolved_at) / 60.0 as to_resolve
    from combine_incidents
),

fct_incidents as (
    select
        incidents.source,
        incidents.incident_id,
        incidents.incident_number,
        case when incidents.is_test then 'test' else coalesce(kinds.kind, 'incident') end as kind,
        severities.severity,
        severities.field as severity_rule,
        coalesce(severities.value, lower(coalesce(incidents.severity, incidents.priority, incidents.urgency))) as severity_name,
        incidents.urgency,
        coalesce(affected.services, []) as services,
        coalesce(affected.n_services, 0) as n_services,
        coalesce(affected.n_unknown_services, 0) as n_unknown_services,
        list_sort(coalesce(named.teams, affected.teams, [])) as teams,
        incidents.detected_at,
        incidents.opened_at,
        cast(date_trunc('month', incidents.opened_at) as date) as opened_month,
        incidents.acknowledged_at,
        incidents.mitigated_at,
        incidents.resolved_at,
        case when incidents.to_acknowledge >= 0 then incidents.to_acknowledge end as minutes_to_acknowledge,
        case when incidents.to_mitigate >= 0 then incidents.to_mitigate end as minutes_to_mitigate,
        case when incidents.to_resolve >= 0 then incidents.to_resolve end as minutes_to_resolve,
        coalesce(incidents.to_acknowledge < 0, false) or coalesce(incidents.to_mitigate < 0, false) or coalesce(incidents.to_resolve < 0, false)
            as has_negative_time,
        incidents.is_open,
        incidents.is_auto_resolved,
        incidents.n_escalations,
        incidents.n_reopened,
        incidents.has_log,
        incidents.is_customer_impacted,
        coalesce(incidents.is_test, false) or coalesce(kinds.kind = 'test', false) as is_test,
        not coalesce(incidents.is_test, false) and coalesce(kinds.kind, 'incident') = 'incident' and coalesce(incidents.to_resolve >= 0, false)
            as counts_for_mttr
    from measure_times as incidents
    left join combine_services as affected
        on incidents.source = affected.source
        and incidents.incident_id = affected.incident_id
    left join list_teams as named
        on incidents.source = 'datadog'
        and incidents.incident_id = named.incident_id
    left join rank_kinds as kinds
        on incidents.source = kinds.source
        and incidents.incident_id = kinds.incident_id
        and kinds.kind_rank = 1
    left join rank_severities as severities
        on incidents.source = severities.source
        and incidents.incident_id = severities.incident_id
        and severities.severity_rank = 1
)

select * from fct_incidents
