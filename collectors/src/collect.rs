//! The seam between what is read and where it goes.
//!
//! A collector asks the [`Sink`] what is wanted and what is there already, hands it rows a page at a time, and closes every parent it
//! read (a repository, an organisation) with an [`Outcome`]: no alerts, alerts switched off and not allowed to look are three
//! different answers.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Instant,
};

use arrow::record_batch::RecordBatch;
use chrono::{DateTime, NaiveDate, Utc};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::{
    privacy::Pseudonyms,
    sources::Sources,
    table::{Row, Table, Timestamp, to_batch},
};

/// The function that reads a table.
pub type CollectFn = for<'a> fn(&'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>>;

/// What a collector needs.
#[derive(Debug)]
pub struct Context<'a> {
    /// The sources that are configured.
    pub sources: &'a Sources,
    /// The moment of the run.
    pub now: DateTime<Utc>,
    /// The day that is read: the date of the run, or for a window the day that its partition is about.
    pub day: NaiveDate,
    /// Turns logins into pseudonyms.
    pub pseudonyms: &'a Pseudonyms,
    /// Takes the rows.
    pub sink: &'a dyn Sink,
}

/// Why a table could not be read at all. What happened to one parent is an [`Outcome`], not an error.
#[derive(Debug, thiserror::Error)]
pub enum CollectError {
    /// The source has no section in the configuration.
    #[error("`[{0}]` is not configured")]
    NotConfigured(&'static str),
    /// The credential was refused.
    #[error("`{host}` refused the credential")]
    Unauthorized {
        /// The host that was asked.
        host: String,
        /// Its answer.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The vendor failed in a way that no other parent can be read either.
    #[error("could not read `{what}`")]
    Source {
        /// What was asked for.
        what: String,
        /// Its answer.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The rows could not be taken.
    #[error("could not store the rows of `{table}`")]
    Sink {
        /// The table.
        table: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// One thing a table's rows are read from, and the piece in which an interrupted run resumes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Parent {
    /// Identifies it for ever, also when it is renamed.
    pub id: String,
    /// What people call it: `organisation/repository`.
    pub name: String,
}

/// Where rows go.
pub trait Sink: Send + Sync + std::fmt::Debug {
    /// Whether the table's rows are asked for in this run.
    fn wants(&self, table: &'static Table) -> bool;

    /// Whether an interrupted run of the same date already read this parent to the end.
    fn is_done(&self, table: &'static Table, parent: &Parent) -> bool;

    /// For a table of changes: from when on this parent's changes are to be read; `None` is from its beginning.
    fn since(&self, table: &'static Table, parent: &Parent) -> Option<Timestamp>;

    /// For a table of changes: the ETag of this parent's newest page, as the last outcome that had one told it.
    fn etag(&self, table: &'static Table, parent: &Parent) -> Option<String>;

    /// Announces how many parents will be read.
    fn expect(&self, table: &'static Table, parents: usize);

    /// Takes some rows of one parent.
    fn rows<'a>(&'a self, table: &'static Table, parent: &'a Parent, rows: RecordBatch) -> BoxFuture<'a, Result<(), CollectError>>;

    /// The rows of another table that the lake holds for this day, of those columns that it had when they were written; `None` where that
    /// table was not collected for it.
    fn published<'a>(&'a self, table: &'static Table) -> BoxFuture<'a, Result<Option<Vec<RecordBatch>>, CollectError>>;

    /// Closes a parent. Its rows count from now on if the outcome says that they are all there; else they are dropped.
    ///
    /// `within` are the outcomes of what one answer told about several: the repositories of an organisation's list of alerts.
    fn done<'a>(
        &'a self,
        table: &'static Table,
        parent: &'a Parent,
        outcome: Outcome,
        within: Vec<(Parent, Outcome)>,
    ) -> BoxFuture<'a, Result<(), CollectError>>;
}

impl dyn Sink + '_ {
    /// Takes some typed rows of one parent.
    ///
    /// # Errors
    /// When the sink cannot store them.
    pub async fn write<R: Row>(&self, table: &'static Table, parent: &Parent, rows: &[R]) -> Result<(), CollectError> {
        if rows.is_empty() {
            return Ok(());
        }
        let batch = to_batch(rows).map_err(|error| CollectError::Sink { table: table.full_name(), source: error.into() })?;
        self.rows(table, parent, batch).await
    }
}

/// How reading one parent of a table ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// What the reader may conclude.
    pub status: Status,
    /// What the vendor said, or what is missing.
    pub detail: Option<String>,
    /// Requests sent for it, tries included.
    pub requests: u64,
    /// What they took from the rate limit: a REST request a point, a GraphQL request what its lists hold.
    pub points: u64,
    /// Pages of rows read.
    pub pages: u64,
    /// Rows handed over.
    pub rows: u64,
    /// Bytes received.
    pub bytes: u64,
    /// Wall time [ms].
    pub duration_ms: u64,
    /// The ETag of its newest page, to ask for it next time at no cost if nothing changed.
    pub etag: Option<String>,
}

/// What the reader of an outcome may conclude.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Read to the end; there are rows.
    Ok,
    /// Read to the end; there is nothing.
    Empty,
    /// We may not look.
    Forbidden,
    /// The feature is switched off there.
    Disabled,
    /// It is gone, or hidden from us.
    NotFound,
    /// Read, but not to the end.
    Truncated,
    /// Not read for want of rate limit; the next run resumes there.
    RateLimited,
    /// Not read because something failed.
    Error,
}

impl Status {
    /// The word in the ledger.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Empty => "empty",
            Self::Forbidden => "forbidden",
            Self::Disabled => "disabled",
            Self::NotFound => "not_found",
            Self::Truncated => "truncated",
            Self::RateLimited => "rate_limited",
            Self::Error => "error",
        }
    }

    /// Whether the rows that were read count: a list that broke off does not stand for the whole.
    pub const fn keeps_rows(self) -> bool {
        matches!(self, Self::Ok | Self::Empty | Self::Truncated)
    }

    /// Whether it was read to its end.
    pub const fn is_whole(self) -> bool {
        matches!(self, Self::Ok | Self::Empty)
    }

    /// Whether something is missing that a better credential or another try could bring. A feature that is switched off is a complete
    /// answer, only not an all-clear.
    pub const fn is_gap(self) -> bool {
        !matches!(self, Self::Ok | Self::Empty | Self::Disabled)
    }
}

/// Counts what reading a parent costs, from several tasks if need be.
#[derive(Debug)]
pub struct Tally {
    started: Instant,
    requests: AtomicU64,
    points: AtomicU64,
    pages: AtomicU64,
    rows: AtomicU64,
    bytes: AtomicU64,
}

impl Default for Tally {
    fn default() -> Self {
        Self {
            started: Instant::now(),
            requests: AtomicU64::new(0),
            points: AtomicU64::new(0),
            pages: AtomicU64::new(0),
            rows: AtomicU64::new(0),
            bytes: AtomicU64::new(0),
        }
    }
}

impl Tally {
    /// One request was sent.
    pub fn request(&self) {
        self.requests.fetch_add(1, Ordering::Relaxed);
    }

    /// An answer took so much of the rate limit.
    pub fn points(&self, points: u64) {
        self.points.fetch_add(points, Ordering::Relaxed);
    }

    /// An answer of so many bytes came.
    pub fn received(&self, bytes: usize) {
        self.bytes.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// A page brought so many rows.
    pub fn page(&self, rows: usize) {
        self.pages.fetch_add(1, Ordering::Relaxed);
        self.rows.fetch_add(rows as u64, Ordering::Relaxed);
    }

    /// The outcome of one of several parents that one answer told about; the cost stands with the answer's own parent.
    pub const fn within(status: Status, detail: Option<String>, rows: u64) -> Outcome {
        Outcome { status, detail, requests: 0, points: 0, pages: 0, rows, bytes: 0, duration_ms: 0, etag: None }
    }

    /// The outcome of a parent read to its end.
    pub fn complete(&self) -> Outcome {
        let status = if self.rows.load(Ordering::Relaxed) == 0 { Status::Empty } else { Status::Ok };
        self.ended(status, None)
    }

    /// The outcome of a parent that was not read to its end.
    pub fn ended(&self, status: Status, detail: Option<String>) -> Outcome {
        Outcome {
            status,
            detail,
            requests: self.requests.load(Ordering::Relaxed),
            points: self.points.load(Ordering::Relaxed),
            pages: self.pages.load(Ordering::Relaxed),
            rows: self.rows.load(Ordering::Relaxed),
            bytes: self.bytes.load(Ordering::Relaxed),
            duration_ms: u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX),
            etag: None,
        }
    }
}
