//! A snapshot that differs too much from the one before it: what is published, what waits, and what is told.

use almanac::lake::{Guard, Published, TableRun};
use almanac_collectors::{
    collect::Status,
    table::{Table, Watch},
};

use super::{
    SNAPSHOT, Store, Thing,
    runs::{close, parent, publish, whole},
    things,
};

/// Under the usual guards.
const GUARDED: Table = Table { name: "guarded", watch: Watch::NOTHING, ..SNAPSHOT };
const ACCEPTING: Guard = Guard { accepts: true, ..Guard::of(&GUARDED) };
const DAY: i64 = 24 * 60;

/// A snapshot of one parent, read at this minute.
async fn snapshot(store: &Store, minutes: i64, rows: &[Thing]) -> Published {
    let run = store.begin(&GUARDED, minutes).await;
    whole(&run, 1, rows).await;
    publish(run).await
}

async fn dates(store: &Store) -> usize {
    store.published(&GUARDED).await.len()
}

fn statuses(published: &Published) -> Vec<(Status, Option<&str>)> {
    published.outcomes.iter().map(|(_, outcome)| (outcome.status, outcome.detail.as_deref())).collect()
}

pub(super) async fn a_list_that_shrinks_is_held_back_until_it_is_accepted(store: Store) {
    assert_eq!(snapshot(&store, 0, &things(1, 378, 1)).await.held, None, "there is nothing to hold the first against");
    let before = store.published(&GUARDED).await;
    let held = snapshot(&store, DAY, &things(1, 12, 1)).await;
    assert_eq!((held.rows, held.held.as_deref()), (None, Some("12 rows after 378")));
    assert_eq!(statuses(&held), [(Status::Error, Some("held back: 12 rows after 378"))], "nobody takes it for read");
    assert_eq!(store.published(&GUARDED).await, before, "yesterday's stands");

    // What was read is taken up: no parent is asked again.
    let run = store.begin_with(&GUARDED, DAY + 10, ACCEPTING).await;
    assert!(run.is_done(&parent(1)));
    let accepted = publish(run).await;
    assert_eq!((accepted.rows, accepted.held.as_deref()), (Some(12), None));
    assert_eq!(statuses(&accepted), [(Status::Ok, None)]);
    assert_eq!(dates(&store).await, 2);
    store.assert_swept();

    // From now on it is what the next one is held against, on the same day too.
    assert_eq!(snapshot(&store, DAY + 20, &things(1, 12, 1)).await.rows, Some(12));
    assert_eq!(snapshot(&store, 2 * DAY, &things(1, 378, 1)).await.rows, Some(378), "more is no loss");
    let poorer = snapshot(&store, 2 * DAY + 10, &things(1, 12, 1)).await;
    assert_eq!(poorer.held.as_deref(), Some("12 rows after 378"), "a rerun does not replace a fuller partition by a poorer one");
    assert_eq!(store.rows(store.published(&GUARDED).await.last().expect("a partition")).await.len(), 378);
}

pub(super) async fn what_was_held_back_is_read_again_unless_it_is_accepted(store: Store) {
    snapshot(&store, 0, &things(1, 100, 1)).await;
    assert!(snapshot(&store, DAY, &things(1, 50, 1)).await.held.is_some());
    let run = store.begin(&GUARDED, DAY + 10).await;
    assert!(!run.is_done(&parent(1)), "the vendor may have recovered");
    whole(&run, 1, &things(1, 99, 1)).await;
    assert_eq!(publish(run).await.rows, Some(99));
    store.assert_swept();
    // Accepted from the start, nothing is held back, and an interrupted run is resumed all the same.
    let run = store.begin_with(&GUARDED, DAY + 20, ACCEPTING).await;
    whole(&run, 1, &things(1, 1, 1)).await;
    drop(run);
    let run = store.begin_with(&GUARDED, DAY + 30, ACCEPTING).await;
    assert!(run.is_done(&parent(1)));
    assert_eq!(publish(run).await.rows, Some(1));
    store.assert_swept();
}

pub(super) async fn yesterdays_work_cannot_be_accepted_today(store: Store) {
    snapshot(&store, 0, &things(1, 100, 1)).await;
    assert!(snapshot(&store, DAY, &things(1, 5, 1)).await.held.is_some());
    let run = store.begin_with(&GUARDED, 2 * DAY, ACCEPTING).await;
    assert!(!run.is_done(&parent(1)), "a snapshot is of today");
    whole(&run, 1, &things(1, 100, 1)).await;
    publish(run).await;
    assert_eq!(dates(&store).await, 2);
    store.assert_swept();
}

pub(super) async fn a_column_that_falls_empty_is_held_back(store: Store) {
    let filled = |rows: usize| {
        let fill = |(index, thing): (usize, Thing)| Thing { filling: (index < rows).then(|| "x".to_owned()), ..thing };
        things(1, 100, 1).into_iter().enumerate().map(fill).collect::<Vec<_>>()
    };
    snapshot(&store, 0, &filled(95)).await;
    assert_eq!(snapshot(&store, 10, &filled(65)).await.rows, Some(100), "within the tolerance");
    let held = snapshot(&store, 20, &filled(34)).await;
    assert_eq!(held.held.as_deref(), Some("`filling` is NULL in 66 % of the rows after 35 %"));
    assert_eq!(snapshot(&store, 30, &filled(100)).await.rows, Some(100));
    // What is empty from the start has not fallen, and what is there is no loss.
    assert_eq!(snapshot(&store, DAY, &things(2, 100, 1)).await.held.as_deref(), Some("`filling` is NULL in 100 % of the rows after 0 %"));
}

pub(super) async fn what_is_tolerated_is_published(store: Store) {
    let publish_with = async |minutes: i64, rows: i64, most_rows_gone: f64| {
        let guard = Guard { most_rows_gone, ..Guard::of(&GUARDED) };
        let run: TableRun = store.begin_with(&GUARDED, minutes, guard).await;
        whole(&run, 1, &things(1, rows, 1)).await;
        publish(run).await.held
    };
    assert_eq!(publish_with(0, 100, 0.3).await, None);
    assert_eq!(publish_with(10, 70, 0.3).await, None, "exactly what is tolerated");
    assert!(publish_with(20, 48, 0.3).await.is_some());
    assert_eq!(publish_with(30, 48, 0.5).await, None);
    assert_eq!(publish_with(40, 19, 1.0).await, None);
    // Of so few, a share says nothing.
    assert_eq!(publish_with(50, 1, 0.3).await, None);
    assert_eq!(publish_with(60, 0, 0.3).await, None);
}

pub(super) async fn what_could_not_be_read_is_no_fall(store: Store) {
    let run = store.begin(&GUARDED, 0).await;
    whole(&run, 1, &things(1, 100, 1)).await;
    whole(&run, 2, &things(2, 100, 1)).await;
    publish(run).await;
    let run = store.begin(&GUARDED, DAY).await;
    whole(&run, 1, &things(1, 100, 1)).await;
    close(&run, 2, Status::Forbidden).await;
    let published = publish(run).await;
    assert_eq!((published.rows, published.held), (Some(100), None), "the ledger tells what is missing");
    // Nor is it one afterwards, when the same is missing still.
    let run = store.begin(&GUARDED, 2 * DAY).await;
    whole(&run, 1, &things(1, 10, 1)).await;
    close(&run, 2, Status::Forbidden).await;
    assert_eq!(publish(run).await.held, None, "whose rows are missing cannot be told");
}
