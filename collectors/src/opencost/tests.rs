//! Whole walks against small hosts that answer over HTTP: what is asked for, what becomes of it, and that one cluster is not another's.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use arrow::record_batch::RecordBatch;
use futures::{FutureExt, future::BoxFuture};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{
    OpenCost, OpenCostConfig, allocation_steps, allocations, assets,
    config::{ClusterConfig, Edition, Step},
    entry::tests::{KEY, entry, moment},
};
use crate::{
    collect::{CollectError, Context, Outcome, Parent, Sink, Status},
    doctor::{Checkup, GrantState},
    privacy::Pseudonyms,
    sources::Sources,
    table::{Read, Table, Timestamp, from_batch},
};

/// What a host answers to the hours that it is asked for, from the first to before the second.
type Answers = fn(usize, usize) -> (u16, String);

/// A host, and the hours that it was asked for.
struct Host {
    url: String,
    asked: Arc<Mutex<Vec<(usize, usize)>>>,
}

impl Host {
    async fn new(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/cost", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = vec![0; 8192];
                let length = stream.read(&mut request).await.unwrap();
                let path = String::from_utf8_lossy(&request[..length]).split(' ').nth(1).unwrap_or_default().to_owned();
                let window = path.split_once("window=").unwrap().1.split('&').next().unwrap();
                // A checkup asks for the last hour.
                let span = window.split_once(',').map_or((0, 1), |(start, end)| (hour(start), hour(end)));
                log.lock().unwrap().push(span);
                let (status, body) = answers(span.0, span.1);
                let head =
                    format!("HTTP/1.1 {status} -\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}", body.len());
                stream.write_all(format!("{head}\r\n\r\n{body}").as_bytes()).await.unwrap();
            }
        });
        Self { url, asked }
    }

    fn asked(&self) -> Vec<(usize, usize)> {
        self.asked.lock().unwrap().clone()
    }
}

/// The hour of 2026-11-20 that a moment is.
fn hour(text: &str) -> usize {
    (0..=24).find(|&hour| moment(hour) == text).unwrap_or_else(|| panic!("`{text}` is no hour of the day"))
}

/// A sink that keeps everything.
#[derive(Debug)]
struct Kept {
    wanted: Vec<&'static Table>,
    rows: Mutex<Vec<(String, RecordBatch)>>,
    outcomes: Mutex<BTreeMap<(String, String), Outcome>>,
}

impl Sink for Kept {
    fn wants(&self, table: &'static Table) -> bool {
        self.wanted.contains(&table)
    }

    fn is_done(&self, table: &'static Table, parent: &Parent) -> bool {
        self.outcomes.lock().unwrap().contains_key(&(table.name.to_owned(), parent.id.clone()))
    }

    fn since(&self, _: &'static Table, _: &Parent) -> Option<Timestamp> {
        None
    }

    fn etag(&self, _: &'static Table, _: &Parent) -> Option<String> {
        None
    }

    fn expect(&self, _: &'static Table, _: usize) {}

    fn rows<'a>(&'a self, table: &'static Table, _: &'a Parent, rows: RecordBatch) -> BoxFuture<'a, Result<(), CollectError>> {
        self.rows.lock().unwrap().push((table.name.to_owned(), rows));
        async { Ok(()) }.boxed()
    }

    fn published<'a>(&'a self, _: &'static Table) -> BoxFuture<'a, Result<Option<Vec<RecordBatch>>, CollectError>> {
        async { Ok(None) }.boxed()
    }

    fn done<'a>(
        &'a self,
        table: &'static Table,
        parent: &'a Parent,
        outcome: Outcome,
        _: Vec<(Parent, Outcome)>,
    ) -> BoxFuture<'a, Result<(), CollectError>> {
        let before = self.outcomes.lock().unwrap().insert((table.name.to_owned(), parent.id.clone()), outcome);
        assert!(before.is_none(), "`{}` is closed once for {}", parent.id, table.name);
        async { Ok(()) }.boxed()
    }
}

impl Kept {
    fn of(tables: &[&'static Table]) -> Self {
        Self { wanted: tables.to_vec(), rows: Mutex::default(), outcomes: Mutex::default() }
    }

    fn read<T: serde::de::DeserializeOwned>(&self, table: &Table) -> Vec<T> {
        let rows = self.rows.lock().unwrap();
        rows.iter().filter(|(name, _)| name == table.name).flat_map(|(_, rows)| from_batch::<T>(rows).unwrap()).collect()
    }

    fn outcome(&self, table: &Table, cluster: &str) -> Outcome {
        self.outcomes.lock().unwrap()[&(table.name.to_owned(), cluster.to_owned())].clone()
    }

    /// Status and detail of a cluster's allocations, which are those of its steps.
    fn told(&self, cluster: &str) -> (Status, Option<String>) {
        let [of_entries, of_steps] = [&allocations::TABLE, &allocation_steps::TABLE].map(|table| self.outcome(table, cluster));
        assert_eq!((of_steps.status, &of_steps.detail), (of_entries.status, &of_entries.detail));
        (of_entries.status, of_entries.detail)
    }

    /// The state of each step, entries and rejected entries.
    fn steps(&self) -> Vec<(String, i64, i64)> {
        let steps: Vec<StepRow> = self.read(&allocation_steps::TABLE);
        steps.into_iter().map(|step| (step.state, step.entries, step.rejected)).collect()
    }

    /// The hours at which each stored entry stands.
    fn hours(&self) -> Vec<usize> {
        let rows: Vec<EntryRow> = self.read(&allocations::TABLE);
        rows.iter().map(|row| usize::try_from((row.step_started_at - 1_795_132_800_000_000) / 3_600_000_000).unwrap()).collect()
    }
}

#[derive(Deserialize)]
struct StepRow {
    state: String,
    entries: i64,
    rejected: i64,
}

#[derive(Deserialize)]
struct EntryRow {
    cluster: String,
    step_started_at: i64,
}

/// Collects the day 2026-11-20 at this moment, from clusters of these names.
async fn collect_from(settings: OpenCostConfig, now: &str, tables: &[&'static Table]) -> Kept {
    let kept = Kept::of(tables);
    collect_day(&sources(settings), &kept, now).await;
    kept
}

fn sources(settings: OpenCostConfig) -> Sources {
    Sources { opencost: Some(OpenCost::new(&settings, |_| None).unwrap()), ..Sources::default() }
}

async fn collect_day(sources: &Sources, kept: &Kept, now: &str) {
    let (pseudonyms, now, day) = (Pseudonyms::new(&"key".into()), now.parse().unwrap(), "2026-11-20".parse().unwrap());
    let context = Context { sources, now, day, pseudonyms: &pseudonyms, sink: kept };
    let mut walks: Vec<&'static Table> = kept.wanted.iter().map(|table| table.walked_by()).collect();
    walks.dedup();
    for table in walks {
        let Read::By(collect) = table.read else { panic!("`{}` has a walk of its own", table.name) };
        collect(&context).await.unwrap();
    }
}

fn settings(clusters: &[(&str, &str)]) -> OpenCostConfig {
    let edition = Edition::Opencost;
    let cluster = |(name, url): &(&str, &str)| ClusterConfig { name: (*name).to_owned(), url: (*url).to_owned(), edition, token_env: None };
    OpenCostConfig { clusters: clusters.iter().map(cluster).collect(), timeout_s: 5, max_wait_s: 1, ..OpenCostConfig::default() }
}

const BOTH: [&Table; 2] = [&allocation_steps::TABLE, &allocations::TABLE];
const LATER: &str = "2026-11-22T10:00:00Z";

/// Both tables of one cluster's whole day.
async fn day_of(answers: Answers) -> (Kept, Vec<(usize, usize)>) {
    let host = Host::new(answers).await;
    let kept = collect_from(settings(&[("production", &host.url)]), LATER, &BOTH).await;
    (kept, host.asked())
}

/// A whole answer with these parts.
fn body(data: Value) -> (u16, String) {
    (200, json!({"code": 200, "data": data}).to_string())
}

/// A step with one entry.
fn part(hour: usize) -> Value {
    json!({KEY: entry(hour, json!({}))})
}

fn parts(start: usize, end: usize) -> (u16, String) {
    body((start..end).map(part).collect())
}

fn truncated(detail: &str) -> (Status, Option<String>) {
    (Status::Truncated, Some(detail.to_owned()))
}

#[tokio::test]
async fn a_day_is_read_in_spans_and_each_step_told() {
    let (kept, asked) = day_of(parts).await;
    assert_eq!(asked, [(0, 6), (6, 12), (12, 18), (18, 24)]);
    assert_eq!(kept.told("production"), (Status::Ok, None));
    assert_eq!(kept.hours(), (0..24).collect::<Vec<_>>());
    assert_eq!(kept.steps(), vec![("ok".to_owned(), 1, 0); 24]);
    let outcome = kept.outcome(&allocations::TABLE, "production");
    assert_eq!((outcome.rows, outcome.requests), (24, 4));
    let of_steps = kept.outcome(&allocation_steps::TABLE, "production");
    assert_eq!((of_steps.rows, of_steps.requests), (24, 0), "what it took stands with the allocations");
}

#[tokio::test]
async fn hours_to_come_are_not_asked_for() {
    let host = Host::new(parts).await;
    let now = async |now: &str| collect_from(settings(&[("production", &host.url)]), now, &BOTH).await;
    let kept = now("2026-11-20T07:59:59Z").await;
    assert_eq!((kept.told("production"), kept.steps().len()), ((Status::Ok, None), 7));
    assert_eq!(host.asked(), [(0, 6), (6, 7)]);
    let kept = now("2026-11-20T00:30:00Z").await;
    assert_eq!(kept.told("production"), truncated("no hour of 2026-11-20 is over yet"));
    assert_eq!(host.asked().len(), 2);
}

#[tokio::test]
async fn a_day_in_one_step_is_asked_for_at_once() {
    let host = Host::new(|_, _| {
        let day = json!({"window": {"start": moment(0), "end": moment(24)}, "end": moment(24), "minutes": 1440});
        body(json!([{KEY: entry(0, day)}]))
    })
    .await;
    let kept = collect_from(OpenCostConfig { step: Step::Day, ..settings(&[("production", &host.url)]) }, LATER, &BOTH).await;
    assert_eq!((host.asked(), kept.told("production")), (vec![(0, 24)], (Status::Ok, None)));
    assert_eq!(kept.steps(), [("ok".to_owned(), 1, 0)]);
}

#[tokio::test]
async fn what_is_too_much_is_asked_for_in_halves_and_stays_small() {
    let host = Host::new(|start, end| {
        if end - start > 2 { (500, r#"{"code":500,"message":"context deadline exceeded"}"#.to_owned()) } else { parts(start, end) }
    })
    .await;
    let sources = sources(OpenCostConfig { hours_per_request: 5, ..settings(&[("production", &host.url)]) });
    for day in 0..2 {
        let kept = Kept::of(&BOTH);
        collect_day(&sources, &kept, LATER).await;
        assert_eq!((kept.told("production"), kept.hours().len()), ((Status::Ok, None), 24));
        let asked = host.asked();
        assert_eq!(asked[..4], [(0, 5), (0, 5), (0, 2), (2, 4)], "tried twice, then halved");
        assert_eq!(asked.len(), 2 + 12 * (day + 1), "the next day begins with what was answered");
    }
}

#[tokio::test]
async fn an_hour_that_cannot_be_read_is_a_gap_of_its_own() {
    let (kept, asked) = day_of(|start, end| match (start..end).contains(&3) || (start..end).contains(&17) {
        true => (200, r#"{"code":400,"message":"too many samples","data":null}"#.to_owned()),
        false => parts(start, end),
    })
    .await;
    assert_eq!(kept.told("production"), truncated("no data for 03:00, 17:00; 03:00: 400: too many samples"));
    assert_eq!((kept.hours().len(), asked.len()), (22, 3 + 21), "from 03:00 on hour by hour");
    let missing: Vec<_> = kept.steps().into_iter().enumerate().filter(|(_, step)| step.0 == "missing").map(|(hour, _)| hour).collect();
    assert_eq!(missing, [3, 17]);
}

#[tokio::test]
async fn after_three_hours_that_cannot_be_read_the_rest_is_not_asked_for() {
    let (kept, asked) = day_of(|start, end| if end > 2 { (422, r#"{"message":"dark"}"#.to_owned()) } else { parts(start, end) }).await;
    assert_eq!(asked, [(0, 6), (0, 3), (0, 1), (1, 2), (2, 3), (3, 4), (4, 5)]);
    let (status, detail) = kept.told("production");
    assert_eq!((status, kept.hours()), (Status::Truncated, vec![0, 1]));
    assert!(detail.unwrap().ends_with("22:00, 23:00; 02:00: 422: dark"));
    assert_eq!(kept.steps().len(), 24);

    let (kept, asked) = day_of(|_, _| (200, "{\"data\": 7}".to_owned())).await;
    assert_eq!((asked.len(), kept.hours().len()), (5, 0));
    assert_eq!(kept.told("production"), (Status::Error, Some("an unexpected shape: expected a sequence at line 1 column 1".to_owned())));
}

#[tokio::test]
async fn a_cluster_that_was_silent_for_long_is_asked_once_a_day() {
    let host = Host::new(|_, _| (422, r#"{"message":"dark"}"#.to_owned())).await;
    let sources = sources(settings(&[("production", &host.url)]));
    for asked in [5, 6, 7] {
        let kept = Kept::of(&BOTH);
        collect_day(&sources, &kept, LATER).await;
        assert_eq!((kept.told("production"), host.asked().len()), ((Status::Error, Some("422: dark".to_owned())), asked));
    }
}

#[tokio::test]
async fn a_cluster_that_tells_nothing_of_its_assets_is_asked_for_its_allocations_as_patiently_as_any() {
    static TIMES: AtomicUsize = AtomicUsize::new(0);
    let host = Host::new(|start, end| match (start, end) {
        (0, 24) => (422, r#"{"message":"no assets"}"#.to_owned()),
        (0, 6) if TIMES.fetch_add(1, Ordering::Relaxed) == 1 => (500, String::new()),
        _ => parts(start, end),
    })
    .await;
    let sources = sources(settings(&[("production", &host.url)]));
    for _ in 0..2 {
        let kept = Kept::of(&[&allocation_steps::TABLE, &allocations::TABLE, &assets::TABLE]);
        collect_day(&sources, &kept, LATER).await;
        assert_eq!((kept.told("production"), kept.hours().len()), ((Status::Ok, None), 24));
        assert_eq!(kept.outcome(&assets::TABLE, "production").status, Status::Error);
    }
    assert_eq!(host.asked()[5..7], [(0, 6), (0, 6)]);
}

#[tokio::test]
async fn what_happens_to_a_cluster_happens_to_no_other() {
    let open = Host::new(parts).await;
    let closed = Host::new(|_, _| (401, r#"{"message":"who are you?"}"#.to_owned())).await;
    let hidden = Host::new(|_, _| (200, r#"{"code":404,"message":"no such thing"}"#.to_owned())).await;
    let later = Host::new(|start, end| if start < 6 { parts(start, end) } else { (403, String::new()) }).await;
    let clusters = [("open", open.url.as_str()), ("closed", &closed.url), ("hidden", &hidden.url), ("later", &later.url)];
    let tables = [&allocation_steps::TABLE, &allocations::TABLE, &assets::TABLE];
    let kept = collect_from(settings(&clusters), LATER, &tables).await;
    assert_eq!(kept.told("open"), (Status::Ok, None));
    assert_eq!(kept.told("closed"), (Status::Forbidden, Some("401: who are you?".to_owned())));
    assert_eq!(kept.told("hidden"), (Status::NotFound, Some("404: no such thing".to_owned())));
    let (status, detail) = kept.told("later");
    assert_eq!((status, later.asked().len()), (Status::Truncated, 3), "two spans, and its assets");
    assert!(detail.unwrap().ends_with("23:00; 06:00: 403 Forbidden"));
    assert_eq!(closed.asked().len(), 1, "a credential that was refused is not sent again");
    let rows: Vec<EntryRow> = kept.read(&allocations::TABLE);
    assert_eq!(rows.iter().filter(|row| row.cluster == "open").count(), 24);
    assert_eq!(rows.len(), 24 + 6);
    assert_eq!(kept.outcome(&assets::TABLE, "closed").status, Status::Forbidden);
}

#[tokio::test]
async fn steps_without_entries_are_told_and_no_zero() {
    let (kept, _) = day_of(|start, end| match start {
        0 => body(json!([part(0), null, part(2), part(4), {}])),
        6 => body(Value::Null),
        12 => body(json!([part(13), part(12), part(13), part(1), part(14), null])),
        _ => parts(start, end),
    })
    .await;
    let unknown = "no data for 01:00, 03:00, 05:00, 06:00, 07:00, 08:00, 09:00, 10:00, 11:00, 15:00, 16:00, 17:00";
    let (status, detail) = kept.told("production");
    let detail = detail.unwrap();
    assert!(status == Status::Truncated && detail.ends_with(unknown) && detail.contains("it is there twice"), "{detail}");
    let told = kept.steps();
    let states: Vec<_> = told.iter().take(18).map(|step| step.0.as_str()).collect();
    assert_eq!(states[..6], ["ok", "null", "ok", "missing", "ok", "empty"], "a step that is left out moves the others");
    assert_eq!(states[6..12], ["null"; 6]);
    assert_eq!(states[12..], ["ok", "ok", "ok", "null", "missing", "missing"], "the order is that of the windows");
    assert_eq!((told[13].1, told[1].1), (1, 0), "what comes twice counts once, and is told");
}

#[tokio::test]
async fn a_cluster_that_was_not_there_yet_is_a_gap_and_not_free() {
    let (kept, asked) = day_of(|start, end| body((start..end).map(|_| Value::Null).collect())).await;
    let (status, detail) = kept.told("production");
    assert_eq!((status, asked.len(), kept.hours().len()), (Status::Truncated, 4, 0));
    assert!(detail.unwrap().starts_with("no data for 00:00, 01:00"));
    assert_eq!(kept.steps(), vec![("null".to_owned(), 0, 0); 24]);
}

#[tokio::test]
async fn an_entry_that_cannot_be_is_named_and_the_others_stay() {
    let (kept, _) = day_of(|start, end| {
        if start != 0 {
            return parts(start, end);
        }
        let mut steps: Vec<Value> = (0..6).map(part).collect();
        steps[1] = json!({"lamp": 7});
        steps[2]["lamp"] = entry(2, json!({"window": {"start": moment(0), "end": moment(6)}}));
        steps[3]["lamp"] = entry(3, json!({"cpuCost": -3.2}));
        steps[4]["lamp"] = entry(4, json!({"window": {"start": "2026-11-19T03:00:00Z", "end": "2026-11-19T04:00:00Z"}}));
        steps[5]["lamp"] = entry(5, json!({"ramCost": "@"}));
        (200, json!({"data": steps}).to_string().replace("\"@\"", "NaN"))
    })
    .await;
    let named = "`production` 2026-11-20T01:00: `lamp`: the entry is not of the documented shape (expected struct Wire); \
                 `production` 2026-11-20T02:00: `lamp`: window is no step that was asked for; \
                 `production` 2026-11-20T03:00: `lamp`: cpuCost is negative (-3.2), and 2 more; no data for 01:00";
    assert_eq!(kept.told("production"), truncated(named));
    let told = kept.steps();
    assert_eq!((&told[1], &told[5]), (&("rejected".to_owned(), 0, 1), &("ok".to_owned(), 1, 1)));
    assert_eq!(kept.hours().len(), 23);
}

#[tokio::test]
async fn entries_without_a_window_go_by_their_place() {
    let (kept, _) = day_of(|start, end| {
        let bare = |hour: usize| json!({KEY: entry(hour, json!({"window": "absent"}))});
        body((start..end + 1).map(bare).collect())
    })
    .await;
    assert_eq!(kept.hours(), (0..24).collect::<Vec<_>>());
    let (status, detail) = kept.told("production");
    assert_eq!(status, Status::Truncated);
    assert!(detail.unwrap().ends_with("window is missing, and no step is left, and 1 more"));
}

#[tokio::test]
async fn many_entries_are_handed_over_in_pages_and_steps_alone_in_one() {
    let answers: Answers = |start, end| {
        let step = |hour| (0..300).map(|no| (format!("{KEY}{no}"), entry(hour, json!({})))).collect::<serde_json::Map<_, _>>();
        body((start..end).map(|hour| Value::Object(step(hour))).collect())
    };
    let (kept, _) = day_of(answers).await;
    assert_eq!(kept.hours().len(), 7200);
    assert_eq!(kept.rows.lock().unwrap().iter().map(|(_, rows)| rows.num_rows()).collect::<Vec<_>>(), [2000, 2000, 2000, 1200, 24]);
    let host = Host::new(answers).await;
    let alone = collect_from(settings(&[("production", &host.url)]), LATER, &[&allocation_steps::TABLE]).await;
    let outcome = alone.outcome(&allocation_steps::TABLE, "production");
    assert_eq!((outcome.status, outcome.rows, outcome.requests), (Status::Ok, 24, 4));
    assert!(alone.hours().is_empty() && alone.steps()[0] == ("ok".to_owned(), 300, 0));
}

#[tokio::test]
async fn a_checkup_hears_a_refusal_that_calls_itself_a_success() {
    let well = Host::new(|_, _| body(json!([{}]))).await;
    let ill = Host::new(|_, _| (200, r#"{"code":401,"message":"who are you?","data":null}"#.to_owned())).await;
    let sources = sources(settings(&[("well", &well.url), ("ill", &ill.url)]));
    let checkups = sources.examine(&[&allocations::TABLE, &assets::TABLE]).await;
    let told = |checkup: &Checkup| checkup.account.as_ref().map_or_else(|error| error.message.clone(), Clone::clone);
    assert_eq!(checkups.iter().map(told).collect::<Vec<_>>(), ["without a credential", "401: who are you?"]);
    assert_eq!(
        checkups.iter().map(|checkup| (checkup.reads.as_str(), checkup.grants.len())).collect::<Vec<_>>(),
        [("well", 2), ("ill", 0)]
    );
    assert!(checkups[0].grants.iter().all(|grant| grant.state == GrantState::Granted));
}

#[tokio::test]
async fn assets_come_in_one_request_from_both_editions() {
    let asset = |name: &str, cost: f64| {
        let (start, end) = (moment(0), moment(24));
        json!({"type": "Node", "properties": {"name": name}, "start": start, "end": end, "minutes": 1440, "totalCost": cost})
    };
    for (edition, data, told) in [
        (Edition::Opencost, json!({"a": asset("n1", 1.0), "b": asset("n2", 2.0)}), (Status::Ok, None)),
        (Edition::Kubecost, json!([{"a": asset("n1", 1.0)}, {"b": asset("n2", 2.0)}]), (Status::Ok, None)),
        (
            Edition::Kubecost,
            json!([{"a": asset("n1", 1.0), "c": asset("n3", -1.0)}, {"a": asset("n1", 1.0), "b": asset("n2", 2.0)}, 7]),
            truncated(
                "`production` 2026-11-20: `c`: totalCost is negative (-1.0); `production` 2026-11-20: `a`: it is there twice; \
                 `production` 2026-11-20: `all of it`: not of the documented shape",
            ),
        ),
        (Edition::Opencost, json!(null), truncated("no data for 2026-11-20")),
        (Edition::Kubecost, json!([null]), truncated("no data for 2026-11-20")),
        (Edition::Opencost, json!({}), truncated("no data for 2026-11-20")),
    ] {
        let rows = if told.1.as_deref() == Some("no data for 2026-11-20") { 0 } else { 2 };
        // A host cannot keep what it is to answer: it is one of few.
        static ANSWER: Mutex<String> = Mutex::new(String::new());
        *ANSWER.lock().unwrap() = json!({"code": 200, "status": "success", "data": data}).to_string();
        let host = Host::new(|_, _| (200, ANSWER.lock().unwrap().clone())).await;
        let mut settings = settings(&[("production", &host.url)]);
        settings.clusters[0].edition = edition;
        let kept = collect_from(settings, LATER, &[&assets::TABLE]).await;
        let outcome = kept.outcome(&assets::TABLE, "production");
        assert_eq!(((outcome.status, outcome.detail), outcome.rows), (told, rows), "{data}");
        assert_eq!(host.asked(), [(0, 24)]);
    }
}
