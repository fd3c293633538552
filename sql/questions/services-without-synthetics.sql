-- title: Services without a synthetic test
-- question: Which running services does no synthetic test that is live name, and for which can we not tell?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, datadog.monitors, datadog.synthetic_tests
-- params:
--   team       owning team
--   service    service
-- columns:
--   status                 without_synthetics or not_visible, or not_found for a name that nothing is known by
--   subject_id             service, or the table that was not read to the end
--   owner_team             owning team; null when unknown
--   tier                   tier of the service; null without one
--   lifecycle              lifecycle of the service; null without one
--   is_pci_scope           subject to PCI; null when not told
--   has_monitors           a monitor names it; null when unknown
--   reason                 why it has this status
--   as_of_date             newest date that anything behind the row was read for; null when nothing was
--   subject_type           service, or source for a table whose gaps may hide services, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   source_completeness    complete, or none

-- A paused test watches nothing. What runs is told by reference/service_types.csv. service-coverage counts the services that are in order.
with services as (
    select *
    from fct_service_monitoring
    where is_running
        and (getvariable('team') is null or lower(team) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(service) = lower(getvariable('service')))
),

gaps as (
    select * from int_question_gaps where policy_id = 'services-without-synthetics'
),

answer_services as (
    select
        case when has_synthetics = false then 'without_synthetics' else 'not_visible' end as status,
        service as subject_id,
        team as owner_team,
        tier,
        lifecycle,
        is_pci_scope,
        has_monitors,
        case
            when has_synthetics = false then 'no synthetic test that is live carries its name in the tag service'
            else 'datadog.synthetic_tests was not read to the end, and nothing in what was read names it'
        end as reason,
        as_of_date,
        'service' as subject_type,
        cast(json_object('synthetic_tests', n_synthetics, 'live', n_live_synthetics, 'unread_tables', unread_tables) as varchar) as evidence,
        case when has_synthetics = false then 'complete' else 'none' end as source_completeness
    from services
    where has_synthetics is distinct from true
),

combine_answers as (
    select * from answer_services
    union all
    select
        status, subject_id, null, null, null, null, null, reason, as_of_date, subject_type, evidence, 'none'
    from gaps
),

services_without_synthetics as (
    select
        status,
        subject_id,
        owner_team,
        tier,
        lifecycle,
        is_pci_scope,
        has_monitors,
        reason,
        as_of_date,
        subject_type,
        'services-without-synthetics' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from services_without_synthetics
order by
    case status when 'without_synthetics' then 1 else 2 end,
    tier nulls last,
    subject_type,
    subject_id
