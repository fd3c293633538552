-- One row per repository and snapshot date, with which of the files that are looked for it has, and whether its descriptor can be read.
-- What could not be read is null, never false: files_status tells how the read ended.
-- grain: date, repository_id
-- kind: daily
-- lookback: 0d
-- owner: platform
-- freshness: 26h
-- columns:
--   date                     date of the snapshot
--   repository_id            GitHub's number of the repository
--   organization             login of the owning organisation
--   full_name                organization/name on that date
--   team                     owning team (custom property team) on that date; null when not set or not readable
--   visibility               public, private or internal on that date
--   is_archived              archived on that date
--   is_empty                 holds no commit
--   files_status             how the read of its files ended: ok, empty, …; missing when none is on record
--   has_codeowners           a CODEOWNERS file where GitHub looks for it; null when not known, as the next
--   has_pr_template          a template for pull requests; one that an organisation keeps for all its repositories is not seen here
--   has_security_policy      a SECURITY.md, or one that its organisation keeps for all, as GitHub says; null also when it does not say and there is none
--   has_dependabot_config    a dependabot.yml, which has dependencies raised by pull requests
--   has_workflow             a workflow of GitHub Actions
--   has_go_mod               a go.mod at the root, or where almanac.toml says
--   has_descriptor           a catalog-info.yaml
--   descriptor_status        valid, broken (a document in it cannot be used), none, or unknown
--   descriptor_findings      documents that cannot be used, as file and line: what is wrong
with repositories as (
    select *
    from stg_github__repositories
    where snapshot_date between getvariable('from') and getvariable('to')
),

properties as (
    select *
    from int_repository_properties_pivoted
    where snapshot_date between getvariable('from') and getvariable('to')
),

files as (
    select *
    from stg_github__repository_files
    where snapshot_date between getvariable('from') and getvariable('to')
),

coverage as (
    select *
    from int_collection_coverage
    where logical_date between getvariable('from') and getvariable('to')
),

count_files as (
    select
        repository_id,
        snapshot_date,
        count(case when kind = 'codeowners' then 1 end) > 0 as has_codeowners,
        count(case when kind = 'pull_request_template' then 1 end) > 0 as has_pr_template,
        count(case when kind = 'security_policy' then 1 end) > 0 as has_security_policy,
        count(case when kind = 'dependabot_config' then 1 end) > 0 as has_dependabot_config,
        count(case when kind = 'workflow' then 1 end) > 0 as has_workflow,
        count(case when kind = 'go_mod' then 1 end) > 0 as has_go_mod,
        count(case when kind = 'catalog_info' then 1 end) > 0 as has_descriptor
    from files
    group by repository_id, snapshot_date
),

-- The catalog tells how it fared with each file, and with each document of it that it could not use, by the line that this begins on.
read_descriptors as (
    select
        regexp_replace(parent, ':[0-9]+$', '') as file,
        parent,
        logical_date,
        detail,
        is_complete,
        status = 'error' and regexp_matches(parent, ':[0-9]+$') as is_broken_document
    from coverage
    where source = 'catalog' and table_name = 'services'
),

judge_descriptors as (
    select
        files.repository_id,
        files.snapshot_date,
        count(distinct case when not descriptors.is_complete or descriptors.is_complete is null then files.path end) as n_unread,
        count(case when descriptors.is_broken_document then 1 end) as n_broken,
        coalesce(
            array_agg(descriptors.parent || ': ' || coalesce(descriptors.detail, 'cannot be used') order by descriptors.parent)
                filter (where descriptors.is_broken_document),
            []
        ) as findings
    from files
    left join read_descriptors as descriptors
        on lower(files.full_name || '/' || files.path) = descriptors.file
        and files.snapshot_date = descriptors.logical_date
    where files.kind = 'catalog_info'
    group by files.repository_id, files.snapshot_date
),

judge_files as (
    select
        repositories.*,
        coalesce(coverage.status, 'missing') as files_status,
        coalesce(coverage.is_complete, false) as is_read
    from repositories
    left join coverage
        on coverage.source = 'github'
        and coverage.table_name = 'repository_files'
        and lower(repositories.full_name) = coverage.parent
        and repositories.snapshot_date = coverage.logical_date
),

fct_repository_standards as (
    select
        judged.snapshot_date as date,
        judged.repository_id,
        judged.organization,
        judged.full_name,
        properties.team,
        judged.visibility,
        judged.is_archived,
        judged.is_empty,
        judged.files_status,
        case when counted.has_codeowners then true when judged.is_read then false end as has_codeowners,
        case when counted.has_pr_template then true when judged.is_read then false end as has_pr_template,
        case
            when counted.has_security_policy or judged.is_security_policy_enabled then true
            when judged.is_read and not judged.is_security_policy_enabled then false
        end as has_security_policy,
        case when counted.has_dependabot_config then true when judged.is_read then false end as has_dependabot_config,
        case when counted.has_workflow then true when judged.is_read then false end as has_workflow,
        case when counted.has_go_mod then true when judged.is_read then false end as has_go_mod,
        case when counted.has_descriptor then true when judged.is_read then false end as has_descriptor,
        case
            when descriptors.n_broken > 0 then 'broken'
            when descriptors.n_unread > 0 then 'unknown'
            when descriptors.n_unread = 0 then 'valid'
            when judged.is_read then 'none'
            else 'unknown'
        end as descriptor_status,
        coalesce(descriptors.findings, []) as descriptor_findings
    from judge_files as judged
    left join properties
        on judged.repository_id = properties.repository_id
        and judged.snapshot_date = properties.snapshot_date
    left join count_files as counted
        on judged.repository_id = counted.repository_id
        and judged.snapshot_date = counted.snapshot_date
    left join judge_descriptors as descriptors
        on judged.repository_id = descriptors.repository_id
        and judged.snapshot_date = descriptors.snapshot_date
)

select * from fct_repository_standards
