-- title: What is subject to PCI
-- question: Is this service or this repository subject to PCI, who says so, and of which does nobody say?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, github.repositories, github.repository_properties
-- params:
--   team          owning team; a repository whose owner is not known stays, for it may be theirs
--   service       service, and the repository that it lives in
--   repository    organization/name, and the services that live in it
-- columns:
--   status                 in_scope, conflict (one says so and another says no: treat it as in scope), not_told, not_visible, or out_of_scope,
--                          or not_found for a name that nothing is known by
--   subject_id             service, organization/name, or the table that was not read to the end
--   owner_team             owning team; null when unknown
--   told_by                service (a label or tag of its own), repository (custom property), or both; null when nobody says
--   service_says           what labels and tags of the service say; null when they do not, and for a repository
--   repository_says        what the custom property of the repository says; null when it does not
--   repository             repository of the service; null when not told, and for a repository
--   reason                 why it has this status
--   as_of_date             date the row is true for: the newest snapshot that holds the subject
--   subject_type           service, repository, or source for a table whose gaps may hide what was said, or name for one that nothing is known by
--   policy_id              name of this question
--   policy_version         version of its rules
--   evidence               what was concluded from (JSON text)
--   remediation_url        page where a repository is told to be; null for a service, whose descriptor may be anywhere
--   source_completeness    complete or none

-- A service that says nothing itself is what its repository is. What a value means is told by reference/pci_scope_values.csv; in another
-- word nobody says anything. What does not run, and archived repositories, are left out.
with services as (
    select * from dim_services where is_running and is_present is distinct from false
),

repositories as (
    select * from dim_repositories where not is_archived and is_present is distinct from false
),

unread_tables as (
    select * from fct_unread_tables where policy_id = 'pci-scope'
),

gaps as (
    select * from int_question_gaps where policy_id = 'pci-scope'
),

-- Without the table that would say so, nothing is told: that is not the same as nobody telling.
judge_reads as (
    select
        count(case when table_name like 'github.%' then 1 end) = 0 as is_github_read,
        count(case when table_name not like 'github.%' then 1 end) = 0 as are_services_read
    from unread_tables
),

judge_services as (
    select
        services.service as subject_id,
        'service' as subject_type,
        coalesce(services.accountable_team, services.team) as owner_team,
        services.is_pci_scope as service_says,
        repositories.is_pci_scope as repository_says,
        services.repository,
        services.last_seen_on as as_of_date,
        cast(null as varchar) as remediation_url,
        reads.are_services_read and (services.repository is null or reads.is_github_read) as is_read
    from services
    cross join judge_reads as reads
    left join repositories
        on lower(services.repository) = lower(repositories.full_name)
    where (getvariable('team') is null or lower(coalesce(services.accountable_team, services.team)) = lower(getvariable('team')))
        and (getvariable('service') is null or lower(services.service) = lower(getvariable('service')))
        and (getvariable('repository') is null or lower(services.repository) = lower(getvariable('repository')))
),

judge_repositories as (
    select
        repositories.full_name as subject_id,
        'repository' as subject_type,
        coalesce(repositories.owner_team, repositories.team) as owner_team,
        cast(null as boolean) as service_says,
        repositories.is_pci_scope as repository_says,
        cast(null as varchar) as repository,
        repositories.last_seen_on as as_of_date,
        'https://github.com/' || repositories.full_name || '/settings/custom-properties' as remediation_url,
        reads.is_github_read as is_read
    from repositories
    cross join judge_reads as reads
    where (
        getvariable('team') is null
        or lower(getvariable('team')) in (lower(repositories.team), lower(repositories.owner_team))
        or (repositories.team is null and repositories.owner_team is null and repositories.owner_status is distinct from 'unowned')
    )
    and (getvariable('repository') is null or lower(repositories.full_name) = lower(getvariable('repository')))
    and (
        getvariable('service') is null
        or exists (
            select 1
            from services
            where lower(services.service) = lower(getvariable('service')) and lower(services.repository) = lower(repositories.full_name)
        )
    )
),

combine_subjects as (
    select * from judge_services
    union all
    select * from judge_repositories
),

answer_subjects as (
    select
        case
            when service_says <> repository_says then 'conflict'
            when coalesce(service_says, repository_says) then 'in_scope'
            when coalesce(service_says, repository_says) = false then 'out_of_scope'
            when is_read then 'not_told'
            else 'not_visible'
        end as status,
        subject_id,
        owner_team,
        case
            when service_says is not null and repository_says is not null then 'both'
            when service_says is not null then 'service'
            when repository_says is not null then 'repository'
        end as told_by,
        service_says,
        repository_says,
        repository,
        case
            when service_says <> repository_says then 'the service and its repository say different things'
            when service_says is not null then 'a label or tag of the service says so'
            when repository_says is not null and subject_type = 'service' then 'its repository says so, and the service says nothing'
            when repository_says is not null then 'the custom property pci_scope says so'
            when is_read then 'nobody says, or in a word that is not known'
            else 'nobody says in what could be read, and not everything could'
        end as reason,
        as_of_date,
        subject_type,
        cast(json_object('service_says', service_says, 'repository_says', repository_says) as varchar) as evidence,
        remediation_url,
        case when is_read or service_says is not null or repository_says is not null then 'complete' else 'none' end as source_completeness
    from combine_subjects
),

combine_answers as (
    select * from answer_subjects
    union all
    select status, subject_id, null, null, null, null, null, reason, as_of_date, subject_type, evidence, null, 'none'
    from gaps
),

pci_scope as (
    select
        status,
        subject_id,
        owner_team,
        told_by,
        service_says,
        repository_says,
        repository,
        reason,
        as_of_date,
        subject_type,
        'pci-scope' as policy_id,
        1 as policy_version,
        evidence,
        remediation_url,
        source_completeness
    from combine_answers
)

select * from pci_scope
order by
    case status when 'conflict' then 1 when 'in_scope' then 2 when 'not_told' then 3 when 'not_visible' then 4 else 5 end,
    subject_type,
    subject_id
