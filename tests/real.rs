//! Real pull requests through the whole of Almanac: served by the simulator, collected by the command over HTTP into a lake on S3, built
//! there, and queried; against figures that this test computes from the file itself.

use std::{collections::BTreeMap, path::Path, time::Duration};

use almanac_simulator::Options;
use almanac_test_support::{s3::S3Server, shared};
use serde_json::Value;
use tempfile::TempDir;
use tokio::process::Command;

use crate::common::{Setting, stderr};

const NAME: &str = "real::sizes_and_times_of_real_pull_requests";
/// Size buckets by their largest size.
const BUCKETS: [(&str, u64); 6] = [("XS", 9), ("S", 29), ("M", 99), ("L", 499), ("XL", 999), ("XXL", u64::MAX)];
/// What the whole journey may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What a row of the file says of interest here.
struct Pull {
    size: u64,
    /// From the first commit to the merge; unknown where the clock of the author ran ahead.
    cycle_hours: Option<f64>,
}

fn pulls(path: &Path) -> Vec<Pull> {
    let text = std::fs::read_to_string(path).expect("the file can be read");
    let pull = |line: &str| {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |place: usize| fields[place].parse::<i64>().expect("a number");
        let seconds = number(2) - number(3);
        Pull { size: (number(5) + number(6)).try_into().expect("a size"), cycle_hours: (seconds >= 0).then_some(seconds as f64 / 3600.0) }
    };
    text.lines().skip(1).map(pull).collect()
}

/// The quantile of sorted values, by linear interpolation between neighbours.
fn quantile(sorted: &[f64], share: f64) -> f64 {
    let place = share * (sorted.len() - 1) as f64;
    let (below, above) = (sorted[place.floor() as usize], sorted[place.ceil() as usize]);
    below + (above - below) * place.fract()
}

/// Ranks from 1, with the middle rank for equal values.
fn ranks(values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    let mut ranks = vec![0.0; values.len()];
    for tie in order.chunk_by(|&a, &b| values[a] == values[b]) {
        let before = order.partition_point(|&index| values[index] < values[tie[0]]);
        for &index in tie {
            ranks[index] = before as f64 + (tie.len() + 1) as f64 / 2.0;
        }
    }
    ranks
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let sum = |f: &dyn Fn(f64, f64) -> f64| a.iter().zip(b).map(|(a, b)| f(a - mean_a, b - mean_b)).sum::<f64>();
    sum(&|a, b| a * b) / (sum(&|a, _| a * a) * sum(&|_, b| b * b)).sqrt()
}

/// Equal but for the last digits, in which two ways to compute may differ.
fn assert_near(what: &str, found: &Value, expected: f64) {
    let found = found.as_f64().unwrap_or_else(|| panic!("{what} is {found}, expected {expected}"));
    assert!((found - expected).abs() <= 1e-9 * expected.abs(), "{what} is {found}, expected {expected}");
}

/// The command in the user's folder, with a lake on the server.
async fn almanac(setting: &Setting, server: &S3Server, args: &[&str]) -> std::process::Output {
    let mut command = Command::from(setting.command(args));
    command.envs(server.environment()).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, command.output()).await.expect("it ends in time").expect("it starts");
    assert_eq!(output.status.code(), Some(0), "{args:?}\n{}", stderr(&output));
    output
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sizes_and_times_of_real_pull_requests() {
    let Some(file) = shared::file_for(NAME, "real/github/rails_pull_requests.csv") else { return };
    let folder = TempDir::new().expect("a temporary folder");
    let server = S3Server::start(&folder.path().join("s3")).await;
    let options =
        Options { now: chrono::Utc::now(), repositories: 2, history_days: 5, pulls_csv: Some(file.clone()), ..Options::default() };
    let setting = Setting::with(options).await;
    let cache = folder.path().join("cache");
    let text = format!(
        "[lake]\nurl = \"s3://{}/real\"\ncache = \"{}\"\n[github]\norganizations = [\"{}\"]\napi_url = \"{}\"\n",
        server.bucket(),
        cache.display(),
        setting.simulator.organization(),
        setting.simulator.github_api_url(),
    );
    std::fs::write(setting.path().join("almanac.toml"), text).expect("the configuration is written");

    almanac(&setting, &server, &["run"]).await;
    assert!(!setting.lake().exists(), "the lake is on S3, not in a folder");
    let query = format!(
        "select * from fct_pr_size_merge_time where subject_type = 'repository' and period_type = 'all_time' \
         and subject = '{}/rails_pull_requests' order by size_bucket_order",
        setting.simulator.organization()
    );
    let answer = almanac(&setting, &server, &["sql", "--format", "json", &query]).await;
    let rows: Vec<Value> = serde_json::from_slice(&answer.stdout).expect("rows as JSON");
    let by_bucket: BTreeMap<&str, &Value> = rows.iter().map(|row| (row["size_bucket"].as_str().unwrap_or_default(), row)).collect();
    assert_eq!(by_bucket.len(), 1 + BUCKETS.len(), "{rows:#?}");

    let pulls = pulls(&file);
    assert_eq!(pulls.len(), 6_999);
    let mut medians = Vec::new();
    let mut smallest = 0;
    for (bucket, largest) in BUCKETS.into_iter().chain([("all", u64::MAX)]) {
        let from = if bucket == "all" { 0 } else { smallest };
        let within: Vec<&Pull> = pulls.iter().filter(|pull| (from..=largest).contains(&pull.size)).collect();
        smallest = largest.saturating_add(1);
        let mut hours: Vec<f64> = within.iter().filter_map(|pull| pull.cycle_hours).collect();
        hours.sort_by(f64::total_cmp);
        let row = by_bucket[bucket];
        assert_eq!(row["n"].as_u64(), Some(within.len() as u64), "n of {bucket}");
        assert_eq!(row["n_cycle"].as_u64(), Some(hours.len() as u64), "n_cycle of {bucket}");
        for (column, share) in [("cycle_p50_hours", 0.5), ("cycle_p75_hours", 0.75), ("cycle_p90_hours", 0.9)] {
            assert_near(&format!("{column} of {bucket}"), &row[column], quantile(&hours, share));
        }
        // Nobody's review is in the file: that is unknown, not a time of zero.
        assert_eq!((row["n_pickup"].as_u64(), row["pickup_p50_hours"].is_null()), (Some(0), true), "pickup of {bucket}");
        medians.push(row["cycle_p50_hours"].as_f64().unwrap_or_default());
    }
    assert!((4.0..5.0).contains(&medians[0]), "below 10 lines: {medians:?}");
    assert!((500.0..540.0).contains(&medians[5]), "from 1,000 lines on: {medians:?}");

    let known: Vec<(f64, f64)> = pulls.iter().filter_map(|pull| Some((pull.size as f64, pull.cycle_hours?))).collect();
    let (sizes, hours): (Vec<f64>, Vec<f64>) = known.into_iter().unzip();
    assert_near("spearman_size_cycle", &by_bucket["all"]["spearman_size_cycle"], correlation(&ranks(&sizes), &ranks(&hours)));
    let logarithms: Vec<f64> = sizes.iter().map(|size| size.ln_1p()).collect();
    assert_near("pearson_size_cycle", &by_bucket["all"]["pearson_size_cycle"], correlation(&logarithms, &hours));
}
