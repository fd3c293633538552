//! What must be known of a default branch, concluded from what the company says of it: every layer, the most restrictive value of each
//! setting, with and without those who may do without it, and what cannot be known.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::asked::{Repository, number, text};

/// The settings by the name of their column, with whose leave to do without them counts.
pub(super) const SETTINGS: [(&str, Scope); 17] = [
    ("pull_request_required", Scope::PullRequest),
    ("required_approvals", Scope::PullRequest),
    ("stale_reviews_dismissed", Scope::PullRequest),
    ("code_owner_review_required", Scope::PullRequest),
    ("last_push_approval_required", Scope::PullRequest),
    ("conversation_resolution_required", Scope::Rule),
    ("status_checks_required", Scope::Rule),
    ("strict_status_checks_required", Scope::Rule),
    ("signatures_required", Scope::Rule),
    ("linear_history_required", Scope::Rule),
    ("force_pushes_blocked", Scope::ForcePush),
    ("deletions_blocked", Scope::Deletion),
    ("creations_blocked", Scope::Push),
    ("admins_bound", Scope::Rule),
    ("pushes_restricted", Scope::Push),
    ("branch_locked", Scope::Rule),
    ("deployments_required", Scope::Rule),
];

/// Settings that stop nothing by themselves at a branch that is there.
const NO_GUARDS: [&str; 5] =
    ["stale_reviews_dismissed", "conversation_resolution_required", "strict_status_checks_required", "creations_blocked", "admins_bound"];

/// OpenSSF Scorecard's tiers.
const TIERS: [(i64, &[(&str, i64)]); 5] = [
    (3, &[("force_pushes_blocked", 1), ("deletions_blocked", 1)]),
    (6, &[("required_approvals", 1), ("strict_status_checks_required", 1), ("last_push_approval_required", 1)]),
    (8, &[("status_checks_required", 1)]),
    (9, &[("required_approvals", 2), ("code_owner_review_required", 1)]),
    (10, &[("stale_reviews_dismissed", 1), ("admins_bound", 1)]),
];

/// What the layer of the older way is called; its pattern is not told by REST.
pub(super) const CLASSIC: &str = "classic_rule";

/// What somebody may do without.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    PullRequest,
    Push,
    ForcePush,
    Deletion,
    Rule,
}

/// Somebody who may do without a layer: layer, scope, kind of actor, mode; and how many, if that is shown.
pub(super) type Bypass = BTreeMap<(String, String, String, String), Option<i64>>;

/// One thing that guards a branch, or may.
struct Layer {
    name: String,
    is_planned: bool,
    /// Nothing where it cannot be read; a setting that is not in it is not demanded, one without a number is not known.
    demands: Option<BTreeMap<&'static str, Option<i64>>>,
    contexts: Vec<String>,
    /// By scope, of which kinds and modes; nothing where we may not see it.
    bypass: Option<Vec<(Scope, String, String)>>,
}

/// What the facts must say of one repository.
pub(super) struct Expected {
    pub(super) status: &'static str,
    pub(super) tier: Option<i64>,
    /// Value, and value without those who may do without, by setting.
    pub(super) values: BTreeMap<&'static str, (Option<i64>, Option<i64>)>,
    pub(super) contexts: BTreeSet<String>,
    pub(super) layers: BTreeSet<String>,
    pub(super) planned: BTreeSet<String>,
    pub(super) bypass: Bypass,
    pub(super) has_unread: bool,
}

pub(super) fn expected(repository: &Repository) -> Expected {
    let layers = if repository.default_branch.is_some() { layers(repository) } else { Vec::new() };
    let values: BTreeMap<_, _> = SETTINGS.iter().map(|&(name, scope)| (name, value(&layers, name, scope))).collect();
    let guards = || SETTINGS.iter().filter(|(name, _)| !NO_GUARDS.contains(name)).map(|(name, _)| *name);
    let plans = |name: &str| layers.iter().any(|layer| layer.is_planned && layer.demand(name) != Some(0));
    let status = if repository.default_branch.is_none() {
        "no_default_branch"
    } else if guards().any(|name| values[name].0 > Some(0)) {
        "protected"
    } else if guards().any(|name| values[name].0.is_none()) {
        "unknown"
    } else if guards().any(plans) {
        "planned_only"
    } else {
        "unprotected"
    };
    let holds = |demands: &[(&str, i64)]| demands.iter().all(|(name, least)| values[name].0 >= Some(*least));
    let tier = TIERS.iter().take_while(|(_, demands)| holds(demands)).last().map_or(0, |(points, _)| *points);
    let named = |is_planned: bool| {
        layers.iter().filter(|layer| layer.is_planned == is_planned && layer.demands.is_some()).map(|layer| layer.name.clone()).collect()
    };
    Expected {
        status,
        tier: repository.default_branch.as_ref().map(|_| tier),
        contexts: layers.iter().filter(|layer| !layer.is_planned).flat_map(|layer| layer.contexts.clone()).collect(),
        layers: named(false),
        planned: named(true),
        bypass: bypass(&layers),
        has_unread: layers.iter().any(|layer| layer.demands.is_none()),
        values,
    }
}

impl Layer {
    fn demand(&self, name: &str) -> Option<i64> {
        self.demands.as_ref().and_then(|demands| demands.get(name).copied().unwrap_or(Some(0)))
    }

    /// Whoever may do without a ruleset may do without all of it; what the older way says of force pushes and deletions binds everyone.
    fn is_bypassable(&self, scope: Scope) -> Option<bool> {
        let is_of_all = self.name != CLASSIC || ![Scope::ForcePush, Scope::Deletion].contains(&scope);
        let frees = |of: Scope| of == scope || (of == Scope::Rule && is_of_all);
        self.bypass.as_ref().map(|bypass| bypass.iter().any(|(of, ..)| frees(*of)))
    }
}

/// The most restrictive demand, and the most restrictive that nobody may do without.
fn value(layers: &[Layer], name: &str, scope: Scope) -> (Option<i64>, Option<i64>) {
    let active = || layers.iter().filter(|layer| !layer.is_planned);
    let sure = active().filter(|layer| layer.is_bypassable(scope) == Some(false)).filter_map(|layer| layer.demand(name)).max();
    let in_doubt = |layer: &Layer| match layer.demand(name) {
        None => true,
        Some(demand) => demand > 0 && layer.is_bypassable(scope).is_none(),
    };
    let settle = |greatest: Option<i64>, is_unknown: bool| match greatest {
        Some(some @ 1..) => Some(some),
        _ if is_unknown => None,
        _ => Some(0),
    };
    let greatest = active().filter_map(|layer| layer.demand(name)).max();
    (settle(greatest, active().any(|layer| layer.demand(name).is_none())), settle(sure, active().any(in_doubt)))
}

fn layers(repository: &Repository) -> Vec<Layer> {
    let mut layers: Vec<Layer> = classic(repository).into_iter().collect();
    for (id, set) in &repository.rulesets {
        let rules: Vec<&Value> = repository.rules.iter().filter(|rule| number(&rule["ruleset_id"]) == *id).collect();
        let is_planned = text(&set["enforcement"]) == "evaluate" && is_for_default_branch(repository, set);
        if !rules.is_empty() {
            layers.push(ruleset(set, &rules, false));
        } else if is_planned {
            layers.push(ruleset(set, &set["rules"].as_array().into_iter().flatten().collect::<Vec<_>>(), true));
        }
    }
    layers
}

/// What only evaluates is not among the rules that hold: its conditions are read here, which name the branch or none of its patterns.
fn is_for_default_branch(repository: &Repository, set: &Value) -> bool {
    let reference = format!("refs/heads/{}", repository.default_branch.as_deref().unwrap_or_default());
    let names = |side: &str| set["conditions"]["ref_name"][side].as_array().cloned().unwrap_or_default();
    let fits = |names: Vec<Value>| names.iter().any(|name| ["~ALL", "~DEFAULT_BRANCH", reference.as_str()].contains(&text(name).as_str()));
    text(&set["target"]) == "branch" && fits(names("include")) && !fits(names("exclude"))
}

fn ruleset(set: &Value, rules: &[&Value], is_planned: bool) -> Layer {
    let mut demands: BTreeMap<&'static str, Option<i64>> = BTreeMap::new();
    let mut contexts = Vec::new();
    for rule in rules {
        let parameters = &rule["parameters"];
        let mut demand = |name: &'static str, value: i64| {
            let known = demands.entry(name).or_insert(Some(0));
            *known = (*known).max(Some(value));
        };
        let is = |name: &str| i64::from(parameters[name] == true);
        match text(&rule["type"]).as_str() {
            "pull_request" => {
                demand("pull_request_required", 1);
                demand("required_approvals", number(&parameters["required_approving_review_count"]));
                demand("stale_reviews_dismissed", is("dismiss_stale_reviews_on_push"));
                demand("code_owner_review_required", is("require_code_owner_review"));
                demand("last_push_approval_required", is("require_last_push_approval"));
                demand("conversation_resolution_required", is("required_review_thread_resolution"));
            }
            "required_status_checks" => {
                demand("status_checks_required", 1);
                demand("strict_status_checks_required", is("strict_required_status_checks_policy"));
                contexts.extend(parameters["required_status_checks"].as_array().into_iter().flatten().map(|check| text(&check["context"])));
            }
            "required_signatures" => demand("signatures_required", 1),
            "required_linear_history" => demand("linear_history_required", 1),
            "non_fast_forward" => demand("force_pushes_blocked", 1),
            "deletion" => demand("deletions_blocked", 1),
            "creation" => demand("creations_blocked", 1),
            "update" => demand("pushes_restricted", 1),
            other => panic!("no word is known for a rule of type {other}"),
        }
    }
    let kind = |actor: &Value| match text(&actor["actor_type"]).as_str() {
        "OrganizationAdmin" => "organization_admin",
        "RepositoryRole" => "role",
        "DeployKey" => "deploy_key",
        "Integration" => "app",
        "Team" => "team",
        other => panic!("no word is known for an actor of type {other}"),
    };
    let actors: Option<Vec<(&str, String)>> =
        set["bypass_actors"].as_array().map(|actors| actors.iter().map(|actor| (kind(actor), text(&actor["bypass_mode"]))).collect());
    let binds = |actors: &Vec<(&str, String)>| i64::from(!actors.iter().any(|(kind, _)| ["role", "organization_admin"].contains(kind)));
    demands.insert("admins_bound", actors.as_ref().map(binds));
    let name = format!("{}_ruleset {}", text(&set["source_type"]).to_lowercase(), text(&set["name"]));
    let whole = |actors: Vec<(&str, String)>| actors.into_iter().map(|(kind, mode)| (Scope::Rule, kind.to_owned(), mode)).collect();
    Layer { name, is_planned, demands: Some(demands), contexts, bypass: actors.map(whole) }
}

fn classic(repository: &Repository) -> Option<Layer> {
    let rule = match &repository.classic {
        Ok(rule) => rule,
        Err((404, told)) if told == "Branch not protected" => return None,
        Err(_) => {
            let name = "unread classic rules".to_owned();
            return Some(Layer { name, is_planned: false, demands: None, contexts: Vec::new(), bypass: None });
        }
    };
    let more = &repository.node["defaultBranchRef"]["branchProtectionRule"];
    let enabled = |name: &str| rule[name]["enabled"] == true;
    let (reviews, checks) = (&rule["required_pull_request_reviews"], &rule["required_status_checks"]);
    let demands = BTreeMap::from([
        ("pull_request_required", reviews.is_object()),
        ("stale_reviews_dismissed", reviews["dismiss_stale_reviews"] == true),
        ("code_owner_review_required", reviews["require_code_owner_reviews"] == true),
        ("last_push_approval_required", reviews["require_last_push_approval"] == true),
        ("conversation_resolution_required", enabled("required_conversation_resolution")),
        ("status_checks_required", checks.is_object()),
        ("strict_status_checks_required", checks["strict"] == true),
        ("signatures_required", enabled("required_signatures")),
        ("linear_history_required", enabled("required_linear_history")),
        ("force_pushes_blocked", !enabled("allow_force_pushes")),
        ("deletions_blocked", !enabled("allow_deletions")),
        ("creations_blocked", enabled("block_creations")),
        ("admins_bound", enabled("enforce_admins")),
        ("pushes_restricted", rule["restrictions"].is_object()),
        ("branch_locked", enabled("lock_branch")),
        ("deployments_required", more["requiresDeployments"] == true),
    ]);
    let mut demands: BTreeMap<_, _> = demands.into_iter().map(|(name, demanded)| (name, Some(i64::from(demanded)))).collect();
    demands.insert("required_approvals", Some(number(&reviews["required_approving_review_count"])));

    let mut bypass = Vec::new();
    let always = |scope, kind: &str| (scope, kind.to_owned(), "always".to_owned());
    for (scope, people) in [(Scope::PullRequest, &reviews["bypass_pull_request_allowances"]), (Scope::Push, &rule["restrictions"])] {
        for (list, kind) in [("users", "user"), ("teams", "team"), ("apps", "app")] {
            bypass.extend(people[list].as_array().into_iter().flatten().map(|_| always(scope, kind)));
        }
    }
    let force_pushers = more["bypassForcePushAllowances"]["nodes"].as_array().into_iter().flatten();
    bypass.extend(force_pushers.map(|node| always(Scope::ForcePush, &text(&node["actor"]["__typename"]).to_lowercase())));
    if !enabled("enforce_admins") {
        bypass.push(always(Scope::Rule, "role"));
    }
    let contexts = checks["contexts"].as_array().into_iter().flatten().map(text).collect();
    Some(Layer { name: CLASSIC.to_owned(), is_planned: false, demands: Some(demands), contexts, bypass: Some(bypass) })
}

/// Who may do without what, counted.
fn bypass(layers: &[Layer]) -> Bypass {
    let mut counted = Bypass::new();
    for layer in layers.iter().filter(|layer| !layer.is_planned) {
        let key = |scope: &str, kind: &str, mode: &str| (layer.name.clone(), scope.to_owned(), kind.to_owned(), mode.to_owned());
        match &layer.bypass {
            None => drop(counted.insert(key("rule", "not_visible", "unknown"), None)),
            Some(bypass) => {
                for (scope, kind, mode) in bypass {
                    let count = counted.entry(key(scope.word(), kind, mode)).or_insert(Some(0));
                    *count = count.map(|count| count + 1);
                }
            }
        }
    }
    counted
}

impl Scope {
    fn word(self) -> &'static str {
        match self {
            Self::PullRequest => "pull_request",
            Self::Push => "push",
            Self::ForcePush => "force_push",
            Self::Deletion => "deletion",
            Self::Rule => "rule",
        }
    }
}
