-- One row per PagerDuty incident, as last seen.
-- grain: incident_id
-- kind: view
-- owner: platform
-- columns:
--   collected_on            date of the partition the newest row stands in
--   incident_id             id of the incident
--   incident_number         its number
--   service_id              service that it is about
--   service_name            name of that service
--   escalation_policy_id    who is called
--   team_ids                teams that it belongs to
--   status                  triggered, acknowledged or resolved
--   urgency                 high or low
--   priority                name of its priority
--   incident_type           name of its type, such as incident_default
--   created_at              when it was triggered, UTC
--   changed_at              when its state or its log last changed, UTC; tells the newer of two rows
--   n_alerts                alerts grouped in it [alerts]
--   assignee_keys           pseudonyms of who it is assigned to
--   html_url                its page
with incidents as (
    select * from pagerduty.incidents
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        row_number() over (
            partition by incident_id
            order by
                changed_at desc, date desc,
                incident_number nulls last, service_id nulls last, service_name nulls last, escalation_policy_id nulls last, team_ids,
                status, urgency nulls last, priority nulls last, incident_type nulls last, created_at, alerts nulls last,
                assignee_keys, html_url nulls last
        ) as version_rank
    from incidents
),

stg_pagerduty__incidents as (
    select
        date as collected_on,
        incident_id,
        incident_number,
        service_id,
        service_name,
        escalation_policy_id,
        team_ids,
        status,
        urgency,
        priority,
        incident_type,
        cast(created_at as timestamp) as created_at,
        cast(changed_at as timestamp) as changed_at,
        alerts as n_alerts,
        assignee_keys,
        html_url
    from rank_versions
    where version_rank = 1
)

select * from stg_pagerduty__incidents
