//! What collecting will cost, before it starts: what it took the last time, by the run ledger, or what the size of the organisations
//! lets expect.

use std::collections::BTreeMap;

use almanac_collectors::{
    collect::CollectError,
    github::Github,
    table::{Probe, Size, Table},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    lake::{Lake, LakeError, Listing},
    ledger::RUNS,
};

/// Objects of the ledger that are looked through for the last time a table was collected: a month of daily runs and builds.
const LOOKED_THROUGH: usize = 100;

/// What collecting a table took the last time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Past {
    /// The date it was collected for.
    pub date: NaiveDate,
    /// Requests sent.
    pub requests: u64,
    /// What they took from the rate limit.
    pub points: u64,
    /// Requests it had been planned with.
    pub planned: Option<u64>,
}

/// What collecting a table is going to take.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Estimate {
    /// Full name of the table.
    pub table: String,
    /// GitHub's `rest` or `graphql`, or another source: each has a limit of its own.
    pub api: &'static str,
    /// Requests; `None` where nothing is known.
    pub requests: Option<u64>,
    /// What they take from the rate limit; `None` where no run told it yet.
    pub points: Option<u64>,
    /// What that is known by.
    pub basis: String,
}

/// The columns of the ledger that are read here.
#[derive(Deserialize)]
struct Step {
    step: String,
    logical_date: String,
    requests: Option<i64>,
    points: Option<i64>,
    planned_requests: Option<i64>,
}

/// What each table took the last time it was collected, by full name.
///
/// # Errors
/// When the ledger cannot be read.
pub async fn past(lake: &Lake, listing: &Listing, tables: &[&'static Table]) -> Result<BTreeMap<String, Past>, LakeError> {
    let mut past = BTreeMap::new();
    let ledger = listing.raw.get(&RUNS.full_name()).map_or(&[][..], Vec::as_slice);
    for object in ledger.iter().rev().take(LOOKED_THROUGH) {
        // Steps that collected nothing, and versions that did not count, say nothing.
        for step in lake.read::<Step>(object).await? {
            // A window's step names the day after the table.
            let table = step.step.strip_prefix("collect ").and_then(|rest| rest.split(' ').next());
            let (Some(table), Some(requests)) = (table, step.requests) else { continue };
            let Ok(date) = step.logical_date.parse() else { continue };
            let count = |number: i64| u64::try_from(number).unwrap_or_default();
            let points = count(step.points.unwrap_or_default());
            let one = Past { date, requests: count(requests), points, planned: step.planned_requests.map(count) };
            past.entry(table.to_owned()).or_insert(one);
        }
        if tables.iter().all(|table| past.contains_key(&table.full_name())) {
            break;
        }
    }
    Ok(past)
}

/// What collecting these tables is going to take. Only where the ledger does not know one of GitHub's, the repositories are counted.
///
/// # Errors
/// When they cannot be: then nothing can be collected either.
pub async fn estimate(
    past: &BTreeMap<String, Past>,
    github: Option<&Github>,
    tables: &[&'static Table],
) -> Result<Vec<Estimate>, CollectError> {
    let is_known = tables.iter().all(|table| table.source != "github" || past.contains_key(&table.full_name()));
    let size = match github.filter(|_| !is_known) {
        Some(github) => Some(github.size().await?),
        None => None,
    };
    Ok(tables.iter().map(|table| of_table(table, past.get(&table.full_name()), size.as_ref())).collect())
}

fn of_table(table: &Table, past: Option<&Past>, size: Option<&Size>) -> Estimate {
    let api = match table.source {
        "github" if table.endpoint.starts_with("GET ") => "rest",
        "github" => "graphql",
        other => other,
    };
    let by_size = size.filter(|_| table.source == "github").and_then(|size| Some(((table.requests)(size)?, size.repositories)));
    let (requests, points, basis) = match (past, by_size) {
        _ if table.probe == Probe::Nothing => (Some(0), Some(0), "no request".to_owned()),
        (Some(past), _) => (Some(past.requests), Some(past.points), format!("the run for {}", past.date)),
        (None, Some((requests, repositories))) => (Some(requests), None, format!("{repositories} repositories")),
        (None, None) => (None, None, "nothing".to_owned()),
    };
    Estimate { table: table.full_name(), api, requests, points, basis }
}
