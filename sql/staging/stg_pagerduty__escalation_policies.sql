-- One row per escalation policy, level, target and snapshot date; a level without a target has one row, with target_no 0.
-- grain: escalation_policy_id, level, target_no, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date           date of the snapshot
--   escalation_policy_id    id of the policy
--   name                    its name
--   team_ids                teams that it belongs to
--   n_loops                 how often it begins anew when nobody answers
--   level                   1 is called first
--   target_no               place among the level's targets, from 1; 0 where it has none
--   delay_minutes           the next level is called after so long [minutes]
--   target_kind             user or schedule; null where the level has no target
--   target_key              pseudonym of who, for a user
--   schedule_id             id of the schedule
with escalation_policies as (
    select * from pagerduty.escalation_policies
),

stg_pagerduty__escalation_policies as (
    select
        date as snapshot_date,
        escalation_policy_id,
        name,
        team_ids,
        loops as n_loops,
        level,
        target_no,
        delay_minutes,
        target_kind,
        target_key,
        schedule_id
    from escalation_policies
)

select * from stg_pagerduty__escalation_policies
