//! The command line: one verb a file.

mod ask;
mod build;
mod check;
mod collect;
mod demo;
mod doctor;
mod export;
mod init;
mod plan;
mod run;
mod sql;
mod status;
mod tables;

use std::path::PathBuf;

use chrono::Utc;
use clap::{Args, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

use crate::{
    config::Config,
    exit::{Exit, Failure},
    lake::Lake,
    ledger::Ledger,
    progress::Talk,
};

/// Dated snapshots of an engineering organisation as Parquet, and the answers in SQL.
#[derive(Debug, Parser)]
#[command(name = "almanac", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub struct Cli {
    #[command(subcommand)]
    verb: Verb,
    #[command(flatten)]
    global: Global,
}

const EXIT_CODES: &str = "Exit codes: 0 done · 1 failed, what was published is untouched · 2 command line or configuration · \
3 published, with gaps that `almanac status` names or errors that were told · 4 an assertion stopped the publishing";

/// Options of every verb.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// The configuration
    #[arg(long, global = true, value_name = "FILE", help = "The configuration [default: almanac.toml]")]
    pub config: Option<PathBuf>,
    /// The lake, instead of the one that the configuration names
    #[arg(long, global = true, value_name = "URL")]
    pub lake: Option<String>,
}

impl Global {
    /// The configuration and its lake.
    ///
    /// # Errors
    /// When one of them is wrong.
    pub fn open(&self) -> Result<(Config, Lake), Failure> {
        let config = Config::load(self.config.as_deref(), self.lake.as_deref())?;
        let lake = config.lake()?;
        Ok((config, lake))
    }

    /// Likewise, to read from: a lake that the command line names must be there. The configured one may be still to come.
    ///
    /// # Errors
    /// When one of them is wrong, or there is no such lake.
    pub fn open_to_read(&self) -> Result<(Config, Lake), Failure> {
        let config = Config::load(self.config.as_deref(), self.lake.as_deref())?;
        let lake = if self.lake.is_some() { config.existing_lake()? } else { config.lake()? };
        Ok((config, lake))
    }
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Write a commented `almanac.toml` and make the folders
    Init(init::Args),
    /// Live through some days of a fictional company, and show the answers: needs nothing
    Demo(demo::Args),
    /// Check each credential: who it is, what it may read, and what to tick where it may not
    Doctor(doctor::Args),
    /// What collecting will take of the rate limits, against what is left of them
    Plan(plan::Args),
    /// Read the APIs and publish raw tables
    Collect(collect::Args),
    /// Build the facts from the raw tables: only what is stale
    Build(build::Args),
    /// Collect, then build
    Run(run::Args),
    /// Answer a question; without one, list them
    Ask(ask::Args),
    /// Try one file of SQL, such as a check of your own, against the lake: nothing is published
    Check(check::Args),
    /// Query raw tables, staging and facts
    Sql(sql::Args),
    /// Write facts to files for other tools, as Parquet and as CSV; without a name, list what there is to write
    Export(export::Args),
    /// What tables, models and questions there are, and what their columns mean
    Tables(tables::Args),
    /// What is in the lake, how fresh and how complete it is
    Status(status::Args),
}

/// Runs the command line of this process.
pub fn main() -> Exit {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("ALMANAC_LOG").unwrap_or_else(|_| EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let talk = Talk::stderr();
    let result = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime.block_on(dispatch(&cli.verb, &cli.global, &talk)),
        Err(error) => Err(Failure::new(Exit::Failed, error)),
    };
    match result {
        Ok(Exit::Partial) => {
            talk.line("published, with gaps or errors: errors stand above; `almanac status` names gaps, `almanac ask collection-gaps` says what to do");
            Exit::Partial
        }
        Ok(exit) => exit,
        Err(failure) => {
            talk.line(failure.report());
            failure.exit
        }
    }
}

async fn dispatch(verb: &Verb, global: &Global, talk: &Talk) -> Result<Exit, Failure> {
    match verb {
        Verb::Init(args) => init::run(args, talk),
        Verb::Demo(args) => demo::run(args, talk).await,
        Verb::Doctor(args) => doctor::run(args, global, talk).await,
        Verb::Plan(args) => plan::run(args, global, talk).await,
        Verb::Collect(args) => collect::run(args, global, talk).await,
        Verb::Build(args) => build::run(args, global, talk).await,
        Verb::Run(args) => run::run(args, global, talk).await,
        Verb::Ask(args) => ask::run(args, global, talk).await,
        Verb::Check(args) => check::run(args, global, talk).await,
        Verb::Sql(args) => sql::run(args, global, talk).await,
        Verb::Export(args) => export::run(args, global, talk).await,
        Verb::Tables(args) => tables::run(args, global, talk).await,
        Verb::Status(args) => status::run(args, global, talk).await,
    }
}

/// The ledger of a run that begins now.
fn ledger(verb: &'static str) -> Ledger {
    Ledger::new(verb, Utc::now())
}
