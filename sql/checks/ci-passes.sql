-- title: The default branch builds
-- question: Did nearly every run on the default branch succeed in the last weeks?
-- area: ensure
-- subject: repository
-- weight: high
-- level: silver
-- applies_to: repositories with enough runs of GitHub Actions on the default branch in the last weeks
-- remedy: Mend the workflow that fails most (fct_ci_runs has the rate of each), and quarantine tests that fail at random.
-- owner: platform
-- version: 1

-- The weeks, the threshold and the fewest that are judged stand in reference/thresholds.csv and reference/minimum_samples.csv.
select
    repositories.full_name as subject_id,
    case
        when practices.repository_id is null or not practices.is_runs_read then 'unknown'
        when practices.run_failure_share is null then 'not_applicable'
        when practices.run_failure_share > thresholds.value then 'fail'
        else 'pass'
    end as status,
    case
        when practices.repository_id is null then 'it was not read on this date'
        when not practices.is_runs_read then 'workflow runs were not read to the end'
        when practices.run_failure_share is null then 'too few runs on the default branch ended to judge'
        when practices.run_failure_share > thresholds.value then 'too many runs on the default branch failed'
        else 'nearly every run on the default branch succeeded'
    end as reason,
    cast(
        json_object('judged', practices.n_runs_judged, 'failed', practices.n_runs_failed, 'threshold', thresholds.value) as varchar
    ) as evidence
from dim_repositories as repositories
cross join reference.thresholds as thresholds
left join fct_repository_practices as practices
    on repositories.repository_id = practices.repository_id
    and practices.as_of_date = getvariable('to')
where repositories.is_present is distinct from false
    and not repositories.is_archived
    and thresholds.name = 'run_failure_share_maximum'
