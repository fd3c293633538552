//! `almanac status`: what is in the lake, how fresh and how complete it is.

use arrow::datatypes::DataType;
use chrono::NaiveDate;
use serde::Serialize;

use crate::{
    drift::SNAPSHOT_CHANGES,
    exit::{Exit, Failure},
    lake::{Listing, Object},
    ledger,
    models::{
        answer::{self, Gap},
        build::{self, BuildOptions},
        catalog::Catalog,
        reader::{Reader, Wanted},
        reads::Reads,
    },
    output::{self, Format},
    planning,
    progress::Talk,
};

use super::Global;

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// How one table or mart stands.
#[derive(Debug, Serialize)]
struct Standing {
    name: String,
    layer: &'static str,
    kind: String,
    state: String,
    newest_date: Option<NaiveDate>,
    partitions: usize,
    bytes: u64,
    last_read_at: Option<chrono::DateTime<chrono::Utc>>,
    reads: Option<i64>,
    complete_reads: Option<i64>,
    gap_count: i64,
    gaps: Vec<Gap>,
    planned_requests: Option<u64>,
    requests: Option<u64>,
    points: Option<u64>,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open_to_read()?;
    let clock = super::sql::clock();
    let catalog = Catalog::load(&config.root, ledger::all_tables())?;
    let reads = Reads { tables: ledger::TABLES.iter().map(|table| table.full_name()).collect(), ..Reads::default() };
    let reader = Reader::open(&catalog, &lake, &config, clock, Wanted::Reads(&reads)).await?;

    let mut standings = Vec::new();
    let tables = almanac_collectors::tables();
    let past = planning::past(&lake, &reader.listing, &tables).await?;
    for (table, freshness) in tables.iter().zip(answer::freshness(&reader, &tables, clock)?) {
        let name = table.full_name();
        let objects = reader.listing.raw.get(&name).map_or(&[][..], Vec::as_slice);
        let completeness = answer::completeness(&reader, &[table])?;
        let state = match (objects.is_empty() && completeness.reads == 0, completeness.gap_count) {
            (true, _) => "never read".to_owned(),
            (false, 0) => "complete".to_owned(),
            (false, gaps) => format!("{gaps} gaps"),
        };
        standings.push(Standing {
            layer: "raw",
            kind: table.kind.as_str().to_owned(),
            state,
            newest_date: newest(objects),
            partitions: objects.len(),
            bytes: size(objects),
            last_read_at: freshness.last_read_at,
            reads: Some(completeness.reads),
            complete_reads: Some(completeness.complete),
            gap_count: completeness.gap_count,
            gaps: completeness.gaps,
            planned_requests: past.get(&name).and_then(|past| past.planned),
            requests: past.get(&name).map(|past| past.requests),
            points: past.get(&name).map(|past| past.points),
            name,
        });
    }
    standings.push(of_changes(&reader.listing));
    let options = BuildOptions { explain: true, ..BuildOptions::of(clock.today, clock.now) };
    let plan = build::build_catalog(&catalog, &lake, &config, options, &super::ledger("status"), talk).await?;
    for model in plan.models {
        let objects = reader.listing.marts.get(&model.model).map_or(&[][..], Vec::as_slice);
        standings.push(Standing {
            layer: "mart",
            kind: catalog.models[&model.model].header.kind.to_string(),
            state: model.state.as_str().to_owned(),
            newest_date: newest(objects),
            partitions: objects.len(),
            bytes: size(objects),
            last_read_at: None,
            reads: None,
            complete_reads: None,
            gap_count: 0,
            gaps: Vec::new(),
            planned_requests: None,
            requests: None,
            points: None,
            name: model.model,
        });
    }
    match args.format {
        Format::Json => output::print_json(&standings)?,
        format => print_rows(&standings, format)?,
    }
    for standing in standings.iter().filter(|standing| standing.gap_count > 0) {
        match standing.reads.unwrap_or_default() {
            0 => talk.line(format!("{} was never read", standing.name)),
            reads => talk.line(format!("{}: {} of {reads} reads are missing", standing.name, standing.gap_count)),
        }
        for gap in standing.gaps.iter().take(10) {
            let (parent, detail) = (gap.parent.as_deref().unwrap_or_default(), gap.detail.as_deref().unwrap_or_default());
            talk.line(format!("  {parent} {} {detail}", gap.status).trim_end());
        }
    }
    Ok(Exit::Done)
}

/// How the changes between snapshots stand: nothing is read for them, and so nothing can be missing.
fn of_changes(listing: &Listing) -> Standing {
    let name = SNAPSHOT_CHANGES.full_name();
    let objects = listing.raw.get(&name).map_or(&[][..], Vec::as_slice);
    Standing {
        layer: "raw",
        kind: SNAPSHOT_CHANGES.kind.as_str().to_owned(),
        state: if objects.is_empty() { "nothing compared" } else { "complete" }.to_owned(),
        newest_date: newest(objects),
        partitions: objects.len(),
        bytes: size(objects),
        last_read_at: None,
        reads: None,
        complete_reads: None,
        gap_count: 0,
        gaps: Vec::new(),
        planned_requests: None,
        requests: None,
        points: None,
        name,
    }
}

fn print_rows(standings: &[Standing], format: Format) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Line<'a> {
        name: &'a str,
        layer: &'a str,
        kind: &'a str,
        state: &'a str,
        newest_date: Option<String>,
        partitions: usize,
        bytes: u64,
        reads: Option<i64>,
        gap_count: i64,
        planned_requests: Option<u64>,
        requests: Option<u64>,
        points: Option<u64>,
    }
    let columns = [
        ("name", DataType::Utf8),
        ("layer", DataType::Utf8),
        ("kind", DataType::Utf8),
        ("state", DataType::Utf8),
        ("newest_date", DataType::Utf8),
        ("partitions", DataType::Int64),
        ("bytes", DataType::Int64),
        ("reads", DataType::Int64),
        ("gap_count", DataType::Int64),
        ("planned_requests", DataType::UInt64),
        ("requests", DataType::UInt64),
        ("points", DataType::UInt64),
    ];
    let lines: Vec<Line<'_>> = standings
        .iter()
        .map(|standing| Line {
            name: &standing.name,
            layer: standing.layer,
            kind: &standing.kind,
            state: &standing.state,
            newest_date: standing.newest_date.map(|date| date.to_string()),
            partitions: standing.partitions,
            bytes: standing.bytes,
            reads: standing.reads,
            gap_count: standing.gap_count,
            planned_requests: standing.planned_requests,
            requests: standing.requests,
            points: standing.points,
        })
        .collect();
    let rows = output::rows_of(&columns, &lines).map_err(output::OutputError::from)?;
    Ok(output::print(&rows, format)?)
}

fn newest(objects: &[Object]) -> Option<NaiveDate> {
    objects.iter().filter_map(|object| object.date).max()
}

fn size(objects: &[Object]) -> u64 {
    objects.iter().map(|object| object.size).sum()
}
