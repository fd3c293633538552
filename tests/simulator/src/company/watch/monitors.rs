//! Monitors: what each looks at, whom it calls, and what is wrong with it on purpose.

use crate::company::random::{self, chance, mix};
use crate::company::watch::shared_out;
use crate::company::watch::synthetic_tests::SyntheticTest;
use crate::company::{Company, DAY, apportioned};

/// What a monitor looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A number that somebody counts.
    Metric,
    /// Something computed from numbers.
    Query,
    /// Whether something answers.
    Check,
    /// Two other monitors of the service, by index.
    Composite(usize, usize),
    /// How much of an objective is left; which one of the service's.
    Objective(usize),
    /// A synthetic test, by index.
    SyntheticTest(usize),
}

/// What is wrong with a monitor's labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Labels {
    /// Nothing.
    Usual,
    /// No team.
    NoTeam,
    /// A service that nobody knows.
    StrangeService,
    /// Written in capitals.
    UpperCase,
    /// Values with colons in them.
    Colons,
    /// Some that are no pairs.
    Bare,
}

/// Whether a monitor may be heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Muted {
    /// It may.
    No,
    /// Not any more.
    Forever,
    /// Not until then, which may be over already.
    Until(i64),
    /// Not for one part of what it looks at, until then if somebody said so.
    Part(Option<i64>),
}

/// Whom a monitor calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Whoever is on call for the service.
    OnCall,
    /// A room to talk in.
    Room(&'static str),
    /// The same in another house.
    FarRoom(&'static str),
    /// A program.
    Program(&'static str),
    /// Those whom another vendor calls.
    OtherOnCall(&'static str),
    /// A room in another vendor's house.
    OtherRoom(&'static str),
    /// A person, by index.
    Person(usize),
    /// A team.
    Team(&'static str),
}

/// How a monitor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Quiet.
    Ok,
    /// It rings.
    Alert,
    /// It would like to.
    Warn,
    /// It sees nothing.
    NoData,
    /// Somebody told it to be ignored.
    Ignored,
    /// It was not looked at.
    Skipped,
    /// Nobody can say.
    Unknown,
}

/// A monitor.
#[derive(Clone, Debug)]
pub(crate) struct Monitor {
    /// Its place.
    pub(crate) index: usize,
    /// Index of its service.
    pub(crate) service: usize,
    /// What it looks at.
    pub(crate) kind: Kind,
    /// Where.
    pub(crate) environment: &'static str,
    /// What is wrong with its labels.
    pub(crate) labels: Labels,
    /// Whether it may be heard.
    pub(crate) muted: Muted,
    /// Whom it calls; nobody, for some.
    pub(crate) targets: Vec<Target>,
    /// How it stands whatever happens.
    stuck: Option<State>,
    /// How important somebody said it is, from 1 to 5.
    pub(crate) priority: Option<u8>,
    /// Whether only some may change it.
    pub(crate) restricted: bool,
    /// Whether it is not finished.
    pub(crate) draft: bool,
    /// When it was made.
    pub(crate) created_at: i64,
    /// When it was last changed.
    pub(crate) modified_at: i64,
    /// Index of the person who made it.
    pub(crate) creator: usize,
    /// What the rest is drawn from.
    pub(crate) words: u64,
}

const ROOMS: [&str; 6] = ["harbour-alerts", "lamp-watch", "tide-bells", "fog_and_foam", "keepers-night", "gear.room"];

/// Every monitor; about six a service, or so many as were asked for.
pub(super) fn monitors(company: &Company, probes: &[SyntheticTest], promises: &[usize]) -> Vec<Monitor> {
    let services = company.services();
    let natural: Vec<usize> = (0..services.len()).map(|service| 4 + mix(company.seed ^ service as u64) as usize % 4).collect();
    let counts = match company.wanted.monitors {
        Some(total) => {
            let shares: Vec<f64> = natural.iter().map(|count| *count as f64).collect();
            apportioned(&shares, total.saturating_sub(probes.len()))
        }
        None => natural,
    };
    let total = counts.iter().sum::<usize>() + probes.len();
    let labels = shared_out(
        company,
        "labels",
        total,
        Labels::Usual,
        &[(Labels::NoTeam, 83), (Labels::StrangeService, 22), (Labels::UpperCase, 33), (Labels::Colons, 33), (Labels::Bare, 33)],
    );
    let now = company.period.now;
    let mut rng = random::rng(company.seed, "muted", &[]);
    let until = now + rng.i64(DAY..9 * DAY) / 3_600 * 3_600;
    let muted = shared_out(
        company,
        "muted",
        total,
        Muted::No,
        &[
            (Muted::Forever, 28),
            (Muted::Until(until), 14),
            // It was left behind when the time was over.
            (Muted::Until(now - 40 * DAY), 8),
            (Muted::Part(None), 11),
            (Muted::Part(Some(until)), 6),
        ],
    );
    let uncalled = shared_out(company, "uncalled", total, false, &[(true, 67)]);
    let stuck = [(State::NoData, 39), (State::Ignored, 9), (State::Skipped, 9), (State::Unknown, 9)];
    let stuck = shared_out(company, "stuck", total, None, &stuck.map(|(state, share)| (Some(state), share)));
    let drafts = shared_out(company, "drafts", total, false, &[(true, 17)]);
    let restricted = shared_out(company, "restricted", total, false, &[(true, 17)]);
    let people: Vec<Vec<usize>> = services.iter().map(|service| service.people(company)).collect();

    let mut monitors = Vec::with_capacity(total);
    let mut add = |service: usize, kind: Kind, environment: Option<&'static str>| {
        let index = monitors.len();
        let mut rng = random::rng(company.seed, "monitor", &[index as u64]);
        let created_at = company.period.start - rng.i64(0..900 * DAY);
        let one = |rng: &mut fastrand::Rng| people[service].get(rng.usize(..people[service].len().max(1))).copied().unwrap_or_default();
        let creator = one(&mut rng);
        let person = one(&mut rng);
        let slug = services[service].team(company, company.period.start);
        let targets = if uncalled[index] { Vec::new() } else { targets(&mut rng, slug, person) };
        let drawn = if chance(&mut rng, 0.85) { "prod" } else { "staging" };
        monitors.push(Monitor {
            index,
            service,
            kind,
            environment: environment.unwrap_or(drawn),
            labels: labels[index],
            muted: muted[index],
            targets,
            stuck: stuck[index],
            priority: (!chance(&mut rng, 0.5)).then(|| rng.u8(1..6)),
            restricted: restricted[index],
            draft: drafts[index],
            created_at,
            modified_at: rng.i64(created_at..company.period.now),
            creator,
            words: rng.u64(..),
        });
    };
    let mut first = 0;
    for (service, count) in counts.into_iter().enumerate() {
        for place in 0..count {
            add(service, kind(place, first, promises[service]), None);
        }
        first += count;
    }
    for probe in probes {
        add(probe.service, Kind::SyntheticTest(probe.index), Some(probe.environment));
    }
    monitors
}

/// What the monitor at this place of its service looks at; `first` is the index of the service's first one.
fn kind(place: usize, first: usize, promises: usize) -> Kind {
    match place % 8 {
        0 | 5 => Kind::Metric,
        2 => Kind::Check,
        3 => Kind::Composite(first, first + 1),
        4 if promises > 0 => Kind::Objective(place / 8 % promises),
        _ => Kind::Query,
    }
}

fn room(rng: &mut fastrand::Rng) -> &'static str {
    ROOMS[rng.usize(..ROOMS.len())]
}

fn targets(rng: &mut fastrand::Rng, team: Option<&'static str>, person: usize) -> Vec<Target> {
    let mut targets = Vec::new();
    if chance(rng, 0.55) {
        targets.push(Target::OnCall);
    }
    for _ in 0..rng.usize(0..3) {
        targets.push(match rng.u32(0..20) {
            0..=8 => Target::Room(room(rng)),
            9..=10 => Target::FarRoom(room(rng)),
            11..=12 => Target::Program("bell-tower"),
            13 => Target::OtherOnCall("storm-watch"),
            14 => Target::OtherRoom("Harbour-Office"),
            15..=17 => Target::Person(person),
            _ => Target::Team(team.unwrap_or("lamp-platform")),
        });
    }
    if targets.is_empty() {
        targets.push(Target::Room(room(rng)));
    }
    targets.dedup();
    targets
}

impl Monitor {
    /// How it stands at this moment, and since when.
    pub(crate) fn state(&self, company: &Company, now: i64) -> (State, i64) {
        if let Some(state) = self.stuck {
            return (state, self.created_at + DAY);
        }
        let mut standing = (State::Ok, self.created_at);
        // What is not in production does not hear of what goes wrong there.
        let deaf = self.environment != "prod" || self.draft;
        for outage in company.watch().troubles(company, self.service).filter(|outage| !deaf && outage.exists(now)) {
            if mix(self.words ^ outage.number) % 10 > 6 {
                continue;
            }
            standing = match outage.mitigated(now) {
                Some(at) => (State::Ok, at),
                None if outage.severity < 4 => (State::Alert, outage.detected_at),
                None => (State::Warn, outage.detected_at),
            };
        }
        standing
    }

    /// Until when it may not be heard, if that is so at this moment: `Some(None)` is for ever.
    #[cfg(test)]
    pub(crate) fn muted_until(&self, now: i64) -> Option<Option<i64>> {
        match self.muted {
            Muted::Forever => Some(None),
            Muted::Until(at) if now < at => Some(Some(at)),
            _ => None,
        }
    }
}
