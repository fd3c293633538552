//! `almanac sql`: query raw tables, staging and published facts, by their names.

use std::{
    io::{IsTerminal as _, Read as _},
    path::PathBuf,
};

use chrono::Utc;

use crate::{
    engine::{self, Clock, Script},
    exit::{Exit, Failure},
    ledger,
    models::{
        ModelError,
        catalog::Catalog,
        nearest,
        reader::{self, Reader, Wanted},
        reads::Reads,
    },
    output::{self, Format},
    progress::Talk,
};

use super::Global;

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The query; from stdin when left out
    #[arg(value_name = "QUERY", conflicts_with_all = ["file", "declare"])]
    query: Option<String>,
    /// A file that holds the query
    #[arg(short, long, value_name = "FILE", conflicts_with = "declare")]
    file: Option<PathBuf>,
    /// Print a script that declares the lake to a DuckDB shell
    #[arg(long)]
    declare: bool,
    /// How to write the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    /// A file for the rows
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, thiserror::Error)]
enum SqlError {
    #[error("there is no query")]
    NoQuery,
    #[error("could not read `{name}`")]
    Unreadable {
        name: String,
        #[source]
        source: std::io::Error,
    },
}

pub(super) async fn run(args: &Args, global: &Global, _: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open_to_read()?;
    let clock = clock();
    let catalog = Catalog::load(&config.root, ledger::all_tables())?;
    if args.declare {
        output::text(&reader::script(&catalog, &lake, clock).await?)?;
        return Ok(Exit::Done);
    }
    let (name, text) = query(args)?;
    let script = Script { name: &name, text: &text };
    // What is not a plain query, such as `pivot` or `show tables`, may read anything.
    let reads = Reads::of(&engine::parser().map_err(ModelError::from)?, script).map_err(ModelError::from)?;
    let wanted = reads.as_ref().filter(|reads| !reads.names_tables).map_or(Wanted::Everything, Wanted::Reads);
    let reader = Reader::open(&catalog, &lake, &config, clock, wanted).await?;
    let written = reader.engine.stream(script, |schema, rows| output::write(schema, rows, args.format, args.output.as_deref()));
    written.map_err(|error| misspelt(&catalog, reads.as_ref(), &name).unwrap_or_else(|| error.into()))??;
    Ok(Exit::Done)
}

/// Why a query failed, where that is a name like one there is. The engine knows of the tables that are read alone, and would say that
/// their schema is missing.
fn misspelt(catalog: &Catalog, reads: Option<&Reads>, query: &str) -> Option<ModelError> {
    let unknown = |name: &&String| !catalog.names().any(|known| known == name.as_str());
    let named =
        |name: &String| ModelError::UnknownName { file: query.to_owned(), name: name.clone(), near: nearest(name, catalog.names()) };
    let misspelt = |error: &ModelError| matches!(error, ModelError::UnknownName { near, .. } if !near.is_empty());
    reads?.tables.iter().filter(unknown).map(named).find(misspelt)
}

/// The time a verb that only reads goes by.
pub(super) fn clock() -> Clock {
    let now = Utc::now();
    Clock { today: now.date_naive(), now }
}

/// The query, and what to call it in errors.
fn query(args: &Args) -> Result<(String, String), Failure> {
    let unreadable = |name: &str| {
        let name = name.to_owned();
        move |source| Failure::new(Exit::Usage, SqlError::Unreadable { name, source })
    };
    if let Some(query) = &args.query {
        return Ok(("query".to_owned(), query.clone()));
    }
    if let Some(file) = &args.file {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(unreadable(&name))?;
        return Ok((name, text));
    }
    let mut text = String::new();
    if !std::io::stdin().is_terminal() {
        std::io::stdin().read_to_string(&mut text).map_err(unreadable("stdin"))?;
    }
    if text.trim().is_empty() {
        return Err(
            Failure::new(Exit::Usage, SqlError::NoQuery).hint("`almanac sql 'select …'`, `almanac sql -f query.sql`, or pipe one in")
        );
    }
    Ok(("stdin".to_owned(), text))
}
