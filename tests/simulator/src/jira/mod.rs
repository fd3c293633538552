//! The company as Jira tells it: what people ask of the platform's team, in the words of the Cloud and in those of a Data Center.
//!
//! Under one address there are both: version 3 of the interface is the Cloud's and wants an address and a token, version 2 is the
//! Data Center's and wants a token only.

mod issue;
mod jql;
#[cfg(test)]
mod tests;

use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::company::present::{Moment, Present};
use crate::company::random::mix;
use crate::company::requests::{Request, STATUSES};
use crate::company::{self, Company};
use crate::face::Face;
use crate::github::access::letters;
use crate::http::{Call, Reply};
use crate::jira::issue::{Fields, View};
use crate::jira::jql::Jql;
use crate::options::Options;
use crate::query::Query;

/// Where web pages would be; nobody answers there.
const WEB: &str = "https://jira.clockwork-lighthouse.example";
/// How far the account's clock is ahead of UTC, in every season.
const ZONE_SECONDS: i64 = 3_600;
/// Issues of a page if the client does not say.
const USUAL: usize = 50;
/// The most issues of a page on the Cloud, and the most changes of one.
const CLOUD_LIMIT: usize = 100;
/// The most issues of a page on a Data Center.
const DATA_CENTER_LIMIT: usize = 1_000;

/// Which of the two it speaks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    Cloud,
    DataCenter,
}

impl Dialect {
    /// What addresses begin with that it gives out.
    fn root(self) -> &'static str {
        match self {
            Dialect::Cloud => "https://jira.clockwork-lighthouse.example/rest/api/3",
            Dialect::DataCenter => "https://jira.clockwork-lighthouse.example/rest/api/2",
        }
    }
}

/// Jira.
pub(crate) struct Jira {
    email: String,
    cloud_token: String,
    access_token: String,
}

/// What is searched for, in an address or in a body.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Search {
    jql: String,
    fields: Vec<String>,
    expand: Expand,
    max_results: Option<i64>,
    next_page_token: Option<String>,
    start_at: usize,
}

/// A list, with commas or as one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Expand {
    Text(String),
    List(Vec<String>),
}

impl Default for Expand {
    fn default() -> Expand {
        Expand::List(Vec::new())
    }
}

impl Expand {
    fn has(&self, name: &str) -> bool {
        match self {
            Expand::Text(text) => text.split(',').any(|one| one.trim() == name),
            Expand::List(list) => list.iter().any(|one| one == name),
        }
    }
}

impl Search {
    fn read(call: &Call) -> Option<Search> {
        if call.method == Method::POST {
            return serde_json::from_slice(&call.body).ok();
        }
        let query = Query::parse(&call.query);
        let text = |name: &str| query.get(name).map(str::to_owned);
        let list = query.get("fields").unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
        Some(Search {
            jql: text("jql").unwrap_or_default(),
            fields: list.map(str::to_owned).collect(),
            expand: Expand::Text(text("expand").unwrap_or_default()),
            max_results: query.get("maxResults").and_then(|most| most.parse().ok()),
            next_page_token: text("nextPageToken"),
            start_at: query.get("startAt").and_then(|start| start.parse().ok()).unwrap_or_default(),
        })
    }

    fn size(&self, most: usize) -> usize {
        self.max_results.and_then(|size| usize::try_from(size).ok()).unwrap_or(USUAL).min(most)
    }
}

impl Jira {
    /// Jira with these options.
    pub(crate) fn new(options: &Options) -> Jira {
        Jira {
            email: format!("almanac-reader@{}", company::DOMAIN),
            cloud_token: letters("ATATT3x", options.seed, 41),
            access_token: letters("", options.seed, 42),
        }
    }

    /// The address and the token that the Cloud wants.
    pub(crate) fn credentials(&self) -> (String, String) {
        (self.email.clone(), self.cloud_token.clone())
    }

    /// The token that a Data Center wants.
    pub(crate) fn access_token(&self) -> &str {
        &self.access_token
    }

    /// What it calls people by, in either dialect.
    pub(crate) fn handles(company: &Company) -> impl Iterator<Item = String> {
        company.people.iter().flat_map(|person| [issue::name_of(Dialect::Cloud, person), issue::key_of(person)])
    }

    fn search(&self, present: &Present, dialect: Dialect, call: &Call, slipped: bool) -> Reply {
        let Some(search) = Search::read(call) else {
            return refused(400, "Invalid request payload. Refer to the REST API documentation and try again.");
        };
        let jql = match Jql::parse(&search.jql) {
            Ok(jql) => jql,
            Err(error) => return refused(400, &error),
        };
        if dialect == Dialect::Cloud && jql.condition.is_none() {
            let error = "Unbounded JQL queries are not allowed here. Please add a search restriction to your query.";
            return refused(400, error);
        }
        let found = jql.found(present.company.requests(), present.now);
        let (size, start) = match dialect {
            Dialect::Cloud => {
                let start = search.next_page_token.as_deref().map_or(Some(0), |token| self.place(token, &search.jql));
                let Some(start) = start else {
                    return refused(400, "The provided next page token is invalid or expired.");
                };
                (search.size(CLOUD_LIMIT).max(1), start)
            }
            Dialect::DataCenter => (search.size(DATA_CENTER_LIMIT), search.start_at),
        };
        let begin = start.saturating_sub(usize::from(slipped)).min(found.len());
        let end = found.len().min(begin + size);
        let fields = Fields::of(search.fields, dialect);
        let view = View { company: &present.company, dialect, now: present.now };
        let with_changes = search.expand.has("changelog");
        let issues: Vec<Value> =
            found[begin..end].iter().map(|(request, state)| view.issue(request, state, &fields, with_changes)).collect();
        let answer = match dialect {
            Dialect::Cloud if end < found.len() => {
                json!({ "issues": issues, "nextPageToken": self.token(end, &search.jql), "isLast": false })
            }
            Dialect::Cloud => json!({ "issues": issues, "isLast": true }),
            Dialect::DataCenter => {
                json!({ "expand": "schema,names", "startAt": start, "maxResults": size, "total": found.len(), "issues": issues })
            }
        };
        Reply::json(200, &answer)
    }

    /// A word that stands for a place in what was found, and for nothing else.
    fn token(&self, place: usize, jql: &str) -> String {
        let sum = jql.bytes().fold(0, |sum, byte| mix(sum ^ u64::from(byte)));
        format!("Ci{:08x}{:016x}", place, mix(sum ^ place as u64))
    }

    fn place(&self, token: &str, jql: &str) -> Option<usize> {
        let place = usize::from_str_radix(token.strip_prefix("Ci")?.get(..8)?, 16).ok()?;
        (self.token(place, jql) == token).then_some(place)
    }

    /// The changes of one issue, the earliest first.
    fn changelog(&self, present: &Present, key: &str, call: &Call, slipped: bool) -> Reply {
        let mut requests = present.company.requests().iter().filter(|request| request.created_at <= present.now);
        let (project, number) = key.split_once('-').unwrap_or(("", key));
        let number: u64 = number.parse().unwrap_or_default();
        let is_meant = |request: &&Request| match project {
            "" => request.id == number,
            project => u64::from(request.number) == number && request.project.key.eq_ignore_ascii_case(project),
        };
        let Some(request) = requests.find(is_meant) else {
            return refused(404, "Issue does not exist or you do not have permission to see it.");
        };
        let query = Query::parse(&call.query);
        let number = |name: &str| query.get(name).and_then(|number| number.parse::<usize>().ok());
        let (start, size) = (number("startAt").unwrap_or_default(), number("maxResults").unwrap_or(CLOUD_LIMIT).min(CLOUD_LIMIT));
        let changes = request.changes(present.now);
        let begin = start.saturating_sub(usize::from(slipped)).min(changes.len());
        let end = changes.len().min(begin + size);
        let view = View { company: &present.company, dialect: Dialect::Cloud, now: present.now };
        let values: Vec<Value> = changes[begin..end].iter().map(|change| view.change(change)).collect();
        let root = Dialect::Cloud.root();
        let mut answer = json!({
            "self": format!("{root}/issue/{key}/changelog?startAt={start}&maxResults={size}"),
            "maxResults": size,
            "startAt": start,
            "total": changes.len(),
            "isLast": end == changes.len(),
            "values": values,
        });
        if end < changes.len() {
            answer["nextPage"] = json!(format!("{root}/issue/{key}/changelog?startAt={end}&maxResults={size}"));
        }
        Reply::json(200, &answer)
    }

    /// Whose token it is that asks.
    fn myself(&self, dialect: Dialect) -> Reply {
        let root = dialect.root();
        let mut user = json!({
            "emailAddress": self.email,
            "avatarUrls": {},
            "displayName": "Almanac reader",
            "active": true,
            "timeZone": "Europe/Oslo",
            "locale": "en_GB",
        });
        match dialect {
            Dialect::Cloud => {
                user["self"] = json!(format!("{root}/user?accountId=712020:5a11"));
                user["accountId"] = json!("712020:5a11");
                user["accountType"] = json!("atlassian");
            }
            Dialect::DataCenter => {
                user["self"] = json!(format!("{root}/user?username=almanac-reader"));
                user["key"] = json!("JIRAUSER10100");
                user["name"] = json!("almanac-reader");
            }
        }
        Reply::json(200, &user)
    }
}

impl Face for Jira {
    fn name(&self) -> &'static str {
        "jira"
    }

    /// The Cloud's is the first, a Data Center's the second.
    fn bearer(&self, call: &Call) -> Option<usize> {
        let header = call.headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
        let (scheme, sent) = header.split_once(' ')?;
        if scheme.eq_ignore_ascii_case("bearer") {
            return (sent.trim() == self.access_token).then_some(1);
        }
        let known = format!("{}:{}", self.email, self.cloud_token);
        (scheme.eq_ignore_ascii_case("basic") && unpacked(sent.trim())? == known.as_bytes()).then_some(0)
    }

    fn answer(&self, moment: &Moment, call: &Call, slipped: bool) -> Reply {
        let (dialect, path) = match (call.path.strip_prefix("/rest/api/3"), call.path.strip_prefix("/rest/api/2")) {
            (Some(path), _) => (Dialect::Cloud, path),
            (_, Some(path)) => (Dialect::DataCenter, path),
            _ => return refused(404, "dead link"),
        };
        match (dialect, self.bearer(call)) {
            (Dialect::Cloud, Some(0)) | (Dialect::DataCenter, Some(1)) => {}
            (Dialect::Cloud, _) => {
                let said = "Client must be authenticated to access this resource.";
                return Reply::json(401, &json!({ "message": said, "status-code": 401 })).with("www-authenticate", "OAuth realm=\"jira\"");
            }
            (Dialect::DataCenter, _) => {
                let reply = refused(401, "You are not authenticated. Authentication required to perform this operation.");
                return reply.with("x-seraph-loginreason", "AUTHENTICATED_FAILED");
            }
        }
        let present = moment.first();
        let steps: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (dialect, call.method == Method::POST, steps.as_slice()) {
            (_, false, ["myself"]) => self.myself(dialect),
            (_, false, ["status"]) => {
                let statuses: Vec<Value> = STATUSES.iter().map(|status| issue::status(*status, dialect)).collect();
                Reply::json(200, &Value::from(statuses))
            }
            (Dialect::Cloud, _, ["search", "jql"]) | (Dialect::DataCenter, _, ["search"]) => self.search(present, dialect, call, slipped),
            (Dialect::Cloud, _, ["search"]) => {
                refused(410, "The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.")
            }
            (Dialect::Cloud, false, ["issue", key, "changelog"]) => self.changelog(present, key, call, slipped),
            (_, false, ["serverInfo"]) => {
                let kind = if dialect == Dialect::Cloud { "Cloud" } else { "Server" };
                Reply::json(200, &json!({ "baseUrl": WEB, "version": "10.3.2", "versionNumbers": [10, 3, 2], "deploymentType": kind }))
            }
            _ => refused(404, "dead link"),
        }
    }

    /// Only where somebody says how long, the header is there.
    fn too_much(&self, _call: &Call, wait: Option<u64>) -> Reply {
        let reply = refused(429, "Rate limit exceeded.");
        match wait {
            Some(seconds) => reply.with("retry-after", seconds),
            None => reply,
        }
    }
}

/// What Jira says when it does not do what it was asked.
fn refused(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "errorMessages": [message], "errors": {} }))
}

/// What six bits a letter stand for (base64).
fn unpacked(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let (mut held, mut bits) = (0_u32, 0);
    for letter in text.trim_end_matches('=').bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(value)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((held >> bits) as u8);
        }
    }
    Some(bytes)
}
