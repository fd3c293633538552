//! What a client of Jira may rely on.

use std::collections::HashSet;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};

use super::*;
use crate::clock::Clock;
use crate::company::Company;
use crate::company::DAY;
use std::sync::Arc;

struct Desk {
    jira: Jira,
    clock: Clock,
    start: i64,
}

impl Desk {
    fn new() -> Desk {
        let options = Options { repositories: 5, ..Options::default() };
        let company = Arc::new(Company::found(&options).expect("the options are good"));
        Desk { jira: Jira::new(&options), clock: Clock::new([company], options.now), start: options.now.timestamp() }
    }

    fn ask(&self, method: Method, target: &str, body: &str, authorization: &str) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert(http::header::AUTHORIZATION, HeaderValue::try_from(authorization).expect("it is plain"));
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let body = Bytes::copy_from_slice(body.as_bytes());
        let call = Call { method, path: path.to_owned(), query: query.to_owned(), headers, body };
        self.jira.answer(&self.clock.moment(), &call, false)
    }

    fn cloud(&self, body: &Value) -> Reply {
        self.ask(Method::POST, "/rest/api/3/search/jql", &body.to_string(), &self.basic())
    }

    fn get(&self, target: &str) -> Reply {
        let bearer = format!("Bearer {}", self.jira.access_token());
        let authorization = if target.starts_with("/rest/api/3") { self.basic() } else { bearer };
        self.ask(Method::GET, target, "", &authorization)
    }

    fn basic(&self) -> String {
        let (email, token) = self.jira.credentials();
        format!("Basic {}", packed(format!("{email}:{token}").as_bytes()))
    }

    /// Every issue of the project on the Cloud, by page.
    fn pages(&self, jql: &str, size: usize) -> Vec<Vec<Value>> {
        let mut pages = Vec::new();
        let mut token = Value::Null;
        loop {
            let body = json!({
                "jql": jql, "fields": ["*all"], "expand": "changelog", "maxResults": size, "nextPageToken": token
            });
            let page = self.cloud(&body).value();
            pages.push(page["issues"].as_array().expect("issues").clone());
            token = page["nextPageToken"].clone();
            assert_eq!(page["isLast"].as_bool(), Some(token.is_null()));
            if token.is_null() {
                return pages;
            }
        }
    }
}

fn packed(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().enumerate().fold(0_u32, |word, (place, byte)| word | u32::from(*byte) << (16 - 8 * place));
        for place in 0..4 {
            let letter = char::from(LETTERS[(word >> (18 - 6 * place) & 63) as usize]);
            text.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    text
}

#[test]
fn all_issues_come_by_page_and_each_once() {
    let desk = Desk::new();
    let pages = desk.pages("project in (LAMP, FOG) ORDER BY updated ASC, key ASC", 100);
    assert!(pages[..pages.len() - 1].iter().all(|page| page.len() == 100));
    let issues: Vec<Value> = pages.concat();
    let keys: HashSet<&str> = issues.iter().filter_map(|issue| issue["key"].as_str()).collect();
    assert!(keys.len() == issues.len() && keys.len() > 700, "{}", keys.len());
    let updated: Vec<&str> = issues.iter().filter_map(|issue| issue["fields"]["updated"].as_str()).collect();
    assert!(updated.is_sorted() && updated.len() == issues.len());
    assert!(updated.last().is_some_and(|last| *last <= "2026-11-21T11:00:01" && last.ends_with("+0100")));

    let total = desk.get("/rest/api/2/search?jql=project+in+(LAMP,FOG)&maxResults=5000&fields=status&startAt=3").value();
    assert_eq!((total["total"].as_u64(), total["maxResults"].as_u64()), (Some(issues.len() as u64), Some(1_000)));
    assert_eq!(total["issues"].as_array().map(Vec::len), Some(issues.len() - 3));
    assert_eq!(total["issues"][0]["fields"].as_object().map(|fields| fields.len()), Some(1));
}

#[test]
fn long_histories_come_whole_from_their_own_list() {
    let desk = Desk::new();
    let issues = desk.pages("project = LAMP", 100).concat();
    let total = |issue: &Value| issue["changelog"]["total"].as_u64().unwrap_or_default();
    let longest = issues.iter().max_by_key(|issue| total(issue)).expect("there are issues");
    assert!(total(longest) > 100);
    let along = longest["changelog"]["histories"].as_array().expect("a list");
    assert_eq!(along.len(), 40);
    assert!(along[0]["created"].as_str() > along[39]["created"].as_str(), "the newest first");
    let key = longest["key"].as_str().expect("a key");
    let first = desk.get(&format!("/rest/api/3/issue/{key}/changelog")).value();
    let rest = desk.get(&format!("/rest/api/3/issue/{key}/changelog?startAt=100&maxResults=100")).value();
    let (first_values, rest_values) = (first["values"].as_array().expect("a list"), rest["values"].as_array().expect("a list"));
    assert_eq!((first["isLast"].as_bool(), rest["isLast"].as_bool()), (Some(false), Some(true)));
    assert_eq!((first_values.len() + rest_values.len()) as u64, total(longest));
    assert_eq!(rest_values.last().map(|change| &change["id"]), Some(&along[0]["id"]));
    let whole = desk.get(&format!("/rest/api/2/search?jql=key={key}&expand=changelog")).value();
    assert_eq!(whole["issues"][0]["changelog"]["histories"].as_array().map(|list| list.len() as u64), Some(total(longest)));
    assert_eq!(desk.get("/rest/api/3/issue/LAMP-1/changelog").status, 404);
}

#[test]
fn what_changed_since_a_minute_is_found() {
    let desk = Desk::new();
    let since = "project = LAMP AND updated >= \"2026-11-21 11:00\" ORDER BY updated ASC, key ASC";
    assert!(desk.pages(since, 50).concat().is_empty());
    desk.clock.set(chrono::DateTime::from_timestamp(desk.start + 3 * DAY, 0).expect("a date"));
    let changed = desk.pages(since, 50).concat();
    assert!((10..300).contains(&changed.len()), "{}", changed.len());
    assert!(changed.iter().all(|issue| issue["fields"]["updated"].as_str() >= Some("2026-11-21T11:00")));
    let some = changed.iter().any(|issue| issue["fields"]["created"].as_str() < Some("2026-11-21T11:00"));
    assert!(some, "an old one changed");
}

#[test]
fn whoever_is_unknown_or_asks_wrongly_is_told_so() {
    let desk = Desk::new();
    let (basic, bearer) = (desk.basic(), format!("Bearer {}", desk.jira.access_token()));
    for (target, authorization, status) in [
        ("/rest/api/3/myself", basic.as_str(), 200),
        ("/rest/api/3/myself", &bearer, 401),
        ("/rest/api/3/myself", "Basic bm86Ym9keQ==", 401),
        ("/rest/api/2/myself", &bearer, 200),
        ("/rest/api/2/myself", &basic, 401),
        ("/rest/api/2/status", "Bearer wrong", 401),
        ("/rest/api/3/search?jql=project=LAMP", &basic, 410),
        ("/rest/api/3/search/jql?jql=project+=+VAULT", &basic, 400),
        ("/rest/api/3/search/jql?jql=order+by+key", &basic, 400),
        ("/rest/api/3/search/jql?jql=project=LAMP&nextPageToken=Ci0000", &basic, 400),
        ("/rest/api/2/search?jql=order+by+key", &bearer, 200),
        ("/rest/api/2/search/jql?jql=project=LAMP", &bearer, 404),
        ("/wiki", &bearer, 404),
    ] {
        assert_eq!(desk.ask(Method::GET, target, "", authorization).status, status, "{target}");
    }
    let error = desk.get("/rest/api/3/search/jql?jql=project+=+VAULT").value();
    assert_eq!(error["errorMessages"][0], "The value 'VAULT' does not exist for the field 'project'.");
    assert_eq!(desk.get("/rest/api/3/myself").value()["timeZone"], "Europe/Oslo");
    assert_eq!(desk.get("/rest/api/2/status").value().as_array().map(Vec::len), Some(4));
    let bare = desk.get("/rest/api/3/search/jql?jql=project=LAMP&maxResults=1").value();
    assert_eq!(bare["issues"][0].as_object().map(|issue| issue.len()), Some(1), "who asks for no field gets none");
}
