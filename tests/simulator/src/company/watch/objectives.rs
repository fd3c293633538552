//! Promises: how well a service is to do, and how well it did.
//!
//! How well it did is a function of the objective and the time alone: the mean of the goodness of every hour. So days add up to weeks, and
//! an outage is seen in each objective of its service.

use crate::company::random::{self, chance, long_tail, mix, pick};
use crate::company::watch::monitors::{Kind, Monitor};
use crate::company::watch::{hexadecimal, shared_out};
use crate::company::{Company, DAY, apportioned};

/// What an objective is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Good things among all things.
    Share,
    /// Time during which monitors are quiet.
    Alarms,
    /// Slices of time that were good enough.
    Slices,
}

/// What is wrong with an objective.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Flaw {
    No,
    /// Nothing is counted.
    Dark,
    /// It is not kept.
    Broken,
    /// It has no labels.
    Unlabelled,
}

/// What is promised for a span of time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Goal {
    /// The span, in days.
    pub(crate) days: u32,
    /// Percent.
    pub(crate) target: f64,
    /// Percent under which somebody wants to hear of it.
    pub(crate) warning: Option<f64>,
}

/// An objective.
#[derive(Clone, Debug)]
pub(crate) struct Objective {
    /// Its name among the vendor's.
    pub(crate) id: String,
    /// Index of its service.
    pub(crate) service: usize,
    /// What it is measured by.
    pub(crate) measure: Measure,
    /// Indexes of the monitors it is measured by.
    pub(crate) monitors: Vec<usize>,
    /// What is promised, the shortest span first.
    pub(crate) goals: Vec<Goal>,
    /// Whether nothing is counted.
    pub(crate) dark: bool,
    /// Whether it has its usual labels.
    pub(crate) labelled: bool,
    /// What is promised: `availability` or `latency`.
    pub(crate) about: &'static str,
    /// When it was made.
    pub(crate) created_at: i64,
    /// When it was last changed.
    pub(crate) modified_at: i64,
    /// Index of the person who made it.
    pub(crate) creator: usize,
    /// What the rest is drawn from.
    pub(crate) words: u64,
    /// Share of what is bad in a usual hour.
    badness: f64,
}

/// How many objectives each service makes: 1.3 on average, none for some; or its share of so many as were asked for.
pub(super) fn per_service(company: &Company) -> Vec<usize> {
    let natural =
        company.services().iter().map(|service| match random::rng(company.seed, "promises", &[service.index as u64]).u32(0..20) {
            0..=3 => 0,
            4..=11 => 1,
            12..=17 => 2,
            _ => 3,
        });
    match company.wanted.objectives {
        Some(total) => apportioned(&natural.map(|count| count as f64).collect::<Vec<_>>(), total),
        None => natural.collect(),
    }
}

/// Every objective, in the order of services.
pub(super) fn objectives(company: &Company, counts: &[usize], monitors: &[Monitor]) -> Vec<Objective> {
    let total = counts.iter().sum();
    let flaws = shared_out(company, "objectives", total, Flaw::No, &[(Flaw::Dark, 40), (Flaw::Broken, 90), (Flaw::Unlabelled, 30)]);
    let mut alarms: Vec<Vec<usize>> = vec![Vec::new(); counts.len()];
    let steady = |monitor: &&Monitor| matches!(monitor.kind, Kind::Metric | Kind::Query | Kind::Check);
    for monitor in monitors.iter().filter(steady) {
        alarms[monitor.service].push(monitor.index);
    }
    let services = counts.iter().enumerate().flat_map(|(service, count)| (0..*count).map(move |_| service));
    services.zip(flaws).enumerate().map(|(index, (service, flaw))| objective(company, index, service, flaw, &alarms[service])).collect()
}

fn objective(company: &Company, index: usize, service: usize, flaw: Flaw, alarms: &[usize]) -> Objective {
    let mut rng = random::rng(company.seed, "objective", &[index as u64]);
    let measure = match rng.u32(0..10) {
        6..=7 if !alarms.is_empty() => Measure::Alarms,
        8..=9 => Measure::Slices,
        _ => Measure::Share,
    };
    let target = *pick(&mut rng, &[99.0, 99.5, 99.9, 99.9, 99.95]);
    let spans = [&[7_u32][..], &[30], &[7, 30], &[7, 30, 90], &[30, 90], &[90]][rng.usize(..6)];
    let warned = chance(&mut rng, 0.5);
    let goals = spans.iter().map(|days| Goal { days: *days, target, warning: warned.then(|| target + (100.0 - target) / 2.0) }).collect();
    let created_at = company.period.start - rng.i64(0..700 * DAY);
    let usual = (100.0 - target) / 100.0;
    let first = rng.usize(..alarms.len().max(1));
    Objective {
        id: hexadecimal(company, "objective id", index, 32),
        service,
        measure,
        monitors: if measure == Measure::Alarms { alarms.iter().copied().skip(first).take(2).collect() } else { Vec::new() },
        goals,
        dark: flaw == Flaw::Dark,
        labelled: flaw != Flaw::Unlabelled,
        about: if chance(&mut rng, 0.6) { "availability" } else { "latency" },
        created_at,
        modified_at: rng.i64(created_at..company.period.now),
        creator: company.services()[service].person(company, rng.u64(..)),
        words: rng.u64(..),
        badness: match flaw {
            Flaw::Broken => usual * (1.5 + 4.0 * rng.f64()),
            _ => (usual * 0.2 * long_tail(&mut rng, 1.0, 0.5)).min(usual * 0.6),
        },
    }
}

/// Seconds of an hour.
const HOUR: i64 = 3_600;

impl Objective {
    /// Percent of what was good between two moments, the second not included; nothing if nothing was counted.
    pub(crate) fn attained(&self, company: &Company, now: i64, from: i64, to: i64) -> Option<f64> {
        let to = to.min(now);
        if self.dark || from >= to {
            return None;
        }
        let hours = from.div_euclid(HOUR)..=(to - 1).div_euclid(HOUR);
        let usual: f64 = hours
            .map(|hour| {
                let seconds = (to.min((hour + 1) * HOUR) - from.max(hour * HOUR)) as f64;
                // Most hours are a little better than usual, some are much worse.
                let luck = mix(self.words ^ hour as u64) as f64 / u64::MAX as f64;
                seconds * (self.badness * 4.0 * luck.powi(3)).min(1.0)
            })
            .sum();
        let lost: f64 = company
            .watch()
            .troubles(company, self.service)
            .map(|outage| {
                let until = outage.mitigated_at.unwrap_or(outage.detected_at + DAY);
                let seconds = (until.min(to) - outage.started_at.max(from)).max(0) as f64;
                let loss = match outage.severity {
                    1 => 0.5,
                    2 => 0.2,
                    3 => 0.04,
                    _ => 0.0,
                };
                seconds * loss
            })
            .sum();
        let bad = ((usual + lost) / (to - from) as f64).min(1.0);
        Some(100.0 * (1.0 - bad))
    }
}

impl Goal {
    /// Percent of what may go wrong that is left; below 0 once the objective is broken.
    pub(crate) fn left(&self, attained: f64) -> f64 {
        (attained - self.target) / (100.0 - self.target) * 100.0
    }
}
