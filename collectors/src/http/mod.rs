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
use url::form_urlencoded::byte_serialize;

pub use self::error::{ApiError, ApiErrorKind};

pub(crate) use self::{
    client::{Client, Connection},
    error::{SharedError, Stopped, chain, outcome_of, shape},
    list::{Item, List, Whole, begin, read_list, store_whole, with_missing, with_unreadable},
    pages::{Counts, End, Pages, Paging},
    vendor::Vendor,
};

/// Tries of one request before a passing fault counts as an error.
pub(crate) const TRIES: usize = 6;

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
