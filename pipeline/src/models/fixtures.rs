//! A tiny world for tests: three raw tables, models of a line each, and a lake in a folder.

use std::{path::Path, sync::Arc};

use almanac_collectors::table::{Column, ColumnKind, Kind, Probe, Read, Sensitivity, Table, Watch};
use arrow::array::{ArrayRef, Int64Array, RecordBatch, StringArray};
use chrono::{DateTime, NaiveDate, Utc};
use tempfile::TempDir;
use ulid::Ulid;

use super::{
    ModelError,
    build::{BuildOptions, BuildReport, build_catalog},
    catalog::{Catalog, Files},
    files::{Reference, SqlFile},
};
use crate::{
    config::Config,
    lake::Lake,
    ledger::{self, Ledger},
    progress::Talk,
};

const fn column(name: &'static str, kind: ColumnKind) -> Column {
    Column { name, kind, nullable: true, unit: None, meaning: "for tests", sensitivity: Sensitivity::Internal }
}

const COLUMNS: &[Column] = &[column("id", ColumnKind::Integer), column("state", ColumnKind::Text)];

const fn table(name: &'static str, kind: Kind, columns: &'static [Column]) -> Table {
    Table {
        source: "shop",
        name,
        meaning: "One row per thing.",
        kind,
        grain: &["id"],
        version: None,
        endpoint: "none",
        permission: "none",
        probe: Probe::Nothing,
        requests: |_| Some(0),
        columns,
        watch: Watch::NOTHING,
        read: Read::With(ledger::TABLES[1]),
    }
}

/// A snapshot table.
pub(crate) static ORDERS: Table = table("orders", Kind::Snapshot, COLUMNS);
/// Another.
pub(crate) static RETURNS: Table = table("returns", Kind::Snapshot, COLUMNS);
/// The same as the first before a column was added to it.
pub(crate) static OLD_ORDERS: Table = table("orders", Kind::Snapshot, &[column("id", ColumnKind::Integer)]);
/// A table of changes.
pub(crate) static EVENTS: Table = table("events", Kind::Changes, COLUMNS);

/// A file at a path.
pub(crate) fn file(path: &str, text: &str) -> SqlFile {
    SqlFile { path: path.to_owned(), text: text.to_owned().into() }
}

/// A model with the one column `id`, or, when daily, `date` and `id`.
pub(crate) fn model(name: &str, kind: &str, sql: &str) -> SqlFile {
    let date = if kind.starts_with("daily") { ("date, ", "--   date    the day\n") } else { ("", "") };
    file(
        &format!("sql/marts/{name}.sql"),
        &format!(
            "-- One row per id.\n-- grain: {}id\n-- kind: {kind}\n-- owner: test\n-- columns:\n{}--   id    the id\n{sql}\n",
            date.0, date.1
        ),
    )
}

/// An assertion.
pub(crate) fn assertion(name: &str, severity: &str, sql: &str) -> SqlFile {
    file(&format!("sql/assertions/{name}.sql"), &format!("-- severity: {severity}\n-- title: it holds\n-- remedy: mend it\n{sql}\n"))
}

/// A question with the one column `n`.
pub(crate) fn question(name: &str, sql: &str) -> SqlFile {
    file(
        &format!("sql/questions/{name}.sql"),
        &format!("-- title: A question\n-- question: How many?\n-- owner: test\n-- columns:\n--   n    how many\n{sql}\n"),
    )
}

/// A catalog of models over the three tables and the ledger.
pub(crate) fn catalog(models: &[SqlFile]) -> Result<Catalog, ModelError> {
    catalog_with(models, &[], &[])
}

/// A catalog with questions and assertions.
pub(crate) fn catalog_with(models: &[SqlFile], questions: &[SqlFile], assertions: &[SqlFile]) -> Result<Catalog, ModelError> {
    let bands = file("sql/reference/bands.csv", "name,least,since\nlow,0,2026-01-01\nit's high,1.5,\n");
    let files = Files {
        references: vec![Reference::Constants(bands)],
        models: models.to_vec(),
        questions: questions.to_vec(),
        assertions: assertions.to_vec(),
        ..Files::default()
    };
    Catalog::of(tables(), files, Path::new("/nonexistent"))
}

/// The three tables and the ledger.
pub(crate) fn tables() -> Vec<&'static Table> {
    let mut tables = vec![&ORDERS, &RETURNS, &EVENTS];
    tables.extend(ledger::TABLES);
    tables
}

/// A day of November 2026.
pub(crate) fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).expect("November has it")
}

/// Nine in the morning of such a day.
pub(crate) fn nine(of: u32) -> DateTime<Utc> {
    day(of).and_hms_opt(9, 0, 0).expect("it is a time").and_utc()
}

/// A lake in a folder that vanishes.
pub(crate) struct World {
    pub(crate) lake: Lake,
    pub(crate) config: Config,
    folder: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let url = format!("file://{}", folder.path().join("lake").display());
        let config = Config::parse(&folder.path().join("almanac.toml"), "", Some(&url)).expect("nothing is a configuration");
        let lake = config.lake().expect("it is a folder");
        Self { lake, config, folder }
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Publishes a partition with these ids, whose state is `state`.
    pub(crate) async fn publish(&self, table: &Table, date: NaiveDate, ids: &[i64], state: &str) {
        let columns: Vec<ArrayRef> = vec![Arc::new(Int64Array::from(ids.to_vec())), Arc::new(StringArray::from(vec![state; ids.len()]))];
        let rows = RecordBatch::try_new(table.schema(), columns[..table.columns.len()].to_vec()).expect("they fit");
        self.lake.publish_rows(table, date, Ulid::new(), &rows).await.expect("the folder takes it");
    }

    /// Builds on a day.
    pub(crate) async fn build(&self, catalog: &Catalog, today: u32, change: impl FnOnce(&mut BuildOptions)) -> BuildReport {
        let mut options = BuildOptions::of(day(today), nine(today));
        change(&mut options);
        let ledger = Ledger::new("build", nine(today));
        build_catalog(catalog, &self.lake, &self.config, options, &ledger, &Talk::silent()).await.expect("the lake is there")
    }
}
