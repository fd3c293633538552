//! The companies as GitHub tells them, an organisation each: REST and GraphQL, tokens, limits, and the ways GitHub fails.

pub(crate) mod access;
pub(crate) mod app;
mod codeowners;
mod errors;
mod graphql;
mod ids;
mod rate;
mod rest;
#[cfg(test)]
mod second_tests;
mod time;

use std::sync::atomic::{AtomicU64, Ordering};

use http::Method;
use sha2::{Digest, Sha256};

use crate::company::present::Moment;
use crate::company::random::mix;
use crate::face::{self, Face};
use crate::faults::Effect;
use crate::github::access::{Access, Bearer, Kind};
use crate::github::app::App;
use crate::github::graphql::query::Queries;
use crate::github::rate::{Rate, Resource, Standing, real_now};
use crate::http::{Call, Reply};
use crate::options::Options;
use crate::traffic;

/// Where web pages would be; nobody answers there.
const WEB: &str = "https://github.example";

/// GitHub.
pub(crate) struct Github {
    pub(crate) access: Access,
    pub(crate) app: App,
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
            app: App::new(options.seed),
            rate: Rate::new(options.rate_limit),
            queries: Queries::default(),
            page_limit: options.page_limit.min(100),
            api_url,
            answered: AtomicU64::new(0),
        }
    }

    /// Whose token a request brings. The error is what the vendor says to who brings none that it knows.
    pub(crate) fn known(&self, call: &Call) -> Result<Bearer, &'static str> {
        let header = call.headers.get(http::header::AUTHORIZATION).and_then(|header| header.to_str().ok());
        let sent = header.and_then(access::sent).ok_or(errors::BAD_CREDENTIALS)?;
        // Only what an App signs has dots in it.
        if sent.contains('.') {
            return self.app.verify(sent).map(|()| Bearer::of_app());
        }
        self.access.bearer(sent).or_else(|| self.app.bearer(sent)).ok_or(errors::BAD_CREDENTIALS)
    }

    /// Whose token a request brings, and how much of its allowance is left.
    fn standing(&self, call: &Call) -> Option<(Bearer, Standing)> {
        let bearer = self.known(call).ok()?;
        Some((bearer, self.rate.standing(bearer, resource(call))))
    }

    /// Adds the headers that every answer has.
    fn finish(&self, reply: Reply, known: Option<(Bearer, Standing)>) -> Reply {
        let number = self.answered.fetch_add(1, Ordering::Relaxed);
        // Without a valid token there is the small allowance of an address.
        let scopes = known.and_then(|(bearer, _)| bearer.scopes());
        let reply = match scopes {
            Some(scopes) => reply.with("x-oauth-scopes", scopes),
            None => reply,
        };
        let standing = known.map(|(_, standing)| standing).unwrap_or(Standing {
            resource: Resource::Core,
            limit: 60,
            used: 1,
            resets_at: real_now() + 3_600,
        });
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

impl Face for Github {
    fn name(&self) -> &'static str {
        "github"
    }

    fn operation(&self, call: &Call) -> Option<String> {
        if !is_graphql(call) {
            return None;
        }
        let request = graphql::Request::read(&call.body).ok()?;
        match request.operation_name {
            Some(name) => Some(name),
            None => self.queries.parse(&request.query).ok()?.only_operation_name(),
        }
    }

    fn points(&self, call: &Call) -> (bool, u32) {
        let is_graphql = is_graphql(call);
        (is_graphql, traffic::points(&call.method, is_graphql))
    }

    fn bearer(&self, call: &Call) -> Option<usize> {
        self.known(call).ok().map(|bearer| bearer.place)
    }

    fn answer(&self, moment: &Moment, call: &Call, slipped: bool) -> Reply {
        let bearer = match self.known(call) {
            Ok(bearer) => bearer,
            Err(message) => return self.finish(errors::error(401, message), None),
        };
        let known = |standing| Some((bearer, standing));
        let resource = resource(call);
        let standing = self.rate.standing(bearer, resource);
        let free = call.path == "/rate_limit";
        if standing.remaining() == 0 && !free {
            return self.finish(errors::primary_limit(resource), known(standing));
        }
        if resource == Resource::Graphql {
            if bearer.kind == Kind::App {
                return self.finish(errors::bad_credentials(), known(standing));
            }
            let (reply, standing) = graphql::answer(self, moment, bearer, call, slipped);
            return self.finish(reply, known(standing));
        }
        let reply = rest::answer(self, moment, bearer, call, slipped);
        if free {
            return self.finish(reply, known(standing));
        }
        let reply = unchanged(reply, call);
        if reply.status == 304 {
            return self.finish(reply, known(standing));
        }
        match self.rate.spend(bearer, resource, 1) {
            Ok(standing) => self.finish(Reply { cost: 1, ..reply }, known(standing)),
            Err(standing) => self.finish(errors::primary_limit(resource), known(standing)),
        }
    }

    fn too_much(&self, call: &Call, wait: Option<u64>) -> Reply {
        let reply = errors::secondary_limit(429);
        let reply = match wait {
            Some(seconds) => reply.with("retry-after", seconds),
            None => reply,
        };
        self.finish(reply, self.standing(call))
    }

    fn fault(&self, moment: &Moment, call: &Call, effect: &Effect) -> Reply {
        let resource = resource(call);
        let standing = self.standing(call);
        match effect {
            Effect::Delay(_)
            | Effect::DropConnection
            | Effect::DeleteRepository(_)
            | Effect::RenameRepository(..)
            | Effect::BadValue { .. } => self.answer(moment, call, false),
            Effect::Duplicate => self.answer(moment, call, true),
            Effect::GraphqlErrors => graphql::faults::node_missing(self.answer(moment, call, false), 0),
            Effect::NullNode { nth } => graphql::faults::node_missing(self.answer(moment, call, false), *nth),
            Effect::SomethingWentWrong => self.finish(graphql::faults::something_went_wrong(), standing),
            Effect::WrongType { nth } => face::wrong_type(self.answer(moment, call, false), *nth),
            Effect::Html => self.finish(face::login_page(), standing),
            Effect::BadGateway => self.finish(face::bad_gateway(), standing),
            Effect::SecondaryLimit { retry_after, status } => {
                let reply = errors::secondary_limit(*status);
                let reply = match retry_after {
                    Some(seconds) => reply.with("retry-after", seconds),
                    None => reply,
                };
                self.finish(reply, standing)
            }
            Effect::PrimaryLimitExhausted { reset_in_seconds } => {
                let spent = |standing: Standing| Standing { used: standing.limit, resets_at: real_now() + reset_in_seconds, ..standing };
                let standing = standing.map(|(bearer, standing)| (bearer, spent(standing)));
                self.finish(errors::primary_limit(resource), standing)
            }
            Effect::RedirectTo(host) => self.finish(errors::moved(&face::elsewhere(host, self.name(), call)), standing),
            Effect::Status { status, headers, body } => {
                let mut reply = self.finish(Reply::bytes(*status, body.clone().into_bytes()), standing);
                for (name, value) in headers {
                    reply = reply.with(&name.to_ascii_lowercase(), value);
                }
                reply
            }
        }
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
