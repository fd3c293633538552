-- severity: fail
-- title: areas in which subjects or teams do not add up to the organisation
-- remedy: fct_quality_scores counts each pair of subject and check once for its subject, once for its team and once for the organisation
with scores as (
    select * from fct_quality_scores where n_checks is not null
),

sum_groups as (
    select
        date,
        area,
        case when subject_type in ('service', 'repository') then 'subjects' else subject_type end as grouped_by,
        sum(n_subjects) as n_subjects,
        sum(n_subjects_passing_all) as n_subjects_passing_all,
        sum(n_checks) as n_checks,
        sum(n_pass) as n_pass,
        sum(n_applicable) as n_applicable
    from scores
    group by date, area, case when subject_type in ('service', 'repository') then 'subjects' else subject_type end
),

list_areas as (
    select distinct date, area from scores
),

list_groups as (
    select areas.date, areas.area, groups.grouped_by
    from list_areas as areas
    cross join (values ('subjects'), ('team')) as groups (grouped_by)
)

select listed.date, listed.area, listed.grouped_by, organisation.n_checks, groups.n_checks as n_grouped
from list_groups as listed
left join sum_groups as organisation
    on listed.date = organisation.date
    and listed.area = organisation.area
    and organisation.grouped_by = 'organisation'
left join sum_groups as groups
    on listed.date = groups.date
    and listed.area = groups.area
    and listed.grouped_by = groups.grouped_by
where organisation.n_subjects is distinct from groups.n_subjects
    or organisation.n_subjects_passing_all is distinct from groups.n_subjects_passing_all
    or organisation.n_checks is distinct from groups.n_checks
    or organisation.n_pass is distinct from groups.n_pass
    or organisation.n_applicable is distinct from groups.n_applicable
