-- One row per service level objective and day, with how it did from midnight to midnight UTC. A day without data is no_data, and its values are null.
-- grain: slo_id, day
-- kind: view
-- owner: platform
-- columns:
--   day                       day that it is about, UTC
--   slo_id                    id of the objective
--   slo_name                  its name on the day it was read
--   from_at                   beginning of what was asked for, UTC
--   to_at                     end of what was asked for, not included, UTC
--   timeframe                 the timeframe whose target counts: 7d, 30d, 90d or custom
--   target                    that target [%]
--   sli_value                 share of good events, or of good time; null without data [%]
--   error_budget_remaining    what is left of the day's error budget under that target: 100 is untouched, below 0 is overspent; null without data [%]
--   state                     ok, warning, breached or no_data
--   errors                    what Datadog finds wrong, such as ZERO_VALUED_DENOMINATOR
with slo_history as (
    select * from datadog.slo_history
),

stg_datadog__slo_history as (
    select
        date as day,
        slo_id,
        slo_name,
        cast(from_at as timestamp) as from_at,
        cast(to_at as timestamp) as to_at,
        timeframe,
        target,
        sli_value,
        error_budget_remaining,
        state,
        errors
    from slo_history
)

select * from stg_datadog__slo_history
