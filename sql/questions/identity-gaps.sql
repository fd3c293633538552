-- title: What fits together badly, or with nothing
-- question: Which services, repositories, teams, PagerDuty services, Datadog names and pod labels contradict each other or have no partner?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, catalog.teams, github.teams, github.repositories, pagerduty.services, datadog.monitors, opencost.allocations
-- params:
--   team           team that answers for the service, or owns the repository
--   target_type    component, repository, team, pagerduty_service, datadog_service or kubernetes_label
-- columns:
--   status                 conflict, unmatched_service (it has no such partner, or the one that is named is not there), unmatched_target (a thing that fits no
--                          service) or not_visible, or not_found for a name that nothing is known by
--   target_type            kind of partner; null for a table
--   subject_id             service, or the name of the thing that fits none, or the table that was not read to the end
--   owner_team             team that answers for the service, or owns the repository; null when nothing tells
--   tier                   tier of the service or repository; null without one
--   is_running             the service runs; null for what is none
--   target_name            the partner that is contradicted or not there; null without one
--   rule                   what names that partner, by reference/link_rules.csv; null without one
--   confidence             how far that is trusted; null without one [0 to 1]
--   candidates             what else fits as well or better, or services of a like name for a thing that fits none; null without any
--   reason                 why it has this status
--   as_of_date             date that the other side was read for; null when it never was
--   subject_type           service, target, or source for a table whose gaps may hide partners, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, or none

-- What runs needs a partner of each kind; a library has none to lack. A link that is contradicted is listed, the better one that stands in dim_service_links
-- is not: who-owns has it. Not everything without a partner is a mistake: a repository of documents is no service, and not everything runs on Kubernetes.
with links as (
    select * from dim_service_links where status <> 'linked'
),

services as (
    select service, accountable_team, tier, is_running from dim_services
),

repositories as (
    select cast(repository_id as varchar) as target_id, owner_team, tier from dim_repositories
),

gaps as (
    select * from int_question_gaps where policy_id = 'identity-gaps'
),

describe_links as (
    select
        case when links.status = 'unknown' then 'not_visible' else links.status end as status,
        links.target_type,
        case when links.service <> '' then links.service else links.target_name end as subject_id,
        coalesce(services.accountable_team, repositories.owner_team) as owner_team,
        coalesce(services.tier, repositories.tier) as tier,
        services.is_running,
        case when links.service <> '' then links.target_name end as target_name,
        links.rule,
        links.confidence,
        nullif(array_to_string(links.candidates, ', '), '') as candidates,
        case
            when links.status = 'conflict' then 'a rule as good or better says something else, or the name fits several services'
            when links.status = 'unmatched_service' and links.target_id <> '' then 'it is named, and was not there when the other side was read to the end'
            when links.status = 'unmatched_service' then 'nothing names one, and no name fits'
            when links.status = 'unmatched_target' then 'no service names it, and no name fits one alone'
            when links.service <> '' then 'nothing in what was read names one, and not everything was read to the end'
            else 'it fits no service in what was read, and not everything was read to the end'
        end as reason,
        links.as_of_date,
        case when links.service <> '' then 'service' else 'target' end as subject_type,
        links.evidence,
        case when links.status = 'unknown' then 'none' else 'complete' end as source_completeness
    from links
    left join services
        on links.service = services.service
    left join repositories
        on links.service = ''
        and links.target_type = 'repository'
        and links.target_id = repositories.target_id
),

answer_links as (
    select *
    from describe_links
    where
        (getvariable('team') is null or lower(owner_team) = lower(getvariable('team')))
        and (getvariable('target_type') is null or target_type = getvariable('target_type'))
),

-- A table hides what it is about, whatever is asked for.
answer_sources as (
    select
        status,
        cast(null as varchar) as target_type,
        subject_id,
        cast(null as varchar) as owner_team,
        cast(null as varchar) as tier,
        cast(null as boolean) as is_running,
        cast(null as varchar) as target_name,
        cast(null as varchar) as rule,
        cast(null as double) as confidence,
        cast(null as varchar) as candidates,
        reason,
        as_of_date,
        subject_type,
        evidence,
        'none' as source_completeness
    from gaps
),

combine_answers as (
    select * from answer_links
    union all
    select * from answer_sources
),

identity_gaps as (
    select
        status,
        target_type,
        subject_id,
        owner_team,
        tier,
        is_running,
        target_name,
        rule,
        confidence,
        candidates,
        reason,
        as_of_date,
        subject_type,
        'identity-gaps' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from identity_gaps
order by
    case status when 'conflict' then 1 when 'unmatched_service' then 2 when 'unmatched_target' then 3 else 4 end,
    target_type nulls last,
    tier nulls last,
    subject_type,
    subject_id,
    target_name nulls last,
    evidence
