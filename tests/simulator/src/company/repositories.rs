//! What code the company keeps: one repository per service, and libraries, infrastructure, charts and documents around them.

use std::sync::OnceLock;

use crate::company::alerts::Alert;
use crate::company::deployments::Deployment;
use crate::company::files::File;
use crate::company::flaws::{Alerts, Archived, Traits};
use crate::company::identity::Identity;
use crate::company::people::Team;
use crate::company::properties::Properties;
use crate::company::protection::Rule;
use crate::company::pulls::{Method, Pull, Push};
use crate::company::releases::Release;
use crate::company::runs::Run;
use crate::company::scanning::{Finding, Leak};
use crate::company::{Period, random};

/// Who may see a repository.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Visibility {
    /// Everyone.
    Public,
    /// The members of it only.
    Private,
    /// Everyone in the enterprise.
    Internal,
}

/// A repository with its whole history, also of the days to come.
pub(crate) struct Repository {
    /// Whose it is.
    pub(crate) owner: &'static Identity,
    /// Its place in the company's list.
    pub(crate) index: usize,
    /// The vendor's number.
    pub(crate) id: u64,
    /// The name.
    pub(crate) name: String,
    /// The names that it had before somebody gave it this one.
    pub(crate) former_names: Vec<String>,
    /// Whether somebody deleted it.
    pub(crate) deleted: bool,
    /// What it is for; some say nothing.
    pub(crate) description: Option<String>,
    /// Index of the team that looks after it.
    pub(crate) team: usize,
    /// What is special about it.
    pub(crate) traits: Traits,
    /// Who may see it.
    pub(crate) visibility: Visibility,
    /// When it was created.
    pub(crate) created_at: i64,
    /// When it is archived.
    pub(crate) archived_at: Option<i64>,
    /// The last push before the history begins; never for an empty one.
    pub(crate) pushed_before: Option<i64>,
    /// The branch that pull requests go to by default.
    pub(crate) default_branch: &'static str,
    /// Most of its code is in this language.
    pub(crate) language: Option<&'static str>,
    /// Identifier, key and name of the licence.
    pub(crate) license: Option<(&'static str, &'static str, &'static str)>,
    /// Words it is filed under.
    pub(crate) topics: Vec<&'static str>,
    /// Bits that settings are drawn from.
    pub(crate) settings: u64,
    /// Kilobytes on disk.
    pub(crate) size: u32,
    /// How many people marked it.
    pub(crate) stars: u32,
    /// How many copies of it there are.
    pub(crate) forks: u32,
    /// Custom property values.
    pub(crate) properties: Properties,
    /// Every pull request, by number.
    pub(crate) pulls: Vec<Pull>,
    /// What somebody pushed to the default branch without a pull request, the earliest first.
    pub(crate) pushes: Vec<Push>,
    /// Every Dependabot alert, by number.
    pub(crate) alerts: Vec<Alert>,
    /// The files that somebody asks about, by path.
    pub(crate) files: Vec<File>,
    /// The rules that guard its branches.
    pub(crate) rules: Vec<Rule>,
    /// Every code scanning alert, by number.
    pub(crate) findings: Vec<Finding>,
    /// Every secret scanning alert, by number.
    pub(crate) leaks: Vec<Leak>,
    /// What its workflows run, once somebody asked.
    pub(crate) runs: OnceLock<Vec<Run>>,
    /// What it deploys, once somebody asked.
    pub(crate) deployments: OnceLock<Vec<Deployment>>,
    /// What it releases, once somebody asked.
    pub(crate) releases: OnceLock<Vec<Release>>,
}

impl Repository {
    /// A yes-or-no setting: the same repository always gives the same answer for the same `bit`; about `of_eight` in eight say yes.
    pub(crate) fn setting(&self, bit: u64, of_eight: u64) -> bool {
        random::mix(self.settings ^ bit) % 8 < of_eight
    }

    /// Whether pull requests may be merged in this way.
    pub(crate) fn allows(&self, method: Method) -> bool {
        match method {
            Method::Squash => true,
            Method::Merge => self.setting(8, 4),
            Method::Rebase => self.setting(9, 3),
        }
    }

    /// Whether it is archived at this moment.
    pub(crate) fn is_archived(&self, now: i64) -> bool {
        self.archived_at.is_some_and(|at| at <= now)
    }

    /// Whether we may only read it.
    pub(crate) fn is_read_only_to_us(&self) -> bool {
        self.traits.alerts == Alerts::NotVisible
    }

    /// Whether Dependabot alerts are switched on, and ours to see.
    pub(crate) fn shows_alerts(&self, now: i64) -> bool {
        !matches!(self.traits.alerts, Alerts::Disabled | Alerts::NotVisible) && !self.is_archived(now)
    }

    /// Pull requests on a working day, on average; none at all where nothing happens any more.
    pub(crate) fn daily_pulls(&self, seed: u64) -> f64 {
        let traits = &self.traits;
        if traits.empty || traits.stale || traits.archived == Archived::LongAgo {
            return 0.0;
        }
        let mut rng = random::rng(seed, "pace", &[self.index as u64]);
        match self.index {
            0 => 6.0,
            1..=4 if traits.service => 3.5,
            _ if traits.service => random::long_tail(&mut rng, 0.3, 1.1).min(3.0),
            _ => random::long_tail(&mut rng, 0.04, 1.0).min(0.5),
        }
    }
}

const NOUNS: [&str; 30] = [
    "lamp",
    "tide",
    "harbour",
    "foghorn",
    "keeper",
    "gear",
    "beacon",
    "buoy",
    "chart",
    "ledger",
    "lens",
    "mainspring",
    "mooring",
    "oilcan",
    "pendulum",
    "pilot",
    "prism",
    "ratchet",
    "reef",
    "rudder",
    "sextant",
    "shutter",
    "signal",
    "spindle",
    "storm",
    "toll",
    "vane",
    "visitor",
    "watch",
    "winch",
];
const SERVICE_KINDS: [&str; 4] = ["api", "worker", "gateway", "web"];
const OTHER_KINDS: [&str; 9] = ["lib", "terraform", "docs", "sdk", "tools", "charts", "playground", "import", "e2e"];
const LANGUAGES: [&str; 7] = ["Kotlin", "TypeScript", "Go", "Python", "Rust", "Java", "Ruby"];
const TOPICS: [&str; 8] = ["clockwork", "lighthouse", "optics", "payments", "navigation", "weather", "infrastructure", "legacy"];
const LICENSES: [(&str, &str, &str); 3] =
    [("MIT", "mit", "MIT License"), ("Apache-2.0", "apache-2.0", "Apache License 2.0"), ("NOASSERTION", "other", "Other")];
const DAY: i64 = 86_400;

/// The repositories without their history, which is drawn afterwards.
pub(crate) fn repositories(owner: &'static Identity, seed: u64, traits: &[Traits], teams: &[Team], period: &Period) -> Vec<Repository> {
    let services = traits.iter().filter(|traits| traits.service).count();
    traits.iter().enumerate().map(|(index, traits)| repository(owner, seed, index, services, *traits, teams, period)).collect()
}

fn repository(
    owner: &'static Identity,
    seed: u64,
    index: usize,
    services: usize,
    traits: Traits,
    teams: &[Team],
    period: &Period,
) -> Repository {
    let mut rng = random::rng(seed, "repository", &[index as u64]);
    let rank = if traits.service { index } else { index - services };
    let team = draw_team(&mut rng, teams);
    let age = rng.i64(400..3200) * DAY;
    let created_at = period.start - age + rng.i64(0..DAY);
    let archived_at = match traits.archived {
        Archived::Never => None,
        Archived::LongAgo => Some(period.start - rng.i64(5..300) * DAY),
        Archived::Soon => Some(period.now + rng.i64(1..4) * DAY + rng.i64(0..DAY)),
    };
    let last_word = archived_at.unwrap_or(period.start).min(period.start);
    let pushed_before = (!traits.empty).then(|| {
        let idle = if traits.stale { rng.i64(365..1800) } else { rng.i64(1..60) };
        (last_word - idle * DAY - rng.i64(0..DAY)).max(created_at + 600)
    });
    let visibility = match (traits.public, traits.internal) {
        (true, _) => Visibility::Public,
        (_, true) => Visibility::Internal,
        _ => Visibility::Private,
    };
    let name = name(traits.service, rank);
    let description =
        (!random::chance(&mut rng, 0.2)).then(|| format!("Keeps the {} of every clockwork lighthouse turning", name.replace('-', " ")));
    Repository {
        owner,
        former_names: Vec::new(),
        deleted: false,
        index,
        id: number(owner, index),
        description,
        team,
        traits,
        visibility,
        created_at,
        archived_at,
        pushed_before,
        default_branch: if random::chance(&mut rng, 0.15) { "master" } else { "main" },
        language: (!traits.empty && !random::chance(&mut rng, 0.06)).then(|| *random::pick(&mut rng, &LANGUAGES)),
        license: (traits.public || random::chance(&mut rng, 0.2)).then(|| *random::pick(&mut rng, &LICENSES)),
        topics: TOPICS.iter().copied().filter(|_| random::chance(&mut rng, 0.2)).collect(),
        settings: rng.u64(..),
        size: if traits.empty { 0 } else { random::long_tail(&mut rng, 4_000.0, 1.8).min(4e9) as u32 },
        stars: if traits.public { random::long_tail(&mut rng, 40.0, 1.5).min(1e6) as u32 } else { rng.u32(0..5) },
        forks: if traits.public { rng.u32(0..60) } else { rng.u32(0..3) },
        properties: Properties::draw(seed, index, &name, team, &traits, teams, period),
        pulls: Vec::new(),
        pushes: Vec::new(),
        alerts: Vec::new(),
        files: Vec::new(),
        rules: Vec::new(),
        findings: Vec::new(),
        leaks: Vec::new(),
        runs: OnceLock::new(),
        deployments: OnceLock::new(),
        releases: OnceLock::new(),
        name,
    }
}

/// The vendor's number for the repository at this index.
pub(super) fn number(owner: &Identity, index: usize) -> u64 {
    owner.number(512_000_000, 104_729, index)
}

/// Larger teams look after more repositories.
fn draw_team(rng: &mut fastrand::Rng, teams: &[Team]) -> usize {
    let people: usize = teams.iter().map(|team| team.people.len() + 1).sum();
    let mut place = rng.usize(..people);
    for (index, team) in teams.iter().enumerate() {
        match place.checked_sub(team.people.len() + 1) {
            Some(rest) => place = rest,
            None => return index,
        }
    }
    0
}

/// A name nobody else has: nouns by kinds, and a number once those are used up.
fn name(service: bool, rank: usize) -> String {
    let kinds: &[&str] = if service { &SERVICE_KINDS } else { &OTHER_KINDS };
    // Walking the diagonal gives neighbours different nouns and different kinds, and meets every pair once per round.
    let (round, place) = (rank / (NOUNS.len() * kinds.len()), rank % (NOUNS.len() * kinds.len()));
    let noun = NOUNS[place % NOUNS.len()];
    let kind = kinds[(place + place / NOUNS.len()) % kinds.len()];
    match round {
        0 => format!("{noun}-{kind}"),
        more => format!("{noun}-{kind}-{}", more + 1),
    }
}
