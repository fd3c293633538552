//! What was asked, so that a test can count requests and bytes.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// One request and how it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestLog {
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query, from the vendor's name on: `/github/orgs/…?page=2`.
    pub path: String,
    /// The GraphQL operation's name.
    pub operation: Option<String>,
    /// The status code sent.
    pub status: u16,
    /// Bytes of the body sent.
    pub bytes: u64,
    /// What the request took from the token's allowance: requests (REST) or points (GraphQL).
    pub cost: u32,
    /// What it counted in its minute: see [`SecondaryLimits`](crate::SecondaryLimits).
    pub points: u32,
    /// When it came in; the log is in the order of answers.
    pub at: Instant,
    /// Which token it brought, if a known one: people's first, from 0 for [`Simulator::token`](crate::Simulator::token), then what the
    /// App signed, then the tokens of its installations as they were made. Other vendors' are counted from 0 as well.
    pub bearer: Option<usize>,
}

/// Every request since the start or the last reset.
#[derive(Debug, Default)]
pub(crate) struct Log(Mutex<Vec<RequestLog>>);

impl Log {
    /// Adds one.
    pub(crate) fn push(&self, request: RequestLog) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    }

    /// A copy of all.
    pub(crate) fn requests(&self) -> Vec<RequestLog> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets all.
    pub(crate) fn reset(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}
