//! What went wrong with what runs, when, and what people did about it.
//!
//! About one outage a service a month, very unevenly. Besides real trouble there are alarms that end by themselves, work that was planned,
//! and drills; whoever counts incidents must keep those apart. Every time lies where it lies whatever the clock says: an outage is open
//! while its end is still to come.

use crate::company::random::{self, chance, hours, long_tail};
use crate::company::services::Service;
use crate::company::{Company, DAY, apportioned};

/// Why somebody was called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Something broke.
    Trouble,
    /// An alarm that ended by itself within minutes.
    Flapping,
    /// Somebody wanted it to be away for a while, and said so before.
    Maintenance,
    /// A drill.
    Drill,
}

/// An outage, also of the days to come.
#[derive(Clone, Debug)]
pub(crate) struct Outage {
    /// From 1, in the order in which they were noticed.
    pub(crate) number: u64,
    /// Why somebody was called.
    pub(crate) cause: Cause,
    /// Indexes of one or two services, the one it was noticed at first.
    pub(crate) services: Vec<usize>,
    /// How bad, from 1 (worst) to 5.
    pub(crate) severity: u8,
    /// When it began to hurt.
    pub(crate) started_at: i64,
    /// When it was noticed, and somebody called.
    pub(crate) detected_at: i64,
    /// When somebody said "I have it"; never for some.
    pub(crate) acknowledged_at: Option<i64>,
    /// When the next level was called, because nobody had said so.
    pub(crate) escalated_at: Vec<i64>,
    /// When it no longer hurt; never for some.
    pub(crate) mitigated_at: Option<i64>,
    /// When it was over for the first time, and when it came back after all.
    pub(crate) reopened: Option<(i64, i64)>,
    /// When it was over for good; never for some.
    pub(crate) resolved_at: Option<i64>,
    /// Whether customers noticed.
    pub(crate) customer_impact: bool,
    /// Whether it was made known to everyone, not only to those who were called.
    pub(crate) declared: bool,
    /// Index of the person who took it on.
    pub(crate) responder: usize,
    /// What its words are drawn from.
    pub(crate) words: u64,
}

impl Outage {
    /// Whether anybody knows of it at this moment.
    pub(crate) fn exists(&self, now: i64) -> bool {
        self.detected_at <= now
    }

    /// When it was over, as far as one can say at this moment.
    pub(crate) fn resolved(&self, now: i64) -> Option<i64> {
        let last = self.resolved_at.filter(|at| *at <= now);
        last.or(self.reopened.filter(|(end, again)| *end <= now && now < *again).map(|(end, _)| end))
    }

    /// When it no longer hurt.
    pub(crate) fn mitigated(&self, now: i64) -> Option<i64> {
        self.mitigated_at.filter(|at| *at <= now)
    }

    /// When somebody took it on.
    pub(crate) fn acknowledged(&self, now: i64) -> Option<i64> {
        self.acknowledged_at.filter(|at| *at <= now)
    }

    /// From when until when customers noticed; without an end while they do.
    pub(crate) fn customers(&self, now: i64) -> Option<(i64, Option<i64>)> {
        self.customer_impact.then_some((self.started_at, self.mitigated(now)))
    }

    /// The last time that anything changed about it.
    pub(crate) fn changed_at(&self, now: i64) -> i64 {
        let (ended, again) = self.reopened.unzip();
        let escalated = self.escalated_at.iter().copied().map(Some);
        let times = [self.acknowledged_at, self.mitigated_at, ended, again, self.resolved_at].into_iter().chain(escalated);
        times.flatten().filter(|at| *at <= now).max().unwrap_or(self.detected_at)
    }

    /// What both those who are called and those who watch put into its title.
    pub(crate) fn reference(&self) -> String {
        format!("OUT-{:05}", self.number)
    }
}

/// Every outage of a company, the first noticed first: what the services' luck gives, or so many as were asked for.
pub(super) fn outages(company: &Company) -> Vec<Outage> {
    let (period, services) = (&company.period, company.services());
    let luck: Vec<f64> = services.iter().map(|service| luck(company, service)).collect();
    let months = (period.end - period.start) as f64 / (30 * DAY) as f64;
    let counts = match company.wanted.outages {
        Some(total) => apportioned(&luck, total),
        None => luck.iter().map(|luck| (luck * months).round() as usize).collect(),
    };
    let people: Vec<Vec<usize>> = services.iter().map(|service| service.people(company)).collect();
    let mut outages: Vec<Outage> = Vec::with_capacity(counts.iter().sum());
    for (service, count) in services.iter().zip(counts) {
        outages.extend((0..count).map(|place| outage(company, service, &people[service.index], place)));
    }
    let mut first: Vec<&mut Outage> = Vec::new();
    for outage in &mut outages {
        if first.last().is_none_or(|last| last.services[0] != outage.services[0]) {
            first.push(outage);
        }
    }
    for (outage, today) in first.into_iter().skip(1).step_by(2).zip(Today::ALL) {
        today.befall(outage, period.now);
    }
    outages.sort_by_key(|outage| (outage.detected_at, outage.words));
    for (place, outage) in outages.iter_mut().enumerate() {
        outage.number = place as u64 + 1;
    }
    outages
}

/// Outages a month: one on average, for most services less, for a few many more.
fn luck(company: &Company, service: &Service) -> f64 {
    let mut rng = random::rng(company.seed, "luck", &[service.index as u64]);
    long_tail(&mut rng, 0.6, 1.05).min(6.0)
}

fn outage(company: &Company, service: &Service, people: &[usize], place: usize) -> Outage {
    let mut rng = random::rng(company.seed, "outage", &[service.index as u64, place as u64]);
    let period = &company.period;
    let day = rng.i64(period.start / DAY..period.end / DAY) * DAY;
    // One in four begins late in the evening, so that some are over only when the day is another.
    let second = if chance(&mut rng, 0.25) { rng.i64(21 * 3_600..DAY) } else { rng.i64(0..DAY) };
    let started_at = day + second;
    let cause = match rng.u32(0..100) {
        0..=64 => Cause::Trouble,
        65..=89 => Cause::Flapping,
        90..=96 => Cause::Maintenance,
        _ => Cause::Drill,
    };
    let severity = match (cause, rng.u32(0..100)) {
        (Cause::Trouble, 0..=4) => 1,
        (Cause::Trouble, 5..=19) => 2,
        (Cause::Trouble, 20..=54) => 3,
        (Cause::Flapping, 0..=9) => 3,
        (_, 0..=79) => 4,
        _ => 5,
    };
    let minutes = |rng: &mut fastrand::Rng, median: f64, spread: f64| (long_tail(rng, median, spread) * 60.0) as i64 + 1;
    let detected_at = started_at + if cause == Cause::Trouble { minutes(&mut rng, 4.0, 1.0).min(6 * 3_600) } else { rng.i64(20..120) };
    let (acknowledged_at, resolved_at, mitigated_at) = match cause {
        Cause::Flapping => {
            let end = detected_at + rng.i64(60..540);
            (None, Some(end), Some(end))
        }
        Cause::Maintenance | Cause::Drill => {
            let taken = detected_at + rng.i64(30..300);
            let end = taken + rng.i64(1_200..7_200);
            (Some(taken), Some(end), Some(end))
        }
        Cause::Trouble => {
            let taken = detected_at + minutes(&mut rng, 5.0, 1.2);
            let unheard = severity > 3 && chance(&mut rng, 0.25);
            let mitigated = taken + minutes(&mut rng, 45.0, 1.2);
            let resolved = match rng.u32(0..100) {
                0 => None,
                // Forgotten once it no longer hurt.
                1..=4 => Some(mitigated + rng.i64(8 * DAY..26 * DAY)),
                _ => Some(mitigated + minutes(&mut rng, 25.0, 1.4)),
            };
            ((!unheard).then_some(taken), resolved, Some(mitigated).filter(|_| resolved.is_some()))
        }
    };
    let patience = 15 * 60;
    let unanswered = acknowledged_at.unwrap_or(detected_at + 3 * patience).min(resolved_at.unwrap_or(i64::MAX));
    let calls = (1..=2).map(|level| detected_at + level * patience);
    let escalated_at: Vec<i64> = calls.filter(|at| cause == Cause::Trouble && *at < unanswered).collect();
    let reopened = match resolved_at {
        Some(end) if cause == Cause::Trouble && chance(&mut rng, 0.06) => {
            let again = end + hours(0.2 + rng.f64() * 6.0);
            Some((end, again))
        }
        _ => None,
    };
    let resolved_at = match reopened {
        Some((_, again)) => Some(again + minutes(&mut rng, 60.0, 1.0)),
        None => resolved_at,
    };
    let second = service.depends_on.first().copied().filter(|_| cause == Cause::Trouble && chance(&mut rng, 0.2));
    let noticed = match severity {
        1 | 2 => 0.9,
        3 => 0.5,
        _ => 0.1,
    };
    Outage {
        number: 0,
        cause,
        services: [service.index].into_iter().chain(second).collect(),
        severity,
        started_at,
        detected_at,
        acknowledged_at,
        escalated_at,
        mitigated_at,
        reopened,
        resolved_at,
        customer_impact: cause == Cause::Trouble && chance(&mut rng, noticed),
        declared: match cause {
            Cause::Trouble => severity <= 3 && chance(&mut rng, 0.5),
            // Drills are declared because declaring is what is drilled.
            Cause::Drill => true,
            Cause::Flapping | Cause::Maintenance => false,
        },
        responder: people.get(rng.usize(..people.len().max(1))).copied().unwrap_or_default(),
        words: rng.u64(..),
    }
}

/// What is going on at the first moment that anyone looks, and is over by the next day: whatever chance gives, that moment is not quiet.
#[derive(Clone, Copy)]
enum Today {
    /// It hurts, and somebody works on it.
    Hurts,
    /// It no longer hurts.
    Mitigated,
    /// Somebody was called just now.
    Rings,
    /// It is over, and will be back in the evening.
    ComesBack,
}

impl Today {
    const ALL: [Today; 4] = [Today::Hurts, Today::Mitigated, Today::Rings, Today::ComesBack];

    fn befall(self, outage: &mut Outage, now: i64) {
        // How long before or after now: noticed, taken on, mitigated, over; in minutes.
        let (severity, noticed, taken, mitigated, over) = match self {
            Today::Hurts => (1, -95, -85, 70, 140),
            Today::Mitigated => (2, -300, -294, -30, 400),
            Today::Rings => (3, -6, 4, 45, 90),
            Today::ComesBack => (2, -600, -590, -500, -400),
        };
        let at = |minutes: i64| now + minutes * 60;
        outage.cause = Cause::Trouble;
        outage.severity = severity;
        (outage.started_at, outage.detected_at) = (at(noticed) - 200, at(noticed));
        (outage.acknowledged_at, outage.mitigated_at, outage.resolved_at) = (Some(at(taken)), Some(at(mitigated)), Some(at(over)));
        (outage.escalated_at, outage.reopened) = (Vec::new(), None);
        if matches!(self, Today::ComesBack) {
            (outage.reopened, outage.resolved_at) = (Some((at(over), at(420))), Some(at(600)));
        }
        (outage.customer_impact, outage.declared) = (severity < 3, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::options::Options;

    fn usual() -> Company {
        Company::found(&Options::default()).expect("the default options are good")
    }

    #[test]
    fn every_kind_of_outage_occurs_and_times_are_in_order() {
        let company = usual();
        let outages = company.outages();
        assert!((150..350).contains(&outages.len()), "{}", outages.len());
        let some = |what: &str, wanted: &dyn Fn(&Outage) -> bool| assert!(outages.iter().any(wanted), "no {what}");
        for cause in [Cause::Trouble, Cause::Flapping, Cause::Maintenance, Cause::Drill] {
            some(&format!("{cause:?}"), &|outage| outage.cause == cause);
        }
        some("worst one", &|outage| outage.severity == 1);
        some("one of two services", &|outage| outage.services.len() == 2);
        some("one that nobody took on", &|outage| outage.cause == Cause::Trouble && outage.acknowledged_at.is_none());
        some("escalation", &|outage| !outage.escalated_at.is_empty());
        some("one that came back", &|outage| outage.reopened.is_some());
        some("one that is never over", &|outage| outage.resolved_at.is_none());
        some("late end", &|outage| outage.resolved_at.is_some_and(|end| end > outage.detected_at + 8 * DAY));
        some("midnight in between", &|outage| outage.resolved_at.is_some_and(|end| end / DAY == outage.detected_at / DAY + 1));
        some("declared one", &|outage| outage.declared && outage.cause == Cause::Trouble);
        for outage in outages {
            let end = outage.resolved_at.unwrap_or(i64::MAX);
            assert!(outage.started_at < outage.detected_at && outage.detected_at < end, "{outage:?}");
            assert!(outage.acknowledged_at.is_none_or(|at| outage.detected_at < at && at < end), "{outage:?}");
            assert!(outage.mitigated_at.is_none_or(|at| outage.started_at < at && at <= end), "{outage:?}");
            assert!(outage.reopened.is_none_or(|(first, again)| first < again && again < end), "{outage:?}");
        }
    }

    #[test]
    fn a_later_clock_shows_later_states() {
        let company = usual();
        let outage = company.outages().iter().find(|outage| outage.reopened.is_some()).expect("some come back");
        let ((first, again), end) = (outage.reopened.expect("this one does"), outage.resolved_at.expect("and ends"));
        assert_eq!([first - 1, first, again, end].map(|now| outage.resolved(now)), [None, Some(first), None, Some(end)]);
        assert_eq!([first, again, end].map(|now| outage.changed_at(now)), [first, again, end]);
    }

    #[test]
    fn some_are_open_today_and_over_tomorrow() {
        let company = usual();
        let now = company.period.now;
        let declared = |outage: &&Outage| outage.declared && outage.exists(now);
        let open: Vec<_> = company.outages().iter().filter(declared).filter(|outage| outage.resolved(now).is_none()).collect();
        assert!(open.len() >= 3 && open.iter().any(|outage| outage.acknowledged(now).is_none()));
        assert!(open.iter().any(|outage| outage.mitigated(now).is_some()) && open.iter().any(|outage| outage.mitigated(now).is_none()));
        assert!(open.iter().filter(|outage| outage.resolved(now + DAY).is_some()).count() >= 3);
        let back = company.outages().iter().filter(|outage| outage.resolved(now).is_some() && outage.resolved(now + 8 * 3_600).is_none());
        assert!(back.count() > 0);
    }

    #[test]
    fn as_many_as_were_asked_for() {
        let company = Company::found(&Options { repositories: 20, incidents: Some(1_500), ..Options::default() }).expect("a number");
        assert_eq!(company.outages().len(), 1_500);
        assert!(company.outages().windows(2).all(|two| two[0].detected_at <= two[1].detected_at));
        let names: Vec<_> = company.services().iter().map(|service| (service.watched_as.as_str(), service.paged_as.as_deref())).collect();
        assert_eq!(names[0], ("lamp_api", Some("Lamp Api")));
        assert_eq!(names.iter().filter(|(_, paged)| paged.is_none()).count(), 1);
    }
}
