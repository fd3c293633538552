//! The same question gives the same answer: a rerun replaces what it wrote before, adds nothing, and reads only what changed.

use std::{collections::BTreeSet, fmt::Write as _, time::SystemTime};

use almanac_simulator::{Effect, Fault, Options};
use chrono::{Duration, Utc};
use serde_json::Value;

use crate::common::{Setting, stderr};

/// Some of the company's repositories are closed to us, which the exit code says of every run.
const GAPS: Option<i32> = Some(3);

/// What a run of the whole leaves in the lake, the ledger aside.
const OBJECTS: &str = "\
marts/dim_repositories/data.parquet
marts/dim_service_links/data.parquet
marts/dim_services/data.parquet
marts/dim_teams/data.parquet
marts/fct_alert_visibility/date=[DATE]/data.parquet
marts/fct_branch_protection/date=[DATE]/data.parquet
marts/fct_campaign_progress/date=[DATE]/data.parquet
marts/fct_campaign_targets/date=[DATE]/data.parquet
marts/fct_changes/date=[DATE]/data.parquet
marts/fct_check_results/date=[DATE]/data.parquet
marts/fct_check_runs/date=[DATE]/data.parquet
marts/fct_ci_runs/data.parquet
marts/fct_cost_anomalies/data.parquet
marts/fct_cost_coverage/data.parquet
marts/fct_cost_gaps/data.parquet
marts/fct_deployments/data.parquet
marts/fct_dora/data.parquet
marts/fct_incidents/data.parquet
marts/fct_monitor_health/data.parquet
marts/fct_on_call_coverage/data.parquet
marts/fct_platform_requests/data.parquet
marts/fct_pr_size_merge_time/data.parquet
marts/fct_protection_bypass/date=[DATE]/data.parquet
marts/fct_pull_requests/data.parquet
marts/fct_quality_incidents/data.parquet
marts/fct_quality_scores/date=[DATE]/data.parquet
marts/fct_repository_owners/date=[DATE]/data.parquet
marts/fct_repository_practices/data.parquet
marts/fct_repository_standards/date=[DATE]/data.parquet
marts/fct_rightsizing/data.parquet
marts/fct_security_alerts/date=[DATE]/data.parquet
marts/fct_service_attributes/data.parquet
marts/fct_service_costs/data.parquet
marts/fct_service_monitoring/data.parquet
marts/fct_service_overview/date=[DATE]/data.parquet
marts/fct_service_owners/data.parquet
marts/fct_service_partners/data.parquet
marts/fct_slo_attainment/data.parquet
marts/fct_successful_deployments_weekly/data.parquet
marts/fct_table_reads/data.parquet
marts/fct_unread_tables/data.parquet
marts/fct_version_drift/date=[DATE]/data.parquet
marts/fct_waivers/data.parquet
marts/fct_watched_tables/data.parquet
marts/int_datadog_service_names/data.parquet
marts/int_dora_lead_times/data.parquet
marts/int_dora_periods/data.parquet
marts/int_incident_attribution/data.parquet
marts/int_pull_request_deployments/data.parquet
marts/int_service_deployments/data.parquet
raw/github/branch_protection_rules/date=[DATE]/data.parquet
raw/github/code_scanning_alerts/date=[DATE]/data.parquet
raw/github/dependabot_alerts/date=[DATE]/data.parquet
raw/github/deployments/date=[DATE]/run-[RUN].parquet
raw/github/pull_request_commits/date=[DATE]/run-[RUN].parquet
raw/github/pull_request_reviews/date=[DATE]/run-[RUN].parquet
raw/github/pull_requests/date=[DATE]/run-[RUN].parquet
raw/github/releases/date=[DATE]/run-[RUN].parquet
raw/github/repositories/date=[DATE]/data.parquet
raw/github/repository_files/date=[DATE]/data.parquet
raw/github/repository_properties/date=[DATE]/data.parquet
raw/github/repository_rulesets/date=[DATE]/data.parquet
raw/github/rulesets/date=[DATE]/data.parquet
raw/github/secret_scanning_alerts/date=[DATE]/data.parquet
raw/github/team_members/date=[DATE]/data.parquet
raw/github/team_repositories/date=[DATE]/data.parquet
raw/github/teams/date=[DATE]/data.parquet
raw/github/workflow_runs/date=[DATE]/run-[RUN].parquet
";

/// The newest state that the tables of changes tell, without the day on which it was learned.
const PULL_REQUESTS: &str = "
    select * exclude (date) from (
        select *, row_number() over (partition by repository_id, number order by updated_at desc, date desc) as place from github.pull_requests
    ) where place = 1 order by repository_id, number";
const REVIEWS: &str = "
    select * exclude (date) from (
        select *, row_number() over (partition by review_id order by updated_at desc, date desc) as place from github.pull_request_reviews
    ) where place = 1 order by repository_id, number, review_id";

impl Setting {
    /// All objects but the ledger's, sorted.
    fn published(&self) -> Vec<String> {
        let raw = self.files("raw").into_iter().filter(|file| !file.starts_with("raw/almanac/"));
        self.files("marts").into_iter().chain(raw).collect()
    }

    /// The rows of every table that is collected.
    async fn rows(&self) -> Vec<(String, Vec<Value>)> {
        let mut rows = Vec::new();
        for table in almanac_collectors::github::TABLES {
            let name = table.full_name();
            rows.push((name.clone(), self.query(&format!("select * from {name} order by all")).await));
        }
        rows
    }

    /// What tells one version of each mart from the next: its bytes and when they were written.
    fn mart_versions(&self) -> Vec<(String, Vec<u8>, SystemTime)> {
        let version = |file: String| {
            let path = self.lake().join(&file);
            let written = std::fs::metadata(&path).and_then(|metadata| metadata.modified()).expect("the file has a time");
            (file, std::fs::read(path).expect("the file is read"), written)
        };
        self.files("marts").into_iter().map(version).collect()
    }

    /// GraphQL requests of one operation since the last reset.
    fn requested(&self, operation: &str) -> usize {
        self.simulator.requests().iter().filter(|request| request.operation.as_deref() == Some(operation)).count()
    }

    async fn complete_run(&self, verb: &str) -> String {
        let run = self.run(&[verb]).await;
        assert_eq!(run.status.code(), GAPS, "{}", stderr(&run));
        stderr(&run)
    }
}

/// A company on a fixed day: the runs of these tests go by its clock.
async fn company(repositories: usize) -> Setting {
    Setting::with(Options { repositories, ..Options::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_leaves_the_objects_of_the_golden_list() {
    let setting = Setting::new().await;
    setting.complete_run("run").await;
    let mut list = String::new();
    for file in setting.published() {
        let filtered: Vec<String> = file.split('/').map(filter).collect();
        writeln!(list, "{}", filtered.join("/")).expect("text grows");
    }
    assert_eq!(list, OBJECTS);
    assert_eq!(setting.files("staging"), [""; 0], "the staging is swept");
}

/// A part of a path without what differs from run to run.
fn filter(part: &str) -> String {
    match (part.strip_prefix("date="), part.strip_prefix("run-").and_then(|rest| rest.strip_suffix(".parquet"))) {
        (Some(date), _) if date.parse::<chrono::NaiveDate>().is_ok() => "date=[DATE]".to_owned(),
        (_, Some(run)) if run.len() == 26 => "run-[RUN].parquet".to_owned(),
        _ => part.to_owned(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_run_of_the_same_date_adds_nothing() {
    let setting = Setting::new().await;
    setting.complete_run("run").await;
    let (objects, rows) = (setting.published(), setting.rows().await);
    assert!(rows.iter().all(|(_, rows)| !rows.is_empty()), "there is something to compare");

    let said = setting.complete_run("run").await;
    assert_eq!(setting.published(), objects);
    assert_eq!(setting.rows().await, rows);
    for table in ["github.pull_requests", "github.pull_request_commits", "github.pull_request_reviews"] {
        let line = said.lines().find(|line| line.trim_start().starts_with(&format!("{table} "))).expect("each table has a line");
        assert!(line.contains("nothing new"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_build_rebuilds_nothing() {
    let setting = Setting::new().await;
    setting.complete_run("run").await;
    let marts = setting.mart_versions();
    assert_eq!(marts.len(), 50);

    let second = setting.run(&["build", "--format", "json"]).await;
    assert!(second.status.success(), "{}", stderr(&second));
    assert!(stderr(&second).contains("nothing is stale"), "{}", stderr(&second));
    assert!(setting.mart_versions() == marts, "a mart was written again");

    let explained = setting.run(&["build", "--explain", "--format", "json"]).await;
    let models: Vec<Value> = serde_json::from_slice(&explained.stdout).expect("JSON");
    assert_eq!(models.len(), 54);
    assert!(models.iter().all(|model| model["state"] == "fresh"), "{models:#?}");

    // It can tell: after a run of today's tables what is computed from them is stale again.
    setting.complete_run("collect").await;
    let explained = setting.run(&["build", "--explain", "--format", "json"]).await;
    let models: Vec<Value> = serde_json::from_slice(&explained.stdout).expect("JSON");
    assert!(models.iter().any(|model| model["state"] == "stale"), "{models:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_day_costs_requests_in_proportion_to_what_changed() {
    let setting = company(120).await;
    let (first, token) = (setting.simulator.now(), setting.simulator.token().to_owned());
    setting.collect_at(first, &token, &[]).await;
    let full = setting.requested("PullRequests");

    // Nothing changed: the probe that comes with the list of repositories is all there is to ask.
    setting.simulator.reset_requests();
    setting.collect_at(first + Duration::hours(1), &token, &[]).await;
    let probes = setting.requested("Repositories");
    assert!(probes <= 120_usize.div_ceil(25), "{probes} requests to find out what changed among 120 repositories");
    assert_eq!(setting.requested("PullRequests"), 0, "nothing changed");
    assert_eq!(setting.requested("PullRequestLists"), 0, "nothing changed");

    // Two days later is a Monday.
    let later = first + Duration::days(2);
    setting.simulator.set_now(later);
    setting.simulator.reset_requests();
    setting.collect_at(later, &token, &[]).await;
    let changed =
        setting.query(&format!("select distinct repository_id from github.pull_requests where date = '{}'", later.date_naive())).await;
    let (probes, reads) = (setting.requested("Repositories"), setting.requested("PullRequests"));
    assert!(!changed.is_empty() && changed.len() < 100, "{} repositories changed", changed.len());
    assert!(probes <= 120_usize.div_ceil(25), "{probes} requests to find out what changed among 120 repositories");
    assert!(reads <= changed.len(), "{reads} requests for {} repositories that changed", changed.len());
    assert!(reads * 2 < full, "{reads} requests for two days, {full} for everything");
}

/// What a week of incremental runs tells is what one full run at its end would tell: no late review, no reopened pull request is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_week_of_increments_ends_like_one_full_run() {
    let (setting, fresh) = (company(60).await, company(60).await);
    let (first, token) = (setting.simulator.now(), setting.simulator.token().to_owned());
    let mut now = first;
    for hours in [0, 20, 24, 30, 24, 24, 26] {
        now += Duration::hours(hours);
        setting.simulator.set_now(now);
        setting.collect_at(now, &token, &[]).await;
    }
    fresh.simulator.set_now(now);
    fresh.collect_at(now, &token, &[]).await;
    assert_eq!(setting.query(PULL_REQUESTS).await, fresh.query(PULL_REQUESTS).await);
    assert_eq!(setting.query(REVIEWS).await, fresh.query(REVIEWS).await);
    let dates = setting.query("select distinct date from github.pull_requests").await.len();
    assert!(dates >= 5, "only {dates} days brought changes");
    assert_no_row_twice(&setting, "pull_requests").await;
    assert_few_reviews_twice(&setting).await;
}

/// A pull request that GitHub never shows keeps its repository behind; the others of that repository are not published every day again.
#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_stays_behind_is_not_published_again() {
    let setting = company(30).await;
    let (mut now, token) = (setting.simulator.now(), setting.simulator.token().to_owned());
    setting.simulator.inject(Fault::new(Effect::GraphqlErrors).on_operation("PullRequests").always());
    for _ in 0..4 {
        setting.simulator.set_now(now);
        setting.collect_at(now, &token, &[]).await;
        now += Duration::days(1);
    }
    assert_no_row_twice(&setting, "pull_requests").await;
}

/// Pull requests and reviews come from one walk: a table that joins later does not publish the other's rows once more.
#[tokio::test(flavor = "multi_thread")]
async fn a_table_that_joins_later_does_not_repeat_the_other() {
    let setting = company(30).await;
    let (first, token) = (setting.simulator.now(), setting.simulator.token().to_owned());
    for (days, tables) in
        [(0, &["github.pull_request_reviews"][..]), (2, &["github.pull_request_reviews"]), (3, &["github.pull_request_reviews"]), (5, &[])]
    {
        let now = first + Duration::days(days);
        setting.simulator.set_now(now);
        setting.collect_at(now, &token, tables).await;
    }
    let pulls = setting.query("select count(*) as n from github.pull_requests").await;
    assert!(pulls[0]["n"].as_i64() > Some(100), "the pull requests are read from their beginning: {pulls:?}");
    assert_few_reviews_twice(&setting).await;
}

/// A day that is filed under a past date is not filed again and again.
#[tokio::test(flavor = "multi_thread")]
async fn a_run_for_a_past_date_adds_nothing_when_repeated() {
    let setting = Setting::new().await;
    let yesterday = (Utc::now() - Duration::days(1)).date_naive().to_string();
    for _ in 0..3 {
        let run = setting.run(&["collect", "--tables", "github.pull_requests,github.pull_request_reviews", "--date", &yesterday]).await;
        assert_eq!(run.status.code(), Some(0), "{}", stderr(&run));
    }
    let objects: BTreeSet<String> = setting.published().into_iter().filter(|file| file.contains("/pull_requests/")).collect();
    assert_eq!(objects.len(), 1, "{objects:#?}");
    assert_no_row_twice(&setting, "pull_requests").await;
}

/// A review is read again with its pull request when that has changed, and few of them are: it may stand under two dates.
async fn assert_few_reviews_twice(setting: &Setting) {
    let counts = setting.query("select count(*) as n, count(distinct review_id) as reviews from github.pull_request_reviews").await;
    let (rows, reviews) = (counts[0]["n"].as_i64().unwrap_or_default(), counts[0]["reviews"].as_i64().unwrap_or_default());
    assert!(rows * 20 < reviews * 21, "{rows} rows for {reviews} reviews");
}

async fn assert_no_row_twice(setting: &Setting, table: &str) {
    // A list is no key of a group, a text of it is.
    let twice = format!(
        "select cells, count(*) as times from (select cast(row_ as varchar) as cells from (select * exclude (date) from github.{table}) as row_) \
         group by cells having count(*) > 1"
    );
    let rows = setting.query(&twice).await;
    assert!(rows.is_empty(), "{} rows of `{table}` are there more than once, such as\n{:#}", rows.len(), rows[0]);
}
