//! Collecting: drives the collectors, takes their rows into the lake, and records how each parent ended.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Instant,
};

use almanac_collectors::{
    collect::{CollectError, Context, Parent, Status},
    privacy::Pseudonyms,
    sources::Sources,
    table::{Kind, Read, Table},
};
use chrono::{DateTime, Days, NaiveDate, Utc};

use crate::{
    config::{Config, WindowDays, names_beside},
    connecting::{self, ConnectError},
    drift::{self, SNAPSHOT_CHANGES},
    exit::{Exit, Failure, one_line},
    intake::Intake,
    lake::{Lake, LakeError, Listing, Object, Published, TableRun},
    ledger::{Cost, Ledger, Step, StepStatus},
    planning,
    progress::Talk,
};

/// What to collect.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Full names; all enabled tables when empty.
    pub tables: Vec<String>,
    /// Another date than today's, for tables of changes and windows.
    pub date: Option<NaiveDate>,
    /// Publish snapshots however much they differ from those before them.
    pub accept: bool,
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
    /// Why it was not published though it was read.
    pub held: Option<String>,
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
    /// A source cannot be asked.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The lake cannot be read or written.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// There is no such table.
    #[error("there is no table `{name}`")]
    UnknownTable {
        /// The name given.
        name: String,
        /// The names there are, of its source if that is one.
        known: String,
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
}

impl From<CollectingError> for Failure {
    fn from(error: CollectingError) -> Self {
        match error {
            CollectingError::Connect(error) => error.into(),
            CollectingError::Lake(error) => error.into(),
            CollectingError::UnknownTable { ref known, .. } => {
                let hint = format!("there are {known}");
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
    let pseudonyms = connecting::pseudonyms(config)?;
    let sources = connecting::sources(config, &source_names(&tables))?;
    lake.check_writable().await?;
    talk.line(format!("collecting for {date}"));

    let listing = lake.listing().await?;
    let rounds = rounds(config, &listing, &tables, selection.date, date);
    let planned = plan(lake, &listing, &sources, &tables, talk).await;
    let run = Run { lake, config, accept: selection.accept, listing, sources, pseudonyms, planned, ledger, talk };
    let (mut report, mut refused) = (Report::default(), BTreeSet::new());
    for round in rounds {
        run.round(&round, &mut report, &mut refused).await?;
    }
    run.compare(&tables, date, &mut report).await;
    for host in refused {
        talk.line(format!(
            "hint: a credential that `{host}` refuses is not valid, or not any more: `almanac doctor` tells which and what to do"
        ));
    }
    Ok(report)
}

/// The sources of these tables, each once.
pub fn source_names(tables: &[&'static Table]) -> Vec<&'static str> {
    let mut names: Vec<_> = tables.iter().map(|table| table.source).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Tables that are read side by side, and for which day.
#[derive(Debug, PartialEq, Eq)]
struct Round {
    day: NaiveDate,
    tables: Vec<&'static Table>,
}

/// How far back days are made up for on which no run came to read a window.
const CATCH_UP_DAYS: u64 = 14;

/// What is read when. The catalog looks into files that GitHub's round publishes, so that it comes after; windows are read day by day, from
/// the oldest on: the day that was asked for, or else those that are over and due.
fn rounds(config: &Config, listing: &Listing, tables: &[&'static Table], asked: Option<NaiveDate>, date: NaiveDate) -> Vec<Round> {
    let (windows, states): (Vec<_>, Vec<_>) = tables.iter().copied().partition(|table| table.kind == Kind::Window);
    let (later, first): (Vec<_>, Vec<_>) = states.into_iter().partition(|table| table.source == "catalog");
    let mut rounds = vec![Round { day: date, tables: first }, Round { day: date, tables: later }];
    let mut by_day: BTreeMap<NaiveDate, Vec<&'static Table>> = BTreeMap::new();
    for table in windows {
        let published = listing.raw.get(&table.full_name()).map_or(&[][..], Vec::as_slice);
        let days = asked.map_or_else(|| due(config.window(table), published, date), |day| BTreeSet::from([day]));
        days.into_iter().for_each(|day| by_day.entry(day).or_default().push(table));
    }
    rounds.extend(by_day.into_iter().map(|(day, tables)| Round { day, tables }));
    rounds.retain(|round| !round.tables.is_empty());
    rounds
}

/// The days of a window that a run of this date reads: yesterday, as many before it as the settings say for data that comes late, and those
/// that are missing, of the history that is wanted or of the last two weeks since the table was first read.
fn due(days: WindowDays, published: &[Object], date: NaiveDate) -> BTreeSet<NaiveDate> {
    let known: BTreeSet<NaiveDate> = published.iter().filter_map(|object| object.date).collect();
    let before = |back: u64| date.checked_sub_days(Days::new(back));
    let back = |days: u64| (1..=days).filter_map(before);
    let since_the_first = back(CATCH_UP_DAYS).filter(|day| known.first().is_some_and(|first| first < day));
    let missing = back(days.history.into()).chain(since_the_first).filter(|day| !known.contains(day));
    back(days.late.into()).chain(missing).collect()
}

/// What the rounds of one run have in common.
struct Run<'a> {
    lake: &'a Lake,
    config: &'a Config,
    /// Whether snapshots are published however much they differ from those before them.
    accept: bool,
    /// What was published before.
    listing: Listing,
    sources: Sources,
    pseudonyms: Pseudonyms,
    /// Requests that each table is expected to take, by full name.
    planned: HashMap<String, u64>,
    ledger: &'a Ledger,
    talk: &'a Talk,
}

impl Run<'_> {
    /// Reads the tables of a round and publishes them. Each host that refuses its credential is told once for all rounds.
    async fn round(&self, round: &Round, report: &mut Report, refused: &mut BTreeSet<String>) -> Result<(), CollectingError> {
        let mut runs = Vec::with_capacity(round.tables.len());
        for table in &round.tables {
            let published = self.listing.raw.get(&table.full_name()).map_or(&[][..], Vec::as_slice);
            let guard = self.config.guard(table, self.accept);
            runs.push(TableRun::begin(self.lake, table, round.day, self.ledger.run(), published, guard).await?);
        }
        let intake = Intake::new(self.lake, round.day, runs, self.talk);
        let (now, day) = (self.ledger.started_at(), round.day);
        let context = Context { sources: &self.sources, now, day, pseudonyms: &self.pseudonyms, sink: &intake };
        let mut failed: HashMap<String, String> = HashMap::new();
        for walker in intake.walkers() {
            if let Read::By(collect) = walker.read
                && let Err(error) = collect(&context).await
            {
                if let CollectError::Unauthorized { host, .. } = &error {
                    refused.insert(host.clone());
                }
                let reason = one_line(&error);
                let brought = intake.tables().filter(|table| table.walked_by() == walker);
                failed.extend(brought.map(|table| (table.full_name(), reason.clone())));
            }
        }
        publish(intake, &failed, &self.planned, self.ledger, self.talk, report).await;
        Ok(())
    }

    /// Records what changed since the snapshots before those that were published now.
    async fn compare(&self, tables: &[&'static Table], date: NaiveDate, report: &mut Report) {
        let begun = Instant::now();
        let is_new = |table: &&&Table| report.tables.iter().any(|told| told.rows.is_some() && told.name == table.full_name());
        let new: Vec<_> = tables.iter().filter(is_new).copied().collect();
        let recorded = drift::record(self.lake, &self.listing, &new, date, self.ledger.run()).await;
        let (rows, error) = match recorded {
            // Nothing could be compared.
            Ok(None) => return,
            Ok(rows) => (rows, None),
            Err(error) => (None, Some(one_line(&error))),
        };
        let (name, started_at) = (SNAPSHOT_CHANGES.full_name(), self.ledger.started_at());
        self.ledger.step(Step {
            step: format!("compare {name}"),
            status: if error.is_some() { StepStatus::Failed } else { StepStatus::Ok },
            detail: error.clone(),
            rows: rows.and_then(|rows| i64::try_from(rows).ok()),
            cost: None,
            started_at,
            finished_at: finished(started_at, begun.elapsed()),
        });
        match (&error, rows.unwrap_or_default()) {
            (Some(error), _) => self.talk.line(format!("  {name:36} failed: {error}")),
            (None, rows) => self.talk.line(format!("  {name:36} {:>14}", format!("{rows} rows"))),
        }
        report.tables.push(TableReport { name, rows, requests: 0, gaps: Vec::new(), held: None, error });
    }
}

/// The requests that each table is expected to take, by full name. A run goes on without knowing.
async fn plan(lake: &Lake, listing: &Listing, sources: &Sources, tables: &[&'static Table], talk: &Talk) -> HashMap<String, u64> {
    let estimates = match planning::past(lake, listing, tables).await {
        Ok(past) => planning::estimate(&past, sources.github.as_ref(), tables).await.ok(),
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
            return Err(CollectingError::UnknownTable { name: name.clone(), known: names_beside(name) });
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

/// Publishes every table, whatever became of the others, and records each.
async fn publish(
    intake: Intake,
    failed: &HashMap<String, String>,
    planned: &HashMap<String, u64>,
    ledger: &Ledger,
    talk: &Talk,
    report: &mut Report,
) {
    let (day, elapsed) = (intake.day(), intake.elapsed());
    for (run, _bar) in intake.into_runs() {
        let table = run.table();
        let name = table.full_name();
        let published = run.publish().await;
        let (rows, held, outcomes, lake_error) = match published {
            Ok(Published { rows, held, outcomes }) => (rows, held, outcomes, None),
            Err(error) => (None, None, Vec::new(), Some(one_line(&error))),
        };
        let error = failed.get(&name).cloned().or(lake_error);
        let requests = outcomes.iter().map(|(_, outcome)| outcome.requests).sum();
        let points = outcomes.iter().map(|(_, outcome)| outcome.points).sum();
        let gaps = outcomes.iter().filter(|(_, outcome)| outcome.status.is_gap());
        let gaps: Vec<_> = gaps.map(|(parent, outcome)| (parent.clone(), outcome.status, outcome.detail.clone())).collect();
        for (parent, outcome) in outcomes {
            ledger.outcome(table, day, &parent, outcome);
        }
        // Of what was held back, the lake is as old as it was.
        let status = match (error.is_some() || held.is_some(), gaps.is_empty()) {
            (true, _) => StepStatus::Failed,
            (false, false) => StepStatus::Partial,
            (false, true) => StepStatus::Ok,
        };
        let told = held.as_ref().map(|held| format!("held back: {held}"));
        let detail = error.clone().or(told).or_else(|| (!gaps.is_empty()).then(|| format!("{} gaps", gaps.len())));
        ledger.step(Step {
            step: if table.kind == Kind::Window { format!("collect {name} {day}") } else { format!("collect {name}") },
            status,
            detail,
            rows: rows.and_then(|rows| i64::try_from(rows).ok()),
            cost: Some(Cost { requests, points, planned: planned.get(&name).copied() }),
            started_at: ledger.started_at(),
            finished_at: finished(ledger.started_at(), elapsed),
        });
        let table_report = TableReport { name, rows, requests, gaps, held, error };
        let (name, rows) = (&table_report.name, table_report.rows.unwrap_or_default());
        tracing::info!(table = name, date = %day, rows, requests, gaps = table_report.gaps.len(), "collected `{name}`");
        // One reason may have kept all tables from being read: it is told once.
        let is_told = |last: &TableReport| last.error.is_some() && last.error == table_report.error;
        match report.tables.last().is_some_and(is_told) {
            true => talk.line(format!("  {:36} failed likewise", table_report.name)),
            false => talk.line(describe(&table_report, table.kind, day)),
        }
        report.tables.push(table_report);
    }
}

/// The run's own clock may be another than the machine's: the simulator lives through a week in a minute.
fn finished(started: DateTime<Utc>, elapsed: std::time::Duration) -> DateTime<Utc> {
    started + elapsed
}

fn describe(report: &TableReport, kind: Kind, day: NaiveDate) -> String {
    let name = if kind == Kind::Window { format!("{} {day}", report.name) } else { report.name.clone() };
    if let Some(error) = &report.error {
        return format!("  {name:36} failed: {error}");
    }
    if let Some(held) = &report.held {
        return format!("  {name:36} held back: {held}; `almanac collect --tables {name} --accept` publishes it");
    }
    let rows = match (report.rows, kind) {
        (Some(rows), _) => format!("{rows} rows"),
        (None, Kind::Changes) => "nothing new".to_owned(),
        (None, Kind::Snapshot | Kind::Window) => "not published".to_owned(),
    };
    let mut text = format!("  {name:36} {rows:>14}   {:>5} requests", report.requests);
    if let [(parent, status, detail), others @ ..] = &report.gaps[..] {
        let count = if others.is_empty() { "1 gap".to_owned() } else { format!("{} gaps", report.gaps.len()) };
        let detail = detail.as_ref().map(|detail| format!(" ({detail})")).unwrap_or_default();
        let more = if others.is_empty() { String::new() } else { format!(", and {} more", others.len()) };
        text.push_str(&format!("   {count}: {} {}{detail}{more}", parent.name, status.as_str()));
    }
    text
}
