//! Programs that use a service as a customer would: nearly every tier-1 service has one, and a few of those do not.

use crate::company::random::{self, chance, pick};
use crate::company::{Company, DAY};

/// A synthetic test.
#[derive(Clone, Debug)]
pub(crate) struct SyntheticTest {
    /// Its place.
    pub(crate) index: usize,
    /// Index of its service.
    pub(crate) service: usize,
    /// How it asks: `http`, `ssl`, `dns`, `multi`, …; nothing for those that click through pages.
    pub(crate) protocol: Option<&'static str>,
    /// Whether somebody stopped it.
    pub(crate) paused: bool,
    /// From where it asks.
    pub(crate) places: Vec<&'static str>,
    /// Seconds between two tries.
    pub(crate) every: u32,
    /// Where what it asks runs.
    pub(crate) environment: &'static str,
    /// Whether somebody labelled it with its service.
    pub(crate) labelled: bool,
    /// When it was made.
    pub(crate) created_at: i64,
    /// When it was last changed.
    pub(crate) modified_at: i64,
    /// Index of the person who made it.
    pub(crate) creator: usize,
}

const PLACES: [&str; 6] = ["aws:eu-central-1", "aws:eu-west-2", "aws:us-east-2", "azure:northeurope", "gcp:europe-west3", "pl:north-rock"];

/// Every synthetic test, in the order of services.
pub(super) fn synthetic_tests(company: &Company) -> Vec<SyntheticTest> {
    let mut probes = Vec::new();
    for service in company.services() {
        let mut rng = random::rng(company.seed, "probes", &[service.index as u64]);
        let share = match service.tier {
            Some(1) => 0.85,
            Some(2) => 0.35,
            _ => 0.12,
        };
        let count = if chance(&mut rng, share) { rng.usize(1..4) } else { 0 };
        for _ in 0..count {
            let browser = service.name.contains("-web") || chance(&mut rng, 0.15);
            let created_at = company.period.start - rng.i64(0..700 * DAY);
            let mut places: Vec<&str> = PLACES.into_iter().filter(|_| chance(&mut rng, 0.35)).collect();
            if places.is_empty() {
                places.push(PLACES[0]);
            }
            probes.push(SyntheticTest {
                index: probes.len(),
                service: service.index,
                protocol: (!browser).then(|| *pick(&mut rng, &["http", "http", "http", "multi", "ssl", "dns", "tcp"])),
                paused: chance(&mut rng, 0.1),
                places,
                every: *pick(&mut rng, &[60, 300, 900, 3_600]),
                environment: if chance(&mut rng, 0.85) { "prod" } else { "staging" },
                labelled: !chance(&mut rng, 0.1),
                created_at,
                modified_at: rng.i64(created_at..company.period.now),
                creator: service.person(company, rng.u64(..)),
            });
        }
    }
    probes
}
