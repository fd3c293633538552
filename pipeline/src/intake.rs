//! Takes the rows of one round of collecting into the lake: the other side of every collector.

use std::time::{Duration, Instant};

use almanac_collectors::{
    collect::{CollectError, Outcome, Parent, Sink},
    table::{Table, Timestamp},
};
use arrow::record_batch::RecordBatch;
use chrono::NaiveDate;
use futures::{FutureExt, future::BoxFuture};

use crate::{
    lake::{Lake, LakeError, TableRun},
    progress::{Bar, Talk},
};

/// Takes rows from the collectors into the lake.
#[derive(Debug)]
pub(crate) struct Intake {
    lake: Lake,
    day: NaiveDate,
    runs: Vec<(TableRun, Bar)>,
    begun: Instant,
}

impl Intake {
    /// Takes the rows of these runs, which are all of one day.
    pub(crate) fn new(lake: &Lake, day: NaiveDate, runs: Vec<TableRun>, talk: &Talk) -> Self {
        let with_bar = |run: TableRun| {
            let bar = talk.bar(run.table().full_name(), None);
            (run, bar)
        };
        Self { lake: lake.clone(), day, runs: runs.into_iter().map(with_bar).collect(), begun: Instant::now() }
    }

    /// The day that the rows are of.
    pub(crate) const fn day(&self) -> NaiveDate {
        self.day
    }

    /// How long it has been taking.
    pub(crate) fn elapsed(&self) -> Duration {
        self.begun.elapsed()
    }

    /// The runs, to be published.
    pub(crate) fn into_runs(self) -> impl Iterator<Item = (TableRun, Bar)> {
        self.runs.into_iter()
    }

    pub(crate) fn tables(&self) -> impl Iterator<Item = &'static Table> {
        self.runs.iter().map(|(run, _)| run.table())
    }

    /// The tables whose walks bring what is wanted, each once.
    pub(crate) fn walkers(&self) -> Vec<&'static Table> {
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

    fn published<'a>(&'a self, table: &'static Table) -> BoxFuture<'a, Result<Option<Vec<RecordBatch>>, CollectError>> {
        async move { self.lake.partition(table, self.day).await.map_err(sink_error(table)) }.boxed()
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
