-- severity: fail
-- title: rows that look unowned or valid though a source was not read, or owned without a rule
-- remedy: restore the rules in fct_repository_owners: unowned needs all three sources, owned needs a rule that names somebody
with owners as (
    select * from fct_repository_owners
)

select date, repository_id, full_name, owner_status, owner_rule, codeowners_status, unread_sources
from owners
where (owner_status = 'unowned' and len(unread_sources) > 0)
    or (owner_status = 'owned') is distinct from (owner_rule is not null)
    or (codeowners_status = 'valid') and len(codeowners_findings) > 0
    or (codeowners_status = 'broken') is distinct from (len(codeowners_findings) > 0)
    or codeowners_status not in ('valid', 'broken', 'none', 'too_large', 'unknown')
