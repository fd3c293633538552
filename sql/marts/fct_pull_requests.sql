-- One row per pull request, as last seen, with its size and the parts of its cycle.
-- A part is null when one of its ends is missing or comes before the other; null is unknown, not zero. coding, pickup, review, approval_to_merge and
-- deploy follow each other: together they are lead_hours, and without the last cycle_hours. It is deployed with the first successful deployment to
-- production that contains it, of any service that lives in its repository (see int_pull_request_deployments).
-- grain: repository_id, number
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   repository_id                GitHub's number of the repository
--   number                       number of the pull request within its repository
--   organization                 login of the owning organisation
--   full_name                    organization/name of the repository today
--   team                         team that owns the repository today; null when unknown
--   state                        open, closed or merged
--   is_merged                    merged
--   is_draft                     a draft when last seen
--   is_draft_ever                a draft at any time
--   is_bot_author                opened by software
--   is_revert                    undoes an earlier pull request
--   is_dependency_update         opened to raise a dependency's version
--   is_backport                  carries a change to a release branch
--   base_is_default              merges into the default branch; null when unknown
--   is_cross_repository          comes from a fork
--   has_review                   reviewed by anyone but the author
--   is_merged_without_review     merged though nobody but the author approved it
--   has_disordered_events        an end comes before its beginning, so at least one part is null
--   created_at                   when it was opened, UTC
--   ready_at                     when it became ready for review, UTC; null for a draft
--   first_review_at              first review by a person other than the author, UTC; null without one
--   merged_at                    when it was merged, UTC; null when it was not
--   closed_at                    when it was closed or merged, UTC; null while open
--   deployed_at                  when that deployment first succeeded, UTC; null when it was not deployed, or we may not know
--   merged_month                 first day of the month of the merge, UTC; null when not merged
--   base_branch                  branch it merges into
--   merge_commit_sha             commit the merge made; null when not merged
--   additions                    lines added [lines]
--   deletions                    lines deleted [lines]
--   size_lines                   additions + deletions of every file; generated files are not yet told apart, so they count [lines]
--   size_bucket                  XS to XXL by size_lines
--   size_bucket_order            place of the bucket, smallest first
--   changed_files                files changed [files]
--   commits                      commits on it [commits]
--   comments                     comments on it; null when unknown [comments]
--   reviews                      reviews submitted by anyone but the author [reviews]
--   approvals                    approvals by anyone but the author [approvals]
--   coding_hours                 first commit to ready for review [hours]
--   pickup_hours                 ready for review to first review [hours]
--   review_hours                 first review to last approval, or to the merge when nobody approved [hours]
--   rework_hours                 first review to first approval, a part of review_hours [hours]
--   approval_to_merge_hours      last approval to the merge [hours]
--   merge_hours                  opened to merged; null while open [hours]
--   cycle_hours                  first commit, or else opened, to merged; null while open [hours]
--   deploy_hours                 merged to deployed; null while not deployed [hours]
--   lead_hours                   first commit to deployed; null while not deployed, and without a commit that is known [hours]
with pull_requests as (
    select * from stg_github__pull_requests
),

repositories as (
    select * from dim_repositories
),

size_buckets as (
    select * from reference.pr_size_buckets
),

contents as (
    select * from int_pull_request_deployments where environment_tier = 'production'
),

find_deployments as (
    select repository_id, number, min(finished_at) as deployed_at
    from contents
    group by repository_id, number
),

measure_parts as (
    select
        pull_requests.*,
        deployments.deployed_at,
        pull_requests.additions + pull_requests.deletions as size_lines,
        date_diff('second', pull_requests.first_commit_authored_at, pull_requests.ready_at) / 3600.0 as coding_hours,
        date_diff('second', pull_requests.ready_at, pull_requests.first_review_at) / 3600.0 as pickup_hours,
        date_diff('second', pull_requests.first_review_at, coalesce(pull_requests.last_approved_at, pull_requests.merged_at)) / 3600.0 as review_hours,
        date_diff('second', pull_requests.first_review_at, pull_requests.first_approved_at) / 3600.0 as rework_hours,
        date_diff('second', pull_requests.last_approved_at, pull_requests.merged_at) / 3600.0 as approval_to_merge_hours,
        date_diff('second', pull_requests.created_at, pull_requests.merged_at) / 3600.0 as merge_hours,
        date_diff('second', coalesce(pull_requests.first_commit_authored_at, pull_requests.created_at), pull_requests.merged_at) / 3600.0 as cycle_hours,
        date_diff('second', pull_requests.merged_at, deployments.deployed_at) / 3600.0 as deploy_hours,
        date_diff('second', pull_requests.first_commit_authored_at, deployments.deployed_at) / 3600.0 as lead_hours
    from pull_requests
    left join find_deployments as deployments
        on pull_requests.repository_id = deployments.repository_id
        and pull_requests.number = deployments.number
),

fct_pull_requests as (
    select
        parts.repository_id,
        parts.number,
        coalesce(repositories.organization, split_part(parts.full_name, '/', 1)) as organization,
        coalesce(repositories.full_name, parts.full_name) as full_name,
        repositories.team,
        parts.state,
        parts.merged_at is not null as is_merged,
        parts.is_draft,
        parts.is_draft_ever,
        parts.is_bot_author,
        parts.is_revert,
        parts.is_dependency_update,
        parts.is_backport,
        parts.base_is_default,
        parts.is_cross_repository,
        parts.reviews > 0 as has_review,
        parts.merged_at is not null and parts.approvals = 0 as is_merged_without_review,
        coalesce(
            least(
                parts.coding_hours,
                parts.pickup_hours,
                parts.review_hours,
                parts.rework_hours,
                parts.approval_to_merge_hours,
                parts.merge_hours,
                parts.cycle_hours,
                parts.deploy_hours,
                parts.lead_hours
            ) < 0,
            false
        ) as has_disordered_events,
        parts.created_at,
        parts.ready_at,
        parts.first_review_at,
        parts.merged_at,
        parts.closed_at,
        parts.deployed_at,
        cast(date_trunc('month', parts.merged_at) as date) as merged_month,
        parts.base_branch,
        parts.merge_commit_sha,
        parts.additions,
        parts.deletions,
        parts.size_lines,
        size_buckets.bucket as size_bucket,
        size_buckets."order" as size_bucket_order,
        parts.changed_files,
        parts.commits,
        parts.comments,
        parts.reviews,
        parts.approvals,
        case when parts.coding_hours >= 0 then parts.coding_hours end as coding_hours,
        case when parts.pickup_hours >= 0 then parts.pickup_hours end as pickup_hours,
        case when parts.review_hours >= 0 then parts.review_hours end as review_hours,
        case when parts.rework_hours >= 0 then parts.rework_hours end as rework_hours,
        case when parts.approval_to_merge_hours >= 0 then parts.approval_to_merge_hours end as approval_to_merge_hours,
        case when parts.merge_hours >= 0 then parts.merge_hours end as merge_hours,
        case when parts.cycle_hours >= 0 then parts.cycle_hours end as cycle_hours,
        case when parts.deploy_hours >= 0 then parts.deploy_hours end as deploy_hours,
        case when parts.lead_hours >= 0 then parts.lead_hours end as lead_hours
    from measure_parts as parts
    left join repositories
        on parts.repository_id = repositories.repository_id
    left join size_buckets
        on parts.size_lines >= size_buckets.min_lines
        and (size_buckets.max_lines is null or parts.size_lines <= size_buckets.max_lines)
)

select * from fct_pull_requests
