-- title: DORA's metrics over the last 90 days
-- question: How often and how fast do we deliver, how often does it fail, and how soon is that over?
-- owner: platform
-- sources: github.deployments, github.pull_requests, github.pull_request_commits, pagerduty.incidents, pagerduty.incident_log_entries, datadog.incidents
-- params:
--   team       team whose metrics, and those of its services, are wanted; without it and service, those of all teams and organisations
--   service    service whose metrics are wanted
-- columns:
--   status                 measured, too_few (samples for a statistic) or not_visible (a source of it was never read, or not to the end),
--                          or not_found for a name that nothing is known by
--   subject_type           organisation, team or service; source for a table, or name for one that nothing is known by
--   subject_id             login, team or service; the table that was not read to the end
--   metric                 deployment_frequency, lead_time_commit, lead_time_pull_request, change_failure_incident (told by incidents), change_failure_remediation
--                          (told by what was undone or repaired), recovery or rework; null for a table
--   value                  rate, median or share; null when there are too few samples, and when not visible
--   unit                   deployments per day, hours or share
--   n                      samples: deployments, commits, pull requests or recoveries; null when never read
--   band                   elite, high, medium or low: our reading of DORA's clusters; null without a value, for rework, and under the minimum of weeks
--   band_year              year of the report that the band is read from; null without a band
--   centre_low             low end of what DORA published of that cluster and year, in the unit of value; null without a band
--   centre_high            high end of the same; null where it has none
--   centre_source          report, or secondary for articles about it; null without a band
--   score                  by DORA's Quick Check; null without a value [0 to 10]
--   since                  first day that was looked at
--   reason                 why it has this status
--   as_of_date             newest day that was looked at
--   source_completeness    complete, partial (not all of its repositories or sources were read to the end) or none

-- Clusters are centres and no cut-offs: DORA's are not in order in every year, and a band says nothing without its year and its n. Lead times by commit and by
-- pull request begin with the commit and with the first commit. Rework is over all deployments, and a lower bound. fct_dora has percentiles, counts and
-- every week.
with dora as (
    select * from fct_dora where period_type = 'rolling_90d' and is_newest
),

services as (
    select * from dim_services
),

gaps as (
    select * from int_question_gaps where policy_id = 'dora'
),

dora_bands as (
    select * from reference.dora_bands
),

choose_subjects as (
    select
        dora.*,
        case
            when 'none' in (dora.deployments_completeness, dora.pull_requests_completeness) then 'none'
            when 'partial' in (dora.deployments_completeness, dora.pull_requests_completeness) then 'partial'
            else 'complete'
        end as changes_completeness,
        case
            when 'none' in (dora.deployments_completeness, dora.incidents_completeness) then 'none'
            when 'partial' in (dora.deployments_completeness, dora.incidents_completeness) then 'partial'
            else 'complete'
        end as failures_completeness
    from dora
    left join services
        on dora.subject_type = 'service'
        and dora.subject_id = services.service
    where case
        when getvariable('service') is not null then dora.subject_type = 'service' and lower(dora.subject_id) = lower(getvariable('service'))
        when getvariable('team') is not null
            then (dora.subject_type = 'team' and lower(dora.subject_id) = lower(getvariable('team')))
                or lower(services.accountable_team) = lower(getvariable('team'))
        else dora.subject_type <> 'service'
    end
),

list_metrics as (
    select
        subject_type, subject_id, period_start, period_end, band_year,
        1 as metric_order, 'deployment_frequency' as metric, 'frequency' as band_metric, 'deployments per day' as unit,
        deployments_per_day as value, n_deployments as n, frequency_band as band, frequency_score as score,
        deployments_completeness as source_completeness
    from choose_subjects
    union all
    select
        subject_type, subject_id, period_start, period_end, band_year,
        2, 'lead_time_commit', 'lead_time', 'hours', lead_time_commit_p50_hours, n_commits, lead_time_commit_band, lead_time_commit_score,
        case when n_commits is null then 'none' else changes_completeness end
    from choose_subjects
    union all
    select
        subject_type, subject_id, period_start, period_end, band_year,
        3, 'lead_time_pull_request', 'lead_time', 'hours', lead_time_pr_p50_hours, n_pull_requests, lead_time_pr_band, lead_time_pr_score,
        changes_completeness
    from choose_subjects
    union all
    select
        subject_type, subject_id, period_start, period_end, band_year,
        4, 'change_failure_incident', 'change_failure', 'share', change_failure_rate_incident,
        case when n_failed_incident is not null then n_deployments end, change_failure_incident_band, change_failure_incident_score,
        failures_completeness
    from choose_subjects
    union all
    select
        subject_type, subject_id, period_start, period_end, band_year,
        5, 'change_failure_remediation', 'change_failure', 'share', change_failure_rate_remediation,
        case when n_remediated is not null then n_deployments end, change_failure_remediation_band, change_failure_remediation_score,
        changes_completeness
    from choose_subjects
    union all
    select
        subject_type, subject_id, period_start, period_end, band_year,
        6, 'recovery', 'recovery', 'hours', recovery_p50_hours, n_recoveries, recovery_band, recovery_score,
        case when n_failed is null then 'none' when failures_completeness = 'complete' then changes_completeness else 'partial' end
    from choose_subjects
    union all
    select
        subject_type, subject_id, period_start, period_end, band_year,
        7, 'rework', 'rework', 'share', rework_rate, case when n_unplanned is not null then n_deployments end, null, rework_score,
        changes_completeness
    from choose_subjects
),

combine_answers as (
    select
        case when metrics.n is null then 'not_visible' when metrics.value is null then 'too_few' else 'measured' end as status,
        metrics.subject_type,
        metrics.subject_id,
        metrics.metric_order,
        metrics.metric,
        metrics.value,
        metrics.unit,
        metrics.n,
        metrics.band,
        case when metrics.band is not null then metrics.band_year end as band_year,
        centres.centre_low,
        centres.centre_high,
        centres.source_kind as centre_source,
        metrics.score,
        metrics.period_start as since,
        case
            when metrics.n is null then 'a source of it was never read'
            when metrics.value is null then 'there are too few samples for a statistic'
            when metrics.source_completeness <> 'complete' then 'what was read of it, for not everything was'
            else 'everything that was read'
        end as reason,
        metrics.period_end as as_of_date,
        metrics.source_completeness
    from list_metrics as metrics
    left join dora_bands as centres
        on metrics.band_metric = centres.metric
        and metrics.band_year = centres.year
        and metrics.band = centres.band
    union all
    select status, subject_type, subject_id, 0, null, null, null, null, null, null, null, null, null, null, null, reason, as_of_date, 'none'
    from gaps
),

answer_dora as (
    select
        status,
        subject_type,
        subject_id,
        metric,
        value,
        unit,
        n,
        band,
        band_year,
        centre_low,
        centre_high,
        centre_source,
        score,
        since,
        reason,
        as_of_date,
        source_completeness
    from combine_answers
)

select * from answer_dora
order by
    case subject_type when 'organisation' then 1 when 'team' then 2 when 'service' then 3 else 4 end,
    subject_id,
    case metric
        when 'deployment_frequency' then 1
        when 'lead_time_commit' then 2
        when 'lead_time_pull_request' then 3
        when 'change_failure_incident' then 4
        when 'change_failure_remediation' then 5
        when 'recovery' then 6
        else 7
    end
