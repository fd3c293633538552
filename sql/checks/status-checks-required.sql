-- title: Changes must pass their tests
-- question: Must status checks pass before a change reaches the default branch?
-- area: standardize
-- subject: repository
-- weight: high
-- level: silver
-- applies_to: repositories with a default branch
-- remedy: Name the status checks of your workflow as required in the ruleset of the default branch.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when protection.protection_status = 'no_default_branch' then 'not_applicable'
        when protection.status_checks_required then 'pass'
        when protection.status_checks_required = false then 'fail'
        else 'unknown'
    end as status,
    case
        when protection.repository_id is null then 'it was not read on this date'
        when protection.protection_status = 'no_default_branch' then 'it has no branch to protect'
        when protection.status_checks_required then 'status checks must pass'
        when protection.status_checks_required = false then 'no status check must pass'
        else 'could not read ' || array_to_string(protection.unread_layers, ', ')
    end as reason,
    cast(
        json_object('contexts', protection.required_contexts, 'layers', protection.source_layers, 'unread', protection.unread_layers) as varchar
    ) as evidence
from dim_repositories as repositories
left join fct_branch_protection as protection
    on repositories.repository_id = protection.repository_id
    and protection.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
