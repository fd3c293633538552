-- One row per service, team or organisation and ISO week, or 90 days up to the end of a week or to the newest day, with DORA's metrics.
-- Everything is about successful deployments to production (fct_deployments), each once, in the period of its first success; times end there, too. Weeks
-- begin with the subject's first deployment, or else are the newest. A statistic over fewer samples than the minimum is null, its n stands; a measure
-- whose source was never read is null. Which incident and which repair belongs to which deployment is told in fct_deployments. Rework is a lower bound.
-- Lead times are those of changes, under a minimum of changes, and not of people: what few people change has them, too.
-- Bands are our reading of clusters that DORA published, by reference/dora_classifier.csv; scores are those of DORA's Quick Check. Where Apache DevLake
-- means something else: it puts an incident down to the last deployment of the whole project, with no window, so that one team's incidents fail another's
-- deployments; ours belong to the service or the team, within a day. It counts a missing stage of a pull request as no time; ours stays null. It falls
-- back to updated_at for the end of a deployment or incident, which moves; ours is the first success, and the resolution in the log. It takes any comment
-- for a review. It has commits of a deployment from a clone of the repository; ours are those of its pull requests, before they were squashed, so that
-- commits pushed without one are missing and lead times are not shortened by squashing.
-- grain: subject_type, subject_id, period_type, period_start
-- kind: full
-- owner: platform
-- freshness: 26h
-- columns:
--   subject_type                                         service, team or organisation
--   subject_id                                           service, team, or login of the organisation
--   period_type                                          week (ISO, from Monday, UTC) or rolling_90d (days of delivery_window in reference/thresholds.csv)
--   period_start                                         first day of the period
--   period_end                                           last day of it: of the week in progress, the newest day
--   is_newest                                            the week in progress, and the days up to the newest
--   is_whole                                             deployments of all its days are known: not so of the week in progress, before deployments were first
--                                                        seen, and after one of its repositories was last read to the end
--   n_days                                               days of it of which deployments are known, of one of its repositories at least, those without any
--                                                        included [days]
--   deployments_completeness                             complete, partial (not all of its repositories were read to the end, and up to date) or none (never)
--   pull_requests_completeness                           likewise, of pull requests
--   incidents_completeness                               likewise, of incidents: partial when a source was not read to the end and one was, at least once
--   n_deployments                                        successful deployments to production; null when no day of it was read [deployments]
--   deployments_per_day                                  n_deployments over n_days; null when no day of it was read [deployments per day]
--   n_deployment_days                                    days with one; null likewise [days]
--   n_weeks                                              whole ISO weeks in the period of which deployments are known [weeks]
--   deployment_days_per_week_p50                         median of days with a deployment over these, weeks without any included [days]
--   n_commits                                            commits that came to production with a lead time: no merges, none older than commit_maximum_age, each
--                                                        once; null when never read [commits]
--   lead_time_commit_p50_hours                           median, committed to finished [hours]
--   lead_time_commit_p75_hours                           75th percentile of the same [hours]
--   lead_time_commit_p90_hours                           90th percentile of the same [hours]
--   n_pull_requests                                      pull requests that came to production with a lead time; null when never read [pull requests]
--   lead_time_pr_p50_hours                               median, first commit authored to finished [hours]
--   lead_time_pr_p75_hours                               75th percentile of the same [hours]
--   lead_time_pr_p90_hours                               90th percentile of the same [hours]
--   n_failed_incident                                    of n_deployments, those that an incident is put down to; null when never read [deployments]
--   change_failure_rate_incident                         n_failed_incident over n_deployments [0 to 1]
--   n_without_rollbacks                                  of n_deployments, those that are no rollback; null when never read [deployments]
--   n_remediated                                         of n_without_rollbacks, those that a later one undoes or repairs; null when never read [deployments]
--   change_failure_rate_remediation                      n_remediated over n_deployments [0 to 1]
--   change_failure_rate_remediation_without_rollbacks    n_remediated over n_without_rollbacks, as Datadog counts [0 to 1]
--   n_failed                                             of n_deployments, failed by incident or by remediation; null when both were never read [deployments]
--   n_recoveries                                         of these, those with a time of recovery; null as n_failed [deployments]
--   n_recoveries_incident                                of these, told by the resolution of incidents; the others by what remediates them; null likewise
--                                                        [deployments]
--   recovery_p50_hours                                   median, finished to recovered [hours]
--   n_judged_unplanned                                   of n_deployments, those of which it is known whether they were planned; null when pull requests
--                                                        were never read [deployments]
--   n_unplanned                                          of these, rollbacks, hotfixes and reverts of what was live; null likewise [deployments]
--   rework_rate                                          n_unplanned over n_deployments, so a lower bound; null when pull requests were never read [0 to 1]
--   n_incidents                                          incidents that began in the period, and are about it or put down to its deployments; null when never
--                                                        read [incidents]
--   attributed_explicit_share                            of these, put down to a deployment by a user, or to none [0 to 1]
--   attributed_same_service_share                        of these, put down to a deployment of their service [0 to 1]
--   attributed_same_team_share                           of these, put down to a deployment of their team [0 to 1]
--   not_attributed_share                                 of these, put down to no deployment [0 to 1]
--   attribution_confidence                               mean over n_failed_incident; null without one [0 to 1]
--   frequency_band                                       elite, high, medium or low by deployment days; null under the minimum of weeks
--   lead_time_commit_band                                by lead_time_commit_p50_hours
--   lead_time_pr_band                                    by lead_time_pr_p50_hours
--   change_failure_incident_band                         by change_failure_rate_incident
--   change_failure_remediation_band                      by change_failure_rate_remediation
--   recovery_band                                        by recovery_p50_hours
--   band_year                                            year of the report that the bands are read from
--   frequency_score                                      by deployments_per_day [0 to 10]
--   lead_time_commit_score                               by lead_time_commit_p50_hours [0 to 10]
--   lead_time_pr_score                                   by lead_time_pr_p50_hours [0 to 10]
--   change_failure_incident_score                        by change_failure_rate_incident [0 to 10]
--   change_failure_remediation_score                     by change_failure_rate_remediation [0 to 10]
--   recovery_score                                       by recovery_p50_hours [0 to 10]
--   rework_score                                         by rework_rate [0 to 10]
with deployments as (
    select * from int_dora_deployments
),

periods as (
    select * from int_dora_periods
),

lead_times as (
    select * from int_dora_lead_times
),

dora_incidents as (
    select * from int_dora_incidents
),

incident_sources as (
    select * from int_incident_sources
),

classifier as (
    select *
    from reference.dora_classifier
    where year = (select max(year) from reference.dora_classifier)
),

quick_check as (
    select * from reference.dora_quick_check
),

minimum_samples as (
    select minimum from reference.minimum_samples where name = 'statistic'
),

judge_incident_reads as (
    select
        case
            when count(case when is_ever_complete then 1 end) = 0 then 'none'
            when count(case when not is_complete then 1 end) = 0 then 'complete'
            else 'partial'
        end as completeness
    from incident_sources
),

sum_deployments as (
    select
        periods.subject_type,
        periods.subject_id,
        periods.period_type,
        periods.period_start,
        count(*) as n_deployments,
        count(distinct deployments.finished_on) as n_deployment_days,
        count(case when deployments.is_failed_incident then 1 end) as n_failed_incident,
        count(case when not deployments.is_rollback then 1 end) as n_without_rollbacks,
        count(case when deployments.is_failed_remediation and not deployments.is_rollback then 1 end) as n_remediated,
        count(case when deployments.is_failed_incident or deployments.is_failed_remediation then 1 end) as n_failed,
        count(deployments.recovery_hours) as n_recoveries,
        count(case when deployments.recovery_rule = 'incident' then deployments.recovery_hours end) as n_recoveries_incident,
        percentile_cont(0.50) within group (order by deployments.recovery_hours) as recovery_p50_hours,
        count(deployments.is_unplanned) as n_judged_unplanned,
        count(case when deployments.is_unplanned then 1 end) as n_unplanned,
        avg(cast(deployments.attribution_confidence as decimal(9, 6))) as attribution_confidence
    from periods
    inner join deployments
        on periods.subject_type = deployments.subject_type
        and periods.subject_id = deployments.subject_id
        and deployments.finished_on between periods.period_start and periods.period_end
    group by periods.subject_type, periods.subject_id, periods.period_type, periods.period_start
),

count_week_days as (
    select
        subject_type,
        subject_id,
        cast(date_trunc('week', finished_on) as date) as monday,
        count(distinct finished_on) as n_deployment_days
    from deployments
    group by subject_type, subject_id, cast(date_trunc('week', finished_on) as date)
),

-- A whole week without a deployment counts like any other.
sum_weeks as (
    select
        periods.subject_type,
        periods.subject_id,
        periods.period_type,
        periods.period_start,
        count(*) as n_weeks,
        percentile_cont(0.50) within group (order by coalesce(weeks.n_deployment_days, 0)) as days_p50
    from periods
    cross join unnest(generate_series(periods.first_week, periods.last_week, interval 7 day)) as whole (monday)
    left join count_week_days as weeks
        on periods.subject_type = weeks.subject_type
        and periods.subject_id = weeks.subject_id
        and cast(whole.monday as date) = weeks.monday
    group by periods.subject_type, periods.subject_id, periods.period_type, periods.period_start
),

sum_lead_times as (
    select
        periods.subject_type,
        periods.subject_id,
        periods.period_type,
        periods.period_start,
        times.change_type,
        count(*) as n,
        percentile_cont(0.50) within group (order by times.lead_hours) as p50_hours,
        percentile_cont(0.75) within group (order by times.lead_hours) as p75_hours,
        percentile_cont(0.90) within group (order by times.lead_hours) as p90_hours
    from periods
    inner join lead_times as times
        on periods.subject_type = times.subject_type
        and periods.subject_id = times.subject_id
        and times.finished_on between periods.period_start and periods.period_end
    group by periods.subject_type, periods.subject_id, periods.period_type, periods.period_start, times.change_type
),

sum_incidents as (
    select
        periods.subject_type,
        periods.subject_id,
        periods.period_type,
        periods.period_start,
        count(*) as n_incidents,
        count(case when incidents.rule = 'explicit' then 1 end) as n_explicit,
        count(case when incidents.rule = 'same_service' then 1 end) as n_same_service,
        count(case when incidents.rule = 'same_team' then 1 end) as n_same_team,
        count(case when incidents.rule = 'none' then 1 end) as n_none
    from periods
    inner join dora_incidents as incidents
        on periods.subject_type = incidents.subject_type
        and periods.subject_id = incidents.subject_id
        and incidents.started_on between periods.period_start and periods.period_end
    group by periods.subject_type, periods.subject_id, periods.period_type, periods.period_start
),

judge_periods as (
    select
        periods.*,
        incident_reads.completeness as incidents_completeness,
        periods.n_days > 0 as has_deployments,
        periods.n_days > 0 and periods.pull_requests_completeness <> 'none' as has_changes,
        periods.n_days > 0 and incident_reads.completeness <> 'none' as has_incidents
    from periods
    cross join judge_incident_reads as incident_reads
),

-- Nothing read is nothing known; read, and nothing found, is none.
combine_counts as (
    select
        periods.subject_type,
        periods.subject_id,
        periods.period_type,
        periods.period_start,
        periods.period_end,
        periods.is_newest,
        periods.is_whole,
        periods.n_days,
        periods.deployments_completeness,
        periods.pull_requests_completeness,
        periods.incidents_completeness,
        case when periods.has_deployments then coalesce(deployed.n_deployments, 0) end as n_deployments,
        case when periods.has_deployments then coalesce(deployed.n_deployment_days, 0) end as n_deployment_days,
        coalesce(weeks.n_weeks, 0) as n_weeks,
        case when periods.has_deployments then weeks.days_p50 end as weekly_days_p50,
        case when periods.has_changes and periods.commits_completeness <> 'none' then coalesce(commits.n, 0) end as n_commits,
        commits.p50_hours as commit_p50_hours,
        commits.p75_hours as commit_p75_hours,
        commits.p90_hours as commit_p90_hours,
        case when periods.has_changes then coalesce(pull_requests.n, 0) end as n_pull_requests,
        pull_requests.p50_hours as pr_p50_hours,
        pull_requests.p75_hours as pr_p75_hours,
        pull_requests.p90_hours as pr_p90_hours,
        case when periods.has_incidents then coalesce(deployed.n_failed_incident, 0) end as n_failed_incident,
        case when periods.has_deployments then coalesce(deployed.n_without_rollbacks, 0) end as n_without_rollbacks,
        case when periods.has_changes then coalesce(deployed.n_remediated, 0) end as n_remediated,
        case when periods.has_changes or periods.has_incidents then coalesce(deployed.n_failed, 0) end as n_failed,
        case when periods.has_changes or periods.has_incidents then coalesce(deployed.n_recoveries, 0) end as n_recoveries,
        case when periods.has_changes or periods.has_incidents then coalesce(deployed.n_recoveries_incident, 0) end as n_recoveries_incident,
        deployed.recovery_p50_hours as recovery_median_hours,
        case when periods.has_changes then coalesce(deployed.n_judged_unplanned, 0) end as n_judged_unplanned,
        case when periods.has_changes then coalesce(deployed.n_unplanned, 0) end as n_unplanned,
        case when periods.has_incidents then deployed.attribution_confidence end as attribution_confidence,
        case when periods.incidents_completeness <> 'none' then coalesce(incidents.n_incidents, 0) end as n_incidents,
        incidents.n_explicit,
        incidents.n_same_service,
        incidents.n_same_team,
        incidents.n_none
    from judge_periods as periods
    left join sum_deployments as deployed
        on periods.subject_type = deployed.subject_type
        and periods.subject_id = deployed.subject_id
        and periods.period_type = deployed.period_type
        and periods.period_start = deployed.period_start
    left join sum_weeks as weeks
        on periods.subject_type = weeks.subject_type
        and periods.subject_id = weeks.subject_id
        and periods.period_type = weeks.period_type
        and periods.period_start = weeks.period_start
    left join sum_lead_times as commits
        on periods.subject_type = commits.subject_type
        and periods.subject_id = commits.subject_id
        and periods.period_type = commits.period_type
        and periods.period_start = commits.period_start
        and commits.change_type = 'commit'
    left join sum_lead_times as pull_requests
        on periods.subject_type = pull_requests.subject_type
        and periods.subject_id = pull_requests.subject_id
        and periods.period_type = pull_requests.period_type
        and periods.period_start = pull_requests.period_start
        and pull_requests.change_type = 'pull_request'
    left join sum_incidents as incidents
        on periods.subject_type = incidents.subject_type
        and periods.subject_id = incidents.subject_id
        and periods.period_type = incidents.period_type
        and periods.period_start = incidents.period_start
),

-- Shares and rates are statistics, too: under the minimum of samples they say nothing.
measure_periods as (
    select
        counts.*,
        counts.n_deployments / nullif(cast(counts.n_days as double), 0) as deployments_per_day,
        30 * counts.n_deployment_days / nullif(cast(counts.n_days as double), 0) as deployment_days_per_30_days,
        case when counts.n_weeks >= m.minimum then counts.weekly_days_p50 end as deployment_days_per_week_p50,
        case when counts.n_commits >= m.minimum then counts.commit_p50_hours end as lead_time_commit_p50_hours,
        case when counts.n_commits >= m.minimum then counts.commit_p75_hours end as lead_time_commit_p75_hours,
        case when counts.n_commits >= m.minimum then counts.commit_p90_hours end as lead_time_commit_p90_hours,
        case when counts.n_pull_requests >= m.minimum then counts.pr_p50_hours end as lead_time_pr_p50_hours,
        case when counts.n_pull_requests >= m.minimum then counts.pr_p75_hours end as lead_time_pr_p75_hours,
        case when counts.n_pull_requests >= m.minimum then counts.pr_p90_hours end as lead_time_pr_p90_hours,
        case when counts.n_deployments >= m.minimum then cast(counts.n_failed_incident as double) / counts.n_deployments end
            as change_failure_rate_incident,
        case when counts.n_deployments >= m.minimum then cast(counts.n_remediated as double) / counts.n_deployments end
            as change_failure_rate_remediation,
        case when counts.n_without_rollbacks >= m.minimum then cast(counts.n_remediated as double) / counts.n_without_rollbacks end
            as change_failure_rate_remediation_without_rollbacks,
        case when counts.n_recoveries >= m.minimum then counts.recovery_median_hours end as recovery_p50_hours,
        case when counts.n_deployments >= m.minimum then cast(counts.n_unplanned as double) / counts.n_deployments end as rework_rate,
        case when counts.n_incidents >= m.minimum then cast(counts.n_explicit as double) / counts.n_incidents end as attributed_explicit_share,
        case when counts.n_incidents >= m.minimum then cast(counts.n_same_service as double) / counts.n_incidents end
            as attributed_same_service_share,
        case when counts.n_incidents >= m.minimum then cast(counts.n_same_team as double) / counts.n_incidents end as attributed_same_team_share,
        case when counts.n_incidents >= m.minimum then cast(counts.n_none as double) / counts.n_incidents end as not_attributed_share
    from combine_counts as counts
    cross join minimum_samples as m
),

-- How often is told by days of a week and, for those that deploy less often, of a month; the score by the rate.
list_measures as (
    select
        subject_type,
        subject_id,
        period_type,
        period_start,
        'frequency' as measure,
        'frequency' as metric,
        'deployments per day' as unit,
        deployments_per_day as value
    from measure_periods
    union all
    select subject_type, subject_id, period_type, period_start, 'lead_time_commit', 'lead_time', 'hours', lead_time_commit_p50_hours
    from measure_periods
    union all
    select subject_type, subject_id, period_type, period_start, 'lead_time_pr', 'lead_time', 'hours', lead_time_pr_p50_hours
    from measure_periods
    union all
    select subject_type, subject_id, period_type, period_start, 'change_failure_incident', 'change_failure', 'share', change_failure_rate_incident
    from measure_periods
    union all
    select subject_type, subject_id, period_type, period_start, 'change_failure_remediation', 'change_failure', 'share', change_failure_rate_remediation
    from measure_periods
    union all
    select subject_type, subject_id, period_type, period_start, 'recovery', 'recovery', 'hours', recovery_p50_hours
    from measure_periods
    union all
    select subject_type, subject_id, period_type, period_start, 'rework', 'rework', 'share', rework_rate
    from measure_periods
    union all
    select subject_type, subject_id, period_type, period_start, 'frequency', 'frequency', 'deployment days per ISO week', deployment_days_per_week_p50
    from measure_periods
    union all
    select subject_type, subject_id, period_type, period_start, 'frequency', 'frequency', 'deployment days per 30 days', deployment_days_per_30_days
    from measure_periods
    where deployment_days_per_week_p50 is not null
),

rank_bands as (
    select
        measures.subject_type,
        measures.subject_id,
        measures.period_type,
        measures.period_start,
        measures.measure,
        classifier.band,
        row_number() over (
            partition by measures.subject_type, measures.subject_id, measures.period_type, measures.period_start, measures.measure
            order by classifier.rank
        ) as band_rank
    from list_measures as measures
    inner join classifier
        on measures.metric = classifier.metric
        and measures.unit = classifier.unit
        and (
            (classifier.comparison = 'at_least' and measures.value >= classifier.value)
            or (classifier.comparison = 'at_most' and measures.value <= classifier.value)
            or (classifier.comparison = 'below' and measures.value < classifier.value)
            or classifier.comparison = 'otherwise'
        )
    where measures.value is not null
),

-- An answer of several has one score; a share lies between two.
score_measures as (
    select
        measures.subject_type,
        measures.subject_id,
        measures.period_type,
        measures.period_start,
        measures.measure,
        answers.score_at_low
        + case
            when answers.score_at_low = answers.score_at_high then 0
            else (answers.score_at_high - answers.score_at_low) * (measures.value - answers.low) / (answers.high - answers.low)
        end as score
    from list_measures as measures
    inner join quick_check as answers
        on measures.metric = answers.metric
        and measures.unit = answers.unit
        and measures.value >= answers.low
        and (
            answers.high is null
            or measures.value < answers.high
            or (measures.value = answers.high and answers.score_at_low <> answers.score_at_high)
        )
),

gather_bands as (
    select
        subject_type,
        subject_id,
        period_type,
        period_start,
        max(case when measure = 'frequency' then band end) as frequency_band,
        max(case when measure = 'lead_time_commit' then band end) as lead_time_commit_band,
        max(case when measure = 'lead_time_pr' then band end) as lead_time_pr_band,
        max(case when measure = 'change_failure_incident' then band end) as change_failure_incident_band,
        max(case when measure = 'change_failure_remediation' then band end) as change_failure_remediation_band,
        max(case when measure = 'recovery' then band end) as recovery_band
    from rank_bands
    where band_rank = 1
    group by subject_type, subject_id, period_type, period_start
),

gather_scores as (
    select
        subject_type,
        subject_id,
        period_type,
        period_start,
        max(case when measure = 'frequency' then score end) as frequency_score,
        max(case when measure = 'lead_time_commit' then score end) as lead_time_commit_score,
        max(case when measure = 'lead_time_pr' then score end) as lead_time_pr_score,
        max(case when measure = 'change_failure_incident' then score end) as change_failure_incident_score,
        max(case when measure = 'change_failure_remediation' then score end) as change_failure_remediation_score,
        max(case when measure = 'recovery' then score end) as recovery_score,
        max(case when measure = 'rework' then score end) as rework_score
    from score_measures
    group by subject_type, subject_id, period_type, period_start
),

fct_dora as (
    select
        measured.subject_type,
        measured.subject_id,
        measured.period_type,
        measured.period_start,
        measured.period_end,
        measured.is_newest,
        measured.is_whole,
        measured.n_days,
        measured.deployments_completeness,
        measured.pull_requests_completeness,
        measured.incidents_completeness,
        measured.n_deployments,
        measured.deployments_per_day,
        measured.n_deployment_days,
        measured.n_weeks,
        measured.deployment_days_per_week_p50,
        measured.n_commits,
        measured.lead_time_commit_p50_hours,
        measured.lead_time_commit_p75_hours,
        measured.lead_time_commit_p90_hours,
        measured.n_pull_requests,
        measured.lead_time_pr_p50_hours,
        measured.lead_time_pr_p75_hours,
        measured.lead_time_pr_p90_hours,
        measured.n_failed_incident,
        measured.change_failure_rate_incident,
        measured.n_without_rollbacks,
        measured.n_remediated,
        measured.change_failure_rate_remediation,
        measured.change_failure_rate_remediation_without_rollbacks,
        measured.n_failed,
        measured.n_recoveries,
        measured.n_recoveries_incident,
        measured.recovery_p50_hours,
        measured.n_judged_unplanned,
        measured.n_unplanned,
        measured.rework_rate,
        measured.n_incidents,
        measured.attributed_explicit_share,
        measured.attributed_same_service_share,
        measured.attributed_same_team_share,
        measured.not_attributed_share,
        measured.attribution_confidence,
        bands.frequency_band,
        bands.lead_time_commit_band,
        bands.lead_time_pr_band,
        bands.change_failure_incident_band,
        bands.change_failure_remediation_band,
        bands.recovery_band,
        (select max(year) from classifier) as band_year,
        scores.frequency_score,
        scores.lead_time_commit_score,
        scores.lead_time_pr_score,
        scores.change_failure_incident_score,
        scores.change_failure_remediation_score,
        scores.recovery_score,
        scores.rework_score
    from measure_periods as measured
    left join gather_bands as bands
        on measured.subject_type = bands.subject_type
        and measured.subject_id = bands.subject_id
        and measured.period_type = bands.period_type
        and measured.period_start = bands.period_start
    left join gather_scores as scores
        on measured.subject_type = scores.subject_type
        and measured.subject_id = scores.subject_id
        and measured.period_type = scores.period_type
        and measured.period_start = scores.period_start
)

select * from fct_dora
