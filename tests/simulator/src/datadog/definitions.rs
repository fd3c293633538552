//! Service definitions, by the number and size of a page: in every schema there ever was, mixed.
//!
//! The third schema is not in the vendor's description of this endpoint; whoever reads definitions meets it all the same.

use chrono::{DateTime, SecondsFormat};
use serde_json::{Value, json};

use crate::company::services::{Service, pager};
use crate::company::watch::definitions::{Definition, Form, STRANGER, Spoilt, UNKNOWN_TEAM};
use crate::datadog::context::{Context, uuid};
use crate::datadog::{error, good};
use crate::http::Reply;

/// `GET /api/v2/services/definitions`.
pub(super) fn list(context: &Context<'_>, _steps: &[&str]) -> Result<Reply, Reply> {
    if let Some(version) = context.query.get("schema_version").filter(|version| !["v1", "v2", "v2.1", "v2.2"].contains(version)) {
        return Err(error(400, &format!("Unknown schema version {version}")));
    }
    let (size, page) = (context.size("page[size]", 10, 100)?, context.number("page[number]")?.unwrap_or(0));
    let definitions = context.company.shown("datadog.service_definitions", &context.company.watch().definitions);
    let rows = context.rows(definitions, page.saturating_mul(size), size);
    Ok(good(&json!({ "data": rows.iter().map(|card| of_one(context, card)).collect::<Vec<_>>() })))
}

/// What is on a definition, whatever its form.
struct Words<'a> {
    name: &'a str,
    service: Option<&'a Service>,
    team: Option<String>,
    /// The address of somebody, or what somebody took for one.
    email: String,
    room: &'static str,
    tags: Vec<String>,
    /// Where whoever is called is told about.
    pager: Option<String>,
    repository: String,
    runbook: String,
}

fn of_one(context: &Context<'_>, card: &Definition) -> Value {
    let words = words(context, card);
    let (version, schema) = match card.form {
        Form::One => ("v1", one(&words)),
        Form::Two => ("v2", two(&words)),
        Form::TwoOne => ("v2.1", two_one(&words)),
        Form::TwoTwo => ("v2.2", two_two(&words)),
        Form::Three => ("v3", three(&words)),
    };
    let warnings = match card.spoilt {
        Spoilt::BadContact => json!([{
            "keyword-location": "/properties/contacts/items/$ref/allOf/0/then/properties/contact/format",
            "instance-location": "/contacts/0/contact",
            "message": format!("'{}' is not valid 'email'", words.email),
        }]),
        _ => json!([]),
    };
    let changed = DateTime::from_timestamp(card.modified_at, 0).unwrap_or_default();
    let github = card.words.is_multiple_of(3);
    json!({
        "type": "service-definition",
        "id": uuid(card.words).replace('-', ""),
        "attributes": {
            "meta": {
                "last-modified-time": changed.to_rfc3339_opts(SecondsFormat::Secs, true),
                "github-html-url": if github { format!("{}/blob/main/service.datadog.yaml", words.repository) } else { String::new() },
                "ingestion-source": if github { "github" } else { "api" },
                "origin": if github { "" } else { "dd_terraform" },
                "origin-detail": "",
                "warnings": warnings,
                "ingested-schema-version": version,
            },
            "schema": schema,
        },
    })
}

fn words<'a>(context: &Context<'a>, card: &Definition) -> Words<'a> {
    let company = context.company;
    let service = card.service.map(|service| &company.services()[service]);
    let name = service.map_or(STRANGER, |service| service.watched_as.as_str());
    let team = match card.spoilt {
        Spoilt::UnknownTeam => Some(UNKNOWN_TEAM.to_owned()),
        Spoilt::NoTeam => None,
        _ => service.and_then(|service| service.team(company, context.now)).map(str::to_owned),
    };
    let called = service.filter(|service| card.paged && service.paged_as.is_some());
    let home = card.misplaced.map(|other| &company.services()[other]).or(service);
    let repository = home.map_or(STRANGER, |service| &company.repositories[service.repository].name);
    Words {
        name,
        service,
        team,
        email: match card.spoilt {
            Spoilt::BadContact => format!("ask {}", company.people[card.contact].login),
            _ => company.people[card.contact].email.clone(),
        },
        room: "https://clockwork.slack.example/archives/C0LAMP",
        tags: match service {
            Some(service) => {
                let tier = service.tier.map(|tier| format!("tier:{tier}"));
                let pci = service.pci.then(|| "pci:in-scope".to_owned());
                [Some(format!("system:{}", service.system)), tier, pci].into_iter().flatten().collect()
            }
            None => Vec::new(),
        },
        pager: called.map(|service| {
            let id = pager(&company.repositories[service.repository]);
            format!("https://clockwork-lighthouse.pagerduty.example/service-directory/{id}")
        }),
        repository: format!("https://github.example/{}/{repository}", company.identity.login),
        runbook: format!("https://runbooks.example/{name}"),
    }
}

/// A tier as people write it.
fn tier(words: &Words<'_>) -> Option<String> {
    words.service?.tier.map(|tier| format!("Tier {tier}"))
}

fn one(words: &Words<'_>) -> Value {
    let mut schema = json!({
        "schema-version": "v1",
        "info": { "dd-service": words.name, "display-name": words.name, "description": "" },
        "contact": { "email": words.email, "slack": words.room },
        "external-resources": [{ "name": "Runbook", "type": "runbook", "url": words.runbook }],
        "tags": words.tags,
        "integrations": {},
        "org": {},
    });
    if let Some(tier) = tier(words) {
        schema["info"]["service-tier"] = json!(tier);
    }
    if let Some(team) = &words.team {
        schema["org"]["team"] = json!(team);
    }
    if let Some(pager) = &words.pager {
        schema["integrations"]["pagerduty"] = json!(pager);
    }
    schema
}

fn two(words: &Words<'_>) -> Value {
    let mut schema = json!({
        "schema-version": "v2",
        "dd-service": words.name,
        "team": words.team.as_deref().unwrap_or_default(),
        "contacts": contacts(words),
        "links": [{ "name": "Runbook", "type": "runbook", "url": words.runbook }],
        "repos": [{ "name": "Source", "provider": "GitHub", "url": words.repository }],
        "docs": [],
        "tags": words.tags,
        "integrations": {},
        "extensions": {},
    });
    if let Some(team) = &words.team {
        schema["dd-team"] = json!(team);
    }
    if let Some(pager) = &words.pager {
        schema["integrations"]["pagerduty"] = json!(pager);
    }
    schema
}

fn two_one(words: &Words<'_>) -> Value {
    let mut schema = json!({
        "schema-version": "v2.1",
        "dd-service": words.name,
        "contacts": contacts(words),
        "links": links(words),
        "tags": words.tags,
        "integrations": {},
        "extensions": { "clockwork.example/wound": "daily" },
    });
    described(&mut schema, words);
    schema
}

fn two_two(words: &Words<'_>) -> Value {
    let mut schema = json!({
        "schema-version": "v2.2",
        "dd-service": words.name,
        "contacts": contacts(words),
        "links": links(words),
        "tags": words.tags,
        "integrations": {},
        "type": if words.name.contains("web") { "web" } else { "custom" },
        "ci-pipeline-fingerprints": [],
    });
    described(&mut schema, words);
    schema
}

/// The fields that the later second forms share.
fn described(schema: &mut Value, words: &Words<'_>) {
    if let Some(team) = &words.team {
        schema["team"] = json!(team);
    }
    if let Some(service) = words.service {
        schema["application"] = json!(service.system);
        schema["lifecycle"] = json!(service.lifecycle);
    }
    if let Some(tier) = tier(words) {
        schema["tier"] = json!(tier);
    }
    if let Some(pager) = &words.pager {
        schema["integrations"]["pagerduty"] = json!({ "service-url": pager });
    }
}

fn three(words: &Words<'_>) -> Value {
    let mut schema = json!({
        "apiVersion": "v3",
        "schema-version": "v3",
        "kind": "service",
        "metadata": { "name": words.name, "displayName": words.name, "tags": words.tags, "contacts": contacts(words), "links": links(words) },
        "spec": { "type": "custom" },
        "integrations": {},
    });
    if let Some(team) = &words.team {
        schema["metadata"]["owner"] = json!(team);
    }
    if let Some(service) = words.service {
        schema["spec"]["lifecycle"] = json!(service.lifecycle);
        schema["spec"]["componentOf"] = json!([format!("system:{}", service.system)]);
    }
    if let Some(tier) = tier(words) {
        schema["spec"]["tier"] = json!(tier);
    }
    if let Some(pager) = &words.pager {
        schema["integrations"]["pagerduty"] = json!({ "serviceURL": pager });
    }
    schema
}

fn contacts(words: &Words<'_>) -> Value {
    json!([
        { "name": "Who to ask", "type": "email", "contact": words.email },
        { "name": "Where to ask", "type": "slack", "contact": words.room },
    ])
}

fn links(words: &Words<'_>) -> Value {
    json!([
        { "name": "Runbook", "type": "runbook", "url": words.runbook },
        { "name": "Source", "type": "repo", "provider": "GitHub", "url": words.repository },
    ])
}
