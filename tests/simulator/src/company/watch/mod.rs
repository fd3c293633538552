//! How the company watches what runs: monitors, objectives, synthetic tests, dashboards, downtimes, and what somebody wrote down about each service.
//!
//! Drawn all at once when somebody first asks for any of it.

pub(crate) mod dashboards;
pub(crate) mod definitions;
pub(crate) mod downtimes;
pub(crate) mod monitors;
pub(crate) mod objectives;
pub(crate) mod synthetic_tests;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use crate::company::outages::{Cause, Outage};
use crate::company::watch::dashboards::Dashboard;
use crate::company::watch::definitions::Definition;
use crate::company::watch::downtimes::Downtime;
use crate::company::watch::monitors::Monitor;
use crate::company::watch::objectives::Objective;
use crate::company::watch::synthetic_tests::SyntheticTest;
use crate::company::{Company, flaws};

/// Everything that watches.
pub(crate) struct Watch {
    /// Monitors; those that look at a synthetic test come last.
    pub(crate) monitors: Vec<Monitor>,
    /// What services promise: their objectives.
    pub(crate) objectives: Vec<Objective>,
    /// Programs that use a service as a customer would.
    pub(crate) synthetic_tests: Vec<SyntheticTest>,
    /// Pictures of how things are.
    pub(crate) dashboards: Vec<Dashboard>,
    /// Times at which nobody wants to be called.
    pub(crate) downtimes: Vec<Downtime>,
    /// What is written down about services.
    pub(crate) definitions: Vec<Definition>,
    /// Indexes of the objectives, by name.
    named: HashMap<String, usize>,
    /// Indexes of the outages that were real trouble, by service.
    troubles: Vec<Vec<usize>>,
}

impl Watch {
    /// Draws it.
    pub(super) fn draw(company: &Company) -> Watch {
        let services = company.services();
        let mut troubles = vec![Vec::new(); services.len()];
        for (index, outage) in company.outages().iter().enumerate().filter(|(_, outage)| outage.cause == Cause::Trouble) {
            for service in &outage.services {
                troubles[*service].push(index);
            }
        }
        let synthetic_tests = synthetic_tests::synthetic_tests(company);
        let promises = objectives::per_service(company);
        let monitors = monitors::monitors(company, &synthetic_tests, &promises);
        let objectives = objectives::objectives(company, &promises, &monitors);
        let named = objectives.iter().enumerate().map(|(index, objective)| (objective.id.clone(), index)).collect();
        let downtimes = downtimes::downtimes(company, &monitors);
        let (dashboards, definitions) = (dashboards::dashboards(company), definitions::definitions(company));
        Watch { monitors, objectives, synthetic_tests, dashboards, downtimes, definitions, named, troubles }
    }

    /// The objective of this name.
    pub(crate) fn objective(&self, id: &str) -> Option<&Objective> {
        self.named.get(id).map(|index| &self.objectives[*index])
    }

    /// Whatever was real trouble of a service, the first noticed first.
    pub(crate) fn troubles<'a>(&'a self, company: &'a Company, service: usize) -> impl Iterator<Item = &'a Outage> {
        let indexes = self.troubles.get(service).map(Vec::as_slice).unwrap_or_default();
        indexes.iter().map(|index| &company.outages()[*index])
    }
}

/// Which flaw each of `count` things has: so many in each thousand have the first, so many others the second, and so on.
fn shared_out<F: Copy>(company: &Company, topic: &str, count: usize, usual: F, sizes: &[(F, usize)]) -> Vec<F> {
    let mut flaws = vec![usual; count];
    let mut order = flaws::shuffled(company.seed, topic, 0..count);
    for (flaw, thousandths) in sizes {
        for index in order.by_ref().take((count * thousandths + 500) / 1_000) {
            flaws[index] = *flaw;
        }
    }
    flaws
}

/// A name of so many hexadecimal digits, up to 32.
fn hexadecimal(company: &Company, topic: &str, index: usize, digits: usize) -> String {
    let mut rng = crate::company::random::rng(company.seed, topic, &[index as u64]);
    let mut name = format!("{:016x}{:016x}", rng.u64(..), rng.u64(..));
    name.truncate(digits);
    name
}
