//! One row per incident declared in Datadog, as last seen.
//!
//! The list cannot be asked for what changed, nor in an order: it is read whole, and what changed since the last run is handed over.
//!
//! - grain: `incident_id`
//! - endpoint: GET /api/v2/incidents, 100 a page
//! - permission: incident_read
//! - date: the day of the run that saw the change; the newest `modified_at` wins

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize, de::IgnoredAny};

use crate::{
    collect::{CollectError, Context},
    http::{Counts, End, Item, Paging},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{Related, mask, parent, person, read, related_person};

/// `datadog.incidents`
pub const TABLE: Table = Table {
    source: "datadog",
    name: "incidents",
    meaning: "One row per incident declared in Datadog, as last seen.",
    kind: Kind::Changes,
    grain: &["incident_id"],
    version: Some("modified_at"),
    endpoint: "GET /api/v2/incidents, 100 a page",
    permission: "incident_read",
    probe: Probe::Rest("/api/v2/incidents?page%5Boffset%5D=0&page%5Bsize%5D=1"),
    requests: |_| None,
    columns: Incident::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Incident {
    /// Id of the incident
    incident_id: String,
    /// Its number
    public_id: Option<i64>,
    /// SEV-0 to SEV-5, or UNKNOWN
    severity: Option<String>,
    /// active, stable, resolved or a state of your own
    state: Option<String>,
    /// Customers felt it
    is_customer_impacted: Option<bool>,
    /// Since when
    customer_impact_started_at: Option<Timestamp>,
    /// Until when
    customer_impact_ended_at: Option<Timestamp>,
    /// Noticed
    detected_at: Option<Timestamp>,
    /// Declared
    declared_at: Option<Timestamp>,
    /// Made
    created_at: Timestamp,
    /// Resolved; null while it is not
    resolved_at: Option<Timestamp>,
    /// Archived
    archived_at: Option<Timestamp>,
    /// Last change
    modified_at: Timestamp,
    /// Services that it is about, as Datadog names them
    services: Vec<String>,
    /// Teams that are on it
    teams: Vec<String>,
    /// How it was noticed: customer, employee, monitor, other or unknown
    detection_method: Option<String>,
    /// Id of the kind of incident
    incident_type_id: Option<String>,
    /// Made to try things out
    is_test: Option<bool>,
    /// organization or private
    visibility: Option<String>,
    /// Who made it
    created_by_key: Option<Pseudonym>,
}

const PAGING: Paging = Paging {
    size: "page[size]",
    most: 100,
    place: "page[offset]",
    counts: Counts::Items,
    items: "data",
    end: End::Next("/meta/pagination/next_offset"),
};

/// An incident as Datadog sends it, without its title, what it says of customers, and who is told.
#[derive(Deserialize)]
struct Wire {
    id: String,
    attributes: Attributes,
    relationships: Option<Relationships>,
}

#[derive(Deserialize)]
struct Attributes {
    public_id: Option<i64>,
    severity: Option<String>,
    state: Option<String>,
    customer_impacted: Option<bool>,
    customer_impact_start: Option<Timestamp>,
    customer_impact_end: Option<Timestamp>,
    detected: Option<Timestamp>,
    declared: Option<Timestamp>,
    created: Timestamp,
    resolved: Option<Timestamp>,
    archived: Option<Timestamp>,
    modified: Timestamp,
    fields: Option<Fields>,
    incident_type_uuid: Option<String>,
    is_test: Option<bool>,
    visibility: Option<String>,
    created_by_uuid: Option<String>,
}

/// Those of its fields that have a column. They are more up to date than the attributes of the same name.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    severity: Option<Field>,
    state: Option<Field>,
    services: Option<Field>,
    teams: Option<Field>,
    detection_method: Option<Field>,
}

#[derive(Deserialize)]
struct Field {
    value: Option<Value>,
}

/// A field may be changed from one value to several, and to something else altogether.
#[derive(Deserialize)]
#[serde(untagged)]
enum Value {
    One(String),
    Many(Vec<String>),
    Else(IgnoredAny),
}

impl Field {
    fn values(field: Option<Self>) -> Vec<String> {
        match field.and_then(|field| field.value) {
            Some(Value::One(value)) => vec![value],
            Some(Value::Many(values)) => values,
            Some(Value::Else(_)) | None => Vec::new(),
        }
    }

    fn value(field: Option<Self>) -> Option<String> {
        Self::values(field).into_iter().next()
    }
}

#[derive(Deserialize)]
struct Relationships {
    created_by_user: Option<Related>,
}

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let since = context.sink.since(&TABLE, &parent());
        let is_new = |wire: &Wire| since.is_none_or(|since| wire.attributes.modified >= since);
        let rows = |wire: Wire| Vec::from_iter(is_new(&wire).then(|| row(context.pseudonyms, wire)));
        read(context, &TABLE, "/api/v2/incidents", &PAGING, rows).await
    }
    .boxed()
}

fn row(pseudonyms: &Pseudonyms, Wire { id, attributes, relationships }: Wire) -> Incident {
    let fields = attributes.fields.unwrap_or_default();
    let masked = |names: Vec<String>| names.into_iter().map(|name| mask(pseudonyms, name)).collect();
    let by_user = related_person(pseudonyms, relationships.as_ref().and_then(|of| of.created_by_user.as_ref()));
    Incident {
        incident_id: id,
        public_id: attributes.public_id,
        severity: Field::value(fields.severity).or(attributes.severity),
        state: Field::value(fields.state).or(attributes.state),
        is_customer_impacted: attributes.customer_impacted,
        customer_impact_started_at: attributes.customer_impact_start,
        customer_impact_ended_at: attributes.customer_impact_end,
        detected_at: attributes.detected,
        declared_at: attributes.declared,
        created_at: attributes.created,
        resolved_at: attributes.resolved,
        archived_at: attributes.archived,
        modified_at: attributes.modified,
        services: masked(Field::values(fields.services)),
        teams: masked(Field::values(fields.teams)),
        detection_method: Field::value(fields.detection_method),
        incident_type_id: attributes.incident_type_uuid,
        is_test: attributes.is_test,
        visibility: attributes.visibility,
        created_by_key: by_user.or_else(|| person(pseudonyms, attributes.created_by_uuid.as_deref())),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn row_of(attributes: serde_json::Value) -> Incident {
        let mut all = json!({
            "title": "Ada let the lamp go out", "created": "2026-11-02T08:00:00+00:00", "modified": "2026-11-02T09:00:00+00:00",
            "notification_handles": [{"display_name": "Ada", "handle": "@ada@clockwork.example"}], "severity": "UNKNOWN", "state": "active",
        });
        all.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
        let wire = json!({"type": "incidents", "id": "i1", "attributes": all, "relationships": {"created_by_user": {"data": null}}});
        row(&Pseudonyms::new(&"key".into()), serde_json::from_value(wire).unwrap())
    }

    #[test]
    fn fields_are_read_in_every_form() {
        let row = row_of(json!({"fields": {
            "severity": {"type": "dropdown", "value": "SEV-2"}, "state": {"type": "dropdown", "value": null},
            "services": {"type": "autocomplete", "value": ["lamp-api", "bell"]}, "teams": {"type": "autocomplete", "value": "keepers"},
            "detection_method": {"type": "dropdown", "value": 7}, "summary": {"type": "textbox", "value": "Ada slept"}, "rank": null,
        }}));
        assert_eq!((row.severity.as_deref(), row.state.as_deref()), (Some("SEV-2"), Some("active")));
        assert_eq!(
            (row.services, row.teams, row.detection_method),
            (vec!["lamp-api".to_owned(), "bell".to_owned()], vec!["keepers".to_owned()], None)
        );
    }

    #[test]
    fn neither_a_title_nor_people_get_into_a_row() {
        let row = row_of(json!({"fields": null, "created_by_uuid": "u1"}));
        assert_eq!(row.severity.as_deref(), Some("UNKNOWN"));
        assert_eq!(row.created_by_key, person(&Pseudonyms::new(&"key".into()), Some("u1")));
        assert!(!serde_json::to_string(&row).unwrap().to_lowercase().contains("ada"));
    }
}
