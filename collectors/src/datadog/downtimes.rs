//! One row per downtime that is active, scheduled or kept by Datadog, as of the date.
//!
//! - grain: `downtime_id`
//! - endpoint: GET /api/v2/downtime, 100 a page
//! - permission: monitors_downtime
//! - date: the day of the run; today's state only

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    http::{Counts, End, Item, Paging},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{Related, mask, read, related_person};

/// `datadog.downtimes`
pub const TABLE: Table = Table {
    source: "datadog",
    name: "downtimes",
    meaning: "One row per downtime that is active, scheduled or kept by Datadog, as of the date.",
    kind: Kind::Snapshot,
    grain: &["downtime_id"],
    version: None,
    endpoint: "GET /api/v2/downtime, 100 a page",
    permission: "monitors_downtime",
    probe: Probe::Rest("/api/v2/downtime?page%5Boffset%5D=0&page%5Blimit%5D=1"),
    requests: |_| None,
    columns: Downtime::COLUMNS,
    // They end by themselves.
    watch: Watch::of(&["status", "scope", "monitor_tags", "recurrences"]).tolerating(1.0, 1.0),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Downtime {
    /// Id of the downtime
    downtime_id: String,
    /// active, scheduled, ended or canceled
    status: Option<String>,
    /// What is silenced, such as `env:staging AND service:lamp-api`
    scope: Option<String>,
    /// The monitor that it is for; null where tags choose
    monitor_id: Option<i64>,
    /// Tags of the monitors that it is for; `*` is every monitor
    monitor_tags: Vec<String>,
    /// Comes again
    is_recurring: bool,
    /// Begins; of one that comes again, the present or next time
    starts_at: Option<Timestamp>,
    /// Ends, likewise; null is never
    ends_at: Option<Timestamp>,
    /// When it comes again, as iCalendar rules
    recurrences: Vec<String>,
    /// Time zone of those rules
    timezone: Option<String>,
    /// Who made it
    created_by_key: Option<Pseudonym>,
    /// Made
    created_at: Option<Timestamp>,
    /// Last changed
    modified_at: Option<Timestamp>,
    /// Called off
    canceled_at: Option<Timestamp>,
}

/// The count that comes along is not always that of the list, and so does not end it. Datadog names no largest page; its own tools ask for
/// 100, and a page cut shorter than was asked for would pass for the last one.
const PAGING: Paging = Paging {
    size: "page[limit]",
    most: 100,
    place: "page[offset]",
    counts: Counts::Items,
    items: "data",
    end: End::Total("/meta/page/total_filtered_count"),
};

/// A downtime as Datadog sends it, without its message.
#[derive(Deserialize)]
struct Wire {
    id: String,
    attributes: Attributes,
    relationships: Option<Relationships>,
}

#[derive(Deserialize)]
struct Attributes {
    status: Option<String>,
    scope: Option<String>,
    monitor_identifier: Option<Identifier>,
    schedule: Option<Schedule>,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
    canceled: Option<Timestamp>,
}

/// One monitor, or tags of several.
#[derive(Deserialize)]
struct Identifier {
    monitor_id: Option<i64>,
    monitor_tags: Option<Vec<String>>,
}

/// Of one that comes again the rules and its present or next time, else beginning and end.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Schedule {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
    current_downtime: Option<Current>,
    recurrences: Option<Vec<Recurrence>>,
    timezone: Option<String>,
}

#[derive(Deserialize)]
struct Current {
    start: Option<Timestamp>,
    end: Option<Timestamp>,
}

#[derive(Deserialize)]
struct Recurrence {
    rrule: Option<String>,
}

#[derive(Deserialize)]
struct Relationships {
    created_by: Option<Related>,
}

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    // Who made a downtime is told only to those who ask.
    read(context, &TABLE, "/api/v2/downtime?include=created_by", &PAGING, |wire| vec![row(context.pseudonyms, wire)]).boxed()
}

fn row(pseudonyms: &Pseudonyms, Wire { id, attributes, relationships }: Wire) -> Downtime {
    let schedule = attributes.schedule.unwrap_or_default();
    let (starts_at, ends_at) = match schedule.current_downtime {
        Some(Current { start, end }) => (start, end),
        None => (schedule.start, schedule.end),
    };
    let recurrences = schedule.recurrences.unwrap_or_default();
    let (monitor_id, monitor_tags) =
        attributes.monitor_identifier.map_or((None, None), |identifier| (identifier.monitor_id, identifier.monitor_tags));
    Downtime {
        downtime_id: id,
        status: attributes.status,
        scope: attributes.scope.map(|scope| mask(pseudonyms, scope)),
        monitor_id,
        monitor_tags: monitor_tags.unwrap_or_default().into_iter().map(|tag| mask(pseudonyms, tag)).collect(),
        is_recurring: !recurrences.is_empty(),
        starts_at,
        ends_at,
        recurrences: recurrences.into_iter().filter_map(|recurrence| recurrence.rrule).collect(),
        timezone: schedule.timezone,
        created_by_key: related_person(pseudonyms, relationships.as_ref().and_then(|of| of.created_by.as_ref())),
        created_at: attributes.created,
        modified_at: attributes.modified,
        canceled_at: attributes.canceled,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn row_of(attributes: Value) -> Downtime {
        let related = json!({"created_by": {"data": {"type": "users", "id": "00000000-0000-0000-0000-000000000001"}}});
        let wire = json!({"type": "downtime", "id": "d1", "attributes": attributes, "relationships": related});
        row(&Pseudonyms::new(&"key".into()), serde_json::from_value(wire).unwrap())
    }

    fn at(text: &str) -> Option<Timestamp> {
        serde_json::from_value(text.into()).unwrap()
    }

    #[test]
    fn one_that_comes_again_is_told_by_its_present_or_next_time() {
        let row = row_of(json!({
            "status": "scheduled", "scope": "env:staging", "message": "Ada sleeps",
            "monitor_identifier": {"monitor_tags": ["team:keepers"]},
            "schedule": {
                "timezone": "Europe/Berlin", "recurrences": [{"rrule": "FREQ=WEEKLY", "duration": "1h", "start": "2026-11-02T08:00"}],
                "current_downtime": {"start": "2026-11-09T07:00:00+00:00", "end": "2026-11-09T08:00:00+00:00"},
            },
        }));
        assert_eq!((row.starts_at, row.ends_at), (at("2026-11-09T07:00:00Z"), at("2026-11-09T08:00:00Z")));
        assert!(row.is_recurring && row.recurrences == ["FREQ=WEEKLY"] && row.timezone.as_deref() == Some("Europe/Berlin"));
        assert_eq!((row.monitor_id, row.monitor_tags.as_slice()), (None, ["team:keepers".to_owned()].as_slice()));
        assert!(row.created_by_key.is_some() && !serde_json::to_string(&row).unwrap().contains("Ada"));
    }

    #[test]
    fn one_without_an_end_lasts() {
        let row = row_of(json!({"monitor_identifier": {"monitor_id": 7}, "schedule": {"start": "2026-11-02T08:00:00Z", "end": null}}));
        assert_eq!((row.monitor_id, row.starts_at, row.ends_at), (Some(7), at("2026-11-02T08:00:00Z"), None));
        assert!(!row.is_recurring && row.monitor_tags.is_empty());
        assert_eq!(row_of(json!({"schedule": null, "monitor_identifier": null})).starts_at, None);
    }
}
