//! How vendors are asked over HTTP: errors by what the caller does next, retries, limits, and lists page by page.
//!
//! GitHub has a client of its own, because octocrab brings its authentication and it speaks GraphQL; it shares the errors and the retries.
//! All others are asked by the client here. Only this folder names reqwest.

mod client;
mod error;
mod list;
mod pages;
mod vendor;

use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use http::StatusCode;
use url::form_urlencoded::byte_serialize;

pub use self::error::{ApiError, ApiErrorKind};

pub(crate) use self::{
    client::{Client, Connection},
    error::{SharedError, Stopped, chain, outcome_of, shape},
    list::{Few, Item, List, Whole, begin, read_list, store_whole, with_missing, with_unreadable},
    pages::{Counts, End, Pages, Paging},
    vendor::Vendor,
};

/// Tries of one request before a passing fault counts as an error.
pub(crate) const TRIES: usize = 6;

/// How long the same request is repeated when no answer comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// Tries before a passing fault counts as an error, at most [`TRIES`].
    pub(crate) tries: usize,
    /// Those of them that may run out of time.
    pub(crate) timeouts: usize,
}

impl Patience {
    /// As much as there is.
    pub(crate) const FULL: Self = Self { tries: TRIES, timeouts: TRIES };
    /// For what cannot be asked for in smaller parts: where it took too long once, it takes too long again.
    pub(crate) const AT_ONCE: Self = Self { tries: TRIES, timeouts: 1 };
}

/// Why a text could not be read.
#[derive(Debug)]
pub(crate) enum Unread {
    /// It is no JSON, or of another shape.
    Json(serde_json::Error),
    /// It says inside that it is a refusal, with this status, and why in this text.
    Refused(StatusCode, String),
}

impl From<serde_json::Error> for Unread {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

/// How long to wait before each further try.
pub(crate) fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(250))
        .with_max_delay(Duration::from_secs(20))
        .with_max_times(TRIES - 1)
        .with_jitter()
        .build()
}

/// A text as part of a path or of a query.
pub(crate) fn encoded(text: &str) -> String {
    byte_serialize(text.as_bytes()).collect()
}
