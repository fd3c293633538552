//! One row per team and repository it has access to, inherited access included.
//!
//! - grain: `team_id`, `repository_id`
//! - endpoint: comes along with `github.teams`, 100 a request beyond the first
//! - permission: Members: read (organisation)
//! - date: the day of the run; today's state only

use serde::Serialize;

use crate::table::{Kind, Probe, Read, Row, Table, Watch};

use super::teams::{self, Wire};

/// `github.team_repositories`
pub const TABLE: Table = Table {
    source: "github",
    name: "team_repositories",
    meaning: "One row per team and repository it has access to, inherited access included, as of the date.",
    kind: Kind::Snapshot,
    grain: &["team_id", "repository_id"],
    version: None,
    endpoint: "POST /graphql organization.teams.repositories",
    permission: "Members: read (organisation)",
    probe: Probe::Organization("teams(first: 1) { totalCount }"),
    requests: |_| Some(0),
    columns: TeamRepository::COLUMNS,
    watch: Watch::of(&["permission"]),
    read: Read::With(&teams::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct TeamRepository {
    /// Number of the team
    team_id: i64,
    /// Login of the organisation
    organization: String,
    /// Slug of the team
    team_slug: String,
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// read, triage, write, maintain or admin
    permission: String,
}

/// The repositories of a team that are shown.
pub(super) fn rows(organization: &str, team: &Wire) -> Vec<TeamRepository> {
    let row = |access: &teams::Access| {
        Some(TeamRepository {
            team_id: team.database_id?,
            organization: organization.to_owned(),
            team_slug: team.slug.clone(),
            repository_id: access.node.database_id?,
            full_name: access.node.name_with_owner.clone(),
            permission: access.permission.to_lowercase(),
        })
    };
    team.repositories.shown().filter_map(row).collect()
}
