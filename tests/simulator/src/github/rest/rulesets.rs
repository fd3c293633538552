//! Rulesets, of the organisation and of a repository, and what they come to for one branch.

use serde_json::{Value, json};

use crate::company::people::BOTS;
use crate::company::protection::Who;
use crate::company::repositories::Repository;
use crate::company::rulesets::{Bypasser, Demand, Enforcement, Ruleset, Scope};
use crate::github::access::Permission;
use crate::github::graphql::rule_kind;
use crate::github::rest::{Context, shapes};
use crate::github::{WEB, errors, ids, time};
use crate::http::Reply;

/// `GET /orgs/{org}/rulesets`
pub(super) fn of_organization(context: &Context<'_>) -> Reply {
    let chosen = context.present.company.rulesets.iter().filter(|set| set.repository.is_none() && targeted(context, set));
    context.numbered(&chosen.collect::<Vec<_>>(), |set| brief(context, set))
}

/// `GET /orgs/{org}/rulesets/{ruleset_id}`
pub(super) fn one_of_organization(context: &Context<'_>, id: &str) -> Reply {
    let sets = &context.present.company.rulesets;
    match sets.iter().find(|set| set.repository.is_none() && set.id.to_string() == id) {
        Some(set) => Reply::json(200, &whole(context, set, true)),
        None => errors::not_found(),
    }
}

/// `GET /repos/{owner}/{repo}/rulesets`
pub(super) fn of_repository(context: &Context<'_>, repository: &Repository) -> Reply {
    let chosen = seen_by(context, repository).filter(|set| targeted(context, set));
    context.numbered(&chosen.collect::<Vec<_>>(), |set| brief(context, set))
}

/// `GET /repos/{owner}/{repo}/rulesets/{ruleset_id}`
pub(super) fn one_of_repository(context: &Context<'_>, repository: &Repository, id: &str) -> Reply {
    let found = seen_by(context, repository).find(|set| set.id.to_string() == id);
    match found {
        Some(set) => Reply::json(200, &whole(context, set, !repository.is_read_only_to_us())),
        None => errors::not_found(),
    }
}

/// `GET /repos/{owner}/{repo}/rules/branches/{branch}`: what holds, also for a branch that does not exist yet, and not who may pass.
pub(super) fn of_branch(context: &Context<'_>, repository: &Repository, branch: &str) -> Reply {
    let now = context.present.now;
    let holding = context.present.company.rulesets.iter().filter(|set| set.holds_for(repository, branch, now));
    let rules: Vec<(&Ruleset, &Demand)> = holding.flat_map(|set| set.demands.iter().map(move |demand| (set, demand))).collect();
    context.numbered(&rules, |(set, demand)| {
        let mut shape = rule(demand);
        let (kind, name) = source(context, set);
        shapes::extend(&mut shape, json!({ "ruleset_source_type": kind, "ruleset_source": name, "ruleset_id": set.id }));
        shape
    })
}

fn seen_by<'a>(context: &'a Context<'_>, repository: &'a Repository) -> impl Iterator<Item = &'a Ruleset> {
    let parents = context.query.get("includes_parents") != Some("false");
    let now = context.present.now;
    let sets = context.present.company.rulesets.iter();
    sets.filter(move |set| set.is_for(repository, now) && (parents || set.repository.is_some()))
}

fn targeted(context: &Context<'_>, set: &Ruleset) -> bool {
    context.query.allows("targets", if set.of_tags { "tag" } else { "branch" })
}

fn source(context: &Context<'_>, set: &Ruleset) -> (&'static str, String) {
    match set.repository {
        Some(index) => ("Repository", shapes::full_name(&context.present.company.repositories[index])),
        None => ("Organization", context.present.company.identity.login.to_owned()),
    }
}

/// What a list says of it: not what it wants, nor of whom.
fn brief(context: &Context<'_>, set: &Ruleset) -> Value {
    let now = context.present.now;
    let (kind, name) = source(context, set);
    let (api, web) = match set.repository {
        Some(_) => (format!("repos/{name}"), format!("{name}/rules")),
        None => (format!("orgs/{name}"), format!("organizations/{name}/settings/rules")),
    };
    json!({
        "id": set.id,
        "name": set.name,
        "target": if set.of_tags { "tag" } else { "branch" },
        "source_type": kind,
        "source": name,
        "enforcement": match set.enforcement(now) {
            Enforcement::Active => "active",
            Enforcement::Evaluate => "evaluate",
            Enforcement::Disabled => "disabled",
        },
        "node_id": ids::ruleset(set),
        "_links": {
            "self": { "href": format!("{}/{api}/rulesets/{}", context.github.api_url, set.id) },
            "html": { "href": format!("{WEB}/{web}/{}", set.id) },
        },
        "created_at": time::text(set.created_at),
        "updated_at": time::text(set.updated_at(now)),
    })
}

fn whole(context: &Context<'_>, set: &Ruleset, admin: bool) -> Value {
    let mut shape = brief(context, set);
    let mut conditions = json!({ "ref_name": { "include": set.include, "exclude": set.exclude } });
    match &set.scope {
        Scope::Own => {}
        Scope::Names(include, exclude) => {
            conditions["repository_name"] = json!({ "include": include, "exclude": exclude, "protected": false });
        }
        Scope::Property(name, value) => {
            let spec = json!({ "name": name, "property_values": [value], "source": "custom" });
            conditions["repository_property"] = json!({ "include": [spec], "exclude": [] });
        }
    }
    shape["conditions"] = conditions;
    shape["rules"] = set.demands.iter().map(rule).collect();
    if admin && context.bearer.may(Permission::Administration) {
        let company = &context.present.company;
        let actors = set.bypass.iter().map(|bypass| {
            let (id, kind) = match bypass.who {
                Bypasser::OrganizationAdmin => (Some(1), "OrganizationAdmin"),
                Bypasser::Role(number, _) => (Some(u64::from(number)), "RepositoryRole"),
                Bypasser::DeployKey => (None, "DeployKey"),
                Bypasser::Named(Who::Group(group)) => (Some(company.groups[group].id), "Team"),
                Bypasser::Named(Who::Person(person)) => (Some(company.people[person].id), "User"),
                Bypasser::Named(Who::App) => (Some(BOTS[2].id), "Integration"),
            };
            json!({ "actor_id": id, "actor_type": kind, "bypass_mode": if bypass.by_pull_request { "pull_request" } else { "always" } })
        });
        shape["bypass_actors"] = actors.collect();
        shape["current_user_can_bypass"] = json!("never");
    }
    shape
}

fn rule(demand: &Demand) -> Value {
    let kind = rule_kind(demand).to_lowercase();
    match demand {
        Demand::Reviews { count, dismiss_stale, code_owners, last_push, conversations } => json!({
            "type": kind,
            "parameters": {
                "required_approving_review_count": count,
                "dismiss_stale_reviews_on_push": dismiss_stale,
                "require_code_owner_review": code_owners,
                "require_last_push_approval": last_push,
                "required_review_thread_resolution": conversations,
                "allowed_merge_methods": ["merge", "squash", "rebase"],
            },
        }),
        Demand::Checks(checks) => {
            let named = checks.contexts.iter().map(|context| json!({ "context": context }));
            json!({
                "type": kind,
                "parameters": {
                    "strict_required_status_checks_policy": checks.strict,
                    "do_not_enforce_on_create": false,
                    "required_status_checks": named.collect::<Vec<_>>(),
                },
            })
        }
        Demand::NoUpdate => json!({ "type": kind, "parameters": { "update_allows_fetch_and_merge": true } }),
        _ => json!({ "type": kind }),
    }
}
