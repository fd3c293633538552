//! What `almanac collect` costs: CPU time per row, memory, and requests against the fewest there can be.
//!
//! `cargo bench --profile dev --workspace --bench collect` runs the real binary against the simulator, which is a process of its own, and
//! collects `github.pull_requests` into a folder: of a small company to warm up, a quarter of the rows, then all of them several times.
//! The profile is `dev`, because the run, the tests and the benchmarks share one, and with it the compiled dependencies.
//! `ALMANAC_BENCH_ROWS=1000000` in the environment asks for another number of rows.
//!
//! Aims: 50,000 rows a second of CPU time at least; 150 MiB at most, whatever the number of rows; 1.1 times the fewest requests at most.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

mod measure;

use std::collections::BTreeMap;

use almanac_test_support::process::Cost;
use measure::{Company, Size, almanac, median, mib, output, run};

const TABLE: &str = "github.pull_requests";
const ROWS: usize = 300_000;
const REPOSITORIES: usize = 80;
const PAGE: usize = 100;
const RUNS: usize = 5;

fn main() {
    let Some(args) = measure::role() else { return };
    if !args.iter().any(|arg| arg == "--bench") {
        return;
    }
    let rows = std::env::var("ALMANAC_BENCH_ROWS").map_or(ROWS, |rows| rows.parse().expect("a number of rows"));
    measure(rows / 100, 1);
    let quarter = measure(rows / 4, 3);
    let all = measure(rows, RUNS);
    println!("memory for four times the rows: {:.0} MiB instead of {:.0} MiB", mib(all), mib(quarter));
}

/// Collects everything some times, says what that cost, and gives back the peak memory.
fn measure(pull_requests: usize, runs: usize) -> u64 {
    let mut company = Company::found(Size::of(REPOSITORIES, pull_requests));
    let (mut costs, mut counts, mut requests): (Vec<Cost>, Vec<usize>, _) = (Vec::new(), Vec::new(), BTreeMap::new());
    for _ in 0..runs {
        let folder = company.customer("collect");
        costs.push(run(&mut company.collect(&folder, TABLE), &[0, 3]));
        requests = company.requests();
        let by_repository = format!("select count(*) from {TABLE} group by repository_id");
        let answer = output(&mut almanac(&folder, &["sql", "--format", "csv", &by_repository]));
        counts = answer.lines().skip(1).map(|count| count.parse().expect("a number")).collect();
    }
    let rows: usize = counts.iter().sum();
    let cpu = median(costs.iter().map(Cost::cpu_s));
    let wall = median(costs.iter().map(|cost| cost.wall.as_secs_f64()));
    let peak = costs.iter().map(|cost| cost.peak_bytes).max().unwrap_or_default();
    println!(
        "{rows} rows, median of {runs}: {cpu:.2} s CPU, {wall:.2} s wall, {:.0} rows per CPU-second, peak {:.0} MiB",
        rows as f64 / cpu,
        mib(peak)
    );
    let (made, fewest) = (requests.values().sum::<usize>(), fewest_requests(&counts));
    println!("  {made} requests {requests:?}, {:.3} times the fewest ({fewest})", made as f64 / fewest as f64);
    peak
}

/// A list of the repositories, every page of a large one, and small ones packed into as few requests as hold them.
fn fewest_requests(counts: &[usize]) -> usize {
    let (large, small): (Vec<usize>, Vec<usize>) = counts.iter().partition(|count| **count > PAGE);
    let pages = |count: &usize| count.div_ceil(PAGE);
    REPOSITORIES.div_ceil(PAGE) + large.iter().map(pages).sum::<usize>() + pages(&small.iter().sum())
}
