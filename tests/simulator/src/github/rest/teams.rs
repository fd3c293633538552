//! Teams, their people and their repositories.

use serde_json::{Value, json};

use crate::company::groups::{self, Group, Level};
use crate::company::people::Actor;
use crate::github::rest::{Context, repositories, shapes};
use crate::github::{WEB, errors, ids};
use crate::http::Reply;

/// `GET /orgs/{org}/teams`
pub(super) fn list(context: &Context<'_>) -> Reply {
    let mut chosen: Vec<&Group> = context.present.company.groups.iter().collect();
    chosen.sort_by_key(|group| group.slug);
    context.numbered(&chosen, |group| shape(context, group))
}

/// Answers about the team of this slug.
pub(super) fn with(context: &Context<'_>, slug: &str, answer: fn(&Context<'_>, usize) -> Reply) -> Reply {
    match context.present.company.groups.iter().position(|group| group.slug.eq_ignore_ascii_case(slug)) {
        Some(index) => answer(context, index),
        None => errors::not_found(),
    }
}

/// `GET /orgs/{org}/teams/{team_slug}/members`
pub(super) fn members(context: &Context<'_>, index: usize) -> Reply {
    let role = context.query.get("role").unwrap_or("all");
    if !["all", "maintainer", "member"].contains(&role) {
        return errors::error(422, "Invalid value for `role`");
    }
    let mut members = groups::members_at(&context.present.company.groups, index, context.present.now);
    members.retain(|member| role == "all" || (role == "maintainer") == member.leads);
    context.numbered(&members, |member| {
        let mut shape = shapes::user(context, Actor::Person(member.person as u16));
        shapes::extend(&mut shape, json!({ "role": if member.leads { "maintainer" } else { "member" }, "inherited": member.inherited }));
        shape
    })
}

/// `GET /orgs/{org}/teams/{team_slug}/repos`
pub(super) fn repositories(context: &Context<'_>, index: usize) -> Reply {
    let company = &context.present.company;
    let access = groups::access_at(&company.groups, index, context.present.now);
    context.numbered(&access, |(repository, level)| {
        let repository = &company.repositories[*repository];
        let mut shape = shapes::repository(context, repository);
        shapes::extend(&mut shape, repositories::details(context, repository));
        // Here the permissions are the team's and not ours.
        shape["permissions"] = json!({
            "admin": *level >= Level::Admin,
            "maintain": *level >= Level::Maintain,
            "push": *level >= Level::Write,
            "triage": *level >= Level::Triage,
            "pull": true,
        });
        shape["role_name"] = json!(match level {
            Level::Read => "read",
            Level::Triage => "triage",
            Level::Write => "write",
            Level::Maintain => "maintain",
            Level::Admin => "admin",
        });
        shape
    })
}

/// A team in full.
pub(super) fn shape(context: &Context<'_>, group: &Group) -> Value {
    let mut shape = simple(context, group);
    let parent = group.parent.map(|parent| simple(context, &context.present.company.groups[parent]));
    shape["parent"] = json!(parent);
    shape
}

/// A team where it is mentioned.
fn simple(context: &Context<'_>, group: &Group) -> Value {
    let identity = context.present.company.identity;
    let api = format!("{}/organizations/{}/team/{}", context.github.api_url, identity.id, group.id);
    json!({
        "id": group.id,
        "node_id": ids::team(identity, group),
        "url": api,
        "html_url": format!("{WEB}/orgs/{}/teams/{}", identity.login, group.slug),
        "name": group.name,
        "slug": group.slug,
        "description": group.description,
        "privacy": if group.secret { "secret" } else { "closed" },
        "notification_setting": "notifications_enabled",
        "permission": "pull",
        "members_url": format!("{api}/members{{/member}}"),
        "repositories_url": format!("{api}/repos"),
        "type": "organization",
        "organization_id": identity.id,
    })
}
