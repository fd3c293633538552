//! What people look at and what looks in their stead: dashboards, by count and start, and synthetic tests, by the number of a page.

use serde_json::{Value, json};

use crate::company::watch::dashboards::Dashboard;
use crate::company::watch::monitors::Labels;
use crate::company::watch::synthetic_tests::SyntheticTest;
use crate::company::words;
use crate::datadog::context::{Context, date, uuid};
use crate::datadog::{good, monitors};
use crate::http::Reply;

/// `GET /api/v1/dashboard`.
pub(super) fn dashboards(context: &Context<'_>, _steps: &[&str]) -> Result<Reply, Reply> {
    let (size, start) = (context.size("count", 100, 1_000)?, context.number("start")?.unwrap_or(0));
    let rows = context.rows(context.company.shown("datadog.dashboards", &context.company.watch().dashboards), start, size);
    Ok(good(&json!({ "dashboards": rows.iter().map(|board| dashboard(context, board)).collect::<Vec<_>>() })))
}

fn dashboard(context: &Context<'_>, board: &Dashboard) -> Value {
    let words = board.title.to_lowercase().replace(|letter: char| !letter.is_ascii_alphanumeric(), "-");
    json!({
        "id": board.id,
        "title": board.title,
        "description": board.description,
        "layout_type": if board.free { "free" } else { "ordered" },
        "url": format!("/dashboard/{}/{}", board.id, words.trim_matches('-')),
        "is_read_only": board.read_only,
        "created_at": date(board.created_at),
        "modified_at": date(board.modified_at),
        "author_handle": context.company.people[board.author].email,
        "deleted_at": null,
    })
}

/// `GET /api/v1/synthetics/tests`.
pub(super) fn tests(context: &Context<'_>, _steps: &[&str]) -> Result<Reply, Reply> {
    let probes = context.company.shown("datadog.synthetic_tests", &context.company.watch().synthetic_tests);
    let (size, page) = (context.size("page_size", 100, 1_000)?, context.number("page_number")?.unwrap_or(0));
    let rows = context.rows(probes, page.saturating_mul(size), size);
    let tests: Vec<Value> = rows.iter().map(|probe| test(context, probe)).collect();
    Ok(good(&json!({ "tests": tests, "total": probes.len() })))
}

/// The vendor's name for a synthetic test.
pub(super) fn public_id(context: &Context<'_>, probe: &SyntheticTest) -> String {
    let name = uuid(context.company.founded_at as u64 ^ probe.index as u64);
    format!("{}-{}-{}", &name[..3], &name[3..6], &name[9..12])
}

fn test(context: &Context<'_>, probe: &SyntheticTest) -> Value {
    let watch = context.company.watch();
    let service = &context.company.services()[probe.service];
    let mut tags = context.tags(service, probe.environment, Labels::Usual);
    if !probe.labelled {
        tags.retain(|tag| tag.starts_with("env:"));
    }
    let name = format!("{} answers ({})", service.name, probe.index);
    let url = format!("https://{}.{}/health", service.name, crate::company::DOMAIN);
    // The monitors that look at synthetic tests come last, in the order of the synthetic tests.
    let monitor = watch.monitors.len() - watch.synthetic_tests.len() + probe.index;
    let mut row = json!({
        "public_id": public_id(context, probe),
        "name": name,
        "status": if probe.paused { "paused" } else { "live" },
        "type": if probe.protocol.is_some() { "api" } else { "browser" },
        "tags": tags,
        "created_at": date(probe.created_at),
        "modified_at": date(probe.modified_at),
        "config": { "assertions": [], "configVariables": [], "variables": [], "request": { "method": "GET", "timeout": 30.0, "url": url } },
        "message": format!("{}. @slack-keepers-night", words::alarm(probe.modified_at as u64)),
        "options": {
            "tick_every": probe.every,
            "min_failure_duration": 10,
            "min_location_failed": 1,
            "monitor_name": name,
            "retry": { "count": 2, "interval": 300.0 },
        },
        "locations": probe.places,
        "monitor_id": monitors::number(monitor),
        "creator": context.creator(probe.creator),
    });
    match probe.protocol {
        Some(protocol) => row["subtype"] = json!(protocol),
        None => row["options"]["device_ids"] = json!(["chrome.laptop_large"]),
    }
    row
}
