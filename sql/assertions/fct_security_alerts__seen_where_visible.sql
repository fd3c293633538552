-- severity: warn
-- title: open alerts of a repository whose alerts we say are disabled, or that its date's snapshot does not hold
-- remedy: compare almanac.outcomes of github.dependabot_alerts with the alerts of that date; the two reads disagree
with alerts as (
    select * from fct_security_alerts where source_kind = 'dependabot' and state = 'open'
),

visibility as (
    select * from fct_alert_visibility where alert_kind = 'dependabot'
)

select
    alerts.date,
    alerts.repository_id,
    alerts.full_name,
    visibility.visibility,
    count(*) as n_open
from alerts
left join visibility
    on alerts.repository_id = visibility.repository_id
    and alerts.date = visibility.date
where visibility.visibility is null or visibility.visibility = 'disabled'
group by alerts.date, alerts.repository_id, alerts.full_name, visibility.visibility
