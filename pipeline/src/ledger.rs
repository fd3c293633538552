//! The run ledger: what each run did, and how reading every parent ended. It is written also when a run fails.

use std::sync::{Mutex, MutexGuard, PoisonError};

use almanac_collectors::{
    collect::{Outcome, Parent},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch, to_batch},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use ulid::Ulid;

use crate::{
    drift::SNAPSHOT_CHANGES,
    lake::{Lake, LakeError},
};

/// `almanac.runs`
pub const RUNS: Table = Table {
    source: "almanac",
    name: "runs",
    meaning: "One row per step of a run.",
    kind: Kind::Changes,
    grain: &["run_id", "step"],
    version: Some("finished_at"),
    endpoint: "none: Almanac writes it about itself",
    permission: "none",
    probe: Probe::Nothing,
    requests: |_| Some(0),
    columns: RunRow::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::Itself,
};

/// `almanac.outcomes`
pub const OUTCOMES: Table = Table {
    source: "almanac",
    name: "outcomes",
    meaning: "One row per run, table and parent that was to be read: how that ended, and what it cost.",
    kind: Kind::Changes,
    grain: &["run_id", "source", "table_name", "parent", "logical_date"],
    version: Some("observed_at"),
    endpoint: "none: Almanac writes it about itself",
    permission: "none",
    probe: Probe::Nothing,
    requests: |_| Some(0),
    columns: OutcomeRow::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::Itself,
};

/// What Almanac writes about itself: the ledger, and what changed between snapshots.
pub const TABLES: [&Table; 3] = [&OUTCOMES, &RUNS, &SNAPSHOT_CHANGES];

/// Every raw table there is, sorted by name: those that are collected, and those that Almanac writes about itself.
pub fn all_tables() -> Vec<&'static Table> {
    let mut tables = almanac_collectors::tables();
    tables.extend(TABLES);
    tables.sort_by_key(|table| table.full_name());
    tables
}

#[derive(Debug, Row, Serialize)]
struct RunRow {
    /// Id of the run; sorts by time
    run_id: String,
    /// What was done, such as `collect github.pull_requests`, `collect datadog.slo_history 2026-11-20`, `build fct_pull_requests` or `publish fct_pull_requests`
    step: String,
    /// Verb of the command line
    verb: String,
    /// Date the run was for, fixed when it started
    logical_date: String,
    /// ok, partial, failed or skipped
    status: String,
    /// What went wrong, or why it was skipped
    detail: Option<String>,
    /// Rows published [rows]
    rows: Option<i64>,
    /// Begun
    started_at: Timestamp,
    /// Ended
    finished_at: Timestamp,
    /// Version of Almanac
    software_version: String,
    /// Requests that collecting a table took; null for another step [requests]
    requests: Option<i64>,
    /// What they took from the rate limit; null likewise [points]
    points: Option<i64>,
    /// Requests that it was planned with; null where nothing was known beforehand [requests]
    planned_requests: Option<i64>,
}

#[derive(Debug, Row, Serialize)]
struct OutcomeRow {
    /// Id of the run; sorts by time
    run_id: String,
    /// System that was read
    source: String,
    /// Table that was read, without its source
    table_name: String,
    /// What was read: `organisation/repository`, or the organisation
    parent: String,
    /// ok, empty, forbidden, disabled, not_found, truncated, rate_limited or error
    status: String,
    /// What the system said, or what is missing
    detail: Option<String>,
    /// Requests sent for it, tries included; 0 where the answer came with another parent's [requests]
    requests: i64,
    /// Pages of rows [pages]
    pages: i64,
    /// Rows read, before those are left out that are published already [rows]
    rows: i64,
    /// Bytes received [bytes]
    bytes: i64,
    /// Wall time [ms]
    duration_ms: i64,
    /// Recorded
    observed_at: Timestamp,
    /// Date that was read: that of the run, fixed when it started, or the day of a window
    logical_date: String,
    /// What the requests took from the rate limit; null in rows of versions that did not count [points]
    points: Option<i64>,
}

/// One step of a run.
#[derive(Clone, Debug)]
pub struct Step {
    /// What was done.
    pub step: String,
    /// How it ended.
    pub status: StepStatus,
    /// What went wrong, or why it was skipped.
    pub detail: Option<String>,
    /// Rows published.
    pub rows: Option<i64>,
    /// What collecting a table took, and what it was planned with.
    pub cost: Option<Cost>,
    /// Begun.
    pub started_at: DateTime<Utc>,
    /// Ended.
    pub finished_at: DateTime<Utc>,
}

/// What collecting a table took, and what it was planned with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cost {
    /// Requests sent.
    pub requests: u64,
    /// What they took from the rate limit.
    pub points: u64,
    /// Requests planned; `None` where nothing was known beforehand.
    pub planned: Option<u64>,
}

/// How a step ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepStatus {
    /// Whole.
    Ok,
    /// With gaps.
    Partial,
    /// Not at all.
    Failed,
    /// Not tried.
    Skipped,
}

impl StepStatus {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Partial => "partial",
            Self::Failed => "failed",
            Self::Skipped => "skipped",
        }
    }
}

/// What one run has to record. Steps and outcomes gather in memory and are published at its end.
#[derive(Debug)]
pub struct Ledger {
    verb: &'static str,
    run: Ulid,
    date: NaiveDate,
    now: DateTime<Utc>,
    pages: Mutex<Pages>,
}

#[derive(Debug, Default)]
struct Pages {
    steps: Vec<RunRow>,
    outcomes: Vec<OutcomeRow>,
}

impl Ledger {
    /// The ledger of a run that begins now, for the date that this moment falls on (UTC).
    pub fn new(verb: &'static str, now: DateTime<Utc>) -> Self {
        let run = Ulid::from_datetime(now.into());
        Self { verb, run, date: now.date_naive(), now, pages: Mutex::default() }
    }

    /// Id of the run.
    pub const fn run(&self) -> Ulid {
        self.run
    }

    /// The logical date, fixed when the run started.
    pub const fn date(&self) -> NaiveDate {
        self.date
    }

    /// When the run started.
    pub const fn started_at(&self) -> DateTime<Utc> {
        self.now
    }

    fn pages(&self) -> MutexGuard<'_, Pages> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records a step.
    pub fn step(&self, step: Step) {
        self.pages().steps.push(RunRow {
            run_id: self.run.to_string(),
            step: step.step,
            verb: self.verb.to_owned(),
            logical_date: self.date.to_string(),
            status: step.status.as_str().to_owned(),
            detail: step.detail,
            rows: step.rows,
            started_at: step.started_at.into(),
            finished_at: step.finished_at.into(),
            software_version: env!("CARGO_PKG_VERSION").to_owned(),
            requests: step.cost.map(|cost| number(cost.requests)),
            points: step.cost.map(|cost| number(cost.points)),
            planned_requests: step.cost.and_then(|cost| cost.planned).map(number),
        });
    }

    /// Records how reading a parent of a table for a day ended.
    pub fn outcome(&self, table: &Table, day: NaiveDate, parent: &Parent, outcome: Outcome) {
        self.pages().outcomes.push(OutcomeRow {
            run_id: self.run.to_string(),
            source: table.source.to_owned(),
            table_name: table.name.to_owned(),
            parent: parent.name.clone(),
            status: outcome.status.as_str().to_owned(),
            detail: outcome.detail,
            requests: number(outcome.requests),
            pages: number(outcome.pages),
            rows: number(outcome.rows),
            bytes: number(outcome.bytes),
            duration_ms: number(outcome.duration_ms),
            observed_at: self.now.into(),
            logical_date: day.to_string(),
            points: Some(number(outcome.points)),
        });
    }

    /// Publishes what gathered since the last time.
    ///
    /// # Errors
    /// When the lake does not take it.
    pub async fn publish(&self, lake: &Lake) -> Result<(), LakeError> {
        let Pages { mut steps, mut outcomes } = std::mem::take(&mut *self.pages());
        steps.sort_by(|a, b| a.step.cmp(&b.step));
        outcomes.sort_by(|a, b| {
            let key = |row: &OutcomeRow| (row.source.clone(), row.table_name.clone(), row.parent.clone(), row.logical_date.clone());
            key(a).cmp(&key(b))
        });
        self.publish_rows(lake, &RUNS, &steps).await?;
        self.publish_rows(lake, &OUTCOMES, &outcomes).await
    }

    async fn publish_rows<R: Row>(&self, lake: &Lake, table: &Table, rows: &[R]) -> Result<(), LakeError> {
        if rows.is_empty() {
            return Ok(());
        }
        let batch = to_batch(rows).map_err(|source| LakeError::Parquet { what: "write", key: table.full_name(), source: source.into() })?;
        // Each publishing is an object of its own: a run records its outcomes before it builds on them.
        let object = Ulid::from_parts(self.run.timestamp_ms(), Ulid::new().random());
        lake.publish_rows(table, self.date, object, &batch).await
    }
}

fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
