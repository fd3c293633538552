//! An organisation, and who the token belongs to.

use serde_json::json;

use crate::company::DOMAIN;
use crate::company::identity::FIRST;
use crate::company::people::Actor;
use crate::company::repositories::Visibility;
use crate::github::rest::{Context, shapes};
use crate::github::{WEB, ids, time};
use crate::http::Reply;

/// `GET /orgs/{org}`
pub(super) fn organization(context: &Context<'_>) -> Reply {
    let company = &context.present.company;
    let identity = company.identity;
    let api = format!("{}/orgs/{}", context.github.api_url, identity.login);
    let (all, public) =
        (company.living().count(), company.living().filter(|repository| repository.visibility == Visibility::Public).count());
    Reply::json(
        200,
        &json!({
            "login": identity.login,
            "id": identity.id,
            "node_id": ids::organization(identity),
            "url": api,
            "repos_url": format!("{api}/repos"),
            "events_url": format!("{api}/events"),
            "hooks_url": format!("{api}/hooks"),
            "issues_url": format!("{api}/issues"),
            "members_url": format!("{api}/members{{/member}}"),
            "public_members_url": format!("{api}/public_members{{/member}}"),
            "avatar_url": format!("{WEB}/avatars/{}", identity.id),
            "description": identity.description,
            "name": identity.name,
            "blog": format!("https://{}", DOMAIN),
            "email": format!("hello@{}", DOMAIN),
            "is_verified": true,
            "has_organization_projects": true,
            "has_repository_projects": true,
            "public_repos": public,
            "total_private_repos": all - public,
            "owned_private_repos": all - public,
            "public_gists": 0,
            "followers": 17,
            "following": 0,
            "html_url": format!("{WEB}/{}", identity.login),
            "type": "Organization",
            "default_repository_permission": "read",
            "two_factor_requirement_enabled": true,
            "dependabot_alerts_enabled_for_new_repositories": true,
            "plan": {
                "name": "enterprise",
                "space": 976_562_499,
                "private_repos": 999_999,
                "filled_seats": company.people.len(),
                "seats": company.people.len() + 10,
            },
            "created_at": time::text(company.founded_at),
            "updated_at": time::text(company.founded_at),
            "archived_at": null,
        }),
    )
}

/// `GET /user`
pub(super) fn viewer(context: &Context<'_>) -> Reply {
    let founded_at = time::text(context.present.company.founded_at);
    let mut user = shapes::user(context, Actor::Person(0));
    let more = json!({
        "name": context.present.company.people[0].name,
        "company": FIRST.name,
        "blog": "",
        "location": null,
        "email": null,
        "hireable": null,
        "bio": null,
        "public_repos": 0,
        "public_gists": 0,
        "followers": 0,
        "following": 0,
        "created_at": founded_at,
        "updated_at": founded_at,
    });
    shapes::extend(&mut user, more);
    Reply::json(200, &user)
}
