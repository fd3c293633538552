-- One row per issue of the journal of requests, as last seen.
-- grain: issue_id
-- kind: view
-- owner: platform
-- columns:
--   collected_on            date of the partition the newest row stands in
--   issue_id                number of the issue
--   issue_key               its key, such as LAMP-17
--   project                 key of its project
--   issue_type              name of its type
--   components              components
--   labels                  labels
--   status                  name of its status
--   status_category         to_do, in_progress or done
--   priority                name of its priority
--   resolution              how it was resolved; null while it is not
--   reporter_key            pseudonym of who asked; null for a deleted account
--   assignee_key            pseudonym of who is on it; null for nobody
--   created_at              when it was asked for, UTC
--   first_in_progress_at    when it first came into a status of the category in progress, UTC; null when it never did
--   resolved_at             when it last came into a status of the category done, UTC; null unless it is there
--   updated_at              when it last changed, UTC; tells the newer of two rows
--   n_reopened              how often it left the category done [times]
--   to_do_seconds           time in statuses of the category to do, until it was last done or read [seconds]
--   in_progress_seconds     likewise, in progress [seconds]
--   status_seconds          likewise by name of the status, seconds as text
with issues as (
    select * from jira.issues
),

-- The columns after date make the choice between two rows of one update repeatable.
rank_versions as (
    select
        *,
        row_number() over (
            partition by issue_id
            order by
                updated_at desc, date desc,
                issue_key, project, issue_type nulls last, components, labels, status, status_category, priority nulls last,
                resolution nulls last, reporter_key nulls last, assignee_key nulls last, created_at, first_in_progress_at nulls last,
                resolved_at nulls last, reopened, to_do_seconds, in_progress_seconds, cast(status_seconds as varchar) nulls last
        ) as version_rank
    from issues
),

stg_jira__issues as (
    select
        date as collected_on,
        issue_id,
        issue_key,
        project,
        issue_type,
        components,
        labels,
        status,
        status_category,
        priority,
        resolution,
        reporter_key,
        assignee_key,
        cast(created_at as timestamp) as created_at,
        cast(first_in_progress_at as timestamp) as first_in_progress_at,
        cast(resolved_at as timestamp) as resolved_at,
        cast(updated_at as timestamp) as updated_at,
        reopened as n_reopened,
        to_do_seconds,
        in_progress_seconds,
        status_seconds
    from rank_versions
    where version_rank = 1
)

select * from stg_jira__issues
