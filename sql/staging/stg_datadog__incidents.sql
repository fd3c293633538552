-- One row per incident declared in Datadog, as last seen.
-- grain: incident_id
-- kind: view
-- owner: platform
-- columns:
--   collected_on                  date of the partition the newest row stands in
--   incident_id                   id of the incident
--   public_id                     its number
--   severity                      SEV-0 to SEV-5, or UNKNOWN
--   state                         active, stable, resolved or a state of your own
--   is_customer_impacted          customers felt it
--   customer_impact_started_at    since when customers felt it, UTC; null when not told
--   customer_impact_ended_at      until when customers felt it, UTC; null when not told
--   detected_at                   when it was noticed, UTC; null when not told
--   declared_at                   when it was declared, UTC; null when not told
--   created_at                    when it was made, UTC
--   resolved_at                   when it was resolved, UTC; null while it is not
--   archived_at                   when it was archived, UTC; null when not told
--   modified_at                   when it last changed, UTC; tells the newer of two rows
--   services                      services that it is about, as Datadog names them
--   teams                         teams that are on it
--   detection_method              how it was noticed: customer, employee, monitor, other or unknown
--   incident_type_id              id of the kind of incident
--   is_test                       made to try things out
--   visibility                    organization or private
--   created_by_key                pseudonym of who made it; null when not told
with incidents as (
    select * from datadog.incidents
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        row_number() over (
            partition by incident_id
            order by
                modified_at desc, date desc,
                public_id nulls last, severity nulls last, state nulls last, is_customer_impacted nulls last,
                customer_impact_started_at nulls last, customer_impact_ended_at nulls last, detected_at nulls last,
                declared_at nulls last, created_at, resolved_at nulls last, archived_at nulls last, services, teams,
                detection_method nulls last, incident_type_id nulls last, is_test nulls last, visibility nulls last,
                created_by_key nulls last
        ) as version_rank
    from incidents
),

stg_datadog__incidents as (
    select
        date as collected_on,
        incident_id,
        public_id,
        severity,
        state,
        is_customer_impacted,
        cast(customer_impact_started_at as timestamp) as customer_impact_started_at,
        cast(customer_impact_ended_at as timestamp) as customer_impact_ended_at,
        cast(detected_at as timestamp) as detected_at,
        cast(declared_at as timestamp) as declared_at,
        cast(created_at as timestamp) as created_at,
        cast(resolved_at as timestamp) as resolved_at,
        cast(archived_at as timestamp) as archived_at,
        cast(modified_at as timestamp) as modified_at,
        services,
        teams,
        detection_method,
        incident_type_id,
        is_test,
        visibility,
        created_by_key
    from rank_versions
    where version_rank = 1
)

select * from stg_datadog__incidents
