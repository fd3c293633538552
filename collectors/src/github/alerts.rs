//! What the three kinds of security alerts share: one list for the whole organisation, and what its silence about a repository means.
//!
//! The list leaves out without a word what is switched off and what the credential may not see. So every repository gets an outcome of its
//! own beside the organisation's: alerts, none, switched off, or not for us to see.

use std::collections::HashMap;

use serde::{Deserialize, de::DeserializeOwned};

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    privacy::{Pseudonym, Pseudonyms},
    table::{Row, Table},
};

use super::{
    ApiError, Stopped, github,
    listing::{Organization, Repository},
    organization_parent, outcome_of, person,
};

/// A row of one kind of alert, and how it comes about.
pub(super) trait Alert: Row {
    /// The alert as GitHub sends it.
    type Wire: DeserializeOwned;
    /// Where the rows go.
    const TABLE: &'static Table;
    /// The organisation's list, below `/orgs/{org}/`. By age, the oldest first: what is new while the pages are read comes last.
    const LIST: &'static str;

    /// The row of an alert.
    fn of(pseudonyms: &Pseudonyms, wire: Self::Wire) -> Self;

    /// The repository that it is about.
    fn repository_id(&self) -> i64;

    /// What it means that the list names no alert of these repositories: one outcome each, in their order.
    async fn silent(organization: &Organization, repositories: &[&Repository], tally: &Tally) -> Result<Vec<Outcome>, CollectError>;
}

/// The repository as it stands in an organisation's alert.
#[derive(Deserialize)]
pub(super) struct OfRepository {
    pub(super) id: i64,
    pub(super) full_name: String,
}

/// Somebody who dealt with an alert.
#[derive(Deserialize)]
pub(super) struct Login {
    login: String,
}

impl Login {
    /// The pseudonym, if there was somebody.
    pub(super) fn key(by: Option<&Self>, pseudonyms: &Pseudonyms) -> Option<Pseudonym> {
        person(pseudonyms, by.map(|by| by.login.as_str()))
    }
}

/// Reads the alerts of every organisation.
pub(super) async fn collect<A: Alert>(context: &Context<'_>) -> Result<(), CollectError> {
    let organizations = github(context)?.listing().await?;
    context.sink.expect(A::TABLE, organizations.len());
    for organization in organizations {
        let parent = organization_parent(&organization.login);
        if context.sink.is_done(A::TABLE, &parent) {
            continue;
        }
        let (tally, mut alerts) = (Tally::default(), HashMap::new());
        let walk = pages::<A>(context, organization, &parent, &tally, &mut alerts).await;
        let Outcome { mut status, mut detail, .. } = outcome_of(walk, &tally)?;
        if let Err(error) = &organization.repositories
            && status.is_whole()
        {
            // The alerts are there; whether a repository without any is clear cannot be told.
            status = Status::Truncated;
            detail = Some(format!("the repositories could not be listed: {}", error.message));
        }
        let within = by_repository::<A>(organization, (status, detail.as_deref()), &alerts, &tally).await?;
        // What it took to learn about the silent ones is on the tally by now.
        context.sink.done(A::TABLE, &parent, tally.ended(status, detail), within).await?;
    }
    Ok(())
}

async fn pages<A: Alert>(
    context: &Context<'_>,
    organization: &Organization,
    parent: &Parent,
    tally: &Tally,
    alerts: &mut HashMap<i64, u64>,
) -> Result<(), Stopped> {
    let mut next = Some(format!("/orgs/{}/{}", organization.login, A::LIST));
    while let Some(path) = next {
        let page = organization.client.list::<A::Wire>(&path, tally).await?;
        tally.page(page.items.len());
        let rows: Vec<A> = page.items.into_iter().map(|wire| A::of(context.pseudonyms, wire)).collect();
        for row in &rows {
            *alerts.entry(row.repository_id()).or_default() += 1;
        }
        context.sink.write(A::TABLE, parent, &rows).await?;
        next = page.next;
    }
    Ok(())
}

/// What the organisation's list says about each repository.
async fn by_repository<A: Alert>(
    organization: &Organization,
    (status, detail): (Status, Option<&str>),
    alerts: &HashMap<i64, u64>,
    tally: &Tally,
) -> Result<Vec<(Parent, Outcome)>, CollectError> {
    let repositories = organization.repositories.iter().flatten();
    if !status.keeps_rows() {
        // Half a list says nothing.
        let same = |repository: &Repository| (repository.parent(), Tally::within(status, detail.map(str::to_owned), 0));
        return Ok(repositories.map(same).collect());
    }
    let (mut outcomes, mut silent) = (Vec::new(), Vec::new());
    for repository in repositories {
        match alerts.get(&repository.database_id) {
            Some(&rows) => outcomes.push((repository.parent(), Tally::within(Status::Ok, None, rows))),
            None => silent.push(repository),
        }
    }
    let told = A::silent(organization, &silent, tally).await?;
    outcomes.extend(silent.into_iter().map(Repository::parent).zip(told));
    Ok(outcomes)
}

/// The outcome of a repository that the list is silent about, with the reason.
pub(super) fn silence(status: Status, reason: impl Into<String>) -> Outcome {
    Tally::within(status, Some(reason.into()), 0)
}

/// The outcome of a repository without any alert.
pub(super) fn clear() -> Outcome {
    Tally::within(Status::Empty, None, 0)
}

/// The outcome of a repository whose alerts take more than our credential has there.
pub(super) fn needs(repository: &Repository, role: &str) -> Outcome {
    let ours = repository.viewer_permission.as_deref().unwrap_or("no role");
    silence(Status::Forbidden, format!("the credential has {ours} there; these alerts need {role}"))
}

/// The outcome of a repository of which nobody tells us whether the alerts are on: silence is no all-clear then.
pub(super) fn unknown(error: Option<&ApiError>) -> Outcome {
    let Some(error) = error else { return silence(Status::Forbidden, "its security settings are not visible") };
    let status = match error.status() {
        Status::NotFound | Status::Disabled => Status::Forbidden,
        status => status,
    };
    silence(status, format!("the security settings could not be read: {}", error.message))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::github::ApiErrorKind;

    /// A repository where we have this role, as listed.
    pub(in crate::github) fn repository(role: &str, visibility: &str, is_empty: bool, alerts_enabled: bool) -> Repository {
        let repository = serde_json::json!({
            "id": "R_1", "databaseId": 1, "name": "pay", "nameWithOwner": "clockwork-lighthouse/pay", "url": "https://github.com/clockwork-lighthouse/pay", "visibility": visibility,
            "isArchived": false, "isDisabled": false, "isFork": false, "isTemplate": false, "isEmpty": is_empty,
            "repositoryTopics": {"nodes": []}, "stargazerCount": 0, "forkCount": 0,
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
            "hasVulnerabilityAlertsEnabled": alerts_enabled, "mergeCommitAllowed": true, "squashMergeAllowed": true,
            "rebaseMergeAllowed": true, "autoMergeAllowed": true, "deleteBranchOnMerge": true, "allowUpdateBranch": true,
            "webCommitSignoffRequired": false, "forkingAllowed": false, "viewerPermission": role,
            "viewerCanAdminister": role == "ADMIN", "hasIssuesEnabled": true, "hasWikiEnabled": true, "hasDiscussionsEnabled": true,
        });
        serde_json::from_value(repository).unwrap()
    }

    #[test]
    fn settings_that_nobody_tells_are_no_all_clear() {
        let error = |kind| ApiError { kind, host: String::new(), what: String::new(), message: "404: Not Found".to_owned() };
        assert_eq!(unknown(None).status, Status::Forbidden);
        assert_eq!(unknown(Some(&error(ApiErrorKind::NotFound))).status, Status::Forbidden, "it is the settings that are not found");
        assert_eq!(unknown(Some(&error(ApiErrorKind::RateLimited))).status, Status::RateLimited, "the next run may read them");
    }
}
