//! One row per service level objective, as of the date.
//!
//! - grain: `slo_id`
//! - endpoint: GET /api/v1/slo, 1,000 a page
//! - permission: slos_read
//! - date: the day of the run; today's state only

use std::collections::BTreeMap;

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    http::{Counts, End, Item, Paging, begin, store_whole},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{Creator, creator, datadog, epoch, mask, parent, tags};

/// `datadog.slos`
pub const TABLE: Table = Table {
    source: "datadog",
    name: "slos",
    meaning: "One row per service level objective, as of the date.",
    kind: Kind::Snapshot,
    grain: &["slo_id"],
    version: None,
    endpoint: "GET /api/v1/slo, 1,000 a page",
    permission: "slos_read",
    probe: Probe::Rest("/api/v1/slo?limit=1&offset=0"),
    requests: |_| None,
    columns: Slo::COLUMNS,
    watch: Watch::of(&[
        "monitor_ids",
        "numerator",
        "denominator",
        "groups",
        "timeframe",
        "target",
        "target_7d",
        "target_30d",
        "target_90d",
    ]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Slo {
    /// Id of the objective
    slo_id: String,
    /// Its name
    name: String,
    /// metric, monitor or time_slice
    slo_type: String,
    /// Tags by their key in lower case (`team`, `service`, `env`, `tier`, …); several values of a key are joined by commas, a tag without a colon has an empty value
    tags: BTreeMap<String, String>,
    /// Monitors that it is made of
    monitor_ids: Vec<String>,
    /// Good events, as Datadog writes the query
    numerator: Option<String>,
    /// All events, likewise
    denominator: Option<String>,
    /// Groups of a monitor that count; all where empty
    groups: Vec<String>,
    /// The timeframe shown first: 7d, 30d, 90d or custom
    timeframe: Option<String>,
    /// Its target [%]
    target: Option<f64>,
    /// Below it, a warning [%]
    warning: Option<f64>,
    /// Target over 7 days [%]
    target_7d: Option<f64>,
    /// Target over 30 days [%]
    target_30d: Option<f64>,
    /// Target over 90 days [%]
    target_90d: Option<f64>,
    /// Warning over 7 days [%]
    warning_7d: Option<f64>,
    /// Warning over 30 days [%]
    warning_30d: Option<f64>,
    /// Warning over 90 days [%]
    warning_90d: Option<f64>,
    /// Who made it
    creator_key: Option<Pseudonym>,
    /// Made
    created_at: Option<Timestamp>,
    /// Last changed by somebody
    modified_at: Option<Timestamp>,
}

pub(super) const PAGING: Paging = Paging {
    size: "limit",
    most: 1000,
    place: "offset",
    counts: Counts::Items,
    items: "data",
    end: End::Total("/metadata/page/total_count"),
};

/// An objective as Datadog sends it, without its description.
#[derive(Debug, Deserialize)]
pub(super) struct Wire {
    pub(super) id: String,
    pub(super) name: String,
    #[serde(rename = "type")]
    kind: String,
    tags: Option<Vec<String>>,
    monitor_ids: Option<Vec<i64>>,
    /// What is counted; of time slices there is none.
    query: Option<Query>,
    groups: Option<Vec<String>>,
    thresholds: Option<Vec<Threshold>>,
    timeframe: Option<String>,
    target_threshold: Option<f64>,
    warning_threshold: Option<f64>,
    creator: Option<Creator>,
    created_at: Option<i64>,
    modified_at: Option<i64>,
}

#[derive(Debug, Deserialize)]
struct Query {
    numerator: Option<String>,
    denominator: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
struct Threshold {
    timeframe: String,
    target: Option<f64>,
    warning: Option<f64>,
}

/// The timeframe that counts first, and what is promised over it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Goal {
    pub(super) timeframe: Option<String>,
    pub(super) target: Option<f64>,
    pub(super) warning: Option<f64>,
}

impl Wire {
    /// What is shown first; where nothing says what that is, the first that there is.
    pub(super) fn goal(&self) -> Goal {
        let timeframe = self.timeframe.as_deref().or_else(|| Some(self.thresholds.as_ref()?.first()?.timeframe.as_str()));
        let threshold = timeframe.and_then(|timeframe| self.over(timeframe));
        Goal {
            timeframe: timeframe.map(str::to_owned),
            target: self.target_threshold.or_else(|| threshold?.target),
            warning: self.warning_threshold.or_else(|| threshold?.warning),
        }
    }

    /// What is promised over a timeframe.
    fn over(&self, timeframe: &str) -> Option<&Threshold> {
        self.thresholds.iter().flatten().find(|threshold| threshold.timeframe == timeframe)
    }

    pub(super) fn created_at(&self) -> Option<Timestamp> {
        self.created_at.map(epoch)
    }
}

impl Item for Wire {
    type Id = String;

    fn id(&self) -> String {
        self.id.clone()
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    async move {
        let (datadog, parent) = (datadog(context)?, parent());
        let Some(tally) = begin(context, &TABLE, &parent) else { return Ok(()) };
        let listed = datadog.slos(&tally).await;
        store_whole(context, &TABLE, &parent, &tally, listed, |slo| vec![row(context.pseudonyms, slo)]).await
    }
    .boxed()
}

fn row(pseudonyms: &Pseudonyms, slo: &Wire) -> Slo {
    let masked = |text: &Option<String>| text.clone().map(|text| mask(pseudonyms, text));
    let target = |timeframe| slo.over(timeframe)?.target;
    let warning = |timeframe| slo.over(timeframe)?.warning;
    let Goal { timeframe, target: first_target, warning: first_warning } = slo.goal();
    Slo {
        slo_id: slo.id.clone(),
        name: mask(pseudonyms, slo.name.clone()),
        slo_type: slo.kind.clone(),
        tags: tags::by_key(pseudonyms, slo.tags.clone()),
        monitor_ids: slo.monitor_ids.iter().flatten().map(i64::to_string).collect(),
        numerator: slo.query.as_ref().and_then(|query| masked(&query.numerator)),
        denominator: slo.query.as_ref().and_then(|query| masked(&query.denominator)),
        groups: slo.groups.iter().flatten().map(|group| mask(pseudonyms, group.clone())).collect(),
        timeframe,
        target: first_target,
        warning: first_warning,
        target_7d: target("7d"),
        target_30d: target("30d"),
        target_90d: target("90d"),
        warning_7d: warning("7d"),
        warning_30d: warning("30d"),
        warning_90d: warning("90d"),
        creator_key: creator(pseudonyms, slo.creator.as_ref()),
        created_at: slo.created_at(),
        modified_at: slo.modified_at.map(epoch),
    }
}

#[cfg(test)]
pub(super) mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// An objective of 99.5 % over 7 and 98 % over 30 days, with these fields besides.
    pub(in crate::datadog) fn slo(fields: Value) -> Wire {
        let mut slo = json!({
            "id": "s1", "name": "Lamp is lit", "type": "metric", "tags": ["team:keepers"], "timeframe": "7d", "target_threshold": 99.5,
            "warning_threshold": 99.8, "created_at": 1_793_606_400, "description": "Ada's promise",
            "thresholds": [{"timeframe": "7d", "target": 99.5, "warning": 99.8},
                           {"timeframe": "30d", "target": 98.0, "target_display": "98."}],
            "query": {"numerator": "sum:lit{*}", "denominator": "sum:all{*}"}, "creator": {"handle": "ada", "name": "Ada"},
        });
        slo.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value(slo).unwrap()
    }

    fn row_of(fields: Value) -> Slo {
        row(&Pseudonyms::new(&"key".into()), &slo(fields))
    }

    #[test]
    fn every_timeframe_has_its_own_target() {
        let row = row_of(json!({}));
        assert_eq!((row.target_7d, row.target_30d, row.target_90d), (Some(99.5), Some(98.0), None));
        assert_eq!((row.warning_7d, row.warning_30d, row.warning_90d), (Some(99.8), None, None));
        assert_eq!(row.created_at.map(|at| at.0), Some(1_793_606_400_000_000));
        assert!(!serde_json::to_string(&row).unwrap().to_lowercase().contains("ada"));
    }

    #[test]
    fn the_timeframe_shown_first_is_found_where_nothing_names_it() {
        let goal = |fields| slo(fields).goal();
        let of = |timeframe: &str, target, warning| Goal { timeframe: Some(timeframe.to_owned()), target: Some(target), warning };
        assert_eq!(goal(json!({})), of("7d", 99.5, Some(99.8)));
        let unsaid = json!({"timeframe": "30d", "target_threshold": null, "warning_threshold": null});
        assert_eq!(goal(unsaid), of("30d", 98.0, None));
        assert_eq!(goal(json!({"timeframe": null})), of("7d", 99.5, Some(99.8)));
        let nothing = json!({"timeframe": null, "target_threshold": null, "warning_threshold": null, "thresholds": null});
        assert_eq!(goal(nothing), Goal::default());
    }

    #[test]
    fn what_it_is_made_of_is_told_by_type() {
        let row = row_of(json!({"type": "monitor", "query": null, "monitor_ids": [7, 8], "groups": ["env:prod"]}));
        assert_eq!((row.monitor_ids.join(" "), row.groups.join(" "), row.numerator), ("7 8".to_owned(), "env:prod".to_owned(), None));
        let slices = row_of(json!({"type": "time_slice", "query": null, "sli_specification": {"time_slice": {"threshold": 5.0}}}));
        assert_eq!((slices.slo_type.as_str(), slices.denominator), ("time_slice", None));
    }
}
