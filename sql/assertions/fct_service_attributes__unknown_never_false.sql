-- severity: fail
-- title: services said to lack what a descriptor or definition that was not read may tell
-- remedy: restore the rule in fct_service_attributes: false only when unread_sources is empty, and null else
with services as (
    select * from fct_service_attributes
)

select *
from services
where (len(unread_sources) > 0
        and false in (has_owner, has_tier, has_lifecycle, has_repository, has_channel, has_pci_scope, has_runbook, has_disaster_recovery, has_dashboard))
    or (list_contains(unread_sources, 'catalog') and is_in_catalog = false)
