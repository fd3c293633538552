//! How much is asked at once, and whether it is too much: the limits that the vendor sets besides the hour's allowance.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use http::Method;

/// Limits besides the hour's allowance, for all tokens together. The vendor's own are 100, 900 and 2,000.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SecondaryLimits {
    /// Requests in flight at once.
    pub concurrent: u32,
    /// Points a minute over REST: one for reading, five for writing.
    pub rest_points_per_minute: u32,
    /// Points a minute over GraphQL: one a query.
    pub graphql_points_per_minute: u32,
}

/// Counts what is in flight and what came in this minute.
pub(crate) struct Traffic {
    limits: Option<SecondaryLimits>,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    in_flight: u32,
    most: u32,
    refused: u32,
    minute: Option<Instant>,
    rest: u32,
    graphql: u32,
}

/// One request's way through; in flight until it is dropped.
pub(crate) struct Passage<'a> {
    traffic: &'a Traffic,
    /// Why it goes no further.
    pub(crate) refusal: Option<Refusal>,
}

/// Too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// 403 and 429 in turn, for both are seen.
    pub(crate) status: u16,
    /// Seconds to wait.
    pub(crate) retry_after: u64,
}

/// What a request counts in a minute.
pub(crate) fn points(method: &Method, is_graphql: bool) -> u32 {
    if is_graphql || matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) { 1 } else { 5 }
}

const MINUTE: Duration = Duration::from_secs(60);

impl Traffic {
    /// Traffic within these limits, or without any.
    pub(crate) fn new(limits: Option<SecondaryLimits>) -> Traffic {
        Traffic { limits, counts: Mutex::default() }
    }

    /// Lets a request in, with its points.
    pub(crate) fn enter(&self, is_graphql: bool, points: u32) -> Passage<'_> {
        let mut counts = self.counts();
        counts.in_flight += 1;
        counts.most = counts.most.max(counts.in_flight);
        let now = Instant::now();
        let begun = *counts.minute.get_or_insert(now);
        let elapsed = now.duration_since(begun);
        if elapsed >= MINUTE {
            (counts.minute, counts.rest, counts.graphql) = (Some(now), 0, 0);
        }
        let used = if is_graphql { &mut counts.graphql } else { &mut counts.rest };
        *used += points;
        let used = *used;
        let wait = self.limits.and_then(|limits| {
            let most = if is_graphql { limits.graphql_points_per_minute } else { limits.rest_points_per_minute };
            match () {
                () if counts.in_flight > limits.concurrent => Some(1),
                () if used > most => Some(MINUTE.saturating_sub(elapsed).as_secs() + 1),
                () => None,
            }
        });
        let refusal = wait.map(|retry_after| {
            counts.refused += 1;
            Refusal { status: if counts.refused % 2 == 1 { 403 } else { 429 }, retry_after }
        });
        Passage { traffic: self, refusal }
    }

    /// The most that were in flight at once.
    pub(crate) fn most(&self) -> u32 {
        self.counts().most
    }

    /// Forgets how many there were, but for those that are in flight.
    pub(crate) fn reset(&self) {
        let mut counts = self.counts();
        counts.most = counts.in_flight;
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Passage<'_> {
    fn drop(&mut self) {
        self.traffic.counts().in_flight -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_at_once_or_in_a_minute_are_refused() {
        let traffic = Traffic::new(Some(SecondaryLimits { concurrent: 2, rest_points_per_minute: 7, graphql_points_per_minute: 3 }));
        let (one, two, three) = (traffic.enter(false, 1), traffic.enter(false, 1), traffic.enter(true, 1));
        assert!(one.refusal.is_none() && two.refusal.is_none());
        assert_eq!(three.refusal, Some(Refusal { status: 403, retry_after: 1 }));
        drop((one, two, three));
        assert_eq!(traffic.most(), 3);
        assert!(traffic.enter(false, 5).refusal.is_none());
        let refusal = traffic.enter(false, 1).refusal.expect("seven points are used up");
        assert!(refusal.status == 429 && (59..=61).contains(&refusal.retry_after), "{refusal:?}");
        assert!(traffic.enter(true, 1).refusal.is_none(), "GraphQL counts by itself");
        traffic.reset();
        assert_eq!(traffic.most(), 0);
        assert_eq!((points(&Method::GET, false), points(&Method::POST, false), points(&Method::POST, true)), (1, 5, 1));
    }
}
