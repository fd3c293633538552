//! One row per classic branch protection rule.
//!
//! - grain: `repository_id`, `rule_id`
//! - endpoint: comes along with `github.rulesets`
//! - permission: Administration: read
//! - date: the day of the run; today's state only

use serde::Serialize;

use crate::{
    privacy::Pseudonyms,
    table::{Kind, Probe, Read, Row, Table, Watch},
};

use super::{
    listing::{Connection, Repository},
    person,
    protection_wire::{Actor, Allowance, Rule},
    rulesets,
};

/// `github.branch_protection_rules`
pub const TABLE: Table = Table {
    source: "github",
    name: "branch_protection_rules",
    meaning: "One row per classic branch protection rule, as of the date.",
    kind: Kind::Snapshot,
    grain: &["repository_id", "rule_id"],
    version: None,
    endpoint: "POST /graphql nodes.branchProtectionRules",
    permission: "Administration: read",
    probe: Probe::Repository("viewerCanAdminister branchProtectionRules(first: 1) { totalCount }"),
    requests: |_| Some(0),
    columns: BranchProtectionRule::COLUMNS,
    watch: Watch::of(&[
        "pattern",
        "requires_approving_reviews",
        "required_approving_review_count",
        "dismisses_stale_reviews",
        "requires_code_owner_reviews",
        "requires_last_push_approval",
        "restricts_review_dismissals",
        "requires_status_checks",
        "required_status_checks",
        "requires_conversation_resolution",
        "requires_signatures",
        "requires_linear_history",
        "requires_deployments",
        "is_admin_enforced",
        "allows_force_pushes",
        "allows_deletions",
        "blocks_creations",
        "restricts_pushes",
        "is_locked",
        "push_actors",
        "bypass_pull_request_actors",
        "bypass_force_push_actors",
        "review_dismissal_actors",
    ]),
    read: Read::With(&rulesets::TABLE),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct BranchProtectionRule {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the rule
    rule_id: i64,
    /// Branches it is for
    pattern: String,
    /// GitHub applies it to the default branch
    is_for_default_branch: bool,
    /// A pull request needs approvals
    requires_approving_reviews: bool,
    /// How many [approvals]
    required_approving_review_count: Option<i64>,
    /// A push dismisses approvals
    dismisses_stale_reviews: bool,
    /// Code owners must approve
    requires_code_owner_reviews: bool,
    /// Somebody else than the last to push must approve
    requires_last_push_approval: bool,
    /// Only some may dismiss reviews
    restricts_review_dismissals: bool,
    /// Status checks must pass
    requires_status_checks: bool,
    /// The branch must be up to date; GitHub says true also where no status checks are required
    requires_strict_status_checks: bool,
    /// Contexts of the status checks that must pass
    required_status_checks: Vec<String>,
    /// Conversations must be resolved
    requires_conversation_resolution: bool,
    /// Commits must be signed
    requires_signatures: bool,
    /// No merge commits
    requires_linear_history: bool,
    /// Must be deployed before it is merged
    requires_deployments: bool,
    /// To these environments
    required_deployment_environments: Vec<String>,
    /// Administrators are bound too
    is_admin_enforced: bool,
    /// Force pushes are allowed
    allows_force_pushes: bool,
    /// The branch may be deleted
    allows_deletions: bool,
    /// Matching branches may not be made
    blocks_creations: bool,
    /// Only some may push
    restricts_pushes: bool,
    /// The branch is read-only
    is_locked: bool,
    /// Who may push where that is restricted: `user:pseudonym`, `team:slug`, `app:slug`, or `unknown:` where GitHub does not show who
    push_actors: Vec<String>,
    /// Who may do without a pull request, likewise
    bypass_pull_request_actors: Vec<String>,
    /// Who may force-push, likewise
    bypass_force_push_actors: Vec<String>,
    /// Who may dismiss reviews where that is restricted, likewise
    review_dismissal_actors: Vec<String>,
}

/// A rule as a row, given the number of the one that counts for the default branch.
pub(super) fn row(pseudonyms: &Pseudonyms, repository: &Repository, default: Option<i64>, rule: &Rule) -> Option<BranchProtectionRule> {
    let rule_id = rule.database_id?;
    let actors = |allowances: &Connection<Allowance>| -> Vec<String> {
        let mut actors: Vec<_> = allowances.nodes.iter().flatten().map(|allowance| name_of(pseudonyms, allowance.actor.as_ref())).collect();
        actors.sort();
        actors
    };
    Some(BranchProtectionRule {
        repository_id: repository.database_id,
        full_name: repository.name_with_owner.clone(),
        rule_id,
        pattern: rule.pattern.clone(),
        is_for_default_branch: default == Some(rule_id),
        requires_approving_reviews: rule.requires_approving_reviews,
        required_approving_review_count: rule.required_approving_review_count,
        dismisses_stale_reviews: rule.dismisses_stale_reviews,
        requires_code_owner_reviews: rule.requires_code_owner_reviews,
        requires_last_push_approval: rule.require_last_push_approval,
        restricts_review_dismissals: rule.restricts_review_dismissals,
        requires_status_checks: rule.requires_status_checks,
        requires_strict_status_checks: rule.requires_strict_status_checks,
        required_status_checks: sorted(rule.required_status_check_contexts.as_deref()),
        requires_conversation_resolution: rule.requires_conversation_resolution,
        requires_signatures: rule.requires_commit_signatures,
        requires_linear_history: rule.requires_linear_history,
        requires_deployments: rule.requires_deployments,
        required_deployment_environments: sorted(rule.required_deployment_environments.as_deref()),
        is_admin_enforced: rule.is_admin_enforced,
        allows_force_pushes: rule.allows_force_pushes,
        allows_deletions: rule.allows_deletions,
        blocks_creations: rule.blocks_creations,
        restricts_pushes: rule.restricts_pushes,
        is_locked: rule.lock_branch,
        push_actors: actors(&rule.push_allowances),
        bypass_pull_request_actors: actors(&rule.bypass_pull_request_allowances),
        bypass_force_push_actors: actors(&rule.bypass_force_push_allowances),
        review_dismissal_actors: actors(&rule.review_dismissal_allowances),
    })
}

/// `team:slug` and the like; somebody whom GitHub does not show is `unknown`, for nobody must look like none.
pub(super) fn name_of(pseudonyms: &Pseudonyms, actor: Option<&Actor>) -> String {
    match actor {
        Some(Actor::User { login }) => format!("user:{}", person(pseudonyms, Some(login)).map(|key| key.to_string()).unwrap_or_default()),
        Some(Actor::Team { slug }) => format!("team:{slug}"),
        Some(Actor::App { slug }) => format!("app:{slug}"),
        Some(Actor::Else) | None => "unknown:".to_owned(),
    }
}

fn sorted(names: Option<&[Option<String>]>) -> Vec<String> {
    let mut names: Vec<_> = names.into_iter().flatten().flatten().cloned().collect();
    names.sort();
    names
}
