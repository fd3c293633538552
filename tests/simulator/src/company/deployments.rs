//! What services bring where: every merge to a place to try it, most of them to the place that counts, and some back again.
//!
//! Drawn for one repository when somebody asks for it first, as workflow runs are.

use std::borrow::Cow;
use std::collections::HashMap;

use fastrand::Rng;

use crate::company::people::{Actor, CI_BOT};
use crate::company::random::{self, chance, hours, long_tail};
use crate::company::repositories::Repository;
use crate::company::{DAY, Period, flaws};

/// One deployment with everything that ever becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deployment {
    /// When it was asked for.
    pub(crate) created_at: i64,
    /// Where to.
    pub(crate) environment: Cow<'static, str>,
    /// The pull request, by index, whose code it brings.
    pub(crate) pull: u32,
    /// Whether it brings the commit of the merge; what is only looked at is the last commit of the branch.
    pub(crate) merged: bool,
    /// Whether it brings back what was there before.
    pub(crate) rollback: bool,
    /// Who asked for it; an account that is there.
    pub(crate) creator: Actor,
    /// What became of it, the earliest first.
    statuses: Vec<Status>,
}

/// What became of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    /// When.
    pub(crate) at: i64,
    /// What.
    pub(crate) state: State,
}

/// What became of a deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum State {
    /// Somebody has to agree first.
    Waiting,
    Queued,
    InProgress,
    Success,
    Failure,
    Error,
    /// Something else is there now.
    Inactive,
}

impl Deployment {
    /// What became of it so far, the earliest first.
    pub(crate) fn statuses(&self, now: i64) -> &[Status] {
        &self.statuses[..self.statuses.partition_point(|status| status.at <= now)]
    }

    /// When anything last became of it.
    pub(crate) fn updated_at(&self, now: i64) -> i64 {
        self.statuses(now).last().map_or(self.created_at, |status| status.at)
    }

    fn succeeded_at(&self) -> Option<i64> {
        self.statuses.iter().find(|status| status.state == State::Success).map(|status| status.at)
    }
}

/// Where things are tried.
const STAGING: &str = "staging";

impl Repository {
    /// What this repository calls the place that counts; teams never agreed on one word.
    pub(crate) fn production(&self) -> &'static str {
        match random::mix(self.id) % 10 {
            0..=5 => "production",
            6 | 7 => "prod",
            _ => "live",
        }
    }

    /// Whether it is brought anywhere at all.
    pub(crate) fn is_deployed(&self) -> bool {
        self.traits.service && self.index as u64 % flaws::UNDEPLOYED_ONE_IN != flaws::UNDEPLOYED_ONE_IN - 1
    }

    /// Whether its pull requests can be looked at before they are merged.
    fn previews(&self) -> bool {
        self.index as u64 % flaws::PREVIEWS_ONE_IN == 1
    }
}

/// The deployments of a repository, the earliest first.
pub(crate) fn deployments(seed: u64, period: &Period, people: usize, repository: &Repository) -> Vec<Deployment> {
    if !repository.is_deployed() {
        return Vec::new();
    }
    let mut rng = random::rng(seed, "deployments", &[repository.index as u64]);
    let mut deployments = Vec::new();
    // The pull request that came to production last. Nobody waits for anybody: one that had to wait may arrive after a newer one.
    let mut live: Option<u32> = None;
    for (merged_at, pull) in repository.merges() {
        let creator = if chance(&mut rng, 0.8) { CI_BOT } else { Actor::Person(rng.usize(..people) as u16) };
        let asked_at = merged_at + hours(long_tail(&mut rng, 0.15, 0.6)).max(40);
        let staged = draw(&mut rng, asked_at, STAGING.into(), pull, creator);
        let staged_at = staged.succeeded_at();
        deployments.push(staged);
        // What did not work is left to the next one, and so is one in five that did.
        let Some(staged_at) = staged_at.filter(|_| chance(&mut rng, 0.8)) else { continue };
        let asked_at = staged_at + hours(long_tail(&mut rng, 0.2, 1.0)).max(30);
        let brought = draw(&mut rng, asked_at, repository.production().into(), pull, creator);
        let brought_at = brought.succeeded_at();
        deployments.push(brought);
        let Some(brought_at) = brought_at else { continue };
        let before = live.replace(pull);
        if let Some(before) = before.filter(|_| chance(&mut rng, flaws::ROLLED_BACK)) {
            let asked_at = brought_at + hours(long_tail(&mut rng, 0.6, 0.8)).max(120);
            let back = Deployment { rollback: true, ..draw(&mut rng, asked_at, repository.production().into(), before, creator) };
            if back.succeeded_at().is_some() {
                live = Some(before);
            }
            deployments.push(back);
        }
    }
    if repository.previews() {
        for (index, pull) in repository.pulls.iter().enumerate().filter(|(_, pull)| !pull.commits.is_empty()) {
            let environment = format!("preview-{}", pull.number);
            let asked_at = pull.created_at + rng.i64(20..200);
            let mut preview = draw(&mut rng, asked_at, environment.into(), index as u32, CI_BOT);
            preview.merged = false;
            let ended_at = pull.ended_at(i64::MAX).unwrap_or(i64::MAX);
            // It is taken down with the pull request, whatever became of it.
            preview.statuses.retain(|status| status.at < ended_at);
            if ended_at < i64::MAX && !preview.statuses.is_empty() {
                preview.statuses.push(Status { at: ended_at.max(preview.created_at), state: State::Inactive });
            }
            deployments.push(preview);
        }
    }
    let end = repository.archived_at.unwrap_or(period.end);
    deployments.retain(|deployment| deployment.created_at <= end);
    deployments.sort_by_key(|deployment| deployment.created_at);
    replace(&mut deployments);
    deployments
}

/// One that goes as chance has it.
fn draw(rng: &mut Rng, created_at: i64, environment: Cow<'static, str>, pull: u32, creator: Actor) -> Deployment {
    let mut statuses = Vec::new();
    let mut at = created_at;
    let mut push = |statuses: &mut Vec<Status>, after: i64, state| {
        at += after.max(1);
        statuses.push(Status { at, state });
    };
    let fate = rng.f64();
    if fate >= flaws::SILENT {
        if environment != STAGING && chance(rng, flaws::WAITING) {
            push(&mut statuses, rng.i64(1..20), State::Waiting);
            // Somebody agrees in the afternoon, or on the next day.
            push(&mut statuses, hours(long_tail(rng, 9.0, 0.9)).min(5 * DAY), State::Queued);
        } else {
            push(&mut statuses, rng.i64(1..20), State::Queued);
        }
        push(&mut statuses, rng.i64(5..400), State::InProgress);
        if chance(rng, flaws::TALKATIVE) {
            // Some tools say after every step that they are not done yet.
            for _ in 0..rng.usize(20..45) {
                push(&mut statuses, rng.i64(3..30), State::InProgress);
            }
        }
        let takes = hours(long_tail(rng, 0.12, 0.6)).max(15);
        let broken = if chance(rng, 0.7) { State::Failure } else { State::Error };
        match rng.f64() {
            share if share < 0.04 => push(&mut statuses, takes, broken),
            share if share < 0.09 => {
                push(&mut statuses, takes, broken);
                push(&mut statuses, hours(long_tail(rng, 0.3, 0.9)).max(30), State::InProgress);
                push(&mut statuses, takes, State::Success);
            }
            _ => push(&mut statuses, takes, State::Success),
        }
    }
    Deployment { created_at, environment, pull, merged: true, rollback: false, creator, statuses }
}

/// Lets each that is somewhere become inactive when the next one is there. What it was before stays: only the last word changes.
fn replace(deployments: &mut [Deployment]) {
    let mut arrivals: Vec<(i64, usize)> =
        deployments.iter().enumerate().filter_map(|(place, deployment)| Some((deployment.succeeded_at()?, place))).collect();
    arrivals.sort_unstable();
    let mut last: HashMap<Cow<'static, str>, usize> = HashMap::new();
    for (at, place) in arrivals {
        if let Some(before) = last.insert(deployments[place].environment.clone(), place) {
            deployments[before].statuses.push(Status { at, state: State::Inactive });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::company::Company;
    use crate::options::Options;

    #[test]
    fn services_deploy_in_every_way_that_goes_wrong() {
        let company = Company::found(&Options::default()).expect("the default options are good");
        let all: Vec<(&Repository, &Deployment)> = company
            .repositories
            .iter()
            .flat_map(|repository| company.deployments(repository).iter().map(move |one| (repository, one)))
            .collect();
        let some = |what: &str, wanted: &dyn Fn(&Deployment) -> bool| assert!(all.iter().any(|(_, one)| wanted(one)), "no {what}");
        let of = |deployment: &Deployment| -> Vec<State> { deployment.statuses(i64::MAX).iter().map(|status| status.state).collect() };
        some("deployment without a word", &|one| of(one).is_empty());
        some("long story", &|one| of(one).len() > 20);
        some("second try", &|one| of(one).windows(2).any(|pair| pair == [State::Failure, State::InProgress]));
        some("error", &|one| of(one).contains(&State::Error));
        some("rollback", &|one| one.rollback);
        some("preview", &|one| one.environment.starts_with("preview-"));
        some("success on another day", &|one| one.succeeded_at().is_some_and(|at| at / DAY > one.created_at / DAY));
        some("replaced one", &|one| of(one).ends_with(&[State::Success, State::Inactive]));
        for (repository, deployment) in &all {
            let statuses = deployment.statuses(i64::MAX);
            assert!(statuses.is_sorted_by_key(|status| status.at), "{} {deployment:?}", repository.name);
            assert!(statuses.iter().all(|status| status.at >= deployment.created_at));
            assert!(deployment.creator != Actor::Ghost && repository.traits.service);
        }
        let names: HashSet<&str> =
            all.iter().map(|(_, one)| one.environment.as_ref()).filter(|name| !name.starts_with("preview-")).collect();
        assert_eq!(names, HashSet::from(["staging", "production", "prod", "live"]));
        let busy = |repository: &&Repository| repository.traits.service && !repository.merges().is_empty();
        let silent = company.repositories.iter().filter(busy).filter(|repository| company.deployments(repository).is_empty()).count();
        assert_eq!(silent, 6, "one service in ten");
    }
}
