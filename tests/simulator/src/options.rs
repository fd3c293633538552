//! What kind of company to make up, and how to serve it.

use std::path::PathBuf;

use chrono::{DateTime, Utc};

use crate::traffic::SecondaryLimits;

/// What to simulate. The same options give the same company, and the same answers to the same requests at the same simulated time.
#[derive(Clone, Debug)]
pub struct Options {
    /// What everything is drawn from.
    pub seed: u64,
    /// Where the clock stands at the start. The default is a fixed date, so that nothing depends on the day a test runs.
    pub now: DateTime<Utc>,
    /// How many repositories there are; three in ten are services.
    pub repositories: usize,
    /// Days of pull requests before `now`.
    pub history_days: u32,
    /// Days of history after `now`, for [`Simulator::set_now`](crate::Simulator::set_now) to walk into.
    pub future_days: u32,
    /// How many pull requests in all, instead of the natural number: for benchmarks.
    pub pull_requests: Option<usize>,
    /// How many outages in all, those of the days to come among them, instead of the natural number: for tests of long lists.
    pub incidents: Option<usize>,
    /// How many requests to the platform team in all, instead of the natural number: for benchmarks.
    pub requests: Option<usize>,
    /// How many monitors in all, instead of the natural number: for benchmarks.
    pub monitors: Option<usize>,
    /// How many service level objectives in all, instead of the natural number: for benchmarks.
    pub slos: Option<usize>,
    /// How many pods on both clusters together, roughly, instead of the natural ten a service: for benchmarks.
    pub pods: Option<usize>,
    /// The most hours that OpenCost works out in steps of an hour; whoever asks for more is told 500, as of a Prometheus that has too
    /// much to do.
    pub opencost_hours: u32,
    /// Real pull requests, which become one more repository named after the file.
    pub pulls_csv: Option<PathBuf>,
    /// Whether there is a second, small organisation on the same host: see
    /// [`Simulator::second_organization`](crate::Simulator::second_organization).
    pub second_organization: bool,
    /// The most nodes or rows a page may have.
    pub page_limit: usize,
    /// Points and requests an hour for each token. `None` counts without end: the headers then speak of 5,000 an hour,
    /// and the counter starts again at half of it, so that a careful client never sees it run low.
    pub rate_limit: Option<u32>,
    /// Requests that each of Datadog's keys may send in ten seconds. `None` counts without end: the headers then speak of 1,000.
    pub datadog_rate_limit: Option<u32>,
    /// Limits besides that one, on what is asked at once and in a minute; none unless a test wants to meet them.
    pub secondary_limits: Option<SecondaryLimits>,
    /// The port to listen on; 0 is any free one.
    pub port: u16,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            seed: 1,
            // 2026-11-21T10:00:00Z, a Saturday: quiet, and still inside a week of work.
            now: DateTime::from_timestamp(1_795_255_200, 0).expect("the default date exists"),
            repositories: 200,
            history_days: 90,
            future_days: 14,
            pull_requests: None,
            incidents: None,
            requests: None,
            monitors: None,
            slos: None,
            pods: None,
            opencost_hours: 24,
            pulls_csv: None,
            second_organization: false,
            page_limit: 100,
            rate_limit: None,
            datadog_rate_limit: None,
            secondary_limits: None,
            port: 0,
        }
    }
}
