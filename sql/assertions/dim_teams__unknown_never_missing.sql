-- severity: fail
-- title: teams said to be unknown to the catalog or to GitHub though it was not read to the end
-- remedy: restore the rule in dim_teams: in_catalog and in_github are false only after a read to the end
with teams as (
    select * from dim_teams
),

reads as (
    select * from fct_table_reads
),

judge_reads as (
    select
        count(case when source = 'catalog' and table_name in ('services', 'teams') and is_complete then 1 end) as n_catalog,
        count(case when source = 'catalog' and table_name in ('services', 'teams') and not is_complete then 1 end) as n_catalog_unread,
        count(case when source = 'github' and table_name = 'teams' and is_complete then 1 end) as n_github
    from reads
)

select teams.team, teams.in_catalog, teams.in_github, teams.is_described
from teams
cross join judge_reads
where (teams.in_catalog = false and (judge_reads.n_catalog = 0 or judge_reads.n_catalog_unread > 0))
    or (teams.in_github = false and judge_reads.n_github = 0)
    or (teams.is_described = false and (teams.in_catalog is distinct from false or teams.in_github is distinct from false))
