-- severity: fail
-- title: rows whose visibility is not public, private or internal
-- remedy: GitHub added a kind of visibility, or the mapping in collectors/src/github/repositories.rs changed
with repositories as (
    select * from dim_repositories
)

select repository_id, full_name, visibility
from repositories
where visibility is null or visibility not in ('public', 'private', 'internal')
