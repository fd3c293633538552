-- One row per review of a pull request, as last seen.
-- grain: repository_id, number, review_id
-- kind: view
-- owner: platform
-- columns:
--   collected_on          date of the partition the newest row stands in
--   repository_id         GitHub's number of the repository
--   full_name             organization/name when it was read
--   number                number of the pull request within its repository
--   review_id             GitHub's number of the review
--   reviewer_key          pseudonym of the reviewer; null for a deleted account
--   reviewer_type         user, bot, mannequin; null for a deleted account
--   is_author             written by the pull request's own author
--   is_bot                written by software
--   author_association    what the reviewer is to the repository
--   state                 approved, changes_requested, commented or dismissed
--   submitted_at          when it was submitted, UTC
--   updated_at            when it last changed, UTC; tells the newer of two rows
with pull_request_reviews as (
    select * from github.pull_request_reviews
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        row_number() over (
            partition by repository_id, number, review_id
            order by
                updated_at desc, date desc,
                submitted_at desc, state, full_name, is_author, is_bot,
                reviewer_key nulls last, reviewer_type nulls last, author_association
        ) as version_rank
    from pull_request_reviews
),

stg_github__pull_request_reviews as (
    select
        date as collected_on,
        repository_id,
        full_name,
        number,
        review_id,
        reviewer_key,
        reviewer_type,
        is_author,
        is_bot,
        author_association,
        state,
        cast(submitted_at as timestamp) as submitted_at,
        cast(updated_at as timestamp) as updated_at
    from rank_versions
    where version_rank = 1
)

select * from stg_github__pull_request_reviews
