//! The company as Datadog tells it: what is watched, how well it does, and what went wrong.
//!
//! Only the first company uses it. Answers keep to the vendor's description and to the way it was seen to answer: which fields are null,
//! and how dates are written.

mod access;
mod context;
mod definitions;
mod downtimes;
mod history;
mod incidents;
mod monitors;
mod objectives;
mod surfaces;
#[cfg(test)]
mod tests;

use http::Method;
use serde_json::{Value, json};

pub(crate) use crate::datadog::access::Keys;

use crate::company::Company;
use crate::company::present::Moment;
use crate::datadog::access::{Rate, Standing};
use crate::datadog::context::Context;
use crate::face::Face;
use crate::http::{Call, Reply};
use crate::options::Options;
use crate::query::Query;

/// Where its pages would be; nobody answers there.
const WEB: &str = "https://datadog.example";

/// Datadog.
pub(crate) struct Datadog {
    pub(crate) keys: Keys,
    rate: Rate,
}

impl Datadog {
    /// Datadog with these options.
    pub(crate) fn new(options: &Options) -> Datadog {
        Datadog { keys: Keys::new(options.seed), rate: Rate::new(options.datadog_rate_limit) }
    }

    /// The answer to a request that may be answered.
    fn answer_to(&self, moment: &Moment, call: &Call, slipped: bool) -> Reply {
        let is_second = call.path.starts_with("/api/v2/");
        let key = self.keys.knows(call);
        if call.path == "/api/v1/validate" {
            return match (key, call.headers.contains_key(access::API_KEY)) {
                (true, _) => Reply::json(200, &json!({ "valid": true })),
                (false, true) => error(403, "Forbidden"),
                (false, false) => error(403, "API key required"),
            };
        }
        if !key {
            return if is_second { error(401, "Unauthorized") } else { error(403, "Forbidden") };
        }
        let Some(bearer) = self.keys.bearer(call) else {
            return error(403, "Forbidden");
        };
        let steps: Vec<&str> = call.path.split('/').filter(|step| !step.is_empty()).skip(1).collect();
        let Some((scope, answer)) = endpoint(&steps).filter(|_| call.method == Method::GET) else {
            return error(404, "Not found");
        };
        if !bearer.may(scope) {
            return error(403, "Forbidden");
        }
        let present = moment.first();
        let context = Context { company: &present.company, now: present.now, query: Query::parse(&call.query), slipped };
        answer(&context, &steps).unwrap_or_else(|reply| reply)
    }
}

/// The place among the company's monitors of the one with this number or name.
pub(crate) fn monitor(company: &Company, wanted: &str) -> Option<usize> {
    monitors::place(company, wanted)
}

/// What answers; the error is a reply as well.
type Answer = fn(&Context<'_>, &[&str]) -> Result<Reply, Reply>;

/// What answers at this path, and the scope it asks for.
fn endpoint(steps: &[&str]) -> Option<(&'static str, Answer)> {
    Some(match *steps {
        ["v1", "monitor"] => ("monitors_read", monitors::list),
        ["v1", "slo"] => ("slos_read", objectives::list),
        ["v1", "slo", _, "history"] => ("slos_read", history::of_one),
        ["v1", "dashboard"] => ("dashboards_read", surfaces::dashboards),
        ["v1", "synthetics", "tests"] => ("synthetics_read", surfaces::tests),
        ["v2", "downtime"] => ("monitors_downtime", downtimes::list),
        ["v2", "services", "definitions"] => ("apm_service_catalog_read", definitions::list),
        ["v2", "incidents"] => ("incident_read", incidents::list),
        _ => return None,
    })
}

/// An error in the vendor's shape.
fn error(status: u16, message: &str) -> Reply {
    Reply::json(status, &json!({ "errors": [message] }))
}

/// A good answer.
fn good(body: &Value) -> Reply {
    Reply::json(200, body)
}

/// With the headers that every answer has.
fn counted(reply: Reply, standing: Standing) -> Reply {
    reply
        .with("x-ratelimit-limit", standing.limit)
        .with("x-ratelimit-period", access::PERIOD)
        .with("x-ratelimit-remaining", standing.limit.saturating_sub(standing.used))
        .with("x-ratelimit-reset", standing.reset)
        .with("x-ratelimit-name", "api")
}

impl Face for Datadog {
    fn name(&self) -> &'static str {
        "datadog"
    }

    fn bearer(&self, call: &Call) -> Option<usize> {
        self.keys.knows(call).then(|| self.keys.bearer(call))?.map(|bearer| bearer.place)
    }

    fn answer(&self, moment: &Moment, call: &Call, slipped: bool) -> Reply {
        match self.rate.spend(self.bearer(call), 1) {
            Ok(standing) => {
                let reply = self.answer_to(moment, call, slipped);
                counted(Reply { cost: 1, ..reply }, standing)
            }
            Err(standing) => counted(too_many(), standing),
        }
    }

    /// The seconds count from now, unlike GitHub's.
    fn too_much(&self, call: &Call, wait: Option<u64>) -> Reply {
        let standing = self.rate.standing(self.bearer(call));
        counted(too_many(), Standing { used: standing.limit, reset: wait.unwrap_or(standing.reset), ..standing })
    }

    fn dressed(&self, call: &Call, reply: Reply) -> Reply {
        counted(reply, self.rate.standing(self.bearer(call)))
    }
}

fn too_many() -> Reply {
    error(429, "Rate limit reached. Please try again later.")
}
