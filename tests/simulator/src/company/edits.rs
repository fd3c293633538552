//! What somebody does to the company from outside, as no seed would have it: repositories that vanish, or get another name.

use crate::company::Company;
use crate::company::identity::FIRST;
use crate::error::SimulatorError;

/// One thing that somebody does. A repository is named by itself, or by `owner/name` if it is not the first company's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// The repository of this name is deleted.
    Delete(String),
    /// The repository of the first name gets the second, which has no owner in front.
    Rename(String, String),
}

impl Edit {
    /// The repository as it was named.
    fn named(&self) -> &str {
        match self {
            Edit::Delete(name) | Edit::Rename(name, _) => name,
        }
    }

    /// Owner and name of the repository.
    fn repository(&self) -> (&str, &str) {
        self.named().split_once('/').unwrap_or((FIRST.login, self.named()))
    }

    fn no_repository(&self) -> SimulatorError {
        SimulatorError::NoRepository { name: self.named().to_owned() }
    }
}

/// Does it in the company that the repository belongs to. Nothing is changed if it cannot be done.
pub(crate) fn apply(companies: &mut [Company], edit: &Edit) -> Result<(), SimulatorError> {
    let (owner, _) = edit.repository();
    let company = companies.iter_mut().find(|company| company.identity.login.eq_ignore_ascii_case(owner));
    company.ok_or_else(|| edit.no_repository())?.apply(edit)
}

impl Company {
    fn apply(&mut self, edit: &Edit) -> Result<(), SimulatorError> {
        let (_, name) = edit.repository();
        let index = self.repository(name).ok_or_else(|| edit.no_repository())?.index;
        match edit {
            Edit::Delete(_) => {
                self.repositories[index].deleted = true;
                self.rulesets.retain(|set| set.repository != Some(index));
                for group in &mut self.groups {
                    group.forget(index);
                }
            }
            Edit::Rename(_, new) => {
                if self.repository(new).is_some_and(|other| other.index != index) {
                    return Err(SimulatorError::NameTaken { name: new.clone() });
                }
                let former = std::mem::replace(&mut self.repositories[index].name, new.clone());
                self.repositories[index].former_names.push(former);
            }
        }
        Ok(())
    }
}
