//! One row per service (`Component`) of the catalog, as of the date.
//!
//! Descriptors are those of Backstage: files beside almanac.toml, and `catalog-info.yaml` of repositories as `github.repository_files` found them on the same day.
//! A descriptor that is not valid has no row: an outcome names its file, document and line.
//!
//! - grain: `entity_ref`
//! - endpoint: none: files, and github.repository_files
//! - permission: none
//! - date: the day of the run; today's state only

use std::collections::BTreeMap;

use futures::{FutureExt, future::BoxFuture};
use serde::Serialize;
use url::Url;

use crate::{
    collect::{CollectError, Context},
    table::{Kind, Probe, Read, Row, Table, Watch},
};

use super::{assembly::Found, descriptor::Entity, kind::EntityKind, source::Source, walk};

/// `catalog.services`
pub const TABLE: Table = Table {
    source: "catalog",
    name: "services",
    meaning: "One row per service (`Component`) of the catalog, as of the date.",
    kind: Kind::Snapshot,
    grain: &["entity_ref"],
    version: None,
    endpoint: "none: files, and github.repository_files",
    permission: "none",
    probe: Probe::Nothing,
    requests: |_| None,
    columns: Service::COLUMNS,
    watch: Watch::of(&[
        "component_type",
        "lifecycle",
        "owner_ref",
        "system_ref",
        "tier",
        "labels",
        "github_slug",
        "pagerduty_service_id",
        "datadog_service",
        "slack_channel",
    ]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Service {
    /// `component:namespace/name`
    entity_ref: String,
    /// Its namespace
    namespace: String,
    /// Its name
    name: String,
    /// What people call it
    title: Option<String>,
    /// service, website, library, …
    component_type: Option<String>,
    /// production, experimental, deprecated, …
    lifecycle: Option<String>,
    /// Who owns it, such as `group:default/payments`; a person is `user:` and a pseudonym
    owner_ref: Option<String>,
    /// The system that it is part of
    system_ref: Option<String>,
    /// The component that it is part of
    subcomponent_of: Option<String>,
    /// Its tier: the label `tier`, or that of an annotation
    tier: Option<String>,
    /// Labels, such as `pci-scope`
    labels: BTreeMap<String, String>,
    /// Tags
    tags: Vec<String>,
    /// `organisation/name` of its repository: annotation github.com/project-slug, else where the descriptor stands
    github_slug: Option<String>,
    /// Its folder in that repository; null is the root
    source_path: Option<String>,
    /// Annotation pagerduty.com/service-id
    pagerduty_service_id: Option<String>,
    /// The name under which Datadog knows it: annotation datadoghq.com/service-name
    datadog_service: Option<String>,
    /// Annotation slack.com/channel, or a link to Slack
    slack_channel: Option<String>,
    /// Addresses by kind or title of link; several are joined by spaces
    links: BTreeMap<String, String>,
    /// The file that describes it, from the folder of almanac.toml or the root of the repository
    file: String,
    /// The line that its document begins on
    line: i64,
    /// `organisation/name` of the repository; null for a file beside almanac.toml
    repository: Option<String>,
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    walk::collect(context).boxed()
}

/// The row of an entity that is a service.
pub(super) fn row(found: &Found, source: &Source) -> Option<Service> {
    let Found { line, entity, .. } = found;
    if entity.kind != EntityKind::Component {
        return None;
    }
    let (github_slug, source_path) = home(entity, source);
    Some(Service {
        entity_ref: entity.reference.to_string(),
        namespace: entity.reference.namespace.clone(),
        name: entity.name.clone(),
        title: entity.title.clone(),
        component_type: entity.entity_type.clone(),
        lifecycle: entity.lifecycle.clone(),
        owner_ref: entity.one("owner"),
        system_ref: entity.one("system"),
        subcomponent_of: entity.one("subcomponentOf"),
        tier: entity.tier(),
        labels: entity.labels.clone(),
        tags: entity.tags.clone(),
        github_slug,
        source_path,
        pagerduty_service_id: entity.annotation("pagerduty.com/service-id"),
        datadog_service: entity.annotation("datadoghq.com/service-name"),
        slack_channel: entity.slack_channel(),
        links: entity.links.clone(),
        file: source.file.clone(),
        line: *line as i64,
        repository: source.repository.clone(),
    })
}

/// The repository of a service and its folder there: as annotations say, else where the descriptor stands.
fn home(entity: &Entity, source: &Source) -> (Option<String>, Option<String>) {
    let annotated = entity.annotation("backstage.io/source-location").and_then(|location| location_of(&location));
    let descriptor = source.repository.clone().map(|repository| (repository, folder_of(&source.file)));
    let places: Vec<_> = annotated.into_iter().chain(descriptor).collect();
    let slug = entity.annotation("github.com/project-slug").or_else(|| Some(places.first()?.0.clone()));
    // A folder of one repository says nothing about another.
    let of_slug = |(repository, _): &&(String, Option<String>)| slug.as_ref().is_some_and(|slug| slug.eq_ignore_ascii_case(repository));
    let path = places.iter().find(of_slug).and_then(|(_, path)| path.clone());
    (slug, path)
}

/// The folder that a file stands in, unless that is the root.
fn folder_of(file: &str) -> Option<String> {
    file.rsplit_once('/').map(|(folder, _)| folder.to_owned())
}

/// Repository and folder of `url:https://github.com/organisation/name/tree/main/services/pay`.
fn location_of(location: &str) -> Option<(String, Option<String>)> {
    let url = Url::parse(location.strip_prefix("url:")?).ok()?;
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    let (organization, name) = (parts.first()?, parts.get(1)?);
    let path = match parts.get(2..) {
        Some(["tree", _, path @ ..]) => path.join("/"),
        Some(["blob", _, path @ .., _]) => path.join("/"),
        _ => String::new(),
    };
    Some((format!("{organization}/{name}"), (!path.is_empty()).then_some(path)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_location_is_a_repository_and_a_folder() {
        let told = |location: &str| location_of(location).map(|(slug, path)| (slug, path.unwrap_or_default()));
        for (location, slug, path) in [
            ("url:https://github.com/sea/pay", "sea/pay", ""),
            ("url:https://github.com/sea/pay/", "sea/pay", ""),
            ("url:https://git.sea.example/sea/pay/tree/main/services/pay/", "sea/pay", "services/pay"),
            ("url:https://github.com/sea/pay/blob/main/services/pay/catalog-info.yaml", "sea/pay", "services/pay"),
            ("url:https://github.com/sea/pay/tree/main", "sea/pay", ""),
        ] {
            assert_eq!(told(location), Some((slug.to_owned(), path.to_owned())), "{location}");
        }
        for location in ["https://github.com/sea/pay", "url:https://github.com/sea", "dir:./pay", ""] {
            assert_eq!(told(location), None, "{location}");
        }
    }
}
