//! One row per Dependabot alert of every state, and one outcome per repository: alerts, none, switched off, or not for us to see.
//!
//! - grain: `repository_id`, `alert_number`
//! - endpoint: `GET /orgs/{org}/dependabot/alerts`, 100 a page, by cursor
//! - permission: Dependabot alerts: read
//! - date: the day of the run; today's state only

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Outcome, Status, Tally},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    alerts::{self, Alert, Login, OfRepository},
    listing::{Organization, Repository},
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
    probe: Probe::Rest("/orgs/{org}/dependabot/alerts?per_page=1"),
    requests: |size| Some(size.organizations),
    columns: DependabotAlert::COLUMNS,
    watch: Watch::of(&["state"]),
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

/// An alert of the organisation's list.
#[derive(Deserialize)]
pub(super) struct Wire {
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
    repository: OfRepository,
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

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    alerts::collect::<DependabotAlert>(context).boxed()
}

impl Alert for DependabotAlert {
    type Wire = Wire;
    const TABLE: &'static Table = &TABLE;
    const LIST: &'static str = "dependabot/alerts?state=auto_dismissed,dismissed,fixed,open&sort=created&direction=asc&per_page=100";

    fn of(pseudonyms: &Pseudonyms, wire: Wire) -> Self {
        Self {
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
            dismissed_by_key: Login::key(wire.dismissed_by.as_ref(), pseudonyms),
        }
    }

    fn repository_id(&self) -> i64 {
        self.repository_id
    }

    async fn silent(_: &Organization, repositories: &[&Repository], _: &Tally) -> Result<Vec<Outcome>, CollectError> {
        Ok(repositories.iter().map(|repository| silence(repository)).collect())
    }
}

/// A repository without alerts is only clear where we may look and they are on. Where we may not, the setting reads as if they were off.
fn silence(repository: &Repository) -> Outcome {
    if !repository.shows_alerts() {
        alerts::needs(repository, "WRITE")
    } else if repository.has_vulnerability_alerts_enabled {
        alerts::clear()
    } else {
        alerts::silence(Status::Disabled, "Dependabot alerts are switched off")
    }
}

#[cfg(test)]
mod tests {
    use super::{super::alerts::tests::repository, *};

    #[test]
    fn silence_is_an_all_clear_only_where_we_may_look_and_the_alerts_are_on() {
        let status = |role, enabled| silence(&repository(role, "PRIVATE", false, enabled)).status;
        assert_eq!(status("WRITE", true), Status::Empty);
        assert_eq!(status("ADMIN", false), Status::Disabled);
        assert_eq!(status("READ", true), Status::Forbidden);
        assert_eq!(status("READ", false), Status::Forbidden, "the setting reads false as well where we may not know");
    }
}
