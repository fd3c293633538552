-- One row per link of a service with something that it is elsewhere, and one for each side that has no partner on the other, as last read.
-- What is said outright of several services links them all, a folder or a team being shared by many; a name that fits several links none, nor does that of
-- a thing which another claims outright. A link that a better rule contradicts is kept as a conflict, so that what disagrees can be put right where it stands.
-- grain: service, target_type, target_id
-- kind: full
-- owner: platform
-- freshness: 50h
-- columns:
--   service        key of the service in dim_services; empty for a thing that fits no service
--   target_type    component (of the catalog), repository, team, pagerduty_service, datadog_service or kubernetes_label (value of a label, or name of a
--                  controller, by which fct_pod_costs knows a service)
--   target_id      the thing there: GitHub's number of a repository, or its name when it was never seen there; id of a PagerDuty service; a name for what has
--                  no id; empty for a service without a partner
--   target_name    its name there, or else as it was said; null without a partner
--   path           folder of the repository that the service lives in; null for the whole of it, and for what is none
--   status         linked, conflict (rules as good or better say something else, or a name fits several services or what another claims), unmatched_service
--                  (a running service without a partner, or one whose partner is not there), unmatched_target (a thing there that fits no service) or unknown
--                  (it has no partner in what was read, and not all was)
--   is_chosen      dim_services goes by it; every label value that is linked counts. True without the partner being there where it is said outright
--   rule           best rule that says so, by reference/link_rules.csv; null without a partner
--   rule_rank      its place in the order of trust, from 1; null without a partner
--   confidence     how far it is trusted; null without a partner [0 to 1]
--   candidates     what a conflict is between: names of things there, or services; services of a like name for a thing that fits none
--   as_of_date     date that the other side was read for; null when it never was
--   evidence       what was concluded from (JSON text)
with services as (
    select * from dim_services
),

told_services as (
    select service, is_told_whole from int_services
),

partners as (
    select * from fct_service_partners where target_type <> 'team'
),

owners as (
    select * from fct_service_owners
),

teams as (
    select * from dim_teams
),

repositories as (
    select * from dim_repositories
),

names as (
    select * from int_service_names
),

normalised_names as (
    select * from int_normalised_names
),

datadog_names as (
    select * from int_datadog_service_names
),

pagerduty_services as (
    select * from stg_pagerduty__services
),

pods as (
    select * from fct_pod_costs where kind = 'workload' and service is not null
),

cost_coverage as (
    select * from fct_cost_coverage where is_newest_day
),

coverage as (
    select * from int_collection_coverage where source = 'github' and table_name = 'repositories'
),

reads as (
    select * from int_table_reads
),

link_rules as (
    select * from reference.link_rules
),

-- A table that nobody asked for hides nothing, but one at least has to be read on each side.
list_sides as (
    select *
    from (
        values
            ('component', 'catalog', 'services'),
            ('repository', 'github', 'repositories'),
            ('team', 'catalog', 'teams'),
            ('team', 'github', 'teams'),
            ('pagerduty_service', 'pagerduty', 'services'),
            ('datadog_service', 'datadog', 'service_definitions'),
            ('datadog_service', 'datadog', 'monitors'),
            ('datadog_service', 'datadog', 'slos'),
            ('datadog_service', 'datadog', 'synthetic_tests'),
            ('datadog_service', 'datadog', 'incidents'),
            ('service', 'catalog', 'services'),
            ('service', 'datadog', 'service_definitions')
    ) as sides (target_type, source, table_name)
),

judge_sides as (
    select
        sides.target_type,
        count(reads.source) > 0 and count(case when reads.is_complete = false then 1 end) = 0 as is_read,
        max(reads.read_on) as as_of_date,
        coalesce(
            array_agg(sides.source || '.' || sides.table_name order by sides.source, sides.table_name) filter (where reads.is_complete = false),
            []
        ) as unread_tables
    from list_sides as sides
    left join reads
        on sides.source = reads.source
        and sides.table_name = reads.table_name
    group by sides.target_type
    union all
    select
        'kubernetes_label' as target_type,
        count(*) > 0 and bool_and(is_whole) as is_read,
        max(date) as as_of_date,
        case when count(*) > 0 and bool_and(is_whole) then [] else ['opencost.allocations'] end as unread_tables
    from cost_coverage
),

judge_services as (
    select is_read, unread_tables from judge_sides where target_type = 'service'
),

newest_pagerduty_services as (
    select pagerduty_services.service_id, pagerduty_services.name
    from pagerduty_services
    inner join reads
        on reads.source = 'pagerduty'
        and reads.table_name = 'services'
        and pagerduty_services.snapshot_date = reads.read_on
),

-- A repository that was never seen is not there only where its organisation was read to the end.
find_newest_reads as (
    select coverage.parent as organization, coverage.is_complete
    from coverage
    inner join reads
        on reads.source = 'github'
        and reads.table_name = 'repositories'
        and coverage.logical_date = reads.read_on
),

link_repositories as (
    select
        partners.service,
        partners.target_type,
        partners.target_id,
        partners.target_name,
        partners.path,
        partners.rule,
        partners.is_chosen as is_linked,
        partners.is_chosen,
        partners.candidates,
        case
            when known.repository_id is not null then known.is_present
            when organizations.is_complete then false
        end as is_there,
        partners.said_by
    from partners
    left join repositories as known
        on partners.repository_id = known.repository_id
    left join find_newest_reads as organizations
        on lower(split_part(partners.target_name, '/', 1)) = organizations.organization
    where partners.target_type = 'repository'
),

link_pagerduty as (
    select
        partners.service,
        partners.target_type,
        partners.target_id,
        partners.target_name,
        cast(null as varchar) as path,
        partners.rule,
        partners.is_chosen as is_linked,
        partners.is_chosen,
        partners.candidates,
        case when newest.service_id is not null then true when sides.is_read then false end as is_there,
        partners.said_by
    from partners
    inner join judge_sides as sides
        on partners.target_type = sides.target_type
    left join newest_pagerduty_services as newest
        on partners.target_id = newest.service_id
    where partners.target_type = 'pagerduty_service'
),

link_teams as (
    select
        owners.service,
        'team' as target_type,
        owners.team as target_id,
        owners.team as target_name,
        cast(null as varchar) as path,
        owners.rule,
        owners.is_accountable as is_linked,
        owners.is_accountable as is_chosen,
        owners.candidates,
        coalesce(teams.is_described, case when sides.is_read then false end) as is_there,
        owners.said_by
    from owners
    inner join judge_sides as sides
        on sides.target_type = 'team'
    left join teams
        on owners.team = teams.team
),

datadog_rules as (
    select *
    from (values ('annotation', 'annotation'), ('name', 'exact_name'), ('normalised_name', 'normalised_name')) as rules (match_rule, rule)
),

-- A definition that stands for no component is a service of its own.
link_components as (
    select
        service,
        'component' as target_type,
        entity_ref as target_id,
        entity_ref as target_name,
        cast(null as varchar) as path,
        'descriptor' as rule,
        true as is_linked,
        true as is_chosen,
        cast([] as varchar[]) as candidates,
        is_present as is_there,
        ['catalog: ' || entity_ref] as said_by
    from services
    where entity_ref is not null
    union all
    select
        services.service,
        'component' as target_type,
        components.entity_ref as target_id,
        components.entity_ref as target_name,
        cast(null as varchar) as path,
        datadog_rules.rule,
        false as is_linked,
        false as is_chosen,
        services.candidates,
        components.is_present as is_there,
        ['datadog: ' || services.datadog_service] as said_by
    from services
    cross join unnest(services.candidates) as fitting (service)
    inner join services as components
        on fitting.service = components.service
    inner join datadog_names as names
        on services.datadog_service = names.name
    inner join datadog_rules
        on names.best_rule = datadog_rules.match_rule
),

list_datadog_names as (
    select
        names.service,
        names.name,
        coalesce(datadog_rules.rule, case when names.is_defined then 'definition' else 'normalised_name' end) as rule,
        true as is_linked,
        cast([] as varchar[]) as candidates
    from datadog_names as names
    left join datadog_rules
        on names.match_rule = datadog_rules.match_rule
    where names.service is not null
    union all
    select fitting.service, names.name, datadog_rules.rule, false as is_linked, names.candidates
    from datadog_names as names
    cross join unnest(names.candidates) as fitting (service)
    inner join datadog_rules
        on names.best_rule = datadog_rules.match_rule
    where names.match_rule = 'ambiguous'
    union all
    select services.service, lower(services.datadog_service) as name, 'annotation' as rule, true as is_linked, cast([] as varchar[]) as candidates
    from services
    left join datadog_names
        on lower(services.datadog_service) = datadog_names.name
    where services.datadog_service is not null and datadog_names.name is null
),

link_datadog as (
    select
        listed.service,
        'datadog_service' as target_type,
        listed.name as target_id,
        listed.name as target_name,
        cast(null as varchar) as path,
        listed.rule,
        listed.is_linked,
        listed.is_linked and listed.name is not distinct from lower(services.datadog_service) as is_chosen,
        listed.candidates,
        case when known.name is not null then true when sides.is_read then false end as is_there,
        ['datadog: ' || listed.name] as said_by
    from list_datadog_names as listed
    inner join services
        on listed.service = services.service
    inner join judge_sides as sides
        on sides.target_type = 'datadog_service'
    left join datadog_names as known
        on listed.name = known.name
),

-- What the labels of a pod name is told by fct_pod_costs, for the catalog of that day.
list_labels as (
    select
        lower(pods.service) as name,
        trim(regexp_replace(lower(pods.service), '[^\p{L}\p{M}\p{N}]+', '-', 'g'), '-') as normalised_name,
        bool_or(pods.service_rule <> 'label') as is_resolved,
        bool_or(pods.service_rule <> 'controller') as is_labelled,
        list_sort(array_agg(distinct pods.cluster || '/' || pods.namespace)) as places
    from pods
    inner join (select distinct date from cost_coverage) as days
        on pods.date = days.date
    group by lower(pods.service)
),

match_labels as (
    select labels.name, services.service, 1 as match_rank
    from list_labels as labels
    inner join services
        on labels.name = lower(services.service)
    where labels.is_resolved
    union
    select labels.name, names.service, case when labels.name = names.name then 1 else 3 end as match_rank
    from list_labels as labels
    inner join names
        on labels.normalised_name = names.normalised_name
    where not labels.is_resolved
    union
    select labels.name, datadog_names.service, 2 as match_rank
    from list_labels as labels
    inner join datadog_names
        on labels.name = datadog_names.name
    where not labels.is_resolved and datadog_names.service is not null
),

rank_labels as (
    select *, rank() over (partition by name order by match_rank) as best_rank
    from (select name, service, min(match_rank) as match_rank from match_labels group by name, service) as matched
),

list_label_services as (
    select name, array_agg(service order by service) as services
    from rank_labels
    where best_rank = 1
    group by name
),

link_labels as (
    select
        ranked.service,
        'kubernetes_label' as target_type,
        labels.name as target_id,
        labels.name as target_name,
        cast(null as varchar) as path,
        case when ranked.match_rank < 3 and labels.is_labelled then 'exact_name' else 'normalised_name' end as rule,
        len(fitting.services) = 1 as is_linked,
        len(fitting.services) = 1 as is_chosen,
        case when len(fitting.services) > 1 then fitting.services else [] end as candidates,
        true as is_there,
        labels.places as said_by
    from rank_labels as ranked
    inner join list_labels as labels
        on ranked.name = labels.name
    inner join list_label_services as fitting
        on ranked.name = fitting.name
    where ranked.best_rank = 1
),

combine_links as (
    select * from link_components
    union all
    select * from link_repositories
    union all
    select * from link_teams
    union all
    select * from link_pagerduty
    union all
    select * from link_datadog
    union all
    select * from link_labels
),

answer_links as (
    select
        service,
        target_type,
        target_id,
        target_name,
        path,
        case when not is_linked then 'conflict' when is_there = false then 'unmatched_service' else 'linked' end as status,
        is_chosen,
        rule,
        candidates,
        cast(json_object('said_by', said_by, 'is_there', is_there) as varchar) as evidence
    from combine_links
),

judge_services_without as (
    select
        services.service,
        sides.target_type,
        case
            when sides.target_type in ('repository', 'pagerduty_service') then sides.is_read and told.is_told_whole
            when sides.target_type = 'team' then services.is_owned is not null
            else sides.is_read
        end as is_known,
        sides.unread_tables,
        told.is_told_whole
    from services
    inner join told_services as told
        on services.service = told.service
    inner join judge_sides as sides
        on sides.target_type <> 'service'
    left join combine_links as links
        on services.service = links.service
        and sides.target_type = links.target_type
    where services.is_running and links.service is null
),

answer_services as (
    select
        service,
        target_type,
        '' as target_id,
        cast(null as varchar) as target_name,
        cast(null as varchar) as path,
        case when is_known then 'unmatched_service' else 'unknown' end as status,
        false as is_chosen,
        cast(null as varchar) as rule,
        cast([] as varchar[]) as candidates,
        cast(json_object('unread_tables', unread_tables, 'is_told_whole', is_told_whole) as varchar) as evidence
    from judge_services_without
),

list_targets as (
    select
        'repository' as target_type,
        cast(repository_id as varchar) as target_id,
        full_name as target_name,
        lower(name) as name,
        is_present is not null as is_there,
        case when is_archived then ['archived'] else [] end as places
    from repositories
    where is_present is distinct from false
    union all
    select 'team' as target_type, team as target_id, team as target_name, cast(null as varchar) as name, true as is_there, github_teams as places
    from teams
    where is_described
    union all
    select
        'pagerduty_service' as target_type,
        service_id as target_id,
        name as target_name,
        lower(name) as name,
        true as is_there,
        cast([] as varchar[]) as places
    from newest_pagerduty_services
    union all
    select
        'datadog_service' as target_type,
        name as target_id,
        name as target_name,
        name,
        true as is_there,
        cast([] as varchar[]) as places
    from datadog_names
    union all
    select 'kubernetes_label' as target_type, name as target_id, name as target_name, name, true as is_there, places
    from list_labels
),

find_similar_services as (
    select targets.target_type, targets.target_id, array_agg(distinct names.service order by names.service) as services
    from list_targets as targets
    inner join (
        select name, normalised_name from normalised_names
        union
        select name, normalised_name from list_labels
    ) as normalised
        on targets.name = normalised.name
    inner join names
        on normalised.normalised_name = names.normalised_name
    group by targets.target_type, targets.target_id
),

answer_targets as (
    select
        '' as service,
        targets.target_type,
        targets.target_id,
        targets.target_name,
        cast(null as varchar) as path,
        case when targets.is_there and judge_services.is_read then 'unmatched_target' else 'unknown' end as status,
        false as is_chosen,
        cast(null as varchar) as rule,
        coalesce(similar_to.services, []) as candidates,
        cast(json_object('seen_in', targets.places, 'unread_tables', judge_services.unread_tables) as varchar) as evidence
    from list_targets as targets
    cross join judge_services
    left join (select distinct target_type, target_id from combine_links) as linked
        on targets.target_type = linked.target_type
        and targets.target_id = linked.target_id
    left join find_similar_services as similar_to
        on targets.target_type = similar_to.target_type
        and targets.target_id = similar_to.target_id
    where linked.target_id is null
),

combine_answers as (
    select * from answer_links
    union all
    select * from answer_services
    union all
    select * from answer_targets
),

dim_service_links as (
    select
        answers.service,
        answers.target_type,
        answers.target_id,
        answers.target_name,
        answers.path,
        answers.status,
        answers.is_chosen,
        answers.rule,
        rules.rank as rule_rank,
        rules.confidence,
        answers.candidates,
        sides.as_of_date,
        answers.evidence
    from combine_answers as answers
    inner join judge_sides as sides
        on answers.target_type = sides.target_type
    left join link_rules as rules
        on answers.rule = rules.rule
)

select * from dim_service_links
