-- One row per subject of checks: a service that runs, or a repository that is not archived, unless it is known to be gone.
-- Where two repositories have one name, since one was renamed or deleted while the other was read, it is the one seen last.
-- grain: subject_type, subject_id
-- kind: view
-- owner: platform
-- columns:
--   subject_type    service or repository
--   subject_id      service of dim_services, or full_name of dim_repositories
--   team            team that answers for it: the accountable team or the named owner; null when nobody is known to
--   tier            tier; null without one
--   is_pci_scope    subject to PCI; null when not told
with services as (
    select * from dim_services where is_running and is_present is distinct from false
),

repositories as (
    select * from dim_repositories where is_present is distinct from false and not is_archived
),

rank_repositories as (
    select
        *,
        row_number() over (partition by full_name order by last_seen_on desc, repository_id desc) as name_rank
    from repositories
),

int_check_subjects as (
    select 'service' as subject_type, service as subject_id, coalesce(accountable_team, team) as team, tier, is_pci_scope
    from services
    union all
    select 'repository' as subject_type, full_name as subject_id, coalesce(owner_team, team) as team, tier, is_pci_scope
    from rank_repositories
    where name_rank = 1
)

select * from int_check_subjects
