-- One row per repository and snapshot date, as GitHub described it that day.
-- grain: repository_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date                                       date of the snapshot
--   repository_id                                       GitHub's number of the repository, kept through renames
--   node_id                                             GitHub's GraphQL id of the repository
--   organization                                        login of the owning organisation
--   name                                                name within the organisation
--   full_name                                           organization/name on that date
--   visibility                                          public, private or internal
--   is_archived                                         read-only by decision of its owner
--   is_disabled                                         switched off by GitHub
--   is_fork                                             forked from another repository
--   is_template                                         meant to be copied
--   is_empty                                            holds no commit
--   default_branch                                      name of the default branch; null while empty
--   primary_language                                    most used language; null when none is detected
--   license                                             SPDX id of the licence, NOASSERTION for one that GitHub does not know; null when none is detected
--   topics                                              topics its owners chose
--   disk_usage_kb                                       size of the git data; null when GitHub does not say [kilobytes]
--   stars                                               stars given [people]
--   forks                                               forks made of it [repositories]
--   created_at                                          when it was created, UTC
--   updated_at                                          when its settings last changed, UTC
--   pushed_at                                           when a branch was last pushed, UTC; null when never
--   archived_at                                         when it was archived, UTC; null when it is not
--   is_dependabot_alerts_enabled                        whether GitHub says that Dependabot alerts are on
--   is_security_policy_enabled                          whether GitHub finds a security policy, its own or its organisation's; null when we may not see it
--   is_merge_commit_allowed                             merging with a merge commit is allowed
--   is_squash_merge_allowed                             merging squashed is allowed
--   is_rebase_merge_allowed                             merging rebased is allowed
--   is_auto_merge_allowed                               auto-merge is allowed
--   is_delete_branch_on_merge                           merged branches are deleted
--   is_update_branch_allowed                            branches can be updated from the pull request page
--   is_signoff_required                                 commits made on the web must be signed off
--   is_forking_allowed                                  forking is allowed
--   viewer_permission                                   what our credential may do there; null for a GitHub App
--   n_pull_requests                                     pull requests ever opened [pull requests]
--   viewer_can_administer                               our credential administers it, and so sees its protection and the settings below
--   is_issues_enabled                                   issues are on
--   is_wiki_enabled                                     the wiki is on
--   is_discussions_enabled                              discussions are on
--   is_advanced_security_enabled                        GitHub Advanced Security is on; null when we may not know, and for public repositories
--   is_code_security_enabled                            Code Security is on; null when we may not know
--   is_secret_scanning_enabled                          secrets are looked for; null when we may not know
--   is_secret_scanning_push_protection_enabled          pushes with secrets are stopped; null when we may not know
--   is_secret_scanning_non_provider_patterns_enabled    secrets without a known form are looked for too; null when we may not know
--   is_dependabot_security_updates_enabled              Dependabot opens pull requests that fix alerts; null when we may not know
--   url                                                 its page on the web; null where that was not asked for
with repositories as (
    select * from github.repositories
),

stg_github__repositories as (
    select
        date as snapshot_date,
        repository_id,
        node_id,
        organization,
        name,
        full_name,
        visibility,
        is_archived,
        is_disabled,
        is_fork,
        is_template,
        is_empty,
        default_branch,
        primary_language,
        license,
        topics,
        disk_usage_kb,
        stars,
        forks,
        cast(created_at as timestamp) as created_at,
        cast(updated_at as timestamp) as updated_at,
        cast(pushed_at as timestamp) as pushed_at,
        cast(archived_at as timestamp) as archived_at,
        is_dependabot_alerts_enabled,
        is_security_policy_enabled,
        is_merge_commit_allowed,
        is_squash_merge_allowed,
        is_rebase_merge_allowed,
        is_auto_merge_allowed,
        is_delete_branch_on_merge,
        is_update_branch_allowed,
        is_signoff_required,
        is_forking_allowed,
        viewer_permission,
        pull_requests as n_pull_requests,
        viewer_can_administer,
        is_issues_enabled,
        is_wiki_enabled,
        is_discussions_enabled,
        is_advanced_security_enabled,
        is_code_security_enabled,
        is_secret_scanning_enabled,
        is_secret_scanning_push_protection_enabled,
        is_secret_scanning_non_provider_patterns_enabled,
        is_dependabot_security_updates_enabled,
        url
    from repositories
)

select * from stg_github__repositories
