-- One row per merged pull request, service that lives in its repository and tier, with the first successful deployment that contains it.
-- It is contained in the first deployment, by the time of success, whose commit landed when the pull request was merged or later; what an earlier one
-- contained is not contained again, also after a rollback. That is exact where the deployed commit is its merge commit. Elsewhere it takes for granted
-- that branches are deployed whole: it cannot see that a commit from the side lacks what was merged before it. A pull request into another branch than the
-- default one counts for deployments from that branch. Which files it changes is not known: in a repository of several services it counts for each.
-- Previews are left out, for they show what is not merged. A pull request without a row was not deployed, or with the first deployment that is known or
-- before, or after one whose commit landed at an unknown time.
-- grain: service, environment_tier, repository_id, number
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service             service of dim_services, or __no_service__
--   environment_tier    production, staging, development or other
--   repository_id       GitHub's number of the repository
--   number              number of the pull request within its repository
--   deployment_id       GitHub's number of the deployment that contains it
--   merged_at           when it was merged, UTC
--   finished_at         when the deployment succeeded, UTC
--   is_exact            the deployed commit is its merge commit
with deployments as (
    select * from int_service_deployments where finished_at is not null and environment_tier <> 'preview'
),

pull_requests as (
    select *, coalesce(base_is_default, false) as is_on_default from stg_github__pull_requests where merged_at is not null
),

list_places as (
    select distinct service, environment_tier, repository_id
    from deployments
),

list_branches as (
    select distinct repository_id, base_branch
    from pull_requests
    where not is_on_default
),

-- Only a deployment whose commit is newer than all that were deployed before contains anything new.
list_advances as (
    select
        service,
        environment_tier,
        repository_id,
        cast(null as varchar) as branch,
        tier_order,
        landed_at,
        is_content_known
    from deployments
    where landed_at > landed_before or (landed_at is not null and landed_before is null)
    union all
    select
        deployments.service,
        deployments.environment_tier,
        deployments.repository_id,
        branches.base_branch as branch,
        deployments.tier_order,
        deployments.landed_at,
        deployments.is_content_known and deployments.landed_before_on_ref is not null as is_content_known
    from deployments
    inner join list_branches as branches
        on deployments.repository_id = branches.repository_id
        and deployments.ref_name = branches.base_branch
    where deployments.landed_at > deployments.landed_before_on_ref
        or (deployments.landed_at is not null and deployments.landed_before_on_ref is null)
),

list_moments as (
    select service, environment_tier, repository_id, branch, landed_at as happened_at, tier_order, cast(null as bigint) as number
    from list_advances
    union all
    select
        places.service,
        places.environment_tier,
        places.repository_id,
        case when not pull_requests.is_on_default then pull_requests.base_branch end as branch,
        pull_requests.merged_at as happened_at,
        cast(null as bigint) as tier_order,
        pull_requests.number
    from list_places as places
    inner join pull_requests
        on places.repository_id = pull_requests.repository_id
),

-- Advances come in the order in which their commits landed, so the next one is the first that contains it; one of the same moment contains it.
find_next_advances as (
    select
        *,
        min(tier_order) over (
            partition by service, environment_tier, repository_id, branch
            order by happened_at, number nulls last
            rows between current row and unbounded following
        ) as next_order
    from list_moments
),

match_by_time as (
    select moments.service, moments.environment_tier, moments.repository_id, moments.number, moments.next_order as tier_order
    from find_next_advances as moments
    inner join list_advances as advances
        on moments.service = advances.service
        and moments.environment_tier = advances.environment_tier
        and moments.repository_id = advances.repository_id
        and moments.branch is not distinct from advances.branch
        and moments.next_order = advances.tier_order
    where moments.number is not null and advances.is_content_known
),

-- Of two that were merged in the same second one may have been deployed without the other; and a tag may be deployed instead of its branch.
match_by_commit as (
    select deployments.service, deployments.environment_tier, deployments.repository_id, pull_requests.number, deployments.tier_order
    from deployments
    inner join pull_requests
        on deployments.repository_id = pull_requests.repository_id
        and deployments.commit_sha = pull_requests.merge_commit_sha
    where deployments.is_first_of_commit
        and deployments.is_content_known
        and (not pull_requests.is_on_default or pull_requests.merged_at >= deployments.landed_before)
        and (pull_requests.is_on_default or pull_requests.merged_at >= coalesce(deployments.landed_before_on_ref, pull_requests.merged_at))
),

combine_matches as (
    select
        coalesce(by_commit.service, by_time.service) as service,
        coalesce(by_commit.environment_tier, by_time.environment_tier) as environment_tier,
        coalesce(by_commit.repository_id, by_time.repository_id) as repository_id,
        coalesce(by_commit.number, by_time.number) as number,
        coalesce(by_commit.tier_order, by_time.tier_order) as tier_order,
        by_commit.number is not null as is_exact
    from match_by_time as by_time
    full join match_by_commit as by_commit
        on by_time.service = by_commit.service
        and by_time.environment_tier = by_commit.environment_tier
        and by_time.repository_id = by_commit.repository_id
        and by_time.number = by_commit.number
),

int_pull_request_deployments as (
    select
        matches.service,
        matches.environment_tier,
        matches.repository_id,
        matches.number,
        deployments.deployment_id,
        pull_requests.merged_at,
        deployments.finished_at,
        matches.is_exact
    from combine_matches as matches
    inner join deployments
        on matches.service = deployments.service
        and matches.environment_tier = deployments.environment_tier
        and matches.repository_id = deployments.repository_id
        and matches.tier_order = deployments.tier_order
    inner join pull_requests
        on matches.repository_id = pull_requests.repository_id
        and matches.number = pull_requests.number
)

select * from int_pull_request_deployments
