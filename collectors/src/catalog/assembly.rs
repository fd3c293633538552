//! All descriptors together: what is described twice, and what references mean, can only be told by the whole catalog.

use std::collections::{HashMap, HashSet};

use crate::privacy::{Pseudonym, Pseudonyms};

use super::{
    descriptor::{self, Described, Entity},
    kind::EntityKind,
    people::People,
    reference::Reference,
    source::Source,
    yaml,
};

/// The catalog of a run.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    /// The entities, in the order of the files.
    pub(super) entities: Vec<Found>,
    /// The documents that are no descriptors.
    pub(super) broken: Vec<Broken>,
    /// Documents by the place of their file.
    pub(super) documents: Vec<usize>,
    described: HashSet<String>,
}

/// An entity, and where it is described.
#[derive(Debug)]
pub(super) struct Found {
    /// The place of the file among the sources.
    pub(super) source: usize,
    /// The line that its document begins on.
    pub(super) line: usize,
    pub(super) entity: Entity,
}

/// A document that is no descriptor.
#[derive(Debug)]
pub(super) struct Broken {
    /// The place of the file among the sources.
    pub(super) source: usize,
    /// The line that it begins on.
    pub(super) line: usize,
    pub(super) kind: Option<EntityKind>,
    /// What is wrong.
    pub(super) text: String,
}

impl Assembly {
    /// Reads every document. Of two that describe one entity, the first counts.
    pub(super) fn of(sources: &[Source], pseudonyms: &Pseudonyms) -> Self {
        let mut assembly = Self::default();
        let mut first: HashMap<String, String> = HashMap::new();
        let mut persons: HashSet<Pseudonym> = HashSet::new();
        for (place, source) in sources.iter().enumerate() {
            let documents = source.text.as_deref().map(yaml::documents).unwrap_or_default();
            assembly.documents.push(documents.len());
            // What stands in a repository was masked when it was read from there.
            let people = People::new(pseudonyms, source.repository.is_some());
            for document in documents {
                let line = document.line;
                let mut broken = |kind, text| assembly.broken.push(Broken { source: place, line, kind, text });
                match descriptor::read(&document, &people) {
                    Ok(Described::Entity(entity)) => {
                        let reference = entity.reference.to_string();
                        if let Some(other) = first.get(&reference) {
                            broken(Some(entity.kind), format!("line {line}: `{reference}` is described already, in {other}"));
                            continue;
                        }
                        first.insert(reference, format!("`{}` at line {line}", source.parent.name));
                        persons.extend(entity.members.iter().cloned());
                        assembly.entities.push(Found { source: place, line, entity: *entity });
                    }
                    Ok(Described::Person(person)) => persons.extend([person]),
                    Ok(Described::Else) => {}
                    Err(invalid) => broken(invalid.kind, invalid.text()),
                }
            }
        }
        assembly.described = first.into_keys().collect();
        assembly.settle(&persons, pseudonyms);
        assembly
    }

    /// Whether an entity has a descriptor of its own.
    pub(super) fn describes(&self, reference: &str) -> bool {
        self.described.contains(reference)
    }

    /// Gives references their meaning that left their kind out: a resource may be meant where a component was supposed, and somebody
    /// who is known as a person is no team.
    fn settle(&mut self, persons: &HashSet<Pseudonym>, pseudonyms: &Pseudonyms) {
        for relation in self.entities.iter_mut().flat_map(|found| &mut found.entity.relations) {
            let to = &mut relation.to;
            if self.described.contains(&to.to_string()) {
                continue;
            }
            if relation.is_guess {
                let resource = Reference { kind: "resource".to_owned(), ..to.clone() };
                if self.described.contains(&resource.to_string()) {
                    *to = resource;
                }
            } else if to.kind == "group" {
                // The files of repositories know people by their logins on GitHub.
                let keys = ["catalog", "github"].map(|source| pseudonyms.of(source, &to.name));
                if let Some(person) = keys.iter().find(|key| persons.contains(key)) {
                    (to.kind, to.name) = ("user".to_owned(), person.to_string());
                }
            }
        }
    }
}
