-- title: Whether PCI applies is declared
-- question: Does the service say whether it is subject to PCI?
-- area: attribute
-- subject: service
-- weight: medium
-- level: silver
-- applies_to: every running service
-- remedy: Set the label pci-scope in catalog-info.yaml, or the tag pci-scope at Datadog, to in-scope or out-of-scope
--   (reference/pci_scope_values.csv has the words that count).
-- owner: platform
-- version: 1

select
    service as subject_id,
    case when has_pci_scope then 'pass' when has_pci_scope = false then 'fail' else 'unknown' end as status,
    case
        when has_pci_scope then 'it says whether it is subject to PCI'
        when has_pci_scope = false then 'no label or tag says whether it is subject to PCI, in a word that is known'
        else 'nothing that was read tells, and not read to the end was ' || array_to_string(unread_sources, ', ')
    end as reason,
    cast(json_object('unread_sources', unread_sources) as varchar) as evidence
from fct_service_attributes
where is_running
