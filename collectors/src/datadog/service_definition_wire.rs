//! A service definition as Datadog sends it: five schemas, each as it was written, brought to one form.

use serde::Deserialize;

/// What all schemas can tell, as it is written there.
#[derive(Debug, Deserialize)]
#[serde(try_from = "Envelope")]
pub(super) struct Wire {
    pub(super) service: String,
    pub(super) kind: Option<String>,
    pub(super) schema_version: Option<String>,
    pub(super) team: Option<String>,
    pub(super) application: Option<String>,
    pub(super) tier: Option<String>,
    pub(super) lifecycle: Option<String>,
    pub(super) service_type: Option<String>,
    pub(super) languages: Vec<String>,
    pub(super) tags: Option<Vec<String>>,
    pub(super) contacts: Vec<Contact>,
    pub(super) links: Vec<Link>,
    pub(super) pagerduty_url: Option<String>,
    pub(super) opsgenie_url: Option<String>,
    pub(super) meta: Meta,
}

/// A way to reach somebody.
#[derive(Debug, Deserialize)]
pub(super) struct Contact {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) contact: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Link {
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) url: Option<String>,
}

/// What Datadog says of a definition.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub(super) struct Meta {
    pub(super) last_modified_time: Option<String>,
    pub(super) ingestion_source: Option<String>,
    ingested_schema_version: Option<String>,
    pub(super) warnings: Option<Vec<Warning>>,
}

/// Where a definition is wrong, and by which rule. The message is not read: it repeats what stands there, an address for instance.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Warning {
    pub(super) instance_location: Option<String>,
    pub(super) keyword_location: Option<String>,
}

#[derive(Deserialize)]
struct Envelope {
    attributes: Attributes,
}

#[derive(Deserialize)]
struct Attributes {
    meta: Option<Meta>,
    schema: Schema,
}

/// The fields of all schemas.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Schema {
    schema_version: Option<String>,
    tags: Option<Vec<String>>,
    integrations: Option<Integrations>,
    // Version 1 has groups of fields.
    info: Option<Info>,
    org: Option<Org>,
    contact: Option<Reached>,
    external_resources: Option<Vec<Link>>,
    // Version 2 has none.
    dd_service: Option<String>,
    team: Option<String>,
    dd_team: Option<String>,
    contacts: Option<Vec<Contact>>,
    links: Option<Vec<Link>>,
    repos: Option<Vec<Link>>,
    docs: Option<Vec<Link>>,
    // Version 2.1 and 2.2 besides.
    application: Option<String>,
    tier: Option<String>,
    lifecycle: Option<String>,
    #[serde(rename = "type")]
    service_type: Option<String>,
    languages: Option<Vec<String>>,
    // Version 3 is about more than services.
    #[serde(rename = "apiVersion")]
    api_version: Option<String>,
    kind: Option<String>,
    metadata: Option<Metadata>,
    spec: Option<Spec>,
    datadog: Option<Products>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Info {
    dd_service: Option<String>,
    service_tier: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Org {
    team: Option<String>,
    application: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Reached {
    email: Option<String>,
    slack: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Metadata {
    name: Option<String>,
    owner: Option<String>,
    tags: Option<Vec<String>>,
    links: Option<Vec<Link>>,
    contacts: Option<Vec<Contact>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Spec {
    tier: Option<String>,
    lifecycle: Option<String>,
    #[serde(rename = "type")]
    service_type: Option<String>,
    languages: Option<Vec<String>>,
    component_of: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Products {
    code_locations: Option<Vec<CodeLocation>>,
}

#[derive(Deserialize)]
struct CodeLocation {
    #[serde(rename = "repositoryURL")]
    repository_url: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Integrations {
    pagerduty: Option<Integration>,
    opsgenie: Option<Integration>,
}

/// An address, or since version 2.1 something that has one.
#[derive(Deserialize)]
#[serde(untagged)]
enum Integration {
    Address(String),
    Service {
        #[serde(rename = "service-url", alias = "serviceURL")]
        url: Option<String>,
    },
}

impl Integration {
    fn url(self) -> Option<String> {
        let (Self::Address(url) | Self::Service { url: Some(url) }) = self else { return None };
        filled(Some(url))
    }
}

impl TryFrom<Envelope> for Wire {
    type Error = &'static str;

    fn try_from(Envelope { attributes: Attributes { meta, schema } }: Envelope) -> Result<Self, Self::Error> {
        let meta = meta.unwrap_or_default();
        let (info, org, reached) = (schema.info.unwrap_or_default(), schema.org.unwrap_or_default(), schema.contact.unwrap_or_default());
        let (metadata, spec) = (schema.metadata.unwrap_or_default(), schema.spec.unwrap_or_default());
        let integrations = schema.integrations.unwrap_or_default();

        let of_first = [("email", reached.email), ("slack", reached.slack)]
            .map(|(kind, contact)| Contact { kind: contact.as_ref().map(|_| kind.to_owned()), contact });
        let contacts = of_first.into_iter().chain(schema.contacts.into_iter().chain(metadata.contacts).flatten());

        let of_kind = |kind: &'static str| move |link: Link| Link { kind: Some(kind.to_owned()), ..link };
        let code = schema.datadog.and_then(|products| products.code_locations).into_iter().flatten();
        let links = [schema.links, schema.external_resources, metadata.links].into_iter().flatten().flatten();
        let links = links
            .chain(schema.repos.into_iter().flatten().map(of_kind("repo")))
            .chain(schema.docs.into_iter().flatten().map(of_kind("doc")))
            .chain(code.map(|location| Link { kind: Some("repo".to_owned()), url: location.repository_url }));

        let component_of = spec.component_of.map(|components| components.join(","));
        Ok(Self {
            service: first([schema.dd_service, info.dd_service, metadata.name]).ok_or("missing field `dd-service`")?,
            kind: filled(schema.kind),
            schema_version: first([schema.schema_version, schema.api_version, meta.ingested_schema_version.clone()]),
            team: first([schema.team, schema.dd_team, org.team, metadata.owner]),
            application: first([schema.application, org.application, component_of]),
            tier: first([schema.tier, info.service_tier, spec.tier]),
            lifecycle: first([schema.lifecycle, spec.lifecycle]),
            service_type: first([schema.service_type, spec.service_type]),
            languages: schema.languages.or(spec.languages).unwrap_or_default(),
            tags: schema.tags.or(metadata.tags),
            contacts: contacts.collect(),
            links: links.collect(),
            pagerduty_url: integrations.pagerduty.and_then(Integration::url),
            opsgenie_url: integrations.opsgenie.and_then(Integration::url),
            meta,
        })
    }
}

/// The first of the places where a schema may say it.
fn first<const N: usize>(places: [Option<String>; N]) -> Option<String> {
    places.into_iter().find_map(filled)
}

/// Nothing said is often an empty text.
pub(super) fn filled(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}
