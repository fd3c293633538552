//! Dependabot alerts, of the organisation and of one repository.
//!
//! The organisation's list holds the alerts of repositories that show them and is silent about the others; the repository's own
//! endpoint says why there are none.

use serde_json::{Value, json};

use crate::company::alerts::{Advisory, Alert, End};
use crate::company::flaws::Alerts;
use crate::company::people::Actor;
use crate::company::random::mix;
use crate::company::repositories::Repository;
use crate::github::rest::{Context, shapes};
use crate::github::{WEB, errors, time};
use crate::http::Reply;

/// `GET /orgs/{org}/dependabot/alerts`
pub(super) fn of_organization(context: &Context<'_>) -> Reply {
    let now = context.present.now;
    let shown = context.present.company.living().filter(|repository| repository.shows_alerts(now));
    page(context, shown.collect(), true)
}

/// `GET /repos/{owner}/{repo}/dependabot/alerts`
pub(super) fn of_repository(context: &Context<'_>, repository: &Repository) -> Reply {
    if repository.is_archived(context.present.now) {
        return errors::error(403, "Dependabot alerts are not available for archived repositories.");
    }
    match repository.traits.alerts {
        Alerts::Disabled => errors::error(403, "Dependabot alerts are disabled for this repository."),
        Alerts::NotVisible => errors::error(403, "You are not authorized to perform this operation."),
        _ => page(context, vec![repository], false),
    }
}

fn page(context: &Context<'_>, repositories: Vec<&Repository>, of_organization: bool) -> Reply {
    let (now, query) = (context.present.now, &context.query);
    for (name, known) in [
        ("state", &["auto_dismissed", "dismissed", "fixed", "open"][..]),
        ("severity", &["low", "medium", "high", "critical"]),
        ("sort", &["created", "updated", "epss_percentage"]),
        ("direction", &["asc", "desc"]),
    ] {
        let wrong = query.get(name).is_some_and(|list| list.split(',').any(|one| !known.contains(&one.trim())));
        if wrong {
            return errors::error(422, &format!("Invalid value for `{name}`"));
        }
    }
    let by_update = query.get("sort") == Some("updated");
    let mut rows: Vec<((i64, u32), &Repository, &Alert)> = Vec::new();
    for repository in repositories {
        for alert in repository.alerts.iter().filter(|alert| alert.created_at <= now) {
            let advisory = alert.advisory();
            if query.allows("state", alert.state(now))
                && query.allows("severity", advisory.severity)
                && query.allows("ecosystem", advisory.ecosystem)
                && query.allows("package", advisory.package)
                && query.allows("scope", scope(alert))
            {
                let at = if by_update { alert.updated_at(now) } else { alert.created_at };
                // Repositories have a few hundred alerts at most: ten bits of the tie-break are the alert's.
                rows.push(((at, (repository.index as u32) << 10 | alert.number), repository, alert));
            }
        }
    }
    rows.sort_by_key(|(key, ..)| *key);
    let descending = query.get("direction") != Some("asc");
    if descending {
        rows.reverse();
    }
    context.by_cursor(
        &rows,
        |(key, ..)| *key,
        descending,
        |(_, repository, alert)| {
            let mut shape = shape(context, repository, alert);
            if of_organization {
                shape["repository"] = shapes::repository(context, repository);
            }
            shape
        },
    )
}

fn shape(context: &Context<'_>, repository: &Repository, alert: &Alert) -> Value {
    let now = context.present.now;
    let advisory = alert.advisory();
    let api = format!("{}/repos/{}/dependabot/alerts/{}", context.github.api_url, shapes::full_name(repository), alert.number);
    let ended = alert.ended(now);
    let at_if = |wanted: fn(End) -> bool| ended.filter(|(_, end)| wanted(*end)).map(|(at, _)| time::text(at));
    let dismissed = match ended {
        Some((_, End::Dismissed(by, reason))) => Some((by, reason)),
        _ => None,
    };
    let vulnerability = vulnerability(advisory);
    json!({
        "number": alert.number,
        "state": alert.state(now),
        "dependency": {
            "package": vulnerability["package"],
            "manifest_path": alert.manifest,
            "scope": scope(alert),
            "relationship": if alert.direct { "direct" } else { "transitive" },
        },
        "security_advisory": published(alert.advisory, advisory, &vulnerability),
        "security_vulnerability": vulnerability,
        "url": api,
        "html_url": format!("{}/security/dependabot/{}", shapes::web(repository), alert.number),
        "created_at": time::text(alert.created_at),
        "updated_at": time::text(alert.updated_at(now)),
        "dismissed_at": at_if(|end| matches!(end, End::Dismissed(..))),
        "dismissed_by": shapes::user(context, dismissed.map_or(Actor::Ghost, |(by, _)| by)),
        "dismissed_reason": dismissed.map(|(_, reason)| reason),
        "dismissed_comment": null,
        "fixed_at": at_if(|end| end == End::Fixed),
        "auto_dismissed_at": at_if(|end| end == End::AutoDismissed),
    })
}

fn scope(alert: &Alert) -> &'static str {
    if alert.development { "development" } else { "runtime" }
}

fn vulnerability(advisory: &Advisory) -> Value {
    let range = match advisory.patched {
        Some(version) => format!("< {version}"),
        None => ">= 0".to_owned(),
    };
    json!({
        "package": { "ecosystem": advisory.ecosystem, "name": advisory.package },
        "severity": advisory.severity,
        "vulnerable_version_range": range,
        "first_patched_version": advisory.patched.map(|version| json!({ "identifier": version })),
    })
}

fn published(place: usize, advisory: &Advisory, vulnerability: &Value) -> Value {
    let ghsa = ghsa(place);
    let cve = (place % 5 != 4).then(|| format!("CVE-2026-{}", 90_001 + place));
    let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
    let mut identifiers = vec![json!({ "type": "GHSA", "value": ghsa })];
    identifiers.extend(cve.iter().map(|cve| json!({ "type": "CVE", "value": cve })));
    // Published on some day of 2024 or 2025, before anyone here had the alert.
    let published_at = time::text(1_710_000_000 + place as i64 * 2_222_222);
    json!({
        "ghsa_id": ghsa,
        "cve_id": cve,
        "summary": advisory.summary,
        "description": format!("{}. Lighthouses elsewhere are not affected.", advisory.summary),
        "vulnerabilities": [vulnerability],
        "severity": advisory.severity,
        "cvss": { "score": advisory.score, "vector_string": vector },
        "cvss_severities": { "cvss_v3": { "score": advisory.score, "vector_string": vector }, "cvss_v4": null },
        "epss": { "percentage": advisory.score / 1_000.0, "percentile": advisory.score / 10.0 },
        "cwes": [{ "cwe_id": format!("CWE-{}", 20 + place), "name": "Weak winding" }],
        "identifiers": identifiers,
        "references": [{ "url": format!("{WEB}/advisories/{ghsa}") }],
        "published_at": published_at,
        "updated_at": published_at,
        "withdrawn_at": null,
    })
}

/// Three groups of four of the letters that such identifiers are made of.
fn ghsa(place: usize) -> String {
    const LETTERS: &[u8; 20] = b"23456789cfghjmpqrvwx";
    let letter = |nth: u64| LETTERS[(mix((place as u64) << 8 | nth) % 20) as usize] as char;
    let group = |first: u64| (first..first + 4).map(letter).collect::<String>();
    format!("GHSA-{}-{}-{}", group(0), group(4), group(8))
}
