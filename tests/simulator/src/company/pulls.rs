//! What a pull request is, and what of it is true at a given moment.
//!
//! A pull request holds its whole life, also the part after `now`; the methods that take `now` look away from what has not happened.

use crate::company::people::Actor;
use crate::company::random;
use crate::company::repositories::Repository;

/// A pull request with everything that ever happens to it. Times are Unix seconds.
#[derive(Debug)]
pub(crate) struct Pull {
    /// Its place among all pull requests of the company; ids are made of it.
    pub(crate) sequence: u32,
    /// The number in its repository.
    pub(crate) number: u32,
    /// Which words its texts are made of.
    pub(crate) words: u64,
    /// What it does.
    pub(crate) purpose: Purpose,
    /// Who opened it.
    pub(crate) author: Actor,
    /// When it was opened.
    pub(crate) created_at: i64,
    /// How it ends.
    pub(crate) outcome: Outcome,
    /// Whether it started as a draft.
    pub(crate) opened_as_draft: bool,
    /// Changes between draft and ready, in order.
    pub(crate) draft_changes: Box<[DraftChange]>,
    /// Commits in the order they were pushed.
    pub(crate) commits: Box<[Commit]>,
    /// Reviews in the order they were submitted.
    pub(crate) reviews: Box<[Review]>,
    /// When comments were written, in order.
    pub(crate) comments: Box<[i64]>,
    /// Lines added in the end.
    pub(crate) additions: u32,
    /// Lines deleted in the end.
    pub(crate) deletions: u32,
    /// Files changed in the end.
    pub(crate) files: u32,
    /// A bit per entry of [`LABELS`].
    pub(crate) labels: u8,
    /// Whether it came from a fork; all of those were deleted since.
    pub(crate) from_deleted_fork: bool,
    /// The commit of the merge where it is known from real data; made up otherwise.
    pub(crate) merge_sha: Option<[u8; 20]>,
}

/// What a pull request does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Ordinary work.
    Change,
    /// A newer version of a dependency.
    Upgrade,
    /// Takes back the pull request at this index of the repository.
    Revert(u32),
    /// Brings a change to the release branch.
    Backport,
    /// Ends an outage that a deployment caused.
    Hotfix,
}

/// A commit that somebody pushed to the default branch without a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Push {
    /// When.
    pub(crate) at: i64,
    /// Who.
    pub(crate) author: Actor,
}

/// How a pull request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It does not.
    Open,
    /// Closed without a merge.
    Closed {
        /// When.
        at: i64,
    },
    /// Merged.
    Merged {
        /// When.
        at: i64,
        /// By whom.
        by: Actor,
    },
}

/// How what was merged stands in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// As one commit.
    Squash,
    /// As it was, and a commit that follows both.
    Merge,
    /// Commit by commit, each with another parent and name.
    Rebase,
}

/// From draft to ready, or back.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DraftChange {
    /// When.
    pub(crate) at: i64,
    /// Whether it is ready afterwards.
    pub(crate) ready: bool,
}

/// A commit of a pull request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Commit {
    /// When it was written.
    pub(crate) authored_at: i64,
    /// When it got its place, later than written if it was rebased.
    pub(crate) committed_at: i64,
    /// When the pull request showed it.
    pub(crate) pushed_at: i64,
    /// Who wrote it.
    pub(crate) author: Actor,
    /// Whether it brings in what came to the default branch meanwhile, and follows two commits.
    pub(crate) merges: bool,
}

/// What a review said when it was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Fine.
    Approved,
    /// Not yet.
    ChangesRequested,
    /// Neither.
    Commented,
}

/// A review.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Review {
    /// When it was submitted.
    pub(crate) submitted_at: i64,
    /// Who gave it.
    pub(crate) author: Actor,
    /// What it said.
    pub(crate) verdict: Verdict,
    /// When it was set aside.
    pub(crate) dismissed_at: Option<i64>,
    /// Whether it came with words.
    pub(crate) has_body: bool,
}

/// The labels a pull request may carry.
pub(crate) const LABELS: [&str; 8] = ["bug", "dependencies", "enhancement", "security", "documentation", "chore", "breaking", "hotfix"];

/// The label of a hotfix, as a bit.
pub(crate) const HOTFIX: u8 = 1 << 7;

/// Where a pull request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Neither merged nor closed.
    Open,
    /// Closed without a merge.
    Closed,
    /// Merged.
    Merged,
}

impl Pull {
    /// Whether its branch tells that it is a hotfix. By its number, one says it by its label only, one by its branch, one by both.
    pub(crate) fn is_on_hotfix_branch(&self) -> bool {
        self.purpose == Purpose::Hotfix && !self.number.is_multiple_of(3)
    }

    /// Whether it has been opened. Real data has a few merged before their first commit was written; those exist from the merge on.
    pub(crate) fn exists(&self, now: i64) -> bool {
        self.created_at <= now || self.ended_at(now).is_some()
    }

    /// Where it stands.
    pub(crate) fn state(&self, now: i64) -> State {
        match self.outcome {
            Outcome::Merged { at, .. } if at <= now => State::Merged,
            Outcome::Closed { at } if at <= now => State::Closed,
            _ => State::Open,
        }
    }

    /// When it was merged or closed.
    pub(crate) fn ended_at(&self, now: i64) -> Option<i64> {
        match self.outcome {
            Outcome::Merged { at, .. } | Outcome::Closed { at } => Some(at).filter(|at| *at <= now),
            Outcome::Open => None,
        }
    }

    /// When and by whom it was merged.
    pub(crate) fn merged(&self, now: i64) -> Option<(i64, Actor)> {
        match self.outcome {
            Outcome::Merged { at, by } if at <= now => Some((at, by)),
            _ => None,
        }
    }

    /// Whether it is a draft.
    pub(crate) fn is_draft(&self, now: i64) -> bool {
        match self.draft_changes(now).last() {
            Some(change) => !change.ready,
            None => self.opened_as_draft,
        }
    }

    /// Changes between draft and ready so far.
    pub(crate) fn draft_changes(&self, now: i64) -> &[DraftChange] {
        so_far(&self.draft_changes, |change| change.at, now)
    }

    /// Commits so far.
    pub(crate) fn commits(&self, now: i64) -> &[Commit] {
        so_far(&self.commits, |commit| commit.pushed_at, now)
    }

    /// Reviews so far.
    pub(crate) fn reviews(&self, now: i64) -> &[Review] {
        so_far(&self.reviews, |review| review.submitted_at, now)
    }

    /// Comments so far.
    pub(crate) fn comments(&self, now: i64) -> usize {
        so_far(&self.comments, |at| *at, now).len()
    }

    /// Lines added, deleted and files changed by the commits so far.
    pub(crate) fn size(&self, now: i64) -> (u32, u32, u32) {
        let (seen, all) = (self.commits(now).len() as u64, self.commits.len() as u64);
        if seen == all {
            return (self.additions, self.deletions, self.files);
        }
        let part = |whole: u32| (u64::from(whole) * seen / all) as u32;
        (part(self.additions), part(self.deletions), part(self.files).max(1).min(self.files))
    }

    /// When anything last happened to it.
    pub(crate) fn updated_at(&self, now: i64) -> i64 {
        let mut latest = match self.ended_at(now) {
            Some(at) => at.max(self.created_at),
            None => self.created_at,
        };
        let commit = self.commits(now).last().map(|commit| commit.pushed_at);
        let change = self.draft_changes(now).last().map(|change| change.at);
        let comment = so_far(&self.comments, |at| *at, now).last().copied();
        for at in [commit, change, comment].into_iter().flatten() {
            latest = latest.max(at);
        }
        for review in self.reviews(now) {
            latest = latest.max(review.updated_at(now));
        }
        latest.min(now)
    }

    /// When code last came to the repository through it: a push to its branch, or the merge.
    pub(crate) fn pushed_at(&self, now: i64) -> Option<i64> {
        let commit = self.commits(now).last().map(|commit| commit.pushed_at);
        commit.max(self.merged(now).map(|(at, _)| at))
    }

    /// How it is merged: in any of the ways that its repository allows, mostly as one commit.
    pub(crate) fn method(&self, repository: &Repository) -> Method {
        match random::mix(self.words ^ 6) % 8 {
            0..=3 if repository.allows(Method::Merge) => Method::Merge,
            4 | 5 if repository.allows(Method::Rebase) => Method::Rebase,
            _ => Method::Squash,
        }
    }

    /// Names of its labels.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &'static str> {
        let bits = self.labels;
        LABELS.iter().enumerate().filter(move |(place, _)| bits & (1 << place) != 0).map(|(_, label)| *label)
    }
}

impl Review {
    /// What happened to it last.
    pub(crate) fn updated_at(&self, now: i64) -> i64 {
        self.dismissed_at.filter(|at| *at <= now).unwrap_or(self.submitted_at)
    }

    /// Whether it has been set aside.
    pub(crate) fn is_dismissed(&self, now: i64) -> bool {
        self.dismissed_at.is_some_and(|at| at <= now)
    }
}

/// The part of a list in order of time that has happened.
fn so_far<T>(events: &[T], at: impl Fn(&T) -> i64, now: i64) -> &[T] {
    &events[..events.partition_point(|event| at(event) <= now)]
}
