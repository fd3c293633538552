-- severity: warn
-- title: open alerts of a repository whose alerts we say are disabled or never ran, or that its date's snapshot does not hold
-- remedy: compare almanac.outcomes of that kind's table with the alerts of that date; the two reads disagree
with alerts as (
    select * from fct_security_alerts where state = 'open'
),

visibility as (
    select * from fct_alert_visibility
)

select
    alerts.date,
    alerts.source_kind,
    alerts.repository_id,
    alerts.full_name,
    visibility.visibility,
    count(*) as n_open
from alerts
left join visibility
    on alerts.source_kind = visibility.alert_kind
    and alerts.repository_id = visibility.repository_id
    and alerts.date = visibility.date
where visibility.visibility is null or visibility.visibility in ('disabled', 'never_ran')
group by alerts.date, alerts.source_kind, alerts.repository_id, alerts.full_name, visibility.visibility
