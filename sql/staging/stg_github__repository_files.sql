-- One row per repository, file that is looked for and is there, and snapshot date.
-- grain: repository_id, path, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date        date of the snapshot
--   repository_id        GitHub's number of the repository
--   full_name            organization/name on that date
--   path                 path from the root of the default branch
--   kind                 codeowners, pull_request_template, security_policy, dependabot_config, catalog_info, go_mod, workflow or other
--   git_oid              git's id of the content
--   byte_size            size; null when GitHub does not say [bytes]
--   is_binary            is no text; null where only the name was asked for
--   content_state        kept, not_asked, too_large or binary
--   content              the text, people as pseudonyms and comments left out; null unless content_state is kept
--   codeowners_errors    what GitHub finds wrong in the CODEOWNERS file in force, as line:kind
with repository_files as (
    select * from github.repository_files
),

stg_github__repository_files as (
    select
        date as snapshot_date,
        repository_id,
        full_name,
        path,
        kind,
        git_oid,
        byte_size,
        is_binary,
        content_state,
        content,
        codeowners_errors
    from repository_files
)

select * from stg_github__repository_files
