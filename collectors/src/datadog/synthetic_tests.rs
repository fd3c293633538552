//! One row per synthetic test, as of the date.
//!
//! - grain: `public_id`
//! - endpoint: GET /api/v1/synthetics/tests, 100 a page
//! - permission: synthetics_read
//! - date: the day of the run; today's state only

use std::collections::BTreeMap;

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    http::{Counts, End, Item, Paging},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{Creator, creator, mask, read, tags};

/// `datadog.synthetic_tests`
pub const TABLE: Table = Table {
    source: "datadog",
    name: "synthetic_tests",
    meaning: "One row per synthetic test, as of the date.",
    kind: Kind::Snapshot,
    grain: &["public_id"],
    version: None,
    endpoint: "GET /api/v1/synthetics/tests, 100 a page",
    permission: "synthetics_read",
    probe: Probe::Rest("/api/v1/synthetics/tests?page_number=0&page_size=1"),
    requests: |_| None,
    columns: SyntheticTest::COLUMNS,
    watch: Watch::of(&["status", "locations", "frequency_seconds"]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct SyntheticTest {
    /// Id of the test
    public_id: String,
    /// Its name
    name: String,
    /// api, browser, mobile or network
    test_type: String,
    /// http, ssl, grpc, multi, …
    subtype: Option<String>,
    /// live or paused
    status: Option<String>,
    /// Where it runs from
    locations: Vec<String>,
    /// Runs every so many seconds; null where something else starts it [s]
    frequency_seconds: Option<i64>,
    /// Tags by their key in lower case (`team`, `service`, `env`, `tier`, …); several values of a key are joined by commas, a tag without a colon has an empty value
    tags: BTreeMap<String, String>,
    /// The monitor that tells of its failures
    monitor_id: Option<i64>,
    /// Who made it
    creator_key: Option<Pseudonym>,
    /// Made
    created_at: Option<Timestamp>,
    /// Last changed
    modified_at: Option<Timestamp>,
}

const PAGING: Paging =
    Paging { size: "page_size", most: 100, place: "page_number", counts: Counts::Pages, items: "tests", end: End::ShortPage };

/// A test as Datadog sends it, without what it asks and what it says.
#[derive(Deserialize)]
struct Wire {
    public_id: String,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    subtype: Option<String>,
    status: Option<String>,
    locations: Option<Vec<String>>,
    options: Option<Options>,
    tags: Option<Vec<String>>,
    monitor_id: Option<i64>,
    creator: Option<Creator>,
    created_at: Option<Timestamp>,
    modified_at: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Options {
    tick_every: Option<i64>,
}

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.public_id.clone()
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    read(context, &TABLE, "/api/v1/synthetics/tests", &PAGING, |wire| vec![row(context.pseudonyms, wire)]).boxed()
}

fn row(pseudonyms: &Pseudonyms, wire: Wire) -> SyntheticTest {
    SyntheticTest {
        public_id: wire.public_id,
        name: mask(pseudonyms, wire.name.unwrap_or_default()),
        test_type: wire.kind,
        subtype: wire.subtype,
        status: wire.status,
        locations: wire.locations.unwrap_or_default(),
        // Nothing runs every 0 seconds: something else starts it.
        frequency_seconds: wire.options.and_then(|options| options.tick_every).filter(|&seconds| seconds > 0),
        tags: tags::by_key(pseudonyms, wire.tags),
        monitor_id: wire.monitor_id,
        creator_key: creator(pseudonyms, wire.creator.as_ref()),
        created_at: wire.created_at,
        modified_at: wire.modified_at,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row_of(wire: Value) -> SyntheticTest {
        row(&Pseudonyms::new(&"key".into()), serde_json::from_value(wire).unwrap())
    }

    #[test]
    fn a_test_is_told_without_what_it_asks() {
        let row = row_of(json!({
            "public_id": "abc-def-ghi", "name": "Lamp answers", "type": "api", "subtype": "http", "status": "live",
            "config": {"request": {"basicAuth": {"password": "secret"}}}, "message": "@ada@clockwork.example", "tags": ["team:keepers"],
            "options": {"tick_every": 60}, "locations": ["aws:eu-central-1"], "monitor_id": 7, "creator": {"handle": "ada", "name": "Ada"},
        }));
        assert_eq!((row.frequency_seconds, row.monitor_id), (Some(60), Some(7)));
        assert_eq!(row.tags["team"], "keepers");
        let text = serde_json::to_string(&row).unwrap();
        assert!(!text.contains("secret") && !text.to_lowercase().contains("ada"), "{text}");
    }

    #[test]
    fn what_is_left_out_is_unknown() {
        let row = row_of(json!({"public_id": "abc-def-ghi", "type": "browser", "options": {"tick_every": 0}, "creator": null}));
        assert_eq!((row.frequency_seconds, row.status, row.creator_key), (None, None, None));
        assert_eq!(row_of(json!({"public_id": "a", "type": "browser", "locations": null})).frequency_seconds, None);
    }
}
