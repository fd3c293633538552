//! What the workflows of a repository have run: for every merge, for pull requests, and at night.
//!
//! Drawn for one repository when somebody asks for it first; most clients never ask, and a busy company has hundreds of thousands.

use fastrand::Rng;

use crate::company::people::{Actor, CI_BOT};
use crate::company::pulls::{Outcome, Purpose};
use crate::company::random::{self, chance, hours, long_tail};
use crate::company::repositories::Repository;
use crate::company::{DAY, Period, files, flaws};

/// One run of a workflow with every attempt at it, also those to come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The vendor's number: far beyond 32 bits.
    pub(crate) id: u64,
    /// Which of the repository's workflows.
    pub(crate) workflow: usize,
    /// The how many-eth run of this workflow.
    pub(crate) number: u32,
    /// When it was asked for.
    pub(crate) created_at: i64,
    /// What it was asked for by.
    pub(crate) cause: Cause,
    /// Who did that.
    pub(crate) actor: Actor,
    /// The attempts, the first one first; there is always one.
    attempts: Box<[Attempt]>,
}

/// What a run was asked for by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The merge of the pull request at this index.
    Push(u32),
    /// The pull request at this index, when the commit at this place was its last.
    PullRequest(u32, u32),
    /// The clock; the pull request at this index, if any, was the last to be merged before.
    Schedule(Option<u32>),
}

/// One attempt at a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    /// When it was asked for.
    pub(crate) asked_at: i64,
    /// When a machine was free for it.
    pub(crate) started_at: i64,
    /// When it was over.
    pub(crate) ended_at: i64,
    /// What came of it.
    pub(crate) conclusion: Conclusion,
    /// Who asked.
    pub(crate) by: Actor,
}

/// What came of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Conclusion {
    Success,
    Failure,
    Cancelled,
    Skipped,
    TimedOut,
    /// Somebody has to agree first, because a stranger asked.
    ActionRequired,
}

/// How far an attempt is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Progress {
    /// It waits for a machine.
    Queued,
    /// It runs.
    Running,
    /// It is over.
    Over(Conclusion),
}

impl Run {
    /// The attempts so far, of which the last one counts; none before the run was asked for.
    pub(crate) fn attempts(&self, now: i64) -> &[Attempt] {
        &self.attempts[..self.attempts.partition_point(|attempt| attempt.asked_at <= now)]
    }

    /// When anything last happened to it.
    pub(crate) fn updated_at(&self, now: i64) -> i64 {
        self.attempts(now).last().map_or(self.created_at, |attempt| match attempt.progress(now) {
            Progress::Queued => attempt.asked_at,
            Progress::Running => attempt.started_at,
            Progress::Over(_) => attempt.ended_at,
        })
    }
}

impl Attempt {
    /// How far it is.
    pub(crate) fn progress(&self, now: i64) -> Progress {
        if now < self.started_at {
            Progress::Queued
        } else if now < self.ended_at {
            Progress::Running
        } else {
            Progress::Over(self.conclusion)
        }
    }
}

/// A workflow: what its file is called, and the same without folder and ending.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Workflow<'a> {
    pub(crate) path: &'a str,
    pub(crate) name: &'a str,
}

impl Repository {
    /// Its workflows, by path.
    pub(crate) fn workflows(&self) -> Vec<Workflow<'_>> {
        let paths = self.files.iter().map(|file| file.path.as_str());
        paths
            .filter_map(|path| {
                let name = path.strip_prefix(".github/workflows/")?.strip_suffix(".yml")?;
                Some(Workflow { path, name })
            })
            .collect()
    }

    /// Whether its runs fail for no reason.
    pub(crate) fn is_flaky(&self) -> bool {
        self.index as u64 % flaws::FLAKY_ONE_IN == 2
    }
}

/// What decides how one workflow's runs go.
struct Habits {
    /// Hours it usually takes.
    usual: f64,
    /// Share of attempts that fail.
    failing: f64,
    /// Whether it needs a machine that is never free.
    starved: bool,
}

/// The runs of a repository, the earliest first. `starved` says whether its code scanning has to wait for its machines.
pub(crate) fn runs(seed: u64, period: &Period, people: usize, repository: &Repository, starved: bool) -> Vec<Run> {
    let mut runs = Vec::new();
    for (place, workflow) in repository.workflows().into_iter().enumerate() {
        let mut rng = random::rng(seed, "runs", &[repository.index as u64, place as u64]);
        let usual = match workflow.name {
            "ci" => 0.15,
            "release" => 0.25,
            "nightly" => 0.8,
            _ => 0.12,
        };
        let failing = if repository.is_flaky() { flaws::FLAKY_FAILING } else { 0.07 };
        let habits = Habits { usual, failing, starved: starved && workflow.name == "code-scanning" };
        let first = rng.u32(40..900);
        for (number, (created_at, cause, actor)) in (first..).zip(causes(&mut rng, period, repository, workflow.name)) {
            let attempts = attempts(&mut rng, repository, &habits, people, created_at, cause, actor).into();
            runs.push(Run { id: 0, workflow: place, number, created_at, cause, actor, attempts });
        }
    }
    runs.sort_by_key(|run| (run.created_at, run.workflow));
    for (place, run) in runs.iter_mut().enumerate() {
        run.id = repository.owner.number(10_000_000_001, 1_000_000, repository.index) + place as u64;
    }
    runs
}

/// When and why a workflow runs, the earliest first.
fn causes(rng: &mut Rng, period: &Period, repository: &Repository, workflow: &str) -> Vec<(i64, Cause, Actor)> {
    let mut causes = Vec::new();
    let merges = repository.merges();
    if workflow == "nightly" {
        // The vendor stops the clock of a repository where nothing happens any more.
        let end = if merges.is_empty() { period.start } else { repository.archived_at.unwrap_or(period.end).min(period.end) };
        let (hour, actor) = (rng.i64(1..5), CI_BOT);
        for midnight in (period.start..end).step_by(DAY as usize) {
            let at = midnight + hour * 3_600 + rng.i64(60..1_500);
            let last = merges[..merges.partition_point(|(merged_at, _)| *merged_at <= at)].last();
            causes.push((at, Cause::Schedule(last.map(|(_, index)| *index)), actor));
        }
        return causes;
    }
    for (at, index) in merges {
        let Outcome::Merged { by, .. } = repository.pulls[index as usize].outcome else { continue };
        causes.push((at + rng.i64(1..6), Cause::Push(index), by));
    }
    if workflow == "ci" {
        for (index, pull) in repository.pulls.iter().enumerate() {
            // Pushes that follow each other closely end up in one run: one when it is opened, and one for the last push.
            let opened = pull.commits(pull.created_at).len();
            let pushed = pull.commits.last().map(|commit| commit.pushed_at).filter(|at| *at > pull.created_at);
            let seen = [(pull.created_at, opened), (pushed.unwrap_or_default(), pull.commits.len())];
            for (at, commits) in seen.into_iter().take(1 + usize::from(pushed.is_some())).filter(|(_, commits)| *commits > 0) {
                causes.push((at + rng.i64(2..9), Cause::PullRequest(index as u32, commits as u32 - 1), pull.author));
            }
        }
    }
    causes.sort_by_key(|(at, ..)| *at);
    causes
}

fn attempts(
    rng: &mut Rng,
    repository: &Repository,
    habits: &Habits,
    people: usize,
    created_at: i64,
    cause: Cause,
    actor: Actor,
) -> Vec<Attempt> {
    let from_stranger = matches!(cause, Cause::PullRequest(pull, _) if repository.pulls[pull as usize].from_deleted_fork);
    let mut attempts: Vec<Attempt> = Vec::with_capacity(1);
    let (mut asked_at, mut by) = (created_at, actor);
    while attempts.len() < 4 {
        let conclusion = match rng.f64() {
            share if from_stranger && share < 0.5 => Conclusion::ActionRequired,
            share if share < habits.failing => Conclusion::Failure,
            share if share < habits.failing + 0.03 => Conclusion::Cancelled,
            share if share < habits.failing + 0.05 && attempts.is_empty() => Conclusion::Skipped,
            share if share < habits.failing + 0.06 => Conclusion::TimedOut,
            _ => Conclusion::Success,
        };
        let waits = if habits.starved {
            rng.i64(20 * 60 + 1..56 * 60)
        } else if chance(rng, 0.06) {
            hours(long_tail(rng, 0.12, 0.8)).clamp(60, 3 * 3_600)
        } else {
            hours(long_tail(rng, 0.003, 0.9)).clamp(2, 300)
        };
        let runs = match conclusion {
            Conclusion::Skipped | Conclusion::ActionRequired => 1,
            // The vendor's own limit.
            Conclusion::TimedOut => 6 * 3_600,
            Conclusion::Cancelled => hours(long_tail(rng, habits.usual / 3.0, 0.8)).max(5),
            _ => hours(long_tail(rng, habits.usual, 0.4)).max(20),
        };
        let started_at = asked_at + waits;
        let attempt = Attempt { asked_at, started_at, ended_at: started_at + runs, conclusion, by };
        attempts.push(attempt);
        let broken = matches!(conclusion, Conclusion::Failure | Conclusion::TimedOut | Conclusion::Cancelled);
        if !broken || !chance(rng, if repository.is_flaky() { 0.8 } else { 0.35 }) {
            break;
        }
        asked_at = attempt.ended_at + hours(long_tail(rng, 0.2, 1.0)).max(30);
        if !matches!(by, Actor::Person(_)) || chance(rng, 0.3) {
            by = Actor::Person(rng.usize(..people) as u16);
        }
    }
    attempts
}

impl Repository {
    /// The commit it stood at before anything in its history was merged.
    pub(crate) fn first_commit(&self) -> [u8; 20] {
        files::object_id(&self.id.to_be_bytes(), 4)
    }

    /// When which pull request was merged into the default branch, the earliest first.
    pub(crate) fn merges(&self) -> Vec<(i64, u32)> {
        let merged = self.pulls.iter().enumerate().filter_map(|(index, pull)| match pull.outcome {
            Outcome::Merged { at, .. } if pull.purpose != Purpose::Backport => Some((at, index as u32)),
            _ => None,
        });
        let mut merges: Vec<(i64, u32)> = merged.collect();
        merges.sort_unstable();
        merges
    }
}

/// The number of a workflow.
pub(crate) fn workflow_id(repository: &Repository, workflow: usize) -> u64 {
    repository.owner.number(90_000_000, 16, repository.index) + workflow as u64
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::company::Company;
    use crate::options::Options;

    #[test]
    fn runs_queue_fail_and_are_tried_again() {
        let company = Company::found(&Options::default()).expect("the default options are good");
        let now = Options::default().now.timestamp();
        let all: Vec<(&Repository, &Run)> =
            company.repositories.iter().flat_map(|repository| company.runs(repository).iter().map(move |run| (repository, run))).collect();
        let ids: HashSet<u64> = all.iter().map(|(_, run)| run.id).collect();
        assert_eq!(ids.len(), all.len());
        let mut conclusions = HashSet::new();
        for (_, run) in &all {
            let mut before = run.created_at;
            for attempt in run.attempts(i64::MAX) {
                assert!(before <= attempt.asked_at && attempt.asked_at < attempt.started_at && attempt.started_at < attempt.ended_at);
                before = attempt.ended_at;
                conclusions.insert(attempt.conclusion);
            }
            assert!(run.updated_at(now) <= now.max(run.created_at));
        }
        assert_eq!(conclusions.len(), 6);
        // On a working day something waits and something runs.
        let afternoon = now - 3 * DAY + 4 * 3_600;
        let at = |wanted| all.iter().filter_map(|(_, run)| run.attempts(afternoon).last()).any(|last| last.progress(afternoon) == wanted);
        assert!(at(Progress::Queued) && at(Progress::Running));
        assert!(all.iter().any(|(_, run)| run.attempts(i64::MAX).len() > 2));
        let failing = |flaky: bool| {
            let of = all.iter().filter(|(repository, _)| repository.is_flaky() == flaky);
            let attempts: Vec<&Attempt> = of.flat_map(|(_, run)| run.attempts(i64::MAX)).collect();
            attempts.iter().filter(|attempt| attempt.conclusion == Conclusion::Failure).count() as f64 / attempts.len() as f64
        };
        assert!((0.27..0.33).contains(&failing(true)) && failing(false) < 0.1, "{} {}", failing(true), failing(false));
        // One workflow never finds a machine at once.
        let waits = |run: &Run| run.attempts(i64::MAX).iter().map(|attempt| attempt.started_at - attempt.asked_at).min();
        let starved = company.repositories.iter().flat_map(|repository| {
            let runs = company.runs(repository);
            (0..repository.workflows().len()).filter(move |place| {
                let of: Vec<&Run> = runs.iter().filter(|run| run.workflow == *place).collect();
                of.len() > 10 && of.iter().all(|run| waits(run) > Some(20 * 60))
            })
        });
        assert_eq!(starved.count(), 1);
    }

    #[test]
    fn an_active_service_runs_a_few_dozen_times_a_week_and_a_quiet_repository_seldom() {
        let company = Company::found(&Options::default()).expect("the default options are good");
        let (now, week) = (Options::default().now.timestamp(), 7 * DAY);
        let weekly =
            |repository: &Repository| company.runs(repository).iter().filter(|run| (now - week..now).contains(&run.created_at)).count();
        let mut paces: Vec<usize> = company.repositories.iter().map(weekly).collect();
        assert!(company.repositories.iter().all(|repository| {
            let gone = repository.is_archived(now) || repository.traits.empty;
            !gone || weekly(repository) == 0
        }));
        paces.sort_unstable();
        assert!(paces[paces.len() - 1] < 200 && paces.iter().filter(|pace| **pace > 20).count() >= 4, "{paces:?}");
        assert!(paces[paces.len() / 2] < 10, "{paces:?}");
    }
}
