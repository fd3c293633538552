//! Everything that is wrong at this company on purpose, in one place.
//!
//! A tool that only ever met tidy repositories would report a hole as an all-clear. So, of 200 repositories (other numbers: the same shares):
//!
//! | flaw | how many | how it shows |
//! |---|---|---|
//! | archived | 12, and 2 more in the days to come | `isArchived`, `archivedAt`; no pull requests, no alerts endpoint |
//! | empty | 2 | no default branch, never pushed, no pull requests |
//! | fork, template | 6, 3 | `isFork`, `isTemplate` |
//! | stale | 16 | last pushed one to five years ago, no pull requests |
//! | public, internal | 8, 20 | `visibility` |
//! | no team | 14 | the `team` property is null |
//! | no PCI answer | 10 | the `pci_scope` property is null |
//! | PCI in scope | 24 services | `pci_scope` = `in-scope`; of every six: three have open alerts (the first an overdue critical one), one has alerts disabled, one is not visible to us, one is clean |
//! | alerts disabled elsewhere | 8 | 403 on the repository, nothing in the organisation's list |
//! | not visible elsewhere | 4 | `viewerPermission` is READ: 403 on the repository, nothing in the organisation's list |
//!
//! In pull requests (`pulls.rs` draws them, with these shares): ghosts as authors, mergers and reviewers; three bots; drafts made ready,
//! some sent back and made ready again; reverts and backports; merges without review; deleted forks; reviews by the author, by bots,
//! before a draft was ready, after the merge, dismissed afterwards; comments days after the merge; a few with more than 60 reviews or commits.

use crate::company::random;

/// Share of human pull requests that start as a draft.
pub(crate) const DRAFT: f64 = 0.18;
/// Share of drafts that go back to draft once and are made ready a second time.
pub(crate) const BACK_TO_DRAFT: f64 = 0.10;
/// Share of authors, mergers and reviewers whose account is gone.
pub(crate) const GHOST: f64 = 0.01;
/// Share of pull requests that revert an earlier one.
pub(crate) const REVERT: f64 = 0.02;
/// Share of pull requests that bring a change to the release branch.
pub(crate) const BACKPORT: f64 = 0.02;
/// Share of pull requests from a fork that was deleted afterwards.
pub(crate) const DELETED_FORK: f64 = 0.015;
/// Share of human pull requests nobody reviews.
pub(crate) const UNREVIEWED: f64 = 0.12;
/// Share of reviews an author gives to themselves.
pub(crate) const SELF_REVIEW: f64 = 0.06;
/// Share of reviews a bot gives.
pub(crate) const BOT_REVIEW: f64 = 0.08;
/// Share of drafts reviewed before they are ready.
pub(crate) const REVIEWED_AS_DRAFT: f64 = 0.30;
/// Share of requests for changes that are dismissed later.
pub(crate) const DISMISSED: f64 = 0.25;
/// Share of merged pull requests with a review or a comment after the merge.
pub(crate) const LATE_WORD: f64 = 0.02;
/// One pull request in so many has more than 60 reviews and commits.
pub(crate) const ENDLESS_ONE_IN: u64 = 600;

/// Whether and when a repository is archived.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Archived {
    /// It stays alive.
    #[default]
    Never,
    /// It was archived before the history begins.
    LongAgo,
    /// It will be archived in the days after the start.
    Soon,
}

/// What the `pci_scope` property says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Pci {
    /// Card data passes through it.
    InScope,
    /// Somebody said no card data does.
    #[default]
    OutOfScope,
    /// Nobody said anything.
    Unset,
}

/// What can be learned about a repository's alerts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Alerts {
    /// As many as chance gives it.
    #[default]
    Natural,
    /// Switched on, and nothing is open.
    Clean,
    /// Switched on, and something is open for certain.
    Open,
    /// Switched on, and a critical one is open for longer than any policy allows.
    Overdue,
    /// Switched off.
    Disabled,
    /// We may read the code and not its alerts.
    NotVisible,
}

/// What is special about one repository.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Traits {
    pub(crate) service: bool,
    pub(crate) archived: Archived,
    pub(crate) empty: bool,
    pub(crate) fork: bool,
    pub(crate) template: bool,
    pub(crate) stale: bool,
    pub(crate) public: bool,
    pub(crate) internal: bool,
    pub(crate) without_team: bool,
    pub(crate) pci: Pci,
    pub(crate) alerts: Alerts,
}

/// Hands the flaws out. The first three in ten repositories are services, the rest are everything else a company keeps.
pub(crate) fn assign(seed: u64, count: usize) -> Vec<Traits> {
    let services = (count * 3).div_ceil(10);
    let mut traits: Vec<Traits> = (0..count).map(|index| Traits { service: index < services, ..Traits::default() }).collect();
    // Shares in thousandths; `take` never gives a repository away twice, so flaws that exclude each other stay apart.
    let share = |thousandths: usize| (count * thousandths + 500) / 1000;
    let mut others = shuffled(seed, "others", services..count);
    let mut take = |thousandths: usize| -> Vec<usize> { others.by_ref().take(share(thousandths)).collect() };
    for index in take(60) {
        traits[index].archived = Archived::LongAgo;
    }
    for index in take(10) {
        traits[index].archived = Archived::Soon;
    }
    for index in take(10) {
        traits[index].empty = true;
    }
    for index in take(30) {
        traits[index].fork = true;
    }
    for index in take(15) {
        traits[index].template = true;
    }
    for index in take(80) {
        traits[index].stale = true;
    }
    for index in take(40) {
        traits[index].alerts = Alerts::Disabled;
    }
    for index in take(20) {
        traits[index].alerts = Alerts::NotVisible;
    }
    // These may fall on any repository that is not a service, whatever else it has.
    let mut seen = shuffled(seed, "seen", services..count);
    for index in seen.by_ref().take(share(40)) {
        traits[index].public = true;
    }
    for index in seen.by_ref().take(share(100)) {
        traits[index].internal = true;
    }
    for index in seen.take(share(50)) {
        traits[index].pci = Pci::Unset;
    }
    for index in shuffled(seed, "teamless", 0..count).take(share(70)) {
        traits[index].without_team = true;
    }
    for (rank, index) in shuffled(seed, "pci", 0..services).take(share(120)).enumerate() {
        traits[index].pci = Pci::InScope;
        traits[index].alerts = match rank % 6 {
            0 => Alerts::Overdue,
            1 => Alerts::Disabled,
            3 => Alerts::NotVisible,
            5 => Alerts::Clean,
            _ => Alerts::Open,
        };
    }
    traits
}

/// The numbers of a range in an order that only the seed decides.
fn shuffled(seed: u64, topic: &str, range: std::ops::Range<usize>) -> std::vec::IntoIter<usize> {
    let mut numbers: Vec<usize> = range.collect();
    random::rng(seed, topic, &[]).shuffle(&mut numbers);
    numbers.into_iter()
}
