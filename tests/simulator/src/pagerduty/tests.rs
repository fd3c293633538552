//! What a client of PagerDuty may rely on.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use serde_json::Value;

use super::*;
use crate::clock::Clock;
use crate::company::calling::{HOLLOW, NOBODYS, STRANGERS, VACANT, VACANT_SOON};
use crate::company::{Company, DAY};

struct Desk {
    face: PagerDuty,
    company: Arc<Company>,
    clock: Clock,
    start: i64,
}

impl Desk {
    fn new(options: &Options) -> Desk {
        let company = Arc::new(Company::found(options).expect("the options are good"));
        let clock = Clock::new([Arc::clone(&company)], options.now);
        Desk { face: PagerDuty::new(options), company, clock, start: options.now.timestamp() }
    }

    fn usual() -> Desk {
        Desk::new(&Options::default())
    }

    fn ask(&self, target: &str, token: &str) -> Reply {
        let mut headers = HeaderMap::new();
        let authorization = HeaderValue::try_from(format!("Token token={token}")).expect("it is plain");
        headers.insert(http::header::AUTHORIZATION, authorization);
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let call = Call { method: Method::GET, path: path.to_owned(), query: query.to_owned(), headers, body: Bytes::new() };
        self.face.answer(&self.clock.moment(), &call, false)
    }

    fn get(&self, target: &str) -> Value {
        let reply = self.ask(target, self.face.token());
        assert_eq!(reply.status, 200, "{target}: {}", reply.value());
        reply.value()
    }

    /// Every row of a list, and how many pages it took.
    fn all(&self, name: &str, query: &str) -> (Vec<Value>, usize) {
        let (mut rows, mut pages) = (Vec::new(), 0);
        loop {
            let page = self.get(&format!("/{name}?limit=100&offset={}&{query}", rows.len()));
            rows.extend(page[name].as_array().expect("a list").iter().cloned());
            pages += 1;
            if page["more"] == false {
                return (rows, pages);
            }
        }
    }
}

fn days(from: i64, count: i64) -> String {
    format!("since={}&until={}", shapes::time(from), shapes::time(from + count * DAY))
}

#[test]
fn fifteen_thousand_incidents_come_in_slices_only() {
    let desk = Desk::new(&Options { incidents: Some(15_000), ..Options::default() });
    let (begin, whole) = (desk.start - 91 * DAY, format!("date_range=all&total=true&offset={}&limit=100", 9_900));
    let last = desk.get(&format!("/incidents?{whole}"));
    let total = last["total"].as_u64().expect("it was asked for");
    assert!(total > 11_000 && last["more"] == true && last["incidents"].as_array().map(Vec::len) == Some(100));
    let beyond = desk.ask("/incidents?date_range=all&offset=9901&limit=100", desk.face.token());
    assert_eq!((beyond.status, beyond.value()["error"]["code"].as_u64()), (400, Some(2002)));
    let mut seen = HashSet::new();
    for week in 0..13 {
        let (rows, pages) = desk.all("incidents", &days(begin + week * 7 * DAY, 7));
        assert!(rows.windows(2).all(|two| two[0]["created_at"].as_str() <= two[1]["created_at"].as_str()) && pages < 100);
        seen.extend(rows.iter().filter_map(|row| row["id"].as_str().map(str::to_owned)));
    }
    assert_eq!(seen.len() as u64, total);
    let (entries, _) = desk.all("log_entries", &days(begin + 30 * DAY, 1));
    assert!(entries.len() > 300 && entries.windows(2).all(|two| two[0]["created_at"].as_str() >= two[1]["created_at"].as_str()));
}

#[test]
fn what_an_incident_says_is_what_its_entries_say() {
    let desk = Desk::usual();
    let (incidents, _) = desk.all("incidents", "date_range=all");
    let (entries, _) = desk.all("log_entries", &days(desk.start - 90 * DAY, 91));
    let mut by_incident: HashMap<&str, Vec<&Value>> = HashMap::new();
    entries.iter().for_each(|entry| by_incident.entry(entry["incident"]["id"].as_str().expect("an id")).or_default().push(entry));
    assert_eq!(by_incident.len(), incidents.len());
    let mut kinds = HashSet::new();
    for incident in &incidents {
        let own = &by_incident[incident["id"].as_str().expect("an id")];
        kinds.extend(own.iter().filter_map(|entry| entry["type"].as_str()));
        let at = |kind: &str| own.iter().find(|entry| entry["type"] == kind).map_or(Value::Null, |entry| entry["created_at"].clone());
        assert_eq!(at("resolve_log_entry"), incident["resolved_at"], "{incident}");
        assert_eq!(at("trigger_log_entry"), incident["created_at"]);
        assert_eq!(incident["status"] == "resolved", !incident["resolved_at"].is_null());
        assert_eq!(incident["status"] == "acknowledged", incident["acknowledgements"].as_array().is_some_and(|list| !list.is_empty()));
        assert_eq!(own[0]["created_at"], incident["updated_at"]);
    }
    for kind in ["trigger", "assign", "notify", "acknowledge", "unacknowledge", "escalate", "annotate", "resolve"] {
        assert!(kinds.contains(format!("{kind}_log_entry").as_str()), "no {kind}");
    }
    let one = incidents[7]["id"].as_str().expect("an id");
    assert_eq!(desk.get(&format!("/incidents/{one}"))["incident"], incidents[7]);
    let own = desk.get(&format!("/incidents/{one}/log_entries?limit=100"));
    assert_eq!(own["log_entries"].as_array().map(Vec::len), Some(by_incident[one].len()));
    assert!(desk.get(&format!("/incidents/{one}/log_entries?is_overview=true"))["log_entries"].to_string().find("notify_log").is_none());
}

#[test]
fn without_two_moments_it_is_a_month() {
    let desk = Desk::usual();
    let count = |query: &str| desk.all("incidents", query).0.len();
    assert_eq!(count(""), count(&days(desk.start - 30 * DAY, 30)));
    assert_eq!(count(&format!("since={}", shapes::time(desk.start - 60 * DAY))), count(&days(desk.start - 60 * DAY, 30)));
    assert!(count("") < count("date_range=all"));
    let open = count("date_range=all&statuses[]=triggered&statuses%5B%5D=acknowledged");
    assert_eq!(open + count("date_range=all&statuses[]=resolved"), count("date_range=all"));
    let status = |query: &str| desk.ask(&format!("/incidents?{query}"), desk.face.token()).status;
    assert_eq!((status(&days(desk.start - 200 * DAY, 200)), status("since=soon"), status("limit=x")), (400, 400, 400));
    let page = desk.get("/incidents?limit=500");
    assert_eq!((page["limit"].as_u64(), page["offset"].as_u64(), page["total"].is_null()), (Some(100), Some(0), true));
    assert_eq!(desk.get("/incidents")["limit"], 25);
}

#[test]
fn an_open_incident_is_resolved_later() {
    let desk = Desk::usual();
    let before = desk.all("incidents", "date_range=all").0;
    desk.clock.set(chrono::DateTime::from_timestamp(desk.start + 10 * DAY, 0).expect("a date"));
    let after: HashMap<String, Value> =
        desk.all("incidents", "date_range=all").0.into_iter().map(|row| (row["id"].as_str().unwrap_or_default().to_owned(), row)).collect();
    let changed = before.iter().filter(|row| after[row["id"].as_str().unwrap_or_default()] != **row);
    assert!(changed.clone().count() > 0 && after.len() > before.len(), "{} {} {}", changed.count(), after.len(), before.len());
    assert!(changed.clone().all(|row| row["updated_at"].as_str() < after[row["id"].as_str().unwrap_or_default()]["updated_at"].as_str()));
}

#[test]
fn services_and_policies_have_their_holes() {
    let desk = Desk::usual();
    let services = desk.all("services", "").0;
    assert_eq!(services.len(), desk.company.services().len() - 1 + STRANGERS.len(), "one is unknown here, and some are known here only");
    let status = |wanted: &str| services.iter().filter(|service| service["status"] == wanted).count();
    assert_eq!((status("disabled"), status("maintenance")), (1, 1));
    let strangers = services.iter().filter(|service| STRANGERS.iter().any(|(name, _)| service["name"] == *name)).count();
    assert_eq!(strangers, STRANGERS.len());
    assert!(services.iter().any(|service| service["name"] == NOBODYS) && services.iter().any(|service| service["name"] == "Lamp Api"));
    let policies = desk.all("escalation_policies", "include[]=targets").0;
    let policy = |slug: &str| {
        let group = desk.company.groups.iter().find(|group| group.slug == slug).expect("the team exists");
        policies.iter().find(|policy| policy["teams"][0]["summary"] == group.name).expect("the team has one")
    };
    assert!(policies.len() > 8 && policies.iter().any(|policy| policy["escalation_rules"].as_array().map(Vec::len) == Some(3)));
    assert_eq!(policy(HOLLOW)["escalation_rules"][1]["targets"].as_array().map(Vec::len), Some(0));
    assert!(policies.iter().any(|policy| policy.to_string().contains("\"email\":")));
    let on_call = |slug: &str, level: u64, query: &str| {
        let id = policy(slug)["id"].as_str().expect("an id");
        let rows = desk.all("oncalls", &format!("escalation_policy_ids[]={id}&{query}")).0;
        rows.into_iter().filter(|row| row["escalation_level"] == level).collect::<Vec<_>>()
    };
    assert_eq!((on_call(VACANT, 1, "").len(), on_call(VACANT, 2, "").len(), on_call("lamp-platform", 1, "").len()), (0, 1, 1));
    assert!(on_call(VACANT, 2, "").iter().all(|row| row["start"].is_null() && row["schedule"].is_null()));
    let turns = on_call(VACANT_SOON, 1, &days(desk.start, 10));
    let gap = turns.windows(2).any(|two| two[0]["end"].as_str() < two[1]["start"].as_str());
    assert!(gap, "{turns:?}");
    assert_eq!(desk.ask(&format!("/oncalls?{}", days(desk.start, 100)), desk.face.token()).status, 400);
}

#[test]
fn whoever_may_not_is_told_so() {
    let desk = Desk::usual();
    assert_eq!(desk.ask("/services", "wrong").value()["error"]["code"], 2006);
    for endpoint in ENDPOINTS {
        let token = desk.face.token_without(endpoint);
        let statuses = ENDPOINTS.map(|other| desk.ask(&format!("/{other}"), token).status);
        assert!(ENDPOINTS.iter().zip(statuses).all(|(other, status)| status == if *other == endpoint { 403 } else { 200 }), "{endpoint}");
    }
    assert_eq!(desk.ask("/abilities", desk.face.token_without("oncalls")).status, 200);
    assert_eq!(desk.ask("/users/me", desk.face.token()).status, 404);
    assert_eq!(desk.ask("/incidents/Q0/log_entries", desk.face.token()).value()["error"]["code"], 2100);
}
