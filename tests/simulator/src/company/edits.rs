//! What somebody does to the company from outside, as no seed would have it: repositories that vanish, or get another name, and single
//! settings that are not what they were yesterday.
//!
//! An edit of a setting changes that one thing, from now on and as if it had always been so. What else depends on it here, such as the
//! labels of monitors on a repository's team, stays as it was drawn.

use crate::company::Company;
use crate::company::identity::FIRST;
use crate::company::repositories::Visibility;
use crate::company::watch::monitors::Muted;
use crate::error::SimulatorError;

/// One thing that somebody does. A repository is named by itself, or by `owner/name` if it is not the first company's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Edit {
    /// The repository of this name is deleted.
    Delete(String),
    /// The repository of the first name gets the second, which has no owner in front.
    Rename(String, String),
    /// The rule for its default branch lets history be rewritten.
    AllowForcePushes(String),
    /// Others may see it.
    Show(String, Visibility),
    /// Its property no longer names a team.
    Disown(String),
    /// Its descriptor is deleted.
    Undescribe(String),
    /// The monitor of the first company at this index is silenced without an end.
    Mute(usize),
    /// Of this list of the first company, only so many of the first rows are shown.
    Shorten(String, usize),
}

/// The lists that can be made short, by the names of the tables that are read from them.
const LISTS: [&str; 6] = [
    "datadog.dashboards",
    "datadog.monitors",
    "datadog.service_definitions",
    "datadog.slos",
    "datadog.synthetic_tests",
    "pagerduty.services",
];

/// Where the catalogue's descriptor is.
const DESCRIPTOR: &str = "catalog-info.yaml";

impl Edit {
    /// The repository as it was named, if it is about one.
    fn named(&self) -> Option<&str> {
        match self {
            Edit::Delete(name)
            | Edit::Rename(name, _)
            | Edit::AllowForcePushes(name)
            | Edit::Show(name, _)
            | Edit::Disown(name)
            | Edit::Undescribe(name) => Some(name),
            Edit::Mute(_) | Edit::Shorten(..) => None,
        }
    }
}

/// Does it in the company that the repository belongs to. Nothing is changed if it cannot be done.
pub(crate) fn apply(companies: &mut [Company], edit: &Edit) -> Result<(), SimulatorError> {
    let named = edit.named().unwrap_or_default();
    let (owner, name) = named.split_once('/').unwrap_or((FIRST.login, named));
    let company = companies.iter_mut().find(|company| company.identity.login.eq_ignore_ascii_case(owner));
    let no_repository = || SimulatorError::NoRepository { name: named.to_owned() };
    let company = company.ok_or_else(no_repository)?;
    match edit {
        Edit::Mute(index) => company.mute(*index),
        Edit::Shorten(list, length) => company.shorten(list, *length),
        _ => {
            let index = company.repository(name).ok_or_else(no_repository)?.index;
            company.change(index, edit)
        }
    }
}

fn unchanged(what: impl Into<String>) -> SimulatorError {
    SimulatorError::NothingToChange { what: what.into() }
}

impl Company {
    fn change(&mut self, index: usize, edit: &Edit) -> Result<(), SimulatorError> {
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
            Edit::AllowForcePushes(name) => {
                let repository = &mut self.repositories[index];
                let rule = repository.rule_of(repository.default_branch).map(|rule| rule.id);
                let rule = repository.rules.iter_mut().find(|known| Some(known.id) == rule && !known.force_pushes);
                rule.ok_or_else(|| unchanged(format!("no rule keeps force pushes from the default branch of `{name}`")))?.force_pushes =
                    true;
            }
            Edit::Show(name, visibility) => {
                if self.repositories[index].visibility == *visibility {
                    return Err(unchanged(format!("`{name}` has that visibility")));
                }
                self.repositories[index].visibility = *visibility;
            }
            Edit::Disown(name) => {
                if !self.repositories[index].properties.disown() {
                    return Err(unchanged(format!("`{name}` names no team")));
                }
            }
            Edit::Undescribe(name) => {
                let files = &mut self.repositories[index].files;
                let place = files.iter().position(|file| file.path == DESCRIPTOR);
                files.remove(place.ok_or_else(|| unchanged(format!("`{name}` has no `{DESCRIPTOR}`")))?);
            }
            Edit::Mute(_) | Edit::Shorten(..) => {}
        }
        Ok(())
    }

    fn mute(&mut self, index: usize) -> Result<(), SimulatorError> {
        self.watch();
        let monitor = self.watch.get_mut().and_then(|watch| watch.monitors.get_mut(index));
        let monitor = monitor.filter(|monitor| monitor.muted == Muted::No);
        monitor.ok_or_else(|| unchanged(format!("monitor {index} is silenced")))?.muted = Muted::Forever;
        Ok(())
    }

    fn shorten(&mut self, list: &str, length: usize) -> Result<(), SimulatorError> {
        let known = LISTS.iter().find(|known| **known == list).ok_or_else(|| SimulatorError::NoList { name: list.to_owned() })?;
        self.lengths.insert((*known).to_owned(), length);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::edits::Edits;
    use crate::options::Options;
    use crate::testing::World;

    const EVERYTHING: &str = "{ organization(login: \"clockwork-lighthouse\") { repositories(first: 100) { nodes {
        name visibility isPrivate isArchived pushedAt updatedAt
        codeowners { errors { line kind } } descriptor: object(expression: \"HEAD:catalog-info.yaml\") { oid }
        branchProtectionRules(first: 10) { nodes { id pattern requiresApprovingReviews requiredApprovingReviewCount requiresStatusChecks
            allowsForcePushes allowsDeletions isAdminEnforced requiresCodeOwnerReviews } } } }
        teams(first: 50) { nodes { slug repositories(first: 100) { nodes { name } } } } } }";

    fn options() -> Options {
        Options { repositories: 40, ..Options::default() }
    }

    /// What the vendors show of everything that edits are about.
    fn shown(world: &World) -> Vec<Value> {
        let properties = world.get("/orgs/clockwork-lighthouse/properties/values?per_page=100").value();
        let monitors = world.watch("/api/v1/monitor").value();
        let definitions = world.watch("/api/v2/services/definitions?page[size]=100").value();
        vec![world.query(EVERYTHING, json!({})), properties, monitors, definitions]
    }

    /// Where two values differ, and what stands there before and afterwards.
    fn differences(before: &Value, after: &Value, place: &str, found: &mut Vec<String>) {
        match (before, after) {
            (Value::Object(one), Value::Object(other)) if one.len() == other.len() && one.keys().eq(other.keys()) => {
                for (key, value) in one {
                    differences(value, &other[key], &format!("{place}.{key}"), found);
                }
            }
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
                for (value, other) in one.iter().zip(other) {
                    differences(value, other, &format!("{place}[]"), found);
                }
            }
            _ if before == after => {}
            _ => found.push(format!("{place}: {before} → {after}")),
        }
    }

    /// What an edit changes in a company.
    fn changed(edit: Edit) -> Vec<String> {
        let world = World::new(&options());
        let before = shown(&world);
        Edits::new(options()).make(edit, &world.clock).expect("it can be done");
        let mut found = Vec::new();
        for (before, after) in before.iter().zip(shown(&world)) {
            differences(before, &after, "", &mut found);
        }
        found
    }

    #[test]
    fn each_edit_changes_one_thing() {
        let world = World::new(&options());
        let first = |wanted: &dyn Fn(&crate::company::repositories::Repository) -> bool| {
            let found = world.company.repositories.iter().find(|repository| !repository.is_read_only_to_us() && wanted(repository));
            found.expect("there is one").name.clone()
        };
        let [change] = changed(Edit::AllowForcePushes(first(&|one| {
            one.rule_of(one.default_branch).is_some_and(|rule| !rule.allows_force_pushes(i64::MAX))
        })))
        .try_into()
        .expect("one change");
        assert!(change.ends_with(".branchProtectionRules.nodes[].allowsForcePushes: false → true"), "{change}");

        let private = |one: &crate::company::repositories::Repository| one.visibility == Visibility::Private;
        let changes = changed(Edit::Show(first(&private), Visibility::Public));
        let wanted = [".isPrivate: true → false", ".visibility: \"PRIVATE\" → \"PUBLIC\""];
        assert!(changes.len() == 2 && wanted.iter().all(|wanted| changes.iter().any(|change| change.ends_with(wanted))), "{changes:?}");

        let owned = first(&|one| one.properties.team(i64::MAX).is_some() && one.traits.service);
        let [change] = changed(Edit::Disown(owned)).try_into().expect("one change");
        assert!(change.starts_with("[].properties[].value: \"") && change.ends_with("\" → null"), "{change}");

        let described = first(&|one| one.files.iter().any(|file| file.path == DESCRIPTOR));
        let [change] = changed(Edit::Undescribe(described)).try_into().expect("one change");
        assert!(change.contains(".descriptor: {") && change.ends_with("→ null"), "{change}");

        let audible = world.company.watch().monitors.iter().position(|monitor| monitor.muted == Muted::No).expect("most are");
        let [change] = changed(Edit::Mute(audible)).try_into().expect("one change");
        assert_eq!(change, "[].options.silenced: {} → {\"*\":null}");
    }

    #[test]
    fn a_short_list_is_whole_and_short() {
        let world = World::new(&options());
        let edits = Edits::new(options());
        let count = |target: &str, key: &str| {
            let answer = world.watch(target).value();
            if key.is_empty() { answer.as_array().map(Vec::len) } else { answer[key].as_array().map(Vec::len) }
        };
        let lists = [
            ("datadog.monitors", "/api/v1/monitor", ""),
            ("datadog.slos", "/api/v1/slo", "data"),
            ("datadog.dashboards", "/api/v1/dashboard", "dashboards"),
            ("datadog.synthetic_tests", "/api/v1/synthetics/tests", "tests"),
            ("datadog.service_definitions", "/api/v2/services/definitions?page[size]=100", "data"),
        ];
        for (list, target, key) in lists {
            let whole = count(target, key);
            assert!(whole > Some(2), "{list} {whole:?}");
            edits.make(Edit::Shorten(list.to_owned(), 2), &world.clock).expect("it is known");
            assert_eq!(count(target, key), Some(2), "{list}");
            edits.make(Edit::Shorten(list.to_owned(), usize::MAX), &world.clock).expect("it is known");
            assert_eq!(count(target, key), whole, "{list}");
        }
    }

    #[test]
    fn what_cannot_be_changed_is_told() {
        let world = World::new(&options());
        let edits = Edits::new(options());
        let make = |edit: Edit| edits.make(edit, &world.clock).map_err(|error| error.to_string());
        let name = world.company.repositories[0].name.clone();
        let now = world.company.repositories[0].visibility;
        let told = make(Edit::Show(name.clone(), now)).expect_err("it has it");
        assert_eq!(told, format!("change the company: `{name}` has that visibility"));
        assert!(make(Edit::Show("nowhere".to_owned(), now)).expect_err("there is none").contains("there is none"));
        assert!(make(Edit::Shorten("datadog.incidents".to_owned(), 1)).expect_err("not that one").contains("datadog.incidents"));
        assert!(make(Edit::Mute(usize::MAX)).is_err());
        make(Edit::Disown(name.clone())).expect("it has one");
        assert!(make(Edit::Disown(name)).is_err(), "not twice");
    }
}
