//! The company: who exists, what they own, what happened when. It knows no vendor and no HTTP.
//!
//! Everything is drawn once, from the seed, for the whole time from `history_days` before the start to `future_days` after it.
//! [`present::Present`] is what of it is true at one moment; the vendors' faces only ever see that.

pub(crate) mod alerts;
pub(crate) mod calling;
pub(crate) mod calls;
pub(crate) mod catalog;
pub(crate) mod clusters;
pub(crate) mod codeowners;
pub(crate) mod deployments;
pub(crate) mod descriptors;
pub(crate) mod edits;
pub(crate) mod files;
pub(crate) mod flaws;
pub(crate) mod groups;
pub(crate) mod hotfixes;
pub(crate) mod identity;
pub(crate) mod modules;
pub(crate) mod monorepo;
pub(crate) mod outages;
pub(crate) mod people;
pub(crate) mod present;
pub(crate) mod properties;
pub(crate) mod protection;
pub(crate) mod pulls;
pub(crate) mod random;
pub(crate) mod real;
pub(crate) mod releases;
pub(crate) mod repositories;
pub(crate) mod requests;
pub(crate) mod rulesets;
pub(crate) mod running;
pub(crate) mod runs;
pub(crate) mod scanning;
pub(crate) mod services;
#[cfg(test)]
mod tests;
pub(crate) mod text;
pub(crate) mod watch;
pub(crate) mod wishes;
pub(crate) mod words;
pub(crate) mod work;

use std::collections::HashMap;
use std::sync::OnceLock;

use crate::company::calls::Calls;
use crate::company::clusters::Clusters;
use crate::company::deployments::Deployment;
use crate::company::files::Sources;
use crate::company::groups::Group;
use crate::company::identity::{FIRST, Identity, SECOND};
use crate::company::outages::Outage;
use crate::company::people::{Actor, Person};
use crate::company::releases::Release;
use crate::company::repositories::Repository;
use crate::company::requests::Request;
use crate::company::rulesets::Ruleset;
use crate::company::runs::Run;
use crate::company::services::Service;
use crate::company::watch::Watch;
use crate::company::work::Work;
use crate::error::SimulatorError;
use crate::options::Options;

/// The company's own domain; `.example` can never belong to anyone.
pub(crate) const DOMAIN: &str = "clockwork-lighthouse.example";

/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;
/// How many repositories the second company has.
const FEW: usize = 12;

/// The time that history covers, in Unix seconds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    /// Where the history begins.
    pub(crate) start: i64,
    /// The first moment anyone looks.
    pub(crate) now: i64,
    /// Where even the days to come are over.
    pub(crate) end: i64,
}

/// Everything there is to know.
pub(crate) struct Company {
    /// Who it is.
    pub(crate) identity: &'static Identity,
    /// When the company was founded.
    pub(crate) founded_at: i64,
    /// Everyone.
    pub(crate) people: Vec<Person>,
    /// Repositories; a real one given as CSV comes last.
    pub(crate) repositories: Vec<Repository>,
    /// The teams, as access is given to them.
    pub(crate) groups: Vec<Group>,
    /// The sets of rules for branches, the organisation's and those of repositories.
    pub(crate) rulesets: Vec<Ruleset>,
    /// What is drawn later is drawn from this as well.
    seed: u64,
    period: Period,
    /// How many of each there are to be, whatever would be natural.
    wanted: Wanted,
    services: Vec<Service>,
    requests: OnceLock<Vec<Request>>,
    calls: OnceLock<Calls>,
    outages: OnceLock<Vec<Outage>>,
    watch: OnceLock<Watch>,
    clusters: OnceLock<Clusters>,
    /// How many rows are shown at most of a list, where somebody said so.
    lengths: HashMap<String, usize>,
}

/// Numbers asked for instead of natural ones.
#[derive(Clone, Copy, Debug, Default)]
struct Wanted {
    outages: Option<usize>,
    requests: Option<usize>,
    monitors: Option<usize>,
    objectives: Option<usize>,
    pods: Option<usize>,
}

impl Company {
    /// Draws every company on the host: the first, and after it the second if it is asked for.
    pub(crate) fn found_all(options: &Options) -> Result<Vec<Company>, SimulatorError> {
        let mut companies = vec![Company::found(options)?];
        if options.second_organization {
            // What is said about how large the company is, and about real history, is said about the first.
            let few = Options {
                repositories: FEW,
                pull_requests: None,
                incidents: None,
                requests: None,
                monitors: None,
                slos: None,
                pods: None,
                pulls_csv: None,
                ..options.clone()
            };
            companies.push(Company::found_as(&SECOND, &few)?);
        }
        Ok(companies)
    }

    /// Draws the company.
    pub(crate) fn found(options: &Options) -> Result<Company, SimulatorError> {
        Company::found_as(&FIRST, options)
    }

    fn found_as(identity: &'static Identity, options: &Options) -> Result<Company, SimulatorError> {
        let now = options.now.timestamp();
        let midnight = now - now.rem_euclid(DAY);
        let period = Period {
            start: midnight - i64::from(options.history_days) * DAY,
            now,
            end: midnight + (i64::from(options.future_days) + 1) * DAY,
        };
        let seed = identity.seed(options.seed);
        // Whoever works for both has one account.
        let (people, teams) = people::people(options.seed, identity.people, DOMAIN);
        let traits = flaws::assign(seed, options.repositories);
        let mut repositories = repositories::repositories(identity, seed, &traits, &teams, &period);
        let work = Work { owner: identity, seed, period: &period, teams: &teams, people: people.len() };
        let mut sequence = 0;
        for (index, count) in counts(seed, &repositories, &period, options.pull_requests).into_iter().enumerate() {
            repositories[index].pulls = work.pulls(&repositories[index], count, sequence);
            repositories[index].pushes = work.pushes(&repositories[index]);
            repositories[index].alerts = alerts::alerts(seed, &repositories[index], people.len(), &period);
            sequence += count as u32;
        }
        if let Some(path) = &options.pulls_csv {
            repositories.push(real::repository(path, &work, repositories.len(), sequence)?);
            sequence += repositories.last().map_or(0, |real| real.pulls.len()) as u32;
        }
        // Three services take more work than a repository that holds none. It is drawn last, and everything else keeps its numbers.
        if let Some(shared) = repositories.iter().position(|repository| repository.traits.monorepo && options.pull_requests.is_none()) {
            repositories[shared].pulls = work.pulls(&repositories[shared], monorepo::pulls(&period), sequence);
        }
        let groups = groups::groups(identity, seed, &teams, &people, &repositories, &period);
        let services = services::services(seed, &repositories);
        for index in 0..repositories.len() {
            let (people, groups, services) = (&people, &groups, &services);
            let sources = Sources { seed, period: &period, people, groups, repositories: &repositories, services };
            let files = files::files(&sources, index);
            let repository = &repositories[index];
            let rules = protection::rules(seed, repository, groups, people.len(), &period);
            let findings = scanning::findings(seed, repository, people.len(), &period);
            let leaks = scanning::leaks(seed, repository, people.len(), &period);
            let repository = &mut repositories[index];
            (repository.files, repository.rules) = (files, rules);
            (repository.findings, repository.leaks) = (findings, leaks);
        }
        let wanted = Wanted {
            outages: options.incidents,
            requests: options.requests,
            monitors: options.monitors,
            objectives: options.slos,
            pods: options.pods,
        };
        let rulesets = rulesets::rulesets(identity, seed, &groups, &repositories, &period);
        let mut company = Company {
            identity,
            founded_at: period.start - 9 * 365 * DAY,
            people,
            repositories,
            groups,
            rulesets,
            seed,
            period,
            wanted,
            services,
            requests: OnceLock::new(),
            calls: OnceLock::new(),
            outages: OnceLock::new(),
            watch: OnceLock::new(),
            clusters: OnceLock::new(),
            lengths: HashMap::new(),
        };
        hotfixes::plant(&mut company);
        Ok(company)
    }

    /// The repositories that there still are.
    pub(crate) fn living(&self) -> impl Iterator<Item = &Repository> {
        self.repositories.iter().filter(|repository| !repository.deleted)
    }

    /// The repository of this name; vendors do not mind upper case.
    pub(crate) fn repository(&self, name: &str) -> Option<&Repository> {
        self.living().find(|repository| repository.name.eq_ignore_ascii_case(name))
    }

    /// The repository with this number.
    pub(crate) fn repository_by_id(&self, id: u64) -> Option<&Repository> {
        self.living().find(|repository| repository.id == id)
    }

    /// The repository that had this name until it got another.
    pub(crate) fn renamed(&self, name: &str) -> Option<&Repository> {
        self.living().find(|repository| repository.former_names.iter().any(|former| former.eq_ignore_ascii_case(name)))
    }

    /// Everything that the workflows of a repository ever run, the earliest first.
    pub(crate) fn runs<'a>(&self, repository: &'a Repository) -> &'a [Run] {
        repository.runs.get_or_init(|| {
            let scans = |repository: &&Repository| {
                let workflows = repository.workflows();
                repository.traits.service && !repository.pulls.is_empty() && workflows.iter().any(|known| known.name == "code-scanning")
            };
            let starved = self.repositories.iter().find(scans).is_some_and(|first| first.index == repository.index);
            runs::runs(self.seed, &self.period, self.people.len(), repository, starved)
        })
    }

    /// Everything that a repository ever deploys, the earliest first.
    pub(crate) fn deployments<'a>(&self, repository: &'a Repository) -> &'a [Deployment] {
        let draw = || deployments::deployments(self.seed, &self.period, self.people.len(), repository);
        repository.deployments.get_or_init(draw)
    }

    /// Everything that a repository ever releases, the earliest first.
    pub(crate) fn releases<'a>(&self, repository: &'a Repository) -> &'a [Release] {
        repository.releases.get_or_init(|| releases::releases(self.seed, &self.period, self.people.len(), repository))
    }

    /// What runs.
    pub(crate) fn services(&self) -> &[Service] {
        &self.services
    }

    /// Everything that ever goes wrong with it, the first noticed first.
    pub(crate) fn outages(&self) -> &[Outage] {
        self.outages.get_or_init(|| outages::outages(self))
    }

    /// Everything that the platform's team is ever asked for, by project and number.
    pub(crate) fn requests(&self) -> &[Request] {
        self.requests.get_or_init(|| requests::requests(self, self.wanted.requests))
    }

    /// Everyone who is ever called about what goes wrong.
    pub(crate) fn calls(&self) -> &Calls {
        self.calls.get_or_init(|| calls::calls(self))
    }

    /// How it is watched.
    pub(crate) fn watch(&self) -> &Watch {
        self.watch.get_or_init(|| Watch::draw(self))
    }

    /// Where it runs, and what that costs.
    pub(crate) fn clusters(&self) -> &Clusters {
        self.clusters.get_or_init(|| Clusters::draw(self))
    }

    /// As much of a list as is shown: all of it, unless somebody made it short.
    pub(crate) fn shown<'a, T>(&self, list: &str, rows: &'a [T]) -> &'a [T] {
        &rows[..self.lengths.get(list).map_or(rows.len(), |length| rows.len().min(*length))]
    }

    /// The person behind an actor, if it is one.
    pub(crate) fn person(&self, actor: Actor) -> Option<&Person> {
        match actor {
            Actor::Person(index) => Some(&self.people[usize::from(index)]),
            Actor::Bot(_) | Actor::Ghost => None,
        }
    }
}

/// How many pull requests each repository gets: what its pace gives in the time, or its share of a total asked for.
fn counts(seed: u64, repositories: &[Repository], period: &Period, total: Option<usize>) -> Vec<usize> {
    let paces: Vec<f64> = repositories.iter().map(|repository| repository.daily_pulls(seed)).collect();
    let Some(total) = total else {
        let days = (period.end - period.start) as f64 / DAY as f64 * 5.0 / 7.0;
        return paces.iter().map(|pace| (pace * days).round() as usize).collect();
    };
    apportioned(&paces, total)
}

/// A whole number of things, shared out as these shares have it.
fn apportioned(shares: &[f64], total: usize) -> Vec<usize> {
    let sum: f64 = shares.iter().sum();
    if sum == 0.0 {
        return vec![0; shares.len()];
    }
    // Differences of the rounded running total add up to the total exactly.
    let mut reached = 0.0;
    let mut given = 0;
    shares
        .iter()
        .map(|share| {
            reached += share;
            let upto = (total as f64 * reached / sum).round() as usize;
            let count = upto - given;
            given = upto;
            count
        })
        .collect()
}
