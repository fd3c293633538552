//! How people work: draws the pull requests of a repository, from the first push to the last word after the merge.
//!
//! Sizes and durations have long tails, small changes are merged somewhat faster, bots behave like bots.

use fastrand::Rng;

use crate::company::flaws;
use crate::company::identity::Identity;
use crate::company::people::{Actor, CI_BOT, DEPENDABOT, RENOVATE, Team};
use crate::company::pulls::{Commit, DraftChange, HOTFIX, Outcome, Pull, Purpose, Push, Review, Verdict};
use crate::company::random::{chance, hours, long_tail, pick, streak};
use crate::company::repositories::Repository;
use crate::company::{Period, random};

/// Everything needed to draw a repository's pull requests.
pub(crate) struct Work<'a> {
    pub(crate) owner: &'static Identity,
    pub(crate) seed: u64,
    pub(crate) period: &'a Period,
    pub(crate) teams: &'a [Team],
    pub(crate) people: usize,
}

impl Work<'_> {
    /// Draws `count` pull requests; `sequence` is the first free place among all of the company.
    pub(crate) fn pulls(&self, repository: &Repository, count: usize, sequence: u32) -> Vec<Pull> {
        let mut rng = random::rng(self.seed, "openings", &[repository.index as u64]);
        let end = repository.archived_at.unwrap_or(self.period.end).min(self.period.end);
        let mut openings: Vec<i64> = (0..count).map(|_| working_time(&mut rng, self.period.start, end)).collect();
        openings.sort_unstable();
        let mut pulls: Vec<Pull> = Vec::with_capacity(count);
        let mut number = rng.u32(1..4_000);
        for (place, created_at) in openings.into_iter().enumerate() {
            // Issues take numbers from the same row.
            number += 1 + rng.u32(0..3);
            let pull = self.pull(repository, &pulls, sequence + place as u32, number, created_at, end);
            pulls.push(pull);
        }
        pulls
    }

    /// Draws what is pushed to the default branch without a pull request: in one service of some, every other week.
    pub(crate) fn pushes(&self, repository: &Repository) -> Vec<Push> {
        if !repository.is_pushed_to() || repository.pulls.is_empty() {
            return Vec::new();
        }
        let mut rng = random::rng(self.seed, "pushes", &[repository.index as u64]);
        let end = repository.archived_at.unwrap_or(self.period.end).min(self.period.end);
        let weeks = (end - self.period.start) / (7 * 86_400);
        let mut times: Vec<i64> = (0..(weeks / 2).max(1)).map(|_| working_time(&mut rng, self.period.start, end)).collect();
        times.sort_unstable();
        times.into_iter().map(|at| Push { at, author: self.colleague(&mut rng, repository) }).collect()
    }

    fn pull(&self, repository: &Repository, earlier: &[Pull], sequence: u32, number: u32, created_at: i64, end: i64) -> Pull {
        let mut rng = random::rng(self.seed, "pull", &[repository.index as u64, u64::from(number)]);
        let rng = &mut rng;
        let author = self.author(rng, repository);
        let human = !matches!(author, Actor::Bot(_));
        let purpose = purpose(rng, author, earlier, created_at);
        // Every active repository has an endless one early on, so that a short history has some too.
        let endless = human && (earlier.len() == 40 || rng.u64(..flaws::ENDLESS_ONE_IN) == 0);
        let lines = lines(rng, author, purpose);
        let additions = (lines * rng.f64().sqrt()) as u32;
        let opened_as_draft = human && chance(rng, flaws::DRAFT);
        let draft_changes = if opened_as_draft { draft_changes(rng, created_at, end) } else { Vec::new() };
        let ready_at = match draft_changes.last() {
            Some(change) => change.at,
            None if opened_as_draft => end,
            None => created_at,
        };
        let outcome = self.outcome(rng, repository, author, purpose, lines, ready_at, end);
        let ended_at = match outcome {
            Outcome::Open => end,
            Outcome::Closed { at } | Outcome::Merged { at, .. } => at,
        };
        // One that stays open is worked on for some days, and then forgotten.
        let busy_until = if outcome == Outcome::Open { ended_at.min(created_at + 4 * 86_400) } else { ended_at };
        let reviews = self.reviews(rng, repository, author, endless, (created_at, ready_at, ended_at), outcome);
        Pull {
            sequence,
            number,
            words: rng.u64(..),
            purpose,
            author,
            created_at,
            outcome,
            opened_as_draft,
            draft_changes: draft_changes.into(),
            commits: self.commits(rng, author, endless, created_at, busy_until).into(),
            reviews: reviews.into(),
            comments: comments(rng, human, created_at, ended_at, outcome).into(),
            additions,
            deletions: lines as u32 - additions.min(lines as u32),
            files: (lines.powf(0.55) * long_tail(rng, 0.6, 0.6)).clamp(1.0, 3_000.0) as u32,
            labels: labels(rng, human, purpose),
            from_deleted_fork: human && chance(rng, flaws::DELETED_FORK),
            merge_sha: None,
        }
    }

    fn author(&self, rng: &mut Rng, repository: &Repository) -> Actor {
        match rng.f64() {
            share if share < 0.14 => DEPENDABOT,
            share if share < 0.18 => RENOVATE,
            share if share < 0.21 => CI_BOT,
            share if share < 0.21 + flaws::GHOST => Actor::Ghost,
            _ => self.colleague(rng, repository),
        }
    }

    /// Someone of the repository's team, now and then from elsewhere.
    pub(crate) fn colleague(&self, rng: &mut Rng, repository: &Repository) -> Actor {
        let team = &self.teams[repository.team].people;
        if team.is_empty() || chance(rng, 0.15) {
            Actor::Person(rng.usize(..self.people) as u16)
        } else {
            Actor::Person(*pick(rng, team) as u16)
        }
    }

    #[expect(clippy::too_many_arguments, reason = "each is one circumstance that decides how it ends")]
    fn outcome(
        &self,
        rng: &mut Rng,
        repository: &Repository,
        author: Actor,
        purpose: Purpose,
        lines: f64,
        ready_at: i64,
        end: i64,
    ) -> Outcome {
        let (merged, closed) = match author {
            Actor::Bot(_) => (0.72, 0.18),
            _ => (0.88, 0.08),
        };
        let median = match (author, purpose) {
            (_, Purpose::Revert(_)) => 0.4,
            (Actor::Bot(_), _) => 14.0,
            // The exponent makes a change of 1,000 lines wait about three times as long as one of 10.
            _ => 3.5 * (lines.max(1.0) / 40.0).powf(0.25),
        };
        let at = ready_at + hours(long_tail(rng, median, 1.5)).max(45);
        let by = match rng.f64() {
            share if share < flaws::GHOST => Actor::Ghost,
            share if share < 0.12 => CI_BOT,
            share if share < 0.60 && !matches!(author, Actor::Bot(_)) => author,
            _ => self.colleague(rng, repository),
        };
        let fate = rng.f64();
        if ready_at >= end || at >= end || fate >= merged + closed {
            Outcome::Open
        } else if fate < merged {
            Outcome::Merged { at, by }
        } else {
            Outcome::Closed { at }
        }
    }

    fn commits(&self, rng: &mut Rng, author: Actor, endless: bool, created_at: i64, busy_until: i64) -> Vec<Commit> {
        let more = match author {
            Actor::Bot(_) => streak(rng, 0.1, 4),
            _ if endless => rng.usize(60..240),
            _ => streak(rng, 0.6, 40),
        };
        let mut authored_at = created_at - hours(long_tail(rng, 2.5, 1.4)).min(90 * 86_400);
        let before = streak(rng, 0.6, more);
        let step = (busy_until - created_at) / (more as i64 + 2);
        (0..=more)
            .map(|place| {
                let pushed_at = if place <= before {
                    // Written before the pull request was opened, and pushed with it.
                    authored_at += (created_at - authored_at) / 3;
                    created_at
                } else {
                    authored_at = created_at + step * place as i64 + rng.i64(0..=step.max(1) / 2);
                    authored_at
                };
                let rebased = chance(rng, 0.1);
                // Whoever works on for long fetches what the others did meanwhile.
                let merges = place > before
                    && !matches!(author, Actor::Bot(_))
                    && random::mix(authored_at as u64).is_multiple_of(flaws::CATCHING_UP_ONE_IN);
                Commit {
                    merges,
                    authored_at,
                    committed_at: if rebased { pushed_at } else { authored_at },
                    pushed_at,
                    author: if chance(rng, 0.04) { Actor::Person(rng.usize(..self.people) as u16) } else { author },
                }
            })
            .collect()
    }

    fn reviews(
        &self,
        rng: &mut Rng,
        repository: &Repository,
        author: Actor,
        endless: bool,
        (created_at, ready_at, ended_at): (i64, i64, i64),
        outcome: Outcome,
    ) -> Vec<Review> {
        let human = !matches!(author, Actor::Bot(_));
        let count = match human {
            _ if endless => rng.usize(62..130),
            true if chance(rng, flaws::UNREVIEWED) => 0,
            true => 1 + streak(rng, 0.45, 20),
            false => usize::from(chance(rng, 0.35)),
        };
        let mut reviews: Vec<Review> = Vec::with_capacity(count + 1);
        if human && ready_at > created_at && chance(rng, flaws::REVIEWED_AS_DRAFT) {
            let submitted_at = created_at + rng.i64(0..ready_at - created_at);
            reviews.push(self.review(rng, repository, author, submitted_at.min(ended_at), Verdict::Commented));
        }
        let span = (ended_at - ready_at).max(count as i64 + 1);
        // People look at it in the first three days or not at all, however long it stays open.
        let span = if outcome == Outcome::Open { span.min(3 * 86_400) } else { span };
        for place in 0..count {
            let last = place + 1 == count;
            let submitted_at = ready_at + span * place as i64 / count as i64 + rng.i64(0..=span / count as i64 / 2);
            let verdict = match rng.f64() {
                share if last && matches!(outcome, Outcome::Merged { .. }) && share < 0.88 => Verdict::Approved,
                share if share < 0.25 => Verdict::ChangesRequested,
                share if share < 0.75 => Verdict::Commented,
                _ => Verdict::Approved,
            };
            reviews.push(self.review(rng, repository, author, submitted_at, verdict));
            let review = reviews.last_mut().expect("a review was pushed");
            if review.verdict == Verdict::ChangesRequested && chance(rng, flaws::DISMISSED) {
                review.dismissed_at = Some(submitted_at + 30 + rng.i64(0..=(ended_at - submitted_at).max(60)));
            }
        }
        if matches!(outcome, Outcome::Merged { .. }) && chance(rng, flaws::LATE_WORD) {
            let submitted_at = ended_at + hours(long_tail(rng, 30.0, 0.8));
            reviews.push(self.review(rng, repository, author, submitted_at, Verdict::Commented));
        }
        reviews.sort_by_key(|review| review.submitted_at);
        reviews
    }

    fn review(&self, rng: &mut Rng, repository: &Repository, author: Actor, submitted_at: i64, verdict: Verdict) -> Review {
        let share = rng.f64();
        let (author, verdict) = if share < flaws::GHOST {
            (Actor::Ghost, verdict)
        } else if share < flaws::GHOST + flaws::SELF_REVIEW && verdict != Verdict::Approved {
            (author, Verdict::Commented)
        } else if share < flaws::GHOST + flaws::SELF_REVIEW + flaws::BOT_REVIEW && verdict != Verdict::Approved {
            (CI_BOT, Verdict::Commented)
        } else {
            let other = (0..4).map(|_| self.colleague(rng, repository)).find(|colleague| *colleague != author);
            (other.unwrap_or(CI_BOT), verdict)
        };
        Review { submitted_at, author, verdict, dismissed_at: None, has_body: verdict != Verdict::Approved || chance(rng, 0.3) }
    }
}

/// Mostly on working days between seven and nineteen.
fn working_time(rng: &mut Rng, start: i64, end: i64) -> i64 {
    let mut at = start;
    for _ in 0..12 {
        at = rng.i64(start..end.max(start + 1));
        // The first of January 1970 was a Thursday.
        let weekend = matches!((at / 86_400 + 4) % 7, 0 | 6);
        let night = !(7..19).contains(&(at / 3_600 % 24));
        if (!weekend || chance(rng, 0.08)) && (!night || chance(rng, 0.1)) {
            break;
        }
    }
    at
}

fn purpose(rng: &mut Rng, author: Actor, earlier: &[Pull], created_at: i64) -> Purpose {
    if author == DEPENDABOT || author == RENOVATE {
        return Purpose::Upgrade;
    }
    let share = rng.f64();
    if share < flaws::REVERT {
        let recent = earlier.len().saturating_sub(25);
        let merged =
            earlier[recent..].iter().rposition(|pull| pull.merged(created_at).is_some() && !matches!(pull.purpose, Purpose::Revert(_)));
        if let Some(place) = merged {
            return Purpose::Revert((recent + place) as u32);
        }
    }
    if share < flaws::REVERT + flaws::BACKPORT { Purpose::Backport } else { Purpose::Change }
}

fn lines(rng: &mut Rng, author: Actor, purpose: Purpose) -> f64 {
    match (author, purpose) {
        (_, Purpose::Upgrade) => long_tail(rng, 8.0, 1.2),
        (Actor::Bot(_), _) => long_tail(rng, 20.0, 1.4),
        _ => long_tail(rng, 42.0, 1.6),
    }
    .clamp(1.0, 400_000.0)
    .floor()
}

fn draft_changes(rng: &mut Rng, created_at: i64, end: i64) -> Vec<DraftChange> {
    let mut changes = Vec::new();
    let mut at = created_at + hours(long_tail(rng, 8.0, 1.4)).max(60);
    changes.push(DraftChange { at, ready: true });
    if chance(rng, flaws::BACK_TO_DRAFT) {
        at += hours(long_tail(rng, 3.0, 0.8)).max(60);
        changes.push(DraftChange { at, ready: false });
        at += hours(long_tail(rng, 12.0, 0.8)).max(60);
        changes.push(DraftChange { at, ready: true });
    }
    // One that would be ready after the end of all history stays a draft.
    if at >= end { Vec::new() } else { changes }
}

fn comments(rng: &mut Rng, human: bool, created_at: i64, ended_at: i64, outcome: Outcome) -> Vec<i64> {
    let count = if human { streak(rng, 0.55, 30) } else { streak(rng, 0.15, 3) };
    let span = (ended_at - created_at).clamp(1, 14 * 86_400);
    let mut comments: Vec<i64> = (0..count).map(|_| created_at + rng.i64(0..=span)).collect();
    if matches!(outcome, Outcome::Merged { .. }) && chance(rng, flaws::LATE_WORD) {
        comments.push(ended_at + hours(long_tail(rng, 50.0, 0.8)));
    }
    comments.sort_unstable();
    comments
}

fn labels(rng: &mut Rng, human: bool, purpose: Purpose) -> u8 {
    match purpose {
        Purpose::Upgrade => 0b10,
        // What is called a hotfix is one: only those have the last label.
        _ if human && chance(rng, 0.4) => (1 << rng.u8(0..8)) & !HOTFIX,
        _ => 0,
    }
}
