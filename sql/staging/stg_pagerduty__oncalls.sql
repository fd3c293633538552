-- One row per escalation policy, level and snapshot date, with who is on call there, now and in the days to come.
-- grain: escalation_policy_id, level, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date           date of the snapshot
--   escalation_policy_id    id of the policy
--   name                    its name
--   level                   1 is called first
--   n_on_call               people on call at the moment of the run [people]
--   on_call_keys            pseudonyms of who they are
--   schedule_ids            the schedules that put them there; none for people named directly
--   is_covered              somebody is on call at the moment of the run
--   covered_until           until when somebody is, without a gap, UTC; null where that has no end, or nobody is
--   checked_until           how far ahead was looked, UTC
--   gap_seconds             time without anybody, from the moment of the run to there [seconds]
--   next_gap_at             when that begins, UTC; null where there is no gap
with oncalls as (
    select * from pagerduty.oncalls
),

stg_pagerduty__oncalls as (
    select
        date as snapshot_date,
        escalation_policy_id,
        name,
        level,
        on_call as n_on_call,
        on_call_keys,
        schedule_ids,
        is_covered,
        cast(covered_until as timestamp) as covered_until,
        cast(checked_until as timestamp) as checked_until,
        gap_seconds,
        cast(next_gap_at as timestamp) as next_gap_at
    from oncalls
)

select * from stg_pagerduty__oncalls
