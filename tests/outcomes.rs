//! Whatever goes wrong is said: every parent ends with an outcome, a gap never looks like an all-clear, and the next run fills it.

use std::{
    net::TcpListener,
    process::Output,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use almanac_simulator::{Effect, Fault, Options, Permission};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::common::{Setting, assert_same, output, stderr, stdout};

/// How the newest run that wrote outcomes of a table ended: number of parents by status.
const STATUSES: &str = "
    select table_name, status, count(*) as parents from almanac.outcomes
    where (table_name, run_id) in (select (table_name, max(run_id)) from almanac.outcomes group by table_name)
    group by all order by all";

impl Setting {
    /// A small company, read one request after the other, by a run that has little patience with limits.
    async fn sequential() -> Self {
        let setting = Self::with(Options { now: Utc::now(), repositories: 30, history_days: 45, ..Options::default() }).await;
        setting.configure("concurrency = 1\nmax_wait_s = 3");
        setting
    }

    async fn collect_with(&self, token: &str, args: &[&str]) -> Output {
        let args: Vec<&str> = ["collect"].iter().chain(args).copied().collect();
        output(self.command(&args).env("GITHUB_TOKEN", token)).await
    }

    async fn collect_expecting(&self, code: i32) -> String {
        let run = self.run(&["collect"]).await;
        assert_eq!(run.status.code(), Some(code), "{}", stderr(&run));
        stderr(&run)
    }

    /// What an undisturbed run brings; the lake is empty again afterwards.
    async fn undisturbed(&self) -> Vec<Value> {
        self.collect_expecting(3).await;
        let rows = self.everything().await;
        std::fs::remove_dir_all(self.lake()).expect("the lake is emptied");
        self.simulator.reset_requests();
        rows
    }

    /// Parents of a table in the newest run, by status.
    async fn statuses(&self, table: &str) -> Vec<(String, i64)> {
        let rows = self.query(STATUSES).await;
        let of_table = rows.iter().filter(|row| row["table_name"] == table);
        of_table.map(|row| (row["status"].as_str().unwrap_or_default().to_owned(), row["parents"].as_i64().unwrap_or_default())).collect()
    }

    async fn parents_with(&self, table: &str, status: &str) -> i64 {
        self.statuses(table).await.into_iter().find(|(name, _)| name == status).map_or(0, |(_, parents)| parents)
    }

    fn partitions(&self, table: &str) -> Vec<String> {
        self.files(&format!("raw/github/{table}"))
    }

    /// What `status` says of a table.
    async fn standing(&self, table: &str) -> Value {
        let status = self.run(&["status", "--format", "json"]).await;
        let standings: Vec<Value> = serde_json::from_slice(&status.stdout).expect("JSON");
        standings.into_iter().find(|standing| standing["name"] == table).expect("the table is listed")
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn history_cannot_be_forged() {
    let setting = Setting::new().await;
    let day = |days: i64| (Utc::now() + chrono::Duration::days(days)).date_naive().to_string();

    let refused = setting.run(&["collect", "--date", &day(-1)]).await;
    assert_eq!(refused.status.code(), Some(2));
    assert!(stderr(&refused).contains("is a snapshot: it shows the state of"), "{}", stderr(&refused));
    assert!(stderr(&refused).contains("\nhint: "), "{}", stderr(&refused));
    let one = setting.run(&["collect", "--tables", "github.pull_requests,github.repositories", "--date", &day(-1)]).await;
    assert_eq!(one.status.code(), Some(2), "one snapshot among the tables is enough");
    assert!(stderr(&one).contains("`github.repositories` is a snapshot"), "{}", stderr(&one));
    let future = setting.run(&["collect", "--tables", "github.pull_requests", "--date", &day(2)]).await;
    assert_eq!(future.status.code(), Some(2));
    assert!(stderr(&future).contains("has not come yet"), "{}", stderr(&future));
    assert_eq!(setting.files("raw/github"), [""; 0], "nothing was published");
    assert!(setting.simulator.requests().is_empty(), "nothing was asked");

    let late = setting.run(&["collect", "--tables", "github.pull_requests", "--date", &day(-1)]).await;
    assert_eq!(late.status.code(), Some(0), "{}", stderr(&late));
    let partitions = setting.partitions("pull_requests");
    assert_eq!(partitions.len(), 1);
    assert!(partitions[0].contains(&format!("/date={}/run-", day(-1))), "{partitions:?}");
}

/// Permissions, and the table that cannot be read without each.
const NEEDED: [(Permission, &str); 11] = [
    (Permission::Actions, "workflow_runs"),
    (Permission::Administration, "branch_protection_rules"),
    (Permission::CodeScanningAlerts, "code_scanning_alerts"),
    (Permission::Contents, "releases"),
    (Permission::Contents, "repository_files"),
    (Permission::CustomProperties, "repository_properties"),
    (Permission::DependabotAlerts, "dependabot_alerts"),
    (Permission::Deployments, "deployments"),
    (Permission::Members, "teams"),
    (Permission::PullRequests, "pull_requests"),
    (Permission::SecretScanningAlerts, "secret_scanning_alerts"),
];

#[tokio::test(flavor = "multi_thread")]
async fn what_we_may_not_read_is_forbidden_and_not_empty() {
    let setting = Setting::new().await;
    for (permission, table) in NEEDED {
        let token = setting.simulator.token_without(permission);
        let name = format!("github.{table}");
        let tables = [name.as_str(), "github.repositories"];
        let selected = ["--tables", &tables.join(",")];
        let run = setting.collect_with(&token, &selected).await;
        assert_eq!(run.status.code(), Some(3), "{permission:?}\n{}", stderr(&run));
        assert_eq!(setting.partitions(table), [""; 0], "{permission:?}: an empty table would be an all-clear");
        // Only what holds nothing at all is known to hold nothing of this.
        let unclear = setting
            .query(&format!(
                "select parent, status from almanac.outcomes where table_name = '{table}' and status not in ('forbidden', 'not_found')
                   and parent not in (select full_name from github.repositories where is_empty)"
            ))
            .await;
        assert!(unclear.is_empty(), "{permission:?}: {unclear:#?}");
        assert!(setting.parents_with(table, "forbidden").await > 0, "{permission:?}: {:?}", setting.statuses(table).await);
        let runs = setting.query(&format!("select status, rows from almanac.runs where step = 'collect {name}'")).await;
        assert_eq!(runs, [json!({"status": "partial", "rows": null})], "{permission:?}");
        assert_eq!(setting.partitions("repositories").len(), 1, "{permission:?} does not keep the others from being read");
        let standing = setting.standing(&name).await;
        assert!(standing["gap_count"].as_i64() > Some(0), "{standing:#}");

        // What was seen before stays, and stays of the day it was seen.
        let with_all = setting.run(&[&["collect"], &selected[..]].concat()).await;
        assert!(matches!(with_all.status.code(), Some(0 | 3)), "{}", stderr(&with_all));
        let seen = setting.query(&format!("select * from {name} order by all")).await;
        assert!(!seen.is_empty(), "{permission:?}");
        let again = setting.collect_with(&token, &selected).await;
        assert!(matches!(again.status.code(), Some(0 | 3)), "{permission:?}");
        assert_eq!(setting.query(&format!("select * from {name} order by all")).await, seen, "{permission:?}");
        std::fs::remove_dir_all(setting.lake()).expect("the lake is emptied");
    }
}

/// Yesterday's partition stays yesterday's: today has none.
#[tokio::test(flavor = "multi_thread")]
async fn a_permission_that_is_lost_leaves_yesterday_alone() {
    let setting = Setting::with(Options { repositories: 30, ..Options::default() }).await;
    let now = setting.simulator.now();
    setting.collect_at(now, setting.simulator.token(), &[]).await;
    let before = setting.partitions("dependabot_alerts");
    let bytes = std::fs::read(setting.lake().join(&before[0])).expect("the file is read");
    let report =
        setting.collect_at(now + chrono::Duration::days(1), &setting.simulator.token_without(Permission::DependabotAlerts), &[]).await;
    assert_eq!(report.exit() as u8, 3);
    assert_eq!(setting.partitions("dependabot_alerts"), before);
    assert!(std::fs::read(setting.lake().join(&before[0])).expect("the file is read") == bytes);
    assert_eq!(setting.partitions("repositories").len(), 2, "the others go on");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_fails_and_says_what_to_do() {
    let setting = Setting::new().await;
    let run = setting.collect_with("ghp_thisTokenWasRevokedLongAgo0000000000", &[]).await;
    assert_eq!(run.status.code(), Some(1), "{}", stderr(&run));
    assert!(stderr(&run).contains("refused the credential"), "{}", stderr(&run));
    assert_eq!(stderr(&run).matches("401: Bad credentials").count(), 1, "one reason is told once: {}", stderr(&run));
    let steps = setting.query("select step, status, rows from almanac.runs order by step").await;
    assert_eq!(steps.len(), almanac_collectors::github::TABLES.len(), "{steps:#?}");
    assert!(steps.iter().all(|step| step["status"] == "failed" && step["rows"].is_null()), "{steps:#?}");
    assert_eq!(setting.files("raw/github"), [""; 0]);
    let tries = setting.simulator.requests().len();
    assert!(tries <= 5, "{tries} requests with a token that was refused at the first");
    assert!(stderr(&run).contains("hint: ") && stderr(&run).contains("`almanac doctor`"), "{}", stderr(&run));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_repository_that_fails_stops_no_other() {
    let setting = Setting::sequential().await;
    let expected = setting.undisturbed().await;
    // A group's request fails, then the first repository's own at every size of a page: 100, 50, 25, 12, 6, 3, 1.
    for (effect, detail) in [(Effect::SomethingWentWrong, "Something went wrong"), (Effect::BadGateway, "502")] {
        setting.simulator.inject(Fault::new(effect).on_operation("PullRequests").times(8));
        let said = setting.collect_expecting(3).await;
        assert!(said.lines().any(|line| line.contains("github.pull_requests") && line.contains(detail)), "{said}");
        assert_eq!(setting.parents_with("pull_requests", "error").await, 1, "{:?}", setting.statuses("pull_requests").await);
        assert_eq!(setting.parents_with("pull_request_reviews", "error").await, 1);
        let failed = setting.query("select parent from almanac.outcomes where status = 'error' and table_name = 'pull_requests'").await;
        let parent = failed[0]["parent"].as_str().expect("a repository");
        let rows = setting.query(&format!("select count(*) as n from github.pull_requests where full_name = '{parent}'")).await;
        assert_eq!(rows[0]["n"], 0, "half a repository would pass for the whole");
        assert_eq!(setting.standing("github.pull_requests").await["gaps"][0]["parent"], parent);

        // The next run reads what is missing, and nothing else.
        setting.simulator.clear_faults();
        setting.simulator.reset_requests();
        let said = setting.collect_expecting(3).await;
        assert_same(&setting.everything().await, &expected, "");
        let requests = setting.simulator.requests().iter().filter(|request| request.operation.as_deref() == Some("PullRequests")).count();
        assert!(requests <= 3, "{requests} requests to read one repository\n{said}");
        assert_eq!(setting.parents_with("pull_requests", "error").await, 0);
        assert_eq!(setting.standing("github.pull_requests").await["gap_count"], 0);
        std::fs::remove_dir_all(setting.lake()).expect("the lake is emptied");
    }
}

/// A node that GitHub names and does not show: it is asked for again; then what is there counts, what is missing is said, and the next
/// run brings it.
#[tokio::test(flavor = "multi_thread")]
async fn a_pull_request_that_is_not_shown_is_a_gap() {
    let setting = Setting::sequential().await;
    let expected = setting.undisturbed().await;
    setting.simulator.inject(Fault::new(Effect::GraphqlErrors).on_operation("PullRequests").times(3));
    setting.collect_expecting(3).await;
    assert_eq!(setting.parents_with("pull_requests", "truncated").await, 1, "{:?}", setting.statuses("pull_requests").await);
    assert!(setting.everything().await.len() < expected.len());
    setting.collect_expecting(3).await;
    assert_same(&setting.everything().await, &expected, "");
    assert_eq!(setting.parents_with("pull_requests", "truncated").await, 0);
}

/// A repository that the list names and does not show is asked for once more without its pull requests; if that is no use either, the list
/// has a gap, and not a repository less.
#[tokio::test(flavor = "multi_thread")]
async fn a_repository_that_is_not_shown_is_a_gap() {
    let setting = Setting::sequential().await;
    for (times, shown, repositories, pull_requests) in [(1, 30, "ok", "forbidden"), (2, 29, "truncated", "empty")] {
        setting.simulator.inject(Fault::new(Effect::GraphqlErrors).on_operation("Repositories").times(times));
        setting.collect_expecting(3).await;
        assert_eq!(setting.query("select count(*) as n from github.repositories").await[0]["n"], shown);
        assert_eq!(setting.statuses("repositories").await, [(repositories.to_owned(), 1)]);
        let statuses = setting.statuses("pull_requests").await;
        assert!(statuses.iter().any(|(status, _)| status == pull_requests), "{statuses:?}");
    }
    setting.collect_expecting(3).await;
    assert_eq!(setting.query("select count(*) as n from github.repositories").await[0]["n"], 30);
    let missed = setting.parents_with("pull_requests", "forbidden").await;
    assert_eq!(missed, 0, "the next run reads what was missing");
}

#[tokio::test(flavor = "multi_thread")]
async fn passing_faults_cost_nothing_but_time() {
    let setting = Setting::sequential().await;
    let expected = setting.undisturbed().await;
    let server_error = || Effect::Status { status: 500, headers: Vec::new(), body: "{\"message\": \"Server Error\"}".to_owned() };
    let faults = [
        Fault::new(server_error()).on_operation("PullRequests").times(2),
        Fault::new(server_error()).on_path("/dependabot/alerts").times(2),
        Fault::new(Effect::DropConnection).on_operation("PullRequests").after(3).times(2),
        Fault::new(Effect::DropConnection).on_path("/properties/values").times(2),
        Fault::new(Effect::Delay(Duration::from_millis(700))).on_operation("Repositories"),
    ];
    faults.into_iter().for_each(|fault| setting.simulator.inject(fault));
    setting.collect_expecting(3).await;
    assert_same(&setting.everything().await, &expected, "");
    for table in ["pull_requests", "pull_request_reviews", "repositories", "repository_properties"] {
        assert_eq!(setting.standing(&format!("github.{table}")).await["gap_count"], 0, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_gives_up_is_asked_for_less() {
    let setting = Setting::sequential().await;
    let expected = setting.undisturbed().await;
    setting.simulator.inject(Fault::new(Effect::BadGateway).on_operation("Repositories").times(2));
    setting.simulator.inject(Fault::new(Effect::BadGateway).on_operation("PullRequests").times(4));
    setting.collect_expecting(3).await;
    assert_same(&setting.everything().await, &expected, "");
    assert_eq!(setting.parents_with("pull_requests", "error").await, 0);
    let lists: Vec<u16> = statuses_of(&setting, "Repositories");
    assert_eq!(lists[..3], [502, 502, 200], "{lists:?}");
    assert!(lists.len() >= 4, "pages of 25 take more than one request for 30 repositories: {lists:?}");
}

fn statuses_of(setting: &Setting, operation: &str) -> Vec<u16> {
    setting
        .simulator
        .requests()
        .iter()
        .filter(|request| request.operation.as_deref() == Some(operation))
        .map(|request| request.status)
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_says_how_long_is_waited_for() {
    let setting = Setting::sequential().await;
    let expected = setting.undisturbed().await;
    for status in [403, 429] {
        setting.simulator.inject(Fault::new(Effect::SecondaryLimit { retry_after: Some(2), status }).on_operation("PullRequests").after(1));
        setting.simulator.inject(Fault::new(Effect::SecondaryLimit { retry_after: Some(1), status }).on_path("/dependabot/alerts"));
        let begun = Instant::now();
        setting.collect_expecting(3).await;
        assert!(begun.elapsed() >= Duration::from_secs(3), "`retry-after: 2` and `retry-after: 1` took {:?}", begun.elapsed());
        assert_same(&setting.everything().await, &expected, "");
        assert_eq!(setting.parents_with("pull_requests", "rate_limited").await, 0);
        std::fs::remove_dir_all(setting.lake()).expect("the lake is emptied");
    }
}

/// The allowance is spent, or held back, for longer than the run will wait: what is whole is published, the rest is named and resumed.
#[tokio::test(flavor = "multi_thread")]
async fn a_limit_that_lasts_ends_the_run_and_the_next_resumes() {
    let setting = Setting::sequential().await;
    let expected = setting.undisturbed().await;
    let limits = [
        Effect::PrimaryLimitExhausted { reset_in_seconds: 1_800 },
        Effect::SecondaryLimit { retry_after: Some(600), status: 429 },
        Effect::SecondaryLimit { retry_after: None, status: 403 },
    ];
    for limit in limits {
        setting.simulator.inject(Fault::new(limit.clone()).on_operation("PullRequests").after(2).always());
        setting.simulator.reset_requests();
        setting.collect_expecting(3).await;
        let limited = setting.parents_with("pull_requests", "rate_limited").await;
        assert!(limited > 0, "{limit:?}: {:?}", setting.statuses("pull_requests").await);
        let struck = statuses_of(&setting, "PullRequests").len() - 2;
        assert!(struck <= 2, "{limit:?}: {struck} requests after the limit was met");
        assert_eq!(setting.standing("github.pull_requests").await["gap_count"], limited);

        setting.simulator.clear_faults();
        let begun: DateTime<Utc> = Utc::now();
        setting.collect_expecting(3).await;
        assert_same(&setting.everything().await, &expected, "");
        assert_eq!(setting.parents_with("pull_requests", "rate_limited").await, 0, "{limit:?}, resumed at {begun}");
        std::fs::remove_dir_all(setting.lake()).expect("the lake is emptied");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_never_sent_to_another_host() {
    let setting = Setting::sequential().await;
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let elsewhere = format!("http://{}", listener.local_addr().expect("it has an address"));
    let visits = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&visits);
    // Lives as long as the process of the tests does.
    std::thread::spawn(move || {
        listener.incoming().for_each(|_| {
            counted.fetch_add(1, Ordering::SeqCst);
        })
    });
    for fault in [
        Fault::new(Effect::RedirectTo(elsewhere.clone())).on_path("/properties/values"),
        Fault::new(Effect::RedirectTo(elsewhere.clone())).on_path("/dependabot/alerts"),
        Fault::new(Effect::RedirectTo(elsewhere.clone())).on_operation("PullRequests").times(2),
    ] {
        setting.simulator.inject(fault);
    }
    let said = setting.collect_expecting(3).await;
    assert!(said.contains("a redirect to another host"), "{said}");
    assert_eq!(visits.load(Ordering::SeqCst), 0, "somebody followed the redirect");
    for table in ["repository_properties", "dependabot_alerts"] {
        assert!(setting.statuses(table).await.iter().all(|(status, _)| status == "error"), "{table}: {:?}", setting.statuses(table).await);
        assert_eq!(setting.partitions(table), [""; 0]);
    }
    assert_eq!(setting.parents_with("pull_requests", "error").await, 1);
}

/// After a rename GitHub answers 301 to the same host: that one is followed.
#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_on_the_same_host_is_followed() {
    let setting = Setting::sequential().await;
    let expected = setting.undisturbed().await;
    let host = setting.simulator.github_api_url().trim_end_matches("/github").to_owned();
    setting.simulator.inject(Fault::new(Effect::RedirectTo(host)).on_path("/properties/values"));
    setting.collect_expecting(3).await;
    assert_same(&setting.everything().await, &expected, "");
}

/// A proxy or a second name for the host: the next page's address names the vendor's, and the list must not end there in silence.
#[tokio::test(flavor = "multi_thread")]
async fn a_list_does_not_end_early_behind_another_name() {
    let setting = Setting::with(Options { now: Utc::now(), repositories: 130, history_days: 10, ..Options::default() }).await;
    let expected = setting.undisturbed().await;
    let file = setting.path().join("almanac.toml");
    let text = std::fs::read_to_string(&file).expect("the configuration is there");
    std::fs::write(&file, text.replace("http://127.0.0.1:", "http://localhost:")).expect("the configuration is written");
    setting.collect_expecting(3).await;
    assert_same(&setting.everything().await, &expected, "");
}

/// However short the vendor's pages are, a list is read to its end.
#[tokio::test(flavor = "multi_thread")]
async fn short_pages_bring_the_same_rows_as_long_ones() {
    const LISTS: [&str; 3] = ["collect", "--tables", "github.dependabot_alerts,github.repository_properties"];
    const ROWS: &str = "select 'alerts' as list, count(*) as n, count(distinct (repository_id, alert_number)) as keys from github.dependabot_alerts
        union all select 'properties', count(*), count(distinct (repository_id, property_name)) from github.repository_properties order by all";
    let mut found = Vec::new();
    for page_limit in [100, 7] {
        let setting = Setting::with(Options { repositories: 40, page_limit, ..Options::default() }).await;
        setting.run(&LISTS).await;
        found.push(setting.query(ROWS).await);
        let asked = |path: &str| setting.simulator.requests().iter().filter(|request| request.path.contains(path)).count();
        let (alerts, properties) = (asked("/dependabot/alerts"), asked("/properties/values"));
        let rows = found[0][0]["n"].as_u64().and_then(|rows| usize::try_from(rows).ok()).expect("a number");
        assert!(rows > 100, "{rows} alerts are no test of pages");
        assert_eq!((alerts, properties), (rows.div_ceil(page_limit), 40_usize.div_ceil(page_limit)), "pages of {page_limit}");
    }
    assert_eq!(found[0], found[1]);
}

/// An item that moves between two pages while they are read comes twice, and is one row.
#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_comes_twice_is_one_row() {
    let setting = Setting::sequential().await;
    let property = |value: &str| json!({"property_name": "team", "value": value});
    let repository = |id: u64, properties: Value| json!({"repository_id": id, "repository_name": "x", "repository_full_name": "o/x", "properties": properties});
    let first = json!([repository(1, json!([property("keepers")])), repository(2, json!([property("old")]))]);
    let second = json!([repository(2, json!([property("new")])), repository(3, json!([property("keepers")]))]);
    let next = format!(
        "<{}/orgs/{}/properties/values?per_page=100&page=2>; rel=\"next\"",
        setting.simulator.github_api_url(),
        setting.simulator.organization()
    );
    let page = |body: &Value, headers: Vec<(String, String)>| Effect::Status { status: 200, headers, body: body.to_string() };
    // The list lacks the company's own repositories, so it is read twice.
    setting.simulator.inject(Fault::new(page(&second, Vec::new())).on_path("page=2").times(2));
    setting.simulator.inject(Fault::new(page(&first, vec![("link".to_owned(), next)])).on_path("/properties/values").times(2));
    setting.collect_expecting(3).await;
    let rows = setting.query("select repository_id, value from github.repository_properties order by all").await;
    let expected = [(1, "keepers"), (2, "new"), (3, "keepers")].map(|(id, value)| json!({"repository_id": id, "value": value}));
    assert_eq!(rows, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn pci_repositories_are_told_apart_and_status_names_the_gaps() {
    let setting = Setting::new().await;
    let run = setting.run(&["run"]).await;
    assert_eq!(run.status.code(), Some(3), "{}", stderr(&run));
    let answer = setting.run(&["ask", "pci-dependabot", "--format", "json"]).await;
    let answer: Value = serde_json::from_slice(&answer.stdout).expect("JSON");
    let rows = answer["rows"].as_array().expect("rows");
    let mut groups: Vec<&str> = rows.iter().filter_map(|row| row["status"].as_str()).collect();
    groups.dedup();
    assert_eq!(groups, ["with_alerts", "alerts_disabled", "not_visible"]);
    for row in rows {
        let open = &row["open_total"];
        match row["status"].as_str() {
            Some("with_alerts") => assert!(open.as_i64() > Some(0), "{row:#}"),
            Some("not_visible") => assert!(open.is_null(), "unknown is not zero: {row:#}"),
            _ => assert!(open.is_null() || open == 0, "{row:#}"),
        }
    }
    let hidden = rows.iter().find(|row| row["status"] == "not_visible").and_then(|row| row["subject_id"].as_str()).expect("one is hidden");
    assert!(
        answer["completeness"]["gaps"].as_array().expect("gaps").iter().any(|gap| gap["parent"] == hidden),
        "{:#}",
        answer["completeness"]
    );

    let status = setting.run(&["status"]).await;
    assert!(status.status.success());
    assert!(stderr(&status).contains(&format!("{hidden} forbidden")), "{}", stderr(&status));
    assert!(stdout(&status).contains("github.dependabot_alerts"), "{}", stdout(&status));
    let standing = setting.standing("github.dependabot_alerts").await;
    assert!(standing["gaps"].as_array().expect("gaps").iter().any(|gap| gap["parent"] == hidden), "{standing:#}");
    // What is switched off is an answer, and no gap that another credential could fill.
    let disabled =
        rows.iter().find(|row| row["status"] == "alerts_disabled").and_then(|row| row["subject_id"].as_str()).expect("one is off");
    let gaps = setting.run(&["ask", "collection-gaps", "--format", "json"]).await;
    let gaps: Value = serde_json::from_slice(&gaps.stdout).expect("JSON");
    let parents: Vec<&str> = gaps["rows"].as_array().expect("rows").iter().filter_map(|row| row["parent"].as_str()).collect();
    assert!(parents.contains(&hidden) && !parents.contains(&disabled), "{parents:?}");
}
