//! One row per team (`Group`) of the catalog, as of the date.
//!
//! - grain: `entity_ref`
//! - endpoint: none: files, and github.repository_files
//! - permission: none
//! - date: the day of the run; today's state only

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    privacy::Pseudonym,
    table::{Kind, Probe, Read, Row, Table, Watch},
};

use super::{assembly::Found, kind::EntityKind, services, source::Source};

/// `catalog.teams`
pub const TABLE: Table = Table {
    source: "catalog",
    name: "teams",
    meaning: "One row per team (`Group`) of the catalog, as of the date.",
    kind: Kind::Snapshot,
    grain: &["entity_ref"],
    version: None,
    endpoint: "none: files, and github.repository_files",
    permission: "none",
    probe: Probe::Nothing,
    requests: |_| None,
    columns: Team::COLUMNS,
    watch: Watch::of(&["parent_ref", "github_team", "pagerduty_id", "slack_channel"]),
    read: Read::With(&services::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Team {
    /// `group:namespace/name`
    entity_ref: String,
    /// Its namespace
    namespace: String,
    /// Its name
    name: String,
    /// What people call it
    title: Option<String>,
    /// team, department, …
    group_type: Option<String>,
    /// The group that it is part of
    parent_ref: Option<String>,
    /// Groups that are part of it
    child_refs: Vec<String>,
    /// Its members, as far as the descriptor names them
    member_keys: Vec<Pseudonym>,
    /// `organisation/slug`: annotation github.com/team-slug
    github_team: Option<String>,
    /// Annotation pagerduty.com/escalation-policy or pagerduty.com/team-id
    pagerduty_id: Option<String>,
    /// Annotation slack.com/channel, or a link to Slack
    slack_channel: Option<String>,
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

/// The row of an entity that is a group.
pub(super) fn row(found: &Found, source: &Source) -> Option<Team> {
    let Found { line, entity, .. } = found;
    if entity.kind != EntityKind::Group {
        return None;
    }
    let policy = entity.annotation("pagerduty.com/escalation-policy");
    Some(Team {
        entity_ref: entity.reference.to_string(),
        namespace: entity.reference.namespace.clone(),
        name: entity.name.clone(),
        title: entity.title.clone(),
        group_type: entity.entity_type.clone(),
        parent_ref: entity.one("parent"),
        child_refs: entity.all("children").collect(),
        member_keys: entity.members.clone(),
        github_team: entity.annotation("github.com/team-slug"),
        pagerduty_id: policy.or_else(|| entity.annotation("pagerduty.com/team-id")),
        slack_channel: entity.slack_channel(),
        labels: entity.labels.clone(),
        tags: entity.tags.clone(),
        file: source.file.clone(),
        line: *line as i64,
        repository: source.repository.clone(),
    })
}
