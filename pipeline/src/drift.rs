//! What changed between one day's snapshots and those before them, for the columns that each table names as worth watching.

use almanac_collectors::{
    catalog,
    github::repository_files,
    table::{Kind, Probe, Read, Row, Table, Watch, to_batch},
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use crate::lake::{Change, Lake, LakeError, Listing, Object, Snapshot, What};

/// `almanac.snapshot_changes`
pub const SNAPSHOT_CHANGES: Table = Table {
    source: "almanac",
    name: "snapshot_changes",
    meaning: "One row per snapshot, row and column that differs from the snapshot before it, of the columns that are worth watching.",
    kind: Kind::Window,
    grain: &["source", "table_name", "key", "column_name"],
    version: None,
    endpoint: "none: Almanac compares its own snapshots",
    permission: "none",
    probe: Probe::Nothing,
    requests: |_| Some(0),
    columns: ChangeRow::COLUMNS,
    watch: Watch::NOTHING,
    read: Read::Itself,
};

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Row, Serialize, Deserialize)]
pub struct ChangeRow {
    /// System that the snapshot is of
    pub source: String,
    /// Table that changed, without its source
    pub table_name: String,
    /// Grain of the row that changed, as a JSON object
    pub key: String,
    /// Column that changed; empty for a row that came or went
    pub column_name: String,
    /// added, removed or changed
    pub change: String,
    /// What people call the row: its full name, name or slug; null where it has none
    pub name: Option<String>,
    /// What the column held, as text, a list or a map as JSON; null where it held nothing. For a row that went, what its columns held that are watched, as a JSON object; null for one that came
    pub before: Option<String>,
    /// What it holds now, likewise; null for a row that went
    pub after: Option<String>,
    /// Date of the snapshot that this one was compared with
    pub previous_date: String,
    /// How long before this one that was; above 1 where days are missing [days]
    pub days_between: i64,
}

/// Compares the snapshots of these tables that were just published with those before them, and puts what differs in place of what was said
/// of them that day; `earlier` are the objects from before the run. Gives the rows told; `None` where no table had an earlier snapshot.
///
/// # Errors
/// When a snapshot cannot be read, or the lake does not take the changes.
pub async fn record(
    lake: &Lake,
    earlier: &Listing,
    tables: &[&'static Table],
    date: NaiveDate,
    run: Ulid,
) -> Result<Option<usize>, LakeError> {
    // The catalog stands in files, those of repositories among them.
    let (files, files_now) = (&repository_files::TABLE, lake.published(&repository_files::TABLE, date).await?);
    let mut compared = Vec::new();
    for table in tables.iter().filter(|table| table.kind == Kind::Snapshot && !table.watch.columns.is_empty()) {
        // A rerun compares with the last earlier date as well, and not with what it replaced.
        let before = dated(earlier, table).rfind(|(previous, _)| *previous < date);
        let after = lake.published(table, date).await?;
        if let (Some((previous, before)), Some(after)) = (before, &after) {
            let is_in_files = catalog::TABLES.contains(table);
            let files_then = dated(earlier, files).find(|(of, _)| *of == previous).map(|(_, object)| object);
            let before = Snapshot { object: before, files: files_then.filter(|_| is_in_files) };
            let after = Snapshot { object: after, files: files_now.as_ref().filter(|_| is_in_files) };
            let changes = lake.changes(table, &before, &after).await?;
            compared.push((*table, changes.into_iter().map(|change| row(table, change, previous, date)).collect::<Vec<_>>()));
        }
    }
    if compared.is_empty() {
        return Ok(None);
    }
    // What was said of other tables that day stays.
    let is_replaced = |row: &ChangeRow| compared.iter().any(|(table, _)| table.source == row.source && table.name == row.table_name);
    let mut rows: Vec<ChangeRow> = match lake.published(&SNAPSHOT_CHANGES, date).await? {
        Some(object) => lake.read(&object).await?.into_iter().filter(|row| !is_replaced(row)).collect(),
        None => Vec::new(),
    };
    let told = compared.iter().map(|(_, changes)| changes.len()).sum();
    rows.extend(compared.into_iter().flat_map(|(_, changes)| changes));
    let grain = |row: &ChangeRow| [row.source.clone(), row.table_name.clone(), row.key.clone(), row.column_name.clone()];
    rows.sort_by_cached_key(grain);
    let failed =
        |source: arrow::error::ArrowError| LakeError::Parquet { what: "write", key: SNAPSHOT_CHANGES.full_name(), source: source.into() };
    lake.publish_rows(&SNAPSHOT_CHANGES, date, run, &to_batch(&rows).map_err(failed)?).await?;
    Ok(Some(told))
}

/// The partitions of a table with their dates, the oldest first.
fn dated<'l>(listing: &'l Listing, table: &Table) -> impl DoubleEndedIterator<Item = (NaiveDate, &'l Object)> {
    listing.raw.get(&table.full_name()).into_iter().flatten().filter_map(|object| Some((object.date?, object)))
}

fn row(table: &Table, change: Change, previous: NaiveDate, date: NaiveDate) -> ChangeRow {
    let Change { key, name, what } = change;
    let (change, column_name, before, after) = match what {
        What::Added { after } => ("added", "", None, Some(after)),
        What::Removed { before } => ("removed", "", Some(before), None),
        What::Changed { column, before, after } => ("changed", column, before, after),
    };
    ChangeRow {
        source: table.source.to_owned(),
        table_name: table.name.to_owned(),
        key,
        column_name: column_name.to_owned(),
        change: change.to_owned(),
        name,
        before,
        after,
        previous_date: previous.to_string(),
        days_between: (date - previous).num_days(),
    }
}
