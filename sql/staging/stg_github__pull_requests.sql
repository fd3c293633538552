-- One row per pull request, as last seen.
-- grain: repository_id, number
-- kind: view
-- owner: platform
-- columns:
--   collected_on                  date of the partition the newest row stands in
--   repository_id                 GitHub's number of the repository
--   full_name                     organization/name when it was read
--   number                        number of the pull request within its repository
--   pull_request_id               GitHub's number of the pull request; null when GitHub does not say
--   state                         open, closed or merged
--   is_draft                      a draft when last seen
--   is_draft_ever                 a draft at any time
--   author_key                    pseudonym of the author; null for a deleted account
--   author_type                   user, bot, mannequin; null for a deleted account
--   author_association            what the author is to the repository
--   is_bot_author                 opened by software
--   is_revert                     undoes an earlier pull request
--   reverts_number                number of the pull request that it undoes; null when it undoes none, or does not say which
--   is_dependency_update          opened to raise a dependency's version
--   is_backport                   carries a change to a release branch
--   head_branch                   branch it comes from; null when GitHub does not say
--   base_branch                   branch it merges into
--   base_is_default               whether that is the default branch; null when unknown
--   is_cross_repository           comes from a fork
--   created_at                    when it was opened, UTC
--   updated_at                    when it last changed, UTC; tells the newer of two rows
--   closed_at                     when it was closed or merged, UTC; null while open
--   merged_at                     when it was merged, UTC; null when it was not
--   merge_commit_sha              commit the merge made; null when not merged
--   merged_by_key                 pseudonym of who merged it
--   additions                     lines added [lines]
--   deletions                     lines deleted [lines]
--   changed_files                 files changed [files]
--   commits                       commits on it [commits]
--   comments                      comments on it; null when GitHub does not say [comments]
--   labels                        labels it carries
--   first_commit_authored_at      earliest author date of its commits, UTC; null when unknown
--   first_commit_committed_at     earliest commit date of its commits, UTC; null when unknown
--   ready_at                      last made ready for review before the first review, else opened, UTC; null for a draft
--   first_review_at               first review at or after ready_at by a person other than the author, UTC; null without one
--   first_approved_at             first approval by anyone but the author, UTC; null without one
--   last_approved_at              last approval before the merge by anyone but the author, UTC; null without one
--   reviews                       reviews submitted by anyone but the author [reviews]
--   approvals                     approvals by anyone but the author [approvals]
with pull_requests as (
    select * from github.pull_requests
),

-- Two rows of one update differ only in what does not move updated_at; the columns after date make the choice between them repeatable.
rank_versions as (
    select
        *,
        row_number() over (
            partition by repository_id, number
            order by
                updated_at desc, date desc,
                reviews desc, approvals desc, comments desc nulls last, commits desc,
                additions desc, deletions desc, changed_files desc,
                ready_at desc nulls last, first_review_at desc nulls last,
                first_approved_at desc nulls last, last_approved_at desc nulls last,
                full_name, base_branch, base_is_default nulls last, author_association, labels,
                head_branch nulls last, reverts_number nulls last
        ) as version_rank
    from pull_requests
),

stg_github__pull_requests as (
    select
        date as collected_on,
        repository_id,
        full_name,
        number,
        pull_request_id,
        state,
        is_draft,
        is_draft_ever,
        author_key,
        author_type,
        author_association,
        is_bot_author,
        is_revert,
        reverts_number,
        is_dependency_update,
        is_backport,
        head_branch,
        base_branch,
        base_is_default,
        is_cross_repository,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(closed_at as timestamp) as closed_at,
        cast(merged_at as timestamp) as merged_at,
        merge_commit_sha,
        merged_by_key,
        additions,
        deletions,
        changed_files,
        commits,
        comments,
        labels,
        cast(first_commit_authored_at as timestamp) as first_commit_authored_at,
        cast(first_commit_committed_at as timestamp) as first_commit_committed_at,
        cast(ready_at as timestamp) as ready_at,
        cast(first_review_at as timestamp) as first_review_at,
        cast(first_approved_at as timestamp) as first_approved_at,
        cast(last_approved_at as timestamp) as last_approved_at,
        reviews,
        approvals
    from rank_versions
    where version_rank = 1
)

select * from stg_github__pull_requests
