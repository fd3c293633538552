//! Repositories, in the short form of lists and in full.

use serde_json::{Value, json};

use crate::company::pulls::Method;
use crate::company::repositories::{Repository, Visibility};
use crate::github::access::Permission;
use crate::github::rest::{Context, shapes};
use crate::github::time;
use crate::http::Reply;

/// `GET /orgs/{org}/repos`
pub(super) fn list(context: &Context<'_>) -> Reply {
    let present = context.present;
    let kind = context.query.get("type").unwrap_or("all");
    let mut chosen: Vec<&Repository> = present
        .company
        .living()
        .filter(|repository| match kind {
            "public" => repository.visibility == Visibility::Public,
            "private" => repository.visibility != Visibility::Public,
            "forks" => repository.traits.fork,
            "sources" => !repository.traits.fork,
            _ => true,
        })
        .collect();
    let sort = context.query.get("sort").unwrap_or("created");
    if sort == "full_name" {
        chosen.sort_by(|one, other| one.name.cmp(&other.name));
    } else {
        chosen.sort_by_key(|repository| match sort {
            "updated" => present.activity(repository).updated_at,
            "pushed" => present.activity(repository).pushed_at.unwrap_or_default(),
            _ => repository.created_at,
        });
    }
    // Names rise and times fall unless the client says otherwise.
    let usual = if sort == "full_name" { "asc" } else { "desc" };
    if context.query.get("direction").unwrap_or(usual) == "desc" {
        chosen.reverse();
    }
    context.numbered(&chosen, |repository| {
        let mut shape = shapes::repository(context, repository);
        shapes::extend(&mut shape, details(context, repository));
        shape
    })
}

/// `GET /repos/{owner}/{repo}`
pub(super) fn one(context: &Context<'_>, repository: &Repository) -> Reply {
    let mut shape = shapes::repository(context, repository);
    shapes::extend(&mut shape, details(context, repository));
    shapes::extend(
        &mut shape,
        json!({
            "organization": shapes::owner(context),
            "allow_squash_merge": repository.allows(Method::Squash),
            "allow_merge_commit": repository.allows(Method::Merge),
            "allow_rebase_merge": repository.allows(Method::Rebase),
            "allow_auto_merge": repository.setting(10, 4),
            "delete_branch_on_merge": repository.setting(11, 5),
            "allow_update_branch": repository.setting(12, 4),
            "network_count": repository.forks,
            "subscribers_count": repository.stars / 4,
        }),
    );
    Reply::json(200, &shape)
}

/// What a repository's own answer and the list of repositories have beyond the places where it is only mentioned.
pub(super) fn details(context: &Context<'_>, repository: &Repository) -> Value {
    let activity = context.present.activity(repository);
    let now = context.present.now;
    let web = shapes::web(repository);
    let license = repository
        .license
        .map(|(spdx, key, name)| json!({ "key": key, "name": name, "spdx_id": spdx, "url": null, "node_id": format!("LIC_{key}") }));
    // The vendor's description forbids null here, though nothing was ever pushed to an empty repository.
    let pushed_at = activity.pushed_at.unwrap_or(repository.created_at);
    let admin = !repository.is_read_only_to_us();
    let properties = repository.properties.at(now).into_iter().filter_map(|(name, value)| {
        let value = match value {
            crate::company::properties::Value::Unset => return None,
            crate::company::properties::Value::One(word) => json!(word),
            crate::company::properties::Value::Many(words) => json!(words),
        };
        Some((name.to_owned(), value))
    });
    let mut shape = json!({
        "git_url": format!("git:{}.git", web.trim_start_matches("https:")),
        "ssh_url": format!("git@github.example:{}.git", shapes::full_name(repository)),
        "clone_url": format!("{web}.git"),
        "svn_url": web,
        "mirror_url": null,
        "homepage": null,
        "language": repository.language,
        "forks_count": repository.forks,
        "forks": repository.forks,
        "stargazers_count": repository.stars,
        "watchers_count": repository.stars,
        "watchers": repository.stars,
        "size": repository.size,
        "default_branch": repository.default_branch,
        "open_issues_count": activity.open,
        "open_issues": activity.open,
        "is_template": repository.traits.template,
        "topics": repository.topics,
        "has_issues": repository.setting(2, 7),
        "has_wiki": repository.setting(3, 3),
        "has_projects": repository.setting(4, 6),
        "has_discussions": repository.setting(5, 1),
        "has_pages": false,
        "has_downloads": true,
        "archived": repository.is_archived(now),
        "disabled": false,
        "visibility": match repository.visibility {
            Visibility::Public => "public",
            Visibility::Private => "private",
            Visibility::Internal => "internal",
        },
        "pushed_at": time::text(pushed_at),
        "created_at": time::text(repository.created_at),
        "updated_at": time::text(activity.updated_at),
        "permissions": { "admin": admin, "maintain": admin, "push": admin, "triage": admin, "pull": true },
        "license": license,
        "allow_forking": repository.traits.public || repository.setting(6, 2),
        "web_commit_signoff_required": repository.setting(7, 1),
        "custom_properties": properties.collect::<serde_json::Map<_, _>>(),
    });
    // Only those who administer a repository learn what watches over it.
    if admin && context.bearer.may(Permission::Administration) {
        shape["security_and_analysis"] = security(context, repository);
    }
    shape
}

fn security(context: &Context<'_>, repository: &Repository) -> Value {
    let now = context.present.now;
    let status = |enabled: bool| json!({ "status": if enabled { "enabled" } else { "disabled" } });
    let leaks_seen = !repository.traits.leaks_unseen;
    let mut shape = json!({
        "dependabot_security_updates": status(repository.shows_alerts(now)),
        "secret_scanning": status(leaks_seen),
        "secret_scanning_push_protection": status(leaks_seen && repository.setting(13, 5)),
        "secret_scanning_non_provider_patterns": status(leaks_seen && repository.setting(14, 3)),
    });
    // What is public is scanned for free: there is nothing to switch on.
    if repository.visibility != Visibility::Public {
        shape["advanced_security"] = status(repository.scans(now));
    }
    shape
}
