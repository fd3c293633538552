-- One row per successful deployment to production and service, team or organisation that it counts for, each once however many services it counts for.
-- In a repository of several services it failed when it failed for one of those that the subject has, and is a rollback when it is one for all of them.
-- grain: subject_type, subject_id, repository_id, deployment_id
-- kind: view
-- owner: platform
-- columns:
--   subject_type              service, team or organisation
--   subject_id                service, team, or login of the organisation
--   repository_id             GitHub's number of the repository
--   deployment_id             GitHub's number of the deployment
--   full_name                 organization/name of the repository today
--   finished_at               first success, UTC
--   finished_on               date of that, UTC
--   is_rollback               an earlier version took the place of the one that was live
--   is_unplanned              a rollback, a hotfix, or a revert of what was live; null when unknown
--   is_failed_incident        an incident is put down to it; null when incidents were never read
--   is_failed_remediation     a later one undoes or repairs it
--   attribution_rule          explicit, same_service or same_team; null without an incident
--   attribution_confidence    how far that is to be trusted; null without an incident [0 to 1]
--   recovery_rule             incident or remediation, which tells when it was over; null when it did not fail
--   recovery_hours            finished_at to that; null when it did not fail, is not over, or would run backwards [hours]
with deployments as (
    select * from fct_deployments where is_successful and environment_tier = 'production'
),

list_subjects as (
    select 'service' as subject_type, service as subject_id, * from deployments where service <> '__no_service__'
    union all
    select 'team' as subject_type, team as subject_id, * from deployments where team is not null
    union all
    select 'organisation' as subject_type, organization as subject_id, * from deployments
),

int_dora_deployments as (
    select
        subject_type,
        subject_id,
        repository_id,
        deployment_id,
        min(full_name) as full_name,
        min(finished_at) as finished_at,
        min(finished_on) as finished_on,
        min(case when is_rollback then 1 else 0 end) = 1 as is_rollback,
        bool_or(is_unplanned) as is_unplanned,
        bool_or(is_failed_incident) as is_failed_incident,
        bool_or(is_failed_remediation) as is_failed_remediation,
        min(attribution_rule) as attribution_rule,
        max(attribution_confidence) as attribution_confidence,
        min(recovery_rule) as recovery_rule,
        case when count(recovery_rule) = count(recovery_hours) then max(recovery_hours) end as recovery_hours
    from list_subjects
    group by subject_type, subject_id, repository_id, deployment_id
)

select * from int_dora_deployments
