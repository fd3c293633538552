-- severity: fail
-- title: repositories of a snapshot without a row, and rows without their repository
-- remedy: a join in fct_branch_protection lost or made repositories; its base is stg_github__repositories of that date
with protection as (
    select * from fct_branch_protection
),

owners as (
    select * from fct_repository_owners
)

select
    coalesce(protection.date, owners.date) as date,
    coalesce(protection.repository_id, owners.repository_id) as repository_id,
    protection.repository_id is not null as has_protection,
    owners.repository_id is not null as has_owners
from protection
full join owners
    on protection.date = owners.date
    and protection.repository_id = owners.repository_id
where protection.repository_id is null or owners.repository_id is null
