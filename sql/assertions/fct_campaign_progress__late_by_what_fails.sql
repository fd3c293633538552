-- severity: fail
-- title: campaigns called late though nothing of them is known to fail
-- remedy: restore the rule in fct_campaign_progress: not on track only where something fails, and would be late even if all that is unknown passed
with progress as (
    select * from fct_campaign_progress
)

select date, campaign_id, team, n_left, n_unknown, is_on_track
from progress
where is_on_track = false and n_left = 0
