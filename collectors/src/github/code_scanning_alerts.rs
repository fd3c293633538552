//! One row per code scanning alert of every state, and one outcome per repository: alerts, none, never scanned, switched off, or not for us
//! to see.
//!
//! The organisation's list cannot tell a clean repository from one that was never scanned. Those that are silent there although code
//! scanning is on are asked themselves, one request each, which still is less than asking every repository for its alerts. So that this
//! takes no more than a tenth of what an hour allows, at most 500 are asked; the others end as `truncated`, not as an all-clear.
//!
//! - grain: `repository_id`, `alert_number`
//! - endpoint: `GET /orgs/{org}/code-scanning/alerts`, 100 a page, by cursor; `GET /repos/{owner}/{repo}/code-scanning/alerts` of silent ones
//! - permission: Code scanning alerts: read; Administration: read, to tell what is switched off
//! - date: the day of the run; today's state only

use futures::{
    FutureExt, StreamExt, TryStreamExt,
    future::{self, BoxFuture},
    stream,
};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Outcome, Status, Tally},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    ApiError, ApiErrorKind,
    alerts::{self, Alert, Login, OfRepository},
    listing::{Organization, Repository},
    security::Security,
};

/// How many silent repositories of an organisation are asked about themselves, at one request each.
const MOST_ASKED: usize = 500;

/// `github.code_scanning_alerts`
pub const TABLE: Table = Table {
    source: "github",
    name: "code_scanning_alerts",
    meaning: "One row per code scanning alert of every state, as of the date.",
    kind: Kind::Snapshot,
    grain: &["repository_id", "alert_number"],
    version: None,
    endpoint: "GET /orgs/{org}/code-scanning/alerts",
    permission: "Code scanning alerts: read",
    probe: Probe::Rest("/orgs/{org}/code-scanning/alerts?per_page=1"),
    // A third of the repositories are silent, in a company that switches scanning on for most.
    requests: |size| Some(size.organizations + size.active_repositories.div_ceil(3)),
    columns: CodeScanningAlert::COLUMNS,
    watch: Watch::of(&["state"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct CodeScanningAlert {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name` of the repository
    full_name: String,
    /// Number of the alert within the repository
    alert_number: i64,
    /// open, fixed or dismissed
    state: String,
    /// The rule that found it
    rule_id: Option<String>,
    /// none, note, warning or error: how sure a fault it is
    rule_severity: Option<String>,
    /// low, medium, high or critical; null for a rule that is not about security
    security_severity: Option<String>,
    /// The tool that found it
    tool_name: String,
    /// Its version
    tool_version: Option<String>,
    /// Where it was last seen, such as `refs/heads/main`
    ref_name: Option<String>,
    /// File it was last seen in
    path: Option<String>,
    /// Raised
    created_at: Timestamp,
    /// Last change
    updated_at: Option<Timestamp>,
    /// Found fixed
    fixed_at: Option<Timestamp>,
    /// Dismissed by a person
    dismissed_at: Option<Timestamp>,
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
    rule: Rule,
    tool: Tool,
    most_recent_instance: Instance,
    created_at: Timestamp,
    #[serde(default)]
    updated_at: Option<Timestamp>,
    #[serde(default)]
    fixed_at: Option<Timestamp>,
    dismissed_at: Option<Timestamp>,
    dismissed_reason: Option<String>,
    dismissed_by: Option<Login>,
    repository: OfRepository,
}

#[derive(Deserialize)]
struct Rule {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    severity: Option<String>,
    #[serde(default)]
    security_severity_level: Option<String>,
}

#[derive(Deserialize)]
struct Tool {
    name: String,
    #[serde(default)]
    version: Option<String>,
}

#[derive(Deserialize)]
struct Instance {
    #[serde(default, rename = "ref")]
    ref_name: Option<String>,
    #[serde(default)]
    location: Option<Location>,
}

#[derive(Deserialize)]
struct Location {
    #[serde(default)]
    path: Option<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    alerts::collect::<CodeScanningAlert>(context).boxed()
}

impl Alert for CodeScanningAlert {
    type Wire = Wire;
    const TABLE: &'static Table = &TABLE;
    // Without a state it lists every one.
    const LIST: &'static str = "code-scanning/alerts?sort=created&direction=asc&per_page=100";

    fn of(pseudonyms: &Pseudonyms, wire: Wire) -> Self {
        Self {
            repository_id: wire.repository.id,
            full_name: wire.repository.full_name,
            alert_number: wire.number,
            state: wire.state,
            rule_id: wire.rule.id,
            rule_severity: wire.rule.severity,
            security_severity: wire.rule.security_severity_level,
            tool_name: wire.tool.name,
            tool_version: wire.tool.version,
            ref_name: wire.most_recent_instance.ref_name,
            path: wire.most_recent_instance.location.and_then(|location| location.path),
            created_at: wire.created_at,
            updated_at: wire.updated_at,
            fixed_at: wire.fixed_at,
            dismissed_at: wire.dismissed_at,
            dismissed_reason: wire.dismissed_reason,
            dismissed_by_key: Login::key(wire.dismissed_by.as_ref(), pseudonyms),
        }
    }

    fn repository_id(&self) -> i64 {
        self.repository_id
    }

    async fn silent(organization: &Organization, repositories: &[&Repository], tally: &Tally) -> Result<Vec<Outcome>, CollectError> {
        let settings = organization.security(tally).await;
        let mut asked = 0;
        let outcomes = repositories.iter().map(|repository| {
            let of_settings = settings.map(|by_id| by_id.get(&repository.database_id)).map_err(AsRef::as_ref);
            let outcome = silence(repository, of_settings);
            asked += usize::from(outcome.is_none());
            (*repository, outcome.or_else(|| (asked > MOST_ASKED).then(not_asked)))
        });
        let outcomes: Vec<_> = outcomes.collect();
        let told = outcomes.into_iter().map(|(repository, outcome)| match outcome {
            Some(outcome) => future::ok(outcome).boxed(),
            None => ask(organization, repository, tally).boxed(),
        });
        let told: Vec<_> = told.collect();
        stream::iter(told).buffered(organization.client.concurrency()).try_collect().await
    }
}

fn not_asked() -> Outcome {
    let reason = format!("whether it was ever scanned was not asked: more than {MOST_ASKED} repositories show no alert");
    alerts::silence(Status::Truncated, reason)
}

/// What the settings tell about a repository without alerts; `None` where only it can tell itself: code scanning may be on and have never
/// looked at anything.
fn silence(repository: &Repository, settings: Result<Option<&Security>, &ApiError>) -> Option<Outcome> {
    if !repository.shows_alerts() {
        return Some(alerts::needs(repository, "WRITE"));
    }
    let is_on = |security: &Security| security.code_security.max(security.advanced_security);
    // What is public may be scanned without a licence, so that there is no setting.
    let is_on = if repository.visibility == "PUBLIC" { Some(true) } else { settings.ok().flatten().and_then(is_on) };
    match is_on {
        Some(false) => Some(alerts::silence(Status::Disabled, "code scanning is switched off")),
        Some(true) if repository.is_empty => Some(alerts::clear()),
        Some(true) => None,
        None => Some(alerts::unknown(settings.err())),
    }
}

/// Asks the repository itself.
async fn ask(organization: &Organization, repository: &Repository, tally: &Tally) -> Result<Outcome, CollectError> {
    #[derive(Deserialize)]
    struct Any {}

    let path = format!("/repos/{}/code-scanning/alerts?per_page=1", repository.name_with_owner);
    match organization.client.list::<Any>(&path, tally).await {
        Ok(page) if page.items.is_empty() => Ok(alerts::clear()),
        Ok(_) => Ok(alerts::silence(Status::Truncated, "it has alerts that the organisation's list does not show")),
        Err(error) if error.kind == ApiErrorKind::Unauthorized => Err(error.into()),
        Err(error) => Ok(refusal(&error)),
    }
}

/// Why a repository shows no list of its own.
fn refusal(error: &ApiError) -> Outcome {
    match error.status() {
        // Nothing is missing that a better credential could bring: it is an answer, and no all-clear.
        Status::NotFound if error.message.contains("no analysis found") => {
            alerts::silence(Status::Disabled, "no analysis was ever uploaded")
        }
        Status::Forbidden if error.message.contains("must be enabled") || error.message.contains("not enabled") => {
            alerts::silence(Status::Disabled, "code scanning is switched off")
        }
        status => alerts::silence(status, error.message.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::alerts::tests::repository, *};

    fn api_error(kind: ApiErrorKind, message: &str) -> ApiError {
        ApiError { kind, host: String::new(), what: String::new(), message: message.to_owned() }
    }

    #[test]
    fn only_what_is_scanned_and_silent_is_asked() {
        let on = |code_security, advanced_security| Security { code_security, advanced_security, ..Security::default() };
        let status = |role, visibility, is_empty, security: Security| {
            silence(&repository(role, visibility, is_empty, true), Ok(Some(&security))).map(|outcome| outcome.status)
        };
        assert_eq!(status("ADMIN", "PRIVATE", false, on(None, Some(true))), None);
        assert_eq!(status("ADMIN", "PRIVATE", false, on(Some(true), Some(false))), None, "sold alone");
        assert_eq!(status("ADMIN", "PRIVATE", false, on(Some(false), None)), Some(Status::Disabled));
        assert_eq!(status("ADMIN", "PRIVATE", true, on(None, Some(true))), Some(Status::Empty), "without code there is nothing to scan");
        assert_eq!(status("WRITE", "INTERNAL", false, on(None, None)), Some(Status::Forbidden), "the settings are for administrators");
        assert_eq!(status("WRITE", "PUBLIC", false, on(None, None)), None);
        assert_eq!(status("READ", "PUBLIC", false, on(None, None)), Some(Status::Forbidden));
        let unread = api_error(ApiErrorKind::RateLimited, "spent");
        let outcome = silence(&repository("ADMIN", "PRIVATE", false, true), Err(&unread)).unwrap();
        assert_eq!(outcome.status, Status::RateLimited);
    }

    #[test]
    fn a_refusal_says_whether_it_never_ran_or_is_off() {
        let status = |kind, message| refusal(&api_error(kind, message)).status;
        let never = refusal(&api_error(ApiErrorKind::NotFound, "404: no analysis found"));
        assert_eq!((never.status, never.detail.unwrap().as_str()), (Status::Disabled, "no analysis was ever uploaded"));
        assert_eq!(status(ApiErrorKind::NotFound, "404: Not Found"), Status::NotFound);
        let off = "403: Advanced Security must be enabled for this repository to use code scanning.";
        assert_eq!(status(ApiErrorKind::Forbidden, off), Status::Disabled);
        assert_eq!(status(ApiErrorKind::Forbidden, "403: You are not authorized to read code scanning alerts."), Status::Forbidden);
        assert_eq!(status(ApiErrorKind::RateLimited, "spent"), Status::RateLimited);
    }
}
