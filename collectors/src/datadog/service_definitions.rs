//! One row per service definition, as of the date.
//!
//! - grain: `service`
//! - endpoint: GET /api/v2/services/definitions, 100 a page
//! - permission: apm_service_catalog_read
//! - date: the day of the run; today's state only

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use futures::{FutureExt, future::BoxFuture};
use serde::Serialize;

use crate::{
    collect::{CollectError, Context},
    http::{Counts, End, Item, Paging},
    privacy::Pseudonyms,
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    mask, read,
    service_definition_wire::{Contact, Link, Warning, Wire, filled},
    tags,
};

/// `datadog.service_definitions`
pub const TABLE: Table = Table {
    source: "datadog",
    name: "service_definitions",
    meaning: "One row per service definition, as of the date.",
    kind: Kind::Snapshot,
    grain: &["service"],
    version: None,
    endpoint: "GET /api/v2/services/definitions, 100 a page",
    permission: "apm_service_catalog_read",
    probe: Probe::Rest("/api/v2/services/definitions?page%5Bnumber%5D=0&page%5Bsize%5D=1"),
    requests: |_| None,
    columns: ServiceDefinition::COLUMNS,
    watch: Watch::of(&["team", "tier", "lifecycle", "slack_channel", "repository_urls", "pagerduty_url"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct ServiceDefinition {
    /// The name under which Datadog knows the service
    service: String,
    /// service, or what a definition of schema v3 is about: datastore, queue, …
    kind: String,
    /// v1, v2, v2.1, v2.2 or v3
    schema_version: String,
    /// The owning team, as written there
    team: Option<String>,
    /// What it is part of
    application: Option<String>,
    /// Its tier, as written there
    tier: Option<String>,
    /// Its lifecycle, as written there
    lifecycle: Option<String>,
    /// web, db, cache, function, …
    service_type: Option<String>,
    /// Programming languages
    languages: Vec<String>,
    /// Tags by their key in lower case (`team`, `service`, `env`, `tier`, …); several values of a key are joined by commas, a tag without a colon has an empty value
    tags: BTreeMap<String, String>,
    /// How its people can be reached, each kind once: email, slack, …
    contact_kinds: Vec<String>,
    /// Address of its Slack channel
    slack_channel: Option<String>,
    /// Where its code is
    repository_urls: Vec<String>,
    /// Addresses by kind of link: runbook, dashboard, doc, …; several are joined by spaces
    links: BTreeMap<String, String>,
    /// Its service at PagerDuty
    pagerduty_url: Option<String>,
    /// Its service at Opsgenie
    opsgenie_url: Option<String>,
    /// What Datadog finds wrong in it: the place, and the rule
    warnings: Vec<String>,
    /// Where the definition came from: api, ui, github, …
    ingestion_source: Option<String>,
    /// Last changed
    modified_at: Option<Timestamp>,
}

const PAGING: Paging =
    Paging { size: "page[size]", most: 100, place: "page[number]", counts: Counts::Pages, items: "data", end: End::ShortPage };

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.service.clone()
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    // Where no schema is asked for, each definition comes in the one that it was written in.
    read(context, &TABLE, "/api/v2/services/definitions", &PAGING, |wire| vec![row(context.pseudonyms, wire)]).boxed()
}

fn row(pseudonyms: &Pseudonyms, wire: Wire) -> ServiceDefinition {
    let masked = |text: String| mask(pseudonyms, text);
    let address = |url: String| mask(pseudonyms, without_credential(&url));
    let slack_channel = wire.contacts.iter().find_map(channel).map(|url| address(url.to_owned()));
    let contact_kinds: BTreeSet<String> = wire.contacts.into_iter().filter_map(|contact| Some(contact.kind?.to_lowercase())).collect();
    let (mut repository_urls, mut links) = (BTreeSet::new(), BTreeMap::<String, BTreeSet<String>>::new());
    for Link { kind, url } in wire.links {
        let Some(url) = filled(url).map(address) else { continue };
        match kind.unwrap_or_default().to_lowercase().as_str() {
            "repo" | "code" => repository_urls.insert(url),
            "" => links.entry("other".to_owned()).or_default().insert(url),
            kind => links.entry(kind.to_owned()).or_default().insert(url),
        };
    }
    ServiceDefinition {
        service: masked(wire.service),
        kind: wire.kind.map_or_else(|| "service".to_owned(), |kind| kind.to_lowercase()),
        schema_version: wire.schema_version.unwrap_or_else(|| "unknown".to_owned()),
        team: wire.team.map(masked),
        application: wire.application.map(masked),
        tier: wire.tier,
        lifecycle: wire.lifecycle,
        service_type: wire.service_type,
        languages: wire.languages,
        tags: tags::by_key(pseudonyms, wire.tags),
        contact_kinds: contact_kinds.into_iter().collect(),
        slack_channel,
        repository_urls: repository_urls.into_iter().collect(),
        links: links.into_iter().map(|(kind, urls)| (kind, Vec::from_iter(urls).join(" "))).collect(),
        pagerduty_url: wire.pagerduty_url.map(address),
        opsgenie_url: wire.opsgenie_url.map(address),
        warnings: wire.meta.warnings.unwrap_or_default().into_iter().map(finding).collect(),
        ingestion_source: filled(wire.meta.ingestion_source),
        modified_at: wire.meta.last_modified_time.and_then(|text| text.parse::<DateTime<Utc>>().ok()).map(Timestamp::from),
    }
}

/// The address of a channel, if the contact has one. Some write a name instead, and some the address of a person.
fn channel(contact: &Contact) -> Option<&str> {
    let is_slack = contact.kind.as_deref().is_some_and(|kind| kind.eq_ignore_ascii_case("slack"));
    let is_channel = |url: &&str| url.starts_with("https://") && !url.contains('@') && !url.contains("/team/");
    contact.contact.as_deref().filter(|_| is_slack).filter(is_channel)
}

/// An address without the name and the password that may stand before its host.
fn without_credential(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

/// What is wrong: the place, and the rule, which is the last word of where it stands in the schema.
fn finding(Warning { instance_location, keyword_location }: Warning) -> String {
    let place = instance_location.unwrap_or_default();
    let rule = keyword_location.as_deref().and_then(|location| location.rsplit('/').next()).unwrap_or_default();
    format!("{place}: {rule}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row_of(meta: Value, schema: Value) -> ServiceDefinition {
        let wire = json!({"type": "service-definition", "id": "0", "attributes": {"meta": meta, "schema": schema}});
        row(&Pseudonyms::new(&"key".into()), serde_json::from_value(wire).unwrap())
    }

    /// What a row says, but for its tags and links.
    fn told(row: &ServiceDefinition) -> String {
        let said = [&row.team, &row.application, &row.tier, &row.lifecycle, &row.service_type, &row.slack_channel, &row.pagerduty_url];
        let said: Vec<_> = said.into_iter().map(|text| text.as_deref().unwrap_or("-")).collect();
        format!("{} {} {}; {}; {}", row.kind, row.service, row.schema_version, said.join(" "), row.repository_urls.join(" "))
    }

    const SLACK: &str = "https://clockwork.slack.com/archives/C1";

    #[test]
    fn version_1_is_read() {
        let row = row_of(
            json!({"ingested-schema-version": "v1"}),
            json!({
                "schema-version": "v1", "info": {"dd-service": "lamp", "display-name": "Ada's lamp", "service-tier": "1"},
                "org": {"team": "keepers", "application": "tower"}, "contact": {"email": "ada@clockwork.example", "slack": SLACK},
                "external-resources": [{"type": "repo", "name": "x", "url": "https://git.example/lamp"},
                                       {"type": "wiki", "url": "https://w.example"}],
                "integrations": {"pagerduty": "https://clockwork.pagerduty.example/P1"}, "tags": ["env:prod"],
            }),
        );
        let told_of =
            format!("service lamp v1; keepers tower 1 - - {SLACK} https://clockwork.pagerduty.example/P1; https://git.example/lamp");
        assert_eq!(told(&row), told_of);
        assert_eq!((row.contact_kinds.join(" "), row.links["wiki"].as_str()), ("email slack".to_owned(), "https://w.example"));
        assert!(!serde_json::to_string(&row).unwrap().to_lowercase().contains("ada"));
    }

    #[test]
    fn versions_2_to_2_2_are_read() {
        let two = row_of(
            json!({}),
            json!({
                "schema-version": "v2", "dd-service": "lamp", "dd-team": "keepers", "team": "", "integrations": {},
                "contacts": [{"type": "slack", "contact": "AAA", "name": "Ada"}, {"type": "email", "contact": "ada@clockwork.example"}],
                "links": [{"type": "runbook", "url": "https://r.example"}],
                "repos": [{"url": "git@git.example:tower/lamp", "provider": "x"}],
                "docs": [{"name": "x", "url": "https://d.example"}, {"name": "y", "url": ""}],
            }),
        );
        assert_eq!(told(&two), "service lamp v2; keepers - - - - - -; git@git.example:tower/lamp");
        assert_eq!((two.links["runbook"].as_str(), two.links["doc"].as_str()), ("https://r.example", "https://d.example"));
        let later = row_of(
            json!({"last-modified-time": "2026-11-02T08:00:00Z", "ingestion-source": "github"}),
            json!({
                "schema-version": "v2.2", "dd-service": "lamp", "team": "keepers", "application": "tower", "tier": "High",
                "lifecycle": "production", "type": "web", "languages": ["go"],
                "links": [{"type": "repo", "url": "https://ada:secret@git.example/lamp"}, {"type": "dashboard", "url": "https://b"},
                          {"type": "dashboard", "url": "https://a"}],
                "integrations": {"pagerduty": {"service-url": "https://p.example/P1"},
                                 "opsgenie": {"service-url": "https://o.example", "region": "EU"}},
            }),
        );
        assert_eq!(told(&later), "service lamp v2.2; keepers tower High production web - https://p.example/P1; https://git.example/lamp");
        assert_eq!((later.links["dashboard"].as_str(), later.opsgenie_url.as_deref()), ("https://a https://b", Some("https://o.example")));
        assert_eq!((later.languages.join(" "), later.ingestion_source.as_deref()), ("go".to_owned(), Some("github")));
        assert!(later.modified_at.is_some());
    }

    #[test]
    fn version_3_is_read() {
        let row = row_of(
            json!({"ingested-schema-version": "v3", "last-modified-time": ""}),
            json!({
                "apiVersion": "v3", "kind": "datastore",
                "metadata": {
                    "name": "lamp-db", "owner": "keepers", "tags": ["Tier:1"], "contacts": [{"type": "Slack", "contact": SLACK}],
                    "links": [{"name": "x", "type": "repo", "url": "https://git.example/db"}], "additionalOwners": [{"name": "Ada"}],
                },
                "spec": {"tier": "1", "lifecycle": "production", "type": "postgres", "componentOf": ["system:tower"]},
                "integrations": {"pagerduty": {"serviceURL": "https://p.example/P1"}},
                "datadog": {"codeLocations": [{"repositoryURL": "https://git.example/a", "paths": []}]},
            }),
        );
        let told_of = format!("datastore lamp-db v3; keepers system:tower 1 production postgres {SLACK} https://p.example/P1");
        assert_eq!(told(&row), format!("{told_of}; https://git.example/a https://git.example/db"));
        assert_eq!((row.tags["tier"].as_str(), row.modified_at), ("1", None));
    }

    #[test]
    fn a_warning_is_told_without_what_stands_there() {
        let warning = json!({
            "instance-location": "/contacts/0/contact", "message": "'ada' is not valid 'email'",
            "keyword-location": "/properties/contacts/items/$ref/allOf/0/then/properties/contact/format",
        });
        let row = row_of(json!({"warnings": [warning, {}]}), json!({"dd-service": "lamp"}));
        assert_eq!(row.warnings, ["/contacts/0/contact: format", ": "]);
        assert_eq!(row.schema_version, "unknown");
    }

    #[test]
    fn a_definition_of_no_service_is_none() {
        let nameless = json!({"id": "0", "attributes": {"schema": {"schema-version": "v2", "dd-service": " "}}});
        assert!(serde_json::from_value::<Wire>(nameless).is_err());
    }

    #[test]
    fn the_address_of_a_person_is_no_channel() {
        let channel = |kind: &str, contact: &str| {
            super::channel(&serde_json::from_value(json!({"type": kind, "contact": contact})).unwrap()).is_some()
        };
        assert!(channel("slack", SLACK) && channel("Slack", SLACK));
        for (kind, contact) in
            [("slack", "ada"), ("slack", "https://clockwork.slack.com/team/ada"), ("slack", "https://x/messages/@ada"), ("email", SLACK)]
        {
            assert!(!channel(kind, contact), "{contact}");
        }
    }
}
