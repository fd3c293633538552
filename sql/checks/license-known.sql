-- title: It has a licence
-- question: Does a public repository say on which terms others may use it?
-- area: attribute
-- subject: repository
-- weight: medium
-- level: bronze
-- applies_to: public repositories that hold a commit
-- remedy: Add a LICENSE file with the text of a licence that GitHub knows.
-- owner: platform
-- version: 2

-- GitHub says NOASSERTION of a licence file with a text that it does not know.

select
    full_name as subject_id,
    case
        when last_seen_on is distinct from getvariable('to') then 'unknown'
        when visibility <> 'public' or is_empty then 'not_applicable'
        when license <> 'NOASSERTION' then 'pass'
        else 'fail'
    end as status,
    case
        when last_seen_on is distinct from getvariable('to') then 'it was not read on this date'
        when visibility <> 'public' then 'it is not public'
        when is_empty then 'it holds no commit'
        when license <> 'NOASSERTION' then 'its licence is known'
        when license is not null then 'there is a licence, and GitHub does not know which'
        else 'GitHub finds no licence in it'
    end as reason,
    cast(json_object('visibility', visibility, 'license', license) as varchar) as evidence
from dim_repositories
where is_present is distinct from false and not is_archived
