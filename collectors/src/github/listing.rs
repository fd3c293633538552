//! The repositories of an organisation: what `github.repositories` stores, and what every other walk starts from.
//!
//! The same 100 repositories a request also tell when a pull request of each last changed, so that finding the changed ones among
//! thousands costs no request of its own.

use std::sync::Arc;

use serde::Deserialize;
use serde_json::json;
use tokio::sync::OnceCell;

use crate::{
    collect::{Outcome, Parent, Status, Tally},
    table::Timestamp,
};

use super::{
    ApiError, ApiErrorKind, SharedError,
    client::{Client, Graph, Query},
    security::{self, SecurityById},
};

const QUERY: &str = "query Repositories($organization: String!, $first: Int!, $after: String, $withPullRequests: Boolean!) {
  organization(login: $organization) {
    repositories(first: $first, after: $after, orderBy: {field: CREATED_AT, direction: ASC}) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id databaseId name nameWithOwner url visibility
        isArchived isDisabled isFork isTemplate isEmpty
        defaultBranchRef { name } primaryLanguage { name } licenseInfo { spdxId }
        repositoryTopics(first: 30) { nodes { topic { name } } }
        diskUsage stargazerCount forkCount createdAt updatedAt pushedAt archivedAt
        hasVulnerabilityAlertsEnabled isSecurityPolicyEnabled
        mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed autoMergeAllowed
        deleteBranchOnMerge allowUpdateBranch webCommitSignoffRequired forkingAllowed
        hasIssuesEnabled hasWikiEnabled hasDiscussionsEnabled
        viewerPermission viewerCanAdminister
        pullRequests(first: 1, orderBy: {field: UPDATED_AT, direction: DESC}) @include(if: $withPullRequests) {
          totalCount nodes { updatedAt }
        }
      }
    }
  }
}";

const PAGE: u32 = 100;

/// One organisation as of the start of the run.
#[derive(Debug)]
pub(super) struct Organization {
    pub(super) login: String,
    /// Speaks for it: with a credential that reads this organisation.
    pub(super) client: Client,
    /// Its repositories, or why they cannot be listed.
    pub(super) repositories: Result<Vec<Repository>, SharedError>,
    /// What listing them cost.
    pub(super) outcome: Outcome,
    security: OnceCell<Result<SecurityById, SharedError>>,
}

impl Organization {
    /// Which security features are on in its repositories: read when it is first asked for, and counted there. An error is told to all
    /// who ask.
    pub(super) async fn security(&self, tally: &Tally) -> Result<&SecurityById, &SharedError> {
        self.security.get_or_init(|| security::read(&self.client, &self.login, tally)).await.as_ref()
    }
}

/// A repository as GitHub describes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Repository {
    pub(super) id: String,
    pub(super) database_id: i64,
    pub(super) name: String,
    pub(super) name_with_owner: String,
    pub(super) url: String,
    pub(super) visibility: String,
    pub(super) is_archived: bool,
    pub(super) is_disabled: bool,
    pub(super) is_fork: bool,
    pub(super) is_template: bool,
    pub(super) is_empty: bool,
    pub(super) default_branch_ref: Option<Named>,
    pub(super) primary_language: Option<Named>,
    pub(super) license_info: Option<License>,
    pub(super) repository_topics: Nodes<TopicNode>,
    pub(super) disk_usage: Option<i64>,
    pub(super) stargazer_count: i64,
    pub(super) fork_count: i64,
    pub(super) created_at: Timestamp,
    pub(super) updated_at: Timestamp,
    pub(super) pushed_at: Option<Timestamp>,
    pub(super) archived_at: Option<Timestamp>,
    pub(super) has_vulnerability_alerts_enabled: bool,
    pub(super) is_security_policy_enabled: Option<bool>,
    pub(super) merge_commit_allowed: bool,
    pub(super) squash_merge_allowed: bool,
    pub(super) rebase_merge_allowed: bool,
    pub(super) auto_merge_allowed: bool,
    pub(super) delete_branch_on_merge: bool,
    pub(super) allow_update_branch: bool,
    pub(super) web_commit_signoff_required: bool,
    pub(super) forking_allowed: bool,
    pub(super) has_issues_enabled: bool,
    pub(super) has_wiki_enabled: bool,
    pub(super) has_discussions_enabled: bool,
    pub(super) viewer_permission: Option<String>,
    pub(super) viewer_can_administer: bool,
    /// The newest change of a pull request; `None` where we may not read them.
    pub(super) pull_requests: Option<Counted<PullRequestProbe>>,
}

impl Repository {
    pub(super) fn parent(&self) -> Parent {
        Parent { id: self.database_id.to_string(), name: self.name_with_owner.clone() }
    }

    /// Whether our credential may see security alerts there: reading the code is not enough.
    pub(super) fn shows_alerts(&self) -> bool {
        matches!(self.viewer_permission.as_deref(), Some("ADMIN" | "MAINTAIN" | "WRITE"))
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct Named {
    pub(super) name: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct License {
    pub(super) spdx_id: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct TopicNode {
    pub(super) topic: Named,
}

#[derive(Debug, Deserialize)]
pub(super) struct Nodes<T> {
    pub(super) nodes: Vec<Option<T>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Counted<T> {
    pub(super) total_count: usize,
    pub(super) nodes: Vec<Option<T>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PullRequestProbe {
    pub(super) updated_at: Timestamp,
}

/// A page of a GraphQL connection.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connection<T> {
    #[serde(default)]
    pub(super) total_count: Option<i64>,
    pub(super) page_info: PageInfo,
    pub(super) nodes: Vec<Option<T>>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    pub(super) end_cursor: Option<String>,
}

impl PageInfo {
    /// Where the next page begins.
    pub(super) fn next(self) -> Option<String> {
        self.end_cursor.filter(|_| self.has_next_page)
    }

    /// Likewise, without using it up.
    pub(super) fn next_cursor(&self) -> Option<String> {
        self.end_cursor.clone().filter(|_| self.has_next_page)
    }
}

#[derive(Deserialize)]
struct Data {
    organization: Option<OrganizationNode>,
}

#[derive(Deserialize)]
struct OrganizationNode {
    repositories: Connection<Repository>,
}

/// Lists one organisation. A list that breaks off is an error: half an organisation must not pass for the whole.
///
/// # Errors
/// Only when the credential is refused, since then no other organisation can be read either.
pub(super) async fn list(client: &Client, login: &str) -> Result<Organization, ApiError> {
    let tally = Tally::default();
    let organization = |repositories, outcome| {
        let (login, client) = (login.to_owned(), client.clone());
        Organization { login, client, repositories, outcome, security: OnceCell::new() }
    };
    match pages(client, login, &tally).await {
        Ok((repositories, 0)) => Ok(organization(Ok(repositories), tally.complete())),
        Ok((repositories, hidden)) => {
            let outcome = tally.ended(Status::Truncated, Some(format!("{hidden} repositories could not be shown")));
            Ok(organization(Ok(repositories), outcome))
        }
        Err(error) if error.kind == ApiErrorKind::Unauthorized => Err(error),
        Err(error) => {
            let outcome = tally.ended(error.status(), Some(error.message.clone()));
            Ok(organization(Err(Arc::new(error)), outcome))
        }
    }
}

/// All repositories, and how many there are beside them that GitHub named and could not show.
async fn pages(client: &Client, login: &str, tally: &Tally) -> Result<(Vec<Repository>, usize), ApiError> {
    let (mut repositories, mut hidden) = (Vec::new(), 0);
    let mut size = PageSize::new(PAGE);
    let mut after: Option<String> = None;
    loop {
        let mut page = match page(client, login, (size.get(), after.as_deref(), true), tally).await {
            Err(error) if error.kind == ApiErrorKind::TooHeavy && size.halve() => continue,
            answer => answer?,
        };
        // A repository whose pull requests we may not read is null as a whole: it is asked for once more without them.
        if page.nodes.iter().any(Option::is_none) {
            let bare = self::page(client, login, (size.get(), after.as_deref(), false), tally).await?;
            let nodes = page.nodes.into_iter().zip(bare.nodes);
            page.nodes = nodes.map(|(node, bare)| node.or(bare)).collect();
        }
        size.recover();
        let named = page.nodes.len();
        let shown = page.nodes.into_iter().flatten();
        let before = repositories.len();
        repositories.extend(shown);
        tally.page(repositories.len() - before);
        hidden += named - (repositories.len() - before);
        match page.page_info.next() {
            Some(cursor) => after = Some(cursor),
            None => return Ok((repositories, hidden)),
        }
    }
}

async fn page(
    client: &Client,
    login: &str,
    (first, after, with_pull_requests): (u32, Option<&str>, bool),
    tally: &Tally,
) -> Result<Connection<Repository>, ApiError> {
    let variables = json!({"organization": login, "first": first, "after": after, "withPullRequests": with_pull_requests});
    let query = Query { query: QUERY, operation: "Repositories", variables };
    let answer: Graph<Data> = client.graphql(&query, tally).await?;
    let organization = answer.data.organization.ok_or_else(|| client.missing("graphql Repositories", &answer.errors))?;
    Ok(organization.repositories)
}

/// How many items to ask for at once: half as many after an answer that took too long to make, then slowly more again.
#[derive(Debug)]
pub(super) struct PageSize {
    size: u32,
    most: u32,
}

impl PageSize {
    pub(super) const fn new(most: u32) -> Self {
        Self { size: most, most }
    }

    pub(super) const fn get(&self) -> u32 {
        self.size
    }

    /// Whether there is less to ask for.
    pub(super) const fn halve(&mut self) -> bool {
        let can = self.size > 1;
        if can {
            self.size /= 2;
        }
        can
    }

    /// After a page that came.
    pub(super) const fn recover(&mut self) {
        let grown = self.size + self.size.div_ceil(4);
        self.size = if grown > self.most { self.most } else { grown };
    }
}
