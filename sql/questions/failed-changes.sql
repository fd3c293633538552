-- title: Deployments that failed
-- question: Which deployments to production failed, how do we know, and what made good for them?
-- owner: platform
-- sources: github.deployments, github.pull_requests, pagerduty.incidents, pagerduty.incident_log_entries, datadog.incidents
-- params:
--   team       team that is accountable for the service; all without it
--   service    service that was deployed; all without it
--   weeks      how many weeks, the one in progress included; as many as weeks_shown in reference/thresholds.csv without it
-- columns:
--   status                         failed, rest (failed, and not listed), not_failed (as far as anything tells) or not_visible for a table that was not read to
--                                  the end, or not_found for a name that nothing is known by
--   subject_id                     service that failed; what is counted in one row in parentheses; or the table that was not read to the end
--   owner_team                     team that is accountable for it; null without one, and for several
--   repository                     organization/name of the repository; null for several
--   deployment_id                  GitHub's number of the deployment; null for several
--   environment                    environment, by the name it has there; null for several
--   finished_at                    first success, UTC; null for several
--   failed_by                      incident, remediation or both; null for several
--   n_incidents                    incidents that are put down to it; null when incidents were never read, and for several [incidents]
--   attribution_rule               explicit, same_service or same_team, the best that put an incident down to it; null without an incident
--   attribution_confidence         how far that is to be trusted; null without an incident [0 to 1]
--   remediated_by_deployment_id    first deployment that undoes or repairs it; null without one
--   remediation_rule               rollback, revert, unnumbered_revert or hotfix, which told that; null without one
--   recovery_hours                 finished_at to when its last incident was resolved, or else to what remediates it; null while open [hours]
--   n_pull_requests                pull requests that it was the first to contain; null when unknown, and for several [pull requests]
--   n_deployments                  deployments in the row, once for each service that they count for [deployments]
--   reason                         why it has this status
--   as_of_date                     date that deployments were last read for

-- An incident is put down to the latest deployment of its service, or else its team, in the window before it (attribution_window in reference/thresholds.csv): that
-- it came after is no proof that it came of it. reference/incident_deployments.csv says what people know better. The newest are listed, as many as
-- rows_shown in reference/thresholds.csv.
with deployments as (
    select * from fct_deployments where is_successful and environment_tier = 'production'
),

reads as (
    select * from fct_table_reads where source = 'github' and table_name = 'deployments'
),

gaps as (
    select * from int_question_gaps where policy_id = 'failed-changes'
),

thresholds as (
    select
        max(case when name = 'weeks_shown' then coalesce(cast(getvariable('weeks') as bigint), cast(value as bigint)) end) as n_weeks,
        max(case when name = 'rows_shown' then value end) as rows_shown
    from reference.thresholds
),

find_since as (
    select cast(date_trunc('week', reads.read_on) as date) - 7 * (cast(thresholds.n_weeks as integer) - 1) as since, reads.read_on
    from reads
    cross join thresholds
),

choose_deployments as (
    select
        deployments.*,
        coalesce(deployments.is_failed_incident, false) or deployments.is_failed_remediation as is_failed,
        find_since.read_on as as_of_date
    from deployments
    cross join find_since
    where deployments.finished_on >= find_since.since
        and (getvariable('team') is null or lower(deployments.team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(deployments.service) = lower(getvariable('service')))
),

rank_deployments as (
    select
        *,
        row_number() over (partition by is_failed order by finished_at desc, service, repository_id, deployment_id) as deployment_rank
    from choose_deployments
),

answer_deployments as (
    select
        'failed' as status,
        deployments.service as subject_id,
        deployments.team as owner_team,
        deployments.full_name as repository,
        deployments.deployment_id,
        deployments.environment,
        deployments.finished_at,
        case
            when deployments.is_failed_incident and deployments.is_failed_remediation then 'both'
            when deployments.is_failed_incident then 'incident'
            else 'remediation'
        end as failed_by,
        deployments.n_incidents,
        deployments.attribution_rule,
        deployments.attribution_confidence,
        deployments.remediated_by_deployment_id,
        deployments.remediated_by_rule as remediation_rule,
        deployments.recovery_hours,
        deployments.n_pull_requests,
        cast(1 as bigint) as n_deployments,
        case
            when deployments.is_failed_incident and deployments.attribution_rule = 'explicit' then 'a user says that it caused an incident'
            when deployments.is_failed_incident and deployments.attribution_rule = 'same_service' then 'it is the latest of its service before an incident'
            when deployments.is_failed_incident then 'it is the latest of its team before an incident'
            when deployments.remediated_by_rule = 'rollback' then 'a later deployment went back to an earlier version'
            when deployments.remediated_by_rule = 'revert' then 'a later deployment reverts a pull request of it'
            when deployments.remediated_by_rule = 'unnumbered_revert' then 'the next deployment reverts something'
            else 'the next deployment is marked as a hotfix'
        end as reason,
        deployments.as_of_date
    from rank_deployments as deployments
    cross join thresholds
    where deployments.is_failed and deployments.deployment_rank <= thresholds.rows_shown
),

answer_rest as (
    select
        case when deployments.is_failed then 'rest' else 'not_failed' end as status,
        case when deployments.is_failed then '(others that failed)' else '(not failed)' end as subject_id,
        count(*) as n_deployments,
        case
            when deployments.is_failed then 'they finished before those that are listed'
            else 'no incident that was read is put down to them, and nothing undoes or repairs them'
        end as reason,
        max(deployments.as_of_date) as as_of_date
    from rank_deployments as deployments
    cross join thresholds
    where not deployments.is_failed or deployments.deployment_rank > thresholds.rows_shown
    group by deployments.is_failed
),

failed_changes as (
    select * from answer_deployments
    union all
    select status, subject_id, null, null, null, null, null, null, null, null, null, null, null, null, null, n_deployments, reason, as_of_date
    from answer_rest
    union all
    select status, subject_id, null, null, null, null, null, null, null, null, null, null, null, null, null, null, reason, as_of_date
    from gaps
)

select * from failed_changes
order by
    case status when 'failed' then 1 when 'rest' then 2 when 'not_failed' then 3 else 4 end,
    finished_at desc nulls last,
    subject_id,
    deployment_id
