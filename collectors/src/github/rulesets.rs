//! One row per ruleset of a repository or an organisation.
//!
//! - grain: `ruleset_id`
//! - endpoint: GraphQL `organization.rulesets`, 20 a request; `nodes.rulesets`, 50 repositories a request
//! - permission: Administration: read (repository and organisation)
//! - date: the day of the run; today's state only

use serde::Serialize;

use crate::{
    privacy::Pseudonyms,
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    branch_protection_rules::name_of,
    listing::{Organization, Repository},
    protection,
    protection_wire::{BypassActor, Conditions, Parameters, Ruleset as Wire},
};

/// `github.rulesets`
pub const TABLE: Table = Table {
    source: "github",
    name: "rulesets",
    meaning: "One row per ruleset of a repository or an organisation, as of the date.",
    kind: Kind::Snapshot,
    grain: &["ruleset_id"],
    version: None,
    endpoint: "POST /graphql organization.rulesets, nodes.rulesets",
    permission: "Administration: read (repository and organisation)",
    probe: Probe::Organization("rulesets(first: 1) { totalCount }"),
    requests: |size| Some(size.organizations + size.repositories.div_ceil(50)),
    columns: Ruleset::COLUMNS,
    watch: Watch::of(&[
        "target",
        "enforcement",
        "ref_include",
        "ref_exclude",
        "repository_include",
        "repository_exclude",
        "repository_conditions",
        "rule_types",
        "required_approving_review_count",
        "dismisses_stale_reviews",
        "requires_code_owner_reviews",
        "requires_last_push_approval",
        "requires_conversation_resolution",
        "required_status_checks",
        "requires_strict_status_checks",
        "bypass_actors",
    ]),
    read: Read::By(protection::collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Ruleset {
    /// Number of the ruleset
    ruleset_id: i64,
    /// Login of the organisation
    organization: String,
    /// Whose it is: repository, organization or enterprise
    source_type: String,
    /// Number of the repository whose it is; null for one of the organisation
    repository_id: Option<i64>,
    /// `organisation/name` of that repository
    full_name: Option<String>,
    /// Its name
    name: String,
    /// What it is about: branch, tag, push or repository
    target: Option<String>,
    /// active, evaluate (only tried) or disabled
    enforcement: String,
    /// Patterns of refs it is for, `~ALL` or `~DEFAULT_BRANCH`
    ref_include: Vec<String>,
    /// Patterns of refs it is not for
    ref_exclude: Vec<String>,
    /// Patterns of repository names it is for; empty without such a condition
    repository_include: Vec<String>,
    /// Patterns of repository names it is not for
    repository_exclude: Vec<String>,
    /// Its conditions by property, as `name=value` or `name!=value`, and by number, as `id=number`
    repository_conditions: Vec<String>,
    /// Types of its rules, such as pull_request, in small letters, sorted
    rule_types: Vec<String>,
    /// Approvals a pull request needs; null without such a rule [approvals]
    required_approving_review_count: Option<i64>,
    /// A push dismisses approvals; null without a rule for pull requests
    dismisses_stale_reviews: Option<bool>,
    /// Code owners must approve; null likewise
    requires_code_owner_reviews: Option<bool>,
    /// Somebody else than the last to push must approve; null likewise
    requires_last_push_approval: Option<bool>,
    /// Conversations must be resolved; null likewise
    requires_conversation_resolution: Option<bool>,
    /// merge, squash, rebase; empty where nothing is said
    allowed_merge_methods: Vec<String>,
    /// Contexts of the status checks that must pass
    required_status_checks: Vec<String>,
    /// The branch must be up to date; null without a rule for status checks
    requires_strict_status_checks: Option<bool>,
    /// Who may bypass it, as `kind:name:mode`, kind being team, app, role, or, without a name, organization_admin, enterprise_owner, deploy_key or unknown, mode always, pull_request or exempt; null where we may not see it
    bypass_actors: Option<Vec<String>>,
    /// Made
    created_at: Timestamp,
    /// Last change
    updated_at: Timestamp,
}

impl Ruleset {
    pub(super) const fn ruleset_id(&self) -> i64 {
        self.ruleset_id
    }
}

/// A ruleset as a row: one of a repository, or of the organisation or what is above it.
pub(super) fn row(
    pseudonyms: &Pseudonyms,
    organization: &Organization,
    repository: Option<&Repository>,
    ruleset: &Wire,
) -> Option<Ruleset> {
    let ref_name = ruleset.conditions.ref_name.as_ref();
    let repository_name = ruleset.conditions.repository_name.as_ref();
    let rules: Vec<_> = ruleset.rules.iter().flat_map(|rules| &rules.nodes).flatten().collect();
    let all: Vec<&Parameters> = rules.iter().filter_map(|rule| rule.parameters.as_ref()).collect();
    // Whoever does not administer a repository may be shown nobody, as if nobody could bypass it.
    let bypass = ruleset.bypass_actors.as_ref().filter(|_| repository.is_none_or(|repository| repository.viewer_can_administer));
    Some(Ruleset {
        ruleset_id: ruleset.database_id?,
        organization: organization.login.clone(),
        source_type: ruleset.source.kind.to_lowercase(),
        repository_id: repository.map(|repository| repository.database_id),
        full_name: repository.map(|repository| repository.name_with_owner.clone()),
        name: ruleset.name.clone(),
        target: ruleset.target.as_ref().map(|target| target.to_lowercase()),
        enforcement: ruleset.enforcement.to_lowercase(),
        ref_include: ref_name.map(|names| names.include.clone()).unwrap_or_default(),
        ref_exclude: ref_name.map(|names| names.exclude.clone()).unwrap_or_default(),
        repository_include: repository_name.map(|names| names.include.clone()).unwrap_or_default(),
        repository_exclude: repository_name.map(|names| names.exclude.clone()).unwrap_or_default(),
        repository_conditions: repository_conditions(organization, &ruleset.conditions),
        rule_types: sorted(rules.iter().map(|rule| rule.kind.to_lowercase())),
        required_approving_review_count: all.iter().filter_map(|rule| rule.required_approving_review_count).max(),
        dismisses_stale_reviews: any(&all, |rule| rule.dismiss_stale_reviews_on_push),
        requires_code_owner_reviews: any(&all, |rule| rule.require_code_owner_review),
        requires_last_push_approval: any(&all, |rule| rule.require_last_push_approval),
        requires_conversation_resolution: any(&all, |rule| rule.required_review_thread_resolution),
        allowed_merge_methods: sorted(
            all.iter().flat_map(|rule| rule.allowed_merge_methods.iter().flatten()).map(|name| name.to_lowercase()),
        ),
        required_status_checks: sorted(
            all.iter().flat_map(|rule| rule.required_status_checks.iter().flatten()).map(|check| check.context.clone()),
        ),
        requires_strict_status_checks: any(&all, |rule| rule.strict_required_status_checks_policy),
        bypass_actors: bypass.map(|bypass| sorted(bypass.nodes.iter().flatten().map(|actor| bypass_actor(pseudonyms, actor)))),
        created_at: ruleset.created_at,
        updated_at: ruleset.updated_at,
    })
}

/// Whether any rule demands it; nothing if none speaks of it.
fn any(all: &[&Parameters], demand: fn(&Parameters) -> Option<bool>) -> Option<bool> {
    all.iter().filter_map(|rule| demand(rule)).reduce(|one, other| one || other)
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<_> = names.collect();
    names.sort();
    names.dedup();
    names
}

/// Conditions on properties and on numbers. GitHub gives ids for numbers; one of a repository that we do not see stays an id.
fn repository_conditions(organization: &Organization, conditions: &Conditions) -> Vec<String> {
    let properties = conditions.repository_property.iter().flat_map(|targets| {
        let sides = [("=", &targets.include), ("!=", &targets.exclude)];
        sides.into_iter().flat_map(|(sign, properties)| {
            properties
                .iter()
                .flat_map(move |property| property.property_values.iter().map(move |value| format!("{}{sign}{value}", property.name)))
        })
    });
    let number_of = |id: &String| {
        let known = organization.repositories.iter().flatten().find(|repository| repository.id == *id);
        known.map_or_else(|| format!("id={id}"), |repository| format!("id={}", repository.database_id))
    };
    let numbers = conditions.repository_id.iter().flat_map(|target| &target.repository_ids).map(number_of);
    sorted(properties.chain(numbers))
}

fn bypass_actor(pseudonyms: &Pseudonyms, actor: &BypassActor) -> String {
    let who = match actor {
        BypassActor { organization_admin: true, .. } => "organization_admin:".to_owned(),
        BypassActor { enterprise_owner: true, .. } => "enterprise_owner:".to_owned(),
        BypassActor { deploy_key: true, .. } => "deploy_key:".to_owned(),
        BypassActor { repository_role_name: Some(role), .. } => format!("role:{role}"),
        BypassActor { actor, .. } => name_of(pseudonyms, actor.as_ref()),
    };
    format!("{who}:{}", actor.bypass_mode.as_deref().unwrap_or("unknown").to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn actor(text: &str) -> String {
        let pseudonyms = Pseudonyms::new(&"key".into());
        let rest = r#""bypassMode": "PULL_REQUEST", "organizationAdmin": false, "enterpriseOwner": false, "deployKey": false, "repositoryRoleName": null, "actor": null"#;
        let mut actor: serde_json::Value = serde_json::from_str(&format!("{{{rest}}}")).unwrap();
        let more: serde_json::Map<_, _> = serde_json::from_str(text).unwrap();
        actor.as_object_mut().unwrap().extend(more);
        bypass_actor(&pseudonyms, &serde_json::from_value(actor).unwrap())
    }

    #[test]
    fn whoever_may_bypass_is_named_by_kind() {
        assert_eq!(actor(r#"{"organizationAdmin": true}"#), "organization_admin::pull_request");
        assert_eq!(actor(r#"{"deployKey": true, "bypassMode": "ALWAYS"}"#), "deploy_key::always");
        assert_eq!(actor(r#"{"repositoryRoleName": "maintain"}"#), "role:maintain:pull_request");
        assert_eq!(actor(r#"{"actor": {"__typename": "Team", "slug": "lamps"}, "bypassMode": "EXEMPT"}"#), "team:lamps:exempt");
        assert_eq!(actor(r#"{"actor": {"__typename": "App", "slug": "ci"}}"#), "app:ci:pull_request");
        assert_eq!(actor("{}"), "unknown::pull_request", "somebody who is not shown is not nobody");
    }

    #[test]
    fn of_several_rules_the_stricter_counts() {
        let parameters = |text: &str| serde_json::from_str::<Parameters>(text).unwrap();
        let (strict, lax, other) =
            (parameters(r#"{"requireCodeOwnerReview": true}"#), parameters(r#"{"requireCodeOwnerReview": false}"#), parameters("{}"));
        let owners = |rules: &[&Parameters]| any(rules, |rule| rule.require_code_owner_review);
        assert_eq!(owners(&[&lax, &strict, &other]), Some(true));
        assert_eq!(owners(&[&other, &lax]), Some(false));
        assert_eq!(owners(&[&other]), None);
    }
}
