//! REST: the paths this GitHub answers, each with the full shape that the vendor describes.

mod dependabot;
mod organizations;
mod page;
mod properties;
mod repositories;
mod shapes;
#[cfg(test)]
mod tests;

use http::Method;
use serde_json::json;

use crate::company;
use crate::company::present::Present;
use crate::company::repositories::Repository;
use crate::github::access::{Bearer, Permission};
use crate::github::rate::{Resource, Standing};
use crate::github::rest::page::Query;
use crate::github::{Github, errors};
use crate::http::{Call, Reply};

/// A request that has been let in.
struct Context<'a> {
    github: &'a Github,
    present: &'a Present,
    bearer: Bearer,
    path: &'a str,
    query: Query,
}

/// Answers by path.
pub(super) fn answer(github: &Github, present: &Present, bearer: Bearer, call: &Call) -> Reply {
    if call.method != Method::GET && call.method != Method::HEAD {
        return errors::not_found();
    }
    let context = Context { github, present, bearer, path: &call.path, query: Query::parse(&call.query) };
    let parts: Vec<&str> = call.path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["rate_limit"] => rate_limit(github, bearer),
        ["user"] => organizations::viewer(&context),
        ["orgs", org, rest @ ..] if org.eq_ignore_ascii_case(company::LOGIN) => match rest {
            [] => organizations::organization(&context),
            ["repos"] => repositories::list(&context),
            ["properties", "values"] if !bearer.may(Permission::CustomProperties) => errors::forbidden(),
            ["properties", "values"] => properties::values(&context),
            ["dependabot", "alerts"] if !bearer.may(Permission::DependabotAlerts) => errors::forbidden(),
            ["dependabot", "alerts"] => dependabot::of_organization(&context),
            _ => errors::not_found(),
        },
        ["repos", owner, name, rest @ ..] if owner.eq_ignore_ascii_case(company::LOGIN) => match present.company.repository(name) {
            Some(repository) => of_repository(&context, repository, rest),
            None => errors::not_found(),
        },
        _ => errors::not_found(),
    }
}

fn of_repository(context: &Context<'_>, repository: &Repository, rest: &[&str]) -> Reply {
    match rest {
        [] => repositories::one(context, repository),
        ["dependabot", "alerts"] if !context.bearer.may(Permission::DependabotAlerts) => errors::forbidden(),
        ["dependabot", "alerts"] => dependabot::of_repository(context, repository),
        ["properties", "values"] if !context.bearer.may(Permission::CustomProperties) => errors::forbidden(),
        ["properties", "values"] => properties::of_repository(context, repository),
        _ => errors::not_found(),
    }
}

fn rate_limit(github: &Github, bearer: Bearer) -> Reply {
    let shape = |standing: Standing| {
        json!({
            "limit": standing.limit,
            "used": standing.used,
            "remaining": standing.remaining(),
            "reset": standing.resets_at,
        })
    };
    let core = shape(github.rate.standing(bearer, Resource::Core));
    let graphql = shape(github.rate.standing(bearer, Resource::Graphql));
    Reply::json(
        200,
        &json!({
            "resources": { "core": core, "search": core, "graphql": graphql },
            "rate": core,
        }),
    )
}
