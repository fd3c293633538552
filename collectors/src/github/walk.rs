//! What walks over all repositories have in common: which are left to read, and how their tables are closed.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    table::Table,
};

use super::{
    github,
    listing::{Organization, Repository},
    organization_parent,
};

/// Those of the tables of one walk that are asked for in this run.
pub(super) fn wanted(context: &Context<'_>, tables: &[&'static Table]) -> Vec<&'static Table> {
    tables.iter().copied().filter(|table| context.sink.wants(table)).collect()
}

/// Closes a parent for some tables, each with its own outcome.
pub(super) async fn close(
    context: &Context<'_>,
    tables: &[&'static Table],
    parent: &Parent,
    outcome: impl Fn(&'static Table) -> Outcome + Send,
) -> Result<(), CollectError> {
    for &table in tables {
        context.sink.done(table, parent, outcome(table), Vec::new()).await?;
    }
    Ok(())
}

/// The repositories that these tables have left to read, by organisation. An organisation that could not be listed is closed with the
/// reason.
pub(super) async fn left<'a>(
    context: &Context<'a>,
    tables: &[&'static Table],
) -> Result<Vec<(&'a Organization, Vec<&'a Repository>)>, CollectError> {
    let mut all = Vec::new();
    for organization in github(context)?.listing().await? {
        match &organization.repositories {
            Ok(repositories) => all.push((organization, repositories)),
            Err(error) => {
                let refused = |_| Tally::within(error.status(), Some(error.message.clone()), 0);
                close(context, tables, &organization_parent(&organization.login), refused).await?;
            }
        }
    }
    for table in tables {
        context.sink.expect(table, all.iter().map(|(_, repositories)| repositories.len()).sum());
    }
    let is_left = |repository: &&Repository| !tables.iter().all(|table| context.sink.is_done(table, &repository.parent()));
    Ok(all.into_iter().map(|(organization, repositories)| (organization, repositories.iter().filter(is_left).collect())).collect())
}

/// What requests about several parents cost. It stands with the first parent that is closed, for a sum must count it once.
#[derive(Debug, Default)]
pub(super) struct Bill {
    pub(super) tally: Tally,
    is_settled: AtomicBool,
}

impl Bill {
    /// The outcome of one of the parents, of so many rows.
    pub(super) fn outcome(&self, status: Status, detail: Option<String>, rows: u64) -> Outcome {
        if self.is_settled.swap(true, Ordering::Relaxed) {
            Tally::within(status, detail, rows)
        } else {
            Outcome { rows, ..self.tally.ended(status, detail) }
        }
    }
}
