-- severity: fail
-- title: repositories with more pull requests unreviewed than merged, more runs failed than judged, or a share of too few
-- remedy: a count in fct_repository_practices counts what another does not, or a share stands below the minimum of samples
with practices as (
    select * from fct_repository_practices
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
)

select practices.*
from practices
cross join minimum_samples as m
where practices.n_unreviewed > practices.n_merged
    or practices.n_runs_failed > practices.n_runs_judged
    or ((practices.unreviewed_share is not null or practices.size_p75_lines is not null) and practices.n_merged < m.minimum)
    or (practices.run_failure_share is not null and practices.n_runs_judged < m.minimum)
