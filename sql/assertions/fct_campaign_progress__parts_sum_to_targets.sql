-- severity: fail
-- title: campaigns whose targets are counted twice or not at all, by status or by team
-- remedy: fct_campaign_progress counts every target once by status, and once for its team
with progress as (
    select * from fct_campaign_progress
),

sum_teams as (
    select
        date,
        campaign_id,
        sum(case when team = '__all__' then n_targets else 0 end) as n_targets,
        sum(case when team <> '__all__' then n_targets else 0 end) as n_targets_by_team,
        sum(case when team = '__all__' then n_done else 0 end) as n_done,
        sum(case when team <> '__all__' then n_done else 0 end) as n_done_by_team
    from progress
    group by date, campaign_id
)

select date, campaign_id, team, n_targets, n_done + n_left + n_unknown + n_exempt as n_counted
from progress
where n_targets <> n_done + n_left + n_unknown + n_exempt or n_done > n_targets or share_done not between 0 and 1
union all
select date, campaign_id, '__all__' as team, n_targets, n_targets_by_team as n_counted
from sum_teams
where n_targets <> n_targets_by_team or n_done <> n_done_by_team
