//! Downtimes: when somebody does not want monitors to be heard. Every planned outage has some, and others are one person's doing.

use crate::company::outages::Cause;
use crate::company::random::{self, chance, mix};
use crate::company::watch::hexadecimal;
use crate::company::watch::monitors::Monitor;
use crate::company::{Company, DAY};

/// Which monitors are not heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Of {
    /// One, by index.
    Monitor(usize),
    /// All of a service, by index.
    Service(usize),
}

/// How often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Often {
    /// Once, until then; until somebody ends it, if nobody said when.
    Once(Option<i64>),
    /// Every week, for so many seconds.
    Weekly(i64),
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// To come.
    Scheduled,
    /// It is quiet.
    Active,
    /// Over.
    Ended,
    /// Somebody changed their mind.
    Canceled,
}

/// A downtime.
#[derive(Clone, Debug)]
pub(crate) struct Downtime {
    /// Its name among the vendor's.
    pub(crate) id: String,
    /// Which monitors.
    pub(crate) of: Of,
    /// When it is quiet first.
    pub(crate) start: i64,
    /// How often.
    pub(crate) often: Often,
    /// When somebody changed their mind.
    pub(crate) canceled_at: Option<i64>,
    /// When somebody asked for it.
    pub(crate) created_at: i64,
    /// Index of that person.
    pub(crate) creator: usize,
    /// What the rest is drawn from.
    pub(crate) words: u64,
}

const WEEK: i64 = 7 * DAY;

/// All downtimes, in the order in which they were asked for.
pub(super) fn downtimes(company: &Company, monitors: &[Monitor]) -> Vec<Downtime> {
    let period = &company.period;
    let planned = company.outages().iter().filter(|outage| outage.cause == Cause::Maintenance).take(200).map(|outage| {
        let service = outage.services[0];
        (Of::Service(service), outage.started_at - 600, Often::Once(outage.resolved_at), None, outage.started_at - DAY, outage.words)
    });
    let others = (0..(company.services().len() * 2 / 3).min(monitors.len())).map(|index| {
        let mut rng = random::rng(company.seed, "quiet", &[index as u64]);
        let start = rng.i64(period.start..period.end) / 900 * 900;
        let of = if chance(&mut rng, 0.5) {
            Of::Monitor(rng.usize(..monitors.len()))
        } else {
            Of::Service(rng.usize(..company.services().len()))
        };
        let often = match rng.u32(0..10) {
            0..=1 => Often::Weekly(rng.i64(1..6) * 3_600),
            2..=3 => Often::Once(None),
            _ => Often::Once(Some(start + rng.i64(1..20 * 24) * 3_600)),
        };
        let canceled_at = chance(&mut rng, 0.1).then(|| start + rng.i64(60..7_200));
        (of, start, often, canceled_at, start - rng.i64(60..3 * DAY), rng.u64(..))
    });
    let mut all: Vec<Downtime> = planned
        .chain(others)
        .enumerate()
        .map(|(index, (of, start, often, canceled_at, created_at, words))| {
            let service = match of {
                Of::Monitor(monitor) => monitors[monitor].service,
                Of::Service(service) => service,
            };
            let digits = hexadecimal(company, "quiet id", index, 32);
            let id = format!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]);
            let creator = company.services()[service].person(company, mix(words));
            Downtime { id, of, start, often, canceled_at, created_at, creator, words }
        })
        .collect();
    all.sort_by_key(|quiet| (quiet.created_at, quiet.words));
    all
}

impl Downtime {
    /// Whether anybody has asked for it at this moment.
    pub(crate) fn exists(&self, now: i64) -> bool {
        self.created_at <= now
    }

    /// From when until when it is quiet at this moment, or next, or was last.
    pub(crate) fn current(&self, now: i64) -> (i64, Option<i64>) {
        match self.often {
            Often::Once(end) => (self.start, end),
            Often::Weekly(length) => {
                let passed = (now - self.start - length).div_euclid(WEEK).max(-1) + 1;
                let start = self.start + passed * WEEK;
                (start, Some(start + length))
            }
        }
    }

    /// How it stands at this moment.
    pub(crate) fn standing(&self, now: i64) -> Standing {
        let (start, end) = self.current(now);
        match () {
            () if self.canceled_at.is_some_and(|at| at <= now) => Standing::Canceled,
            () if end.is_some_and(|end| end <= now) => Standing::Ended,
            () if start <= now => Standing::Active,
            () => Standing::Scheduled,
        }
    }
}
