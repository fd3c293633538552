//! One row per entry of an incident's log, but for notifications and notes.
//!
//! - grain: `log_entry_id`
//! - endpoint: GET /log_entries by time, 100 a page
//! - permission: Incidents: read
//! - date: the day of the run that saw it

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Tally},
    http::{Client, Item, Paging, Stopped, outcome_of, with_missing, with_unreadable},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    Reference, ids, incidents, paging,
    parts::{Parts, Span},
    person,
};

/// `pagerduty.incident_log_entries`
pub const TABLE: Table = Table {
    source: "pagerduty",
    name: "incident_log_entries",
    meaning: "One row per entry of an incident's log, but for notifications and notes.",
    kind: Kind::Changes,
    grain: &["log_entry_id"],
    version: Some("created_at"),
    endpoint: "GET /log_entries by time, 100 a page",
    permission: "Incidents: read",
    probe: Probe::Rest("/log_entries?limit=1"),
    requests: |_| None,
    columns: IncidentLogEntry::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::With(&incidents::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct IncidentLogEntry {
    /// Id of the entry
    log_entry_id: String,
    /// Id of the incident
    incident_id: String,
    /// Service that it is about
    service_id: Option<String>,
    /// trigger, acknowledge, unacknowledge, escalate, assign, delegate, snooze, resolve, …
    entry_type: String,
    /// When
    created_at: Timestamp,
    /// How: auto, api, website, web_trigger, email, mobile, timeout, …
    channel: Option<String>,
    /// user, service, integration, …
    agent_kind: Option<String>,
    /// Who, for a user
    agent_key: Option<Pseudonym>,
    /// Teams of the incident
    team_ids: Vec<String>,
}

const PAGING: Paging = paging("log_entries");

/// The logs of all incidents over some time.
#[derive(Debug)]
pub(super) struct Log {
    /// When each incident that they name last changed.
    pub(super) newest: HashMap<String, Timestamp>,
    /// How reading them ended.
    pub(super) outcome: Outcome,
}

/// An entry as PagerDuty describes it, without its words.
#[derive(Deserialize)]
struct Wire {
    id: String,
    #[serde(rename = "type")]
    kind: String,
    created_at: Timestamp,
    incident: Option<Reference>,
    service: Option<Reference>,
    channel: Option<Channel>,
    agent: Option<Agent>,
    teams: Option<Vec<Reference>>,
}

#[derive(Deserialize)]
struct Channel {
    #[serde(rename = "type")]
    kind: Option<String>,
}

/// Who did it; what has no account has no id.
#[derive(Deserialize)]
struct Agent {
    id: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// Reads the logs, and hands their entries over where they are wanted.
pub(super) async fn read(
    context: &Context<'_>,
    client: &Client,
    parent: &Parent,
    spans: Vec<Span>,
    tally: &Tally,
) -> Result<Log, CollectError> {
    let mut parts = Parts::new(client, &PAGING, spans);
    let mut newest = HashMap::new();
    let end = pages(context, &mut parts, parent, &mut newest, tally).await;
    let outcome = with_missing(with_unreadable(outcome_of(end, tally)?, &parts.unreadable), &parts.cut);
    Ok(Log { newest, outcome })
}

async fn pages(
    context: &Context<'_>,
    parts: &mut Parts<'_, Span, Wire>,
    parent: &Parent,
    newest: &mut HashMap<String, Timestamp>,
    tally: &Tally,
) -> Result<(), Stopped> {
    let is_wanted = context.sink.wants(&TABLE);
    while let Some(entries) = parts.next(tally).await? {
        // A note has no row, and yet the incident changed with it.
        for (entry, incident) in entries.iter().filter_map(|entry| Some((entry, entry.incident.as_ref()?))) {
            let last = newest.entry(incident.id.clone()).or_insert(entry.created_at);
            *last = entry.created_at.max(*last);
        }
        let rows: Vec<_> = entries.into_iter().filter_map(|entry| row(context.pseudonyms, entry)).collect();
        if is_wanted {
            tally.page(rows.len());
            context.sink.write(&TABLE, parent, &rows).await?;
        }
    }
    Ok(())
}

/// Nothing for a notification, a note, and what is about no incident.
fn row(pseudonyms: &Pseudonyms, entry: Wire) -> Option<IncidentLogEntry> {
    let entry_type = entry.kind.trim_end_matches("_reference").trim_end_matches("_log_entry");
    if entry_type.starts_with("notify") || entry_type.starts_with("annotate") {
        return None;
    }
    let agent_kind = entry.agent.as_ref().and_then(|agent| agent.kind.as_deref()).map(|kind| kind.trim_end_matches("_reference"));
    let agent_id = entry.agent.as_ref().and_then(|agent| agent.id.as_deref()).filter(|_| agent_kind == Some("user"));
    Some(IncidentLogEntry {
        incident_id: entry.incident?.id,
        service_id: entry.service.map(|service| service.id),
        entry_type: entry_type.to_owned(),
        created_at: entry.created_at,
        channel: entry.channel.and_then(|channel| channel.kind),
        agent_kind: agent_kind.map(|kind| if kind.ends_with("_integration") { "integration" } else { kind }.to_owned()),
        agent_key: agent_id.map(|id| person(pseudonyms, id)),
        team_ids: ids(entry.teams.as_deref()),
        log_entry_id: entry.id,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row_of(kind: &str, agent: Value) -> Option<IncidentLogEntry> {
        let entry = json!({
            "id": "R1", "type": kind, "created_at": "2026-11-02T08:00:00.000000Z", "summary": "Acknowledged by Ada.", "agent": agent,
            "incident": {"id": "Q1", "type": "incident_reference", "summary": "[#4] The lamp is out"}, "service": {"id": "PLAMP01"},
            "channel": {"type": "mobile", "details": {"from": "ada@clockwork.example"}}, "teams": [{"id": "PTEAM01"}], "note": "Ask Ada",
        });
        row(&Pseudonyms::new(&"key".into()), serde_json::from_value(entry).unwrap())
    }

    #[test]
    fn an_entry_keeps_what_happened_and_no_words() {
        let row = row_of("acknowledge_log_entry", json!({"id": "PADA001", "type": "user_reference", "summary": "Ada"})).unwrap();
        assert_eq!(
            (row.entry_type.as_str(), row.channel.as_deref(), row.agent_kind.as_deref()),
            ("acknowledge", Some("mobile"), Some("user"))
        );
        assert!(row.agent_key.is_some() && row.service_id.as_deref() == Some("PLAMP01"));
        let text = serde_json::to_string(&row).unwrap();
        assert!(!["Ada", "PADA001", "lamp is out", "clockwork"].iter().any(|word| text.contains(word)), "{text}");
    }

    #[test]
    fn only_a_user_is_a_person() {
        let row = row_of("trigger_log_entry", json!({"id": "PI1", "type": "events_api_v2_inbound_integration_reference"})).unwrap();
        assert_eq!((row.agent_kind.as_deref(), row.agent_key), (Some("integration"), None));
        let row = row_of("resolve_log_entry_reference", json!({"id": "PLAMP01", "type": "service_reference"})).unwrap();
        assert_eq!((row.entry_type.as_str(), row.agent_kind.as_deref(), row.agent_key), ("resolve", Some("service"), None));
        assert_eq!(row_of("escalate_log_entry", Value::Null).unwrap().agent_kind, None);
    }

    #[test]
    fn notifications_and_notes_are_left_out() {
        assert!(row_of("notify_log_entry", Value::Null).is_none() && row_of("annotate_log_entry", Value::Null).is_none());
    }
}
