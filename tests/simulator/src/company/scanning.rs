//! What machines find in the code itself: mistakes that matter, and secrets that should not be there.

use fastrand::Rng;

use crate::company::flaws::{Alerts, Archived, Scanning};
use crate::company::people::Actor;
use crate::company::random::{chance, hours, long_tail, mix, pick};
use crate::company::repositories::{Repository, Visibility};
use crate::company::{Period, random};

/// A mistake with its whole life. Times are Unix seconds.
pub(crate) struct Finding {
    /// The number in its repository.
    pub(crate) number: u32,
    /// Index into [`MISTAKES`].
    pub(crate) mistake: usize,
    /// Where it is.
    pub(crate) path: &'static str,
    /// The line there.
    pub(crate) line: u32,
    /// When it was found.
    pub(crate) created_at: i64,
    /// How it ends.
    pub(crate) end: Option<(i64, FindingEnd)>,
}

/// How a mistake ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FindingEnd {
    /// It is not there any more.
    Fixed,
    /// Somebody set it aside, for the reason given.
    Dismissed(Actor, &'static str),
}

impl Finding {
    /// How it ended, if it has.
    pub(crate) fn ended(&self, now: i64) -> Option<(i64, FindingEnd)> {
        self.end.filter(|(at, _)| *at <= now)
    }

    /// What it is.
    pub(crate) fn mistake(&self) -> &'static Mistake {
        &MISTAKES[self.mistake]
    }
}

/// A kind of mistake.
pub(crate) struct Mistake {
    /// What the tool calls it.
    pub(crate) id: &'static str,
    /// One line about it.
    pub(crate) summary: &'static str,
    /// How sure and how loud the tool is.
    pub(crate) severity: &'static str,
    /// How bad it would be; only some tools say.
    pub(crate) security: Option<&'static str>,
    /// Index into [`TOOLS`].
    pub(crate) tool: usize,
}

/// Names and versions of what looks through code; not every tool says its version.
pub(crate) const TOOLS: [(&str, Option<&str>); 3] = [("CodeQL", Some("2.19.3")), ("lamp-lint", Some("0.7.0")), ("harbour-scan", None)];

/// Every kind of mistake, the critical ones first.
pub(crate) const MISTAKES: [Mistake; 9] = [
    mistake("go/sluice-injection", "Water level from a request reaches a sluice command", "error", Some("critical"), 0),
    mistake("js/unwound-deserialisation", "A parcel from outside is unwound without a look", "error", Some("critical"), 0),
    mistake("java/harbour-path", "A berth's name is used as a path", "error", Some("high"), 0),
    mistake("py/open-shutter-redirect", "The beam follows an address from a request", "warning", Some("high"), 0),
    mistake("harbour-scan/CLW-11", "Key of the tool shed in an image", "error", Some("medium"), 2),
    mistake("js/log-of-keepers", "A keeper's name goes into the log", "warning", Some("medium"), 0),
    mistake("go/weak-bell", "A bell code from a weak source of chance", "note", Some("low"), 0),
    mistake("LL-004", "A hinge that is never oiled", "warning", None, 1),
    mistake("LL-017", "Two cogs of one name", "note", None, 1),
];

const fn mistake(id: &'static str, summary: &'static str, severity: &'static str, security: Option<&'static str>, tool: usize) -> Mistake {
    Mistake { id, summary, severity, security, tool }
}

/// A secret in the code, with its whole life.
pub(crate) struct Leak {
    /// The number in its repository.
    pub(crate) number: u32,
    /// Index into [`SECRETS`].
    pub(crate) kind: usize,
    /// The secret itself; nobody may keep it.
    pub(crate) secret: String,
    /// Whether it stands in another repository as well.
    pub(crate) elsewhere: bool,
    /// Where it is.
    pub(crate) path: &'static str,
    /// The line there.
    pub(crate) line: u32,
    /// When it was found.
    pub(crate) created_at: i64,
    /// Who pushed it although they were told.
    pub(crate) pushed_anyway: Option<Actor>,
    /// Whether it still opens something: active, inactive or unknown.
    pub(crate) validity: &'static str,
    /// Whether everyone can read it.
    pub(crate) public: bool,
    /// When it was set aside, by whom and why.
    pub(crate) end: Option<(i64, Actor, &'static str)>,
}

impl Leak {
    /// How it ended, if it has.
    pub(crate) fn ended(&self, now: i64) -> Option<(i64, Actor, &'static str)> {
        self.end.filter(|(at, ..)| *at <= now)
    }
}

/// Every kind of secret: the vendor's word for it, its name, and what each begins with.
pub(crate) const SECRETS: [(&str, &str, &str); 4] = [
    ("clockwork_harbour_key", "Clockwork Harbour Key", "clwhk_live_"),
    ("lamplighter_token", "Lamplighter Token", "clwlt_"),
    ("tide_table_api_key", "Tide Table API Key", "clwtt-"),
    ("foghorn_signing_secret", "Foghorn Signing Secret", "clwfs/"),
];

const PATHS: [&str; 6] = [
    "src/main/lamp.kt",
    "internal/tide/table.go",
    "web/app/harbour.ts",
    "scripts/wind.py",
    "config/example.env",
    "test/fixtures/keeper.json",
];
const FINDING_REASONS: [&str; 3] = ["false positive", "won't fix", "used in tests"];
const LEAK_REASONS: [&str; 4] = ["false_positive", "wont_fix", "revoked", "used_in_tests"];
const DAY: i64 = 86_400;

impl Repository {
    /// Whether code scanning ran, and its findings are ours to see.
    pub(crate) fn shows_findings(&self, now: i64) -> bool {
        self.scans(now) && !self.traits.empty && self.traits.scanning != Scanning::NeverRan && !self.is_read_only_to_us()
    }

    /// Whether code scanning is switched on. Archiving switches it off.
    pub(crate) fn scans(&self, now: i64) -> bool {
        self.traits.scanning != Scanning::Off && !self.is_archived(now)
    }

    /// Whether secrets are looked for, and what was found is ours to see.
    pub(crate) fn shows_leaks(&self) -> bool {
        !self.traits.leaks_unseen && !self.is_read_only_to_us()
    }
}

/// Draws the mistakes of a repository, in the order they are found.
pub(crate) fn findings(seed: u64, repository: &Repository, people: usize, period: &Period) -> Vec<Finding> {
    let traits = &repository.traits;
    if traits.empty || traits.archived == Archived::LongAgo || traits.scanning != Scanning::On {
        return Vec::new();
    }
    let mut rng = random::rng(seed, "findings", &[repository.index as u64]);
    let count = long_tail(&mut rng, if traits.service { 3.0 } else { 1.0 }, 1.1).min(50.0) as usize;
    let mut findings: Vec<Finding> = (0..count).map(|_| finding(&mut rng, people, period)).collect();
    if traits.alerts == Alerts::Overdue {
        let created_at = period.now - rng.i64(60..200) * DAY;
        findings.push(Finding { mistake: 0, created_at, end: None, ..finding(&mut rng, people, period) });
    }
    findings.sort_by_key(|finding| finding.created_at);
    for (place, finding) in findings.iter_mut().enumerate() {
        finding.number = place as u32 + 1;
    }
    findings
}

fn finding(rng: &mut Rng, people: usize, period: &Period) -> Finding {
    let mistake = rng.usize(..MISTAKES.len()).max(rng.usize(..MISTAKES.len()));
    let created_at = rng.i64(period.start - 200 * DAY..period.end);
    let after = hours(long_tail(rng, 24.0 * (6.0 + 5.0 * mistake as f64), 1.3)).max(600);
    let end = match rng.f64() {
        share if share < 0.55 => Some(FindingEnd::Fixed),
        share if share < 0.72 => Some(FindingEnd::Dismissed(somebody(rng, people), pick::<&str>(rng, &FINDING_REASONS))),
        _ => None,
    };
    Finding {
        number: 0,
        mistake,
        path: PATHS[rng.usize(..4)],
        line: rng.u32(1..900),
        created_at,
        end: end.map(|end| (created_at + after, end)),
    }
}

/// Draws the secrets in a repository, in the order they are found.
pub(crate) fn leaks(seed: u64, repository: &Repository, people: usize, period: &Period) -> Vec<Leak> {
    let traits = &repository.traits;
    if traits.empty || traits.leaks_unseen {
        return Vec::new();
    }
    let mut rng = random::rng(seed, "leaks", &[repository.index as u64]);
    let count = (long_tail(&mut rng, 0.6, 1.2).min(12.0)) as usize;
    let mut leaks: Vec<Leak> = (0..count).map(|_| leak(&mut rng, seed, people, repository, period)).collect();
    if traits.alerts == Alerts::Overdue {
        let created_at = period.now - rng.i64(20..90) * DAY;
        leaks.push(Leak { created_at, end: None, validity: "active", ..leak(&mut rng, seed, people, repository, period) });
    }
    leaks.retain(|leak| repository.archived_at.is_none_or(|at| leak.created_at < at));
    leaks.sort_by_key(|leak| leak.created_at);
    for (place, leak) in leaks.iter_mut().enumerate() {
        leak.number = place as u32 + 1;
    }
    leaks
}

fn leak(rng: &mut Rng, seed: u64, people: usize, repository: &Repository, period: &Period) -> Leak {
    let kind = rng.usize(..SECRETS.len());
    // One in ten is a secret that several repositories were given.
    let elsewhere = chance(rng, 0.1);
    let word = if elsewhere { mix(seed ^ kind as u64) } else { rng.u64(..) };
    let created_at = rng.i64(period.start - 300 * DAY..period.end);
    let after = hours(long_tail(rng, 60.0, 1.6)).max(300);
    let reason = *pick::<&str>(rng, &LEAK_REASONS);
    Leak {
        number: 0,
        kind,
        secret: format!("{}{:016x}{:016x}", SECRETS[kind].2, mix(word), mix(word ^ 1)),
        elsewhere,
        path: PATHS[rng.usize(..PATHS.len())],
        line: rng.u32(1..200),
        created_at,
        pushed_anyway: chance(rng, 0.15).then(|| somebody(rng, people)),
        validity: pick::<&str>(rng, &["active", "inactive", "unknown"]),
        public: repository.visibility == Visibility::Public,
        end: chance(rng, 0.65).then(|| (created_at + after, somebody(rng, people), reason)),
    }
}

/// A person, or now and then somebody whose account is gone.
fn somebody(rng: &mut Rng, people: usize) -> Actor {
    let person = Actor::Person(rng.usize(..people) as u16);
    if chance(rng, 0.04) { Actor::Ghost } else { person }
}
