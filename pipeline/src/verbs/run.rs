//! `almanac run`: collect, then build.

use crate::{
    collecting::Selection,
    config::Config,
    exit::{Exit, Failure},
    lake::Lake,
    ledger::Ledger,
    models::build::{self, BuildOptions},
    progress::Talk,
};

use super::{Global, build::tell, collect::collect, ledger};

/// Options of the verb.
#[derive(clap::Args, Debug)]
pub(super) struct Args {
    /// Tables to collect, such as github.pull_requests; all that are enabled when left out
    #[arg(long, value_delimiter = ',', value_name = "TABLE,…")]
    tables: Vec<String>,
    /// Publish snapshots however much they differ from those before them; what was held back today is not read again
    #[arg(long)]
    accept: bool,
}

pub(super) async fn run(args: &Args, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    let (config, lake) = global.open()?;
    let selection = Selection { tables: args.tables.clone(), date: None, accept: args.accept };
    collect_and_build(&lake, &config, &selection, &ledger("run"), talk).await
}

/// Collects and builds, and gives the worse of the two ends. A table that could not be read leaves its earlier partitions to build on.
pub(super) async fn collect_and_build(
    lake: &Lake,
    config: &Config,
    selection: &Selection,
    ledger: &Ledger,
    talk: &Talk,
) -> Result<Exit, Failure> {
    let collected = collect(lake, config, selection, ledger, talk).await?.exit();
    let options = BuildOptions::of(ledger.date(), ledger.started_at());
    let built = build::build(lake, config, options, ledger, talk).await;
    let recorded = ledger.publish(lake).await;
    let report = built?;
    recorded?;
    tell(&report, talk);
    Ok(match (collected, report.exit()) {
        (Exit::Failed, _) | (_, Exit::Failed) => Exit::Failed,
        (_, Exit::Audit) => Exit::Audit,
        (Exit::Done, built) => built,
        (collected, _) => collected,
    })
}
