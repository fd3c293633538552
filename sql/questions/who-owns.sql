-- title: Who answers for a service, and where it is
-- question: What team owns this, how sure is that, and where is it in GitHub, Slack, PagerDuty, Datadog and Kubernetes?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, github.repositories, github.repository_files, github.teams, pagerduty.services
-- params:
--   service    service, by its own name or by that of its repository, PagerDuty service, Datadog service or pod label
-- columns:
--   status                  owned, disputed (what is trusted most names several teams), unowned, not_visible (no team in what was read, and not everything was, or
--                           the table that was not read to the end), or not_found (nothing is known by the name that was asked for)
--   subject_id              service, or the name that was asked for, or the table
--   owner_team              team that answers for it; null when none does, and when nobody knows
--   owner_rule              what tells that: descriptor (the catalog), definition (Datadog), codeowners or repository; null without a team
--   owner_confidence        how far that is trusted; null without a team [0 to 1]
--   other_teams             teams that something else names; null without any
--   is_described            the team is known to the catalog or to GitHub; null without a team, and when one of these was not read to the end
--   team_channel            channel of the team; null when not told
--   slack_channel           channel of the service; null when not told
--   repository              organization/name of its repository; null when not known
--   path                    folder there; null for the whole repository
--   repository_rule         what tells the repository, by reference/link_rules.csv; null without one
--   pagerduty_service       its service at PagerDuty; null when not known
--   pagerduty_service_id    id of that; null when not known
--   on_call_status          whether somebody is called about it, by fct_service_monitoring
--   datadog_service         name in Datadog; null without one
--   kubernetes_labels       names that its pods have; null without any
--   n_gaps                  what contradicts this, or is missing: identity-gaps lists it [links]
--   reason                  why it has this status
--   as_of_date              date of the newest snapshot that holds the service; for a table, the date that it was last asked for
--   subject_type            service, name or source
--   policy_id               name of this question
--   policy_version          version of its rules
--   evidence                what was concluded from (JSON text)
--   source_completeness     complete, or none

-- Without a name it answers for all services.
with services as (
    select * from dim_services
),

links as (
    select * from dim_service_links where service <> ''
),

teams as (
    select * from dim_teams
),

monitoring as (
    select service, on_call_status from fct_service_monitoring
),

owners as (
    select * from fct_service_owners
),

unread_tables as (
    select * from fct_unread_tables where policy_id = 'who-owns'
),

find_services as (
    select service
    from services
    where getvariable('service') is null or lower(service) = lower(getvariable('service'))
    union
    select service
    from links
    where
        target_type <> 'team'
        and status <> 'conflict'
        and (lower(target_name) = lower(getvariable('service')) or lower(target_id) = lower(getvariable('service')))
),

list_owners as (
    select
        service,
        array_to_string(array_agg(team order by rule_rank, team) filter (where not is_accountable), ', ') as other_teams,
        count(case when is_accountable then 1 end) = 0 as is_disputed,
        cast(
            json_object(
                'named', array_agg(team || ' (' || rule || ')' order by rule_rank, team),
                'said_by', flatten(array_agg(said_by order by rule_rank, team))
            ) as varchar
        ) as evidence
    from owners
    group by service
),

combine_links as (
    select
        service,
        max(case when target_type = 'repository' and is_chosen then path end) as path,
        max(case when target_type = 'repository' and is_chosen then rule end) as repository_rule,
        max(case when target_type = 'pagerduty_service' and is_chosen then target_name end) as pagerduty_service,
        array_to_string(
            array_agg(target_name order by target_name) filter (where target_type = 'kubernetes_label' and is_chosen), ', '
        ) as kubernetes_labels,
        count(case when status <> 'linked' then 1 end) as n_gaps
    from links
    group by service
),

judge_services as (
    select
        services.*,
        links.path,
        links.repository_rule,
        links.pagerduty_service,
        links.kubernetes_labels,
        coalesce(links.n_gaps, 0) as n_gaps,
        list_owners.other_teams,
        coalesce(list_owners.evidence, '{}') as owner_evidence,
        case
            when services.accountable_team is not null then 'owned'
            when list_owners.is_disputed then 'disputed'
            when services.is_owned is null then 'not_visible'
            else 'unowned'
        end as status
    from services
    inner join find_services as found
        on services.service = found.service
    left join combine_links as links
        on services.service = links.service
    left join list_owners
        on services.service = list_owners.service
),

answer_services as (
    select
        judged.status,
        judged.service as subject_id,
        judged.accountable_team as owner_team,
        judged.accountable_rule as owner_rule,
        judged.accountable_confidence as owner_confidence,
        judged.other_teams,
        teams.is_described,
        teams.slack_channel as team_channel,
        judged.slack_channel,
        judged.repository,
        judged.path,
        judged.repository_rule,
        judged.pagerduty_service,
        judged.pagerduty_service_id,
        monitoring.on_call_status,
        judged.datadog_service,
        judged.kubernetes_labels,
        judged.n_gaps,
        case judged.status
            when 'owned' then 'nothing that is trusted as much names another team'
            when 'disputed' then 'what is trusted most names several teams: ' || judged.other_teams
            when 'not_visible' then 'no team in what was read, and not everything that may name one was read to the end'
            else 'neither the catalog nor Datadog nor its repository names a team'
        end as reason,
        judged.last_seen_on as as_of_date,
        'service' as subject_type,
        judged.owner_evidence as evidence,
        case when judged.status = 'not_visible' then 'none' else 'complete' end as source_completeness
    from judge_services as judged
    left join teams
        on judged.accountable_team = teams.team
    left join monitoring
        on judged.service = monitoring.service
),

list_unanswered as (
    select
        'not_found' as status,
        cast(getvariable('service') as varchar) as subject_id,
        'nothing is known by this name: the tables below tell what was not read' as reason,
        cast(null as date) as as_of_date,
        'name' as subject_type,
        '{}' as evidence
    where getvariable('service') is not null and not exists (select 1 from find_services)
    union all
    select 'not_visible' as status, table_name as subject_id, reason, read_on as as_of_date, 'source' as subject_type, evidence
    from unread_tables
),

answer_unanswered as (
    select
        status,
        subject_id,
        cast(null as varchar) as owner_team,
        cast(null as varchar) as owner_rule,
        cast(null as double) as owner_confidence,
        cast(null as varchar) as other_teams,
        cast(null as boolean) as is_described,
        cast(null as varchar) as team_channel,
        cast(null as varchar) as slack_channel,
        cast(null as varchar) as repository,
        cast(null as varchar) as path,
        cast(null as varchar) as repository_rule,
        cast(null as varchar) as pagerduty_service,
        cast(null as varchar) as pagerduty_service_id,
        cast(null as varchar) as on_call_status,
        cast(null as varchar) as datadog_service,
        cast(null as varchar) as kubernetes_labels,
        cast(null as bigint) as n_gaps,
        reason,
        as_of_date,
        subject_type,
        evidence,
        'none' as source_completeness
    from list_unanswered
),

combine_answers as (
    select * from answer_services
    union all
    select * from answer_unanswered
),

who_owns as (
    select
        status,
        subject_id,
        owner_team,
        owner_rule,
        owner_confidence,
        other_teams,
        is_described,
        team_channel,
        slack_channel,
        repository,
        path,
        repository_rule,
        pagerduty_service,
        pagerduty_service_id,
        on_call_status,
        datadog_service,
        kubernetes_labels,
        n_gaps,
        reason,
        as_of_date,
        subject_type,
        'who-owns' as policy_id,
        1 as policy_version,
        evidence,
        source_completeness
    from combine_answers
)

select * from who_owns
order by case subject_type when 'service' then 1 when 'name' then 2 else 3 end, subject_id
