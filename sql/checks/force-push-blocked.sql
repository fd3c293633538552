-- title: History cannot be rewritten
-- question: Are force pushes to the default branch blocked for everybody?
-- area: standardize
-- subject: repository
-- weight: high
-- level: bronze
-- applies_to: repositories with a default branch
-- remedy: Block force pushes in the ruleset of the default branch, and empty its list of those who may bypass it.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when protection.protection_status = 'no_default_branch' then 'not_applicable'
        when protection.force_pushes_blocked_unbypassable then 'pass'
        when protection.force_pushes_blocked_unbypassable = false then 'fail'
        else 'unknown'
    end as status,
    case
        when protection.repository_id is null then 'it was not read on this date'
        when protection.protection_status = 'no_default_branch' then 'it has no branch to protect'
        when protection.force_pushes_blocked_unbypassable then 'force pushes are blocked, and nobody may do without it'
        when protection.force_pushes_blocked_unbypassable is null and len(protection.unread_layers) > 0
            then 'could not read ' || array_to_string(protection.unread_layers, ', ')
        when protection.force_pushes_blocked_unbypassable is null then 'who may push in spite of it could not be read'
        when protection.force_pushes_blocked then 'force pushes are blocked, and somebody may do without it'
        else 'force pushes are not blocked'
    end as reason,
    cast(
        json_object(
            'blocked', protection.force_pushes_blocked, 'unbypassable', protection.force_pushes_blocked_unbypassable,
            'layers', protection.source_layers, 'unread', protection.unread_layers
        ) as varchar
    ) as evidence
from dim_repositories as repositories
left join fct_branch_protection as protection
    on repositories.repository_id = protection.repository_id
    and protection.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
