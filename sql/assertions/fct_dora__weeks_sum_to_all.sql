-- severity: fail
-- title: services, teams and organisations whose weeks do not add up to their deployments, each counted once
-- remedy: a deployment is in no week or in two, or counted for each service of a team; look at int_dora_deployments and int_dora_periods
with weeks as (
    select subject_type, subject_id, sum(n_deployments) as n_weeks
    from fct_dora
    where period_type = 'week'
    group by subject_type, subject_id
),

deployments as (
    select * from fct_deployments where is_successful and environment_tier = 'production'
),

list_subjects as (
    select 'service' as subject_type, service as subject_id, repository_id, deployment_id from deployments where service <> '__no_service__'
    union
    select 'team' as subject_type, team as subject_id, repository_id, deployment_id from deployments where team is not null
    union
    select 'organisation' as subject_type, organization as subject_id, repository_id, deployment_id from deployments
),

count_deployments as (
    select subject_type, subject_id, count(*) as n_deployments
    from list_subjects
    group by subject_type, subject_id
)

select deployments.subject_type, deployments.subject_id, deployments.n_deployments, weeks.n_weeks
from count_deployments as deployments
left join weeks
    on deployments.subject_type = weeks.subject_type
    and deployments.subject_id = weeks.subject_id
where deployments.n_deployments is distinct from weeks.n_weeks
