-- One row per release, as last seen.
-- grain: repository_id, release_id
-- kind: view
-- owner: platform
-- columns:
--   collected_on          date of the partition the newest row stands in
--   first_collected_on    date of the first partition it stands in
--   repository_id         GitHub's number of the repository
--   full_name             organization/name when it was read
--   release_id            GitHub's number of the release
--   tag                   tag it is of
--   is_draft              is not published yet
--   is_prerelease         is marked as not ready for production
--   is_latest             is shown as the latest
--   commit_sha            commit of the tag; null where that is gone
--   author_key            pseudonym of who made it; null for a deleted account
--   created_at            when it was made, UTC
--   published_at          when it was published, UTC; null for a draft
--   updated_at            when it last changed, UTC; tells the newer of two rows
with releases as (
    select * from github.releases
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        min(date) over (partition by repository_id, release_id) as first_collected_on,
        row_number() over (
            partition by repository_id, release_id
            order by
                updated_at desc, date desc,
                published_at desc nulls last, tag, is_draft, is_prerelease, is_latest, commit_sha nulls last,
                full_name, author_key nulls last, created_at
        ) as version_rank
    from releases
),

stg_github__releases as (
    select
        date as collected_on,
        first_collected_on,
        repository_id,
        full_name,
        release_id,
        tag,
        is_draft,
        is_prerelease,
        is_latest,
        commit_sha,
        author_key,
        cast(created_at as timestamp) as created_at,
        cast(published_at as timestamp) as published_at,
        cast(updated_at as timestamp) as updated_at
    from rank_versions
    where version_rank = 1
)

select * from stg_github__releases
