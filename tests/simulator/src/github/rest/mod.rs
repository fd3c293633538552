//! REST: the paths this GitHub answers, each with the full shape that the vendor describes.

mod dependabot;
mod organizations;
mod page;
mod properties;
mod protection;
mod repositories;
mod rulesets;
mod scanning;
mod shapes;
mod teams;
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
            ["code-scanning", "alerts"] if !bearer.may(Permission::CodeScanningAlerts) => errors::forbidden(),
            ["code-scanning", "alerts"] => scanning::code_of_organization(&context),
            ["secret-scanning", "alerts"] if !bearer.may(Permission::SecretScanningAlerts) => errors::forbidden(),
            ["secret-scanning", "alerts"] => scanning::secrets_of_organization(&context),
            ["rulesets"] => rulesets::of_organization(&context),
            ["rulesets", id] => rulesets::one_of_organization(&context, id),
            ["teams", ..] if !bearer.may(Permission::Members) => errors::forbidden(),
            ["teams"] => teams::list(&context),
            ["teams", slug, "members"] => teams::with(&context, slug, teams::members),
            ["teams", slug, "repos"] => teams::with(&context, slug, teams::repositories),
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
        ["code-scanning", "alerts"] if !context.bearer.may(Permission::CodeScanningAlerts) => errors::forbidden(),
        ["code-scanning", "alerts"] => scanning::code_of_repository(context, repository),
        ["secret-scanning", "alerts"] if !context.bearer.may(Permission::SecretScanningAlerts) => errors::forbidden(),
        ["secret-scanning", "alerts"] => scanning::secrets_of_repository(context, repository),
        ["rulesets"] => rulesets::of_repository(context, repository),
        ["rulesets", id] => rulesets::one_of_repository(context, repository, id),
        // A branch may have slashes in its name, as they are or written as %2F.
        ["rules", "branches", branch @ ..] if !branch.is_empty() => {
            rulesets::of_branch(context, repository, &page::decoded(&branch.join("/")))
        }
        ["branches", _, .., "protection"] if !context.bearer.may(Permission::Administration) => errors::forbidden(),
        ["branches", branch @ .., "protection"] if !branch.is_empty() => {
            protection::of_branch(context, repository, &page::decoded(&branch.join("/")))
        }
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
