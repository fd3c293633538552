//! The company as PagerDuty tells it: which services somebody is called about, by whom and in which order, and what came of each call.

mod answer;
mod duty;
mod incidents;
mod shapes;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::OnceLock;

use http::Method;
use serde_json::json;

use crate::company::Company;
use crate::company::present::Moment;
use crate::face::Face;
use crate::github::access::letters;
use crate::http::{Call, Reply};
use crate::options::Options;
use crate::pagerduty::answer::{Context, error};

/// What a token may be made without.
const ENDPOINTS: [&str; 5] = ["services", "escalation_policies", "oncalls", "incidents", "log_entries"];
/// What the account can do, of all that an account might.
const ABILITIES: [&str; 5] = ["teams", "urgencies", "service_support_hours", "event_rules", "on_call_readiness_report"];
/// Requests a minute.
const LIMIT: u32 = 960;

/// PagerDuty.
pub(crate) struct PagerDuty {
    /// The first may read everything, the others lack one endpoint each.
    tokens: Vec<String>,
    /// The place of each call by its name: there may be many, and each may be asked for.
    places: OnceLock<HashMap<String, usize>>,
}

impl PagerDuty {
    /// PagerDuty with these options.
    pub(crate) fn new(options: &Options) -> PagerDuty {
        let tokens = (0..=ENDPOINTS.len()).map(|place| letters("u+", options.seed, 60 + place as u64)).collect();
        PagerDuty { tokens, places: OnceLock::new() }
    }

    /// The token that may read everything.
    pub(crate) fn token(&self) -> &str {
        &self.tokens[0]
    }

    /// The one that may read everything but this.
    pub(crate) fn token_without(&self, endpoint: &str) -> &str {
        let place = ENDPOINTS.iter().position(|known| *known == endpoint).map_or(0, |place| place + 1);
        &self.tokens[place]
    }

    /// What it calls people by, and how it reaches them.
    pub(crate) fn handles(company: &Company) -> impl Iterator<Item = String> {
        let people = (0..company.people.len()).map(|person| shapes::user_id(company, person));
        people.chain([incidents::TELEPHONE.to_owned()])
    }

    /// All of them.
    pub(crate) fn tokens(&self) -> impl Iterator<Item = &str> {
        self.tokens.iter().map(String::as_str)
    }
}

impl Face for PagerDuty {
    fn name(&self) -> &'static str {
        "pagerduty"
    }

    fn bearer(&self, call: &Call) -> Option<usize> {
        let header = call.headers.get(http::header::AUTHORIZATION)?.to_str().ok()?;
        let sent = header.strip_prefix("Token token=")?.trim();
        self.tokens.iter().position(|token| token == sent)
    }

    fn answer(&self, moment: &Moment, call: &Call, slipped: bool) -> Reply {
        let Some(bearer) = self.bearer(call) else {
            return self.dressed(call, error(401, 2006, "Authentication failed", &["The token is unknown or was revoked."]));
        };
        let present = moment.first();
        // Nothing that is done to repositories changes who is called, so the names hold for ever.
        let places = self.places.get_or_init(|| incidents::places(&present.company));
        let context = Context::new(present, places, call, slipped);
        let steps: Vec<&str> = call.path.trim_matches('/').split('/').collect();
        let lacks = bearer.checked_sub(1).map(|place| ENDPOINTS[place]);
        let reply = match steps.as_slice() {
            _ if call.method != Method::GET => error(405, 2100, "Method Not Allowed", &[]),
            steps if steps.iter().any(|step| Some(*step) == lacks) => error(403, 2010, "Access Denied", &[]),
            ["abilities"] => Reply::json(200, &json!({ "abilities": ABILITIES })),
            ["services"] => context.services(),
            ["escalation_policies"] => context.policies(),
            ["oncalls"] => context.oncalls(),
            ["incidents"] => context.incidents(),
            ["incidents", id] => context.incident(id),
            ["incidents", id, "log_entries"] => context.log_entries_of(id),
            ["log_entries"] => context.log_entries(),
            _ => error(404, 2100, "Not Found", &[]),
        };
        self.dressed(call, reply)
    }

    /// The seconds count from now.
    fn too_much(&self, _call: &Call, wait: Option<u64>) -> Reply {
        Reply::json(429, &json!({ "error": { "message": "Rate Limit Exceeded", "code": 2020 } }))
            .with("ratelimit-limit", LIMIT)
            .with("ratelimit-remaining", 0)
            .with("ratelimit-reset", wait.unwrap_or(60))
    }

    fn dressed(&self, _call: &Call, reply: Reply) -> Reply {
        reply.with("ratelimit-limit", LIMIT).with("ratelimit-remaining", LIMIT - 1).with("ratelimit-reset", 59)
    }
}
