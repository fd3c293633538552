//! One row per secret scanning alert of every state, never the secret, and one outcome per repository: alerts, none, switched off, or not
//! for us to see.
//!
//! - grain: `repository_id`, `alert_number`
//! - endpoint: `GET /orgs/{org}/secret-scanning/alerts`, 100 a page
//! - permission: Secret scanning alerts: read; Administration: read, to tell what is switched off
//! - date: the day of the run; today's state only

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Outcome, Status, Tally},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    ApiError,
    alerts::{self, Alert, Login, OfRepository},
    listing::{Organization, Repository},
    security::Security,
};

/// `github.secret_scanning_alerts`
pub const TABLE: Table = Table {
    source: "github",
    name: "secret_scanning_alerts",
    meaning: "One row per secret scanning alert of every state, never the secret, as of the date.",
    kind: Kind::Snapshot,
    grain: &["repository_id", "alert_number"],
    version: None,
    endpoint: "GET /orgs/{org}/secret-scanning/alerts",
    permission: "Secret scanning alerts: read",
    probe: Probe::Rest("/orgs/{org}/secret-scanning/alerts?per_page=1&hide_secret=true"),
    requests: |size| Some(size.organizations),
    columns: SecretScanningAlert::COLUMNS,
    watch: Watch::of(&["state", "is_publicly_leaked"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct SecretScanningAlert {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the alert within the repository
    alert_number: i64,
    /// open or resolved
    state: String,
    /// false_positive, wont_fix, revoked or used_in_tests; null while open
    resolution: Option<String>,
    /// Kind of secret, such as a cloud key
    secret_type: String,
    /// Whose kind of secret it is
    provider: Option<String>,
    /// active, inactive or unknown: whether it still opens something
    validity: Option<String>,
    /// Also found in public
    is_publicly_leaked: Option<bool>,
    /// Also found in another repository
    is_multi_repo: Option<bool>,
    /// Pushed in spite of push protection
    is_push_protection_bypassed: Option<bool>,
    /// When that was
    push_protection_bypassed_at: Option<Timestamp>,
    /// Who did that
    push_protection_bypassed_by_key: Option<Pseudonym>,
    /// Raised
    created_at: Timestamp,
    /// Last change
    updated_at: Option<Timestamp>,
    /// Resolved
    resolved_at: Option<Timestamp>,
    /// Who resolved it
    resolved_by_key: Option<Pseudonym>,
}

/// An alert of the organisation's list, without the secret and whatever quotes or locates it.
#[derive(Deserialize)]
pub(super) struct Wire {
    number: i64,
    state: String,
    #[serde(default)]
    resolution: Option<String>,
    secret_type: String,
    #[serde(default)]
    provider: Option<String>,
    #[serde(default)]
    validity: Option<String>,
    #[serde(default)]
    publicly_leaked: Option<bool>,
    #[serde(default)]
    multi_repo: Option<bool>,
    #[serde(default)]
    push_protection_bypassed: Option<bool>,
    #[serde(default)]
    push_protection_bypassed_at: Option<Timestamp>,
    #[serde(default)]
    push_protection_bypassed_by: Option<Login>,
    created_at: Timestamp,
    #[serde(default)]
    updated_at: Option<Timestamp>,
    #[serde(default)]
    resolved_at: Option<Timestamp>,
    #[serde(default)]
    resolved_by: Option<Login>,
    repository: OfRepository,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    alerts::collect::<SecretScanningAlert>(context).boxed()
}

impl Alert for SecretScanningAlert {
    type Wire = Wire;
    const TABLE: &'static Table = &TABLE;
    // What is not sent cannot leak. Without a state it lists every one.
    const LIST: &'static str = "secret-scanning/alerts?hide_secret=true&sort=created&direction=asc&per_page=100";

    fn of(pseudonyms: &Pseudonyms, wire: Wire) -> Self {
        Self {
            repository_id: wire.repository.id,
            full_name: wire.repository.full_name,
            alert_number: wire.number,
            state: wire.state,
            resolution: wire.resolution,
            secret_type: wire.secret_type,
            provider: wire.provider,
            validity: wire.validity,
            is_publicly_leaked: wire.publicly_leaked,
            is_multi_repo: wire.multi_repo,
            is_push_protection_bypassed: wire.push_protection_bypassed,
            push_protection_bypassed_at: wire.push_protection_bypassed_at,
            push_protection_bypassed_by_key: Login::key(wire.push_protection_bypassed_by.as_ref(), pseudonyms),
            created_at: wire.created_at,
            updated_at: wire.updated_at,
            resolved_at: wire.resolved_at,
            resolved_by_key: Login::key(wire.resolved_by.as_ref(), pseudonyms),
        }
    }

    fn repository_id(&self) -> i64 {
        self.repository_id
    }

    async fn silent(organization: &Organization, repositories: &[&Repository], tally: &Tally) -> Result<Vec<Outcome>, CollectError> {
        let settings = organization.security(tally).await;
        let of =
            |repository: &&Repository| silence(repository, settings.map(|by_id| by_id.get(&repository.database_id)).map_err(AsRef::as_ref));
        Ok(repositories.iter().map(of).collect())
    }
}

/// What the settings tell about a repository without alerts.
fn silence(repository: &Repository, settings: Result<Option<&Security>, &ApiError>) -> Outcome {
    if repository.viewer_permission.as_deref() != Some("ADMIN") {
        return alerts::needs(repository, "ADMIN");
    }
    match settings.ok().flatten().and_then(|security| security.secret_scanning) {
        Some(true) => alerts::clear(),
        Some(false) => alerts::silence(Status::Disabled, "secret scanning is switched off"),
        None => alerts::unknown(settings.err()),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::alerts::tests::repository, *};

    #[test]
    fn silence_is_an_all_clear_only_where_secrets_are_looked_for_and_ours_to_see() {
        let status = |role, secret_scanning| {
            let security = Security { secret_scanning, ..Security::default() };
            silence(&repository(role, "PRIVATE", false, true), Ok(Some(&security))).status
        };
        assert_eq!(status("ADMIN", Some(true)), Status::Empty);
        assert_eq!(status("ADMIN", Some(false)), Status::Disabled);
        assert_eq!(status("ADMIN", None), Status::Forbidden);
        assert_eq!(status("WRITE", Some(true)), Status::Forbidden, "reading secrets takes more than writing code");
        assert_eq!(silence(&repository("ADMIN", "PRIVATE", false, true), Ok(None)).status, Status::Forbidden, "it was not listed");
    }

    #[test]
    fn the_secret_is_not_even_read() {
        let wire: Wire = serde_json::from_value(serde_json::json!({
            "number": 1, "state": "open", "secret_type": "cloud_key", "secret": "hunter2", "created_at": "2026-01-01T00:00:00Z",
            "first_location_detected": {"path": "hunter2"}, "repository": {"id": 1, "full_name": "clockwork-lighthouse/pay"},
        }))
        .unwrap();
        let row = SecretScanningAlert::of(&Pseudonyms::new(&"key".into()), wire);
        assert!(!serde_json::to_string(&row).unwrap().contains("hunter2"));
    }
}
