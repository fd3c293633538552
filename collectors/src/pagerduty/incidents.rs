//! One row per PagerDuty incident, as last seen.
//!
//! Acknowledged and resolved is what the log entries say (`pagerduty.incident_log_entries`): the incident itself only tells its present state.
//!
//! PagerDuty lists incidents by when they were made. That an older one changed is known from its log, so that the logs are read first, and
//! what they name and the list does not is asked for one by one.
//!
//! - grain: `incident_id`
//! - endpoint: GET /incidents by time, 100 a page; GET /incidents/{id} for older ones that changed
//! - permission: Incidents: read
//! - date: the day of the run that saw the change; the newest `changed_at` wins

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use futures::{FutureExt, StreamExt, TryStreamExt, future::BoxFuture, stream};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Parent, Tally},
    http::{ApiError, ApiErrorKind, Item, Paging, Stopped, encoded, outcome_of, with_missing, with_unreadable},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    PagerDuty, Reference, ids, incident_log_entries, mask, pagerduty, paging, parent,
    parts::{Parts, Span},
    person,
};

/// `pagerduty.incidents`
pub const TABLE: Table = Table {
    source: "pagerduty",
    name: "incidents",
    meaning: "One row per PagerDuty incident, as last seen.",
    kind: Kind::Changes,
    grain: &["incident_id"],
    version: Some("changed_at"),
    endpoint: "GET /incidents by time, 100 a page; GET /incidents/{id} for older ones that changed",
    permission: "Incidents: read",
    probe: Probe::Rest("/incidents?limit=1"),
    requests: |_| None,
    columns: Incident::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Incident {
    /// Id of the incident
    incident_id: String,
    /// Its number
    incident_number: Option<i64>,
    /// Service that it is about
    service_id: Option<String>,
    /// Name of that service
    service_name: Option<String>,
    /// Who is called
    escalation_policy_id: Option<String>,
    /// Teams that it belongs to
    team_ids: Vec<String>,
    /// triggered, acknowledged or resolved
    status: String,
    /// high or low
    urgency: Option<String>,
    /// Name of its priority
    priority: Option<String>,
    /// Name of its type, such as incident_default
    incident_type: Option<String>,
    /// Triggered
    created_at: Timestamp,
    /// Last change of its state, or of its log
    changed_at: Timestamp,
    /// Alerts grouped in it [alerts]
    alerts: Option<i64>,
    /// Who it is assigned to
    assignee_keys: Vec<Pseudonym>,
    /// Its page
    html_url: Option<String>,
}

const PAGING: Paging = paging("incidents");
/// Older incidents that are asked for before their rows are handed over.
const BATCH: usize = 100;

/// An incident as PagerDuty describes it, without its title.
#[derive(Deserialize)]
struct Wire {
    id: String,
    incident_number: Option<i64>,
    status: String,
    urgency: Option<String>,
    created_at: Timestamp,
    updated_at: Option<Timestamp>,
    last_status_change_at: Option<Timestamp>,
    service: Option<Reference>,
    escalation_policy: Option<Reference>,
    teams: Option<Vec<Reference>>,
    assignments: Option<Vec<Assignment>>,
    priority: Option<Named>,
    incident_type: Option<Named>,
    alert_counts: Option<AlertCounts>,
    html_url: Option<String>,
}

#[derive(Deserialize)]
struct Assignment {
    assignee: Option<Reference>,
}

#[derive(Deserialize)]
struct Named {
    name: Option<String>,
    summary: Option<String>,
}

#[derive(Deserialize)]
struct AlertCounts {
    all: Option<i64>,
}

#[derive(Deserialize)]
struct One {
    incident: Wire,
}

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

/// One run's walk over the list, and what is missing after it.
struct Walk<'a> {
    context: &'a Context<'a>,
    pagerduty: &'a PagerDuty,
    parent: &'a Parent,
    tally: Tally,
    /// When the incidents that are left to read last changed, as far as their logs say.
    newest: HashMap<String, Timestamp>,
    unreadable: Vec<String>,
    missing: Vec<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let (pagerduty, parent) = (pagerduty(context)?, parent());
        let tables: Vec<_> = [&TABLE, &incident_log_entries::TABLE].into_iter().filter(|table| context.sink.wants(table)).collect();
        for table in &tables {
            context.sink.expect(table, 1);
        }
        if tables.iter().all(|table| context.sink.is_done(table, &parent)) {
            return Ok(());
        }
        let since = since(context, &tables, &parent, pagerduty.settings.history_days);
        let spans = |list| Span::all(list, since, context.now);
        let with_log = context.sink.wants(&incident_log_entries::TABLE);

        let tally = Tally::default();
        let log = incident_log_entries::read(context, &pagerduty.client, &parent, spans("log_entries"), &tally).await?;
        if with_log {
            context.sink.done(&incident_log_entries::TABLE, &parent, log.outcome.clone(), Vec::new()).await?;
        }
        if !context.sink.wants(&TABLE) {
            return Ok(());
        }
        // The requests for the logs stand with their own table, if they have one.
        let tally = if with_log { Tally::default() } else { tally };
        let mut missing = Vec::new();
        if !log.outcome.status.is_whole() {
            let reason = log.outcome.detail.as_deref().unwrap_or(log.outcome.status.as_str());
            missing.push(format!("older incidents that changed may be missing, for the logs could not be read: {reason}"));
        }
        let (newest, parent, unreadable) = (log.newest, &parent, Vec::new());
        let mut walk = Walk { context, pagerduty, parent, tally, newest, unreadable, missing };
        let end = walk.incidents(spans("incidents")).await;
        let outcome = with_missing(with_unreadable(outcome_of(end, &walk.tally)?, &walk.unreadable), &walk.missing);
        context.sink.done(&TABLE, parent, outcome, Vec::new()).await
    }
    .boxed()
}

/// From when on the changes are read: both tables come from one walk, which begins where the one that is further behind was read to.
fn since(context: &Context<'_>, tables: &[&'static Table], parent: &Parent, history_days: u32) -> DateTime<Utc> {
    let read_until: Option<Vec<Timestamp>> = tables.iter().map(|table| context.sink.since(table, parent)).collect();
    let beginning = context.now.checked_sub_signed(Duration::days(i64::from(history_days))).unwrap_or(DateTime::UNIX_EPOCH);
    read_until.and_then(|all| all.into_iter().min()).map_or(beginning, Timestamp::to_utc)
}

impl Walk<'_> {
    /// Those made since, then the older ones that their logs name.
    async fn incidents(&mut self, spans: Vec<Span>) -> Result<(), Stopped> {
        let mut parts = Parts::<_, Wire>::new(&self.pagerduty.client, &PAGING, spans);
        while let Some(incidents) = parts.next(&self.tally).await? {
            let rows = incidents.into_iter().map(|incident| {
                let newest = self.newest.remove(&incident.id);
                row(self.context.pseudonyms, incident, newest)
            });
            let rows: Vec<_> = rows.collect();
            self.hand_over(&rows).await?;
        }
        self.unreadable.append(&mut parts.unreadable);
        self.missing.append(&mut parts.cut);

        let mut older: Vec<_> = self.newest.drain().collect();
        older.sort_unstable();
        for batch in older.chunks(BATCH) {
            let (context, pagerduty, tally) = (self.context, self.pagerduty, &self.tally);
            let reads: Vec<_> = batch.iter().map(|(id, newest)| one(context, pagerduty, id, *newest, tally).boxed()).collect();
            let found: Vec<_> = stream::iter(reads).buffer_unordered(pagerduty.settings.concurrency).try_collect().await?;
            let mut rows = Vec::with_capacity(found.len());
            for found in found.into_iter().flatten() {
                match found {
                    Ok(row) => rows.push(row),
                    Err(reason) => self.missing.push(reason),
                }
            }
            self.hand_over(&rows).await?;
        }
        Ok(())
    }

    async fn hand_over(&self, rows: &[Incident]) -> Result<(), CollectError> {
        self.tally.page(rows.len());
        self.context.sink.write(&TABLE, self.parent, rows).await
    }
}

/// An incident asked for by its id: its row, or why it is missing; nothing if it was deleted.
async fn one(
    context: &Context<'_>,
    pagerduty: &PagerDuty,
    id: &str,
    newest: Timestamp,
    tally: &Tally,
) -> Result<Option<Result<Incident, String>>, ApiError> {
    match pagerduty.client.get::<One>(&format!("/incidents/{}?time_zone=UTC", encoded(id)), tally).await {
        Ok(one) => Ok(Some(Ok(row(context.pseudonyms, one.incident, Some(newest))))),
        Err(error) => match error.kind {
            ApiErrorKind::NotFound => Ok(None),
            ApiErrorKind::Forbidden | ApiErrorKind::Disabled | ApiErrorKind::Unexpected => {
                Ok(Some(Err(format!("`{id}`: {}", error.message))))
            }
            _ => Err(error),
        },
    }
}

fn row(pseudonyms: &Pseudonyms, incident: Wire, newest: Option<Timestamp>) -> Incident {
    let changes = [incident.last_status_change_at, incident.updated_at, newest];
    let name = |named: Named| named.name.or(named.summary);
    let assignees = incident.assignments.iter().flatten().filter_map(|assignment| assignment.assignee.as_ref());
    let mut assignee_keys: Vec<_> = assignees.map(|assignee| person(pseudonyms, &assignee.id)).collect();
    assignee_keys.sort_unstable();
    assignee_keys.dedup();
    Incident {
        incident_number: incident.incident_number,
        service_id: incident.service.as_ref().map(|service| service.id.clone()),
        service_name: incident.service.and_then(|service| service.summary).map(|name| mask(pseudonyms, name)),
        escalation_policy_id: incident.escalation_policy.map(|policy| policy.id),
        team_ids: ids(incident.teams.as_deref()),
        status: incident.status,
        urgency: incident.urgency,
        priority: incident.priority.and_then(name),
        incident_type: incident.incident_type.and_then(name),
        created_at: incident.created_at,
        changed_at: changes.into_iter().flatten().fold(incident.created_at, Timestamp::max),
        alerts: incident.alert_counts.and_then(|counts| counts.all),
        assignee_keys,
        html_url: incident.html_url,
        incident_id: incident.id,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// An incident of 8 o'clock, with these fields besides; its log last says something at this time.
    fn row_of(fields: Value, newest: Option<&str>) -> Incident {
        let mut incident = json!({
            "id": "Q1", "type": "incident", "incident_number": 4, "title": "The lamp is out, ask Ada", "summary": "[#4] The lamp is out",
            "status": "triggered", "created_at": "2026-11-02T08:00:00Z",
        });
        incident.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        let newest = newest.map(|text| serde_json::from_value(text.into()).unwrap());
        row(&Pseudonyms::new(&"key".into()), serde_json::from_value(incident).unwrap(), newest)
    }

    #[test]
    fn it_changed_when_the_last_of_it_did() {
        let changed = |fields, newest| row_of(fields, newest).changed_at.to_utc().format("%H:%M").to_string();
        assert_eq!(changed(json!({}), None), "08:00");
        assert_eq!(changed(json!({"last_status_change_at": "2026-11-02T08:10:00Z"}), None), "08:10");
        let both = json!({"last_status_change_at": "2026-11-02T08:10:00Z", "updated_at": "2026-11-02T09:30:00+01:00"});
        assert_eq!(changed(both.clone(), Some("2026-11-02T08:20:00Z")), "08:30");
        assert_eq!(changed(both, Some("2026-11-02T08:40:00Z")), "08:40");
    }

    #[test]
    fn an_incident_in_full_without_words_and_people() {
        let row = row_of(
            json!({
                "urgency": "high", "service": {"id": "PLAMP01", "summary": "Lamp posts"}, "escalation_policy": {"id": "PNIGHT1"},
                "teams": [{"id": "PTEAM01"}], "priority": {"id": "PP1", "name": "P1", "summary": "P1"}, "alert_counts": {"all": 3},
                "incident_type": {"name": "incident_default"}, "html_url": "https://clockwork.example/incidents/Q1",
                "assignments": [{"assignee": {"id": "PADA001", "type": "user_reference", "summary": "Ada"}}, {"assignee": {"id": "PADA001"}}],
            }),
            None,
        );
        assert_eq!((row.priority.as_deref(), row.incident_type.as_deref(), row.alerts), (Some("P1"), Some("incident_default"), Some(3)));
        assert_eq!((row.assignee_keys.len(), row.service_name.as_deref()), (1, Some("Lamp posts")));
        let text = serde_json::to_string(&row).unwrap();
        assert!(!["Ada", "PADA001", "lamp is out"].iter().any(|word| text.contains(word)), "{text}");
    }

    #[test]
    fn what_is_not_told_is_unknown() {
        let row = row_of(json!({"priority": null, "assignments": null, "teams": null, "alert_counts": null}), None);
        assert_eq!((row.priority, row.alerts, row.urgency, row.service_id), (None, None, None, None));
        assert!(row.assignee_keys.is_empty() && row.team_ids.is_empty());
    }
}
