//! Collecting: drives the collectors, takes their rows into the lake, and records how each parent ended.

use std::collections::HashMap;

use almanac_collectors::{
    collect::{CollectError, Context, Outcome, Parent, Sink, Status},
    github::{
        Credential, Github, GithubConfig, Secret,
        config::{CredentialConfig, SecretSource},
    },
    privacy::Pseudonyms,
    table::{Kind, Read, Table, Timestamp},
};
use arrow::record_batch::RecordBatch;
use chrono::{DateTime, NaiveDate, Utc};
use futures::{FutureExt, future::BoxFuture};

use crate::{
    config::{Config, ConfigError},
    exit::{Exit, Failure, one_line},
    lake::{Lake, LakeError, Listing, Published, TableRun},
    ledger::{Cost, Ledger, Step, StepStatus},
    planning,
    progress::{Bar, Talk},
};

/// What to collect.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Full names; all enabled tables when empty.
    pub tables: Vec<String>,
    /// Another date than today's, for tables of changes and windows.
    pub date: Option<NaiveDate>,
}

/// What a run collected.
#[derive(Debug, Default)]
pub struct Report {
    /// By table, in order: how it ended.
    pub tables: Vec<TableReport>,
}

/// How a table ended.
#[derive(Debug)]
pub struct TableReport {
    /// Its full name.
    pub name: String,
    /// The rows published; `None` when nothing was.
    pub rows: Option<usize>,
    /// Requests made for it.
    pub requests: u64,
    /// Parents that were not read whole, with the reason.
    pub gaps: Vec<(Parent, Status, Option<String>)>,
    /// Why it could not be read at all.
    pub error: Option<String>,
}

impl Report {
    /// The exit code that this amounts to.
    pub fn exit(&self) -> Exit {
        let failed = self.tables.iter().any(|table| table.error.is_some());
        let gaps = self.tables.iter().any(|table| !table.gaps.is_empty());
        match (failed, gaps) {
            (true, _) => Exit::Failed,
            (false, true) => Exit::Partial,
            (false, false) => Exit::Done,
        }
    }
}

/// Why nothing can be collected.
#[derive(Debug, thiserror::Error)]
pub enum CollectingError {
    /// The configuration lacks something.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The lake cannot be read or written.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// There is no such table.
    #[error("there is no table `{name}`")]
    UnknownTable {
        /// The name given.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// The table's source has no section, or the table is switched off.
    #[error("`{name}` is not enabled")]
    Disabled {
        /// The table.
        name: String,
    },
    /// No table is enabled.
    #[error("no table is enabled")]
    Nothing,
    /// A snapshot is of today.
    #[error("`{table}` is a snapshot: it shows the state of {today} and cannot be collected for {date}")]
    PastSnapshot {
        /// The table.
        table: String,
        /// The date asked for.
        date: NaiveDate,
        /// The date of the run.
        today: NaiveDate,
    },
    /// A date that has not come.
    #[error("{date} has not come yet: today is {today} (UTC)")]
    Future {
        /// The date asked for.
        date: NaiveDate,
        /// The date of the run.
        today: NaiveDate,
    },
    /// The client cannot be made.
    #[error("could not connect to GitHub")]
    Github(#[source] almanac_collectors::github::ApiError),
}

impl From<CollectingError> for Failure {
    fn from(error: CollectingError) -> Self {
        match error {
            CollectingError::Config(error) => error.into(),
            CollectingError::Lake(error) => error.into(),
            CollectingError::UnknownTable { ref known, .. } => {
                let hint = format!("there are {}", known.join(", "));
                Self::new(Exit::Usage, error).hint(hint)
            }
            CollectingError::Disabled { ref name } => {
                let hint =
                    format!("add the section of its source to `almanac.toml`, or remove `enabled = false` under `[tables.\"{name}\"]`");
                Self::new(Exit::Usage, error).hint(hint)
            }
            CollectingError::Nothing => Self::new(Exit::Usage, error).hint("add a section such as `[github]` to `almanac.toml`"),
            CollectingError::PastSnapshot { .. } => Self::new(Exit::Usage, error)
                .hint("a past state cannot be read from the API any more: leave --date out, or select tables of changes with --tables"),
            CollectingError::Future { .. } => Self::new(Exit::Usage, error).hint("leave --date out to collect for today"),
            CollectingError::Github(_) => {
                Self::new(Exit::Usage, error).hint("check `github.api_url` and `github.graphql_url` in `almanac.toml`")
            }
        }
    }
}

/// Collects the selected tables and publishes what is whole.
///
/// # Errors
/// When nothing can be collected at all. What happened to a single table or parent is in the report and in the ledger.
pub async fn collect(lake: &Lake, config: &Config, selection: &Selection, ledger: &Ledger, talk: &Talk) -> Result<Report, CollectingError> {
    let tables = selected(config, selection)?;
    let date = logical_date(&tables, selection, ledger.date())?;
    let (github, pseudonyms) = connect(config)?;
    lake.check_writable().await?;
    talk.line(format!("collecting for {date}"));

    let listing = lake.listing().await?;
    let mut runs = Vec::new();
    for table in tables {
        let published = listing.raw.get(&table.full_name()).map_or(&[][..], Vec::as_slice);
        runs.push(TableRun::begin(lake, table, date, ledger.run(), published).await?);
    }
    let intake = Intake::new(runs, talk);
    let planned = plan(lake, &listing, github.as_ref(), &intake, talk).await;
    let context = Context { github: github.as_ref(), pseudonyms: &pseudonyms, sink: &intake };

    let mut failed: HashMap<String, String> = HashMap::new();
    let mut refused = false;
    for walker in intake.walkers() {
        if let Read::By(collect) = walker.read
            && let Err(error) = collect(&context).await
        {
            refused |= matches!(error, CollectError::Unauthorized { .. });
            let reason = one_line(&error);
            let brought = intake.tables().filter(|table| table.walked_by() == walker);
            failed.extend(brought.map(|table| (table.full_name(), reason.clone())));
        }
    }
    let report = publish(intake, &failed, &planned, ledger, talk).await;
    if refused {
        talk.line("hint: a credential that GitHub refuses is not valid, or not any more: `almanac doctor` tells which and what to do");
    }
    Ok(report)
}

/// The requests that each table is expected to take, by full name. A run goes on without knowing.
async fn plan(lake: &Lake, listing: &Listing, github: Option<&Github>, intake: &Intake, talk: &Talk) -> HashMap<String, u64> {
    let tables: Vec<_> = intake.tables().collect();
    let estimates = match planning::past(lake, listing, &tables).await {
        Ok(past) => planning::estimate(&past, github, &tables).await.ok(),
        Err(error) => {
            talk.line(format!("the run ledger cannot be read, so nothing is planned: {}", one_line(&error)));
            None
        }
    };
    let known = estimates.into_iter().flatten().filter_map(|estimate| Some((estimate.table, estimate.requests?)));
    known.collect()
}

/// The tables to collect, each once.
///
/// # Errors
/// When one is unknown or not enabled, or there is none.
pub fn selected(config: &Config, selection: &Selection) -> Result<Vec<&'static Table>, CollectingError> {
    let known = almanac_collectors::tables();
    if selection.tables.is_empty() {
        let enabled: Vec<_> = known.into_iter().filter(|table| config.is_enabled(table)).collect();
        return if enabled.is_empty() { Err(CollectingError::Nothing) } else { Ok(enabled) };
    }
    let mut tables: Vec<&'static Table> = Vec::new();
    for name in &selection.tables {
        let Some(table) = known.iter().find(|table| table.full_name() == *name) else {
            let known = known.iter().map(|table| table.full_name()).collect();
            return Err(CollectingError::UnknownTable { name: name.clone(), known });
        };
        if !config.is_enabled(table) {
            return Err(CollectingError::Disabled { name: name.clone() });
        }
        if !tables.contains(table) {
            tables.push(table);
        }
    }
    Ok(tables)
}

/// The date that the partitions are filed under. History cannot be forged: a snapshot is of today.
fn logical_date(tables: &[&'static Table], selection: &Selection, today: NaiveDate) -> Result<NaiveDate, CollectingError> {
    let date = selection.date.unwrap_or(today);
    if date > today {
        return Err(CollectingError::Future { date, today });
    }
    match tables.iter().find(|table| table.kind == Kind::Snapshot && date != today) {
        Some(table) => Err(CollectingError::PastSnapshot { table: table.full_name(), date, today }),
        None => Ok(date),
    }
}

fn connect(config: &Config) -> Result<(Option<Github>, Pseudonyms), CollectingError> {
    let key = config.secret("privacy.key_env", &config.privacy_key_env, "a long random secret, kept for as long as the lake")?;
    Ok((github(config)?, Pseudonyms::new(&key)))
}

/// GitHub with its credentials, where it is configured.
///
/// # Errors
/// When a secret is missing, or is not one.
pub fn github(config: &Config) -> Result<Option<Github>, CollectingError> {
    let Some(settings) = &config.github else { return Ok(None) };
    let github = Github::new(settings, &credentials(config, settings)?).map_err(CollectingError::Github)?;
    Ok(Some(github))
}

/// GitHub's credentials with the secrets that the environment holds.
fn credentials(config: &Config, settings: &GithubConfig) -> Result<Vec<Credential>, ConfigError> {
    let with_secret = |one: CredentialConfig| {
        let (name, secret) = match one.source() {
            Ok(SecretSource::Token(variable)) => (variable, Secret::Token(config.secret("github.token_env", variable, "a GitHub token")?)),
            Ok(SecretSource::PrivateKey(variable)) => {
                let private_key = config.secret("github.private_key_env", variable, "the private key of a GitHub App, PEM")?;
                let app_id = one.app_id.as_ref().map(ToString::to_string).unwrap_or_default();
                (variable, Secret::App { app_id, private_key, installation_id: one.installation_id })
            }
            // The configuration was checked when it was read.
            Err(_) => return Ok(None),
        };
        Ok(Some(Credential { name: name.to_owned(), organizations: one.organizations.clone(), secret }))
    };
    settings.credentials().into_iter().map(with_secret).filter_map(Result::transpose).collect()
}

/// Publishes every table, whatever became of the others, and records each.
async fn publish(intake: Intake, failed: &HashMap<String, String>, planned: &HashMap<String, u64>, ledger: &Ledger, talk: &Talk) -> Report {
    let mut report = Report::default();
    for (run, _bar) in intake.runs {
        let table = run.table();
        let name = table.full_name();
        let published = run.publish().await;
        let (rows, outcomes, lake_error) = match published {
            Ok(Published { rows, outcomes }) => (rows, outcomes, None),
            Err(error) => (None, Vec::new(), Some(one_line(&error))),
        };
        let error = failed.get(&name).cloned().or(lake_error);
        let requests = outcomes.iter().map(|(_, outcome)| outcome.requests).sum();
        let points = outcomes.iter().map(|(_, outcome)| outcome.points).sum();
        let gaps = outcomes.iter().filter(|(_, outcome)| outcome.status.is_gap());
        let gaps: Vec<_> = gaps.map(|(parent, outcome)| (parent.clone(), outcome.status, outcome.detail.clone())).collect();
        for (parent, outcome) in outcomes {
            ledger.outcome(table, &parent, outcome);
        }
        let status = match (&error, gaps.is_empty()) {
            (Some(_), _) => StepStatus::Failed,
            (None, false) => StepStatus::Partial,
            (None, true) => StepStatus::Ok,
        };
        let detail = error.clone().or_else(|| (!gaps.is_empty()).then(|| format!("{} gaps", gaps.len())));
        ledger.step(Step {
            step: format!("collect {name}"),
            status,
            detail,
            rows: rows.and_then(|rows| i64::try_from(rows).ok()),
            cost: Some(Cost { requests, points, planned: planned.get(&name).copied() }),
            started_at: ledger.started_at(),
            finished_at: finished(ledger.started_at(), intake.begun.elapsed()),
        });
        let table_report = TableReport { name, rows, requests, gaps, error };
        let (name, rows) = (&table_report.name, table_report.rows.unwrap_or_default());
        tracing::info!(table = name, date = %ledger.date(), rows, requests, gaps = table_report.gaps.len(), "collected `{name}`");
        // One reason may have kept all tables from being read: it is told once.
        let is_told = |last: &TableReport| last.error.is_some() && last.error == table_report.error;
        match report.tables.last().is_some_and(is_told) {
            true => talk.line(format!("  {:34} failed likewise", table_report.name)),
            false => talk.line(describe(&table_report, table.kind)),
        }
        report.tables.push(table_report);
    }
    report
}

/// The run's own clock may be another than the machine's: the simulator lives through a week in a minute.
fn finished(started: DateTime<Utc>, elapsed: std::time::Duration) -> DateTime<Utc> {
    started + elapsed
}

fn describe(report: &TableReport, kind: Kind) -> String {
    let name = &report.name;
    if let Some(error) = &report.error {
        return format!("  {name:34} failed: {error}");
    }
    let rows = match (report.rows, kind) {
        (Some(rows), _) => format!("{rows} rows"),
        (None, Kind::Changes) => "nothing new".to_owned(),
        (None, Kind::Snapshot | Kind::Window) => "not published".to_owned(),
    };
    let mut text = format!("  {name:34} {rows:>14}   {:>5} requests", report.requests);
    if let [(parent, status, detail), others @ ..] = &report.gaps[..] {
        let count = if others.is_empty() { "1 gap".to_owned() } else { format!("{} gaps", report.gaps.len()) };
        let detail = detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        let more = if others.is_empty() { String::new() } else { format!(", and {} more", others.len()) };
        text.push_str(&format!("   {count}: {} {}{detail}{more}", parent.name, status.as_str()));
    }
    text
}

/// Takes rows from the collectors into the lake.
#[derive(Debug)]
struct Intake {
    runs: Vec<(TableRun, Bar)>,
    begun: std::time::Instant,
}

impl Intake {
    fn new(runs: Vec<TableRun>, talk: &Talk) -> Self {
        let with_bar = |run: TableRun| {
            let bar = talk.bar(run.table().full_name(), None);
            (run, bar)
        };
        Self { runs: runs.into_iter().map(with_bar).collect(), begun: std::time::Instant::now() }
    }

    fn tables(&self) -> impl Iterator<Item = &'static Table> {
        self.runs.iter().map(|(run, _)| run.table())
    }

    /// The tables whose walks bring what is wanted, each once.
    fn walkers(&self) -> Vec<&'static Table> {
        let mut walkers: Vec<&'static Table> = Vec::new();
        for walker in self.tables().map(Table::walked_by) {
            if !walkers.contains(&walker) {
                walkers.push(walker);
            }
        }
        walkers
    }

    fn find(&self, table: &Table) -> Option<&(TableRun, Bar)> {
        self.runs.iter().find(|(run, _)| run.table() == table)
    }
}

fn sink_error(table: &Table) -> impl FnOnce(LakeError) -> CollectError {
    let table = table.full_name();
    move |source| CollectError::Sink { table, source: source.into() }
}

impl Sink for Intake {
    fn wants(&self, table: &'static Table) -> bool {
        self.find(table).is_some()
    }

    fn is_done(&self, table: &'static Table, parent: &Parent) -> bool {
        self.find(table).is_some_and(|(run, bar)| {
            let done = run.is_done(parent);
            bar.inc(u64::from(done));
            done
        })
    }

    fn since(&self, table: &'static Table, parent: &Parent) -> Option<Timestamp> {
        self.find(table).and_then(|(run, _)| run.since(parent))
    }

    fn etag(&self, table: &'static Table, parent: &Parent) -> Option<String> {
        self.find(table).and_then(|(run, _)| run.etag(parent))
    }

    fn expect(&self, table: &'static Table, parents: usize) {
        if let Some((_, bar)) = self.find(table) {
            bar.set_len(parents as u64);
        }
    }

    fn rows<'a>(&'a self, table: &'static Table, parent: &'a Parent, rows: RecordBatch) -> BoxFuture<'a, Result<(), CollectError>> {
        async move {
            match self.find(table) {
                Some((run, _)) => run.rows(parent, rows).await.map_err(sink_error(table)),
                None => Ok(()),
            }
        }
        .boxed()
    }

    fn done<'a>(
        &'a self,
        table: &'static Table,
        parent: &'a Parent,
        outcome: Outcome,
        within: Vec<(Parent, Outcome)>,
    ) -> BoxFuture<'a, Result<(), CollectError>> {
        async move {
            let Some((run, bar)) = self.find(table) else { return Ok(()) };
            bar.inc(1);
            run.done(parent, outcome, within).await.map_err(sink_error(table))
        }
        .boxed()
    }
}
