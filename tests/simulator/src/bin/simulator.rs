//! Runs the simulator until it is interrupted, for looking at it with curl and for benchmarks from another process.

use std::io::Write as _;
use std::path::PathBuf;

use almanac_simulator::{Options, Simulator};
use chrono::{DateTime, Utc};
use clap::Parser;

/// A fictional company that answers as GitHub and others do. Prints GitHub's address and token, then a line for each of the others:
/// of the clusters one each, with `-` where no token is asked for.
#[derive(Debug, Parser)]
struct Arguments {
    /// Port on the loopback address; 0 is any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// What everything is drawn from.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Where the company's clock stands, e.g. 2026-11-21T10:00:00Z; it does not move.
    #[arg(long)]
    now: Option<DateTime<Utc>>,
    /// How many repositories there are.
    #[arg(long, default_value_t = 200)]
    repositories: usize,
    /// Days of pull requests before now.
    #[arg(long, default_value_t = 90)]
    history_days: u32,
    /// Days of history after now, which the library's clock can walk into.
    #[arg(long, default_value_t = 14)]
    future_days: u32,
    /// How many pull requests in all, instead of the natural number.
    #[arg(long)]
    pull_requests: Option<usize>,
    /// How many outages in all, instead of the natural number.
    #[arg(long)]
    incidents: Option<usize>,
    /// How many monitors in all, instead of the natural number.
    #[arg(long)]
    monitors: Option<usize>,
    /// How many service level objectives in all, instead of the natural number.
    #[arg(long)]
    slos: Option<usize>,
    /// How many pods on both clusters together, instead of the natural number.
    #[arg(long)]
    pods: Option<usize>,
    /// Real pull requests, which become one more repository.
    #[arg(long, value_name = "CSV")]
    pulls: Option<PathBuf>,
    /// A second, small organisation on the same host.
    #[arg(long)]
    second_organization: bool,
    /// Requests and points an hour for each token; without end if not given.
    #[arg(long)]
    rate_limit: Option<u32>,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let defaults = Options::default();
    let simulator = Simulator::start(Options {
        seed: arguments.seed,
        now: arguments.now.unwrap_or(defaults.now),
        repositories: arguments.repositories,
        history_days: arguments.history_days,
        future_days: arguments.future_days,
        pull_requests: arguments.pull_requests,
        incidents: arguments.incidents,
        monitors: arguments.monitors,
        slos: arguments.slos,
        pods: arguments.pods,
        pulls_csv: arguments.pulls,
        second_organization: arguments.second_organization,
        rate_limit: arguments.rate_limit,
        port: arguments.port,
        ..defaults
    })
    .await?;
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{}", simulator.github_api_url())?;
    writeln!(stdout, "{}", simulator.token())?;
    let (api, application) = simulator.datadog_keys();
    writeln!(stdout, "{} {api} {application}", simulator.datadog_api_url())?;
    writeln!(stdout, "{} {}", simulator.pagerduty_api_url(), simulator.pagerduty_token())?;
    let (email, token) = simulator.jira_credentials();
    writeln!(stdout, "{} {email} {token} {}", simulator.jira_url(), simulator.jira_access_token())?;
    for cluster in simulator.clusters() {
        writeln!(stdout, "{} {}", cluster.url, cluster.token.as_deref().unwrap_or("-"))?;
    }
    stdout.flush()?;
    drop(stdout);
    tokio::signal::ctrl_c().await?;
    Ok(())
}
