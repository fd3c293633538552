-- title: The default branch is protected
-- question: Does a rule or a ruleset that is enforced protect the default branch?
-- area: standardize
-- subject: repository
-- weight: critical
-- level: bronze
-- applies_to: repositories with a default branch
-- remedy: Add a ruleset for the default branch in Settings, Rules, that blocks force pushes and deletion and asks for a pull request; set its
--   enforcement to active, since evaluate protects nothing.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when protection.protection_status = 'protected' then 'pass'
        when protection.protection_status in ('unprotected', 'planned_only') then 'fail'
        when protection.protection_status = 'no_default_branch' then 'not_applicable'
        else 'unknown'
    end as status,
    coalesce(protection.reason, 'it was not read on this date') as reason,
    cast(
        json_object(
            'branch', protection.default_branch, 'tier', protection.protection_tier, 'layers', protection.source_layers,
            'planned', protection.planned_layers, 'unread', protection.unread_layers
        ) as varchar
    ) as evidence
from dim_repositories as repositories
left join fct_branch_protection as protection
    on repositories.repository_id = protection.repository_id
    and protection.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
