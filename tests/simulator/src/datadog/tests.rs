//! The shapes and the manners that collectors rely on. Whether answers keep to the vendor's description is checked elsewhere.

use std::collections::HashSet;

use chrono::DateTime;
use serde_json::{Value, json};

use crate::company::DAY;
use crate::company::outages::Cause;
use crate::faults::Effect;
use crate::options::Options;
use crate::testing::World;

fn rows(answer: &Value) -> Vec<Value> {
    let list = ["data", "dashboards", "tests"].into_iter().find_map(|name| answer[name].as_array());
    list.or_else(|| answer.as_array()).cloned().expect("there is a list")
}

#[test]
fn keys_open_what_they_may_and_nothing_else() {
    let world = World::small();
    let (api, application) = world.datadog.keys.all_powerful();
    let lacking = world.datadog.keys.without("slos_read");
    let said = |target: &str, api: &str, application: &str| {
        let reply = world.watch_as(target, api, application, false);
        (reply.status, reply.value()["errors"][0].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(said("/api/v1/validate", api, ""), (200, String::new()));
    assert_eq!(said("/api/v1/validate", "", ""), (403, "API key required".to_owned()));
    assert_eq!(said("/api/v1/validate", "wrong", ""), (403, "Forbidden".to_owned()));
    assert_eq!(said("/api/v1/monitor", "wrong", application).0, 403);
    assert_eq!(said("/api/v2/downtime", "wrong", application), (401, "Unauthorized".to_owned()));
    assert_eq!(said("/api/v2/downtime", api, "wrong"), (403, "Forbidden".to_owned()));
    assert_eq!(said("/api/v1/slo", api, lacking), (403, "Forbidden".to_owned()));
    assert_eq!(said("/api/v1/slo/x/history?from_ts=1&to_ts=2", api, lacking).0, 403);
    assert_eq!(said("/api/v1/monitor", api, lacking).0, 200);
    assert_eq!(said("/api/v1/slo/x/history?from_ts=1&to_ts=2", api, application), (404, "SLO not found".to_owned()));
    assert_eq!(said("/api/v1/monitor?page=0&page_size=1001", api, application).0, 400);
    assert_eq!(said("/api/v1/anything", api, application).0, 404);
}

#[test]
fn every_way_of_paging_ends_with_all_rows_and_then_with_none() {
    let world = World::small();
    let watch = world.company.watch();
    let now = world.clock.now().timestamp();
    let declared = world.company.outages().iter().filter(|outage| outage.declared && outage.exists(now)).count();
    let quiet = watch.downtimes.iter().filter(|quiet| quiet.exists(now)).count();
    let cases: [(&str, &str, usize, &str, usize); 7] = [
        ("/api/v1/monitor?page_size=", "&page=", 1, "id", watch.monitors.len()),
        ("/api/v1/slo?limit=", "&offset=", 4, "id", watch.objectives.len()),
        ("/api/v1/dashboard?count=", "&start=", 4, "id", watch.dashboards.len()),
        ("/api/v1/synthetics/tests?page_size=", "&page_number=", 1, "public_id", watch.synthetic_tests.len()),
        ("/api/v2/downtime?page[limit]=", "&page%5Boffset%5D=", 4, "id", quiet),
        ("/api/v2/services/definitions?page[size]=", "&page[number]=", 1, "id", watch.definitions.len()),
        ("/api/v2/incidents?page[size]=", "&page[offset]=", 4, "id", declared),
    ];
    let (api, application) = world.datadog.keys.all_powerful();
    for (path, place, step, name, total) in cases {
        let page = |number: usize| format!("{path}4{place}{}", number * step);
        let pages = total.div_ceil(4);
        assert!(pages > 1, "{path}: {total}");
        let all: Vec<Value> = (0..pages).flat_map(|number| rows(&world.watch(&page(number)).value())).collect();
        let names: HashSet<String> = all.iter().map(|row| row[name].to_string()).collect();
        assert_eq!((all.len(), names.len()), (total, total), "{path}");
        assert!(rows(&world.watch(&page(pages + 1)).value()).is_empty(), "{path}");
        let slipped = rows(&world.watch_as(&page(1), api, application, true).value());
        assert_eq!(slipped[0], all[3], "{path}");
    }
    let last = world.watch(&format!("/api/v2/incidents?page[size]=100&page[offset]={}", declared - 1)).value();
    assert_eq!(last["meta"]["pagination"], json!({ "size": 1, "offset": declared - 1 }));
    assert_eq!(world.watch("/api/v2/incidents?page[size]=3").value()["meta"]["pagination"]["next_offset"], 3);
    assert_eq!(rows(&world.watch("/api/v1/monitor").value()).len(), watch.monitors.len());
}

#[test]
fn monitors_say_whom_they_call_and_whether_they_may_be_heard() {
    let world = World::new(&Options::default());
    let answer = world.watch("/api/v1/monitor?page_size=1000&page=0&with_downtimes=true").value();
    let monitors = rows(&answer);
    let text = answer.to_string();
    for wanted in [
        "@pagerduty-Lamp-Api",
        "@slack-harbour-alerts",
        "@slack-clockwork-",
        "@webhook-bell-tower",
        "@opsgenie-storm-watch",
        "@teams-Harbour-Office",
        "@clockwork-lighthouse.example",
        "@team-",
        "{{#is_alert}}",
        "\"service:lamp_api\"",
        "\"critical-path\"",
        "\"silenced\":{\"*\":null}",
        "\"rack:north:2:b\"",
    ] {
        assert!(text.contains(wanted), "{wanted}");
    }
    let uncalled = world.company.services().iter().find(|service| service.paged_as.is_none()).expect("there is one");
    let tag = json!(format!("service:{}", uncalled.watched_as));
    let of_it = monitors.iter().filter(|monitor| monitor["tags"].as_array().is_some_and(|tags| tags.contains(&tag)));
    assert!(of_it.clone().count() > 2 && of_it.clone().all(|monitor| !monitor["message"].to_string().contains("@pagerduty")));
    assert!(monitors.iter().any(|monitor| !monitor["matching_downtimes"].as_array().expect("a list").is_empty()));
    assert!(monitors.iter().any(|monitor| monitor["overall_state"] == "Alert"));
    assert!(monitors.iter().any(|monitor| !monitor["message"].as_str().expect("text").contains('@')));
    let types: HashSet<&str> = monitors.iter().filter_map(|monitor| monitor["type"].as_str()).collect();
    assert_eq!(types.len(), 6, "{types:?}");
    let slo = monitors.iter().find(|monitor| monitor["type"] == "slo alert").expect("some look at promises");
    let id = slo["query"].as_str().and_then(|query| query.split('"').nth(1)).expect("it names one");
    assert!(world.company.watch().objectives.iter().any(|objective| objective.id == id));
    let check = monitors.iter().find(|monitor| monitor["type"] == "synthetics alert").expect("some look at probes");
    let tests = rows(&world.watch("/api/v1/synthetics/tests").value());
    let test = tests.iter().find(|test| test["monitor_id"] == check["id"]).expect("the probe points back");
    assert_eq!(test["public_id"], check["options"]["synthetics_check_id"]);
}

#[test]
fn history_is_a_number_or_says_that_there_is_none() {
    let world = World::new(&Options::default());
    let now = world.clock.now().timestamp();
    let objectives = &world.company.watch().objectives;
    let history = |id: &str, from: i64, to: i64| world.watch(&format!("/api/v1/slo/{id}/history?from_ts={from}&to_ts={to}")).value();
    let dark = objectives.iter().find(|objective| objective.dark).expect("some count nothing");
    let overall = &history(&dark.id, now - DAY, now)["data"]["overall"];
    assert_eq!((&overall["state"], &overall["sli_value"], &overall["uptime"]), (&json!("no_data"), &Value::Null, &Value::Null));
    assert_eq!(overall["errors"][0]["error_type"], "ZERO_VALUED_DENOMINATOR");
    for objective in objectives.iter().filter(|objective| !objective.dark) {
        let data = &history(&objective.id, now - DAY, now)["data"];
        let attained = data["overall"]["sli_value"].as_f64().expect("a number");
        let goal = objective.goals[0];
        let left = data["overall"]["error_budget_remaining"][format!("{}d", goal.days)].as_f64().expect("a number");
        assert_eq!(left >= 0.0, attained >= goal.target, "{attained} {left}");
        assert!((0.0..=100.0).contains(&attained));
    }
    let long = history(&objectives[0].id, now - 90 * DAY, now);
    assert!(long["data"]["series"]["times"].as_array().is_none_or(|times| times.len() <= 110));
    assert_eq!(world.watch(&format!("/api/v1/slo/{}/history?from_ts=9&to_ts=9", dark.id)).status, 400);
}

#[test]
fn an_incident_moves_on_with_the_clock() {
    let world = World::new(&Options::default());
    let outage =
        world.company.outages().iter().find(|outage| outage.declared && outage.reopened.is_some() && outage.cause == Cause::Trouble);
    let outage = outage.expect("some come back");
    let (first, again) = outage.reopened.expect("this one does");
    let end = outage.resolved_at.expect("and ends");
    let looked = |at: i64| {
        world.clock.set(DateTime::from_timestamp(at, 0).expect("a time"));
        let all = (0..).map(|page| rows(&world.watch(&format!("/api/v2/incidents?page[size]=100&page[offset]={}", page * 100)).value()));
        let mut all = all.take_while(|rows| !rows.is_empty()).flatten();
        all.find(|row| row["attributes"]["public_id"] == outage.number).map(|row| row["attributes"].clone())
    };
    assert!(looked(outage.detected_at - 1).is_none());
    let states: Vec<Value> = [outage.detected_at, first, again, end].iter().map(|at| looked(*at).expect("it is known")).collect();
    let said: Vec<&str> = states.iter().filter_map(|state| state["state"].as_str()).collect();
    assert_eq!(said, ["active", "resolved", "active", "resolved"]);
    assert!(states.windows(2).all(|two| two[0]["modified"].as_str() < two[1]["modified"].as_str()));
    assert_eq!((&states[0]["severity"], &states[0]["resolved"]), (&json!("UNKNOWN"), &Value::Null));
    assert_eq!(states[3]["severity"], format!("SEV-{}", outage.severity));
}

#[test]
fn whoever_asks_too_much_is_told_how_long_to_wait_from_now() {
    let world = World::new(&Options { repositories: 10, datadog_rate_limit: Some(2), ..Options::default() });
    let remaining: Vec<String> =
        (0..2).filter_map(|_| world.watch("/api/v1/validate").header("x-ratelimit-remaining").map(str::to_owned)).collect();
    assert_eq!(remaining, ["1", "0"]);
    let refused = world.watch("/api/v1/validate");
    let reset: u64 = refused.header("x-ratelimit-reset").and_then(|seconds| seconds.parse().ok()).expect("it says so");
    assert_eq!((refused.status, refused.header("x-ratelimit-limit"), refused.header("x-ratelimit-name")), (429, Some("2"), Some("api")));
    assert!((1..=10).contains(&reset));
}

#[test]
fn it_fails_in_its_own_way() {
    let world = World::small();
    let spoilt = world.watch_under(&Effect::WrongType { nth: 1 }, "/api/v2/downtime").value();
    assert!(spoilt["data"][0]["id"].is_string() && spoilt["data"][1]["id"].is_object());
    let spoilt = world.watch_under(&Effect::WrongType { nth: 0 }, "/api/v1/synthetics/tests").value();
    assert!(spoilt["tests"][0]["public_id"].is_object());
    let limited = world.watch_under(&Effect::SecondaryLimit { retry_after: Some(3), status: 403 }, "/api/v1/slo");
    assert_eq!((limited.status, limited.header("x-ratelimit-reset"), limited.header("x-ratelimit-remaining")), (429, Some("3"), Some("0")));
    let page = world.watch_under(&Effect::Html, "/api/v1/slo");
    assert!(page.status == 200 && page.body.starts_with(b"<!DOCTYPE html>"));
    let made_up = Effect::Status { status: 500, headers: vec![("X-RateLimit-Name".to_owned(), "slo".to_owned())], body: "no".to_owned() };
    let reply = world.watch_under(&made_up, "/api/v1/slo");
    assert_eq!((reply.status, reply.header("x-ratelimit-name")), (500, Some("slo")));
}

#[test]
fn one_definition_names_the_repository_of_another_service() {
    let world = World::new(&Options::default());
    let list = world.watch("/api/v2/services/definitions?page[size]=100").value();
    let services = world.company.services();
    let mut misplaced = Vec::new();
    for definition in list["data"].as_array().expect("a list") {
        let schema = &definition["attributes"]["schema"];
        let name = schema["dd-service"].as_str().or(schema["metadata"]["name"].as_str());
        let Some(service) = services.iter().find(|service| Some(service.watched_as.as_str()) == name) else { continue };
        let links = [&schema["repos"], &schema["links"], &schema["metadata"]["links"]].into_iter().filter_map(Value::as_array).flatten();
        let source = links.filter(|link| link["name"] == "Source").find_map(|link| link["url"].as_str());
        let Some(source) = source else { continue };
        let home = &world.company.repositories[service.repository].name;
        if !source.ends_with(&format!("/{home}")) {
            misplaced.push((service.name.as_str(), source.to_owned()));
        }
    }
    let [(service, source)] = misplaced.as_slice() else { panic!("one: {misplaced:?}") };
    let named = services.iter().find(|other| source.ends_with(&format!("/{}", world.company.repositories[other.repository].name)));
    assert!(named.is_some_and(|named| named.name != *service), "{service} {source}");
}
