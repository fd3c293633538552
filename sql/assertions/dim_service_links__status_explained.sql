-- severity: fail
-- title: links whose status is not borne out by the rest of their row
-- remedy: look at answer_links, answer_services and answer_targets in dim_service_links; a rule without a row in reference/link_rules.csv has no confidence
with links as (
    select * from dim_service_links
)

select service, target_type, target_id, status, is_chosen, rule, confidence, candidates
from links
where
    status not in ('linked', 'conflict', 'unmatched_service', 'unmatched_target', 'unknown')
    or (status in ('linked', 'conflict') and (service = '' or target_id = '' or rule is null or rule_rank is null or confidence is null))
    or (rule is not null and (confidence is null or confidence <= 0 or confidence > 1))
    or (status = 'conflict' and (is_chosen or len(candidates) = 0))
    or (status = 'unmatched_target' and (service <> '' or target_id = '' or rule is not null))
    or (status = 'unmatched_service' and (service = '' or (target_id = '' and rule is not null)))
    or (is_chosen and target_id = '')
