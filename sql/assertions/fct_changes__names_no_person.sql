-- severity: fail
-- title: changes that tell a person by pseudonym or address
-- remedy: restore the rule in fct_changes: of people, the kind is all that is said
with changes as (
    select * from fct_changes
)

select date, source, table_name, key, column_name
from changes
where regexp_matches(coalesce(before, '') || ' ' || coalesce(after, '') || ' ' || coalesce(name, ''), '[0-9a-f]{32}')
