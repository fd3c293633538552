//! One row per Dependabot alert of every state, and one outcome per repository: alerts, none, switched off, or not for us to see.
//!
//! - grain: `repository_id`, `alert_number`
//! - endpoint: `GET /orgs/{org}/dependabot/alerts`, 100 a page, by cursor
//! - permission: Dependabot alerts: read
//! - date: the day of the run; today's state only

use std::collections::HashMap;

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Read, Row, Table, Timestamp},
};

use super::{
    Stopped,
    client::Client,
    github,
    listing::{Organization, Repository},
    organization_parent, outcome_of, person,
};

/// `github.dependabot_alerts`
pub const TABLE: Table = Table {
    source: "github",
    name: "dependabot_alerts",
    meaning: "One row per Dependabot alert of every state, as of the date.",
    kind: Kind::Snapshot,
    grain: &["repository_id", "alert_number"],
    version: None,
    endpoint: "GET /orgs/{org}/dependabot/alerts",
    permission: "Dependabot alerts: read",
    columns: DependabotAlert::COLUMNS,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct DependabotAlert {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name`
    full_name: String,
    /// Number of the alert within the repository
    alert_number: i64,
    /// open, fixed, dismissed or auto_dismissed
    state: String,
    /// low, medium, high or critical
    #[row(sensitivity = Public)]
    severity: String,
    /// Package ecosystem, such as npm
    ecosystem: String,
    /// Name of the vulnerable package
    package: String,
    /// File that names the package
    manifest_path: String,
    /// runtime or development
    scope: Option<String>,
    /// direct, transitive or inconclusive
    relationship: Option<String>,
    /// Id of the advisory at GitHub
    #[row(sensitivity = Public)]
    ghsa_id: String,
    /// CVE id of the advisory
    #[row(sensitivity = Public)]
    cve_id: Option<String>,
    /// Versions that are vulnerable
    #[row(sensitivity = Public)]
    vulnerable_version_range: String,
    /// First version that is not; null where there is none yet
    #[row(sensitivity = Public)]
    first_patched_version: Option<String>,
    /// CVSS score, 0 to 10 [points]
    #[row(sensitivity = Public)]
    cvss_score: Option<f64>,
    /// Probability of exploitation within 30 days, by EPSS [0–1]
    #[row(sensitivity = Public)]
    epss_percentage: Option<f64>,
    /// Raised
    created_at: Timestamp,
    /// Last change
    updated_at: Timestamp,
    /// Found fixed
    fixed_at: Option<Timestamp>,
    /// Dismissed by a person
    dismissed_at: Option<Timestamp>,
    /// Dismissed by a rule
    auto_dismissed_at: Option<Timestamp>,
    /// Reason given for the dismissal
    dismissed_reason: Option<String>,
    /// Who dismissed it
    dismissed_by_key: Option<Pseudonym>,
}

#[derive(Deserialize)]
struct Wire {
    number: i64,
    state: String,
    dependency: Dependency,
    security_advisory: Advisory,
    security_vulnerability: Vulnerability,
    created_at: Timestamp,
    updated_at: Timestamp,
    fixed_at: Option<Timestamp>,
    dismissed_at: Option<Timestamp>,
    #[serde(default)]
    auto_dismissed_at: Option<Timestamp>,
    dismissed_reason: Option<String>,
    dismissed_by: Option<Login>,
    repository: WireRepository,
}

#[derive(Deserialize)]
struct Dependency {
    package: Package,
    manifest_path: String,
    #[serde(default)]
    scope: Option<String>,
    #[serde(default)]
    relationship: Option<String>,
}

#[derive(Deserialize)]
struct Package {
    ecosystem: String,
    name: String,
}

#[derive(Deserialize)]
struct Advisory {
    ghsa_id: String,
    cve_id: Option<String>,
    cvss: Cvss,
    #[serde(default)]
    epss: Option<Epss>,
}

#[derive(Deserialize)]
struct Cvss {
    score: Option<f64>,
}

#[derive(Deserialize)]
struct Epss {
    percentage: Option<f64>,
}

#[derive(Deserialize)]
struct Vulnerability {
    severity: String,
    vulnerable_version_range: String,
    first_patched_version: Option<Version>,
}

#[derive(Deserialize)]
struct Version {
    identifier: String,
}

#[derive(Deserialize)]
struct Login {
    login: String,
}

#[derive(Deserialize)]
struct WireRepository {
    id: i64,
    full_name: String,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let github = github(context)?;
        let organizations = github.listing().await?;
        context.sink.expect(&TABLE, organizations.len());
        for organization in organizations {
            let parent = organization_parent(&organization.login);
            if context.sink.is_done(&TABLE, &parent) {
                continue;
            }
            let (tally, mut alerts) = (Tally::default(), HashMap::new());
            let walk = pages(context, &github.client, &parent, &tally, &mut alerts).await;
            let mut outcome = outcome_of(walk, &tally)?;
            if let Err(error) = &organization.repositories
                && outcome.status.is_whole()
            {
                // The alerts are there; whether a repository without any is clear cannot be told.
                outcome.status = Status::Truncated;
                outcome.detail = Some(format!("the repositories could not be listed: {}", error.message));
            }
            let within = by_repository(organization, &outcome, &alerts);
            context.sink.done(&TABLE, &parent, outcome, within).await?;
        }
        Ok(())
    }
    .boxed()
}

async fn pages(
    context: &Context<'_>,
    client: &Client,
    parent: &Parent,
    tally: &Tally,
    alerts: &mut HashMap<i64, u64>,
) -> Result<(), Stopped> {
    let states = "auto_dismissed,dismissed,fixed,open";
    let mut next = Some(format!("/orgs/{}/dependabot/alerts?state={states}&sort=created&direction=asc&per_page=100", parent.name));
    while let Some(path) = next {
        let page = client.list::<Wire>(&path, tally).await?;
        tally.page(page.items.len());
        let rows: Vec<_> = page.items.into_iter().map(|wire| row(context.pseudonyms, wire)).collect();
        for row in &rows {
            *alerts.entry(row.repository_id).or_default() += 1;
        }
        context.sink.write(&TABLE, parent, &rows).await?;
        next = page.next;
    }
    Ok(())
}

/// What the organisation's list says about each repository. The list leaves out without a word what the credential may not see, so
/// that a repository without alerts is only clear where we may look and the alerts are on.
fn by_repository(organization: &Organization, list: &Outcome, alerts: &HashMap<i64, u64>) -> Vec<(Parent, Outcome)> {
    let repositories = organization.repositories.iter().flatten();
    repositories.map(|repository| (repository.parent(), of_repository(repository, list, alerts))).collect()
}

fn of_repository(repository: &Repository, list: &Outcome, alerts: &HashMap<i64, u64>) -> Outcome {
    if !list.status.keeps_rows() {
        return Tally::within(list.status, list.detail.clone(), 0);
    }
    match alerts.get(&repository.database_id) {
        Some(&rows) => Tally::within(Status::Ok, None, rows),
        None if !repository.shows_alerts() => {
            let role = repository.viewer_permission.as_deref().unwrap_or("no role");
            Tally::within(Status::Forbidden, Some(format!("the credential has {role} there; alerts need WRITE")), 0)
        }
        None if repository.has_vulnerability_alerts_enabled => Tally::within(Status::Empty, None, 0),
        None => Tally::within(Status::Disabled, Some("Dependabot alerts are switched off".to_owned()), 0),
    }
}

fn row(pseudonyms: &Pseudonyms, wire: Wire) -> DependabotAlert {
    DependabotAlert {
        repository_id: wire.repository.id,
        full_name: wire.repository.full_name,
        alert_number: wire.number,
        state: wire.state,
        severity: wire.security_vulnerability.severity,
        ecosystem: wire.dependency.package.ecosystem,
        package: wire.dependency.package.name,
        manifest_path: wire.dependency.manifest_path,
        scope: wire.dependency.scope,
        relationship: wire.dependency.relationship,
        ghsa_id: wire.security_advisory.ghsa_id,
        cve_id: wire.security_advisory.cve_id,
        vulnerable_version_range: wire.security_vulnerability.vulnerable_version_range,
        first_patched_version: wire.security_vulnerability.first_patched_version.map(|version| version.identifier),
        cvss_score: wire.security_advisory.cvss.score,
        epss_percentage: wire.security_advisory.epss.and_then(|epss| epss.percentage),
        created_at: wire.created_at,
        updated_at: wire.updated_at,
        fixed_at: wire.fixed_at,
        dismissed_at: wire.dismissed_at,
        auto_dismissed_at: wire.auto_dismissed_at,
        dismissed_reason: wire.dismissed_reason,
        dismissed_by_key: person(pseudonyms, wire.dismissed_by.as_ref().map(|by| by.login.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(list: Status, alerts: u64, role: &str, enabled: bool) -> Status {
        let repository = serde_json::json!({
            "id": "R_1", "databaseId": 1, "name": "pay", "nameWithOwner": "clockwork-lighthouse/pay", "visibility": "PRIVATE",
            "isArchived": false, "isDisabled": false, "isFork": false, "isTemplate": false, "isEmpty": false,
            "repositoryTopics": {"nodes": []}, "stargazerCount": 0, "forkCount": 0,
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
            "hasVulnerabilityAlertsEnabled": enabled, "mergeCommitAllowed": true, "squashMergeAllowed": true,
            "rebaseMergeAllowed": true, "autoMergeAllowed": true, "deleteBranchOnMerge": true, "allowUpdateBranch": true,
            "webCommitSignoffRequired": false, "forkingAllowed": false, "viewerPermission": role,
        });
        let repository: Repository = serde_json::from_value(repository).unwrap();
        let counted = if alerts > 0 { HashMap::from([(1, alerts)]) } else { HashMap::new() };
        of_repository(&repository, &Tally::within(list, None, alerts), &counted).status
    }

    #[test]
    fn silence_is_an_all_clear_only_where_we_may_look_and_the_alerts_are_on() {
        assert_eq!(status(Status::Ok, 3, "WRITE", true), Status::Ok);
        assert_eq!(status(Status::Ok, 0, "WRITE", true), Status::Empty);
        assert_eq!(status(Status::Ok, 0, "ADMIN", false), Status::Disabled);
        assert_eq!(status(Status::Ok, 0, "READ", true), Status::Forbidden);
        assert_eq!(status(Status::Empty, 0, "READ", false), Status::Forbidden, "the setting reads false as well where we may not know");
        assert_eq!(status(Status::Forbidden, 0, "ADMIN", true), Status::Forbidden);
        assert_eq!(status(Status::RateLimited, 3, "ADMIN", true), Status::RateLimited, "half a list says nothing");
    }
}
