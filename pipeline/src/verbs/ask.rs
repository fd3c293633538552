//! `almanac ask`: answer a question, and say under which conditions the answer holds.

use arrow::datatypes::DataType;
use serde::Serialize;

use crate::{
    exit::{Exit, Failure},
    ledger,
    models::{answer, catalog::Catalog},
    output::{self, Format, OutputError},
    progress::Talk,
};

use super::{Global, sql::clock};

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// The question's name; the questions are listed when left out
    question: Option<String>,
    /// How to write the answer; JSON carries the conditions with the rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open_to_read()?;
    let catalog = Catalog::load(&config.root, ledger::all_tables())?;
    let Some(name) = &args.question else {
        list(&catalog, args.format)?;
        return Ok(Exit::Done);
    };
    let answer = answer::ask(&catalog, &lake, &config, clock(), name).await?;
    if args.format == Format::Json {
        output::print_json(&answer)?;
        return Ok(Exit::Done);
    }
    let header = &catalog.questions[name].header;
    talk.line(&header.question);
    output::print(&answer.rows, args.format)?;
    answer.conditions().iter().for_each(|line| talk.line(line));
    if !header.notes.is_empty() {
        talk.line(&header.notes);
    }
    Ok(Exit::Done)
}

#[derive(Serialize)]
struct Line<'c> {
    question: &'c str,
    title: &'c str,
    asks: &'c str,
}

fn list(catalog: &Catalog, format: Format) -> Result<(), OutputError> {
    let lines: Vec<Line<'_>> = catalog
        .questions
        .values()
        .map(|question| Line { question: &question.name, title: &question.header.title, asks: &question.header.question })
        .collect();
    output::print(&output::rows_of(&[("question", DataType::Utf8), ("title", DataType::Utf8), ("asks", DataType::Utf8)], &lines)?, format)
}
