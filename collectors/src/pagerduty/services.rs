//! One row per PagerDuty service, as of the date.
//!
//! - grain: `service_id`
//! - endpoint: GET /services, 100 a page
//! - permission: Services: read
//! - date: the day of the run; today's state only

use std::collections::BTreeSet;

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    http::{Item, List, Paging, read_list},
    privacy::Pseudonyms,
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{Reference, ids, mask, pagerduty, paging, parent};

/// `pagerduty.services`
pub const TABLE: Table = Table {
    source: "pagerduty",
    name: "services",
    meaning: "One row per PagerDuty service, as of the date.",
    kind: Kind::Snapshot,
    grain: &["service_id"],
    version: None,
    endpoint: "GET /services, 100 a page",
    permission: "Services: read",
    probe: Probe::Rest("/services?limit=1"),
    requests: |_| None,
    columns: Service::COLUMNS,
    watch: Watch::of(&["status", "escalation_policy_id", "team_ids", "alert_creation", "urgency_rule"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Service {
    /// Id of the service
    service_id: String,
    /// Its name
    name: String,
    /// active, warning, critical, maintenance or disabled
    status: String,
    /// Who is called
    escalation_policy_id: Option<String>,
    /// Teams that it belongs to
    team_ids: Vec<String>,
    /// Made
    created_at: Option<Timestamp>,
    /// The last time something happened
    last_incident_at: Option<Timestamp>,
    /// After so long, an acknowledged incident calls again; null is never [s]
    acknowledgement_timeout_seconds: Option<i64>,
    /// After so long, an incident is resolved by itself; null is never [s]
    auto_resolve_timeout_seconds: Option<i64>,
    /// create_incidents or create_alerts_and_incidents
    alert_creation: Option<String>,
    /// high, low, severity_based or support_hours
    urgency_rule: Option<String>,
    /// What reports to it, each kind once, such as events_api_v2
    integration_kinds: Vec<String>,
    /// Its page
    html_url: Option<String>,
}

const PAGING: Paging = paging("services");

/// A service as PagerDuty describes it.
#[derive(Deserialize)]
struct Wire {
    id: String,
    name: String,
    status: String,
    escalation_policy: Option<Reference>,
    teams: Option<Vec<Reference>>,
    created_at: Option<Timestamp>,
    last_incident_timestamp: Option<Timestamp>,
    acknowledgement_timeout: Option<i64>,
    auto_resolve_timeout: Option<i64>,
    alert_creation: Option<String>,
    incident_urgency_rule: Option<UrgencyRule>,
    integrations: Option<Vec<Reference>>,
    html_url: Option<String>,
}

#[derive(Deserialize)]
struct UrgencyRule {
    #[serde(rename = "type")]
    kind: Option<String>,
    urgency: Option<String>,
}

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let pages = pagerduty(context)?.pages("/services?include%5B%5D=integrations", &PAGING);
        read_list(context, List { table: &TABLE, parent: parent(), pages }, |service| vec![row(context.pseudonyms, service)]).await
    }
    .boxed()
}

fn row(pseudonyms: &Pseudonyms, service: Wire) -> Service {
    let integrations = service.integrations.iter().flatten().filter_map(Reference::kind);
    let kinds: BTreeSet<&str> = integrations.map(|kind| kind.trim_end_matches("_inbound_integration")).collect();
    // Nought switches a timeout off, like null.
    let timeout = |seconds: Option<i64>| seconds.filter(|seconds| *seconds > 0);
    Service {
        integration_kinds: kinds.into_iter().map(ToOwned::to_owned).collect(),
        team_ids: ids(service.teams.as_deref()),
        escalation_policy_id: service.escalation_policy.map(|policy| policy.id),
        acknowledgement_timeout_seconds: timeout(service.acknowledgement_timeout),
        auto_resolve_timeout_seconds: timeout(service.auto_resolve_timeout),
        urgency_rule: service.incident_urgency_rule.and_then(|rule| match rule.kind.as_deref() {
            Some("use_support_hours") => Some("support_hours".to_owned()),
            _ => rule.urgency,
        }),
        service_id: service.id,
        name: mask(pseudonyms, service.name),
        status: service.status,
        created_at: service.created_at,
        last_incident_at: service.last_incident_timestamp,
        alert_creation: service.alert_creation,
        html_url: service.html_url,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row_of(fields: Value) -> Service {
        let mut service = json!({"id": "PLAMP01", "name": "Lamp posts", "status": "active", "type": "service"});
        service.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        row(&Pseudonyms::new(&"key".into()), serde_json::from_value(service).unwrap())
    }

    #[test]
    fn a_service_in_full() {
        let row = row_of(json!({
            "escalation_policy": {"id": "PNIGHT1", "type": "escalation_policy_reference"}, "teams": [{"id": "PTEAM01"}],
            "created_at": "2024-03-01T11:00:00+01:00", "last_incident_timestamp": null, "acknowledgement_timeout": 0,
            "auto_resolve_timeout": 14_400, "alert_creation": "create_alerts_and_incidents",
            "incident_urgency_rule": {"type": "constant", "urgency": "severity_based"},
            "integrations": [
                {"id": "PI1", "type": "generic_email_inbound_integration", "summary": "ada@clockwork.example"},
                {"id": "PI2", "type": "events_api_v2_inbound_integration_reference"},
                {"id": "PI3", "type": "events_api_v2_inbound_integration"},
            ],
        }));
        assert_eq!(row.escalation_policy_id.as_deref(), Some("PNIGHT1"));
        assert_eq!((row.team_ids, row.integration_kinds), (vec!["PTEAM01".into()], vec!["events_api_v2".into(), "generic_email".into()]));
        assert_eq!((row.acknowledgement_timeout_seconds, row.auto_resolve_timeout_seconds), (None, Some(14_400)));
        assert_eq!(row.created_at.unwrap().to_utc().to_rfc3339(), "2024-03-01T10:00:00+00:00");
        assert_eq!(row.urgency_rule.as_deref(), Some("severity_based"));
    }

    #[test]
    fn what_is_not_told_is_unknown() {
        let row = row_of(json!({"teams": null, "integrations": null, "incident_urgency_rule": {"type": "use_support_hours"}}));
        assert_eq!((row.urgency_rule.as_deref(), row.alert_creation, row.escalation_policy_id), (Some("support_hours"), None, None));
        assert!(row.team_ids.is_empty() && row.integration_kinds.is_empty());
        assert_eq!(row_of(json!({})).urgency_rule, None);
        assert!(row_of(json!({"name": "Mail to ada@clockwork.example"})).name.starts_with("Mail to email:"));
    }
}
