-- title: Error budget is left
-- question: Is error budget left of every objective, over the 30 days up to the newest?
-- area: ensure
-- subject: service
-- weight: medium
-- level: gold
-- applies_to: running services that a service level objective names
-- remedy: Slow down releases until the budget has come back, and mend what used most of it: the question slo-breaches has the days.
-- owner: platform
-- version: 1

select
    service as subject_id,
    case
        when error_budget_30d <= 0 then 'fail'
        when n_slos = 0 then 'not_applicable'
        when error_budget_30d > 0 and n_slos_budget = n_slos then 'pass'
        else 'unknown'
    end as status,
    case
        when error_budget_30d <= 0 then 'an objective of it has used up its error budget of 30 days'
        when n_slos = 0 then 'no service level objective names it'
        when error_budget_30d > 0 and n_slos_budget = n_slos then 'every objective of it has error budget left'
        else 'of an objective of it too few of the 30 days had data, or were read'
    end as reason,
    cast(
        json_object(
            'objectives', n_slos, 'with_budget', n_slos_budget, 'least_percent', round(error_budget_30d, 1), 'unread_tables', unread_tables
        ) as varchar
    ) as evidence
from fct_service_monitoring
where is_running
