//! REST: the paths this GitHub answers, each with the full shape that the vendor describes.

mod actions;
mod app;
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

use crate::company::present::{Moment, Present};
use crate::company::repositories::Repository;
use crate::github::access::{Bearer, Kind, Permission};
use crate::github::rate::{Resource, Standing};
use crate::github::{Github, errors};
use crate::http::{Call, Reply};
use crate::query::{Query, decoded};

/// A request that has been let in.
struct Context<'a> {
    github: &'a Github,
    moment: &'a Moment,
    /// The organisation that is asked about.
    present: &'a Present,
    bearer: Bearer,
    path: &'a str,
    query: Query,
    /// Whether lists have moved on by one since the page before was read.
    slipped: bool,
}

/// Answers by path.
pub(super) fn answer(github: &Github, moment: &Moment, bearer: Bearer, call: &Call, slipped: bool) -> Reply {
    let parts: Vec<&str> = call.path.trim_start_matches('/').split('/').collect();
    let asked = asked_about(moment, bearer, &parts);
    let present = asked.unwrap_or_else(|| bearer.home(moment));
    let context = Context { github, moment, present, bearer, path: &call.path, query: Query::parse(&call.query), slipped };
    match parts.as_slice() {
        ["app", ..] | ["orgs", _, "installation"] => app::answer(&context, call, &parts),
        _ if bearer.kind == Kind::App => errors::bad_credentials(),
        _ if call.method != Method::GET && call.method != Method::HEAD => errors::not_found(),
        ["installation", "repositories"] => app::repositories(&context),
        ["user"] if bearer.kind == Kind::Installation => errors::forbidden(bearer),
        ["rate_limit"] => rate_limit(github, bearer),
        ["user"] => organizations::viewer(&context),
        ["orgs" | "repos" | "repositories", ..] if asked.is_none() => errors::not_found(),
        ["orgs", _, rest @ ..] => {
            let needed = needed(rest).map(|permission| (permission, permission.name_of_organization()));
            guarded(bearer, needed, || of_organization(&context, rest))
        }
        ["repos", _, name, rest @ ..] => match present.company.repository(name) {
            Some(repository) => repository_answer(&context, repository, rest),
            None => match present.company.renamed(name) {
                Some(repository) => moved(&context, repository, rest, &call.query),
                None => errors::not_found(),
            },
        },
        ["repositories", id, rest @ ..] => match by_number(present, id) {
            Some(repository) => repository_answer(&context, repository, rest),
            None => errors::not_found(),
        },
        _ => errors::not_found(),
    }
}

/// The organisation that a path is about, if it is about one that the token sees.
fn asked_about<'a>(moment: &'a Moment, bearer: Bearer, path: &[&str]) -> Option<&'a Present> {
    match path {
        ["orgs" | "repos", login, ..] => bearer.organization(moment, login),
        ["repositories", id, ..] => bearer.organizations(moment).find(|present| by_number(present, id).is_some()),
        _ => None,
    }
}

fn by_number<'a>(present: &'a Present, id: &str) -> Option<&'a Repository> {
    present.company.repository_by_id(id.parse().ok()?)
}

fn repository_answer(context: &Context<'_>, repository: &Repository, rest: &[&str]) -> Reply {
    let needed = needed(rest).map(|permission| (permission, permission.name()));
    guarded(context.bearer, needed, || of_repository(context, repository, rest))
}

/// Leads from the name that a repository had to its number, which never changes.
fn moved(context: &Context<'_>, repository: &Repository, rest: &[&str], query: &str) -> Reply {
    let path: String = rest.iter().map(|part| format!("/{part}")).collect();
    let query = if query.is_empty() { String::new() } else { format!("?{query}") };
    errors::moved(&format!("{}/repositories/{}{path}{query}", context.github.api_url, repository.id))
}

/// What a token has to be allowed to read what is at this path of the organisation or of a repository.
fn needed(path: &[&str]) -> Option<Permission> {
    match path {
        ["properties", "values"] => Some(Permission::CustomProperties),
        ["dependabot", "alerts"] => Some(Permission::DependabotAlerts),
        ["code-scanning", "alerts"] => Some(Permission::CodeScanningAlerts),
        ["secret-scanning", "alerts"] => Some(Permission::SecretScanningAlerts),
        ["teams", ..] => Some(Permission::Members),
        ["branches", _, .., "protection"] => Some(Permission::Administration),
        ["actions", "runs"] => Some(Permission::Actions),
        _ => None,
    }
}

/// Refuses a token that lacks the permission; either way the answer names it in the vendor's word.
fn guarded(bearer: Bearer, needed: Option<(Permission, &str)>, reply: impl FnOnce() -> Reply) -> Reply {
    match needed {
        None => reply(),
        Some((permission, name)) => {
            let reply = if bearer.may(permission) { reply() } else { errors::forbidden(bearer) };
            reply.with("x-accepted-github-permissions", format!("{name}=read"))
        }
    }
}

fn of_organization(context: &Context<'_>, rest: &[&str]) -> Reply {
    match rest {
        [] => organizations::organization(context),
        ["repos"] => repositories::list(context),
        ["properties", "values"] => properties::values(context),
        ["dependabot", "alerts"] => dependabot::of_organization(context),
        ["code-scanning", "alerts"] => scanning::code_of_organization(context),
        ["secret-scanning", "alerts"] => scanning::secrets_of_organization(context),
        ["rulesets"] => rulesets::of_organization(context),
        ["rulesets", id] => rulesets::one_of_organization(context, id),
        ["teams"] => teams::list(context),
        ["teams", slug, "members"] => teams::with(context, slug, teams::members),
        ["teams", slug, "repos"] => teams::with(context, slug, teams::repositories),
        _ => errors::not_found(),
    }
}

fn of_repository(context: &Context<'_>, repository: &Repository, rest: &[&str]) -> Reply {
    match rest {
        [] => repositories::one(context, repository),
        ["dependabot", "alerts"] => dependabot::of_repository(context, repository),
        ["properties", "values"] => properties::of_repository(context, repository),
        ["code-scanning", "alerts"] => scanning::code_of_repository(context, repository),
        ["secret-scanning", "alerts"] => scanning::secrets_of_repository(context, repository),
        ["actions", "runs"] => actions::of_repository(context, repository),
        ["rulesets"] => rulesets::of_repository(context, repository),
        ["rulesets", id] => rulesets::one_of_repository(context, repository, id),
        // A branch may have slashes in its name, as they are or written as %2F.
        ["rules", "branches", branch @ ..] if !branch.is_empty() => rulesets::of_branch(context, repository, &decoded(&branch.join("/"))),
        ["branches", branch @ .., "protection"] if !branch.is_empty() => {
            protection::of_branch(context, repository, &decoded(&branch.join("/")))
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
