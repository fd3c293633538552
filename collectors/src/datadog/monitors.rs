//! One row per monitor, as of the date.
//!
//! - grain: `monitor_id`
//! - endpoint: GET /api/v1/monitor, 1,000 a page
//! - permission: monitors_read
//! - date: the day of the run; today's state only

use std::collections::{BTreeMap, BTreeSet};

use futures::{FutureExt, future::BoxFuture};
use serde::{Deserialize, Serialize};

use crate::{
    collect::{CollectError, Context},
    http::{Counts, End, Item, Paging},
    privacy::{Pseudonym, Pseudonyms},
    table::{Kind, Probe, Read, Row, Table, Timestamp, Watch},
};

use super::{
    Creator, creator, epoch, mask,
    notify::{self, Target},
    read, tags,
};

/// `datadog.monitors`
pub const TABLE: Table = Table {
    source: "datadog",
    name: "monitors",
    meaning: "One row per monitor, as of the date.",
    kind: Kind::Snapshot,
    grain: &["monitor_id"],
    version: None,
    endpoint: "GET /api/v1/monitor, 1,000 a page",
    permission: "monitors_read",
    probe: Probe::Rest("/api/v1/monitor?page=0&page_size=1"),
    requests: |_| None,
    columns: Monitor::COLUMNS,
    watch: Watch::of(&[
        "query",
        "priority",
        "is_muted",
        "muted_until",
        "muted_scopes",
        "notification_kinds",
        "notification_targets",
        "notifies_no_data",
        "on_missing_data",
        "renotify_minutes",
    ]),
    read: Read::By(collect),
};

/// One row.
#[derive(Debug, Row, Serialize)]
pub struct Monitor {
    /// Number of the monitor
    monitor_id: i64,
    /// Its name
    name: String,
    /// Type, such as `metric alert` or `composite`
    monitor_type: String,
    /// What it watches, as Datadog writes it
    query: String,
    /// Tags by their key in lower case (`team`, `service`, `env`, `tier`, …); several values of a key are joined by commas, a tag without a colon has an empty value
    tags: BTreeMap<String, String>,
    /// 1 (highest) to 5; null where none is set
    priority: Option<i64>,
    /// OK, Alert, Warn, No Data, Ignored, Skipped or Unknown
    overall_state: Option<String>,
    /// When it came into that state
    overall_state_since: Option<Timestamp>,
    /// Silenced as a whole; what downtimes silence stands in `downtime_ids`
    is_muted: bool,
    /// When that silence ends; null where it has no end, or there is none
    muted_until: Option<Timestamp>,
    /// Groups of it that are silenced, such as `env:staging`; `*` is the whole
    muted_scopes: Vec<String>,
    /// Downtimes that match it
    downtime_ids: Vec<String>,
    /// Where its message sends to, each kind once: pagerduty, opsgenie, slack, teams, webhook, email, team, user or other
    notification_kinds: Vec<String>,
    /// Where its message sends to, as `kind:handle`; people and addresses are pseudonyms
    notification_targets: Vec<String>,
    /// Says so when data stops coming
    notifies_no_data: Option<bool>,
    /// After how long without data [min]
    no_data_minutes: Option<i64>,
    /// What missing data does, such as `show_no_data` or `resolve`
    on_missing_data: Option<String>,
    /// Repeats itself while it lasts; null or 0 is never [min]
    renotify_minutes: Option<i64>,
    /// Watches several groups, each on its own
    is_multi: Option<bool>,
    /// Who made it
    creator_key: Option<Pseudonym>,
    /// Made
    created_at: Option<Timestamp>,
    /// Last changed by somebody
    modified_at: Option<Timestamp>,
}

const PAGING: Paging = Paging { size: "page_size", most: 1000, place: "page", counts: Counts::Pages, items: "", end: End::ShortPage };

/// A monitor as Datadog sends it. Of its messages only what they call is kept.
#[derive(Deserialize)]
struct Wire {
    id: i64,
    name: Option<String>,
    #[serde(rename = "type")]
    kind: String,
    query: String,
    message: Option<String>,
    tags: Option<Vec<String>>,
    priority: Option<i64>,
    overall_state: Option<String>,
    overall_state_modified: Option<Timestamp>,
    matching_downtimes: Option<Vec<Matching>>,
    multi: Option<bool>,
    creator: Option<Creator>,
    created: Option<Timestamp>,
    modified: Option<Timestamp>,
    options: Option<Options>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Options {
    /// By scope, when the silence ends in seconds since 1970; null is never.
    silenced: Option<BTreeMap<String, Option<i64>>>,
    notify_no_data: Option<bool>,
    no_data_timeframe: Option<i64>,
    on_missing_data: Option<String>,
    renotify_interval: Option<i64>,
    escalation_message: Option<String>,
}

#[derive(Deserialize)]
struct Matching {
    id: DowntimeId,
}

/// The older downtimes have numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum DowntimeId {
    Number(i64),
    Text(String),
}

impl Item for Wire {
    type Id = i64;

    fn id(&self) -> i64 {
        self.id
    }
}

fn collect<'a>(context: &'a Context<'a>) -> BoxFuture<'a, Result<(), CollectError>> {
    read(context, &TABLE, "/api/v1/monitor?with_downtimes=true", &PAGING, |wire| vec![row(context.pseudonyms, context.now.into(), wire)])
        .boxed()
}

fn row(pseudonyms: &Pseudonyms, now: Timestamp, wire: Wire) -> Monitor {
    let options = wire.options.unwrap_or_default();
    let silenced = silences(options.silenced, now);
    let renotify_minutes = options.renotify_interval;
    // What it says when it repeats itself calls nobody if it never does.
    let repeated = options.escalation_message.filter(|_| renotify_minutes.is_some_and(|minutes| minutes > 0));
    let targets: BTreeSet<Target> = wire.message.iter().chain(&repeated).flat_map(|message| notify::targets(pseudonyms, message)).collect();
    let kinds: BTreeSet<&str> = targets.iter().map(|target| target.kind).collect();
    Monitor {
        monitor_id: wire.id,
        name: mask(pseudonyms, wire.name.unwrap_or_default()),
        monitor_type: wire.kind,
        query: mask(pseudonyms, wire.query),
        tags: tags::by_key(pseudonyms, wire.tags),
        priority: wire.priority,
        overall_state: wire.overall_state,
        overall_state_since: wire.overall_state_modified,
        is_muted: silenced.contains_key(WHOLE),
        muted_until: silenced.get(WHOLE).copied().flatten(),
        muted_scopes: silenced.into_keys().map(|scope| mask(pseudonyms, scope)).collect(),
        downtime_ids: wire.matching_downtimes.unwrap_or_default().into_iter().map(Matching::text).collect(),
        notification_kinds: kinds.into_iter().map(str::to_owned).collect(),
        notification_targets: targets.into_iter().map(|Target { kind, handle }| format!("{kind}:{handle}")).collect(),
        notifies_no_data: options.notify_no_data,
        no_data_minutes: options.no_data_timeframe,
        on_missing_data: options.on_missing_data,
        renotify_minutes,
        is_multi: wire.multi,
        creator_key: creator(pseudonyms, wire.creator.as_ref()),
        created_at: wire.created,
        modified_at: wire.modified,
    }
}

/// The scope that stands for all groups of a monitor.
const WHOLE: &str = "*";

/// What is silenced at this moment, and until when. A silence that has ended may still stand there.
fn silences(silenced: Option<BTreeMap<String, Option<i64>>>, now: Timestamp) -> BTreeMap<String, Option<Timestamp>> {
    let ends = silenced.unwrap_or_default().into_iter().map(|(scope, end)| (scope, end.map(epoch)));
    ends.filter(|(_, end)| end.is_none_or(|end| end > now)).collect()
}

impl Matching {
    fn text(self) -> String {
        match self.id {
            DowntimeId::Number(number) => number.to_string(),
            DowntimeId::Text(text) => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    /// The moment of the run, in seconds since 1970.
    const NOW: i64 = 1_795_255_200;

    fn row_of(fields: Value) -> Monitor {
        let mut monitor = json!({"id": 7, "name": "Lamp is dark", "type": "metric alert", "query": "avg(last_5m):avg:lamp{*} < 1"});
        monitor.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        row(&Pseudonyms::new(&"key".into()), epoch(NOW), serde_json::from_value(monitor).unwrap())
    }

    #[test]
    fn a_silence_counts_until_it_ends() {
        let muted = |silenced: Value| {
            let row = row_of(json!({"options": {"silenced": silenced}}));
            (row.is_muted, row.muted_until.map(|until| until.0 / 1_000_000), row.muted_scopes.join(" "))
        };
        assert_eq!(muted(json!({})), (false, None, String::new()));
        assert_eq!(muted(json!({"*": null})), (true, None, "*".to_owned()));
        assert_eq!(muted(json!({"*": NOW + 60})), (true, Some(NOW + 60), "*".to_owned()));
        assert_eq!(muted(json!({"*": NOW})), (false, None, String::new()), "it has just ended");
        assert_eq!(muted(json!({"env:staging": null, "env:qa": NOW - 1, "*": NOW - 1})), (false, None, "env:staging".to_owned()));
        assert_eq!(muted(json!(null)), (false, None, String::new()));
    }

    #[test]
    fn whom_it_calls_is_told_from_what_it_says_and_repeats() {
        let called = |options: Value| {
            let row = row_of(json!({"message": "Ada, light it! @slack-lamp @ada@clockwork.example", "options": options}));
            assert!(!serde_json::to_string(&row).unwrap().to_lowercase().contains("ada"));
            row.notification_kinds.join(" ")
        };
        assert_eq!(called(json!({"escalation_message": "@pagerduty-Lamp"})), "email slack", "it never repeats itself");
        assert_eq!(called(json!({"escalation_message": "@pagerduty-Lamp", "renotify_interval": 10})), "email pagerduty slack");
    }

    #[test]
    fn what_is_left_out_is_unknown() {
        let row =
            row_of(json!({"options": null, "tags": null, "matching_downtimes": [{"id": 8}, {"id": "d1"}], "creator": {"handle": ""}}));
        assert_eq!((row.priority, row.notifies_no_data, row.renotify_minutes, row.creator_key), (None, None, None, None));
        assert_eq!(row.downtime_ids, ["8", "d1"]);
    }
}
