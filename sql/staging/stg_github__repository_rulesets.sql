-- One row per repository, ruleset that GitHub applies to it, its own and those above it, and snapshot date.
-- grain: repository_id, ruleset_id, snapshot_date
-- kind: view
-- owner: platform
-- columns:
--   snapshot_date    date of the snapshot
--   repository_id    GitHub's number of the repository
--   full_name        organization/name on that date
--   ruleset_id       GitHub's number of the ruleset
--   name             name of the ruleset
--   source_type      whose it is: repository, organization or enterprise
--   target           what it is about: branch, tag, push or repository; null when GitHub does not say
--   enforcement      active, evaluate (only tried) or disabled
with repository_rulesets as (
    select * from github.repository_rulesets
),

stg_github__repository_rulesets as (
    select
        date as snapshot_date,
        repository_id,
        full_name,
        ruleset_id,
        name,
        source_type,
        target,
        enforcement
    from repository_rulesets
)

select * from stg_github__repository_rulesets
