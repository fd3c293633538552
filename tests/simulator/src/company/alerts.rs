//! Which known weaknesses the company's repositories carry: Dependabot alerts, from discovery to repair.

use fastrand::Rng;

use crate::company::flaws::{Alerts, Archived};
use crate::company::people::Actor;
use crate::company::random::{chance, hours, long_tail, pick};
use crate::company::repositories::Repository;
use crate::company::{Period, random};

/// An alert with its whole life. Times are Unix seconds.
pub(crate) struct Alert {
    /// The number in its repository.
    pub(crate) number: u32,
    /// Index into [`ADVISORIES`].
    pub(crate) advisory: usize,
    /// The file that names the dependency.
    pub(crate) manifest: &'static str,
    /// Whether only development needs it.
    pub(crate) development: bool,
    /// Whether the repository names it itself.
    pub(crate) direct: bool,
    /// When it was raised.
    pub(crate) created_at: i64,
    /// How it ends.
    pub(crate) end: Option<(i64, End)>,
}

/// How an alert ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The dependency was updated or removed.
    Fixed,
    /// A rule set it aside.
    AutoDismissed,
    /// Somebody set it aside, for the reason given.
    Dismissed(Actor, &'static str),
}

impl Alert {
    /// How it ended, if it has.
    pub(crate) fn ended(&self, now: i64) -> Option<(i64, End)> {
        self.end.filter(|(at, _)| *at <= now)
    }

    /// When its state last changed.
    pub(crate) fn updated_at(&self, now: i64) -> i64 {
        self.ended(now).map_or(self.created_at, |(at, _)| at)
    }

    /// The vendor's word for its state.
    pub(crate) fn state(&self, now: i64) -> &'static str {
        match self.ended(now) {
            None => "open",
            Some((_, End::Fixed)) => "fixed",
            Some((_, End::AutoDismissed)) => "auto_dismissed",
            Some((_, End::Dismissed(..))) => "dismissed",
        }
    }

    /// The weakness it is about.
    pub(crate) fn advisory(&self) -> &'static Advisory {
        &ADVISORIES[self.advisory]
    }
}

/// A published weakness of a package that does not exist.
pub(crate) struct Advisory {
    /// The package.
    pub(crate) package: &'static str,
    /// Where it comes from.
    pub(crate) ecosystem: &'static str,
    /// How bad it is.
    pub(crate) severity: &'static str,
    /// The same as a number from 0 to 10.
    pub(crate) score: f64,
    /// One line about it.
    pub(crate) summary: &'static str,
    /// The first version without it, if there is one.
    pub(crate) patched: Option<&'static str>,
    /// The file that names such packages.
    manifest: &'static str,
}

const fn advisory(
    (ecosystem, manifest): (&'static str, &'static str),
    package: &'static str,
    severity: &'static str,
    score: f64,
    summary: &'static str,
    patched: Option<&'static str>,
) -> Advisory {
    Advisory { package, ecosystem, severity, score, summary, patched, manifest }
}

const NPM: (&str, &str) = ("npm", "package-lock.json");
const MAVEN: (&str, &str) = ("maven", "build.gradle.kts");
const PIP: (&str, &str) = ("pip", "requirements.txt");
const GO: (&str, &str) = ("go", "go.mod");
const RUST: (&str, &str) = ("rust", "Cargo.lock");

/// Every weakness known to this world, the critical ones first.
pub(crate) const ADVISORIES: [Advisory; 16] = [
    advisory(NPM, "brass-json", "critical", 9.8, "Prototype pollution while winding", Some("4.2.1")),
    advisory(MAVEN, "works.clockwork:spring-steel", "critical", 9.1, "Remote execution through a bent escapement", Some("2.9.7")),
    advisory(PIP, "lampoil", "critical", 9.3, "Deserialisation of untrusted oil", None),
    advisory(NPM, "fresnel-router", "high", 7.5, "Path traversal between lenses", Some("3.0.9")),
    advisory(MAVEN, "works.clockwork:tidewater", "high", 8.1, "Missing check of the harbour certificate", Some("1.14.2")),
    advisory(GO, "tides.example/pendulum", "high", 7.4, "Unbounded swing exhausts memory", Some("0.31.4")),
    advisory(PIP, "foglight", "high", 7.8, "Command injection through the weather report", Some("5.6")),
    advisory(RUST, "ratchet-core", "high", 7.1, "Use after free when reversed", Some("0.9.3")),
    advisory(NPM, "buoy-templates", "medium", 6.1, "Script injection in moorings", Some("2.1.0")),
    advisory(NPM, "tiny-bell", "medium", 5.3, "Slow regular expression in ringing patterns", Some("1.0.8")),
    advisory(MAVEN, "works.clockwork:ledgerbook", "medium", 5.9, "Log forging with line breaks", Some("7.3.0")),
    advisory(GO, "tides.example/semaphore", "medium", 4.8, "Flags compared in variable time", Some("1.2.2")),
    advisory(PIP, "almucantar", "medium", 5.5, "Server-side requests to the wrong star", None),
    advisory(NPM, "seagull-lint", "low", 3.1, "Screeches in debug mode", Some("9.0.1")),
    advisory(RUST, "oilcan", "low", 2.6, "Leaves a temporary file behind", Some("0.4.4")),
    advisory(GO, "tides.example/vane", "low", 3.7, "Direction disclosed in an error", Some("2.0.3")),
];

/// How many of the advisories are critical.
const CRITICAL: usize = 3;
const REASONS: [&str; 5] = ["fix_started", "inaccurate", "no_bandwidth", "not_used", "tolerable_risk"];
const DAY: i64 = 86_400;

/// Draws the alerts of a repository, in the order they are raised.
pub(crate) fn alerts(seed: u64, repository: &Repository, people: usize, period: &Period) -> Vec<Alert> {
    let traits = &repository.traits;
    if traits.empty || traits.archived == Archived::LongAgo || traits.alerts == Alerts::Disabled {
        return Vec::new();
    }
    let mut rng = random::rng(seed, "alerts", &[repository.index as u64]);
    let count = match traits.alerts {
        Alerts::Overdue | Alerts::Open | Alerts::Clean => rng.usize(4..24),
        _ => long_tail(&mut rng, 2.0, 1.2).min(60.0) as usize,
    };
    let mut alerts: Vec<Alert> = (0..count).map(|_| draw(&mut rng, people, period)).collect();
    match traits.alerts {
        Alerts::Clean => alerts.iter_mut().for_each(|alert| close(alert, period)),
        Alerts::Open => reopen(&mut alerts[0], rng.usize(CRITICAL..ADVISORIES.len()), period.now - rng.i64(1..20) * DAY),
        Alerts::Overdue => {
            reopen(&mut alerts[0], rng.usize(..CRITICAL), period.now - rng.i64(120..300) * DAY);
            reopen(&mut alerts[1], rng.usize(CRITICAL..8), period.now - rng.i64(100..200) * DAY);
            reopen(&mut alerts[2], rng.usize(8..13), period.now - rng.i64(2..20) * DAY);
            reopen(&mut alerts[3], rng.usize(13..16), period.now - rng.i64(2..80) * DAY);
        }
        _ => {}
    }
    alerts.sort_by_key(|alert| alert.created_at);
    for (place, alert) in alerts.iter_mut().enumerate() {
        alert.number = place as u32 + 1;
        alert.manifest = ADVISORIES[alert.advisory].manifest;
    }
    alerts
}

fn draw(rng: &mut Rng, people: usize, period: &Period) -> Alert {
    // Low and medium ones are raised more often than critical ones: the better of two draws is the milder.
    let advisory = rng.usize(..ADVISORIES.len()).max(rng.usize(..ADVISORIES.len()));
    let created_at = rng.i64(period.start - 300 * DAY..period.end);
    let development = chance(rng, 0.3);
    let after = hours(long_tail(rng, 24.0 * (8.0 + 3.0 * advisory as f64), 1.3)).max(600);
    let end = match rng.f64() {
        share if share < 0.68 => Some(End::Fixed),
        share if share < 0.74 && development => Some(End::AutoDismissed),
        share if share < 0.82 => Some(End::Dismissed(Actor::Person(rng.usize(..people) as u16), pick::<&str>(rng, &REASONS))),
        _ => None,
    };
    Alert {
        number: 0,
        advisory,
        manifest: "",
        development,
        direct: chance(rng, 0.5),
        created_at,
        end: end.map(|end| (created_at + after, end)),
    }
}

/// Makes sure that it is over before the first moment anyone looks.
fn close(alert: &mut Alert, period: &Period) {
    alert.created_at = alert.created_at.min(period.now - 10 * DAY);
    let (at, end) = alert.end.unwrap_or((period.now, End::Fixed));
    alert.end = Some((at.min(period.now - DAY).max(alert.created_at + 600), end));
}

/// Makes sure that it is open, about this advisory, since then.
fn reopen(alert: &mut Alert, advisory: usize, since: i64) {
    *alert = Alert { advisory, created_at: since, development: false, end: None, ..*alert };
}
