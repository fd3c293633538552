//! What reading Datadog costs: requests, CPU time per row and memory, for 20,000 monitors and 10,000 service level objectives with the
//! history of a day.
//!
//! `cargo bench --profile dev --workspace --bench watch` runs the real binary against the simulator, which is a process of its own, and
//! collects `datadog.monitors`, `datadog.slos` and `datadog.slo_history` in one run into a folder, several times.
//!
//! An objective's history is a request of its own: of so many requests, 30 are for the lists, and 10,000 for the history.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

mod measure;

use almanac_test_support::process::Cost;
use measure::{Company, Size, almanac, median, mib, output, run};

const TABLES: [&str; 3] = ["datadog.monitors", "datadog.slo_history", "datadog.slos"];
const MONITORS: usize = 20_000;
const SLOS: usize = 10_000;
const RUNS: usize = 3;

fn main() {
    let Some(args) = measure::role() else { return };
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    measure(MONITORS / 10, SLOS / 10, 1);
    measure(MONITORS, SLOS, RUNS);
}

/// Collects everything some times, and says what that cost.
fn measure(monitors: usize, slos: usize, runs: usize) {
    let mut company = Company::found(Size { monitors, slos, ..Size::of(100, 100) });
    let (mut costs, mut rows, mut requests): (Vec<Cost>, Vec<usize>, usize) = (Vec::new(), Vec::new(), 0);
    for _ in 0..runs {
        let folder = company.watcher("watch");
        costs.push(run(&mut company.collect(&folder, &TABLES.join(",")), &[0]));
        requests = company.requests().values().sum();
        let count = |table: &str| {
            let answer = output(&mut almanac(&folder, &["sql", "--format", "csv", &format!("select count(*) from {table}")]));
            answer.lines().nth(1).and_then(|line| line.parse().ok()).expect("a number")
        };
        rows = TABLES.iter().map(|table| count(table)).collect();
    }
    let all: usize = rows.iter().sum();
    let cpu = median(costs.iter().map(Cost::cpu_s));
    let wall = median(costs.iter().map(|cost| cost.wall.as_secs_f64()));
    let peak = costs.iter().map(|cost| cost.peak_bytes).max().unwrap_or_default();
    println!(
        "{rows:?} rows of {TABLES:?}, median of {runs}: {requests} requests, {cpu:.2} s CPU, {wall:.2} s wall, {:.0} rows per CPU-second, peak {:.0} MiB",
        all as f64 / cpu,
        mib(peak)
    );
}
