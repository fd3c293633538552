//! One row per repository and ruleset that GitHub applies to it, its own and those of its organisation.
//!
//! - grain: `repository_id`, `ruleset_id`
//! - endpoint: comes along with `github.rulesets`
//! - permission: Metadata: read
//! - date: the day of the run; today's state only

use serde::Serialize;

use crate::table::{Kind, Probe, Read, Row, Table, Watch};

use super::{listing::Repository, protection_wire::Applied, rulesets};

/// `github.repository_rulesets`
pub const TABLE: Table = Table {
    source: "github",
    name: "repository_rulesets",
    meaning: "One row per repository and ruleset that GitHub applies to it, its own and those of its organisation, as of the date.",
    kind: Kind::Snapshot,
    grain: &["repository_id", "ruleset_id"],
    version: None,
    endpoint: "POST /graphql nodes.rulesets",
    permission: "Metadata: read",
    probe: Probe::Repository("rulesets(first: 1) { totalCount }"),
    requests: |_| Some(0),
    columns: RepositoryRuleset::COLUMNS,
    watch: Watch::of(&["enforcement"]),
    read: Read::With(&rulesets::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct RepositoryRuleset {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the ruleset
    ruleset_id: i64,
    /// Name of the ruleset
    name: String,
    /// Whose it is: repository, organization or enterprise
    source_type: String,
    /// What it is about: branch, tag, push or repository
    target: Option<String>,
    /// active, evaluate (only tried) or disabled
    enforcement: String,
}

/// A ruleset that is for a repository as a row.
pub(super) fn row(repository: &Repository, ruleset: &Applied) -> Option<RepositoryRuleset> {
    Some(RepositoryRuleset {
        repository_id: repository.database_id,
        full_name: repository.name_with_owner.clone(),
        ruleset_id: ruleset.database_id?,
        name: ruleset.name.clone(),
        source_type: ruleset.source.kind.to_lowercase(),
        target: ruleset.target.as_ref().map(|target| target.to_lowercase()),
        enforcement: ruleset.enforcement.to_lowercase(),
    })
}
