//! The company as GitHub tells it: REST and GraphQL, tokens, limits, and the ways GitHub fails.

pub(crate) mod access;
mod codeowners;
mod errors;
mod graphql;
mod ids;
mod rate;
mod rest;
mod time;

use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::company::present::Present;
use crate::company::random::mix;
use crate::faults::Effect;
use crate::github::access::{Access, Bearer};
use crate::github::graphql::query::Queries;
use crate::github::rate::{Rate, Resource, Standing, real_now};
use crate::http::{Call, Reply};
use crate::options::Options;

/// Where web pages would be; nobody answers there.
const WEB: &str = "https://github.example";

/// GitHub, for one organisation.
pub(crate) struct Github {
    pub(crate) access: Access,
    rate: Rate,
    queries: Queries,
    page_limit: usize,
    api_url: String,
    answered: AtomicU64,
}

impl Github {
    /// GitHub at this address.
    pub(crate) fn new(options: &Options, api_url: String) -> Github {
        Github {
            access: Access::new(options.seed),
            rate: Rate::new(options.rate_limit),
            queries: Queries::default(),
            page_limit: options.page_limit.min(100),
            api_url,
            answered: AtomicU64::new(0),
        }
    }

    /// The name of the operation that a GraphQL request runs.
    pub(crate) fn operation(&self, call: &Call) -> Option<String> {
        if !is_graphql(call) {
            return None;
        }
        let request = graphql::Request::read(&call.body).ok()?;
        match request.operation_name {
            Some(name) => Some(name),
            None => self.queries.parse(&request.query).ok()?.only_operation_name(),
        }
    }

    /// The right answer.
    pub(crate) fn answer(&self, present: &Present, call: &Call) -> Reply {
        let Some(bearer) = self.bearer(call) else {
            return self.finish(errors::bad_credentials(), None);
        };
        let resource = resource(call);
        let standing = self.rate.standing(bearer, resource);
        let free = call.path == "/rate_limit";
        if standing.remaining() == 0 && !free {
            return self.finish(errors::primary_limit(resource), Some(standing));
        }
        if resource == Resource::Graphql {
            let (reply, standing) = graphql::answer(self, present, bearer, call);
            return self.finish(reply, Some(standing));
        }
        let reply = rest::answer(self, present, bearer, call);
        if free {
            return self.finish(reply, Some(standing));
        }
        let reply = unchanged(reply, call);
        if reply.status == 304 {
            return self.finish(reply, Some(standing));
        }
        match self.rate.spend(bearer, resource, 1) {
            Ok(standing) => self.finish(Reply { cost: 1, ..reply }, Some(standing)),
            Err(standing) => self.finish(errors::primary_limit(resource), Some(standing)),
        }
    }

    /// The answer under a fault.
    pub(crate) fn fault(&self, present: &Present, call: &Call, effect: &Effect) -> Reply {
        let resource = resource(call);
        let standing = self.bearer(call).map(|bearer| self.rate.standing(bearer, resource));
        match effect {
            Effect::Delay(_) | Effect::DropConnection => self.answer(present, call),
            Effect::GraphqlErrors => graphql::faults::one_node_missing(self.answer(present, call)),
            Effect::SomethingWentWrong => self.finish(graphql::faults::something_went_wrong(), standing),
            Effect::BadGateway => {
                let mut reply = Reply::bytes(502, b"<html><head><title>502 Bad Gateway</title></head></html>".to_vec());
                reply = reply.with("content-type", "text/html");
                self.finish(reply, standing)
            }
            Effect::SecondaryLimit { retry_after, status } => {
                let reply = errors::secondary_limit(*status);
                let reply = match retry_after {
                    Some(seconds) => reply.with("retry-after", seconds),
                    None => reply,
                };
                self.finish(reply, standing)
            }
            Effect::PrimaryLimitExhausted { reset_in_seconds } => {
                let standing =
                    standing.map(|standing| Standing { used: standing.limit, resets_at: real_now() + reset_in_seconds, ..standing });
                self.finish(errors::primary_limit(resource), standing)
            }
            Effect::RedirectTo(host) => {
                let query = if call.query.is_empty() { String::new() } else { format!("?{}", call.query) };
                let address = format!("{}/github{}{query}", host.trim_end_matches('/'), call.path);
                let body = json!({
                    "message": "Moved Permanently",
                    "url": address,
                    "documentation_url": errors::DOCUMENTATION,
                });
                self.finish(Reply::json(301, &body).with("location", address), standing)
            }
            Effect::Status { status, headers, body } => {
                let mut reply = self.finish(Reply::bytes(*status, body.clone().into_bytes()), standing);
                for (name, value) in headers {
                    reply = reply.with(&name.to_ascii_lowercase(), value);
                }
                reply
            }
        }
    }

    fn bearer(&self, call: &Call) -> Option<Bearer> {
        let header = call.headers.get(http::header::AUTHORIZATION)?;
        self.access.bearer(header.to_str().ok())
    }

    /// Adds the headers that every answer has.
    fn finish(&self, reply: Reply, standing: Option<Standing>) -> Reply {
        let number = self.answered.fetch_add(1, Ordering::Relaxed);
        // Without a valid token there is the small allowance of an address.
        let standing = standing.unwrap_or(Standing { resource: Resource::Core, limit: 60, used: 1, resets_at: real_now() + 3_600 });
        reply
            .with("x-github-request-id", format!("{:08X}:{number:X}", mix(number) as u32))
            .with("x-github-api-version-selected", "2022-11-28")
            .with("x-ratelimit-limit", standing.limit)
            .with("x-ratelimit-remaining", standing.remaining())
            .with("x-ratelimit-used", standing.used)
            .with("x-ratelimit-reset", standing.resets_at)
            .with("x-ratelimit-resource", standing.resource.name())
    }
}

fn is_graphql(call: &Call) -> bool {
    call.path == "/graphql" && call.method == Method::POST
}

fn resource(call: &Call) -> Resource {
    if is_graphql(call) { Resource::Graphql } else { Resource::Core }
}

/// Gives a good answer its `ETag`, and nothing but that to a client who has this answer already.
fn unchanged(reply: Reply, call: &Call) -> Reply {
    if reply.status != 200 {
        return reply;
    }
    let digest = Sha256::digest(&reply.body);
    let tag: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let known = call.headers.get(http::header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|tags| tags.contains(&tag));
    let reply = reply.with("etag", format!("W/\"{tag}\""));
    if known { Reply { status: 304, body: Vec::new(), ..reply } } else { reply }
}
