//! The company: who exists, what they own, what happened when. It knows no vendor and no HTTP.
//!
//! Everything is drawn once, from the seed, for the whole time from `history_days` before the start to `future_days` after it.
//! [`present::Present`] is what of it is true at one moment; the vendors' faces only ever see that.

pub(crate) mod alerts;
pub(crate) mod codeowners;
pub(crate) mod files;
pub(crate) mod flaws;
pub(crate) mod groups;
pub(crate) mod people;
pub(crate) mod present;
pub(crate) mod properties;
pub(crate) mod protection;
pub(crate) mod pulls;
pub(crate) mod random;
pub(crate) mod real;
pub(crate) mod repositories;
pub(crate) mod rulesets;
pub(crate) mod scanning;
#[cfg(test)]
mod tests;
pub(crate) mod text;
pub(crate) mod work;

use crate::company::files::Sources;
use crate::company::groups::Group;
use crate::company::people::{Actor, Person};
use crate::company::repositories::Repository;
use crate::company::rulesets::Ruleset;
use crate::company::work::Work;
use crate::error::SimulatorError;
use crate::options::Options;

/// The name the company has in URLs.
pub(crate) const LOGIN: &str = "clockwork-lighthouse";
/// The name on its letterhead.
pub(crate) const NAME: &str = "The Clockwork Lighthouse Company";
/// Its own domain; `.example` can never belong to anyone.
pub(crate) const DOMAIN: &str = "clockwork-lighthouse.example";
/// The vendor's number for it.
pub(crate) const ID: u64 = 40_417_033;

const DAY: i64 = 86_400;
const PEOPLE: usize = 90;

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
}

impl Company {
    /// Draws the company.
    pub(crate) fn found(options: &Options) -> Result<Company, SimulatorError> {
        let now = options.now.timestamp();
        let midnight = now - now.rem_euclid(DAY);
        let period = Period {
            start: midnight - i64::from(options.history_days) * DAY,
            now,
            end: midnight + (i64::from(options.future_days) + 1) * DAY,
        };
        let seed = options.seed;
        let (people, teams) = people::people(seed, PEOPLE, DOMAIN);
        let traits = flaws::assign(seed, options.repositories);
        let mut repositories = repositories::repositories(seed, &traits, &teams, &period);
        let work = Work { seed, period: &period, teams: &teams, people: people.len() };
        let mut sequence = 0;
        for (index, count) in counts(seed, &repositories, &period, options.pull_requests).into_iter().enumerate() {
            repositories[index].pulls = work.pulls(&repositories[index], count, sequence);
            repositories[index].alerts = alerts::alerts(seed, &repositories[index], people.len(), &period);
            sequence += count as u32;
        }
        if let Some(path) = &options.pulls_csv {
            repositories.push(real::repository(path, &work, repositories.len(), sequence)?);
        }
        let groups = groups::groups(seed, &teams, &people, &repositories, &period);
        for index in 0..repositories.len() {
            let files =
                files::files(&Sources { seed, period: &period, people: &people, groups: &groups, repositories: &repositories }, index);
            let repository = &repositories[index];
            let rules = protection::rules(seed, repository, &groups, people.len(), &period);
            let findings = scanning::findings(seed, repository, people.len(), &period);
            let leaks = scanning::leaks(seed, repository, people.len(), &period);
            let repository = &mut repositories[index];
            (repository.files, repository.rules) = (files, rules);
            (repository.findings, repository.leaks) = (findings, leaks);
        }
        let rulesets = rulesets::rulesets(seed, &groups, &repositories, &period);
        Ok(Company { founded_at: period.start - 9 * 365 * DAY, people, repositories, groups, rulesets })
    }

    /// The repository of this name; vendors do not mind upper case.
    pub(crate) fn repository(&self, name: &str) -> Option<&Repository> {
        self.repositories.iter().find(|repository| repository.name.eq_ignore_ascii_case(name))
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
    let sum: f64 = paces.iter().sum();
    if sum == 0.0 {
        return vec![0; paces.len()];
    }
    // Differences of the rounded running total add up to the total exactly.
    let mut reached = 0.0;
    let mut given = 0;
    paces
        .iter()
        .map(|pace| {
            reached += pace;
            let upto = (total as f64 * reached / sum).round() as usize;
            let count = upto - given;
            given = upto;
            count
        })
        .collect()
}
