-- severity: fail
-- title: services that are linked by their name alone with what another says outright to be its own
-- remedy: restore the rule in int_service_claims: what somebody claims outright is among those that a name fits
with links as (
    select * from dim_service_links where target_type in ('repository', 'pagerduty_service')
)

select guessed.service, guessed.target_type, guessed.target_name, guessed.rule, claimed.service as claimed_by
from links as guessed
inner join links as claimed
    on guessed.target_type = claimed.target_type
    and guessed.target_id = claimed.target_id
where guessed.is_chosen
    and guessed.rule in ('exact_name', 'normalised_name')
    and claimed.rule in ('annotation', 'descriptor', 'definition')
    and claimed.path is null
