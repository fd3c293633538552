-- title: A team owns the repository
-- question: Is it known which team answers for the repository?
-- area: attribute
-- subject: repository
-- weight: critical
-- level: bronze
-- applies_to: every repository that is not archived
-- remedy: Set the custom property team, or name one team for every file in CODEOWNERS.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case owners.owner_status when 'owned' then 'pass' when 'unowned' then 'fail' else 'unknown' end as status,
    case owners.owner_status
        when 'owned' then 'owned by ' || owners.owner_rule
        when 'unowned' then 'no custom property, no line of CODEOWNERS and no team that may write tells who owns it'
        when 'unknown' then 'nothing that was read tells, and not read was ' || array_to_string(owners.unread_sources, ', ')
        else 'it was not read on this date'
    end as reason,
    cast(
        json_object('team', owners.owner_team, 'rule', owners.owner_rule, 'writing_teams', owners.writing_teams, 'unread', owners.unread_sources)
        as varchar
    ) as evidence
from dim_repositories as repositories
left join fct_repository_owners as owners
    on repositories.repository_id = owners.repository_id
    and owners.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
