//! What services bring where: every merge to a place to try it, most of them to the place that counts, and some back again.
//!
//! Drawn for one repository when somebody asks for it first, as workflow runs are.

use std::borrow::Cow;
use std::collections::HashMap;

use fastrand::Rng;

use crate::company::people::{Actor, CI_BOT};
use crate::company::pulls::Purpose;
use crate::company::random::{self, chance, hours, long_tail};
use crate::company::repositories::Repository;
use crate::company::{DAY, Period, flaws, monorepo};

/// One deployment with everything that ever becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deployment {
    /// When it was asked for.
    pub(crate) created_at: i64,
    /// Where to.
    pub(crate) environment: Cow<'static, str>,
    /// Whose code it brings.
    pub(crate) code: Code,
    /// Whether it brings back what was there before.
    pub(crate) rollback: bool,
    /// Who asked for it; an account that is there.
    pub(crate) creator: Actor,
    /// What became of it, the earliest first.
    statuses: Vec<Status>,
}

/// What a deployment brings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    /// The commit that merged the pull request at this index.
    Merge(u32),
    /// The last commit of the branch of the pull request at this index, only to be looked at.
    Branch(u32),
    /// What was pushed without a pull request, by its place among such pushes.
    Push(u32),
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

    /// When it was there for the first time.
    pub(crate) fn succeeded_at(&self) -> Option<i64> {
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
        self.traits.monorepo || self.traits.service && self.index as u64 % flaws::UNDEPLOYED_ONE_IN != flaws::UNDEPLOYED_ONE_IN - 1
    }

    /// Whether somebody pushes to it, and deploys that, without a pull request.
    pub(crate) fn is_pushed_to(&self) -> bool {
        self.traits.service && self.is_deployed() && self.index as u64 % flaws::PUSHED_TO_ONE_IN == flaws::PUSHED_TO_ONE_IN - 1
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
    if repository.traits.monorepo {
        return monorepo(seed, period, people, repository);
    }
    let mut rng = random::rng(seed, "deployments", &[repository.index as u64]);
    let places = Places { staging: STAGING.into(), production: repository.production().into() };
    let mut deployments = brought(&mut rng, repository, &repository.merges(), &places, people);
    if repository.previews() {
        for (index, pull) in repository.pulls.iter().enumerate().filter(|(_, pull)| !pull.commits.is_empty()) {
            let environment = format!("preview-{}", pull.number);
            let asked_at = pull.created_at + rng.i64(20..200);
            let code = Code::Branch(index as u32);
            let mut preview = draw(&mut rng, asked_at, environment.into(), code, CI_BOT);
            let ended_at = pull.ended_at(i64::MAX).unwrap_or(i64::MAX);
            // It is taken down with the pull request, whatever became of it.
            preview.statuses.retain(|status| status.at < ended_at);
            if ended_at < i64::MAX && !preview.statuses.is_empty() {
                preview.statuses.push(Status { at: ended_at.max(preview.created_at), state: State::Inactive });
            }
            deployments.push(preview);
        }
    }
    let mut rng = random::rng(seed, "pushed deployments", &[repository.index as u64]);
    for (place, push) in repository.pushes.iter().enumerate() {
        let asked_at = push.at + rng.i64(60..900);
        deployments.push(draw(&mut rng, asked_at, places.production.clone(), Code::Push(place as u32), push.author));
    }
    finished(deployments, repository, period)
}

/// What three services in one repository bring: each of them what touches its folder, to places of its own.
fn monorepo(seed: u64, period: &Period, people: usize, repository: &Repository) -> Vec<Deployment> {
    let merges = repository.merges();
    let of_service = |(place, service): (usize, &&str)| {
        let mut rng = random::rng(seed, "deployments", &[repository.index as u64, place as u64]);
        let places = Places { staging: format!("{STAGING}-{service}").into(), production: format!("production-{service}").into() };
        let touching: Vec<(i64, u32)> =
            merges.iter().copied().filter(|(_, pull)| monorepo::touches(&repository.pulls[*pull as usize], place)).collect();
        brought(&mut rng, repository, &touching, &places, people)
    };
    let deployments = monorepo::SERVICES.iter().enumerate().flat_map(of_service).collect();
    finished(deployments, repository, period)
}

/// Where something is tried, and where it counts.
struct Places {
    staging: Cow<'static, str>,
    production: Cow<'static, str>,
}

/// Every merge to where it is tried, most of them to where it counts, and some back again.
fn brought(rng: &mut Rng, repository: &Repository, merges: &[(i64, u32)], places: &Places, people: usize) -> Vec<Deployment> {
    let mut deployments = Vec::new();
    // What came to production last. Nobody waits for anybody: one that had to wait may arrive after a newer one.
    let mut live: Option<Code> = None;
    for &(merged_at, pull) in merges {
        let code = Code::Merge(pull);
        if repository.pulls[pull as usize].purpose == Purpose::Hotfix {
            // Nobody lets it wait, and everybody looks that it arrives.
            deployments.push(hurried(merged_at + 60, places.staging.clone(), code));
            deployments.push(hurried(merged_at + 420, places.production.clone(), code));
            live = Some(code);
            continue;
        }
        let creator = if chance(rng, 0.8) { CI_BOT } else { Actor::Person(rng.usize(..people) as u16) };
        let asked_at = merged_at + hours(long_tail(rng, 0.15, 0.6)).max(40);
        let staged = draw(rng, asked_at, places.staging.clone(), code, creator);
        let staged_at = staged.succeeded_at();
        deployments.push(staged);
        // What did not work is left to the next one, and so is one in five that did.
        let Some(staged_at) = staged_at.filter(|_| chance(rng, 0.8)) else { continue };
        let asked_at = staged_at + hours(long_tail(rng, 0.2, 1.0)).max(30);
        let brought = draw(rng, asked_at, places.production.clone(), code, creator);
        let brought_at = brought.succeeded_at();
        deployments.push(brought);
        let Some(brought_at) = brought_at else { continue };
        let before = live.replace(code);
        if let Some(before) = before.filter(|_| chance(rng, flaws::ROLLED_BACK)) {
            let asked_at = brought_at + hours(long_tail(rng, 0.6, 0.8)).max(120);
            let back = Deployment { rollback: true, ..draw(rng, asked_at, places.production.clone(), before, creator) };
            if back.succeeded_at().is_some() {
                live = Some(before);
            }
            deployments.push(back);
        }
    }
    deployments
}

/// All of them in order, each replaced by the next one at its place.
fn finished(mut deployments: Vec<Deployment>, repository: &Repository, period: &Period) -> Vec<Deployment> {
    let end = repository.archived_at.unwrap_or(period.end);
    deployments.retain(|deployment| deployment.created_at <= end);
    deployments.sort_by_key(|deployment| deployment.created_at);
    replace(&mut deployments);
    deployments
}

/// One that works at once.
fn hurried(created_at: i64, environment: Cow<'static, str>, code: Code) -> Deployment {
    let statuses = [(5, State::Queued), (20, State::InProgress), (260, State::Success)];
    let statuses = statuses.map(|(after, state)| Status { at: created_at + after, state }).into();
    Deployment { created_at, environment, code, rollback: false, creator: CI_BOT, statuses }
}

/// One that goes as chance has it.
fn draw(rng: &mut Rng, created_at: i64, environment: Cow<'static, str>, code: Code, creator: Actor) -> Deployment {
    let mut statuses = Vec::new();
    let mut at = created_at;
    let mut push = |statuses: &mut Vec<Status>, after: i64, state| {
        at += after.max(1);
        statuses.push(Status { at, state });
    };
    let fate = rng.f64();
    if fate >= flaws::SILENT {
        if !environment.starts_with(STAGING) && chance(rng, flaws::WAITING) {
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
    Deployment { created_at, environment, code, rollback: false, creator, statuses }
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
        some("push without a pull request", &|one| matches!(one.code, Code::Push(_)));
        some("preview", &|one| one.environment.starts_with("preview-"));
        some("success on another day", &|one| one.succeeded_at().is_some_and(|at| at / DAY > one.created_at / DAY));
        some("replaced one", &|one| of(one).ends_with(&[State::Success, State::Inactive]));
        for (repository, deployment) in &all {
            let statuses = deployment.statuses(i64::MAX);
            assert!(statuses.is_sorted_by_key(|status| status.at), "{} {deployment:?}", repository.name);
            assert!(statuses.iter().all(|status| status.at >= deployment.created_at));
            assert!(deployment.creator != Actor::Ghost && (repository.traits.service || repository.traits.monorepo));
        }
        let shown = all.iter().filter(|(repository, one)| !repository.traits.monorepo && !one.environment.starts_with("preview-"));
        let names: HashSet<&str> = shown.map(|(_, one)| one.environment.as_ref()).collect();
        assert_eq!(names, HashSet::from(["staging", "production", "prod", "live"]));
        let busy = |repository: &&Repository| repository.traits.service && !repository.merges().is_empty();
        let silent = company.repositories.iter().filter(busy).filter(|repository| company.deployments(repository).is_empty()).count();
        assert_eq!(silent, 6, "one service in ten");
    }
}
