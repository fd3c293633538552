-- title: People review each other
-- question: Did somebody else approve nearly every pull request that was merged in the last weeks?
-- area: standardize
-- subject: repository
-- weight: high
-- level: silver
-- applies_to: repositories with enough pull requests of people merged into the default branch in the last weeks
-- remedy: Ask for an approval in the ruleset of the default branch (the check reviews-required), and agree who reviews when a team is small.
-- owner: platform
-- version: 1

-- The weeks, the threshold and the fewest that are judged stand in reference/thresholds.csv and reference/minimum_samples.csv.
select
    repositories.full_name as subject_id,
    case
        when practices.repository_id is null or not practices.is_merges_read then 'unknown'
        when practices.unreviewed_share is null then 'not_applicable'
        when practices.unreviewed_share > thresholds.value then 'fail'
        else 'pass'
    end as status,
    case
        when practices.repository_id is null then 'it was not read on this date'
        when not practices.is_merges_read then 'pull requests or their reviews were not read to the end'
        when practices.unreviewed_share is null then 'too few pull requests were merged to judge'
        when practices.unreviewed_share > thresholds.value then 'too many pull requests were merged though nobody else approved them'
        else 'nearly every pull request was approved by somebody else'
    end as reason,
    cast(
        json_object('merged', practices.n_merged, 'unreviewed', practices.n_unreviewed, 'threshold', thresholds.value) as varchar
    ) as evidence
from dim_repositories as repositories
cross join reference.thresholds as thresholds
left join fct_repository_practices as practices
    on repositories.repository_id = practices.repository_id
    and practices.as_of_date = getvariable('to')
where repositories.is_present is distinct from false
    and not repositories.is_archived
    and thresholds.name = 'unreviewed_share_maximum'
