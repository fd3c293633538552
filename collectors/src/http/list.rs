//! A list that is read to its end as the rows of one parent: what most tables of the plain vendors are.

use std::{collections::HashSet, fmt, hash::Hash};

use serde::de::DeserializeOwned;

use crate::{
    collect::{CollectError, Context, Outcome, Parent, Status, Tally},
    table::{Row, Table},
};

use super::{ApiError, Pages, Stopped, outcome_of};

/// One item of a list.
pub(crate) trait Item: DeserializeOwned + Send {
    /// What tells it from all others.
    type Id: Eq + Hash + Send;

    /// Likewise. A list that moves on while it is read shows an item twice.
    fn id(&self) -> Self::Id;
}

/// A list, and whose rows it brings.
#[derive(Debug)]
pub(crate) struct List<'a> {
    pub(crate) table: &'static Table,
    pub(crate) parent: Parent,
    pub(crate) pages: Pages<'a>,
}

/// A list that was read to its end, for more than one table.
#[derive(Debug)]
pub(crate) struct Whole<T> {
    /// Each only once.
    pub(crate) items: Vec<T>,
    /// What could not be read, item by item: which, and why.
    pub(crate) unreadable: Vec<String>,
}

impl<T: Item> Whole<T> {
    /// Reads a list to its end.
    ///
    /// # Errors
    /// When a page does not come, or is no list.
    pub(crate) async fn of(mut pages: Pages<'_>, tally: &Tally) -> Result<Self, ApiError> {
        let (mut items, mut seen) = (Vec::new(), HashSet::new());
        while let Some(page) = pages.next::<T>(tally).await? {
            items.extend(page.into_iter().filter(|item| seen.insert(item.id())));
        }
        Ok(Self { items, unreadable: pages.unreadable })
    }
}

/// Begins to read a table that has a single parent, and counts what that costs; nothing where an interrupted run read it already.
pub(crate) fn begin(context: &Context<'_>, table: &'static Table, parent: &Parent) -> Option<Tally> {
    context.sink.expect(table, 1);
    (!context.sink.is_done(table, parent)).then(Tally::default)
}

/// Reads a list to its end, hands its rows over and closes the parent. An item may make any number of rows.
pub(crate) async fn read_list<T: Item, R: Row + Sync>(
    context: &Context<'_>,
    mut list: List<'_>,
    rows: impl FnMut(T) -> Vec<R> + Send,
) -> Result<(), CollectError> {
    let Some(tally) = begin(context, list.table, &list.parent) else { return Ok(()) };
    let walked = walk(context, &mut list, rows, &tally).await;
    let outcome = outcome_of(walked, &tally).map(|outcome| with_unreadable(outcome, &list.pages.unreadable))?;
    context.sink.done(list.table, &list.parent, outcome, Vec::new()).await
}

async fn walk<T: Item, R: Row + Sync>(
    context: &Context<'_>,
    list: &mut List<'_>,
    mut rows: impl FnMut(T) -> Vec<R> + Send,
    tally: &Tally,
) -> Result<(), Stopped> {
    let mut seen = HashSet::new();
    while let Some(items) = list.pages.next::<T>(tally).await? {
        let new = items.into_iter().filter(|item| seen.insert(item.id()));
        let page: Vec<R> = new.flat_map(&mut rows).collect();
        tally.page(page.len());
        context.sink.write(list.table, &list.parent, &page).await?;
    }
    Ok(())
}

/// Hands over the rows of a list that was read before, and closes the parent. An item may make any number of rows.
pub(crate) async fn store_whole<T: Sync, R: Row + Sync>(
    context: &Context<'_>,
    table: &'static Table,
    parent: &Parent,
    tally: &Tally,
    read: Result<&Whole<T>, ApiError>,
    mut rows: impl FnMut(&T) -> Vec<R> + Send,
) -> Result<(), CollectError> {
    const ITEMS: usize = 1000;
    let outcome = match read {
        Ok(whole) => {
            for items in whole.items.chunks(ITEMS) {
                let page: Vec<R> = items.iter().flat_map(&mut rows).collect();
                tally.page(page.len());
                context.sink.write(table, parent, &page).await?;
            }
            with_unreadable(tally.complete(), &whole.unreadable)
        }
        Err(error) => outcome_of(Err(error.into()), tally)?,
    };
    context.sink.done(table, parent, outcome, Vec::new()).await
}

/// Read to the end, but for items that are not of the documented shape: the others count, and those are named. Where none could be read,
/// nothing counts: an empty list would stand for what is there.
pub(crate) fn with_unreadable(outcome: Outcome, unreadable: &[String]) -> Outcome {
    if unreadable.is_empty() || !outcome.status.is_whole() {
        return outcome;
    }
    let status = if outcome.rows == 0 { Status::Error } else { Status::Truncated };
    Outcome { status, detail: Some(format!("not of the documented shape: {}", some_of(unreadable))), ..outcome }
}

/// Read to the end, but for this: the rest counts, and what is missing is told.
pub(crate) fn with_missing(outcome: Outcome, missing: &[String]) -> Outcome {
    if missing.is_empty() || !outcome.status.keeps_rows() {
        return outcome;
    }
    let told: Vec<String> = outcome.detail.into_iter().chain([some_of(missing)]).collect();
    Outcome { status: Status::Truncated, detail: Some(told.join("; ")), ..outcome }
}

/// As many of these as a ledger can bear.
fn some_of(reasons: &[String]) -> String {
    let mut few = Few::default();
    reasons.iter().for_each(|reason| few.note(|| reason.clone()));
    few.to_string()
}

/// The first few of what may be more than a ledger, or the memory, can bear.
#[derive(Debug, Default)]
pub(crate) struct Few {
    named: Vec<String>,
    more: usize,
}

impl Few {
    /// Notes one more; it is put into words only where these are kept.
    pub(crate) fn note(&mut self, reason: impl FnOnce() -> String) {
        const NAMED: usize = 3;
        if self.named.len() < NAMED { self.named.push(reason()) } else { self.more += 1 }
    }

    /// Whether nothing was noted.
    pub(crate) fn is_empty(&self) -> bool {
        self.named.is_empty()
    }
}

impl fmt::Display for Few {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.named.join("; "))?;
        if self.more > 0 { write!(f, ", and {} more", self.more) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reasons(count: usize) -> Vec<String> {
        (1..=count).map(|no| format!("`s{no}`: dark")).collect()
    }

    #[test]
    fn what_is_missing_is_named_but_not_without_end() {
        let read = |rows| Tally::within(if rows == 0 { Status::Empty } else { Status::Ok }, None, rows);
        assert_eq!(with_missing(with_unreadable(read(5), &[]), &[]), read(5));
        let cut = with_unreadable(read(5), &reasons(2));
        assert_eq!((cut.status, cut.detail.as_deref()), (Status::Truncated, Some("not of the documented shape: `s1`: dark; `s2`: dark")));
        let both = with_missing(cut, &reasons(2_000));
        let named = "`s1`: dark; `s2`: dark; `s3`: dark, and 1997 more";
        assert_eq!(both.detail.unwrap(), format!("not of the documented shape: `s1`: dark; `s2`: dark; {named}"));
        assert_eq!(with_unreadable(read(0), &reasons(1)).status, Status::Error, "nothing that could be read is not an empty list");
        let broken = Tally::within(Status::Forbidden, None, 0);
        assert_eq!(with_missing(with_unreadable(broken.clone(), &reasons(1)), &reasons(1)), broken);
    }
}
