-- title: What is adopted, and by whom
-- question: Which share of services and repositories has each practice, by team, and of how many do we not know?
-- owner: platform
-- sources: catalog.services, datadog.service_definitions, datadog.monitors, datadog.slos, datadog.synthetic_tests, pagerduty.services, pagerduty.oncalls, github.repositories,
--   github.repository_files, github.dependabot_alerts, github.code_scanning_alerts, github.secret_scanning_alerts
-- params:
--   team        team that answers for them
--   practice    practice, as in the column of that name
-- columns:
--   status          counted, or not_visible for a table whose gaps may hide services or repositories, or not_found for a name that nothing is known by
--   subject_type    service, repository, or source, or name for one that nothing is known by
--   practice        slo, synthetics, paging_monitor, on_call, dashboard, runbook or disaster_recovery of services; codeowners, pr_template, branch_protection,
--                   code_scanning, secret_scanning, dependabot or go_target of repositories; the name of the table for a source
--   team            team that answers for them, (all), or (no team) when none is known; null for a source
--   n_subjects      services or repositories that it is about [subjects]
--   n_with          of these, known to have it [subjects]
--   n_without       of these, known not to [subjects]
--   n_unknown       of these, not known, since something was not read [subjects]
--   share           n_with of those that are known; null under the minimum of samples [0 to 1]
--   share_low       n_with of all, if none of the unknown has it; null likewise [0 to 1]
--   share_high      likewise, if all of them have it [0 to 1]
--   reason          what counts as having it
--   as_of_date      newest date that anything behind the row was read for

-- Services that run, and repositories that are not archived. go_target is about those with a go.mod: they have it when no go.mod is behind the target for Go.
-- A service that several teams may own, or nobody, is in (no team).
with services as (
    select * from fct_service_monitoring where is_running
),

attributes as (
    select * from fct_service_attributes
),

repositories as (
    select * from dim_repositories where not is_archived and is_present is distinct from false
),

visibility as (
    select * from fct_alert_visibility
),

owners as (
    select * from fct_repository_owners
),

protection as (
    select * from fct_branch_protection
),

standards as (
    select * from fct_repository_standards
),

drift as (
    select * from fct_version_drift where module_path = 'go'
),

gaps as (
    select * from int_question_gaps where policy_id = 'adoption'
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

-- Of a repository that the newest read of its organisation did not come to, nothing is known today.
list_repositories as (
    select repository_id, coalesce(owner_team, team) as team, last_seen_on, case when is_present then last_seen_on end as read_on from repositories
),

judge_go as (
    select
        repository_id,
        date,
        case
            when count(case when drift_status = 'behind_target' then 1 end) > 0 then false
            when count(case when drift_status = 'unknown' then 1 end) = 0 then true
        end as is_at_target
    from drift
    group by repository_id, date
),

judge_subjects as (
    select 'service' as subject_type, 'slo' as practice, team, as_of_date, has_slo as has_it, 'a service level objective names it' as reason from services
    union all
    select 'service', 'synthetics', team, as_of_date, has_synthetics, 'a synthetic test that is not paused names it' from services
    union all
    select 'service', 'paging_monitor', team, as_of_date, has_paging_monitor, 'a monitor that calls people names it' from services
    union all
    select 'service', 'on_call', team, as_of_date, on_call_covered, 'somebody is on call at the first level, now and in the days to come' from services
    union all
    select 'service', 'dashboard', services.team, services.as_of_date, attributes.has_dashboard, 'a link names a dashboard, or the title of one names it'
    from services
    inner join attributes
        on services.service = attributes.service
    union all
    select 'service', 'runbook', services.team, services.as_of_date, attributes.has_runbook, 'a link or label names a runbook'
    from services
    inner join attributes
        on services.service = attributes.service
    union all
    select
        'service', 'disaster_recovery', services.team, services.as_of_date, attributes.has_disaster_recovery,
        'a label, tag or link tells how it comes back after a disaster'
    from services
    inner join attributes
        on services.service = attributes.service
    union all
    select
        'repository', kinds.practice, repositories.team, repositories.last_seen_on,
        case when visibility.visibility = 'visible' then true when visibility.visibility in ('disabled', 'never_ran') then false end,
        'its alerts could be read to the end'
    from list_repositories as repositories
    cross join (values ('code_scanning'), ('secret_scanning'), ('dependabot')) as kinds (practice)
    left join visibility
        on repositories.repository_id = visibility.repository_id
        and repositories.read_on = visibility.date
        and kinds.practice = visibility.alert_kind
    union all
    select
        'repository', 'codeowners', repositories.team, repositories.last_seen_on,
        case when owners.codeowners_status = 'valid' then true when owners.codeowners_status in ('broken', 'none', 'too_large') then false end,
        'a CODEOWNERS file that works'
    from list_repositories as repositories
    left join owners
        on repositories.repository_id = owners.repository_id
        and repositories.read_on = owners.date
    union all
    select
        'repository', 'branch_protection', repositories.team, repositories.last_seen_on,
        case when protection.protection_status = 'protected' then true when protection.protection_status in ('unprotected', 'planned_only') then false end,
        'something at least protects the default branch'
    from list_repositories as repositories
    left join protection
        on repositories.repository_id = protection.repository_id
        and repositories.read_on = protection.date
    where protection.protection_status is distinct from 'no_default_branch'
    union all
    select 'repository', 'pr_template', repositories.team, repositories.last_seen_on, standards.has_pr_template, 'a template for pull requests'
    from list_repositories as repositories
    left join standards
        on repositories.repository_id = standards.repository_id
        and repositories.read_on = standards.date
    union all
    select
        'repository', 'go_target', repositories.team, repositories.last_seen_on, judged.is_at_target, 'no go.mod behind the target for Go'
    from list_repositories as repositories
    inner join judge_go as judged
        on repositories.repository_id = judged.repository_id
        and repositories.read_on = judged.date
),

list_groups as (
    select subject_type, practice, coalesce(team, '(no team)') as team, as_of_date, has_it, reason from judge_subjects
    union all
    select subject_type, practice, '(all)' as team, as_of_date, has_it, reason from judge_subjects
),

count_subjects as (
    select
        subject_type,
        practice,
        team,
        count(*) as n_subjects,
        count(case when has_it then 1 end) as n_with,
        count(case when has_it = false then 1 end) as n_without,
        count(case when has_it is null then 1 end) as n_unknown,
        min(reason) as reason,
        max(as_of_date) as as_of_date
    from list_groups
    where (getvariable('team') is null or lower(team) = lower(getvariable('team')))
        and (getvariable('practice') is null or practice = getvariable('practice'))
    group by subject_type, practice, team
),

answer_practices as (
    select
        'counted' as status,
        counted.subject_type,
        counted.practice,
        counted.team,
        counted.n_subjects,
        counted.n_with,
        counted.n_without,
        counted.n_unknown,
        case when counted.n_with + counted.n_without >= m.minimum then counted.n_with / cast(counted.n_with + counted.n_without as double) end as share,
        case when counted.n_subjects >= m.minimum then counted.n_with / cast(counted.n_subjects as double) end as share_low,
        case when counted.n_subjects >= m.minimum then (counted.n_with + counted.n_unknown) / cast(counted.n_subjects as double) end as share_high,
        counted.reason,
        counted.as_of_date
    from count_subjects as counted
    cross join minimum_samples as m
),

adoption as (
    select * from answer_practices
    union all
    select status, subject_type, subject_id, null, null, null, null, null, null, null, null, reason, as_of_date
    from gaps
)

select * from adoption
order by
    case status when 'counted' then 1 else 2 end,
    subject_type desc,
    practice,
    case team when '(all)' then 1 when '(no team)' then 3 else 2 end,
    team
