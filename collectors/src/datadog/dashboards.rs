//! One row per dashboard, as of the date.
//!
//! - grain: `dashboard_id`
//! - endpoint: GET /api/v1/dashboard, 100 a page
//! - permission: dashboards_read
//! - date: the day of the run; today's state only

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    http::{Counts, End, Item, Paging},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{mask, person, read};

/// `datadog.dashboards`
pub const TABLE: Table = Table {
    source: "datadog",
    name: "dashboards",
    meaning: "One row per dashboard, as of the date.",
    kind: Kind::Snapshot,
    grain: &["dashboard_id"],
    version: None,
    endpoint: "GET /api/v1/dashboard, 100 a page",
    permission: "dashboards_read",
    probe: Probe::Rest("/api/v1/dashboard?start=0&count=1"),
    requests: |_| None,
    columns: Dashboard::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Dashboard {
    /// Id of the dashboard
    dashboard_id: String,
    /// Its title
    title: String,
    /// Path on the Datadog site
    url_path: Option<String>,
    /// ordered or free
    layout_type: Option<String>,
    /// Only its author and administrators may change it
    is_read_only: Option<bool>,
    /// Who made it
    author_key: Option<Pseudonym>,
    /// Made
    created_at: Option<Timestamp>,
    /// Last changed
    modified_at: Option<Timestamp>,
}

const PAGING: Paging = Paging { size: "count", most: 100, place: "start", counts: Counts::Items, items: "dashboards", end: End::ShortPage };

/// A dashboard as Datadog sends it, without its description.
#[derive(Deserialize)]
struct Wire {
    id: String,
    title: Option<String>,
    url: Option<String>,
    layout_type: Option<String>,
    is_read_only: Option<bool>,
    author_handle: Option<String>,
    created_at: Option<Timestamp>,
    modified_at: Option<Timestamp>,
}

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    read(context, &TABLE, "/api/v1/dashboard", &PAGING, |wire| vec![row(context.pseudonyms, wire)]).boxed()
}

fn row(pseudonyms: &Pseudonyms, wire: Wire) -> Dashboard {
    Dashboard {
        dashboard_id: wire.id,
        title: mask(pseudonyms, wire.title.unwrap_or_default()),
        url_path: wire.url.map(|url| mask(pseudonyms, url)),
        layout_type: wire.layout_type,
        is_read_only: wire.is_read_only,
        author_key: person(pseudonyms, wire.author_handle.as_deref()),
        created_at: wire.created_at,
        modified_at: wire.modified_at,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_dashboard_is_told_without_its_author() {
        let pseudonyms = Pseudonyms::new(&"key".into());
        let wire = json!({
            "id": "abc-def-ghi", "title": "Lamps of ada@clockwork.example", "description": "by Ada", "layout_type": "ordered",
            "url": "/dashboard/abc-def-ghi/lamps", "is_read_only": true, "created_at": "2026-11-02T08:00:00.123456+00:00",
            "modified_at": null, "author_handle": "ada@clockwork.example", "deleted_at": null,
        });
        let row = row(&pseudonyms, serde_json::from_value(wire).unwrap());
        assert_eq!(row.author_key, person(&pseudonyms, Some("ada@clockwork.example")));
        assert_eq!((row.is_read_only, row.modified_at, row.created_at.map(|at| at.0)), (Some(true), None, Some(1_793_606_400_123_456)));
        assert!(!serde_json::to_string(&row).unwrap().to_lowercase().contains("ada@"));
    }
}
