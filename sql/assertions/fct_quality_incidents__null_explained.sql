-- severity: fail
-- title: a correlation that is given for too few services or beyond its bounds, or withheld without a reason
-- remedy: look at what fct_quality_incidents ranks, and at the reasons that it gives
with quality_incidents as (
    select * from fct_quality_incidents
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
)

select quality_incidents.*
from quality_incidents
cross join minimum_samples
where (spearman_score_incidents is null) is distinct from (reason is not null)
    or (spearman_score_incidents is not null and n_services < minimum_samples.minimum)
    or abs(spearman_score_incidents) > 1.000001
