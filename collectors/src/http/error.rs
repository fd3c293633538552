//! What went wrong with a request, and what a walk makes of that.

use std::sync::Arc;

use crate::collect::{CollectError, Outcome, Status, Tally};

/// A request that did not bring what was asked for.
#[derive(Clone, Debug, thiserror::Error)]
#[error("`{host}` answered `{what}` with {message}")]
pub struct ApiError {
    /// What to do about it.
    pub kind: ApiErrorKind,
    /// The host that was asked.
    pub host: String,
    /// The request: method and path, or the GraphQL operation.
    pub what: String,
    /// Status and the vendor's message.
    pub message: String,
}

/// What the caller does about an [`ApiError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiErrorKind {
    /// The credential is no good: ask for another.
    Unauthorized,
    /// We may not look: record it, go on.
    Forbidden,
    /// The feature is off: record it, go on.
    Disabled,
    /// Gone or hidden: record it, go on.
    NotFound,
    /// Out of rate limit for longer than we wait: record it, resume in the next run.
    RateLimited,
    /// The answer took too long to make: ask for less.
    TooHeavy,
    /// Tried often enough.
    Unavailable,
    /// The answer is not of the documented shape, or the request was wrong.
    Unexpected,
}

impl ApiError {
    /// How the ledger calls it.
    pub fn status(&self) -> Status {
        match self.kind {
            ApiErrorKind::Forbidden | ApiErrorKind::Unauthorized => Status::Forbidden,
            ApiErrorKind::Disabled => Status::Disabled,
            ApiErrorKind::NotFound => Status::NotFound,
            ApiErrorKind::RateLimited => Status::RateLimited,
            ApiErrorKind::TooHeavy | ApiErrorKind::Unavailable | ApiErrorKind::Unexpected => Status::Error,
        }
    }
}

impl From<ApiError> for CollectError {
    /// A refused credential ends the source; anything else ends what was being read.
    fn from(error: ApiError) -> Self {
        match error.kind {
            ApiErrorKind::Unauthorized => Self::Unauthorized { host: error.host.clone(), source: error.into() },
            _ => Self::Source { what: error.what.clone(), source: error.into() },
        }
    }
}

/// An error that several walks meet, since they share the listing.
pub(crate) type SharedError = Arc<ApiError>;

/// Why a walk stopped before its end.
pub(crate) enum Stopped {
    /// The vendor did not answer: the parent's outcome says so, and the next parent follows.
    Api(ApiError),
    /// The rows cannot be stored: nothing more can be read.
    Sink(CollectError),
}

impl From<ApiError> for Stopped {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<CollectError> for Stopped {
    fn from(error: CollectError) -> Self {
        Self::Sink(error)
    }
}

/// The outcome of a walk. A refused credential is an error, because it holds for everything that would follow.
pub(crate) fn outcome_of(walk: Result<(), Stopped>, tally: &Tally) -> Result<Outcome, CollectError> {
    match walk {
        Ok(()) => Ok(tally.complete()),
        Err(Stopped::Api(error)) if error.kind == ApiErrorKind::Unauthorized => Err(error.into()),
        Err(Stopped::Api(error)) => Ok(tally.ended(error.status(), Some(error.message))),
        Err(Stopped::Sink(error)) => Err(error),
    }
}

/// What serde says of a shape, without the value that it met there: that may be a name, a title or worse.
pub(crate) fn shape(error: &serde_json::Error) -> String {
    let text = error.to_string();
    match text.rsplit_once("expected ") {
        Some((_, expected)) => format!("expected {expected}"),
        None if text.starts_with("missing field") => text,
        None => format!("{:?} error at line {} column {}", error.classify(), error.line(), error.column()).to_lowercase(),
    }
}

/// An error with its causes on one line; transport errors name no header and no body.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string().lines().next().unwrap_or_default().to_owned();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let line = inner.to_string();
        if !text.contains(&line) {
            text = format!("{text}: {line}");
        }
        cause = inner.source();
    }
    text
}
