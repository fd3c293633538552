-- One row per deployment, as last seen, with the moments of its first success and first failure.
-- grain: repository_id, deployment_id
-- kind: view
-- owner: platform
-- columns:
--   collected_on            date of the partition the newest row stands in
--   repository_id           GitHub's number of the repository
--   full_name               organization/name when it was read
--   deployment_id           GitHub's number of the deployment
--   environment             environment, by the name it has there; null when GitHub does not say
--   original_environment    environment it was made for first; null when GitHub does not say
--   environment_tier        production, staging, preview, development or other, by the name; null without a name
--   task                    what it does, such as deploy; null when GitHub does not say
--   state                   state GitHub shows now, such as active or inactive; null when GitHub does not say
--   ref_name                branch or tag; null where that is gone
--   commit_sha              commit that is deployed
--   commit_committed_at     when that commit was committed, UTC; null when GitHub does not say
--   creator_key             pseudonym of who made it; null for a deleted account
--   creator_type            user, bot or another kind of account
--   created_at              when it was made, UTC
--   updated_at              when it last changed, UTC; tells the newer of two rows
--   first_in_progress_at    first status in_progress, UTC; null without one
--   first_success_at        first status success, UTC, which never moves; null without one
--   first_failure_at        first status failure or error, UTC; null without one
--   n_statuses              statuses it had [statuses]
with deployments as (
    select * from github.deployments
),

environment_tiers as (
    select * from reference.environment_tiers
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        row_number() over (
            partition by repository_id, deployment_id
            order by
                updated_at desc, date desc,
                statuses desc, first_success_at nulls last, first_failure_at nulls last, first_in_progress_at nulls last,
                state nulls last, commit_committed_at nulls last, environment nulls last, original_environment nulls last, task nulls last, ref_name nulls last,
                commit_sha, full_name, creator_key nulls last, creator_type nulls last, created_at
        ) as version_rank
    from deployments
),

list_environments as (
    select distinct environment from deployments where environment is not null
),

-- A name may fit several patterns: the one that stands first in the table counts.
rank_tiers as (
    select
        environments.environment,
        tiers.tier,
        row_number() over (partition by environments.environment order by tiers.rank, tiers.pattern) as tier_rank
    from list_environments as environments
    inner join environment_tiers as tiers
        on lower(environments.environment) like replace(tiers.pattern, '*', '%')
),

stg_github__deployments as (
    select
        versions.date as collected_on,
        versions.repository_id,
        versions.full_name,
        versions.deployment_id,
        versions.environment,
        versions.original_environment,
        rank_tiers.tier as environment_tier,
        versions.task,
        versions.state,
        versions.ref_name,
        versions.commit_sha,
        cast(versions.commit_committed_at as timestamp) as commit_committed_at,
        versions.creator_key,
        versions.creator_type,
        cast(versions.created_at as timestamp) as created_at,
        cast(versions.updated_at as timestamp) as updated_at,
        cast(versions.first_in_progress_at as timestamp) as first_in_progress_at,
        cast(versions.first_success_at as timestamp) as first_success_at,
        cast(versions.first_failure_at as timestamp) as first_failure_at,
        versions.statuses as n_statuses
    from rank_versions as versions
    left join rank_tiers
        on versions.environment = rank_tiers.environment
        and rank_tiers.tier_rank = 1
    where versions.version_rank = 1
)

select * from stg_github__deployments
