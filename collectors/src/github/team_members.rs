//! One row per team and person who is a member of it, not only of a team within it.
//!
//! - grain: `team_id`, `member_key`
//! - endpoint: comes along with `github.teams`, 100 a request beyond the first
//! - permission: Members: read (organisation)
//! - date: the day of the run; today's state only

use serde::Serialize;

use crate::{
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Watch},
};

use super::{
    person,
    teams::{self, Wire},
};

/// `github.team_members`
pub const TABLE: Table = Table {
    source: "github",
    name: "team_members",
    meaning: "One row per team and person who is a member of it, not only of a team within it, as of the date.",
    kind: Kind::Snapshot,
    grain: &["team_id", "member_key"],
    version: None,
    endpoint: "POST /graphql organization.teams.members",
    permission: "Members: read (organisation)",
    probe: Probe::Organization("teams(first: 1) { totalCount }"),
    requests: |_| Some(0),
    columns: TeamMember::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::With(&teams::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct TeamMember {
    /// Number of the team
    team_id: i64,
    /// Login of the organisation
    organization: String,
    /// Slug of the team
    team_slug: String,
    /// Who
    member_key: Pseudonym,
    /// member or maintainer
    role: String,
}

/// The members of a team who are shown.
pub(super) fn rows(pseudonyms: &Pseudonyms, organization: &str, team: &Wire) -> Vec<TeamMember> {
    let row = |member: &teams::Member| {
        Some(TeamMember {
            team_id: team.database_id?,
            organization: organization.to_owned(),
            team_slug: team.slug.clone(),
            member_key: person(pseudonyms, Some(&member.node.login))?,
            role: member.role.to_lowercase(),
        })
    };
    team.members.shown().filter_map(row).collect()
}
