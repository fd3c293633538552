-- title: Whether PCI applies is declared
-- question: Does the repository say whether it is subject to PCI?
-- area: attribute
-- subject: repository
-- weight: medium
-- level: silver
-- applies_to: every repository that is not archived
-- remedy: Set the custom property pci_scope to in-scope or out-of-scope (reference/pci_scope_values.csv has the words that count).
-- owner: platform
-- version: 2

select
    repositories.full_name as subject_id,
    case
        when owners.is_pci_scope is not null then 'pass'
        when owners.repository_id is null or list_contains(owners.unread_sources, 'properties') then 'unknown'
        else 'fail'
    end as status,
    case
        when owners.is_pci_scope then 'it is subject to PCI'
        when not owners.is_pci_scope then 'it is not subject to PCI'
        when owners.repository_id is null then 'it was not read on this date'
        when list_contains(owners.unread_sources, 'properties') then 'its custom properties could not be read'
        else 'its custom property pci_scope is not set, or to a word that is not known'
    end as reason,
    cast(json_object('is_pci_scope', owners.is_pci_scope, 'unread', owners.unread_sources) as varchar) as evidence
from dim_repositories as repositories
left join fct_repository_owners as owners
    on repositories.repository_id = owners.repository_id
    and owners.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
