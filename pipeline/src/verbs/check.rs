//! `almanac check`: try one file of SQL against the lake, and publish nothing.

use std::path::PathBuf;

use crate::{
    exit::{Exit, Failure},
    ledger,
    models::{catalog::Catalog, trial},
    output::{self, Format},
    progress::Talk,
};

use super::{Global, sql::clock};

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// A check, question, model, export or assertion, wherever it stands
    file: PathBuf,
    /// How to write its rows
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open_to_read()?;
    let catalog = Catalog::load(&config.root, ledger::all_tables())?;
    let trial = trial::run(&catalog, &lake, &config, clock(), &args.file).await?;
    output::print(&trial.rows, args.format)?;
    trial.remarks.iter().for_each(|remark| talk.line(remark));
    trial.faults.iter().for_each(|fault| talk.line(format!("wrong: {fault}")));
    Ok(if trial.faults.is_empty() { Exit::Done } else { Exit::Usage })
}
