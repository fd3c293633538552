-- One row per deployment and service that it counts for, with the place that it takes among the successful ones before any pull request is looked at.
-- A deployment counts for every service that lives in its repository, but where its environment or its task names some of them, for these alone. What is
-- live is told by service, repository and environment, for two regions may run different versions; what came first, by service, repository and tier.
-- GitHub's names of environments ignore case. A commit landed when the pull request that it merged was merged, or else when it was committed.
-- grain: service, repository_id, deployment_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service                   service of dim_services, or __no_service__
--   repository_id             GitHub's number of the repository
--   deployment_id             GitHub's number of the deployment
--   organization              login of the owning organisation
--   full_name                 organization/name of the repository today
--   service_rule              named (by environment or task), repository (the service lives there) or none
--   n_services                services that the deployment counts for; 0 without one [services]
--   team                      team that is accountable for the service today, or without a service owns the repository; null without one
--   environment               environment, by the name it has there; null when GitHub does not say
--   environment_name          environment in lower case, which tells it from others; null without a name
--   environment_tier          production, staging, preview, development or other, by the name; null without a name
--   task                      what it does, such as deploy; null when GitHub does not say
--   state                     state GitHub shows now, such as active or inactive; null when GitHub does not say
--   ref_name                  branch or tag; null where that is gone
--   commit_sha                commit that is deployed
--   created_at                when it was made, UTC
--   finished_at               first status success, UTC; null when it did not succeed
--   first_failed_at           first status failure or error, UTC; null without one
--   landed_at                 when the commit landed, UTC; null when unknown
--   tier_order                place among the successful ones of service, repository and tier; null when it did not succeed
--   environment_order         place among the successful ones of service, repository and environment; null when it did not succeed
--   landed_before             newest landed_at of the earlier ones of the tier, UTC; null without one
--   landed_before_on_ref      newest landed_at of the earlier ones of the tier from the same ref, UTC; null without one
--   is_first_of_commit        no earlier one of the tier was of this commit; null when it did not succeed
--   brought_by_id             deployment that first brought to the tier what it brings to its environment: the first of the tier of its commit where it goes
--                             forward, or else itself; null when it did not succeed
--   is_first_seen             no earlier one of the tier is known; null when it did not succeed
--   is_content_known          its commit and that of the one before it in the tier landed at a known time: what it contains can be told
--   previous_deployment_id    the one that was live in the environment before it; null without one
--   is_redeploy               the commit that was live is deployed again; null without a previous one
--   is_rollback               made after the one that was live, and of an earlier version; null without a previous one
--   is_overtaken              made before the one that was live, and of an earlier version: it took longer; null without a previous one
--   target_order              of a rollback, environment_order of when its version was live before; null when it was not seen live
--   forward_order_before      environment_order of the last earlier one that is none of these three; null without one
--   forward_order_after       environment_order of the first later one that is none of them; null without one
with deployments as (
    select * from stg_github__deployments
),

pull_requests as (
    select * from stg_github__pull_requests where merged_at is not null and merge_commit_sha is not null
),

service_repositories as (
    select * from int_service_repositories
),

normalised_names as (
    select * from int_normalised_names
),

services as (
    select * from dim_services
),

repositories as (
    select * from dim_repositories
),

list_places as (
    select distinct
        repository_id,
        environment,
        task,
        '-' || regexp_replace(lower(coalesce(environment, '') || ' ' || coalesce(task, '')), '[^\p{L}\p{M}\p{N}]+', '-', 'g') || '-' as words
    from deployments
),

-- Where lamp and lamp-api both live, lamp-api-production names the latter: the longest name that fits counts.
rank_names as (
    select
        places.repository_id,
        places.environment,
        places.task,
        homes.service,
        rank() over (
            partition by places.repository_id, places.environment, places.task
            order by length(homes.service) desc
        ) as name_rank
    from list_places as places
    inner join service_repositories as homes
        on places.repository_id = homes.repository_id
    inner join normalised_names as names
        on lower(homes.service) = names.name
        and places.words like '%-' || names.normalised_name || '-%'
),

list_services as (
    select
        deployments.*,
        coalesce(homes.service, '__no_service__') as service,
        case when named.service is not null then 'named' when homes.service is not null then 'repository' else 'none' end as service_rule
    from deployments
    left join service_repositories as homes
        on deployments.repository_id = homes.repository_id
    left join rank_names as named
        on homes.repository_id = named.repository_id
        and homes.service = named.service
        and deployments.environment is not distinct from named.environment
        and deployments.task is not distinct from named.task
        and named.name_rank = 1
),

choose_services as (
    select
        *,
        max(case when service_rule = 'named' then 1 else 0 end) over (partition by repository_id, deployment_id) as has_name
    from list_services
),

find_merges as (
    select repository_id, merge_commit_sha, min(merged_at) as merged_at
    from pull_requests
    group by repository_id, merge_commit_sha
),

describe_deployments as (
    select
        chosen.service,
        chosen.repository_id,
        chosen.deployment_id,
        coalesce(repositories.organization, split_part(chosen.full_name, '/', 1)) as organization,
        coalesce(repositories.full_name, chosen.full_name) as full_name,
        chosen.service_rule,
        count(case when chosen.service_rule <> 'none' then 1 end) over (partition by chosen.repository_id, chosen.deployment_id) as n_services,
        case when chosen.service_rule = 'none' then coalesce(repositories.owner_team, repositories.team) else services.accountable_team end as team,
        chosen.environment,
        lower(chosen.environment) as environment_name,
        chosen.environment_tier,
        chosen.task,
        chosen.state,
        chosen.ref_name,
        chosen.commit_sha,
        chosen.created_at,
        chosen.first_success_at as finished_at,
        chosen.first_failure_at as first_failed_at,
        coalesce(merges.merged_at, chosen.commit_committed_at) as landed_at
    from choose_services as chosen
    left join services
        on chosen.service = services.service
    left join repositories
        on chosen.repository_id = repositories.repository_id
    left join find_merges as merges
        on chosen.repository_id = merges.repository_id
        and chosen.commit_sha = merges.merge_commit_sha
    where chosen.service_rule = 'named' or chosen.has_name = 0
),

-- The deployment's number makes the order of two that succeed in the same second repeatable.
order_successes as (
    select
        service,
        repository_id,
        deployment_id,
        environment_name,
        commit_sha,
        created_at,
        landed_at,
        row_number() over tier as tier_order,
        row_number() over place as environment_order,
        first_value(deployment_id) over (
            partition by service, repository_id, environment_tier, commit_sha order by finished_at, deployment_id
        ) as first_of_commit_id,
        max(landed_at) over (tier rows between unbounded preceding and 1 preceding) as landed_before,
        max(landed_at) over (
            partition by service, repository_id, environment_tier, ref_name
            order by finished_at, deployment_id
            rows between unbounded preceding and 1 preceding
        ) as landed_before_on_ref,
        lag(landed_at) over tier as previous_landed_in_tier,
        lag(created_at) over place as previous_created_at,
        lag(landed_at) over place as previous_landed_at,
        lag(commit_sha) over place as previous_commit_sha,
        lag(deployment_id) over place as previous_deployment_id
    from describe_deployments
    where finished_at is not null
    window
        tier as (partition by service, repository_id, environment_tier order by finished_at, deployment_id),
        place as (partition by service, repository_id, environment_name order by finished_at, deployment_id)
),

find_targets as (
    select
        *,
        max(environment_order) over (
            partition by service, repository_id, environment_name, commit_sha
            order by environment_order
            rows between unbounded preceding and 1 preceding
        ) as live_before_order
    from order_successes
),

judge_successes as (
    select
        *,
        commit_sha = previous_commit_sha as is_redeploy,
        case
            when previous_deployment_id is null then null
            when commit_sha = previous_commit_sha then false
            when landed_at is not null and previous_landed_at is not null then landed_at < previous_landed_at
            else live_before_order is not null
        end as is_earlier_version
    from find_targets
),

-- Going back is decided after the newer version was made; one that was made before it was waiting for something, and nobody undid anything.
name_successes as (
    select
        *,
        is_earlier_version and created_at >= previous_created_at as is_rollback,
        is_earlier_version and created_at < previous_created_at as is_overtaken
    from judge_successes
),

link_successes as (
    select
        *,
        max(case when not coalesce(is_earlier_version or is_redeploy, false) then environment_order end) over (
            partition by service, repository_id, environment_name
            order by environment_order
            rows between unbounded preceding and 1 preceding
        ) as forward_order_before,
        min(case when not coalesce(is_earlier_version or is_redeploy, false) then environment_order end) over (
            partition by service, repository_id, environment_name
            order by environment_order
            rows between 1 following and unbounded following
        ) as forward_order_after
    from name_successes
),

int_service_deployments as (
    select
        deployments.service,
        deployments.repository_id,
        deployments.deployment_id,
        deployments.organization,
        deployments.full_name,
        deployments.service_rule,
        deployments.n_services,
        deployments.team,
        deployments.environment,
        deployments.environment_name,
        deployments.environment_tier,
        deployments.task,
        deployments.state,
        deployments.ref_name,
        deployments.commit_sha,
        deployments.created_at,
        deployments.finished_at,
        deployments.first_failed_at,
        deployments.landed_at,
        successes.tier_order,
        successes.environment_order,
        successes.landed_before,
        successes.landed_before_on_ref,
        successes.first_of_commit_id = deployments.deployment_id as is_first_of_commit,
        case
            when not (successes.is_redeploy or successes.is_rollback or successes.is_overtaken) then successes.first_of_commit_id
            when successes.deployment_id is not null then deployments.deployment_id
        end as brought_by_id,
        successes.tier_order = 1 as is_first_seen,
        coalesce(successes.landed_at is not null and successes.previous_landed_in_tier is not null, false) as is_content_known,
        successes.previous_deployment_id,
        successes.is_redeploy,
        successes.is_rollback,
        successes.is_overtaken,
        case when successes.is_rollback then successes.live_before_order end as target_order,
        successes.forward_order_before,
        successes.forward_order_after
    from describe_deployments as deployments
    left join link_successes as successes
        on deployments.service = successes.service
        and deployments.repository_id = successes.repository_id
        and deployments.deployment_id = successes.deployment_id
)

select * from int_service_deployments
