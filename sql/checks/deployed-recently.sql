-- title: It was deployed not long ago
-- question: Did a deployment of the service to production succeed in the last weeks?
-- area: ensure
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: running services that are not deprecated
-- remedy: Deploy the main branch, if only with raised dependencies, so that it is known to work; record deployments at GitHub (environment
--   production) when another system makes them.
-- owner: platform
-- version: 1

-- How long ago is too long stands in reference/thresholds.csv. What was never seen to be deployed may be deployed in a way that GitHub does not know.
with find_newest as (
    select service, max(finished_on) as deployed_on
    from fct_deployments
    where is_successful and environment_tier = 'production' and finished_on <= getvariable('to')
    group by service
),

judge_services as (
    select
        services.service,
        services.lifecycle,
        services.repository,
        newest.deployed_on,
        date_diff('day', newest.deployed_on, getvariable('to')) as days_ago,
        thresholds.value as days_allowed,
        coalesce(practices.is_deployments_read, false) as is_read
    from dim_services as services
    cross join reference.thresholds as thresholds
    left join find_newest as newest
        on services.service = newest.service
    left join fct_repository_practices as practices
        on lower(services.repository) = lower(practices.full_name)
        and practices.as_of_date = getvariable('to')
    where services.is_running and thresholds.name = 'recent_deployment_within'
)

select
    service as subject_id,
    case
        when lifecycle = 'deprecated' then 'not_applicable'
        when days_ago <= days_allowed then 'pass'
        when days_ago > days_allowed and is_read then 'fail'
        else 'unknown'
    end as status,
    case
        when lifecycle = 'deprecated' then 'it is deprecated'
        when days_ago <= days_allowed then 'it was deployed to production not long ago'
        when days_ago > days_allowed and is_read then 'days since it was deployed to production: ' || cast(days_ago as varchar)
        when repository is null then 'its repository is not known, and so its deployments are not'
        when not is_read then 'deployments of its repository were not read to the end'
        else 'no deployment of it to production was ever seen'
    end as reason,
    cast(json_object('deployed_on', cast(deployed_on as varchar), 'days_ago', days_ago, 'repository', repository) as varchar) as evidence
from judge_services
