//! Branch protection rules and rulesets as GitHub's GraphQL describes them, and the questions for them.

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{
    collect::Tally,
    table::{Table, Timestamp},
};

use super::{
    ApiError, branch_protection_rules,
    client::{Client, Graph, GraphqlError, Query},
    listing::Connection,
    repository_rulesets, rulesets,
};

/// Both questions, of which a request names one: they share what a ruleset is.
pub(super) const QUERY: &str = "query Protection(
  $ids: [ID!]!, $rules: Int!, $rulesets: Int!, $actors: Int!, $withRules: Boolean!, $withRulesets: Boolean!, $withApplied: Boolean!
) {
  nodes(ids: $ids) {
    ... on Repository {
      defaultBranchRef @include(if: $withRules) { branchProtectionRule { databaseId } }
      branchProtectionRules(first: $rules) @include(if: $withRules) { pageInfo { hasNextPage endCursor } nodes { ...Rule } }
      rulesets(first: $rulesets, includeParents: false) @include(if: $withRulesets) {
        pageInfo { hasNextPage endCursor } nodes { ...Ruleset }
      }
      applied: rulesets(first: 100) @include(if: $withApplied) {
        pageInfo { hasNextPage endCursor } nodes { databaseId name target enforcement source { __typename } }
      }
    }
  }
}
query OrganizationRulesets($organization: String!, $first: Int!, $after: String, $actors: Int!) {
  organization(login: $organization) {
    rulesets(first: $first, after: $after) { pageInfo { hasNextPage endCursor } nodes { ...Ruleset } }
  }
}
fragment Rule on BranchProtectionRule {
  databaseId pattern requiresApprovingReviews requiredApprovingReviewCount dismissesStaleReviews requiresCodeOwnerReviews
  requireLastPushApproval restrictsReviewDismissals requiresStatusChecks requiresStrictStatusChecks requiredStatusCheckContexts
  requiresConversationResolution requiresCommitSignatures requiresLinearHistory requiresDeployments requiredDeploymentEnvironments
  isAdminEnforced allowsForcePushes allowsDeletions blocksCreations restrictsPushes lockBranch
  pushAllowances(first: $actors) {
    pageInfo { hasNextPage endCursor } nodes { actor { __typename ... on User { login } ... on Team { slug } ... on App { slug } } }
  }
  bypassPullRequestAllowances(first: $actors) {
    pageInfo { hasNextPage endCursor } nodes { actor { __typename ... on User { login } ... on Team { slug } ... on App { slug } } }
  }
  bypassForcePushAllowances(first: $actors) {
    pageInfo { hasNextPage endCursor } nodes { actor { __typename ... on User { login } ... on Team { slug } ... on App { slug } } }
  }
  reviewDismissalAllowances(first: $actors) {
    pageInfo { hasNextPage endCursor } nodes { actor { __typename ... on User { login } ... on Team { slug } ... on App { slug } } }
  }
}
fragment Ruleset on RepositoryRuleset {
  databaseId name target enforcement createdAt updatedAt source { __typename }
  conditions {
    refName { include exclude } repositoryName { include exclude } repositoryId { repositoryIds }
    repositoryProperty { include { name propertyValues } exclude { name propertyValues } }
  }
  bypassActors(first: $actors) {
    pageInfo { hasNextPage endCursor }
    nodes { bypassMode organizationAdmin enterpriseOwner deployKey repositoryRoleName
      actor { __typename ... on Team { slug } ... on App { slug } }
    }
  }
  rules(first: 50) {
    pageInfo { hasNextPage endCursor }
    nodes {
      type
      parameters {
        ... on PullRequestParameters {
          requiredApprovingReviewCount dismissStaleReviewsOnPush requireCodeOwnerReview requireLastPushApproval
          requiredReviewThreadResolution allowedMergeMethods
        }
        ... on RequiredStatusChecksParameters { strictRequiredStatusChecksPolicy requiredStatusChecks { context } }
      }
    }
  }
}";

/// Organisation rulesets in a request.
const PAGE: u32 = 20;
/// Actors of each ruleset of an organisation.
const ACTORS: u32 = 100;

/// How long the lists of a repository may be in one request. What a request costs grows with them, so that the usual repository is asked
/// for little, and one that has more is asked once more for as much as GitHub gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lengths {
    rules: u32,
    rulesets: u32,
    actors: u32,
}

impl Lengths {
    /// Enough for nearly all.
    pub(super) const USUAL: Self = Self { rules: 5, rulesets: 5, actors: 20 };
    /// As much as GitHub gives.
    pub(super) const MOST: Self = Self { rules: 100, rulesets: 100, actors: 100 };

    /// The variables of a question for what feeds these tables.
    pub(super) fn variables(self, tables: &[&'static Table]) -> Map<String, Value> {
        let with = |table: &Table| Value::Bool(tables.contains(&table));
        [
            ("rules", self.rules.into()),
            ("rulesets", self.rulesets.into()),
            ("actors", self.actors.into()),
            ("withRules", with(&branch_protection_rules::TABLE)),
            ("withRulesets", with(&rulesets::TABLE)),
            ("withApplied", with(&repository_rulesets::TABLE)),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

/// What guards a repository; a list is `None` where it was not asked for, or could not be shown.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Protection {
    pub(super) default_branch_ref: Option<DefaultBranch>,
    pub(super) branch_protection_rules: Option<Connection<Rule>>,
    pub(super) rulesets: Option<Connection<Ruleset>>,
    pub(super) applied: Option<Connection<Applied>>,
}

impl Protection {
    /// Whether some list was longer than was asked for and GitHub has more to give.
    pub(super) fn goes_on(&self) -> bool {
        self.branch_protection_rules.as_ref().is_some_and(|rules| goes_on(rules) || rules.nodes.iter().flatten().any(Rule::goes_on))
            || self.rulesets.as_ref().is_some_and(|sets| goes_on(sets) || sets.nodes.iter().flatten().any(Ruleset::goes_on))
    }

    /// The number of the rule that counts for the default branch.
    pub(super) fn default_rule(&self) -> Option<i64> {
        self.default_branch_ref.as_ref()?.branch_protection_rule.as_ref()?.database_id
    }
}

/// Whether a list has more than was asked for.
pub(super) fn goes_on<T>(list: &Connection<T>) -> bool {
    list.page_info.next_cursor().is_some()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DefaultBranch {
    branch_protection_rule: Option<Numbered>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Numbered {
    database_id: Option<i64>,
}

/// A classic rule.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    pub(super) database_id: Option<i64>,
    pub(super) pattern: String,
    pub(super) requires_approving_reviews: bool,
    pub(super) required_approving_review_count: Option<i64>,
    pub(super) dismisses_stale_reviews: bool,
    pub(super) requires_code_owner_reviews: bool,
    pub(super) require_last_push_approval: bool,
    pub(super) restricts_review_dismissals: bool,
    pub(super) requires_status_checks: bool,
    pub(super) requires_strict_status_checks: bool,
    pub(super) required_status_check_contexts: Option<Vec<Option<String>>>,
    pub(super) requires_conversation_resolution: bool,
    pub(super) requires_commit_signatures: bool,
    pub(super) requires_linear_history: bool,
    pub(super) requires_deployments: bool,
    pub(super) required_deployment_environments: Option<Vec<Option<String>>>,
    pub(super) is_admin_enforced: bool,
    pub(super) allows_force_pushes: bool,
    pub(super) allows_deletions: bool,
    pub(super) blocks_creations: bool,
    pub(super) restricts_pushes: bool,
    pub(super) lock_branch: bool,
    pub(super) push_allowances: Connection<Allowance>,
    pub(super) bypass_pull_request_allowances: Connection<Allowance>,
    pub(super) bypass_force_push_allowances: Connection<Allowance>,
    pub(super) review_dismissal_allowances: Connection<Allowance>,
}

impl Rule {
    pub(super) fn goes_on(&self) -> bool {
        let lists = [
            &self.push_allowances,
            &self.bypass_pull_request_allowances,
            &self.bypass_force_push_allowances,
            &self.review_dismissal_allowances,
        ];
        lists.into_iter().any(goes_on)
    }
}

/// Leave for somebody to do what others may not.
#[derive(Debug, Deserialize)]
pub(super) struct Allowance {
    pub(super) actor: Option<Actor>,
}

/// Somebody who may do what others may not.
#[derive(Debug, Deserialize)]
#[serde(tag = "__typename")]
pub(super) enum Actor {
    User {
        login: String,
    },
    Team {
        slug: String,
    },
    App {
        slug: String,
    },
    #[serde(other)]
    Else,
}

/// A ruleset in full.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Ruleset {
    pub(super) database_id: Option<i64>,
    pub(super) name: String,
    pub(super) target: Option<String>,
    pub(super) enforcement: String,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) source: Source,
    pub(super) conditions: Conditions,
    pub(super) bypass_actors: Option<Connection<BypassActor>>,
    pub(super) rules: Option<Connection<RulesetRule>>,
}

impl Ruleset {
    pub(super) fn goes_on(&self) -> bool {
        self.bypass_actors.as_ref().is_some_and(goes_on) || self.rules.as_ref().is_some_and(goes_on)
    }
}

/// A ruleset as it is told of a repository that it is for.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Applied {
    pub(super) database_id: Option<i64>,
    pub(super) name: String,
    pub(super) target: Option<String>,
    pub(super) enforcement: String,
    pub(super) source: Source,
}

/// Whose a ruleset is.
#[derive(Debug, Deserialize)]
pub(super) struct Source {
    #[serde(rename = "__typename")]
    pub(super) kind: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Conditions {
    pub(super) ref_name: Option<Patterns<String>>,
    pub(super) repository_name: Option<Patterns<String>>,
    pub(super) repository_id: Option<RepositoryIds>,
    pub(super) repository_property: Option<Patterns<Property>>,
}

/// What is meant, and what is not.
#[derive(Debug, Deserialize)]
pub(super) struct Patterns<T> {
    pub(super) include: Vec<T>,
    pub(super) exclude: Vec<T>,
}

impl<T> Default for Patterns<T> {
    fn default() -> Self {
        Self { include: Vec::new(), exclude: Vec::new() }
    }
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RepositoryIds {
    pub(super) repository_ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) property_values: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct BypassActor {
    pub(super) bypass_mode: Option<String>,
    pub(super) organization_admin: bool,
    pub(super) enterprise_owner: bool,
    pub(super) deploy_key: bool,
    pub(super) repository_role_name: Option<String>,
    pub(super) actor: Option<Actor>,
}

#[derive(Debug, Deserialize)]
pub(super) struct RulesetRule {
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) parameters: Option<Parameters>,
}

/// Parameters of the two rules that have any which are kept; of others nothing is asked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Parameters {
    pub(super) required_approving_review_count: Option<i64>,
    pub(super) dismiss_stale_reviews_on_push: Option<bool>,
    pub(super) require_code_owner_review: Option<bool>,
    pub(super) require_last_push_approval: Option<bool>,
    pub(super) required_review_thread_resolution: Option<bool>,
    pub(super) allowed_merge_methods: Option<Vec<String>>,
    pub(super) strict_required_status_checks_policy: Option<bool>,
    pub(super) required_status_checks: Option<Vec<StatusCheck>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct StatusCheck {
    pub(super) context: String,
}

#[derive(Deserialize)]
struct Data {
    organization: Option<OrganizationNode>,
}

#[derive(Deserialize)]
struct OrganizationNode {
    rulesets: Option<Connection<Ruleset>>,
}

/// A page of an organisation's rulesets, those of its enterprise included, and what could not be read of them.
pub(super) async fn organization_rulesets(
    client: &Client,
    organization: &str,
    after: Option<&str>,
    tally: &Tally,
) -> Result<(Connection<Ruleset>, Vec<GraphqlError>), ApiError> {
    let variables = json!({"organization": organization, "first": PAGE, "after": after, "actors": ACTORS});
    let query = Query { query: QUERY, operation: "OrganizationRulesets", variables };
    let Graph { data, errors } = client.graphql::<Data, _>(&query, tally).await?;
    match data.organization.and_then(|organization| organization.rulesets) {
        Some(page) => Ok((page, errors)),
        None => Err(client.missing("graphql OrganizationRulesets", &errors)),
    }
}
