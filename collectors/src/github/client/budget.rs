//! What one credential may still spend: the hour's limit, the limits a minute and at once, and the pauses it was told to make.
//!
//! All tasks that use a credential share its budget. A request is admitted when it fits; where that takes longer than we are willing to
//! wait, it is not sent at all, so that a run ends cleanly before the limit and leaves some of it to others.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use http::HeaderMap;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::answer::{number, until_reset};

/// The span over which GitHub counts its secondary limits.
const MINUTE: Duration = Duration::from_secs(60);

/// Which of a credential's two allowances a request takes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resource {
    /// REST: a request is a point.
    Core,
    /// GraphQL: a request costs what the lists in it hold.
    Graphql,
}

/// What the user allows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// Requests in flight at once.
    pub(super) concurrency: usize,
    /// Requests a minute.
    pub(super) rest_per_minute: usize,
    /// Likewise.
    pub(super) graphql_per_minute: usize,
    /// Share of the hour's limit that is left to others.
    pub(super) reserve: f64,
}

/// The budget of one credential.
#[derive(Debug)]
pub(super) struct Budget {
    slots: Semaphore,
    reserve: f64,
    paused_until: Mutex<Option<Instant>>,
    core: Mutex<Allowance>,
    graphql: Mutex<Allowance>,
}

/// One of its two allowances.
#[derive(Debug)]
struct Allowance {
    per_minute: usize,
    /// When the requests of the last minute were sent.
    sent: VecDeque<Instant>,
    in_flight: u64,
    hour: Option<Hour>,
    paused_until: Option<Instant>,
}

/// The hour's limit as the newest answer told it.
#[derive(Clone, Copy, Debug)]
struct Hour {
    limit: u64,
    remaining: u64,
    used: u64,
    /// Unix seconds, which tell one hour from the next.
    reset: u64,
    resets_at: Instant,
    /// What our own requests took, and how many they were: what the next one may take.
    points: u64,
    requests: u64,
}

/// The right to send one request.
#[derive(Debug)]
pub(super) struct Permit<'a> {
    _slot: SemaphorePermit<'a>,
    allowance: &'a Mutex<Allowance>,
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        let mut allowance = lock(self.allowance);
        allowance.in_flight = allowance.in_flight.saturating_sub(1);
    }
}

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        let allowance =
            |per_minute| Mutex::new(Allowance { per_minute, sent: VecDeque::new(), in_flight: 0, hour: None, paused_until: None });
        Self {
            slots: Semaphore::new(limits.concurrency),
            reserve: limits.reserve,
            paused_until: Mutex::new(None),
            core: allowance(limits.rest_per_minute),
            graphql: allowance(limits.graphql_per_minute),
        }
    }

    fn allowance(&self, resource: Resource) -> &Mutex<Allowance> {
        match resource {
            Resource::Core => &self.core,
            Resource::Graphql => &self.graphql,
        }
    }

    /// How long until a request may be sent, as far as is known now.
    pub(super) fn wait(&self, resource: Resource) -> Duration {
        let now = Instant::now();
        let paused = lock(&self.paused_until).unwrap_or(now);
        paused.max(lock(self.allowance(resource)).free_at(now, self.reserve)).saturating_duration_since(now)
    }

    /// What is left of the hour, where an answer told it.
    pub(super) fn remaining(&self, resource: Resource) -> Option<u64> {
        lock(self.allowance(resource)).hour.map(|hour| hour.remaining)
    }

    /// Waits until a request may be sent.
    ///
    /// # Errors
    /// With the wait, when that is more than allowed.
    pub(super) async fn admit(&self, resource: Resource, max_wait: Duration) -> Result<Permit<'_>, Duration> {
        // The semaphore is never closed.
        let Ok(slot) = self.slots.acquire().await else { return Err(Duration::MAX) };
        loop {
            let now = Instant::now();
            let paused = lock(&self.paused_until).map_or(Duration::ZERO, |until| until.saturating_duration_since(now));
            let wait = {
                let mut allowance = lock(self.allowance(resource));
                let wait = paused.max(allowance.free_at(now, self.reserve).saturating_duration_since(now));
                if wait.is_zero() {
                    allowance.sent.push_back(now);
                    allowance.in_flight += 1;
                }
                wait
            };
            if wait.is_zero() {
                return Ok(Permit { _slot: slot, allowance: self.allowance(resource) });
            }
            if wait > max_wait {
                return Err(wait);
            }
            tokio::time::sleep(wait).await;
        }
    }

    /// Sends nothing for so long: of one resource, whose hour is spent, or of both.
    pub(super) fn pause(&self, resource: Option<Resource>, wait: Duration) {
        let until = Some(Instant::now() + wait);
        match resource {
            Some(resource) => {
                let mut allowance = lock(self.allowance(resource));
                allowance.paused_until = allowance.paused_until.max(until);
            }
            None => {
                let mut paused = lock(&self.paused_until);
                *paused = until.max(*paused);
            }
        }
    }

    /// Learns from an answer what is left; gives what the answer took. Answers overtake each other: within one hour the lowest rest counts.
    pub(super) fn observe(&self, resource: Resource, headers: &HeaderMap) -> u64 {
        let fields = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"].map(|name| number(headers, name));
        let ([Some(limit), Some(remaining), Some(reset)], Some(left)) = (fields, until_reset(headers)) else { return 1 };
        let used = number(headers, "x-ratelimit-used").unwrap_or(limit.saturating_sub(remaining));
        let mut allowance = lock(self.allowance(resource));
        let before = allowance.hour.filter(|hour| hour.reset >= reset);
        let (points, hour) = match before {
            // A minute's difference is the same hour, told by another server.
            Some(hour) if hour.reset < reset + 60 => {
                let points = used.saturating_sub(hour.used);
                let (remaining, used) = (hour.remaining.min(remaining), hour.used.max(used));
                (points, Hour { remaining, used, points: hour.points + points, requests: hour.requests + 1, ..hour })
            }
            Some(later) => (1, later),
            None => {
                let resets_at = Instant::now() + left;
                (1, Hour { limit, remaining, used, reset, resets_at, points: 1, requests: 1 })
            }
        };
        allowance.hour = Some(hour);
        points
    }
}

impl Allowance {
    /// The moment from which one more request fits.
    fn free_at(&mut self, now: Instant, reserve: f64) -> Instant {
        while self.sent.front().is_some_and(|sent| *sent + MINUTE <= now) {
            self.sent.pop_front();
        }
        let by_minute = if self.sent.len() < self.per_minute { now } else { self.sent.front().map_or(now, |first| *first + MINUTE) };
        let by_hour = match self.hour {
            Some(hour) if hour.resets_at > now && !hour.has_room(self.in_flight, reserve) => hour.resets_at,
            _ => now,
        };
        by_minute.max(by_hour).max(self.paused_until.unwrap_or(now))
    }
}

impl Hour {
    /// Whether what is in flight and one more leave the reserve untouched, each taking what they took so far.
    fn has_room(&self, in_flight: u64, reserve: f64) -> bool {
        let each = self.points.div_ceil(self.requests.max(1)).max(1);
        // At most 15,000 an hour: exact in a float.
        let reserved = (self.limit as f64 * reserve).floor() as u64;
        self.remaining >= reserved + (in_flight + 1) * each
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: Limits = Limits { concurrency: 4, rest_per_minute: 3, graphql_per_minute: 100, reserve: 0.1 };

    fn headers(limit: u64, used: u64, resets_in: i64) -> HeaderMap {
        let reset = chrono::Utc::now().timestamp() + resets_in;
        let remaining = limit - used;
        let fields = [("x-ratelimit-limit", limit.to_string()), ("x-ratelimit-used", used.to_string())];
        let fields = fields.into_iter().chain([("x-ratelimit-remaining", remaining.to_string()), ("x-ratelimit-reset", reset.to_string())]);
        fields.map(|(name, value)| (http::HeaderName::from_static(name), value.parse().unwrap())).collect()
    }

    #[tokio::test]
    async fn so_many_a_minute_and_no_more() {
        let budget = Budget::new(&LIMITS);
        for _ in 0..3 {
            drop(budget.admit(Resource::Core, Duration::ZERO).await.unwrap());
        }
        let wait = budget.admit(Resource::Core, Duration::from_secs(1)).await.unwrap_err();
        assert!(wait > Duration::from_secs(58) && wait <= MINUTE, "{wait:?}");
        assert!(budget.admit(Resource::Graphql, Duration::ZERO).await.is_ok(), "the other allowance is another");
    }

    #[tokio::test]
    async fn it_stops_before_the_reserve_and_counts_what_is_in_flight() {
        let budget = Budget::new(&LIMITS);
        assert_eq!(budget.observe(Resource::Graphql, &headers(100, 60, 500)), 1);
        assert_eq!(budget.observe(Resource::Graphql, &headers(100, 80, 500)), 20);
        // A request takes 11 points on average: 20 are left, 10 of them are others'.
        let wait = budget.admit(Resource::Graphql, Duration::from_secs(100)).await.unwrap_err();
        assert!(wait > Duration::from_secs(490), "{wait:?}");

        let budget = Budget::new(&LIMITS);
        budget.observe(Resource::Graphql, &headers(100, 88, 500));
        let first = budget.admit(Resource::Graphql, Duration::ZERO).await.unwrap();
        let second = budget.admit(Resource::Graphql, Duration::ZERO).await.unwrap();
        assert!(budget.admit(Resource::Graphql, Duration::ZERO).await.is_err(), "two points are left, and two are in flight");
        drop((first, second));
        assert!(budget.admit(Resource::Graphql, Duration::ZERO).await.is_ok());
    }

    #[test]
    fn answers_that_overtake_each_other_do_not_bring_points_back() {
        let budget = Budget::new(&LIMITS);
        budget.observe(Resource::Core, &headers(5_000, 10, 500));
        assert_eq!(budget.observe(Resource::Core, &headers(5_000, 13, 500)), 3);
        assert_eq!(budget.observe(Resource::Core, &headers(5_000, 12, 500)), 0, "counted already");
        assert_eq!(budget.remaining(Resource::Core), Some(4_987));
        budget.observe(Resource::Core, &headers(5_000, 1, 4_000));
        assert_eq!(budget.remaining(Resource::Core), Some(4_999), "a new hour");
        budget.observe(Resource::Core, &headers(5_000, 20, 500));
        assert_eq!(budget.remaining(Resource::Core), Some(4_999), "a late word of the last one");
    }

    #[tokio::test]
    async fn a_pause_holds_for_every_task() {
        let budget = Budget::new(&LIMITS);
        budget.pause(None, Duration::from_millis(80));
        budget.pause(None, Duration::from_millis(20));
        let begun = Instant::now();
        drop(budget.admit(Resource::Core, Duration::from_secs(1)).await.unwrap());
        assert!(begun.elapsed() >= Duration::from_millis(80));
        budget.pause(Some(Resource::Core), Duration::from_secs(30));
        assert_eq!(budget.wait(Resource::Graphql), Duration::ZERO, "the other resource has an hour of its own");
        assert!(budget.admit(Resource::Core, Duration::from_secs(20)).await.is_err());
    }
}
