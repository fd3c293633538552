//! A company, its GitHub and its Datadog without a socket, for unit tests.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};

use crate::clock::Clock;
use crate::company::Company;
use crate::datadog::Datadog;
use crate::face::Face as _;
use crate::faults::Effect;
use crate::github::Github;
use crate::http::{Call, Reply};
use crate::options::Options;

/// A company, maybe a second one, their clock, their GitHub and their Datadog.
pub(crate) struct World {
    pub(crate) company: Arc<Company>,
    pub(crate) second: Option<Arc<Company>>,
    pub(crate) clock: Clock,
    pub(crate) github: Github,
    pub(crate) datadog: Datadog,
}

impl World {
    /// A company smaller than the usual one.
    pub(crate) fn small() -> World {
        World::new(&Options { repositories: 60, ..Options::default() })
    }

    /// A company with these options.
    pub(crate) fn new(options: &Options) -> World {
        let companies: Vec<_> = Company::found_all(options).expect("the options are good").into_iter().map(Arc::new).collect();
        World {
            clock: Clock::new(companies.iter().cloned(), options.now),
            github: Github::new(options, "http://127.0.0.1:1/github".to_owned()),
            datadog: Datadog::new(options),
            company: Arc::clone(&companies[0]),
            second: companies.get(1).cloned(),
        }
    }

    /// Sends a request with a token and one more header.
    pub(crate) fn send(&self, method: Method, target: &str, body: &str, token: &str, header: Option<(&'static str, &str)>) -> Reply {
        self.github.answer(&self.clock.moment(), &call(method, target, body, token, header), false)
    }

    /// Runs a query under a fault.
    pub(crate) fn query_under(&self, effect: &Effect, query: &str, variables: Value) -> Reply {
        let body = json!({ "query": query, "variables": variables }).to_string();
        self.github.fault(&self.clock.moment(), &call(Method::POST, "/graphql", &body, self.github.access.token(), None), effect)
    }

    /// `GET`, with the token that may do everything.
    pub(crate) fn get(&self, target: &str) -> Reply {
        self.send(Method::GET, target, "", self.github.access.token(), None)
    }

    /// `GET` from Datadog, with the keys that may do everything.
    pub(crate) fn watch(&self, target: &str) -> Reply {
        let (api, application) = self.datadog.keys.all_powerful();
        self.watch_as(target, api, application, false)
    }

    /// The same with other keys, and maybe with lists that have moved on by one.
    pub(crate) fn watch_as(&self, target: &str, api: &str, application: &str, slipped: bool) -> Reply {
        self.datadog.answer(&self.clock.moment(), &with_keys(target, api, application), slipped)
    }

    /// `GET` from Datadog under a fault.
    pub(crate) fn watch_under(&self, effect: &Effect, target: &str) -> Reply {
        let (api, application) = self.datadog.keys.all_powerful();
        self.datadog.fault(&self.clock.moment(), &with_keys(target, api, application), effect)
    }

    /// Runs a query.
    pub(crate) fn query(&self, query: &str, variables: Value) -> Value {
        self.query_as(self.github.access.token(), query, variables)
    }

    /// Runs a query with this token.
    pub(crate) fn query_as(&self, token: &str, query: &str, variables: Value) -> Value {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let reply = self.send(Method::POST, "/graphql", &body, token, None);
        assert_eq!(reply.status, 200);
        reply.value()
    }
}

/// A request to Datadog; a key that is empty is not sent.
fn with_keys(target: &str, api: &str, application: &str) -> Call {
    let mut call = call(Method::GET, target, "", "", None);
    for (name, key) in [("dd-api-key", api), ("dd-application-key", application)] {
        if !key.is_empty() {
            call.headers.insert(name, HeaderValue::try_from(key).expect("keys are plain"));
        }
    }
    call
}

fn call(method: Method, target: &str, body: &str, token: &str, header: Option<(&'static str, &str)>) -> Call {
    let mut headers = HeaderMap::new();
    let authorization = HeaderValue::try_from(format!("Bearer {token}")).expect("tokens are plain");
    headers.insert(http::header::AUTHORIZATION, authorization);
    if let Some((name, value)) = header {
        headers.insert(name, HeaderValue::try_from(value).expect("the header is plain"));
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    Call { method, path: path.to_owned(), query: query.to_owned(), headers, body: Bytes::copy_from_slice(body.as_bytes()) }
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn value(&self) -> Value {
        serde_json::from_slice(&self.body).expect("the body is JSON")
    }

    /// A header's value.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
