//! What a table is: its row, its columns, its kind, and how it is read.
//!
//! A table is one file that holds a [`Table`], the struct of one row and the function that collects it. Everything else (the Arrow
//! schema, the catalogue, the golden schema, privacy) is derived from that one declaration.

use std::{collections::BTreeMap, fmt, sync::Arc};

use arrow::{
    array::RecordBatch,
    datatypes::{DataType, Field, FieldRef, Schema, SchemaRef, TimeUnit},
    error::ArrowError,
};
use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{
    Serialize, Serializer,
    de::{self, DeserializeOwned, Visitor},
};

pub use almanac_derive::Row;

use crate::{collect::CollectFn, privacy::Pseudonym};

/// One declaration a table gives.
#[derive(Debug)]
pub struct Table {
    /// The system the rows come from, and the schema in SQL: `github`.
    pub source: &'static str,
    /// The table's name within its source: `pull_requests`.
    pub name: &'static str,
    /// One sentence: "One row per …".
    pub meaning: &'static str,
    /// What one partition holds, and so which dates can be asked for.
    pub kind: Kind,
    /// The columns that make a row unique (within a date, for snapshots and windows); files are sorted by them.
    pub grain: &'static [&'static str],
    /// For a table of changes: the column that tells which of two rows of one grain is the newer.
    pub version: Option<&'static str>,
    /// The requests that feed it.
    pub endpoint: &'static str,
    /// What the credential must be allowed to do.
    pub permission: &'static str,
    /// A small request that is answered to those who are allowed.
    pub probe: Probe,
    /// How many requests reading it all takes, where the size of the organisations tells.
    pub requests: fn(&Size) -> Option<u64>,
    /// The columns, in the order of the file.
    pub columns: &'static [Column],
    /// What is worth telling when a snapshot differs from the one before it, and how much may differ before it is not believed.
    pub watch: Watch,
    /// How the rows come about.
    pub read: Read,
}

/// What one partition of a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The full state, of today only.
    Snapshot,
    /// What changed since the last run; the newest row per grain wins.
    Changes,
    /// The facts of that day; may be read again for late data. Where it is read from several parents, the first column of its grain is the
    /// parent's id, so that a parent that cannot be read again keeps its rows.
    Window,
}

impl Kind {
    /// The word used in the catalogue and in file footers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Changes => "changes",
            Self::Window => "window",
        }
    }
}

/// What of a snapshot is compared with the one before it, and how far both may be apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Watch {
    /// Columns whose changes are worth telling; rows that come and go are told along with them. None is one that changes from day to day by
    /// itself, such as a count, and none stands for a person.
    pub columns: &'static [&'static str],
    /// The share of the earlier rows that may be gone [0-1].
    pub most_rows_gone: f64,
    /// By how much the share of NULL in a column may rise [0-1].
    pub most_nulls_more: f64,
}

impl Watch {
    /// What may be gone from one day to the next where nothing else is said: teams are dissolved and monitors cleared away, but not a third
    /// of all of them at once, which is rather a list that was cut or a credential that sees less.
    pub const MOST_ROWS_GONE: f64 = 0.3;
    /// Likewise: a field that the vendor stops filling falls away for nearly all rows at once.
    pub const MOST_NULLS_MORE: f64 = 0.3;

    /// No column is worth telling. The guards hold all the same.
    pub const NOTHING: Self = Self::of(&[]);

    /// These columns, under the usual guards.
    pub const fn of(columns: &'static [&'static str]) -> Self {
        Self { columns, most_rows_gone: Self::MOST_ROWS_GONE, most_nulls_more: Self::MOST_NULLS_MORE }
    }

    /// For a table whose rows end, or whose fields fall empty, by themselves: how much of that may be.
    #[must_use]
    pub const fn tolerating(self, most_rows_gone: f64, most_nulls_more: f64) -> Self {
        Self { most_rows_gone, most_nulls_more, ..self }
    }
}

/// How a table's rows come about.
#[derive(Debug)]
pub enum Read {
    /// By its own walk over the vendor's API.
    By(CollectFn),
    /// Its rows come along with those of another table's walk, at no request of their own.
    With(&'static Table),
    /// The pipeline writes them about itself: the run ledger.
    Itself,
}

/// A small request that is answered only to a credential that may read the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Probe {
    /// A REST path; `{org}`, `{repository}` (`organisation/name`) and `{search}` (the configured one) are filled in.
    Rest(&'static str),
    /// GraphQL fields of an organisation.
    Organization(&'static str),
    /// GraphQL fields of a repository.
    Repository(&'static str),
    /// There is nothing to ask.
    Nothing,
}

/// How much there is to read: what a first run is planned by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Organisations.
    pub organizations: u64,
    /// Repositories of all of them.
    pub repositories: u64,
    /// Those that are neither archived nor empty.
    pub active_repositories: u64,
    /// Pull requests of all states.
    pub pull_requests: u64,
}

/// Who may see a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sensitivity {
    /// Known to everyone, such as an advisory's id.
    Public,
    /// For people of the organisation.
    Internal,
    /// Stands for a person, or for several; keyed hashes. Never in a mart.
    Pseudonym,
}

/// One column of a table.
#[derive(Debug, Serialize)]
pub struct Column {
    /// Its name; columns are added, never renamed or retyped.
    pub name: &'static str,
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ColumnKind,
    /// Whether NULL (unknown) can stand in it.
    pub nullable: bool,
    /// The unit of a measure.
    pub unit: Option<&'static str>,
    /// What it means.
    pub meaning: &'static str,
    /// Who may see it.
    pub sensitivity: Sensitivity,
}

/// The types a raw column can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ColumnKind {
    /// True or false.
    Boolean,
    /// A whole number, 64 bits.
    Integer,
    /// A number, 64-bit floating point.
    Float,
    /// Text.
    Text,
    /// A moment, UTC, in microseconds.
    Timestamp,
    /// A list of texts.
    TextList,
    /// Texts by key.
    TextMap,
}

impl ColumnKind {
    /// The Arrow type of the column in the lake.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Boolean => DataType::Boolean,
            Self::Integer => DataType::Int64,
            Self::Float => DataType::Float64,
            Self::Text => DataType::Utf8,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::TextList => DataType::List(Arc::new(Field::new("item", DataType::Utf8, false))),
            Self::TextMap => {
                let entry = vec![Field::new("key", DataType::Utf8, false), Field::new("value", DataType::Utf8, false)];
                DataType::Map(Arc::new(Field::new("entries", DataType::Struct(entry.into()), false)), false)
            }
        }
    }

    /// The SQL type of the column, for a view over no file at all.
    pub const fn sql(self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer => "bigint",
            Self::Float => "double",
            Self::Text => "varchar",
            Self::Timestamp => "timestamp with time zone",
            Self::TextList => "varchar[]",
            Self::TextMap => "map(varchar, varchar)",
        }
    }
}

/// A Rust type that can stand in a row.
pub trait Cell {
    /// The column's type.
    const KIND: ColumnKind;
    /// Whether it can be NULL.
    const NULLABLE: bool = false;
    /// Who may see it unless the field says otherwise.
    const SENSITIVITY: Sensitivity = Sensitivity::Internal;
}

impl Cell for bool {
    const KIND: ColumnKind = ColumnKind::Boolean;
}
impl Cell for i64 {
    const KIND: ColumnKind = ColumnKind::Integer;
}
impl Cell for f64 {
    const KIND: ColumnKind = ColumnKind::Float;
}
impl Cell for String {
    const KIND: ColumnKind = ColumnKind::Text;
}
impl Cell for Timestamp {
    const KIND: ColumnKind = ColumnKind::Timestamp;
}
impl Cell for Pseudonym {
    const KIND: ColumnKind = ColumnKind::Text;
    const SENSITIVITY: Sensitivity = Sensitivity::Pseudonym;
}
impl Cell for Vec<String> {
    const KIND: ColumnKind = ColumnKind::TextList;
}
impl Cell for Vec<Pseudonym> {
    const KIND: ColumnKind = ColumnKind::TextList;
    const SENSITIVITY: Sensitivity = Sensitivity::Pseudonym;
}
impl Cell for BTreeMap<String, String> {
    const KIND: ColumnKind = ColumnKind::TextMap;
}
impl<T: Cell> Cell for Option<T> {
    const KIND: ColumnKind = T::KIND;
    const NULLABLE: bool = true;
    const SENSITIVITY: Sensitivity = T::SENSITIVITY;
}

/// A moment in UTC, held as microseconds since 1970: what a timestamp column stores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// The moment as a date and time.
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(moment: DateTime<Utc>) -> Self {
        Self(moment.timestamp_micros())
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Timestamp {
    /// Reads what the vendors write: RFC 3339 text.
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Rfc3339)
    }
}

struct Rfc3339;

impl Rfc3339 {
    /// `2026-11-21T10:00:00Z` and nothing else. Most moments come in this form, a dozen in each pull request, and chrono's parser, which
    /// takes them in every form, was a tenth of what collecting costs.
    fn plain(text: &str) -> Option<Timestamp> {
        let &[a, b, c, d, b'-', e, f, b'-', g, h, b'T', i, j, b':', k, l, b':', m, n, b'Z'] = text.as_bytes() else { return None };
        let number = |digits: &[u8]| digits.iter().try_fold(0, |number, digit| Some(10 * number + char::from(*digit).to_digit(10)?));
        let date = NaiveDate::from_ymd_opt(number(&[a, b, c, d])?.cast_signed(), number(&[e, f])?, number(&[g, h])?)?;
        Some(date.and_hms_opt(number(&[i, j])?, number(&[k, l])?, number(&[m, n])?)?.and_utc().into())
    }
}

impl Visitor<'_> for Rfc3339 {
    type Value = Timestamp;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date and time as in RFC 3339")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Timestamp, E> {
        match Self::plain(text) {
            Some(moment) => Ok(moment),
            None => text.parse::<DateTime<FixedOffset>>().map(|moment| Timestamp(moment.timestamp_micros())).map_err(E::custom),
        }
    }
}

/// One row of a table: derive it, and the columns follow from the fields.
pub trait Row: Serialize {
    /// The columns in the order of the fields.
    const COLUMNS: &'static [Column];
}

impl Table {
    /// `github.pull_requests`: the name in SQL, in the configuration and on the command line.
    pub fn full_name(&self) -> String {
        format!("{}.{}", self.source, self.name)
    }

    /// The Arrow schema of the table's files.
    pub fn schema(&self) -> SchemaRef {
        Arc::new(Schema::new(fields(self.columns)))
    }

    /// The table whose walk brings this table's rows.
    pub fn walked_by(&'static self) -> &'static Self {
        match &self.read {
            Read::With(other) => other,
            Read::By(_) | Read::Itself => self,
        }
    }
}

/// Two declarations are the same table when they have the same name.
impl PartialEq for Table {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.name == other.name
    }
}

impl Eq for Table {}

fn fields(columns: &[Column]) -> Vec<FieldRef> {
    columns.iter().map(|column| Arc::new(Field::new(column.name, column.kind.arrow(), column.nullable))).collect()
}

/// Typed rows as Arrow columns.
///
/// # Errors
/// When a row does not fit its own schema, which only a mistake in a row struct can cause.
pub fn to_batch<R: Row>(rows: &[R]) -> Result<RecordBatch, ArrowError> {
    serde_arrow::to_record_batch(&fields(R::COLUMNS), &rows).map_err(|error| ArrowError::ExternalError(Box::new(error)))
}

/// Rows of a table, those fields of them that are asked for.
///
/// # Errors
/// When a column is not of the type asked for.
pub fn from_batch<T: DeserializeOwned>(rows: &RecordBatch) -> Result<Vec<T>, ArrowError> {
    serde_arrow::from_record_batch(rows).map_err(|error| ArrowError::ExternalError(Box::new(error)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_read_as_chrono_reads_it() {
        let read = |text: &str| serde_json::from_value::<Timestamp>(text.into()).map(|moment| moment.0);
        for text in ["2026-11-21T10:00:00Z", "2026-11-21T10:00:00.000Z", "2026-11-21T12:00:00+02:00", "2026-11-21t10:00:00z"] {
            assert_eq!(read(text).unwrap(), 1_795_255_200_000_000, "{text}");
        }
        // The rarities: a leap day, a leap second, and what is no moment.
        let rare = ["2024-02-29T23:59:59Z", "0000-02-29T00:00:00Z", "9999-12-31T23:59:59Z", "2016-12-31T23:59:60Z", "+026-11-21T10:00:00Z"];
        let wrong = ["2026-02-29T10:00:00Z", "2026-11-21T24:00:00Z", "2026-11-21T10:00:61Z", "2026-11-21T10:00:00", "2026-11-21", ""];
        for text in rare.into_iter().chain(wrong) {
            let by_chrono = text.parse::<DateTime<FixedOffset>>().ok();
            assert_eq!(read(text).ok(), by_chrono.map(|moment| moment.timestamp_micros()), "{text}");
        }
        assert!(wrong.into_iter().all(|text| read(text).is_err()));
    }
}
