//! What runs: one service for each repository that is one, what it is called where, and what it needs.
//!
//! Nobody told the tools beside the code host when a repository got another name, so a service keeps the first one.

use crate::company::flaws::Pci;
use crate::company::random::{self, chance, mix};
use crate::company::repositories::Repository;
use crate::company::{Company, groups};

/// A running service.
pub(crate) struct Service {
    /// Its place in the company's list.
    pub(crate) index: usize,
    /// Index of the repository that its code is in.
    pub(crate) repository: usize,
    /// What the company calls it.
    pub(crate) name: String,
    /// How much depends on it, from 1 (most) to 4; nobody ever said for some.
    pub(crate) tier: Option<u8>,
    /// Whether card data passes through it.
    pub(crate) pci: bool,
    /// `production`, `experimental` or `deprecated`.
    pub(crate) lifecycle: &'static str,
    /// What it is a part of.
    pub(crate) system: &'static str,
    /// What those who watch it call it.
    pub(crate) watched_as: String,
    /// What those who are called about it call it; one service is unknown to them.
    pub(crate) paged_as: Option<String>,
    /// Indexes of the services it cannot do without.
    pub(crate) depends_on: Vec<usize>,
}

/// What the services are parts of.
pub(crate) const SYSTEMS: [&str; 8] =
    ["illumination", "navigation", "harbour-dues", "weather", "keepers-quarters", "fog-and-sound", "visitor-stairs", "oil-and-spares"];
/// The place of the service that those who watch call by a name with an underscore.
const UNDERSCORED: usize = 0;
/// The place of the one that they call by a name run together, with where it runs behind it.
const RUN_TOGETHER: usize = 2;
/// The place of the service that nobody is called about.
pub(crate) const UNCALLED: usize = 4;

/// The services of a company with these repositories, in their order.
pub(super) fn services(seed: u64, repositories: &[Repository]) -> Vec<Service> {
    let homes: Vec<_> = repositories.iter().filter(|repository| repository.traits.service).collect();
    let count = homes.len();
    homes
        .into_iter()
        .enumerate()
        .map(|(index, repository)| {
            let mut rng = random::rng(seed, "service", &[index as u64]);
            let name = repository.former_names.first().unwrap_or(&repository.name).clone();
            // The code host's property ends at tier 3; who runs things knows which of those are toys.
            let tier = repository.properties.tier().map(|tier| if tier == 3 && chance(&mut rng, 0.4) { 4 } else { tier });
            let depends_on = (0..rng.usize(1..4)).map(|_| rng.usize(..count)).collect::<Vec<_>>();
            let mut depends_on: Vec<usize> = depends_on.into_iter().filter(|other| *other != index).collect();
            depends_on.sort_unstable();
            depends_on.dedup();
            Service {
                index,
                repository: repository.index,
                tier: tier.filter(|_| !chance(&mut rng, 0.08)),
                pci: repository.traits.pci == Pci::InScope,
                lifecycle: match rng.u32(0..20) {
                    0..=15 => "production",
                    16..=17 => "experimental",
                    _ => "deprecated",
                },
                system: SYSTEMS[repository.team % SYSTEMS.len()],
                watched_as: match index {
                    UNDERSCORED => name.replace('-', "_"),
                    RUN_TOGETHER => format!("{}-prod", name.replace('-', "")),
                    _ => name.clone(),
                },
                paged_as: (index != UNCALLED).then(|| name.split('-').map(groups::capital).collect::<Vec<_>>().join(" ")),
                depends_on,
                name,
            }
        })
        .collect()
}

/// What those who are called know a repository's service by, if they know it at all.
pub(crate) fn pager(repository: &Repository) -> String {
    let letters = (0..6_u64).map(|place| char::from(b'A' + (mix(repository.id ^ place << 32) % 26) as u8));
    std::iter::once('P').chain(letters).collect()
}

impl Service {
    /// The team that looks after it at this moment, if any.
    pub(crate) fn team(&self, company: &Company, now: i64) -> Option<&'static str> {
        company.repositories[self.repository].properties.team(now)
    }

    /// Indexes of the people to ask about it: its team's at the start, or the rota's for what is nobody's.
    pub(crate) fn people(&self, company: &Company) -> Vec<usize> {
        let slug = self.team(company, company.period.start).unwrap_or(groups::ROTA);
        let group = company.groups.iter().position(|group| group.slug == slug);
        let members = group.map(|group| groups::members_at(&company.groups, group, company.period.start)).unwrap_or_default();
        members.into_iter().map(|member| member.person).collect()
    }

    /// One of these people; the same `draw` always finds the same one.
    pub(crate) fn person(&self, company: &Company, draw: u64) -> usize {
        let people = self.people(company);
        people.get((mix(draw) % people.len().max(1) as u64) as usize).copied().unwrap_or_default()
    }
}
