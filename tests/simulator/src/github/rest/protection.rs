//! What guards a branch: the rule in the older way, and the rules of all rulesets that hold for it.

use serde_json::{Value, json};

use crate::company::people::{Actor, BOTS};
use crate::company::protection::{Rule, Who};
use crate::company::repositories::Repository;
use crate::github::rest::{Context, shapes, teams};
use crate::github::{WEB, errors, ids, time};
use crate::http::Reply;

/// `GET /repos/{owner}/{repo}/branches/{branch}/protection`
pub(super) fn of_branch(context: &Context<'_>, repository: &Repository, branch: &str) -> Reply {
    if repository.is_read_only_to_us() {
        return errors::not_found();
    }
    if !repository.branches().contains(&branch) {
        return errors::error(404, "Branch not found");
    }
    match repository.rule_of(branch) {
        Some(rule) => Reply::json(200, &shape(context, repository, branch, rule)),
        None => errors::error(404, "Branch not protected"),
    }
}

fn shape(context: &Context<'_>, repository: &Repository, branch: &str, rule: &Rule) -> Value {
    let now = context.present.now;
    let url = format!("{}/repos/{}/branches/{branch}/protection", context.github.api_url, shapes::full_name(repository));
    let enabled = |enabled: bool| json!({ "enabled": enabled });
    let mut shape = json!({
        "url": url,
        "required_signatures": { "url": format!("{url}/required_signatures"), "enabled": rule.signatures },
        "enforce_admins": { "url": format!("{url}/enforce_admins"), "enabled": rule.admins_too },
        "required_linear_history": enabled(rule.linear),
        "allow_force_pushes": enabled(rule.allows_force_pushes(now)),
        "allow_deletions": enabled(rule.deletions),
        "block_creations": enabled(rule.creations_blocked),
        "required_conversation_resolution": enabled(rule.conversations),
        "lock_branch": enabled(rule.locked),
        "allow_fork_syncing": enabled(false),
    });
    if let Some(checks) = &rule.checks {
        let named = checks.contexts.iter().map(|context| json!({ "context": context, "app_id": null }));
        shape["required_status_checks"] = json!({
            "url": format!("{url}/required_status_checks"),
            "strict": checks.strict,
            "contexts": checks.contexts,
            "contexts_url": format!("{url}/required_status_checks/contexts"),
            "checks": named.collect::<Vec<_>>(),
        });
    }
    if let Some(reviews) = rule.reviews(now) {
        let mut wanted = json!({
            "url": format!("{url}/required_pull_request_reviews"),
            "dismiss_stale_reviews": reviews.dismiss_stale,
            "require_code_owner_reviews": reviews.code_owners,
            "require_last_push_approval": reviews.last_push,
            "required_approving_review_count": reviews.count,
        });
        if !reviews.bypass.is_empty() {
            wanted["bypass_pull_request_allowances"] = people(context, &reviews.bypass);
        }
        if let Some(dismissers) = &reviews.dismissers {
            wanted["dismissal_restrictions"] = restricted(context, &format!("{url}/dismissal_restrictions"), dismissers);
        }
        shape["required_pull_request_reviews"] = wanted;
    }
    if let Some(pushers) = &rule.pushers {
        shape["restrictions"] = restricted(context, &format!("{url}/restrictions"), pushers);
    }
    shape
}

fn restricted(context: &Context<'_>, url: &str, who: &[Who]) -> Value {
    let mut shape = json!({
        "url": url,
        "users_url": format!("{url}/users"),
        "teams_url": format!("{url}/teams"),
        "apps_url": format!("{url}/apps"),
    });
    shapes::extend(&mut shape, people(context, who));
    shape
}

fn people(context: &Context<'_>, who: &[Who]) -> Value {
    let (mut users, mut named, mut apps) = (Vec::new(), Vec::new(), Vec::new());
    for who in who {
        match who {
            Who::Person(person) => users.push(shapes::user(context, Actor::Person(*person as u16))),
            Who::Group(group) => named.push(teams::shape(context, &context.present.company.groups[*group])),
            Who::App => apps.push(app(context)),
        }
    }
    json!({ "users": users, "teams": named, "apps": apps })
}

fn app(context: &Context<'_>) -> Value {
    let bot = &BOTS[2];
    let founded_at = time::text(context.present.company.founded_at);
    json!({
        "id": bot.id,
        "slug": bot.login,
        "node_id": ids::encode("A", &[bot.id as u32]),
        "owner": shapes::owner(context),
        "name": bot.login,
        "description": "Lights the lamps",
        "external_url": format!("{WEB}/{}", bot.login),
        "html_url": format!("{WEB}/apps/{}", bot.login),
        "created_at": founded_at,
        "updated_at": founded_at,
        "permissions": { "contents": "write", "metadata": "read" },
        "events": ["push"],
    })
}
