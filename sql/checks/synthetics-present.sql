-- title: A robot uses it all the time
-- question: Does a synthetic test tell of an outage before customers do?
-- area: detect
-- subject: service
-- weight: medium
-- level: gold
-- applies_to: running services of the tiers in reference/critical_tiers.csv
-- remedy: Make a synthetic test in Datadog for what customers do most, give it the tag service with the name of the service, and do not pause it.
-- owner: platform
-- version: 1

select
    services.service as subject_id,
    case
        when attributes.has_tier is null then 'unknown'
        when tiers.tier is null then 'not_applicable'
        when services.has_synthetics then 'pass'
        when services.has_synthetics = false then 'fail'
        else 'unknown'
    end as status,
    case
        when attributes.has_tier is null then 'its tier is not told by what was read, and not all was'
        when tiers.tier is null then 'it is not of a critical tier'
        when services.has_synthetics then 'a synthetic test that is live names it'
        when services.has_synthetics = false then 'no synthetic test that is live carries its name in the tag service'
        else 'datadog.synthetic_tests was not read to the end, and nothing in what was read names it'
    end as reason,
    cast(
        json_object('tier', services.tier, 'tests', services.n_synthetics, 'live', services.n_live_synthetics, 'unread_tables', services.unread_tables)
        as varchar
    ) as evidence
from fct_service_monitoring as services
inner join fct_service_attributes as attributes
    on services.service = attributes.service
left join reference.critical_tiers as tiers
    on lower(services.tier) = cast(tiers.tier as varchar)
where services.is_running
