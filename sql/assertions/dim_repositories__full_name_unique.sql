-- severity: warn
-- title: names that two present repositories share
-- remedy: one was renamed or deleted while the snapshot was read; it settles with the next snapshot, or is_present is wrong
with repositories as (
    select * from dim_repositories
)

select lower(full_name) as full_name, count(*) as n_repositories
from repositories
where is_present
group by lower(full_name)
having count(*) > 1
