//! One conformance suite for every store that a lake can be in: a folder, memory, and S3 over HTTP with signatures.

mod guards;
mod objects;
mod runs;

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use almanac::{
    config::EngineSettings,
    engine::{Clock, Engine, EngineError, Script},
    lake::{Lake, LakeError, Object},
};
use almanac_collectors::table::{Kind, Probe, Read, Row, Table, Watch, to_batch};
use almanac_test_support::s3::S3Server;
use arrow::{
    array::{AsArray, RecordBatch},
    datatypes::Int64Type,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use tempfile::TempDir;
use tokio::process::Command;
use ulid::Ulid;

const SNAPSHOT: Table = Table {
    source: "test",
    name: "states",
    meaning: "One row per group and name.",
    kind: Kind::Snapshot,
    grain: &["group_id", "name"],
    version: None,
    endpoint: "none",
    permission: "none",
    probe: Probe::Nothing,
    requests: |_| Some(0),
    columns: Thing::COLUMNS,
    // What comes and goes in these cases is what they are about.
    watch: Watch::NOTHING.tolerating(1.0, 1.0),
    read: Read::Itself,
};

const CHANGES: Table = Table { name: "events", kind: Kind::Changes, version: Some("value"), ..SNAPSHOT };

#[derive(Clone, Debug, PartialEq, Eq, Row, Serialize)]
struct Thing {
    /// Anything
    value: i64,
    /// Second half of the grain
    name: String,
    /// First half of the grain
    group_id: i64,
    /// Makes a row as long as real ones
    filling: Option<String>,
}

fn thing(group_id: i64, name: impl ToString, value: i64) -> Thing {
    Thing { value, name: name.to_string(), group_id, filling: None }
}

/// So many rows of one group, in no order.
fn things(group_id: i64, count: i64, value: i64) -> Vec<Thing> {
    // 7919 is a prime: every number below a count that it does not divide comes once.
    (0..count).map(|index| thing(group_id, format!("{:06}", index * 7919 % count), value)).collect()
}

fn batch(rows: &[Thing]) -> RecordBatch {
    to_batch(rows).expect("rows fit their table")
}

/// A lake that is empty, and the folder that its objects are files in, where there is one.
struct Store {
    lake: Lake,
    files: Option<PathBuf>,
    cache: TempDir,
}

impl Store {
    fn open(case: &str, url: &str, files: Option<PathBuf>) -> Self {
        #[expect(clippy::print_stdout, reason = "tells which case failed; the harness shows it then")]
        {
            println!("{case} in {url}");
        }
        let cache = TempDir::new().expect("a temporary folder");
        Self { lake: Lake::open(url, cache.path()).expect("the lake opens"), files, cache }
    }

    /// Objects below a folder of the lake, as they stand on the disk.
    fn on_disk(&self, below: &str) -> Option<Vec<PathBuf>> {
        fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
            for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
                if entry.path().is_dir() {
                    walk(&entry.path(), found);
                } else {
                    found.push(entry.path());
                }
            }
        }
        let mut found = Vec::new();
        walk(&self.files.as_ref()?.join(below), &mut found);
        found.sort();
        Some(found)
    }

    async fn published(&self, table: &Table) -> Vec<Object> {
        self.lake.listing().await.expect("the lake is listed").raw.remove(&table.full_name()).unwrap_or_default()
    }

    /// The rows of one object, in the order of the file.
    async fn rows(&self, object: &Object) -> Vec<Thing> {
        let paths = self.lake.local(std::slice::from_ref(object)).await.expect("the object is there");
        read(&paths[0])
    }

    /// The rows of a table, object by object.
    async fn all_rows(&self, table: &Table) -> Vec<Thing> {
        let mut rows = Vec::new();
        for object in self.published(table).await {
            rows.extend(self.rows(&object).await);
        }
        rows
    }
}

/// The rows of a file as it is at this moment, as DuckDB reads them: from a copy, for DuckDB opens a file more than once.
fn read(original: &Path) -> Vec<Thing> {
    let copy = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(copy.path(), std::fs::read(original).expect("the file can be read")).expect("the copy is written");
    query(copy.path()).expect("the file is whole")
}

/// The rows of a file, as DuckDB reads them.
fn query(path: &Path) -> Result<Vec<Thing>, EngineError> {
    let engine = Engine::open(&EngineSettings::default(), Clock { today: day(), now: at(0) }).expect("the engine opens");
    let text =
        format!("select value, name, group_id from read_parquet('{}', file_row_number = true) order by file_row_number", path.display());
    let rows = engine.query(Script { name: "rows", text: &text })?;
    let of_batch = |batch: &RecordBatch| {
        let (value, name, group_id) =
            (batch.column(0).as_primitive::<Int64Type>(), batch.column(1).as_string::<i32>(), batch.column(2).as_primitive::<Int64Type>());
        (0..batch.num_rows()).map(|row| thing(group_id.value(row), name.value(row), value.value(row))).collect::<Vec<_>>()
    };
    Ok(rows.batches.iter().flat_map(of_batch).collect())
}

/// How rows stand in a file: by grain, the newest of each once.
fn sorted(rows: impl IntoIterator<Item = Thing>) -> Vec<Thing> {
    let by_grain: std::collections::BTreeMap<_, _> = rows.into_iter().map(|row| ((row.group_id, row.name.clone()), row)).collect();
    by_grain.into_values().collect()
}

/// A moment: so many minutes after the day's tenth hour.
fn at(minutes: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_255_200 + 60 * minutes, 0).expect("a moment")
}

fn day() -> NaiveDate {
    at(0).date_naive()
}

/// The id of a run that begins then.
fn run_at(minutes: i64) -> Ulid {
    Ulid::from_parts(at(minutes).timestamp_millis().unsigned_abs(), 7)
}

/// Every case, each with a lake of its own.
async fn suite(make: impl Fn(&str) -> Store) {
    objects::rows_are_published_with_a_footer(make("footer")).await;
    objects::publishing_again_replaces(make("replace")).await;
    objects::readers_see_a_whole_object(make("whole")).await;
    objects::a_footer_outlives_a_replacement(make("raced")).await;
    objects::marts_come_and_go(make("marts")).await;
    objects::large_files_are_whole(make("large")).await;

    runs::a_snapshot_keeps_what_was_read_whole(make("snapshot")).await;
    runs::a_snapshot_of_nothing_is_not_published(make("nothing")).await;
    runs::many_rows_of_one_parent(make("pieces")).await;
    runs::many_parents(make("parents")).await;
    runs::changes_begin_where_each_parent_was_left(make("watermarks")).await;
    runs::nothing_new_publishes_nothing(make("nothing-new")).await;
    for table in [&SNAPSHOT, &CHANGES] {
        runs::an_interrupted_run_resumes(make(&format!("resume-{}", table.name)), table).await;
        runs::two_interruptions_leave_nothing_stale(make(&format!("twice-{}", table.name)), table).await;
        runs::a_parent_read_again_is_whole_or_unread(make(&format!("again-{}", table.name)), table).await;
        runs::random_runs(make(&format!("random-{}", table.name)), table).await;
    }
    guards::a_list_that_shrinks_is_held_back_until_it_is_accepted(make("held")).await;
    guards::what_was_held_back_is_read_again_unless_it_is_accepted(make("held-again")).await;
    guards::yesterdays_work_cannot_be_accepted_today(make("held-yesterday")).await;
    guards::a_column_that_falls_empty_is_held_back(make("empty")).await;
    guards::what_is_tolerated_is_published(make("tolerated")).await;
    guards::what_could_not_be_read_is_no_fall(make("unread")).await;
    runs::yesterdays_leftovers_are_swept(make("leftovers")).await;
    runs::a_published_run_is_over_though_not_swept(make("not-swept")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_folder() {
    let folder = TempDir::new().expect("a temporary folder");
    suite(|case| {
        let files = folder.path().join(case);
        Store::open(case, &files.display().to_string(), Some(files.clone()))
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory() {
    suite(|case| Store::open(case, "memory:", None)).await;
}

/// Marks a process that a test started to do its work with another environment, and names the bucket's folder.
const CHILD: &str = "ALMANAC_TEST_BUCKET_FOLDER";

/// In such a process: the bucket's name and folder. The `almanac` command chooses the provider of cryptography at its start.
fn bucket() -> Option<(String, PathBuf)> {
    let folder = PathBuf::from(std::env::var_os(CHILD)?);
    // Only one can be installed, and nobody did before.
    Some((folder.file_name()?.to_string_lossy().into_owned(), folder))
}

/// Runs one test of this binary in a process of its own: a lake on S3 takes its address and credentials from the environment, which a
/// process cannot safely change for itself.
async fn in_a_child(test: &str, server: &S3Server, more: &[(&str, &str)]) {
    let this = std::env::current_exe().expect("this test's binary");
    let mut command = Command::new(this);
    command.args([test, "--exact", "--nocapture"]).envs(server.environment()).env(CHILD, server.bucket_folder()).envs(more.iter().copied());
    let output = command.kill_on_drop(true).output().await.expect("the child starts");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success() && stdout.contains("1 passed"), "{stdout}\n{stderr}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn s3() {
    let Some((bucket, files)) = bucket() else {
        let folder = TempDir::new().expect("a temporary folder");
        let server = S3Server::start(folder.path()).await;
        return in_a_child("lake::s3", &server, &[]).await;
    };
    suite(|case| Store::open(case, &format!("s3://{bucket}/of/many/{case}"), Some(files.join("of/many").join(case)))).await;
    // A bucket that is the lake's alone.
    objects::rows_are_published_with_a_footer(Store::open("root", &format!("s3://{bucket}"), Some(files.clone()))).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_credential_says_what_to_check() {
    let Some((bucket, _)) = bucket() else {
        let folder = TempDir::new().expect("a temporary folder");
        let server = S3Server::start(folder.path()).await;
        return in_a_child("lake::a_refused_credential_says_what_to_check", &server, &[("AWS_SECRET_ACCESS_KEY", "another")]).await;
    };
    let store = Store::open("refused", &format!("s3://{bucket}/x"), None);
    let error = store.lake.check_writable().await.expect_err("the signature is wrong");
    assert!(matches!(error, LakeError::Unwritable { .. }), "{error:?}");
    assert_eq!(error.to_string(), format!("the lake `s3://{bucket}/x` cannot be written"));
    let hint = error.hint().expect("a hint");
    for word in ["AWS_ACCESS_KEY_ID", "s3:PutObject", "AWS_ENDPOINT_URL"] {
        assert!(hint.contains(word), "{hint}");
    }
    assert!(!format!("{error:?}").contains("another"), "the secret is in the error: {error:?}");
    // A lake that cannot be read is no empty lake.
    store.lake.listing().await.expect_err("the signature is wrong");
}

/// DuckDB opens a file more than once in a query: without a second name, a rerun that replaces it in between makes the query fail, or
/// mixes two files.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_query_outlives_a_rerun() {
    let folder = TempDir::new().expect("a temporary folder");
    let store = Store::open("rerun", &folder.path().display().to_string(), None);
    let publish = async |generation: i64| {
        let rows = things(1, 500 + 300 * (generation % 3), generation);
        store.lake.publish_rows(&SNAPSHOT, day(), run_at(generation), &batch(&rows)).await.expect("published");
    };
    publish(0).await;
    let object = store.published(&SNAPSHOT).await.remove(0);
    let pinned = store.lake.pinned();
    let path = pinned.local(&[object]).await.expect("the file is there").remove(0);
    let over = Arc::new(AtomicBool::new(false));
    let reader = std::thread::spawn({
        let over = Arc::clone(&over);
        move || {
            while !over.load(Ordering::SeqCst) {
                let rows = query(&path).expect("the file is whole");
                let generation = rows[0].value;
                assert!(rows == things(1, 500 + 300 * (generation % 3), generation), "rows of two files");
            }
        }
    });
    for generation in 1..2_000 {
        publish(generation).await;
    }
    over.store(true, Ordering::SeqCst);
    reader.join().expect("every query is answered");
}

#[test]
fn an_address_that_is_none_says_what_one_is() {
    let folder = TempDir::new().expect("a temporary folder");
    for url in ["gs://bucket/x", "s3:///x"] {
        let error = Lake::open(url, folder.path()).expect_err("no such lake");
        assert!(matches!(error, LakeError::Address { .. }) && error.to_string().contains(url), "{error}");
        assert!(error.hint().is_some_and(|hint| hint.contains("s3://bucket/prefix")));
    }
    // A folder cannot be made below a file.
    let file = folder.path().join("file");
    std::fs::write(&file, "").expect("a file");
    let error = Lake::open(&file.join("lake").display().to_string(), folder.path()).expect_err("not a folder");
    assert!(matches!(error, LakeError::Unwritable { .. }), "{error:?}");
    assert!(error.hint().is_some_and(|hint| hint.contains("permissions")));
}
