-- title: Code is scanned for faults
-- question: Does code scanning look at the repository, and did it ever?
-- area: ensure
-- subject: repository
-- weight: high
-- level: silver
-- applies_to: repositories that hold a commit
-- remedy: Switch code scanning on in Settings, Advanced Security (default setup), or upload results from your workflow; never_ran means that it is
--   on, and that no analysis came.
-- owner: platform
-- version: 1

select
    repositories.full_name as subject_id,
    case
        when visibility.repository_id is null then 'unknown'
        when repositories.is_empty then 'not_applicable'
        when visibility.visibility = 'visible' then 'pass'
        when visibility.visibility in ('disabled', 'never_ran') then 'fail'
        else 'unknown'
    end as status,
    case
        when visibility.repository_id is null then 'it was not read on this date'
        when repositories.is_empty then 'it holds no commit'
        when visibility.visibility = 'visible' then 'code scanning is on, and its alerts were read to the end'
        else visibility.reason
    end as reason,
    cast(json_object('visibility', visibility.visibility, 'outcome', visibility.outcome_status) as varchar) as evidence
from dim_repositories as repositories
left join fct_alert_visibility as visibility
    on repositories.repository_id = visibility.repository_id
    and visibility.alert_kind = 'code_scanning'
    and visibility.date = getvariable('to')
where repositories.is_present is distinct from false and not repositories.is_archived
