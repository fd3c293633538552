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
    /// Ask it more narrowly, as in --param team=payments; `almanac tables <question>` lists what it takes
    #[arg(long = "param", value_name = "NAME=VALUE", value_parser = parameter, requires = "question")]
    params: Vec<(String, String)>,
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
    let params = args.params.iter().cloned().collect();
    let answer = answer::ask(&catalog, &lake, &config, clock(), name, &params).await?;
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

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write NAME=VALUE, as in team=payments")?;
    Ok((name.trim().to_owned(), value.trim().to_owned()))
}

#[derive(Serialize)]
struct Line<'c> {
    question: &'c str,
    title: &'c str,
    asks: &'c str,
    params: String,
}

fn list(catalog: &Catalog, format: Format) -> Result<(), OutputError> {
    let lines: Vec<Line<'_>> = catalog
        .questions
        .values()
        .map(|question| Line {
            question: &question.name,
            title: &question.header.title,
            asks: &question.header.question,
            params: question.header.params.iter().map(|param| param.name.as_str()).collect::<Vec<_>>().join(", "),
        })
        .collect();
    let columns = ["question", "title", "asks", "params"].map(|name| (name, DataType::Utf8));
    output::print(&output::rows_of(&columns, &lines)?, format)
}
