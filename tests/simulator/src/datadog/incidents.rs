//! Incidents: the outages that somebody declared, by size and offset. The newest state is shown; what was, is forgotten.

use serde_json::{Value, json};

use crate::company::outages::{Cause, Outage};
use crate::company::random::mix;
use crate::company::words;
use crate::datadog::context::{Context, date, uuid};
use crate::datadog::good;
use crate::http::Reply;

/// `GET /api/v2/incidents`.
pub(super) fn list(context: &Context<'_>, _steps: &[&str]) -> Result<Reply, Reply> {
    let outages = context.company.outages().iter();
    let known: Vec<&Outage> = outages.filter(|outage| outage.declared && outage.exists(context.now)).collect();
    let (size, offset) = (context.size("page[size]", 10, 100)?, context.number("page[offset]")?.unwrap_or(0));
    let rows = context.rows(&known, offset, size);
    // The size is that of this page; there is no next offset on the last one.
    let mut pagination = json!({ "size": rows.len(), "offset": offset });
    if offset + size < known.len() {
        pagination["next_offset"] = json!(offset + size);
    }
    let mut body = json!({
        "data": rows.iter().map(|outage| of_one(context, outage)).collect::<Vec<_>>(),
        "meta": { "pagination": pagination },
    });
    if context.includes("users") {
        body["included"] = context.users(rows.iter().map(|outage| outage.responder)).into();
    }
    Ok(good(&body))
}

fn of_one(context: &Context<'_>, outage: &Outage) -> Value {
    let (company, now) = (context.company, context.now);
    let services: Vec<_> = outage.services.iter().map(|index| &company.services()[*index]).collect();
    let mut teams: Vec<&str> = services.iter().filter_map(|service| service.team(company, now)).collect();
    teams.dedup();
    let names: Vec<&str> = services.iter().map(|service| service.watched_as.as_str()).collect();
    let (resolved, mitigated) = (outage.resolved(now), outage.mitigated(now));
    let state = match (resolved, mitigated) {
        (Some(_), _) => "resolved",
        // What came back after all hurts again.
        (None, Some(_)) if outage.reopened.is_none_or(|(_, again)| now < again) => "stable",
        _ => "active",
    };
    // A severity is known once somebody has looked.
    let severity = match outage.acknowledged(now).or(resolved) {
        Some(_) => format!("SEV-{}", outage.severity),
        None => "UNKNOWN".to_owned(),
    };
    let customers = outage.customers(now);
    let since = |end: Option<i64>, start: i64| end.map_or(0, |end| end - start);
    let title = words::outage_title(outage, &services[0].name);
    let cause = resolved.map(|_| words::outage_cause(outage));
    let one = |kind: &str, value: Value| json!({ "type": kind, "value": value });
    let some = |list: &[&str]| if list.is_empty() { Value::Null } else { json!(list) };
    // In the hurry, one in twelve is said to be about no service.
    let unfilled = mix(outage.words ^ 9).is_multiple_of(12);
    let user = context.user(outage.responder);
    let user_id = context.user_id(outage.responder);
    json!({
        "type": "incidents",
        "id": uuid(outage.words),
        "attributes": {
            "public_id": outage.number,
            "title": title,
            "resolved": resolved.map(date),
            "customer_impact_scope": customers.map(|_| words::outage_cause(outage)),
            "customer_impact_start": customers.map(|(start, _)| date(start)),
            "customer_impact_end": customers.and_then(|(_, end)| end).map(date),
            "customer_impacted": customers.is_some(),
            "customer_impact_duration": customers.map_or(0, |(start, end)| since(end, start)),
            "notification_handles": null,
            "created": date(outage.detected_at),
            "declared": date(outage.detected_at),
            "modified": date(outage.changed_at(now)),
            "detected": date(outage.detected_at),
            "created_by_uuid": user_id,
            "last_modified_by_uuid": user_id,
            "creation_idempotency_key": null,
            "time_to_detect": outage.detected_at - outage.started_at,
            "time_to_repair": since(mitigated, outage.started_at),
            "time_to_internal_response": since(outage.acknowledged(now), outage.detected_at),
            "time_to_resolve": since(resolved, outage.detected_at),
            "fields": {
                "severity": one("dropdown", json!(severity)),
                "state": one("dropdown", json!(state)),
                "detection_method": one("dropdown", json!("monitor")),
                "root_cause": one("textbox", json!(cause)),
                "summary": one("textbox", Value::Null),
                "services": one("autocomplete", some(if unfilled { &[] } else { &names })),
                "teams": one("autocomplete", some(&teams)),
            },
            "field_analytics": null,
            "severity": severity,
            "state": state,
            "is_test": outage.cause == Cause::Drill,
            "incident_type_uuid": uuid(417),
            "non_datadog_creator": null,
            "visibility": "organization",
        },
        "relationships": {
            "created_by_user": user,
            "last_modified_by_user": user,
            // Nobody leads until somebody took it on.
            "commander_user": if outage.acknowledged(now).is_some() { user.clone() } else { json!({ "data": null }) },
            "user_defined_fields": { "data": [] },
            "integrations": { "data": [] },
            "attachments": { "data": [] },
            "responders": { "data": [] },
            "impacts": { "data": [] },
        },
    })
}
