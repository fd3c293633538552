//! Downtimes, by offset and limit.

use chrono::DateTime;
use serde_json::{Value, json};

use crate::company::watch::downtimes::{Downtime, Of, Often, Standing};
use crate::company::words;
use crate::datadog::context::{Context, date};
use crate::datadog::{good, monitors};
use crate::http::Reply;

/// `GET /api/v2/downtime`.
pub(super) fn list(context: &Context<'_>, _steps: &[&str]) -> Result<Reply, Reply> {
    let active_only = context.query.get("current_only") == Some("true");
    let wanted = |quiet: &&Downtime| quiet.exists(context.now) && (!active_only || quiet.standing(context.now) == Standing::Active);
    let known: Vec<&Downtime> = context.company.watch().downtimes.iter().filter(wanted).collect();
    let (size, offset) = (context.size("page[limit]", 30, 1_000)?, context.number("page[offset]")?.unwrap_or(0));
    let rows = context.rows(&known, offset, size);
    let mut body = json!({
        "data": rows.iter().map(|quiet| of_one(context, quiet)).collect::<Vec<_>>(),
        "meta": { "page": { "total_filtered_count": known.len() } },
    });
    let mut included = Vec::new();
    if context.includes("created_by") {
        included.extend(context.users(rows.iter().map(|quiet| quiet.creator)));
    }
    if context.includes("monitor") {
        included.extend(rows.iter().filter_map(|quiet| monitor(context, quiet)));
    }
    if !included.is_empty() {
        body["included"] = included.into();
    }
    Ok(good(&body))
}

fn of_one(context: &Context<'_>, quiet: &Downtime) -> Value {
    let canceled = quiet.canceled_at.filter(|at| *at <= context.now);
    let (identifier, scope, monitor) = match quiet.of {
        Of::Monitor(index) => {
            let id = monitors::number(index);
            (json!({ "monitor_id": id }), "*".to_owned(), json!({ "type": "monitors", "id": id.to_string() }))
        }
        Of::Service(service) => {
            let name = &context.company.services()[service].watched_as;
            // Some say the service in the scope, some in the monitors' tags.
            match quiet.words % 2 {
                0 => (json!({ "monitor_tags": ["*"] }), format!("env:prod AND service:{name}"), Value::Null),
                _ => (json!({ "monitor_tags": [format!("service:{name}"), "env:prod"] }), "env:prod".to_owned(), Value::Null),
            }
        }
    };
    let mut relationships = json!({ "created_by": context.user(quiet.creator) });
    if !monitor.is_null() {
        relationships["monitor"] = json!({ "data": monitor });
    }
    json!({
        "type": "downtime",
        "id": quiet.id,
        "attributes": {
            "mute_first_recovery_notification": quiet.words.is_multiple_of(5),
            "canceled": canceled.map(date),
            "monitor_identifier": identifier,
            "schedule": schedule(context, quiet),
            "notify_end_types": ["expired"],
            "notify_end_states": ["no data", "warn", "alert"],
            "status": match quiet.standing(context.now) {
                Standing::Scheduled => "scheduled",
                Standing::Active => "active",
                Standing::Ended => "ended",
                Standing::Canceled => "canceled",
            },
            "scope": scope,
            "created": date(quiet.created_at),
            "display_timezone": "UTC",
            "message": words::hush(quiet.words),
            "modified": date(canceled.unwrap_or(quiet.created_at)),
        },
        "relationships": relationships,
    })
}

fn schedule(context: &Context<'_>, quiet: &Downtime) -> Value {
    let (start, end) = quiet.current(context.now);
    match quiet.often {
        Often::Once(_) => json!({ "start": date(start), "end": end.map(date) }),
        Often::Weekly(length) => {
            // Without a zone, which is said beside it.
            let first = DateTime::from_timestamp(quiet.start, 0).unwrap_or_default().format("%Y-%m-%dT%H:%M").to_string();
            json!({
                "timezone": "UTC",
                "current_downtime": { "start": date(start), "end": end.map(date) },
                "recurrences": [{ "start": first, "duration": format!("{}h", length / 3_600), "rrule": "FREQ=WEEKLY;INTERVAL=1" }],
            })
        }
    }
}

fn monitor(context: &Context<'_>, quiet: &Downtime) -> Option<Value> {
    let Of::Monitor(index) = quiet.of else { return None };
    let monitor = context.company.watch().monitors.get(index)?;
    let name = monitors::name(monitor, &context.company.services()[monitor.service]);
    Some(json!({ "type": "monitors", "id": monitors::number(index), "attributes": { "name": name } }))
}
