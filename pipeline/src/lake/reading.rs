//! What was read for a snapshot: which parents, and whether to the end.
//!
//! A row that is missing from a snapshot is gone only if what it was read from was read to the end. A snapshot's footer names its parents;
//! a row names its own in one of a few columns.

use std::collections::BTreeMap;

use almanac_collectors::collect::{Outcome, Parent};

use super::{Footer, standing};

/// The parents of a snapshot by their names in small letters, and whether each was read to the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading(BTreeMap<String, bool>);

impl Reading {
    /// What these outcomes tell.
    pub(super) fn of<'a>(outcomes: impl IntoIterator<Item = (&'a Parent, &'a Outcome)>) -> Self {
        Self(outcomes.into_iter().map(|(parent, outcome)| (parent.name.to_lowercase(), outcome.status.is_whole())).collect())
    }

    /// What the footer of a partition tells. One of an older version tells nothing, and so nothing is known to have been read to the end.
    pub(super) fn in_footer(footer: &Footer) -> Self {
        Self(standing::read(footer))
    }

    pub(super) fn write(&self, footer: &mut Footer) {
        standing::write(footer, &self.0);
    }

    /// Whether everything was read to the end.
    pub(super) fn is_whole(&self) -> bool {
        !self.0.is_empty() && self.0.values().all(|is_whole| *is_whole)
    }

    /// Whether what a row was read from was read to the end. `other` is the reading that has the row, or a row of this kind.
    pub(super) fn has_read(&self, origin: &Origin, other: &Self) -> bool {
        // A repository that only the other reading knows was not looked into, be it that it is gone, renamed or hidden. A file beside
        // almanac.toml was looked for as long as everything else was read.
        let is_known = |name: &&String| self.0.contains_key(*name) || !origin.is_looked_for && other.0.contains_key(*name);
        match origin.names.iter().find(is_known) {
            Some(name) => self.0.get(name).copied().unwrap_or(false),
            None => self.is_whole(),
        }
    }

    /// Whether it says of what a row was read from that this was not read to the end.
    pub(super) fn lacks(&self, origin: &Origin) -> bool {
        match origin.names.iter().find_map(|name| self.0.get(name)) {
            Some(is_whole) => !is_whole,
            None => origin.names.is_empty() && !self.is_whole(),
        }
    }
}

/// What a row can have been read from: the names of possible parents in small letters, the narrowest first.
#[derive(Debug, Default)]
pub(super) struct Origin {
    names: Vec<String>,
    /// That it is not there is known without anything that bears its name.
    is_looked_for: bool,
}

impl Origin {
    /// The columns that tell it, where a table has them.
    pub(super) const COLUMNS: [&'static str; 4] = ["full_name", "organization", "file", "repository"];

    /// From the values of those columns.
    pub(super) fn of(values: [Option<&str>; 4]) -> Self {
        let [full_name, organization, file, repository] = values.map(|value| value.map(str::to_lowercase));
        let is_looked_for = file.is_some() && repository.is_none();
        let file = match (repository, file) {
            (Some(repository), Some(file)) => Some(format!("{repository}/{file}")),
            (_, file) => file,
        };
        let owner = full_name.as_deref().and_then(|name| name.split_once('/')).map(|(owner, _)| owner.to_owned());
        Self { names: [file, full_name, organization, owner].into_iter().flatten().collect(), is_looked_for }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(parents: &[(&str, bool)]) -> Reading {
        Reading(parents.iter().map(|(name, is_whole)| ((*name).to_owned(), *is_whole)).collect())
    }

    fn of_repository(name: &str) -> Origin {
        Origin::of([Some(name), None, None, None])
    }

    #[test]
    fn the_narrowest_parent_that_is_known_decides() {
        let by_repository = reading(&[("sea/a", true), ("sea/b", false)]);
        let other = reading(&[("sea/a", true), ("sea/b", true), ("sea/gone", true)]);
        let has_read = |name: &str| by_repository.has_read(&of_repository(name), &other);
        assert_eq!(["Sea/A", "sea/b", "sea/gone"].map(has_read), [true, false, false], "a repository that is not asked any more is unread");
        assert!(!by_repository.has_read(&of_repository("sea/never"), &other), "not everything was read");

        let by_organization = reading(&[("sea", true), ("land", false)]);
        let has_read = |name: &str| by_organization.has_read(&of_repository(name), &by_organization);
        assert_eq!(["sea/a", "land/a"].map(has_read), [true, false]);
        // What belongs to both stands with the repository where that is known, as an organisation's list tells of each of its repositories.
        let both = reading(&[("sea", true), ("sea/a", false)]);
        assert!(!both.has_read(&of_repository("sea/a"), &both));
        let origin = Origin::of([None, Some("Sea"), None, None]);
        assert!(both.has_read(&origin, &both));
    }

    #[test]
    fn what_names_no_parent_takes_the_whole_table() {
        let nobody = Origin::default();
        for (parents, is_read) in [(vec![("account", true)], true), (vec![("account", false)], false), (vec![], false)] {
            let reading = reading(&parents);
            assert_eq!((reading.has_read(&nobody, &reading), reading.lacks(&nobody)), (is_read, !is_read), "{parents:?}");
        }
    }

    #[test]
    fn a_file_that_was_looked_for_is_gone_and_one_of_a_repository_is_unread() {
        let before = reading(&[("catalog/a.yaml", true), ("catalog/b.yaml", true), ("sea/a/catalog-info.yaml", true)]);
        let after = reading(&[("catalog/a.yaml", true)]);
        let file = |file: &str, repository: Option<&str>| Origin::of([None, None, Some(file), repository]);
        assert!(after.has_read(&file("catalog/b.yaml", None), &before));
        assert!(!after.has_read(&file("catalog-info.yaml", Some("sea/a")), &before));
        let broken = reading(&[("catalog/a.yaml", true), ("catalog/c.yaml", false)]);
        assert!(!broken.has_read(&file("catalog/b.yaml", None), &before), "it may stand in the file that could not be read");
        assert!(broken.has_read(&file("catalog/a.yaml", None), &before));
    }

    #[test]
    fn only_what_is_said_to_be_unread_explains_a_fall() {
        let now = reading(&[("sea/a", true), ("sea/b", false)]);
        let lacks = |name: &str| now.lacks(&of_repository(name));
        assert_eq!(["sea/a", "sea/b", "sea/gone"].map(lacks), [false, true, false]);
    }
}
