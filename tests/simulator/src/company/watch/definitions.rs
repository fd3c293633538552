//! What somebody wrote down about each service for those who watch it: in five forms, because the form changed and nobody went back.

use crate::company::random::{self, chance};
use crate::company::watch::shared_out;
use crate::company::{Company, DAY};

/// The form, the oldest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// The first.
    One,
    /// The second.
    Two,
    /// The second, with fields moved.
    TwoOne,
    /// The second, with fields freed.
    TwoTwo,
    /// The third.
    Three,
}

/// What is wrong with a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spoilt {
    /// Nothing.
    No,
    /// There is none.
    Missing,
    /// A contact that is no address.
    BadContact,
    /// It names a team that does not exist.
    UnknownTeam,
    /// It names no team.
    NoTeam,
}

/// A definition.
#[derive(Clone, Debug)]
pub(crate) struct Definition {
    /// Index of the service; one is of none that anybody knows.
    pub(crate) service: Option<usize>,
    /// Its form.
    pub(crate) form: Form,
    /// What is wrong with it.
    pub(crate) spoilt: Spoilt,
    /// When it was last changed.
    pub(crate) modified_at: i64,
    /// Index of the person it names.
    pub(crate) contact: usize,
    /// Whether whoever is called is named.
    pub(crate) paged: bool,
    /// Index of another service, whose repository it names by mistake.
    pub(crate) misplaced: Option<usize>,
    /// What the rest is drawn from.
    pub(crate) words: u64,
}

/// The name on the definition of the service that nobody knows.
pub(crate) const STRANGER: &str = "ghost-ship-api";
/// The team on definitions that name one that does not exist.
pub(crate) const UNKNOWN_TEAM: &str = "bell-ringers";

/// The first so many services, which tests know by name, have definitions that name the right repository.
const FAMILIAR: usize = 5;

/// Every definition there is. One names the repository of another service, whatever the catalogue says.
pub(super) fn definitions(company: &Company) -> Vec<Definition> {
    let mut definitions = written(company);
    let can_be = |definition: &&mut Definition| {
        let told = definition.form != Form::One && definition.spoilt == Spoilt::No;
        told && definition.service.is_some_and(|service| service >= FAMILIAR)
    };
    if let Some(definition) = definitions.iter_mut().find(can_be) {
        definition.misplaced = definition.service.map(|service| service - 1);
    }
    definitions
}

fn written(company: &Company) -> Vec<Definition> {
    let services = company.services();
    let spoilt = shared_out(
        company,
        "cards",
        services.len(),
        Spoilt::No,
        &[(Spoilt::Missing, 100), (Spoilt::BadContact, 83), (Spoilt::UnknownTeam, 50), (Spoilt::NoTeam, 50)],
    );
    let written = services.iter().zip(spoilt).filter(|(_, spoilt)| *spoilt != Spoilt::Missing);
    let known = written.map(|(service, spoilt)| (Some(service.index), spoilt));
    known
        .chain([(None, Spoilt::No)])
        .enumerate()
        .map(|(index, (service, spoilt))| {
            let mut rng = random::rng(company.seed, "card", &[index as u64]);
            let form = match rng.u32(0..20) {
                0..=2 => Form::One,
                3..=6 => Form::Two,
                7..=10 => Form::TwoOne,
                11..=17 => Form::TwoTwo,
                _ => Form::Three,
            };
            let words = rng.u64(..);
            Definition {
                service,
                form,
                spoilt,
                modified_at: company.period.now - rng.i64(0..600 * DAY),
                contact: service.map_or(0, |service| services[service].person(company, words)),
                paged: chance(&mut rng, 0.7),
                misplaced: None,
                words,
            }
        })
        .collect()
}
