//! One row per system or domain of the catalog, as of the date.
//!
//! - grain: `entity_ref`
//! - endpoint: none: files, and github.repository_files
//! - permission: none
//! - date: the day of the run; today's state only

use std::collections::BTreeMap;

use serde::Serialize;

use crate::table::{Kind, Probe, Read, Row, Table, Watch};

use super::{assembly::Found, kind::EntityKind, services, source::Source};

/// `catalog.systems`
pub const TABLE: Table = Table {
    source: "catalog",
    name: "systems",
    meaning: "One row per system or domain of the catalog, as of the date.",
    kind: Kind::Snapshot,
    grain: &["entity_ref"],
    version: None,
    endpoint: "none: files, and github.repository_files",
    permission: "none",
    probe: Probe::Nothing,
    requests: |_| None,
    columns: System::COLUMNS,
    watch: Watch::of(&["owner_ref", "domain_ref"]),
    read: Read::With(&services::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct System {
    /// `system:namespace/name` or `domain:namespace/name`
    entity_ref: String,
    /// system or domain
    kind: String,
    /// Its namespace
    namespace: String,
    /// Its name
    name: String,
    /// What people call it
    title: Option<String>,
    /// Who owns it
    owner_ref: Option<String>,
    /// The domain that it is part of
    domain_ref: Option<String>,
    /// Labels
    labels: BTreeMap<String, String>,
    /// Tags
    tags: Vec<String>,
    /// The file that describes it, from the folder of almanac.toml or the root of the repository
    file: String,
    /// The line that its document begins on
    line: i64,
    /// `organisation/name` of the repository; null for a file beside almanac.toml
    repository: Option<String>,
}

/// The row of an entity that is a system or a domain.
pub(super) fn row(found: &Found, source: &Source) -> Option<System> {
    let Found { line, entity, .. } = found;
    let domain = match entity.kind {
        EntityKind::System => "domain",
        EntityKind::Domain => "subdomainOf",
        _ => return None,
    };
    Some(System {
        entity_ref: entity.reference.to_string(),
        kind: entity.reference.kind.clone(),
        namespace: entity.reference.namespace.clone(),
        name: entity.name.clone(),
        title: entity.title.clone(),
        owner_ref: entity.one("owner"),
        domain_ref: entity.one(domain),
        labels: entity.labels.clone(),
        tags: entity.tags.clone(),
        file: source.file.clone(),
        line: *line as i64,
        repository: source.repository.clone(),
    })
}
