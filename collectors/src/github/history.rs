//! How far back each repository is read for a table of changes, and which repositories need no request at all.
//!
//! GitHub lists workflow runs, deployments and releases by when they were made, not by when they last changed. So a walk goes back beyond
//! the watermark, by the days in which such a thing usually still changes, and hands over what did change.

use chrono::Duration;

use crate::{
    collect::{CollectError, Context, Parent, Tally},
    table::{Table, Timestamp},
};

use super::{
    github,
    listing::{Organization, Repository},
    walk,
};

/// How far a table's walks go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reach {
    /// The first time, back to the beginning or for `history_days`.
    pub(super) first: First,
    /// Later, so many days beyond the watermark.
    pub(super) look_back_days: u32,
}

/// How far the first walk goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum First {
    /// To the very first item.
    Whole,
    /// As many days as the setting says.
    HistoryDays,
}

/// A repository that is to be read.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    pub(super) organization: &'a Organization,
    pub(super) repository: &'a Repository,
    pub(super) parent: Parent,
    /// Until when the last run read it; `None` the first time.
    pub(super) since: Option<Timestamp>,
    /// What was made before is not looked for; `None` is to the beginning.
    oldest: Option<Timestamp>,
    pub(super) tally: Tally,
}

impl Reading<'_> {
    /// Whether something that last changed then is not in the lake yet as it is now.
    pub(super) fn is_new(&self, updated_at: Timestamp) -> bool {
        self.since.is_none_or(|since| updated_at >= since)
    }

    /// Whether the walk need not go beyond something that was made then.
    pub(super) fn is_far_enough(&self, created_at: Timestamp) -> bool {
        self.oldest.is_some_and(|oldest| created_at < oldest)
    }

    /// Whether nothing can have happened there since it was last read.
    fn is_settled(&self) -> bool {
        let archived_before = |since| self.repository.archived_at.is_none_or(|archived_at| archived_at < since);
        self.repository.is_empty || self.repository.is_archived && self.since.is_some_and(archived_before)
    }
}

/// The repositories that are to be read, organisation by organisation. What needs no request is closed here.
pub(super) async fn begin<'a>(context: &Context<'a>, table: &'static Table, reach: Reach) -> Result<Vec<Reading<'a>>, CollectError> {
    let github = github(context)?;
    let beginning = match reach.first {
        First::Whole => None,
        First::HistoryDays => present(github.listing().await?).map(|present| before(present, github.settings.history_days)),
    };
    let mut open = Vec::new();
    for (organization, repositories) in walk::left(context, &[table]).await? {
        for repository in repositories {
            let parent = repository.parent();
            let since = context.sink.since(table, &parent);
            let oldest = since.map(|since| before(since, reach.look_back_days)).or(beginning);
            let reading = Reading { organization, repository, parent, since, oldest, tally: Tally::default() };
            if reading.is_settled() {
                context.sink.done(table, &reading.parent, reading.tally.complete(), Vec::new()).await?;
            } else {
                open.push(reading);
            }
        }
    }
    Ok(open)
}

/// The present as far as the repositories know it: their newest change. This machine's clock has no say in what is read, so that the same
/// answers bring the same rows.
fn present(organizations: &[Organization]) -> Option<Timestamp> {
    let repositories = organizations.iter().flat_map(|organization| organization.repositories.iter().flatten());
    repositories.flat_map(|repository| [Some(repository.updated_at), repository.pushed_at]).flatten().max()
}

/// So many days earlier; as early as can be told, if that is too long ago.
pub(super) fn before(moment: Timestamp, days: u32) -> Timestamp {
    let earlier = moment.to_utc().checked_sub_signed(Duration::days(i64::from(days)));
    earlier.map_or(Timestamp(i64::MIN), Timestamp::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_longer_than_time_itself_reads_everything() {
        let moment: Timestamp = serde_json::from_str("\"2026-11-21T10:00:00Z\"").unwrap();
        assert_eq!(before(moment, 2).to_utc().to_rfc3339(), "2026-11-19T10:00:00+00:00");
        assert!(before(moment, u32::MAX) < before(moment, 100_000));
    }
}
