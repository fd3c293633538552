//! Lists of a repository that begin with what was made last: deployments and releases, of many repositories a request.

use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Map, Value, json};

use crate::{
    collect::{CollectError, Context, Status},
    table::{Row, Table, Timestamp},
};

use super::{
    ApiError, ApiErrorKind,
    batch::{Answer, Question},
    history::Reading,
    listing::Connection,
};

/// Items in a request that is to bring many: the first time, and for one repository alone.
const MANY: u32 = 100;

/// One item of such a list.
pub(super) trait Item: DeserializeOwned {
    /// When it was made; the list is in this order.
    fn created_at(&self) -> Timestamp;
}

/// What the list of one repository brought.
#[derive(Debug)]
pub(super) struct Found<'a, T> {
    pub(super) reading: Reading<'a>,
    /// What was made since the moment that the walk goes back to, and as much beyond as came with it.
    pub(super) items: Vec<T>,
    /// How many there are that GitHub named and could not show.
    pub(super) unreadable: usize,
    /// Why the rest is missing.
    pub(super) end: Result<(), ApiError>,
}

/// A repository with its list, which the query calls `items`.
#[derive(Deserialize)]
struct Node<T> {
    items: Option<Connection<T>>,
}

/// Puts the repositories of each organisation together, as many as the question takes.
pub(super) fn batches<'a>(readings: Vec<Reading<'a>>, question: &Question<'_>) -> Vec<Vec<Reading<'a>>> {
    let mut batches: Vec<Vec<Reading<'a>>> = Vec::new();
    for reading in readings {
        match batches.last_mut() {
            Some(batch) if batch.len() < question.size() && batch[0].organization.login == reading.organization.login => {
                batch.push(reading)
            }
            _ => batches.push(vec![reading]),
        }
    }
    batches
}

/// Reads a batch: the newest items of all in one request, `few` of each that was read before, then those that go on one by one. The query
/// takes `$ids`, `$first` and `$after`.
///
/// # Errors
/// When the credential is refused. Whatever else happened to a repository is with what was found there.
pub(super) async fn read<'a, T: Item>(
    question: &Question<'_>,
    few: u32,
    batch: Vec<Reading<'a>>,
) -> Result<Vec<Found<'a, T>>, CollectError> {
    let Some(first) = batch.first() else { return Ok(Vec::new()) };
    let size = if batch.iter().all(|reading| reading.since.is_some()) { few } else { MANY };
    let ids: Vec<&str> = batch.iter().map(|reading| reading.repository.id.as_str()).collect();
    // The request stands with the first repository that it is for.
    let answers = question.ask::<Node<T>>(&first.organization.client, &ids, &variables(size, None), &first.tally).await?;
    let mut all = Vec::with_capacity(batch.len());
    for (reading, answer) in batch.into_iter().zip(answers) {
        let mut found = Found { reading, items: Vec::new(), unreadable: 0, end: Ok(()) };
        found.end = match read_on(question, &mut found, answer).await {
            Err(error) if error.kind == ApiErrorKind::Unauthorized => return Err(error.into()),
            end => end,
        };
        all.push(found);
    }
    Ok(all)
}

/// Takes a page, and reads the following ones as far as the walk goes.
async fn read_on<T: Item>(
    question: &Question<'_>,
    found: &mut Found<'_, T>,
    mut answer: Result<Answer<Node<T>>, ApiError>,
) -> Result<(), ApiError> {
    let reading = &found.reading;
    let client = &reading.organization.client;
    loop {
        let Answer { node, errors } = answer?;
        let page = node.items.ok_or_else(|| client.missing("graphql items", &errors))?;
        let before = found.items.len() + found.unreadable + page.nodes.len();
        found.items.extend(page.nodes.into_iter().flatten());
        found.unreadable = before - found.items.len();
        let is_far_enough = found.items.last().is_some_and(|item| reading.is_far_enough(item.created_at()));
        let Some(cursor) = page.page_info.next().filter(|_| !is_far_enough) else { return Ok(()) };
        let rest = question.ask(client, &[&reading.repository.id], &variables(MANY, Some(&cursor)), &reading.tally).await?;
        answer = rest.into_iter().next().unwrap_or_else(|| Err(client.missing("graphql items", &[])));
    }
}

fn variables(first: u32, after: Option<&str>) -> Map<String, Value> {
    Map::from_iter([("first".to_owned(), json!(first)), ("after".to_owned(), json!(after))])
}

/// Hands the rows of a repository over and closes it.
pub(super) async fn finish<T, R: Row>(
    context: &Context<'_>,
    table: &'static Table,
    found: Found<'_, T>,
    rows: &[R],
) -> Result<(), CollectError> {
    let Found { reading, unreadable, end, .. } = found;
    let outcome = match end {
        Ok(()) => {
            context.sink.write(table, &reading.parent, rows).await?;
            reading.tally.page(rows.len());
            match unreadable {
                0 => reading.tally.complete(),
                some => reading.tally.ended(Status::Truncated, Some(format!("{some} of its {} could not be shown", table.name))),
            }
        }
        Err(error) => reading.tally.ended(error.status(), Some(error.message.clone())),
    };
    context.sink.done(table, &reading.parent, outcome, Vec::new()).await
}
