//! What was read for a snapshot: which parents, and whether to the end.
//!
//! A row that is missing from a snapshot is gone only if what it was read from was read to the end. A snapshot's footer names its parents;
//! a row names its own in one of a few columns.

use almanac_collectors::collect::{Outcome, Parent};

use super::{
    Footer,
    standing::{self, Parents},
};

/// The parents of a snapshot by their names in small letters, and whether each was read to the end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Reading {
    parents: Parents,
    /// Likewise of the repositories in which files were looked for: those that hold none are no parents.
    repositories: Parents,
}

impl Reading {
    /// What these outcomes tell.
    pub(super) fn of<'a>(outcomes: impl IntoIterator<Item = (&'a Parent, &'a Outcome)>) -> Self {
        let parents = outcomes.into_iter().map(|(parent, outcome)| (parent.name.to_lowercase(), outcome.status.is_whole())).collect();
        Self { parents, repositories: Parents::new() }
    }

    /// What the footer of a partition tells, and that of the files of repositories of its day. One of an older version tells nothing, and so
    /// nothing is known to have been read to the end.
    pub(super) fn in_footers(footer: &Footer, files: Option<&Footer>) -> Self {
        Self { parents: standing::read(footer), repositories: files.map(standing::read).unwrap_or_default() }
    }

    pub(super) fn write(&self, footer: &mut Footer) {
        standing::write(footer, &self.parents);
    }

    /// Whether everything was read to the end.
    pub(super) fn is_whole(&self) -> bool {
        !self.parents.is_empty() && self.parents.values().all(|is_whole| *is_whole)
    }

    /// Whether what a row was read from was read to the end. `other` is the reading that has the row, or a row of this kind.
    pub(super) fn has_read(&self, origin: &Origin, other: &Self) -> bool {
        let is_whole = |parents: &Parents, name: &String| parents.get(name).copied();
        // That a file is not there is known of a repository whose files were read, and otherwise when everything was read.
        if let Some(file) = &origin.file {
            let of_repository = || origin.repository.as_ref().map(|name| is_whole(&self.repositories, name).unwrap_or(false));
            return is_whole(&self.parents, file).or_else(of_repository).unwrap_or_else(|| self.is_whole());
        }
        // A repository that only the other reading knows was not looked into, be it that it is gone, renamed or hidden.
        let is_known = |name: &&String| self.parents.contains_key(*name) || other.parents.contains_key(*name);
        match origin.names.iter().find(is_known) {
            Some(name) => is_whole(&self.parents, name).unwrap_or(false),
            None => self.is_whole(),
        }
    }

    /// Whether it says of what a row was read from that this was not read to the end.
    pub(super) fn lacks(&self, origin: &Origin) -> bool {
        match origin.file.iter().chain(&origin.names).find_map(|name| self.parents.get(name)) {
            Some(is_whole) => !is_whole,
            None => origin.file.is_none() && origin.names.is_empty() && !self.is_whole(),
        }
    }
}

/// What a row can have been read from, in small letters.
#[derive(Debug, Default)]
pub(super) struct Origin {
    /// The file, which may stand in a repository.
    file: Option<String>,
    repository: Option<String>,
    /// The names of other possible parents, the narrowest first.
    names: Vec<String>,
}

impl Origin {
    /// The columns that tell it, where a table has them.
    pub(super) const COLUMNS: [&'static str; 4] = ["full_name", "organization", "file", "repository"];

    /// From the values of those columns.
    pub(super) fn of(values: [Option<&str>; 4]) -> Self {
        let [full_name, organization, file, repository] = values.map(|value| value.map(str::to_lowercase));
        let file = match (&repository, file) {
            (Some(repository), Some(file)) => Some(format!("{repository}/{file}")),
            (_, file) => file,
        };
        let owner = full_name.as_deref().and_then(|name| name.split_once('/')).map(|(owner, _)| owner.to_owned());
        Self { file, repository, names: [full_name, organization, owner].into_iter().flatten().collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parents_of(parents: &[(&str, bool)]) -> Parents {
        parents.iter().map(|(name, is_whole)| ((*name).to_owned(), *is_whole)).collect()
    }

    fn reading(parents: &[(&str, bool)]) -> Reading {
        Reading { parents: parents_of(parents), repositories: Parents::new() }
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
    fn a_file_is_gone_where_it_was_looked_for() {
        let before = reading(&[("catalog/a.yaml", true), ("catalog/b.yaml", true), ("sea/a/catalog-info.yaml", true)]);
        let after = reading(&[("catalog/a.yaml", true)]);
        let file = |file: &str, repository: Option<&str>| Origin::of([None, None, Some(file), repository]);
        assert!(after.has_read(&file("catalog/b.yaml", None), &before));
        let broken = reading(&[("catalog/a.yaml", true), ("catalog/c.yaml", false)]);
        assert!(!broken.has_read(&file("catalog/b.yaml", None), &before), "it may stand in the file that could not be read");
        assert!(broken.has_read(&file("catalog/a.yaml", None), &before));

        let of_repository = |repository: &str| file("catalog-info.yaml", Some(repository));
        assert!(!after.has_read(&of_repository("Sea/A"), &before), "nobody looked into repositories");
        let looked = Reading { repositories: parents_of(&[("sea/a", true), ("sea/b", false)]), ..after };
        let has_read = |repository: &str| looked.has_read(&of_repository(repository), &before);
        assert_eq!(["Sea/A", "sea/b", "sea/gone"].map(has_read), [true, false, false]);
    }

    #[test]
    fn only_what_is_said_to_be_unread_explains_a_fall() {
        let now = reading(&[("sea/a", true), ("sea/b", false)]);
        let lacks = |name: &str| now.lacks(&of_repository(name));
        assert_eq!(["sea/a", "sea/b", "sea/gone"].map(lacks), [false, true, false]);
    }
}
