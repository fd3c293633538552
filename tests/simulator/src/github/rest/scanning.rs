//! Code scanning and secret scanning alerts, of the organisation and of one repository.
//!
//! As with Dependabot's, the organisation's lists are silent about repositories that do not scan or that we may not look into; their own
//! endpoints say so. The answers hold the secrets themselves, unless the client asks not to see them.

use serde_json::{Value, json};

use crate::company::files::object_id;
use crate::company::flaws::Scanning;
use crate::company::people::Actor;
use crate::company::repositories::Repository;
use crate::company::scanning::{Finding, FindingEnd, Leak, SECRETS, TOOLS};
use crate::github::rest::{Context, shapes};
use crate::github::{errors, time};
use crate::http::Reply;

/// `GET /orgs/{org}/code-scanning/alerts`
pub(super) fn code_of_organization(context: &Context<'_>) -> Reply {
    let now = context.present.now;
    let shown = context.present.company.living().filter(|repository| repository.shows_findings(now));
    code(context, shown.collect(), true)
}

/// `GET /repos/{owner}/{repo}/code-scanning/alerts`
pub(super) fn code_of_repository(context: &Context<'_>, repository: &Repository) -> Reply {
    if repository.is_read_only_to_us() {
        return errors::error(403, "You are not authorized to read code scanning alerts.");
    }
    if !repository.scans(context.present.now) {
        return errors::error(403, "Advanced Security must be enabled for this repository to use code scanning.");
    }
    if repository.traits.empty || repository.traits.scanning == Scanning::NeverRan {
        return errors::error(404, "no analysis found");
    }
    code(context, vec![repository], false)
}

/// `GET /orgs/{org}/secret-scanning/alerts`
pub(super) fn secrets_of_organization(context: &Context<'_>) -> Reply {
    let shown = context.present.company.living().filter(|repository| repository.shows_leaks());
    secrets(context, shown.collect(), true)
}

/// `GET /repos/{owner}/{repo}/secret-scanning/alerts`
pub(super) fn secrets_of_repository(context: &Context<'_>, repository: &Repository) -> Reply {
    if repository.is_read_only_to_us() {
        return errors::not_found();
    }
    if repository.traits.leaks_unseen {
        return errors::error(404, "Secret scanning is disabled on this repository.");
    }
    secrets(context, vec![repository], false)
}

fn code(context: &Context<'_>, repositories: Vec<&Repository>, of_organization: bool) -> Reply {
    let (now, query) = (context.present.now, &context.query);
    let known = [
        ("state", &["open", "closed", "dismissed", "fixed"][..]),
        ("severity", &["critical", "high", "medium", "low", "warning", "note", "error"]),
        ("sort", &["created", "updated", "number"]),
        ("direction", &["asc", "desc"]),
    ];
    if let Some(reply) = wrong(context, &known) {
        return reply;
    }
    let mut rows: Vec<Row<'_, Finding>> = Vec::new();
    for repository in repositories {
        for finding in repository.findings.iter().filter(|finding| finding.created_at <= now) {
            let (state, mistake) = (state(finding, now), finding.mistake());
            let wanted = match query.get("state") {
                Some("closed") => state != "open",
                Some(wanted) => wanted == state,
                None => true,
            };
            if wanted
                && query.allows("tool_name", TOOLS[mistake.tool].0)
                && query.allows("severity", mistake.security.unwrap_or(mistake.severity))
            {
                let updated_at = finding.ended(now).map_or(finding.created_at, |(at, _)| at);
                rows.push(row(context, repository, finding, finding.number, finding.created_at, updated_at));
            }
        }
    }
    page(context, rows, of_organization, of_organization, code_shape)
}

fn secrets(context: &Context<'_>, repositories: Vec<&Repository>, of_organization: bool) -> Reply {
    let (now, query) = (context.present.now, &context.query);
    let known = [
        ("state", &["open", "resolved"][..]),
        ("resolution", &["false_positive", "wont_fix", "revoked", "used_in_tests"]),
        ("validity", &["active", "inactive", "unknown"]),
        ("sort", &["created", "updated"]),
        ("direction", &["asc", "desc"]),
    ];
    if let Some(reply) = wrong(context, &known) {
        return reply;
    }
    let mut rows: Vec<Row<'_, Leak>> = Vec::new();
    for repository in repositories {
        for leak in repository.leaks.iter().filter(|leak| leak.created_at <= now) {
            let ended = leak.ended(now);
            let wanted = query.allows("state", if ended.is_some() { "resolved" } else { "open" })
                && (query.get("resolution").is_none() || ended.is_some_and(|(.., reason)| query.allows("resolution", reason)))
                && query.allows("validity", leak.validity)
                && query.allows("secret_type", SECRETS[leak.kind].0);
            if wanted {
                let updated_at = ended.map_or(leak.created_at, |(at, ..)| at);
                rows.push(row(context, repository, leak, leak.number, leak.created_at, updated_at));
            }
        }
    }
    page(context, rows, true, of_organization, secret_shape)
}

/// What a list is ordered by, and what stands there.
type Row<'a, T> = ((i64, u32), &'a Repository, &'a T);

fn row<'a, T>(context: &Context<'_>, repository: &'a Repository, what: &'a T, number: u32, created_at: i64, updated_at: i64) -> Row<'a, T> {
    let at = if context.query.get("sort") == Some("updated") { updated_at } else { created_at };
    ((at, (repository.index as u32) << 10 | number), repository, what)
}

/// Complains about a parameter with a value that its endpoint does not know.
fn wrong(context: &Context<'_>, known: &[(&str, &[&str])]) -> Option<Reply> {
    let wrong = |(name, known): &&(&str, &[&str])| {
        context.query.get(name).is_some_and(|list| list.split(',').any(|one| !known.contains(&one.trim())))
    };
    known.iter().find(wrong).map(|(name, _)| errors::error(422, &format!("Invalid value for `{name}`")))
}

/// A page by cursor; by number where the client asks for one, or where there are no cursors.
fn page<T>(
    context: &Context<'_>,
    mut rows: Vec<Row<'_, T>>,
    cursors: bool,
    of_organization: bool,
    shape: fn(&Context<'_>, &Repository, &T) -> Value,
) -> Reply {
    rows.sort_by_key(|(key, ..)| *key);
    let descending = context.query.get("direction") != Some("asc");
    if descending {
        rows.reverse();
    }
    let write = |(_, repository, what): &Row<'_, T>| {
        let mut shape = shape(context, repository, what);
        if of_organization {
            shape["repository"] = shapes::repository(context, repository);
        }
        shape
    };
    if cursors && context.query.get("page").is_none() {
        context.by_cursor(&rows, |(key, ..)| *key, descending, write)
    } else {
        context.numbered(&rows, write)
    }
}

fn state(finding: &Finding, now: i64) -> &'static str {
    match finding.ended(now) {
        None => "open",
        Some((_, FindingEnd::Fixed)) => "fixed",
        Some((_, FindingEnd::Dismissed(..))) => "dismissed",
    }
}

fn code_shape(context: &Context<'_>, repository: &Repository, finding: &Finding) -> Value {
    let (now, mistake) = (context.present.now, finding.mistake());
    let api = format!("{}/repos/{}/code-scanning/alerts/{}", context.github.api_url, shapes::full_name(repository), finding.number);
    let ended = finding.ended(now);
    let fixed_at = ended.filter(|(_, end)| *end == FindingEnd::Fixed).map(|(at, _)| time::text(at));
    let dismissed = match ended {
        Some((at, FindingEnd::Dismissed(by, reason))) => Some((at, by, reason)),
        _ => None,
    };
    let (tool, version) = TOOLS[mistake.tool];
    json!({
        "number": finding.number,
        "created_at": time::text(finding.created_at),
        "updated_at": time::text(ended.map_or(finding.created_at, |(at, _)| at)),
        "url": api,
        "html_url": format!("{}/security/code-scanning/{}", shapes::web(repository), finding.number),
        "instances_url": format!("{api}/instances"),
        "state": state(finding, now),
        "fixed_at": fixed_at,
        "dismissed_by": shapes::user(context, dismissed.map_or(Actor::Ghost, |(_, by, _)| by)),
        "dismissed_at": dismissed.map(|(at, ..)| time::text(at)),
        "dismissed_reason": dismissed.map(|(.., reason)| reason),
        "dismissed_comment": null,
        "rule": {
            "id": mistake.id,
            "name": mistake.id,
            "severity": mistake.severity,
            "security_severity_level": mistake.security,
            "description": mistake.summary,
            "full_description": mistake.summary,
            "tags": if mistake.security.is_some() { &["security"][..] } else { &["maintainability"] },
        },
        "tool": { "name": tool, "version": version, "guid": null },
        "most_recent_instance": {
            "ref": format!("refs/heads/{}", repository.default_branch),
            "analysis_key": format!(".github/workflows/code-scanning.yml:{tool}"),
            "environment": "{}",
            "category": tool,
            "state": state(finding, now),
            "commit_sha": made_up(repository, finding.number, 5),
            "message": { "text": mistake.summary },
            "location": {
                "path": finding.path,
                "start_line": finding.line,
                "end_line": finding.line,
                "start_column": 1,
                "end_column": 40,
            },
            "classifications": [],
        },
    })
}

fn secret_shape(context: &Context<'_>, repository: &Repository, leak: &Leak) -> Value {
    let now = context.present.now;
    let api = format!("{}/repos/{}", context.github.api_url, shapes::full_name(repository));
    let alert = format!("{api}/secret-scanning/alerts/{}", leak.number);
    let ended = leak.ended(now);
    let (kind, name, _) = SECRETS[leak.kind];
    let (blob, commit) = (made_up(repository, leak.number, 6), made_up(repository, leak.number, 7));
    let mut shape = json!({
        "number": leak.number,
        "created_at": time::text(leak.created_at),
        "updated_at": time::text(ended.map_or(leak.created_at, |(at, ..)| at)),
        "url": alert,
        "html_url": format!("{}/security/secret-scanning/{}", shapes::web(repository), leak.number),
        "locations_url": format!("{alert}/locations"),
        "state": if ended.is_some() { "resolved" } else { "open" },
        "resolution": ended.map(|(.., reason)| reason),
        "resolved_at": ended.map(|(at, ..)| time::text(at)),
        "resolved_by": shapes::user(context, ended.map_or(Actor::Ghost, |(_, by, _)| by)),
        "resolution_comment": null,
        "secret_type": kind,
        "secret_type_display_name": name,
        "secret": leak.secret,
        "push_protection_bypassed": leak.pushed_anyway.is_some(),
        "push_protection_bypassed_by": shapes::user(context, leak.pushed_anyway.unwrap_or(Actor::Ghost)),
        "push_protection_bypassed_at": leak.pushed_anyway.map(|_| time::text(leak.created_at)),
        "validity": leak.validity,
        "publicly_leaked": leak.public,
        "multi_repo": leak.elsewhere,
        "is_base64_encoded": false,
        "first_location_detected": {
            "path": leak.path,
            "start_line": leak.line,
            "end_line": leak.line,
            "start_column": 8,
            "end_column": 8 + leak.secret.len(),
            "blob_sha": blob,
            "blob_url": format!("{api}/git/blobs/{blob}"),
            "commit_sha": commit,
            "commit_url": format!("{api}/git/commits/{commit}"),
        },
        "has_more_locations": leak.elsewhere,
    });
    if context.query.get("hide_secret") == Some("true")
        && let Some(fields) = shape.as_object_mut()
    {
        fields.remove("secret");
    }
    shape
}

/// Forty hexadecimal digits.
fn made_up(repository: &Repository, number: u32, kind: u64) -> String {
    let seen = [repository.id.to_be_bytes(), u64::from(number).to_be_bytes()].concat();
    object_id(&seen, kind).iter().map(|byte| format!("{byte:02x}")).collect()
}
