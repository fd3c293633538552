//! One row per repository and custom property that has a value there.
//!
//! - grain: `repository_id`, `property_name`
//! - endpoint: `GET /orgs/{org}/properties/values`, 100 repositories a page
//! - permission: Custom properties: read (organisation)
//! - date: the day of the run; today's state only

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context, Parent, Tally},
    table::{Kind, Read, Row, Table},
};

use super::{Stopped, client::Client, github, organization_parent, outcome_of};

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
    columns: RepositoryProperty::COLUMNS,
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
        let github = github(context)?;
        context.sink.expect(&TABLE, github.organizations.len());
        for login in &github.organizations {
            let parent = organization_parent(login);
            if context.sink.is_done(&TABLE, &parent) {
                continue;
            }
            let tally = Tally::default();
            let outcome = outcome_of(pages(context, &github.client, &parent, &tally).await, &tally)?;
            context.sink.done(&TABLE, &parent, outcome, Vec::new()).await?;
        }
        Ok(())
    }
    .boxed()
}

async fn pages(context: &Context<'_>, client: &Client, parent: &Parent, tally: &Tally) -> Result<(), Stopped> {
    let mut next = Some(format!("/orgs/{}/properties/values?per_page=100", parent.name));
    while let Some(path) = next {
        let page = client.list::<WireRepository>(&path, tally).await?;
        let rows: Vec<_> = page.items.into_iter().flat_map(rows).collect();
        tally.page(rows.len());
        context.sink.write(&TABLE, parent, &rows).await?;
        next = page.next;
    }
    Ok(())
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
