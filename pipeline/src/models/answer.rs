//! The answer to a question, with the conditions it holds under: what date it is true for, how fresh its sources are, and what could not be
//! read.

use std::collections::{BTreeMap, BTreeSet};

use almanac_collectors::table::{Read, Table};
use arrow::error::ArrowError;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize, Serializer, ser::Error as _};

use super::{
    ModelError,
    catalog::{Catalog, Question},
    nearest,
    reader::{Reader, Wanted},
    reads::Reads,
};
use crate::{
    config::Config,
    engine::{Clock, EngineError, Rows, Script, literal},
    lake::Lake,
    output,
};

/// How many gaps an answer lists; it counts them all.
const LISTED: usize = 50;

/// An answer.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// The question's name.
    pub question: String,
    /// Its title.
    pub title: String,
    /// What it was asked with.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
    /// The newest date of the data it is computed from; none when there is no data.
    pub as_of: Option<NaiveDate>,
    /// How fresh each raw table behind it is.
    pub freshness: Vec<Freshness>,
    /// How much of what should have been read was.
    pub completeness: Completeness,
    /// The rows.
    #[serde(serialize_with = "as_objects")]
    pub rows: Rows,
}

/// How fresh a raw table is.
#[derive(Debug, Serialize)]
pub struct Freshness {
    /// The table.
    pub table: String,
    /// Its newest partition.
    pub newest_partition: Option<NaiveDate>,
    /// When it was last read without failing.
    pub last_read_at: Option<DateTime<Utc>>,
    /// How long ago that was.
    pub hours_since_read: Option<f64>,
}

/// How much of what should have been read was, in the newest run of each table.
#[derive(Debug, Default, Serialize)]
pub struct Completeness {
    /// `complete` over `reads`; null when nothing was read.
    pub share: Option<f64>,
    /// How many parents were to be read.
    pub reads: i64,
    /// How many were read to the end, whether or not anything was there.
    pub complete: i64,
    /// How many were not.
    pub gap_count: i64,
    /// The first of those.
    pub gaps: Vec<Gap>,
    /// Whether there are more than are listed.
    pub truncated: bool,
}

/// Something that was not read to the end.
#[derive(Debug, Serialize, Deserialize)]
pub struct Gap {
    /// The table.
    pub table: String,
    /// What was to be read: a repository, an organisation; none for a table that was never read.
    pub parent: Option<String>,
    /// How that ended.
    pub status: String,
    /// Why.
    pub detail: Option<String>,
}

/// Answers a question, asked with some of its parameters.
///
/// # Errors
/// When there is no such question or parameter, when what it reads has never been built, or when its SQL fails.
pub async fn ask(
    catalog: &Catalog,
    lake: &Lake,
    config: &Config,
    clock: Clock,
    name: &str,
    params: &BTreeMap<String, String>,
) -> Result<Answer, ModelError> {
    let question = catalog.questions.get(name).ok_or_else(|| ModelError::UnknownQuestion {
        name: name.to_owned(),
        near: nearest(name, catalog.questions.keys().map(String::as_str)),
    })?;
    let known = || question.header.params.iter().map(|param| param.name.clone());
    if let Some(unknown) = params.keys().find(|name| !known().any(|known| known == **name)) {
        return Err(ModelError::UnknownParam { question: name.to_owned(), name: unknown.clone(), params: known().collect() });
    }
    let reader = open(catalog, lake, config, clock, question).await?;
    params.iter().try_for_each(|(name, value)| reader.engine.set_variable(name, value))?;
    let rows = reader.engine.query(question.file.script())?;
    let tables = tables(catalog, question);
    Ok(Answer {
        question: question.name.clone(),
        title: question.header.title.clone(),
        params: params.clone(),
        as_of: as_of(catalog, &reader, question),
        freshness: freshness(&reader, &tables, clock)?,
        completeness: completeness(&reader, &tables)?,
        rows,
    })
}

/// Opens the lake for a question, and for the conditions its answer holds under.
///
/// # Errors
/// When what it reads has never been built, or the lake cannot be read.
pub async fn open(catalog: &Catalog, lake: &Lake, config: &Config, clock: Clock, question: &Question) -> Result<Reader, ModelError> {
    let ledger = ["almanac.outcomes", "almanac.runs"].map(str::to_owned);
    let reads = Reads { tables: question.reads.tables.iter().cloned().chain(ledger).collect(), ..Reads::default() };
    Reader::open(catalog, lake, config, clock, Wanted::Reads(&reads)).await
}

/// The raw tables that a question stands on: those it names as its sources, or else all that it reads in the end.
pub fn tables(catalog: &Catalog, question: &Question) -> Vec<&'static Table> {
    let sources = &question.header.sources;
    let behind = catalog.raw_behind(&question.reads).into_iter();
    let behind = behind.filter(|(name, _)| sources.is_empty() || sources.iter().any(|source| source == name));
    behind.map(|(_, table)| table).filter(|table| !matches!(table.read, Read::Itself)).collect()
}

impl Answer {
    /// The conditions in a few lines, for people.
    pub fn conditions(&self) -> Vec<String> {
        self.completeness.lines(self.as_of)
    }
}

impl Completeness {
    /// The same in a few lines, for people.
    pub fn lines(&self, as_of: Option<NaiveDate>) -> Vec<String> {
        let Self { reads, complete, gap_count, gaps, .. } = self;
        let Some(date) = as_of else { return vec!["nothing has been collected for this question".to_owned()] };
        let mut lines = vec![match (gap_count, reads) {
            (0, 0) => format!("as of {date}"),
            (0, _) => format!("as of {date}, complete: {complete} of {reads} reads"),
            (1, _) => format!("as of {date}, 1 gap: {complete} of {reads} reads are complete"),
            (_, _) => format!("as of {date}, {gap_count} gaps: {complete} of {reads} reads are complete"),
        }];
        const SHOWN: usize = 5;
        for gap in gaps.iter().take(SHOWN) {
            let (parent, detail) = (gap.parent.as_deref().unwrap_or(""), gap.detail.as_deref().unwrap_or(""));
            lines.push(format!("  {} {parent} {} {detail}", gap.table, gap.status).trim_end().to_owned());
        }
        if *gap_count > SHOWN as i64 {
            lines.push(format!("  and {} more: --format json lists them", gap_count - SHOWN as i64));
        }
        lines
    }
}

/// The newest date of the data a question reads: of its marts, and of raw tables it reads through views. The ledger's date counts only for
/// a question that is about nothing else: that a run took place makes no data newer.
fn as_of(catalog: &Catalog, reader: &Reader, question: &Question) -> Option<NaiveDate> {
    let inputs = catalog.inputs(&question.reads);
    let marts = inputs.marts.keys().filter_map(|mart| reader.marts.get(*mart)).flat_map(|files| files.values());
    let raw = |itself: bool| {
        let tables = inputs.raw.iter().filter(move |(_, table)| matches!(table.read, Read::Itself) == itself);
        tables.filter_map(|(name, _)| newest(reader, name)).max()
    };
    marts.filter_map(|file| file.stamp.logical_date).max().max(raw(false)).or_else(|| raw(true))
}

fn newest(reader: &Reader, table: &str) -> Option<NaiveDate> {
    reader.listing.raw.get(table).and_then(|objects| objects.iter().filter_map(|object| object.date).max())
}

#[derive(Deserialize)]
struct LastRead {
    step: String,
    finished_at: DateTime<Utc>,
}

/// How fresh each of these raw tables is.
///
/// # Errors
/// When the ledger cannot be read.
pub fn freshness(reader: &Reader, tables: &[&'static Table], clock: Clock) -> Result<Vec<Freshness>, ModelError> {
    // A table without a walk of its own is read when the one it comes along with is.
    let step = |table: &Table| format!("collect {}", table.full_name());
    let steps: BTreeSet<String> = tables.iter().flat_map(|table| [step(table), step(table.walked_by())]).collect();
    let read: Vec<LastRead> = ledger(
        reader,
        &format!(
            "select step, cast(max(finished_at) as timestamp) as finished_at from almanac.runs \
             where status in ('ok', 'partial') and step in ({}) group by step",
            list(steps.iter().map(String::as_str))
        ),
    )?;
    let last = |name: &str| read.iter().find(|read| read.step == name).map(|read| read.finished_at);
    Ok(tables
        .iter()
        .map(|table| {
            let last_read_at = last(&step(table)).or_else(|| last(&step(table.walked_by())));
            Freshness {
                table: table.full_name(),
                newest_partition: newest(reader, &table.full_name()),
                last_read_at,
                hours_since_read: last_read_at.map(|at| ((clock.now - at).num_seconds() as f64 / 360.0).round() / 10.0),
            }
        })
        .collect())
}

#[derive(Deserialize)]
struct Reading {
    table: String,
    reads: i64,
    complete: i64,
}

/// The newest run of each table, and how reading each parent ended in it.
const NEWEST_READS: &str = "
with outcomes as (
    select source || '.' || table_name as table_full_name, * from almanac.outcomes
),
newest as (
    select table_full_name, max(run_id) as run_id from outcomes group by table_full_name
),
reads as (
    select outcomes.table_full_name as \"table\", outcomes.parent, outcomes.status, outcomes.detail, outcomes.status in ('ok', 'empty', 'disabled') as is_complete
    from outcomes
    join newest on outcomes.table_full_name = newest.table_full_name and outcomes.run_id = newest.run_id
)";

/// How much of what should have been read for these tables was, in the newest run of each.
///
/// # Errors
/// When the ledger cannot be read.
pub fn completeness(reader: &Reader, tables: &[&'static Table]) -> Result<Completeness, ModelError> {
    let names: Vec<String> = tables.iter().map(|table| table.full_name()).collect();
    let wanted = list(names.iter().map(String::as_str));
    let readings: Vec<Reading> = ledger(
        reader,
        &format!(
            "{NEWEST_READS} select \"table\", count(*) as reads, count(case when is_complete then 1 end) as complete \
             from reads where \"table\" in ({wanted}) group by \"table\""
        ),
    )?;
    let mut gaps: Vec<Gap> = ledger(
        reader,
        &format!(
            "{NEWEST_READS} select \"table\", parent, status, detail from reads \
             where \"table\" in ({wanted}) and not is_complete order by \"table\", parent limit {LISTED}"
        ),
    )?;
    let (reads, complete) = readings.iter().fold((0, 0), |(reads, complete), table| (reads + table.reads, complete + table.complete));
    let unread: Vec<&String> = names.iter().filter(|name| !readings.iter().any(|reading| reading.table == **name)).collect();
    let gap_count = reads - complete + i64::try_from(unread.len()).unwrap_or(i64::MAX);
    let never_read = |name: &&String| Gap { table: (*name).clone(), parent: None, status: "never_read".to_owned(), detail: None };
    gaps.splice(0..0, unread.iter().map(never_read));
    gaps.truncate(LISTED);
    Ok(Completeness {
        share: (reads > 0).then(|| complete as f64 / reads as f64),
        reads,
        complete,
        gap_count,
        truncated: usize::try_from(gap_count).is_ok_and(|count| count > gaps.len()),
        gaps,
    })
}

/// Rows of the ledger.
fn ledger<T: serde::de::DeserializeOwned>(reader: &Reader, query: &str) -> Result<Vec<T>, ModelError> {
    let script = Script { name: "the run ledger", text: query };
    let rows = reader.engine.query(script)?;
    output::values(&rows).map_err(|error: ArrowError| EngineError::unreadable(script, &error).into())
}

/// Texts for `in (…)`, which must not be empty.
fn list<'t>(texts: impl Iterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.map(literal).collect();
    if texts.is_empty() { "null".to_owned() } else { texts.join(", ") }
}

fn as_objects<S: Serializer>(rows: &Rows, serializer: S) -> Result<S::Ok, S::Error> {
    let json = output::json(rows).map_err(S::Error::custom)?;
    serde_json::value::RawValue::from_string(json).map_err(S::Error::custom)?.serialize(serializer)
}
