//! `almanac export`: write facts to files for other tools, and say how much of what they should hold is known.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use almanac_collectors::table::Table;
use arrow::{datatypes::DataType, error::ArrowError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    engine::{EngineError, Script},
    exit::{Exit, Failure},
    lake::Listing,
    ledger,
    models::{
        ModelError, answer,
        catalog::{Catalog, Question},
        nearest,
        reader::Reader,
    },
    output::{self, Format, OutputError},
    progress::Talk,
};

use super::{Global, sql::clock};

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// What to write; what there is to write is listed when left out
    export: Option<String>,
    /// The first day; the first there is when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    from: Option<NaiveDate>,
    /// The last day; the last there is when left out
    #[arg(long, value_name = "YYYY-MM-DD")]
    to: Option<NaiveDate>,
    /// A folder for the files
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    output: PathBuf,
}

#[derive(Debug, thiserror::Error)]
enum ExportError {
    #[error("nothing has been collected for `{export}`")]
    NothingCollected { export: String },
    #[error("there is nothing to write from {from} to {to}")]
    NoDay { from: NaiveDate, to: NaiveDate },
    #[error("could not make the folder `{}`", path.display())]
    Folder {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open_to_read()?;
    let catalog = Catalog::load(&config.root, ledger::all_tables())?;
    let Some(name) = &args.export else {
        list(&catalog)?;
        return Ok(Exit::Done);
    };
    let export = catalog.exports.get(name).ok_or_else(|| ModelError::Unknown {
        what: "export",
        name: name.clone(),
        near: nearest(name, catalog.exports.keys().map(String::as_str)),
    })?;
    let tables = answer::tables(&catalog, export);
    let collected = collected(&tables, &lake.listing().await?);
    if collected.is_empty() {
        return Err(nothing_collected(name, &tables));
    }
    let clock = clock();
    let reader = answer::open(&catalog, &lake, &config, clock, export).await?;
    let days = days(&catalog, &reader, export, collected)?;
    let (from, to) = period(args, &days)?;
    reader.engine.set_dates(from, to).map_err(ModelError::from)?;

    let failed = |source| Failure::new(Exit::Failed, ExportError::Folder { path: args.output.clone(), source });
    std::fs::create_dir_all(&args.output).map_err(|error| failed(error).hint("choose one that you may write to, with --output"))?;
    let file = |ending: &str| args.output.join(format!("{name}-{from}-{to}.{ending}"));
    let (parquet, csv) = (file("parquet"), file("csv"));
    let written = reader.engine.stream(export.file.script(), |schema, rows| output::write_both(schema, rows, &parquet, &csv));
    let rows = written.map_err(ModelError::from)??;

    let n_days = days.range(from..=to).count();
    talk.line(format!("{}: {rows} rows, {from} to {to}, of which {n_days} days are there", export.header.title));
    clusters(&reader, export, n_days)?.iter().for_each(|line| talk.line(line));
    answer::completeness(&reader, &tables)?.lines(days.last().copied()).iter().for_each(|line| talk.line(line));
    output::text(&[&parquet, &csv].map(|path: &PathBuf| shown(path)).join("\n"))?;
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Line<'c> {
    export: &'c str,
    title: &'c str,
    purpose: &'c str,
}

fn list(catalog: &Catalog) -> Result<(), OutputError> {
    let exports = catalog.exports.values();
    let lines: Vec<Line<'_>> =
        exports.map(|export| Line { export: &export.name, title: &export.header.title, purpose: &export.header.question }).collect();
    let columns = ["export", "title", "purpose"].map(|name| (name, DataType::Utf8));
    output::print(&output::rows_of(&columns, &lines)?, Format::Table)
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The days of which any of these tables holds something.
fn collected(tables: &[&'static Table], listing: &Listing) -> BTreeSet<NaiveDate> {
    let objects = tables.iter().filter_map(|table| listing.raw.get(&table.full_name())).flatten();
    objects.filter_map(|object| object.date).collect()
}

fn nothing_collected(export: &str, tables: &[&'static Table]) -> Failure {
    let sections: BTreeSet<String> = tables.iter().map(|table| format!("`[{}]`", table.source)).collect();
    let sections = sections.into_iter().collect::<Vec<_>>().join(", ");
    let error = ExportError::NothingCollected { export: export.to_owned() };
    Failure::new(Exit::Failed, error).hint(format!("say in almanac.toml where to read it, in {sections}, then `almanac run`"))
}

/// The days that can be written: what was collected, as far as the daily facts that the export reads have been built.
fn days(
    catalog: &Catalog,
    reader: &Reader,
    export: &Question,
    mut collected: BTreeSet<NaiveDate>,
) -> Result<BTreeSet<NaiveDate>, ModelError> {
    let inputs = catalog.inputs(&export.reads);
    let daily: Vec<&str> = inputs.marts.iter().filter(|(_, mart)| mart.header.kind.is_dated()).map(|(name, _)| *name).collect();
    let Some(first) = daily.first() else { return Ok(collected) };
    let files = daily.iter().filter_map(|name| reader.marts.get(*name)).flat_map(|files| files.keys());
    let built: BTreeSet<NaiveDate> = files.flatten().copied().collect();
    collected.retain(|day| built.contains(day));
    if collected.is_empty() { Err(ModelError::NeverBuilt { name: (*first).to_owned() }) } else { Ok(collected) }
}

/// The first and the last day asked for, which has to hold one that is there.
fn period(args: &Args, days: &BTreeSet<NaiveDate>) -> Result<(NaiveDate, NaiveDate), Failure> {
    let (first, last) = (days.first().copied().unwrap_or_default(), days.last().copied().unwrap_or_default());
    let (from, to) = (args.from.unwrap_or(first), args.to.unwrap_or(last));
    if from > to || days.range(from..=to).next().is_none() {
        let error = ExportError::NoDay { from, to };
        return Err(Failure::new(Exit::Usage, error).hint(format!("the days that are there begin with {first} and end with {last}")));
    }
    Ok((from, to))
}

#[derive(Deserialize)]
struct Cluster {
    cluster: String,
    days: i64,
    completeness: Option<f64>,
}

/// How much of the period is known of each cluster, where the export is about what clusters cost: what is not known looks like a saving.
fn clusters(reader: &Reader, export: &Question, n_days: usize) -> Result<Vec<String>, ModelError> {
    if !export.reads.tables.contains("fct_cluster_costs") {
        return Ok(Vec::new());
    }
    let script = Script {
        name: "the completeness of clusters",
        text: "select cluster, count(total_cost_usd) as days, avg(completeness) as completeness from fct_cluster_costs \
               where date between getvariable('from') and getvariable('to') group by cluster order by cluster",
    };
    let rows = reader.engine.query(script)?;
    let clusters: Vec<Cluster> = output::values(&rows).map_err(|error: ArrowError| EngineError::unreadable(script, &error))?;
    let line = |cluster: Cluster| {
        let known = cluster
            .completeness
            .map_or("how many of their hours is unknown".to_owned(), |share| format!("{:.1} % of their hours known", share * 100.0));
        format!("  {}: {} of {n_days} days, {known}", cluster.cluster, cluster.days)
    };
    Ok(clusters.into_iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_is_what_was_asked_for_and_has_to_hold_a_day_that_is_there() {
        let days = BTreeSet::from([day("2026-11-02"), day("2026-11-05")]);
        let asked = |from: Option<&str>, to: Option<&str>| {
            let args = Args { export: None, from: from.map(day), to: to.map(day), output: PathBuf::new() };
            period(&args, &days).map_err(|failure| failure.report())
        };
        assert_eq!(asked(None, None), Ok((day("2026-11-02"), day("2026-11-05"))));
        assert_eq!(asked(Some("2026-11-01"), None), Ok((day("2026-11-01"), day("2026-11-05"))));
        for (from, to) in [("2026-11-03", "2026-11-04"), ("2026-11-05", "2026-11-02"), ("2027-01-01", "2027-01-31")] {
            let report = asked(Some(from), Some(to)).unwrap_err();
            assert!(report.contains(&format!("nothing to write from {from} to {to}")), "{report}");
            assert!(report.contains("begin with 2026-11-02 and end with 2026-11-05"), "{report}");
        }
    }
}
