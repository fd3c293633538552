//! `almanac demo`: live through some days of a fictional company, and show the answers.
//!
//! Everything but the company is real: the collectors speak HTTP to the simulator on loopback, the lake is a folder of Parquet, the
//! facts are built by the same SQL. What is left behind is an ordinary lake with its `almanac.toml`.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use almanac_simulator::{Options, SimCluster, Simulator};
use chrono::{Duration, Utc};

use crate::{
    collecting::Selection,
    config::{Config, FILE},
    engine::{Clock, Rows},
    exit::{Exit, Failure},
    ledger::{self, Ledger},
    models::{answer, catalog::Catalog},
    output::{self, Format},
    progress::Talk,
};

use super::run::collect_and_build;

/// The questions that are answered at the end.
const QUESTIONS: [&str; 14] = [
    "quality-scores",
    "what-changed",
    "dora",
    "identity-gaps",
    "pci-dependabot",
    "unprotected-public-repositories",
    "on-call-gaps",
    "slo-breaches",
    "services-without-slo",
    "most-expensive-services",
    "over-provisioned",
    "what-to-automate-next",
    "pr-size-merge-time",
    "collection-gaps",
];
/// Rows shown of each answer.
const SHOWN: usize = 12;

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Where to leave the lake; a new folder among the temporary ones when left out
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Days to live through; the last is today
    #[arg(long, default_value_t = 3, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=14))]
    days: u32,
    /// Real pull requests for one more repository: a CSV with pr, merge_sha, merged_at, first_authored_at, commits, additions, deletions, files
    #[arg(long, value_name = "CSV")]
    pulls: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
enum DemoError {
    #[error("`{}` is there already", .0.display())]
    Exists(PathBuf),
    #[error("could not write `{}`", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the fictional company could not be brought to life")]
    Simulator(#[source] almanac_simulator::SimulatorError),
}

pub(super) async fn run(args: &Args, talk: &Talk) -> Result<Exit, Failure> {
    let dir = args.dir.clone().unwrap_or_else(|| std::env::temp_dir().join(format!("almanac-demo-{}", ulid::Ulid::new())));
    let file = dir.join(FILE);
    if file.exists() {
        return Err(Failure::new(Exit::Usage, DemoError::Exists(file)).hint("choose another --dir, or remove that one"));
    }
    let today = Utc::now();
    let first = today - Duration::days(i64::from(args.days) - 1);
    let options = Options { now: first, pulls_csv: args.pulls.clone(), ..Options::default() };
    let simulator = Simulator::start(options).await.map_err(|error| Failure::new(Exit::Failed, DemoError::Simulator(error)))?;
    let text = configuration(&simulator);
    let write_error = |path: &Path| {
        let path = path.to_owned();
        move |source| {
            Failure::new(Exit::Failed, DemoError::Write { path, source }).hint("choose a folder that you may write to, with --dir")
        }
    };
    std::fs::create_dir_all(&dir).map_err(write_error(&dir))?;
    std::fs::write(&file, &text).map_err(write_error(&file))?;
    let catalog = dir.join("catalog");
    std::fs::create_dir_all(&catalog).map_err(write_error(&catalog))?;
    for (name, text) in simulator.catalog_files() {
        let path = catalog.join(name);
        std::fs::write(&path, text).map_err(write_error(&path))?;
    }
    let mut config = Config::parse(&file, &text, None)?;
    for (variable, value) in credentials(&simulator) {
        config.provide(variable, &value);
    }

    let lake = config.lake()?;
    talk.line(format!(
        "{} answers as GitHub, Datadog, PagerDuty, Jira and OpenCost on {}",
        simulator.organization(),
        simulator.github_api_url().trim_end_matches("/github"),
    ));
    let mut end = Exit::Done;
    for day in 0..args.days {
        let now = first + Duration::days(i64::from(day));
        simulator.set_now(now);
        talk.line(format!("\nday {} of {}", day + 1, args.days));
        end = collect_and_build(&lake, &config, &Selection::default(), &Ledger::new("demo", now), talk).await?;
    }
    // The gaps are part of the story: some of the company's repositories are closed to us on purpose.
    if matches!(end, Exit::Failed | Exit::Audit) {
        return Ok(end);
    }
    let catalog = Catalog::load(&config.root, ledger::all_tables())?;
    let clock = Clock { today: today.date_naive(), now: today };
    for question in QUESTIONS {
        let answer = answer::ask(&catalog, &lake, &config, clock, question, &BTreeMap::new()).await?;
        let rows = answer.rows.len();
        talk.line(format!("\n{} (almanac ask {question})", answer.title));
        answer.conditions().iter().for_each(|line| talk.line(line));
        output::print(&head(answer.rows), Format::Table)?;
        if rows > SHOWN {
            talk.line(format!("and {} more rows", rows - SHOWN));
        }
    }
    talk.line(format!("\nthe lake is in {}\n\nlook around:", dir.join("lake").display()));
    // Cargo tells the programs that it runs: there, `almanac` need not be installed.
    let almanac = if std::env::var_os("CARGO").is_some() { "cargo run --" } else { "almanac" };
    for example in ["status", "ask", "tables fct_pull_requests", "sql \"select full_name, team from dim_repositories where is_pci_scope\""]
    {
        talk.line(format!("  {almanac} --config {} {example}", file.display()));
    }
    Ok(Exit::Done)
}

/// The first rows of an answer.
fn head(mut rows: Rows) -> Rows {
    let mut left = SHOWN;
    for batch in &mut rows.batches {
        *batch = batch.slice(0, left.min(batch.num_rows()));
        left -= batch.num_rows();
    }
    rows
}

fn configuration(simulator: &Simulator) -> String {
    let cluster = |cluster: SimCluster| {
        let token = cluster.token.map(|_| ", token_env = \"OPENCOST_TOKEN\"").unwrap_or_default();
        format!("{{ name = \"{}\", url = \"{}\"{token} }}", cluster.name, cluster.url)
    };
    let clusters: Vec<String> = simulator.clusters().into_iter().map(cluster).collect();
    format!(
        "# Left by `almanac demo`. The company is fictional, and answers only while the demo runs: this lake can be asked, not collected.\n\
         [lake]\nurl = \"./lake\"\n\n[github]\norganizations = [\"{}\"]\napi_url = \"{}\"\n\
         # A simulated week passes in a minute: nobody is to be spared.\nrest_per_minute = 100000\ngraphql_per_minute = 100000\n\n\
         [catalog]\n\n[datadog]\napi_url = \"{}\"\n\n[pagerduty]\napi_url = \"{}\"\n\n[jira]\nurl = \"{}\"\nprojects = [\"LAMP\"]\n\n\
         [opencost]\nclusters = [{}]\n",
        simulator.organization(),
        simulator.github_api_url(),
        simulator.datadog_api_url(),
        simulator.pagerduty_api_url(),
        simulator.jira_url(),
        clusters.join(", "),
    )
}

/// What the environment would hold.
fn credentials(simulator: &Simulator) -> [(&'static str, String); 8] {
    let (api_key, app_key) = simulator.datadog_keys();
    let (email, token) = simulator.jira_credentials();
    [
        ("ALMANAC_PRIVACY_KEY", "the demo's people are made up".to_owned()),
        ("DD_API_KEY", api_key.to_owned()),
        ("DD_APP_KEY", app_key.to_owned()),
        ("GITHUB_TOKEN", simulator.token().to_owned()),
        ("JIRA_EMAIL", email),
        ("JIRA_TOKEN", token),
        ("OPENCOST_TOKEN", simulator.clusters().into_iter().find_map(|cluster| cluster.token).unwrap_or_default()),
        ("PAGERDUTY_TOKEN", simulator.pagerduty_token().to_owned()),
    ]
}
