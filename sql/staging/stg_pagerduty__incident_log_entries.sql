-- One row per entry of an incident's log, but for notifications and notes.
-- grain: log_entry_id
-- kind: view
-- owner: platform
-- columns:
--   collected_on    date of the partition the newest row stands in
--   log_entry_id    id of the entry
--   incident_id     id of the incident
--   service_id      service that it is about
--   entry_type      trigger, acknowledge, unacknowledge, escalate, assign, delegate, snooze, resolve, …
--   created_at      when it was written, UTC
--   channel         how: auto, api, web_trigger, email, mobile, timeout, …
--   agent_kind      user, service, integration, …
--   agent_key       pseudonym of who, for a user
--   team_ids        teams of the incident
with incident_log_entries as (
    select * from pagerduty.incident_log_entries
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        row_number() over (
            partition by log_entry_id
            order by
                created_at desc, date desc,
                incident_id, service_id nulls last, entry_type, channel nulls last, agent_kind nulls last, agent_key nulls last,
                team_ids
        ) as version_rank
    from incident_log_entries
),

stg_pagerduty__incident_log_entries as (
    select
        date as collected_on,
        log_entry_id,
        incident_id,
        service_id,
        entry_type,
        cast(created_at as timestamp) as created_at,
        channel,
        agent_kind,
        agent_key,
        team_ids
    from rank_versions
    where version_rank = 1
)

select * from stg_pagerduty__incident_log_entries
