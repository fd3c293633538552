-- title: Pull requests are small enough to review
-- question: Were three of four pull requests merged in the last weeks small enough to be reviewed well?
-- area: standardize
-- subject: repository
-- weight: low
-- level: gold
-- applies_to: repositories with enough pull requests of people merged into the default branch in the last weeks
-- remedy: Split what is large: move and rename first, then change; put what generates code apart from what is generated.
-- owner: platform
-- version: 1

-- The weeks, the threshold and the fewest that are judged stand in reference/thresholds.csv and reference/minimum_samples.csv.
select
    repositories.full_name as subject_id,
    case
        when practices.repository_id is null or not practices.is_merges_read then 'unknown'
        when practices.size_p75_lines is null then 'not_applicable'
        when practices.size_p75_lines > thresholds.value then 'fail'
        else 'pass'
    end as status,
    case
        when practices.repository_id is null then 'it was not read on this date'
        when not practices.is_merges_read then 'pull requests or their reviews were not read to the end'
        when practices.size_p75_lines is null then 'too few pull requests were merged to judge'
        when practices.size_p75_lines > thresholds.value then 'more than one pull request of four was too large to be reviewed well'
        else 'three pull requests of four were small enough'
    end as reason,
    cast(
        json_object('merged', practices.n_merged, 'p75_lines', practices.size_p75_lines, 'threshold', thresholds.value) as varchar
    ) as evidence
from dim_repositories as repositories
cross join reference.thresholds as thresholds
left join fct_repository_practices as practices
    on repositories.repository_id = practices.repository_id
    and practices.as_of_date = getvariable('to')
where repositories.is_present is distinct from false
    and not repositories.is_archived
    and thresholds.name = 'reviewable_size_maximum'
