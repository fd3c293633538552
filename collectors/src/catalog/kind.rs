//! The kinds of entities, what each says of others, and which table a kind belongs to.

use crate::table::Table;

use super::{dependencies, services, systems, teams};

/// A kind of entity that Backstage knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum EntityKind {
    Component,
    Api,
    Resource,
    System,
    Domain,
    Group,
    User,
    Location,
    Template,
}

/// A field of `spec` that names other entities.
#[derive(Debug)]
pub(super) struct Field {
    pub(super) name: &'static str,
    /// What the entity is to those that it names.
    pub(super) relation: &'static str,
    /// Those that it names are it to the entity.
    pub(super) is_reversed: bool,
    /// It can name several.
    pub(super) is_list: bool,
    /// What is meant where the kind is left out.
    pub(super) default: EntityKind,
    /// The kinds that have the field.
    of: &'static [EntityKind],
}

const OWNED: &[EntityKind] = &[EntityKind::Component, EntityKind::Api, EntityKind::Resource, EntityKind::System, EntityKind::Domain];
const RUNNING: &[EntityKind] = &[EntityKind::Component, EntityKind::Api, EntityKind::Resource];

/// Every field that names other entities.
#[rustfmt::skip]
const FIELDS: [Field; 11] = [
    Field { name: "owner", relation: "owned_by", is_reversed: false, is_list: false, default: EntityKind::Group, of: OWNED },
    Field { name: "system", relation: "part_of", is_reversed: false, is_list: false, default: EntityKind::System, of: RUNNING },
    Field { name: "subcomponentOf", relation: "part_of", is_reversed: false, is_list: false, default: EntityKind::Component, of: &[EntityKind::Component] },
    Field { name: "dependsOn", relation: "depends_on", is_reversed: false, is_list: true, default: EntityKind::Component, of: RUNNING },
    Field { name: "dependencyOf", relation: "depends_on", is_reversed: true, is_list: true, default: EntityKind::Component, of: RUNNING },
    Field { name: "providesApis", relation: "provides_api", is_reversed: false, is_list: true, default: EntityKind::Api, of: &[EntityKind::Component] },
    Field { name: "consumesApis", relation: "consumes_api", is_reversed: false, is_list: true, default: EntityKind::Api, of: &[EntityKind::Component] },
    Field { name: "domain", relation: "part_of", is_reversed: false, is_list: false, default: EntityKind::Domain, of: &[EntityKind::System] },
    Field { name: "subdomainOf", relation: "part_of", is_reversed: false, is_list: false, default: EntityKind::Domain, of: &[EntityKind::Domain] },
    Field { name: "parent", relation: "child_of", is_reversed: false, is_list: false, default: EntityKind::Group, of: &[EntityKind::Group] },
    Field { name: "children", relation: "child_of", is_reversed: true, is_list: true, default: EntityKind::Group, of: &[EntityKind::Group] },
];

impl Field {
    /// The kind of those that it names cannot be told from the field: `dependsOn` is of components and of resources.
    pub(super) fn is_open(&self) -> bool {
        self.relation == "depends_on"
    }
}

impl EntityKind {
    const ALL: [Self; 9] =
        [Self::Component, Self::Api, Self::Resource, Self::System, Self::Domain, Self::Group, Self::User, Self::Location, Self::Template];

    /// As descriptors write it.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Component => "Component",
            Self::Api => "API",
            Self::Resource => "Resource",
            Self::System => "System",
            Self::Domain => "Domain",
            Self::Group => "Group",
            Self::User => "User",
            Self::Location => "Location",
            Self::Template => "Template",
        }
    }

    /// The kind of this name.
    pub(super) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The kind that was most likely meant by a name that is none; nothing if none is near.
    pub(super) fn near(name: &str) -> Option<Self> {
        let (name, ways) = (name.to_lowercase(), Self::ALL.into_iter());
        let (kind, edits) = ways.map(|kind| (kind, edits(&name, &kind.as_str().to_lowercase()))).min_by_key(|(_, edits)| *edits)?;
        (3 * edits <= kind.as_str().len()).then_some(kind)
    }

    /// The fields by which it names others.
    pub(super) fn fields(self) -> impl Iterator<Item = &'static Field> {
        FIELDS.iter().filter(move |field| field.of.contains(&self))
    }

    /// The fields of `spec` that must be there, each with what to write.
    pub(super) const fn required(self) -> &'static [(&'static str, &'static str)] {
        const OWNER: (&str, &str) = ("owner", "name the team, such as group:default/payments");
        match self {
            Self::Component => &[
                ("type", "write service, website, library or what you call it"),
                ("lifecycle", "write experimental, production, deprecated or what you call it"),
                OWNER,
            ],
            Self::Api | Self::Resource | Self::System | Self::Domain => &[OWNER],
            Self::Group => &[("type", "write team, department or what you call it")],
            Self::User | Self::Location | Self::Template => &[],
        }
    }

    /// The table that is about it.
    pub(super) const fn table(self) -> &'static Table {
        match self {
            Self::Component | Self::User | Self::Location | Self::Template => &services::TABLE,
            Self::System | Self::Domain => &systems::TABLE,
            Self::Group => &teams::TABLE,
            Self::Api | Self::Resource => &dependencies::TABLE,
        }
    }
}

/// How many letters must be put in, left out or changed to make one word the other.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (place, letter) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], place + 1);
        for (column, wanted) in other.iter().enumerate() {
            let changed = diagonal + usize::from(letter != *wanted);
            diagonal = row[column + 1];
            row[column + 1] = changed.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_kind_is_near_the_one_that_was_meant() {
        assert_eq!((edits("", "abc"), edits("kitten", "sitting"), edits("same", "same")), (3, 3, 0));
        for (name, kind) in [
            ("component", Some(EntityKind::Component)),
            ("Componet", Some(EntityKind::Component)),
            ("api", Some(EntityKind::Api)),
            ("Groups", Some(EntityKind::Group)),
            ("Microservice", None),
            ("", None),
        ] {
            assert_eq!(EntityKind::near(name), kind, "{name}");
        }
        assert_eq!((EntityKind::of("API"), EntityKind::of("api")), (Some(EntityKind::Api), None));
    }
}
