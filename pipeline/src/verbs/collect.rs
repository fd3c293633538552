//! `almanac collect`: read the APIs and publish raw tables.

use chrono::NaiveDate;

use crate::{
    collecting::{self, Report, Selection},
    config::Config,
    exit::{Exit, Failure, one_line},
    lake::Lake,
    ledger::{Ledger, Step, StepStatus},
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
    /// Publish snapshots however much they differ from those before them; what was held back today is not read again
    #[arg(long)]
    accept: bool,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open()?;
    let selection = Selection { tables: args.tables.clone(), date: args.date, accept: args.accept };
    let ledger = ledger("collect");
    Ok(collect(&lake, &config, &selection, &ledger, talk).await?.exit())
}

/// Collects and records, also when it fails.
pub(super) async fn collect(lake: &Lake, config: &Config, selection: &Selection, ledger: &Ledger, talk: &Talk) -> Result<Report, Failure> {
    let report = collecting::collect(lake, config, selection, ledger, talk).await;
    if let Err(error) = &report {
        let (started_at, detail) = (ledger.started_at(), Some(one_line(error)));
        ledger.step(Step {
            step: "collect".to_owned(),
            status: StepStatus::Failed,
            detail,
            rows: None,
            cost: None,
            started_at,
            finished_at: started_at,
        });
    }
    let recorded = ledger.publish(lake).await;
    let report = report?;
    recorded?;
    Ok(report)
}
