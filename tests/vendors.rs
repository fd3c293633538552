//! Datadog, PagerDuty and Jira through the real collectors: recorded answers of the real services, and lists of any length.

use std::collections::{BTreeMap, BTreeSet};

use almanac::collecting::Report;
use almanac_collectors::collect::Status;
use almanac_test_support::{
    paged::{Paged, PagedList},
    replay::{Recording, Replay},
    shared,
};
use serde_json::{Value, json};

use crate::common::Folder;

/// What the sections of a configuration say that asks one server for everything.
fn datadog(url: &str, page_size: usize) -> String {
    format!("[datadog]\napi_url = \"{url}\"\npage_size = {page_size}\n")
}

fn pagerduty(url: &str) -> String {
    format!("[pagerduty]\napi_url = \"{url}\"\nhistory_days = 30\n")
}

fn gaps(report: &Report) -> Vec<(String, Status, Option<String>)> {
    let tables = report.tables.iter().flat_map(|table| table.gaps.iter().map(|gap| (table.name.clone(), gap)));
    tables.map(|(table, (parent, status, detail))| (format!("{table} {}", parent.name), *status, detail.clone())).collect()
}

/// A recorded list: the cassette, the table that it is for, and where its items and their ids are.
const LISTS: [(&str, &str, &str, &str, &str); 7] = [
    ("v1_monitors_get-all-monitors-returns-ok-response-with-pagination", "monitors", "", "/id", "monitor_id"),
    ("v1_service_level_objectives_get-all-slos-returns-ok-response-with-pagination", "slos", "/data", "/id", "slo_id"),
    ("v1_dashboards_get-all-dashboards-returns-ok-response-with-pagination", "dashboards", "/dashboards", "/id", "dashboard_id"),
    (
        "v1_synthetics_get-the-list-of-all-synthetic-tests-returns-ok-returns-the-list-of-all-synthetic-tests-response-with-pagination",
        "synthetic_tests",
        "/tests",
        "/public_id",
        "public_id",
    ),
    ("v2_downtimes_get-all-downtimes-returns-ok-response-with-pagination", "downtimes", "/data", "/id", "downtime_id"),
    ("v2_incidents_get-a-list-of-incidents-returns-ok-response-with-pagination", "incidents", "/data", "/id", "incident_id"),
    (
        "v2_service_definition_get-all-service-definitions-returns-ok-response-with-pagination",
        "service_definitions",
        "/data",
        "/attributes/schema/dd-service",
        "service",
    ),
];

/// A value as `cast(… as varchar)` writes it.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[tokio::test]
async fn recorded_lists_of_datadog_come_whole() {
    for (cassette, table, items, id, column) in LISTS {
        let name = "vendors::recorded_lists_of_datadog_come_whole";
        let Some(path) = shared::file_for(name, &format!("real/datadog/{cassette}.json")) else { return };
        let recordings = Recording::cassette(&path);
        let bodies = recordings.iter().map(|recording| serde_json::from_str::<Value>(&recording.body).expect("answers are JSON"));
        let expected: BTreeSet<String> = bodies
            .flat_map(|body| body.pointer(items).and_then(Value::as_array).expect("a list").clone())
            .map(|item| text(item.pointer(id).expect("an id")))
            .collect();
        let pages = recordings.len();
        let server = Replay::start(recordings).await;
        let folder = Folder::new(&datadog(&server.url(), 2));
        let report = folder.collect_at("2026-11-21T10:00:00Z", &[&format!("datadog.{table}")]).await;
        assert_eq!(gaps(&report), [], "{table}");
        assert!(report.tables.iter().all(|table| table.error.is_none()), "{report:?}");
        let rows = folder.query(&format!("select cast({column} as varchar) as id from datadog.{table}")).await;
        assert_eq!(rows.iter().map(|row| text(&row["id"])).collect::<BTreeSet<_>>(), expected, "{table}");
        assert_eq!(rows.len(), expected.len(), "{table}: a row twice");
        assert_eq!(server.asked().len(), pages, "{table}: {:?}", server.asked());
        let cells = folder.cells(&format!("datadog.{table}")).await;
        for person in ["frog@", "@datadoghq.com", "CI Account"] {
            assert!(!cells.contains(person), "{table} holds `{person}`: {cells}");
        }
    }
}

#[tokio::test]
async fn a_recorded_day_without_data_is_no_data_and_no_zero() {
    let name = "vendors::a_recorded_day_without_data_is_no_data_and_no_zero";
    let cassette = "real/datadog/v1_service_level_objectives_get-an-slo-s-history-returns-ok-response.json";
    let Some(path) = shared::file_for(name, cassette) else { return };
    let mut recordings = Recording::cassette(&path);
    let history: Value = serde_json::from_str(&recordings[0].body).expect("answers are JSON");
    // The list that the objective stands in was not recorded with it.
    recordings.push(Recording::of("/api/v1/slo", &json!({"data": [history["data"]["slo"]]})));
    let server = Replay::start(recordings).await;
    let folder = Folder::new(&datadog(&server.url(), 2));
    let report = folder.collect_at("2024-01-04T06:00:00Z", &["datadog.slo_history"]).await;
    assert_eq!(gaps(&report), []);
    let rows = folder
        .query("select cast(date as varchar) as day, state, sli_value, error_budget_remaining, errors, target from datadog.slo_history")
        .await;
    let expected = json!({
        "day": "2024-01-03", "state": "no_data", "sli_value": null, "error_budget_remaining": null,
        "errors": ["ZERO_VALUED_DENOMINATOR"], "target": 95.0,
    });
    assert_eq!(rows, [expected]);
}

#[tokio::test]
async fn recorded_limits_and_failures_of_datadog_are_waited_for() {
    let name = "vendors::recorded_limits_and_failures_of_datadog_are_waited_for";
    for (cassette, status) in [("test_retry_rate_limit", 429), ("test_retry_errors", 500)] {
        let Some(path) = shared::file_for(name, &format!("real/datadog/retry/{cassette}.yaml")) else { return };
        let mut recordings = Recording::refusals(&path, "/api/v1/dashboard");
        let refusals = recordings.len();
        assert!(refusals > 0 && recordings.iter().all(|recording| recording.status == status), "{recordings:?}");
        let told = recordings.iter().flat_map(|recording| &recording.headers).filter(|(name, _)| name == "x-ratelimit-reset");
        let seconds: u64 = told.map(|(_, seconds)| seconds.parse::<u64>().expect("seconds")).sum();
        recordings.push(Recording::of("/api/v1/dashboard", &json!({"dashboards": [{"id": "d", "title": "d"}]})));
        let server = Replay::start(recordings).await;
        let folder = Folder::new(&datadog(&server.url(), 2));
        let begun = std::time::Instant::now();
        let report = folder.collect_at("2026-11-21T10:00:00Z", &["datadog.dashboards"]).await;
        assert_eq!((gaps(&report), report.tables[0].rows), (Vec::new(), Some(1)), "{cassette}");
        assert_eq!(server.asked().len(), refusals + 1, "{cassette}");
        assert!(begun.elapsed().as_secs() >= seconds, "{cassette} waited less than the {seconds} s that it was told");
    }
}

#[tokio::test]
async fn recorded_incidents_of_pagerduty_come_whole() {
    let name = "vendors::recorded_incidents_of_pagerduty_come_whole";
    let Some(path) = shared::file_for(name, "real/pagerduty/incidents.json") else { return };
    let recorded: Value = serde_json::from_str(&std::fs::read_to_string(path).expect("it can be read")).expect("it is JSON");
    let incidents = recorded["incidents"].as_array().expect("a list").clone();
    let entries: Vec<Value> = incidents.iter().flat_map(|incident| incident["log_entries"].as_array().expect("a list").clone()).collect();
    let list = |key: &str, items: &[Value]| json!({key: items, "limit": 100, "offset": 0, "more": false, "total": items.len()});
    let server = Replay::start(vec![
        Recording::of("/incidents", &list("incidents", &incidents)),
        Recording::of("/log_entries", &list("log_entries", &entries)),
    ])
    .await;
    let folder = Folder::new(&pagerduty(&server.url()));
    let report = folder.collect_at("2022-11-20T10:00:00Z", &["pagerduty.incidents", "pagerduty.incident_log_entries"]).await;
    assert_eq!(gaps(&report), []);
    let rows = folder.query("select incident_id, status, service_id, urgency from pagerduty.incidents order by incident_id").await;
    let mut expected: Vec<Value> = incidents
        .iter()
        .map(
            |one| json!({"incident_id": one["id"], "status": one["status"], "service_id": one["service"]["id"], "urgency": one["urgency"]}),
        )
        .collect();
    expected.sort_by_key(|row| text(&row["incident_id"]));
    assert_eq!(rows, expected);
    let kept = |kind: &str| entries.iter().filter(|entry| entry["type"] == format!("{kind}_log_entry")).count();
    let rows = folder.query("select entry_type, count(*) as n from pagerduty.incident_log_entries group by all").await;
    let counts: BTreeMap<String, u64> = rows.iter().map(|row| (text(&row["entry_type"]), row["n"].as_u64().expect("a count"))).collect();
    for kind in ["trigger", "acknowledge", "escalate", "resolve"] {
        assert_eq!(counts.get(kind).copied().unwrap_or_default() as usize, kept(kind), "{kind} among {counts:?}");
    }
    assert!(!counts.contains_key("notify"), "{counts:?}");
    let cells = format!("{}{}", folder.cells("pagerduty.incidents").await, folder.cells("pagerduty.incident_log_entries").await);
    for word in ["Responder", "Crash reported", "PQYACO3"] {
        assert!(!cells.contains(word), "the lake holds `{word}`: {cells}");
    }
}

#[tokio::test]
async fn a_recorded_refusal_of_the_key_is_told_by_the_doctor() {
    let name = "vendors::a_recorded_refusal_of_the_key_is_told_by_the_doctor";
    let cassette = "real/datadog/v1_authentication_validate-api-key-returns-forbidden-response.json";
    let Some(path) = shared::file_for(name, cassette) else { return };
    let server = Replay::start(Recording::cassette(&path)).await;
    let folder = Folder::new(&datadog(&server.url(), 2));
    let output = folder.run(&["doctor"]).await;
    let told = crate::common::stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("403: API key required") && told.contains("put another one into `DD_APP_KEY`"), "{told}");
}

fn bare(items: Vec<Value>, _: usize, _: usize) -> Value {
    Value::Array(items)
}

fn data(items: Vec<Value>, _: usize, total: usize) -> Value {
    json!({"data": items, "metadata": {"page": {"total_count": total, "total_filtered_count": items.len()}}})
}

/// A style of paging, by a table that uses it.
struct Style {
    table: &'static str,
    /// Items that a page has at most.
    size: usize,
    /// The section that asks a server at this address.
    section: fn(&str) -> String,
    list: PagedList,
}

/// Every style there is.
const STYLES: [Style; 7] = [
    Style {
        table: "datadog.monitors",
        size: 2,
        section: two_a_page,
        list: PagedList {
            path: "/api/v1/monitor",
            size: "page_size",
            place: "page",
            counts_pages: true,
            item: |n| json!({"id": n, "name": "m", "type": "metric alert", "query": "q", "tags": [], "message": "", "options": {}}),
            answer: bare,
        },
    },
    Style {
        table: "datadog.slos",
        size: 2,
        section: two_a_page,
        list: PagedList {
            path: "/api/v1/slo",
            size: "limit",
            place: "offset",
            counts_pages: false,
            item: |n| json!({"id": format!("s{n}"), "name": "s", "type": "metric", "tags": [], "thresholds": [{"timeframe": "7d", "target": 99.0}]}),
            answer: data,
        },
    },
    Style {
        table: "datadog.dashboards",
        size: 2,
        section: two_a_page,
        list: PagedList {
            path: "/api/v1/dashboard",
            size: "count",
            place: "start",
            counts_pages: false,
            item: |n| json!({"id": format!("d{n}"), "title": "d"}),
            answer: |items, _, _| json!({"dashboards": items}),
        },
    },
    Style {
        table: "datadog.incidents",
        size: 2,
        section: two_a_page,
        list: PagedList {
            path: "/api/v2/incidents",
            size: "page[size]",
            place: "page[offset]",
            counts_pages: false,
            item: |n| json!({"id": format!("i{n}"), "type": "incidents", "attributes": {"title": "", "created": "2026-11-01T10:00:00+00:00", "modified": "2026-11-01T10:00:00+00:00"}}),
            answer: |items, from, total| {
                let next = from + items.len();
                let pagination = if next < total {
                    json!({"offset": from, "size": items.len(), "next_offset": next})
                } else {
                    json!({"offset": from, "size": items.len()})
                };
                json!({"data": items, "meta": {"pagination": pagination}})
            },
        },
    },
    Style {
        table: "datadog.service_definitions",
        size: 2,
        section: two_a_page,
        list: PagedList {
            path: "/api/v2/services/definitions",
            size: "page[size]",
            place: "page[number]",
            counts_pages: true,
            item: |n| json!({"id": format!("x{n}"), "type": "service-definition", "attributes": {"meta": {"warnings": []}, "schema": {"schema-version": "v2.1", "dd-service": format!("s{n}")}}}),
            // A last page may be empty and still name another.
            answer: |items, _, _| json!({"data": items, "links": {"next": "https://elsewhere.example"}}),
        },
    },
    Style {
        table: "datadog.downtimes",
        size: 2,
        section: two_a_page,
        list: PagedList {
            path: "/api/v2/downtime",
            size: "page[limit]",
            place: "page[offset]",
            counts_pages: false,
            item: |n| json!({"id": format!("w{n}"), "type": "downtime", "attributes": {"scope": "env:x", "monitor_identifier": {"monitor_tags": ["*"]}, "schedule": {"start": "2026-11-01T10:00:00+00:00"}}}),
            answer: |items, _, total| json!({"data": items, "meta": {"page": {"total_filtered_count": total}}}),
        },
    },
    Style {
        table: "pagerduty.services",
        size: 100,
        section: |url| pagerduty(url),
        list: PagedList {
            path: "/services",
            size: "limit",
            place: "offset",
            counts_pages: false,
            item: |n| json!({"id": format!("P{n}"), "name": "s", "status": "active", "escalation_policy": {"id": "E"}}),
            answer: |items, from, total| json!({"services": items, "more": from + items.len() < total, "offset": from, "limit": 100, "total": null}),
        },
    },
];

fn two_a_page(url: &str) -> String {
    datadog(url, 2)
}

#[tokio::test]
async fn every_style_of_paging_is_walked_to_the_last_page() {
    for Style { table, size, section, list } in STYLES {
        // PagerDuty lists no more than 10,000.
        let pages = if size == 100 { 100 } else { 1_000 };
        for items in [0, 1, size, size + 1, size * pages] {
            let server = Paged::start(list, items).await;
            let folder = Folder::new(&section(&server.url()));
            let report = folder.collect_at("2026-11-21T10:00:00Z", &[table]).await;
            let told = format!("{table} of {items}");
            assert_eq!(gaps(&report), [], "{told}");
            let rows = report.tables[0].rows.unwrap_or_default();
            assert_eq!((rows, &report.tables[0].error), (items, &None), "{told}");
            // A full last page does not tell that it is the last one, unless the vendor says so.
            let fewest = items.div_ceil(size).max(1);
            assert!((fewest..=fewest + 1).contains(&server.requests()), "{told}: {} requests", server.requests());
        }
    }
}
