-- One row per service and repository that it lives in. A repository with several services is a monorepo: a file there belongs to the service with the
-- longest path that it is in, and to none outside of all paths.
-- A service whose repository GitHub was never seen to have, or of which several are said, has no row: dim_service_links tells of it.
-- grain: service, repository_id
-- kind: view
-- owner: platform
-- columns:
--   service          key of the service in dim_services
--   repository_id    GitHub's number of the repository
--   full_name        organization/name, as GitHub has it now
--   path             folder that it lives in; null for the whole repository
--   rule             what tells so, by reference/link_rules.csv
--   confidence       how far that is trusted [0 to 1]
with partners as (
    select * from fct_service_partners where target_type = 'repository' and is_chosen
),

int_service_repositories as (
    select service, repository_id, target_name as full_name, path, rule, confidence
    from partners
    where repository_id is not null
)

select * from int_service_repositories
