//! One row per relation from one entity of the catalog to another, as of the date.
//!
//! Also those of entities without a table of their own: `API` and `Resource`. What both ends say, such as a group its parent and that one
//! its children, is one row: that of the end which it goes out from.
//!
//! - grain: `from_ref`, `relation`, `to_ref`
//! - endpoint: none: files, and github.repository_files
//! - permission: none
//! - date: the day of the run; today's state only

use std::collections::HashSet;

use serde::Serialize;

use crate::table::{Kind, Probe, Read, Row, Table, Watch};

use super::{assembly::Assembly, services, source::Source};

/// `catalog.dependencies`
pub const TABLE: Table = Table {
    source: "catalog",
    name: "dependencies",
    meaning: "One row per relation from one entity of the catalog to another, as of the date.",
    kind: Kind::Snapshot,
    grain: &["from_ref", "relation", "to_ref"],
    version: None,
    endpoint: "none: files, and github.repository_files",
    permission: "none",
    probe: Probe::Nothing,
    requests: |_| None,
    columns: Dependency::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::With(&services::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Dependency {
    /// The entity that it goes out from, such as `component:default/lamp-api`
    from_ref: String,
    /// component, api, resource, system, domain or group
    from_kind: String,
    /// depends_on, provides_api, consumes_api, part_of, owned_by or child_of
    relation: String,
    /// The entity that it names
    to_ref: String,
    /// Likewise
    to_kind: String,
    /// That one has a descriptor of its own
    is_described: bool,
    /// The file that describes it, from the folder of almanac.toml or the root of the repository
    file: String,
    /// The line that its document begins on
    line: i64,
    /// `organisation/name` of the repository; null for a file beside almanac.toml
    repository: Option<String>,
}

/// The relations of all entities, by the place of the file that tells them.
pub(super) fn rows(assembly: &Assembly, sources: &[Source]) -> Vec<Vec<Dependency>> {
    let mut rows: Vec<Vec<Dependency>> = sources.iter().map(|_| Vec::new()).collect();
    let mut known = HashSet::new();
    for is_reversed in [false, true] {
        for found in &assembly.entities {
            let (Some(source), Some(rows)) = (sources.get(found.source), rows.get_mut(found.source)) else { continue };
            for relation in found.entity.relations.iter().filter(|relation| relation.field.is_reversed == is_reversed) {
                let (from, to) = match is_reversed {
                    false => (&found.entity.reference, &relation.to),
                    true => (&relation.to, &found.entity.reference),
                };
                let (from_ref, to_ref) = (from.to_string(), to.to_string());
                if !known.insert((from_ref.clone(), relation.field.relation, to_ref.clone())) {
                    continue;
                }
                rows.push(Dependency {
                    from_ref,
                    from_kind: from.kind.clone(),
                    relation: relation.field.relation.to_owned(),
                    is_described: assembly.describes(&to_ref),
                    to_ref,
                    to_kind: to.kind.clone(),
                    file: source.file.clone(),
                    line: found.line as i64,
                    repository: source.repository.clone(),
                });
            }
        }
    }
    rows
}
