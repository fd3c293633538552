-- title: Nobody merges without a review
-- question: Must somebody else approve every change to the default branch, with no way around it?
-- area: standardize
-- subject: repository
-- weight: high
-- level: silver
-- applies_to: repositories with a default branch
-- remedy: Ask for at least one approval in the ruleset of the default branch, and empty its list of those who may bypass it; a classic rule must
--   bind administrators too. The question ruleset-bypass lists who may do without.
-- owner: platform
-- version: 1

-- A number of approvals is a lower bound while a layer is unread: it can be seen to be enough, and 0 is known only when all was read.
select
    repositories.full_name as subject_id,
    case
        when protection.protection_status = 'no_default_branch' then 'not_applicable'
        when protection.required_approvals_unbypassable >= 1 then 'pass'
        when protection.required_approvals_unbypassable = 0 and protection.source_completeness = 'complete' then 'fail'
        else 'unknown'
    end as status,
    case
        when protection.repository_id is null then 'it was not read on this date'
        when protection.protection_status = 'no_default_branch' then 'it has no branch to protect'
        when protection.required_approvals_unbypassable >= 1 then 'an approval is needed, and nobody may do without it'
        when protection.source_completeness <> 'complete' then 'could not read ' || array_to_string(protection.unread_layers, ', ')
        when protection.required_approvals_unbypassable is null then 'who may do without the approvals could not be read'
        when protection.required_approvals >= 1 then 'an approval is needed, and somebody may do without it'
        else 'no approval is needed'
    end as reason,
    cast(
        json_object(
            'approvals', protection.required_approvals, 'unbypassable', protection.required_approvals_unbypassable,
            'layers', protection.source_layers, 'unread', protection.unread_layers
        ) as varchar
    ) as evidence
from dim_repositories as repositories
left join fct_branch_protection as protection
    on repositories.repository_id = protection.repository_id
    and protection.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
