//! `almanac collect`: read the APIs and publish raw tables.

use chrono::NaiveDate;

use crate::{
    collecting::{self, Report, Selection},
    config::Config,
    exit::{Exit, Failure},
    lake::Lake,
    ledger::Ledger,
    progress::Talk,
};

use super::{Global, ledger};

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Tables to collect, such as github.pull_requests; all that are enabled when left out
    #[arg(long, value_delimiter = ',', value_name = "TABLE,…")]
    tables: Vec<String>,
    /// File the rows under this date instead of today's: tables of changes and windows only
    #[arg(long, value_name = "YYYY-MM-DD")]
    date: Option<NaiveDate>,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open()?;
    let selection = Selection { tables: args.tables.clone(), date: args.date };
    let ledger = ledger("collect");
    Ok(collect(&lake, &config, &selection, &ledger, talk).await?.exit())
}

/// Collects and records, also when it fails.
pub(super) async fn collect(lake: &Lake, config: &Config, selection: &Selection, ledger: &Ledger, talk: &Talk) -> Result<Report, Failure> {
    talk.line(format!("collecting for {}", selection.date.unwrap_or_else(|| ledger.date())));
    let report = collecting::collect(lake, config, selection, ledger, talk).await;
    let recorded = ledger.publish(lake).await;
    let report = report?;
    recorded?;
    Ok(report)
}
