//! One row per repository and custom property that has a value there.
//!
//! - grain: `repository_id`, `property_name`
//! - endpoint: `GET /orgs/{org}/properties/values`, 100 repositories a page
//! - permission: Custom properties: read (organisation)
//! - date: the day of the run; today's state only

use std::collections::HashSet;

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Parent, Tally},
    table::{Kind, Probe, Read, Row, Table, Watch},
};

use super::{Stopped, github, listing::Organization, organization_parent, outcome_of};

/// `github.repository_properties`
pub const TABLE: Table = Table {
    source: "github",
    name: "repository_properties",
    meaning: "One row per repository and custom property that has a value there, as of the date.",
    kind: Kind::Snapshot,
    grain: &["repository_id", "property_name"],
    version: None,
    endpoint: "GET /orgs/{org}/properties/values",
    permission: "Custom properties: read (organisation)",
    probe: Probe::Rest("/orgs/{org}/properties/values?per_page=1"),
    requests: |size| Some(size.repositories.div_ceil(100)),
    columns: RepositoryProperty::COLUMNS,
    watch: Watch::of(&["value", "values"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct RepositoryProperty {
    /// Number of the repository
    repository_id: i64,
    /// `organisation/name`
    full_name: String,
    /// Name of the property
    property_name: String,
    /// Its value; null where several can be chosen
    value: Option<String>,
    /// Its values; a single value is the only element
    values: Vec<String>,
}

#[derive(Deserialize)]
struct WireRepository {
    repository_id: i64,
    repository_full_name: String,
    properties: Vec<WireProperty>,
}

#[derive(Deserialize)]
struct WireProperty {
    property_name: String,
    value: Option<WireValue>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum WireValue {
    One(String),
    Many(Vec<String>),
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let organizations = github(context)?.listing().await?;
        context.sink.expect(&TABLE, organizations.len());
        for organization in organizations {
            let parent = organization_parent(&organization.login);
            if context.sink.is_done(&TABLE, &parent) {
                continue;
            }
            let tally = Tally::default();
            let outcome = outcome_of(read(context, organization, &parent, &tally).await, &tally)?;
            context.sink.done(&TABLE, &parent, outcome, Vec::new()).await?;
        }
        Ok(())
    }
    .boxed()
}

/// The pages are numbered: when a repository goes away, what follows moves up, and the first of the next page is passed over. Where one is
/// missing that the organisation has, all are read once more; whatever is still missing then is what went away.
async fn read(context: &Context<'_>, organization: &Organization, parent: &Parent, tally: &Tally) -> Result<(), Stopped> {
    let shown = pages(context, organization, parent, tally).await?;
    if organization.repositories.iter().flatten().any(|repository| !shown.contains(&repository.database_id)) {
        pages(context, organization, parent, tally).await?;
    }
    Ok(())
}

/// Hands over what the list has, and tells which repositories are in it.
async fn pages(context: &Context<'_>, organization: &Organization, parent: &Parent, tally: &Tally) -> Result<HashSet<i64>, Stopped> {
    let mut shown = HashSet::new();
    let mut next = Some(format!("/orgs/{}/properties/values?per_page=100", parent.name));
    while let Some(path) = next {
        let page = organization.client.list::<WireRepository>(&path, tally).await?;
        shown.extend(page.items.iter().map(|repository| repository.repository_id));
        let rows: Vec<_> = page.items.into_iter().flat_map(rows).collect();
        tally.page(rows.len());
        context.sink.write(&TABLE, parent, &rows).await?;
        next = page.next;
    }
    Ok(shown)
}

fn rows(repository: WireRepository) -> impl Iterator<Item = RepositoryProperty> {
    let WireRepository { repository_id, repository_full_name, properties } = repository;
    properties.into_iter().filter_map(move |property| {
        let (value, values) = match property.value? {
            WireValue::One(value) => (Some(value.clone()), vec![value]),
            WireValue::Many(values) => (None, values),
        };
        let (full_name, property_name) = (repository_full_name.clone(), property.property_name);
        Some(RepositoryProperty { repository_id, full_name, property_name, value, values })
    })
}
