//! What `almanac build` costs beyond the SQL it runs.
//!
//! `cargo bench --profile dev --workspace --bench build` collects some days of a company into a folder, and then times whole processes in
//! turn, each with the engine's own limits of memory and threads:
//!
//! - `almanac build --full`;
//! - straight: DuckDB runs what `almanac sql --declare` printed, and then copies the SQL of each stored model to a Parquet file;
//! - straight, with assertions: likewise, and then runs the SQL of each assertion, as a build does before it publishes.
//!
//! Only the last does all that a build must do. A build sorts the files besides, tests the grains, and publishes. The straight runs are
//! this binary in another role: they drive DuckDB through `almanac::engine`, so that it is the same DuckDB with the same settings, and know
//! nothing else of Almanac.
//!
//! Aims: 5 % at most beyond the same SQL; 0.5 s CPU at most for a build that has nothing, or next to nothing, to do.
#![allow(clippy::print_stdout, reason = "a benchmark says what it measured")]

mod measure;

use std::path::Path;

use almanac_test_support::process::Cost;
use measure::{Size, almanac, median, mib, run, straight};

const LARGE: Size = Size::of(80, 300_000);
const TINY: Size = Size::of(5, 50);
const DAYS: u32 = 4;
const ROUNDS: usize = 7;

fn main() {
    let Some(args) = measure::role() else { return };
    match args.first().map(String::as_str) {
        Some(straight::ROLE) => straight::run(Path::new(&args[1])),
        Some("--bench") => {
            compare("large", LARGE);
            compare("tiny", TINY);
        }
        _ => {}
    }
}

fn compare(name: &str, size: Size) {
    let folder = measure::lake(&format!("build-{name}"), size, DAYS);
    println!("{name}: {} pull requests, {DAYS} days", size.pull_requests);
    let scripts = [straight::script(&folder, |_| true, false), straight::script(&folder, |_| true, true)];
    let (mut full, mut nothing) = (Vec::new(), Vec::new());
    let mut straights = [Vec::new(), Vec::new()];
    for _ in 0..ROUNDS {
        full.push(run(&mut almanac(&folder, &["build", "--full"]), &[0]));
        nothing.push(run(&mut almanac(&folder, &["build"]), &[0]));
        for (script, costs) in scripts.iter().zip(&mut straights) {
            costs.push(run(&mut straight::command(script), &[0]));
        }
    }
    tell("almanac build --full", &full);
    for (what, costs) in ["straight", "straight, with assertions"].into_iter().zip(&straights) {
        tell(what, costs);
        // Each round is compared with itself: what else the machine did was about the same.
        let rounds = || full.iter().zip(costs).map(|(built, straight)| (built.cpu_s(), straight.cpu_s()));
        let ratio = median(rounds().map(|(built, straight)| built / straight));
        let more = median(rounds().map(|(built, straight)| built - straight));
        println!("    the build takes {:+.1} % CPU, {more:+.2} s", (ratio - 1.0) * 100.0);
    }
    tell("almanac build, nothing stale", &nothing);
}

fn tell(what: &str, costs: &[Cost]) {
    let cpu = median(costs.iter().map(Cost::cpu_s));
    let wall = median(costs.iter().map(|cost| cost.wall.as_secs_f64()));
    let peak = costs.iter().map(|cost| cost.peak_bytes).max().unwrap_or_default();
    println!("  {what:30} {cpu:8.2} s CPU  {wall:8.2} s wall  peak {:6.0} MiB", mib(peak));
}
