//! What a day costs of the rate limit: requests for the state of all repositories, and for the pull requests that changed.
//!
//! `cargo bench --profile dev --workspace --bench requests` collects from a company of 1,000 repositories and counts what it was asked.
//! `ALMANAC_BENCH_REPOSITORIES=200` in the environment asks for another size.
//!
//! Aims, of 1,000 repositories: the whole state (repositories and their settings, files, protection, rulesets, properties, teams) in at most
//! 120 requests and one for each 100 rows of teams; the pull requests of a day on which 50 of them changed in at most 40 requests and one
//! for each 100 changed pull requests.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

mod measure;

use std::{collections::BTreeMap, path::Path};

use almanac::{
    collecting::{self, Report, Selection},
    config::Config,
    ledger::Ledger,
    progress::Talk,
};
use almanac_simulator::{Options, Simulator};
use chrono::{DateTime, Duration, Utc};
use measure::{almanac, configure, empty_folder, output};

const REPOSITORIES: usize = 1000;
const STATE: [&str; 9] = [
    "repositories",
    "repository_properties",
    "repository_files",
    "branch_protection_rules",
    "rulesets",
    "repository_rulesets",
    "teams",
    "team_members",
    "team_repositories",
];
const ALERTS: [&str; 3] = ["dependabot_alerts", "code_scanning_alerts", "secret_scanning_alerts"];
const PULLS: [&str; 2] = ["pull_requests", "pull_request_reviews"];
const OTHER_CHANGES: [&str; 3] = ["workflow_runs", "deployments", "releases"];

fn main() {
    let Some(args) = measure::role() else { return };
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    let repositories = std::env::var("ALMANAC_BENCH_REPOSITORIES").map_or(REPOSITORIES, |count| count.parse().expect("a number"));
    let _ = rustls::crypto::ring::default_provider().install_default();
    tokio::runtime::Runtime::new().expect("a runtime").block_on(measure(repositories));
}

/// A company, and the user's folder that it is collected into.
struct Bench {
    simulator: Simulator,
    config: Config,
}

/// What collecting took, and brought.
struct Cost {
    requests: BTreeMap<String, usize>,
    rows: BTreeMap<String, usize>,
}

async fn measure(repositories: usize) {
    // Six in the evening of a working day.
    let now: DateTime<Utc> = "2026-11-19T18:00:00Z".parse().expect("a moment");
    let options = Options { now, repositories, future_days: 3, ..Options::default() };
    let simulator = Simulator::start(options).await.expect("the company is founded");
    let folder = empty_folder("requests");
    let bench = Bench { config: config(&folder, &simulator), simulator };

    let state = bench.collect(now, &STATE).await;
    let rows = ["teams", "team_members", "team_repositories"].iter().map(|table| state.rows[*table]).sum::<usize>();
    state.tell(&format!("the state of {repositories} repositories"), 120 + rows.div_ceil(100));
    // Beside the lists, a request for each repository that is scanned and has no alert: nothing else tells clean from never scanned.
    bench.collect(now, &ALERTS).await.print("all alerts");

    bench.collect(now, &PULLS).await.print("all pull requests");
    bench.collect(now, &OTHER_CHANGES).await.print("all workflow runs, deployments and releases");
    // Hour by hour into the night: somewhere among them is the day of fifty repositories.
    let mut then = now;
    for hours in [1, 2, 3, 6, 12] {
        then += Duration::hours(hours);
        bench.simulator.set_now(then);
        let pulls = bench.collect(then, &PULLS).await;
        let (changed, pull_requests) = (bench.changed(), pulls.rows["pull_requests"]);
        let title = format!("{pull_requests} changed pull requests of {changed} among {repositories} repositories, {hours} hours later");
        pulls.tell(&title, 40 * changed.div_ceil(50).max(1) + pull_requests.div_ceil(100));
    }
    bench.collect(then, &OTHER_CHANGES).await.print("workflow runs, deployments and releases, one day later");
    bench.collect(then, &OTHER_CHANGES).await.print("the same again, with nothing new");
}

fn config(folder: &Path, simulator: &Simulator) -> Config {
    configure(folder, simulator.organization(), &simulator.github_api_url());
    let mut config = Config::load(Some(&folder.join("almanac.toml")), None).expect("it is understood");
    config.provide("GITHUB_TOKEN", simulator.token());
    config.provide("ALMANAC_PRIVACY_KEY", "a key for benchmarks");
    config
}

impl Bench {
    async fn collect(&self, now: DateTime<Utc>, tables: &[&str]) -> Cost {
        self.simulator.reset_requests();
        let tables = tables.iter().map(|table| format!("github.{table}")).collect();
        let lake = self.config.lake().expect("a folder");
        let ledger = Ledger::new("collect", now);
        let selection = Selection { tables, ..Selection::default() };
        let report = collecting::collect(&lake, &self.config, &selection, &ledger, &Talk::silent()).await.expect("it collects");
        ledger.publish(&lake).await.expect("it publishes");
        let mut requests: BTreeMap<String, usize> = BTreeMap::new();
        for request in self.simulator.requests() {
            let free = if request.status == 304 { " (304, free)" } else { "" };
            let name = request.operation.unwrap_or_else(|| without_names(&request.path));
            *requests.entry(format!("{name}{free}")).or_default() += 1;
        }
        Cost { requests, rows: rows(&report) }
    }

    /// How many repositories the last run brought pull requests of.
    fn changed(&self) -> usize {
        let query = "select count(*) from almanac.outcomes where table_name = 'pull_requests' and rows > 0
                     and run_id = (select max(run_id) from almanac.outcomes where table_name = 'pull_requests')";
        let answer = output(&mut almanac(&self.config.root, &["sql", "--format", "csv", query]));
        answer.lines().nth(1).and_then(|count| count.parse().ok()).expect("a number")
    }
}

fn rows(report: &Report) -> BTreeMap<String, usize> {
    let name = |name: &str| name.trim_start_matches("github.").to_owned();
    report.tables.iter().map(|table| (name(&table.name), table.rows.unwrap_or_default())).collect()
}

/// A path with its organisation and repository taken out, so that requests of one kind are counted together.
fn without_names(path: &str) -> String {
    let path = path.split('?').next().unwrap_or(path);
    let parts: Vec<&str> = path.split('/').collect();
    let kept = parts.iter().enumerate().map(|(place, part)| match (parts.get(place.wrapping_sub(1)), parts.get(place.wrapping_sub(2))) {
        (Some(&"orgs" | &"repos"), _) | (_, Some(&"repos")) => "…",
        _ => part,
    });
    kept.collect::<Vec<_>>().join("/")
}

impl Cost {
    fn sum(&self) -> usize {
        self.requests.iter().filter(|(name, _)| !name.ends_with("free)")).map(|(_, count)| count).sum()
    }

    fn print(&self, title: &str) {
        println!("{title}: {} requests\n  {:?}\n  rows {:?}", self.sum(), self.requests, self.rows);
    }

    /// Says what it took, beside the most that it may take.
    fn tell(&self, title: &str, most: usize) {
        let verdict = if self.sum() <= most { "" } else { ", which is too many" };
        self.print(&format!("{title} (at most {most}){verdict}"));
    }
}
