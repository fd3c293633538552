//! What must be said of workflow runs, from the rows that were collected, by hand.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, NaiveDate};
use serde_json::Value;

use super::asked::{Repository, number, text};

/// Fewer samples give no statistic.
const MINIMUM: usize = 5;

/// Repository, workflow, day or week, its first day, kind of run.
pub(super) type Key = (i64, i64, &'static str, NaiveDate, &'static str);

/// The rows that count, and the columns that they are read by.
pub(super) const ROWS: &str = "select repository_id, run_id, run_attempt, workflow_id, event, conclusion, head_branch, \
    cast(created_at as varchar) as created_at, cast(updated_at as varchar) as updated_at, queue_seconds, run_seconds from github.workflow_runs";

/// Figures by column; nothing where there are too few samples.
pub(super) fn expected(rows: &[Value], repositories: &[Repository]) -> BTreeMap<Key, BTreeMap<&'static str, Option<f64>>> {
    let branches: HashMap<i64, &str> = repositories.iter().filter_map(|one| Some((one.id, one.default_branch.as_deref()?))).collect();
    let mut newest: HashMap<(i64, i64), &Value> = HashMap::new();
    for row in rows {
        let known = newest.entry((number(&row["repository_id"]), number(&row["run_id"]))).or_insert(row);
        let age = |row: &Value| (text(&row["updated_at"]), number(&row["run_attempt"]));
        if age(row) > age(known) {
            *known = row;
        }
    }
    let mut groups: BTreeMap<Key, Vec<&Value>> = BTreeMap::new();
    for ((repository, _), row) in newest {
        let day = text(&row["created_at"])[..10].parse::<NaiveDate>().expect("a date");
        let monday = day - Days::new(day.weekday().num_days_from_monday().into());
        let scope = match text(&row["event"]).as_str() {
            "pull_request" | "pull_request_target" | "pull_request_review" | "merge_group" => "pull_request",
            _ if row["head_branch"].as_str().is_some_and(|branch| branches.get(&repository) == Some(&branch)) => "default_branch",
            _ => "other",
        };
        for (period, start) in [("day", day), ("week", monday)] {
            for scope in [scope, "all"] {
                groups.entry((repository, number(&row["workflow_id"]), period, start, scope)).or_default().push(row);
            }
        }
    }
    groups.into_iter().map(|(key, runs)| (key, figures(&runs))).collect()
}

fn figures(runs: &[&Value]) -> BTreeMap<&'static str, Option<f64>> {
    let ended = |how: &[&str]| runs.iter().filter(|run| run["conclusion"].as_str().is_some_and(|end| how.contains(&end))).count();
    let (succeeded, failed) = (ended(&["success"]), ended(&["failure", "timed_out"]));
    let judged = succeeded + failed;
    let is_judged = |run: &&&Value| matches!(run["conclusion"].as_str(), Some("success" | "failure" | "timed_out"));
    let durations = sorted(runs.iter().filter(is_judged).filter_map(|run| run["run_seconds"].as_f64()));
    let queues = sorted(runs.iter().filter_map(|run| run["queue_seconds"].as_f64()));
    let attempts: Vec<i64> = runs.iter().filter_map(|run| run["run_attempt"].as_i64()).collect();
    let reruns = attempts.iter().filter(|attempt| **attempt > 1).count();
    let minutes: Vec<f64> = runs.iter().filter_map(|run| run["run_seconds"].as_f64()).collect();
    let share = |part: usize, whole: usize| (whole >= MINIMUM).then(|| part as f64 / whole as f64);
    let count = |count: usize| Some(count as f64);
    BTreeMap::from([
        ("n_runs", count(runs.len())),
        ("n_completed", count(runs.iter().filter(|run| !run["conclusion"].is_null()).count())),
        ("n_succeeded", count(succeeded)),
        ("n_failed", count(failed)),
        ("n_cancelled", count(ended(&["cancelled"]))),
        ("n_judged", count(judged)),
        ("failure_rate", share(failed, judged)),
        ("n_reruns", count(reruns).filter(|_| !attempts.is_empty())),
        ("rerun_share", share(reruns, attempts.len())),
        ("n_duration", count(durations.len())),
        ("duration_p50_minutes", quantile(&durations, 0.5)),
        ("duration_p75_minutes", quantile(&durations, 0.75)),
        ("duration_p90_minutes", quantile(&durations, 0.9)),
        ("n_queue", count(queues.len())),
        ("queue_p50_minutes", quantile(&queues, 0.5)),
        ("queue_p90_minutes", quantile(&queues, 0.9)),
        ("run_minutes", (!minutes.is_empty()).then(|| minutes.iter().sum::<f64>() / 60.0)),
    ])
}

fn sorted(seconds: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut seconds: Vec<f64> = seconds.collect();
    seconds.sort_by(f64::total_cmp);
    seconds
}

/// In minutes, by linear interpolation between neighbours.
fn quantile(seconds: &[f64], share: f64) -> Option<f64> {
    let place = share * seconds.len().checked_sub(1)? as f64;
    let (below, above) = (seconds[place.floor() as usize], seconds[place.ceil() as usize]);
    (seconds.len() >= MINIMUM).then(|| (below + (above - below) * place.fract()) / 60.0)
}
