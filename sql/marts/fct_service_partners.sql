-- One row per service and repository, PagerDuty service or team that is said to be its own, with the best rule that says so and whether it is taken.
-- Taken is what the best rule says, if it says one thing. What is said outright may be shared by several services; a name that fits several is taken for none,
-- and so is one of a thing that another claims outright.
-- Of teams it is what the catalog and Datadog say: fct_service_owners adds what the repository does.
-- grain: service, target_type, target_id
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   service          key of the service in dim_services
--   target_type      repository, pagerduty_service or team
--   target_id        GitHub's number of the repository, or its name in lower case when it was never seen there; id of the PagerDuty service; the team
--   target_name      its name there, or else as it was said
--   repository_id    GitHub's number of the repository; null when it was never seen there, and for what is none
--   path             folder of the repository; null for the whole of it
--   rule             best rule that says so: annotation, descriptor, definition, exact_name or normalised_name, by reference/link_rules.csv
--   rule_rank        its place in the order of trust, from 1
--   order_in_rule    what goes first where one rule says several things: the definition that is matched better
--   confidence       how far it is trusted [0 to 1]
--   said_by          all that say so, the best first
--   candidates       what it is between: targets that the best rule names for the service, or services that a name fits, or that claim it; empty when it is taken
--   is_chosen        it is taken
with claims as (
    select * from int_service_claims
),

link_rules as (
    select * from reference.link_rules
),

rank_claims as (
    select
        claims.*,
        rules.rank as rule_rank,
        rules.confidence,
        row_number() over (
            partition by claims.service, claims.target_type, claims.target_id
            order by rules.rank, claims.order_in_rule, claims.said_by, claims.path nulls last
        ) as claim_rank,
        rank() over (partition by claims.service, claims.target_type order by rules.rank, claims.order_in_rule) as service_rank
    from claims
    inner join link_rules as rules
        on claims.rule = rules.rule
),

list_speakers as (
    select service, target_type, target_id, array_agg(said_by order by claim_rank) as said_by
    from rank_claims
    group by service, target_type, target_id
),

list_best as (
    select service, target_type, array_agg(distinct target_name order by target_name) as targets, count(distinct target_id) as n_targets
    from rank_claims
    where service_rank = 1
    group by service, target_type
),

judge_claims as (
    select
        claims.*,
        speakers.said_by as all_said_by,
        best.targets,
        claims.service_rank = 1 and best.n_targets = 1 and len(claims.services) < 2 as is_chosen
    from rank_claims as claims
    inner join list_speakers as speakers
        on claims.service = speakers.service
        and claims.target_type = speakers.target_type
        and claims.target_id = speakers.target_id
    inner join list_best as best
        on claims.service = best.service
        and claims.target_type = best.target_type
    where claims.claim_rank = 1
),

fct_service_partners as (
    select
        service,
        target_type,
        target_id,
        target_name,
        repository_id,
        path,
        rule,
        rule_rank,
        order_in_rule,
        confidence,
        all_said_by as said_by,
        case when is_chosen then cast([] as varchar[]) when len(services) > 1 then services else targets end as candidates,
        is_chosen
    from judge_claims
)

select * from fct_service_partners
