//! Runs of a table: what is published, where the next run begins, what an interruption leaves.

use std::collections::{BTreeMap, HashMap};

use almanac::lake::{Guard, Published, TableRun};
use almanac_collectors::{
    collect::{Outcome, Parent, Status, Tally},
    table::{Kind, Table},
};

use super::{CHANGES, SNAPSHOT, Store, Thing, at, batch, run_at, sorted, thing, things};

/// Minutes that changes are read again.
const OVERLAP: i64 = 15;

pub(super) fn parent(number: i64) -> Parent {
    // Ids are vendors' texts: one that is a path must stay within its folder.
    Parent { id: format!("{number}/../x"), name: format!("org/{number}") }
}

fn outcome(status: Status, rows: usize) -> Outcome {
    Tally::within(status, None, rows as u64)
}

impl Store {
    pub(super) async fn begin(&self, table: &'static Table, minutes: i64) -> TableRun {
        self.begin_with(table, minutes, Guard::of(table)).await
    }

    pub(super) async fn begin_with(&self, table: &'static Table, minutes: i64, guard: Guard) -> TableRun {
        let published = self.published(table).await;
        TableRun::begin(&self.lake, table, at(minutes).date_naive(), run_at(minutes), &published, guard).await.expect("the run begins")
    }

    pub(super) fn assert_swept(&self) {
        if let Some(left) = self.on_disk("staging") {
            assert!(left.is_empty(), "left in the staging: {left:?}");
        }
    }
}

/// Hands rows over as a collector does, a page at a time.
async fn hand_over(run: &TableRun, number: i64, rows: &[Thing]) {
    for page in rows.chunks(100.max(rows.len() / 50)) {
        run.rows(&parent(number), batch(page)).await.expect("rows are taken");
    }
}

pub(super) async fn close(run: &TableRun, number: i64, status: Status) {
    run.done(&parent(number), outcome(status, 0), Vec::new()).await.expect("the parent is closed");
}

/// A parent that is read to its end.
pub(super) async fn whole(run: &TableRun, number: i64, rows: &[Thing]) {
    hand_over(run, number, rows).await;
    close(run, number, if rows.is_empty() { Status::Empty } else { Status::Ok }).await;
}

pub(super) async fn publish(run: TableRun) -> Published {
    run.publish().await.expect("the run is published")
}

pub(super) async fn a_snapshot_keeps_what_was_read_whole(store: Store) {
    let run = store.begin(&SNAPSHOT, 0).await;
    whole(&run, 2, &[thing(2, "b", 1), thing(2, "a", 1), thing(2, "b", 2)]).await;
    whole(&run, 1, &things(1, 300, 1)).await;
    whole(&run, 3, &[]).await;
    // A list that broke off does not stand for the whole, and a refusal is no list.
    hand_over(&run, 4, &things(4, 9_000, 1)).await;
    close(&run, 4, Status::Error).await;
    close(&run, 5, Status::Forbidden).await;
    // A truncated one is better than nothing.
    hand_over(&run, 6, &things(6, 5, 1)).await;
    close(&run, 6, Status::Truncated).await;
    // Outcomes of what one answer told about several.
    let within = vec![(parent(71), outcome(Status::Disabled, 0)), (parent(72), outcome(Status::Empty, 0))];
    run.done(&parent(7), outcome(Status::Empty, 0), within).await.expect("the parent is closed");
    // Never closed: an interruption within the run.
    hand_over(&run, 8, &things(8, 5, 1)).await;

    let published = publish(run).await;
    let expected = sorted([things(1, 300, 1), vec![thing(2, "a", 1), thing(2, "b", 2)], things(6, 5, 1)].concat());
    assert_eq!(published.rows, Some(expected.len()));
    let ends: BTreeMap<String, Status> = published.outcomes.iter().map(|(parent, outcome)| (parent.name.clone(), outcome.status)).collect();
    let wanted = [
        ("org/1", Status::Ok),
        ("org/2", Status::Ok),
        ("org/3", Status::Empty),
        ("org/4", Status::Error),
        ("org/5", Status::Forbidden),
        ("org/6", Status::Truncated),
        ("org/7", Status::Empty),
        ("org/71", Status::Disabled),
        ("org/72", Status::Empty),
    ];
    assert_eq!(ends, wanted.map(|(name, status)| (name.to_owned(), status)).into());

    let objects = store.published(&SNAPSHOT).await;
    assert_eq!(objects.len(), 1);
    assert_eq!(store.rows(&objects[0]).await, expected, "sorted by grain, the last row of each");
    let footer = store.lake.footers(&objects).await.expect("footers are read").remove(0);
    assert_eq!(footer.get("almanac.rows"), Some(expected.len().to_string().as_str()));
    assert_eq!(footer.get("almanac.watermark"), None, "a snapshot borrows nothing from an earlier one");
    store.assert_swept();

    // The same day again replaces it.
    let run = store.begin(&SNAPSHOT, 30).await;
    assert!(!run.is_done(&parent(1)) && run.since(&parent(1)).is_none());
    whole(&run, 1, &things(1, 2, 9)).await;
    publish(run).await;
    assert_eq!(store.all_rows(&SNAPSHOT).await, things(1, 2, 9));
}

pub(super) async fn a_snapshot_of_nothing_is_not_published(store: Store) {
    let run = store.begin(&SNAPSHOT, 0).await;
    whole(&run, 1, &things(1, 2, 1)).await;
    publish(run).await;
    let before = store.published(&SNAPSHOT).await;
    let run = store.begin(&SNAPSHOT, 30).await;
    close(&run, 1, Status::Forbidden).await;
    let published = publish(run).await;
    assert_eq!((published.rows, published.outcomes.len()), (None, 1));
    assert_eq!(store.published(&SNAPSHOT).await, before, "the earlier one stays");
    store.assert_swept();

    // That there is nothing is something to know.
    let run = store.begin(&SNAPSHOT, 60).await;
    whole(&run, 1, &[]).await;
    assert_eq!(publish(run).await.rows, Some(0));
    assert_eq!(store.all_rows(&SNAPSHOT).await, []);
}

/// Several pieces of one parent, more rows than a row group of the published file holds.
pub(super) async fn many_rows_of_one_parent(store: Store) {
    let mut rows = things(1, 70_000, 1);
    // Some of the first piece come again in the last.
    rows.extend(things(1, 70_000, 2).into_iter().take(100));
    let run = store.begin(&SNAPSHOT, 0).await;
    whole(&run, 1, &rows).await;
    if let Some(staged) = store.on_disk("staging") {
        assert!(staged.len() > 5, "the rows were held in memory: {staged:?}");
    }
    assert_eq!(publish(run).await.rows, Some(70_000));
    let found = store.all_rows(&SNAPSHOT).await;
    assert!(found == sorted(rows), "the rows differ");
    store.assert_swept();
}

/// Parents in no order, whose rows lie between each other's.
pub(super) async fn many_parents(store: Store) {
    const PARENTS: i64 = 150;
    let rows_of =
        |number: i64| (0..(number % 7)).map(move |index| thing(index, format!("{:04}", number * 37 % PARENTS), number)).collect::<Vec<_>>();
    let run = store.begin(&SNAPSHOT, 0).await;
    for number in 0..PARENTS {
        whole(&run, number, &rows_of(number)).await;
    }
    publish(run).await;
    assert!(store.all_rows(&SNAPSHOT).await == sorted((0..PARENTS).flat_map(rows_of)), "the rows differ");
    store.assert_swept();
}

pub(super) async fn changes_begin_where_each_parent_was_left(store: Store) {
    let run = store.begin(&CHANGES, 0).await;
    assert!((1..=5).all(|number| run.since(&parent(number)).is_none()), "a first run reads everything");
    whole(&run, 1, &things(1, 3, 1)).await;
    whole(&run, 2, &things(2, 3, 1)).await;
    whole(&run, 3, &[]).await;
    hand_over(&run, 4, &things(4, 3, 1)).await;
    close(&run, 4, Status::Error).await;
    hand_over(&run, 5, &things(5, 3, 1)).await;
    close(&run, 5, Status::Truncated).await;
    assert_eq!(publish(run).await.rows, Some(9));
    store.assert_swept();

    let since = |run: &TableRun, number: i64| run.since(&parent(number)).map(|moment| moment.to_utc());
    let run = store.begin(&CHANGES, 60).await;
    for number in [1, 2, 3] {
        assert_eq!(since(&run, number), Some(at(-OVERLAP)), "parent {number} was read when the first run began");
    }
    for number in [4, 5, 6] {
        assert_eq!(since(&run, number), None, "parent {number} was not read whole");
    }
    // The overlap brings rows again; only what is new counts.
    whole(&run, 1, &[things(1, 3, 1), vec![thing(1, "new", 2)]].concat()).await;
    close(&run, 2, Status::RateLimited).await;
    whole(&run, 4, &things(4, 3, 1)).await;
    assert_eq!(publish(run).await.rows, Some(4));
    let objects = store.published(&CHANGES).await;
    assert_eq!(objects.len(), 2, "a run of changes is an object of its own");
    assert_eq!(store.rows(&objects[1]).await, sorted([vec![thing(1, "new", 2)], things(4, 3, 1)].concat()));
    let footer = store.lake.footers(&objects[1..]).await.expect("footers are read").remove(0);
    assert_eq!(footer.get("almanac.watermark"), Some(at(60).to_rfc3339().as_str()));

    // The third: 1 and 4 from the second on, 2 and 3 still from the first, 5 and 6 from their beginning. It is the next day.
    let run = store.begin(&CHANGES, 24 * 60).await;
    let expected = [(1, Some(60)), (2, Some(0)), (3, Some(0)), (4, Some(60)), (5, None), (6, None)];
    for (number, minutes) in expected {
        assert_eq!(since(&run, number), minutes.map(|minutes| at(minutes - OVERLAP)), "parent {number}");
    }
    whole(&run, 2, &[thing(2, "new", 3)]).await;
    assert_eq!(publish(run).await.rows, Some(1));
    let objects = store.published(&CHANGES).await;
    assert_eq!(objects.last().and_then(|object| object.date), Some(at(24 * 60).date_naive()));
    let run = store.begin(&CHANGES, 25 * 60).await;
    let expected = [(1, Some(60)), (2, Some(24 * 60)), (3, Some(0)), (4, Some(60)), (5, None)];
    for (number, minutes) in expected {
        assert_eq!(since(&run, number), minutes.map(|minutes| at(minutes - OVERLAP)), "parent {number}");
    }
}

pub(super) async fn nothing_new_publishes_nothing(store: Store) {
    let run = store.begin(&CHANGES, 0).await;
    whole(&run, 1, &[]).await;
    assert_eq!(publish(run).await.rows, None, "there was never anything");
    let run = store.begin(&CHANGES, 10).await;
    whole(&run, 1, &things(1, 9_000, 1)).await;
    assert_eq!(publish(run).await.rows, Some(9_000));
    let before = store.published(&CHANGES).await;
    let run = store.begin(&CHANGES, 20).await;
    whole(&run, 1, &things(1, 9_000, 1)).await;
    let published = publish(run).await;
    assert_eq!(published.rows, None);
    assert_eq!(published.outcomes[0].1.status, Status::Ok, "it was read all the same");
    assert_eq!(store.published(&CHANGES).await, before);
    store.assert_swept();
}

pub(super) async fn an_interrupted_run_resumes(store: Store, table: &'static Table) {
    let run = store.begin(table, 0).await;
    whole(&run, 1, &things(1, 20_000, 1)).await;
    whole(&run, 2, &things(2, 5, 1)).await;
    hand_over(&run, 3, &things(3, 10_000, 1)).await;
    hand_over(&run, 4, &things(4, 5, 1)).await;
    hand_over(&run, 5, &things(5, 5, 1)).await;
    close(&run, 5, Status::Error).await;
    drop(run);
    assert_eq!(store.all_rows(table).await, [], "half a run is not published");

    let run = store.begin(table, 30).await;
    let done = [(1, true), (2, true), (3, false), (4, false), (5, false), (6, false)];
    for (number, done) in done {
        assert_eq!(run.is_done(&parent(number)), done, "parent {number}");
    }
    for number in [3, 4, 5, 6] {
        whole(&run, number, &things(number, 5, 2)).await;
    }
    let published = publish(run).await;
    assert_eq!(published.outcomes.len(), 6, "the outcomes of the first half are told too");
    let parts = [things(1, 20_000, 1), things(2, 5, 1), things(3, 5, 2), things(4, 5, 2), things(5, 5, 2), things(6, 5, 2)];
    assert!(store.all_rows(table).await == sorted(parts.concat()), "the rows of an undisturbed run");
    store.assert_swept();

    let objects = store.published(table).await;
    let footer = store.lake.footers(&objects).await.expect("footers are read").remove(0);
    assert_eq!(footer.get("almanac.run_id"), Some(run_at(0).to_string().as_str()), "it is the run that began first");
    if table.kind == Kind::Changes {
        let run = store.begin(table, 60).await;
        assert_eq!(run.since(&parent(1)).map(|moment| moment.to_utc()), Some(at(-OVERLAP)), "what changed in between is read again");
    }
}

/// A parent that was longer when it was first read leaves more pieces than the second reading overwrites.
pub(super) async fn two_interruptions_leave_nothing_stale(store: Store, table: &'static Table) {
    let run = store.begin(table, 0).await;
    hand_over(&run, 1, &things(1, 30_000, 1)).await;
    drop(run);
    let run = store.begin(table, 10).await;
    whole(&run, 1, &things(1, 9_000, 2)).await;
    drop(run);
    let run = store.begin(table, 20).await;
    assert!(run.is_done(&parent(1)));
    publish(run).await;
    let rows = store.all_rows(table).await;
    assert_eq!(rows.len(), 9_000);
    assert!(rows == things_sorted(1, 9_000, 2), "rows of the first reading came back");
}

/// Two tables of one walk: one has the parent whole and the other not, so that it is read again, and interrupted again.
pub(super) async fn a_parent_read_again_is_whole_or_unread(store: Store, table: &'static Table) {
    let run = store.begin(table, 0).await;
    whole(&run, 1, &things(1, 20_000, 1)).await;
    drop(run);
    let run = store.begin(table, 10).await;
    assert!(run.is_done(&parent(1)));
    hand_over(&run, 1, &things(1, 9_000, 2)).await;
    drop(run);
    let run = store.begin(table, 20).await;
    if !run.is_done(&parent(1)) {
        whole(&run, 1, &things(1, 9_000, 3)).await;
    }
    publish(run).await;
    let rows = store.all_rows(table).await;
    let readings: HashMap<i64, usize> = rows.iter().fold(HashMap::new(), |mut readings, row| {
        *readings.entry(row.value).or_default() += 1;
        readings
    });
    assert_eq!(readings.len(), 1, "rows of several readings are mixed: {readings:?}");
}

fn things_sorted(group_id: i64, count: i64, value: i64) -> Vec<Thing> {
    sorted(things(group_id, count, value))
}

/// Whatever is read in whatever order, with whatever interruptions: the file holds the last row of each grain that was read whole.
pub(super) async fn random_runs(store: Store, table: &'static Table) {
    let mut dice = Dice(0x0a1a_0a1c);
    let mut minutes = 0;
    for round in 0..4 {
        let parents = 1 + dice.below(30);
        let mut expected: Vec<Thing> = Vec::new();
        let mut run = store.begin(table, minutes).await;
        let mut left: Vec<i64> = (0..parents).collect();
        while !left.is_empty() {
            let index = usize::try_from(dice.below(left.len() as i64)).expect("an index");
            let number = left[index];
            let size = if dice.below(20) == 0 { 17_000 } else { dice.below(60) };
            // A value tells the reading, so that no two rows are equal by chance.
            let value = 1 + dice.below(1 << 40);
            let rows: Vec<Thing> = (0..size).map(|turn| thing(number, dice.below(size), value + turn)).collect();
            hand_over(&run, number, &rows).await;
            match dice.below(6) {
                0 => {
                    drop(run);
                    minutes += 1;
                    run = store.begin(table, minutes).await;
                    // A parent without rows leaves no trace of a run of changes, and is read again.
                    assert!(!run.is_done(&parent(number)), "round {round}: it was not closed");
                }
                1 => {
                    close(&run, number, Status::RateLimited).await;
                    left.remove(index);
                }
                _ => {
                    close(&run, number, Status::Ok).await;
                    left.remove(index);
                    expected.extend(rows);
                }
            }
        }
        minutes += 1;
        let earlier = store.published(table).await;
        let published = publish(run).await;
        let new: Vec<_> = store.published(table).await.into_iter().filter(|object| !earlier.contains(object)).collect();
        let expected = sorted(expected);
        if published.rows.is_some() {
            assert_eq!(published.rows, Some(expected.len()), "round {round}");
            assert_eq!(new.len(), 1, "round {round}");
            assert!(store.rows(&new[0]).await == expected, "round {round}: the rows differ");
        } else {
            assert!(expected.is_empty() && new.is_empty(), "round {round}");
        }
        store.assert_swept();
    }
}

pub(super) async fn yesterdays_leftovers_are_swept(store: Store) {
    let run = store.begin(&SNAPSHOT, 0).await;
    whole(&run, 1, &things(1, 5, 1)).await;
    drop(run);
    let run = store.begin(&SNAPSHOT, 24 * 60).await;
    assert!(!run.is_done(&parent(1)), "today's state is not yesterday's");
    store.assert_swept();
    whole(&run, 1, &things(1, 5, 2)).await;
    publish(run).await;
    assert_eq!(store.all_rows(&SNAPSHOT).await, things_sorted(1, 5, 2));
}

/// A run that was killed between publishing and sweeping.
pub(super) async fn a_published_run_is_over_though_not_swept(store: Store) {
    let run = store.begin(&CHANGES, 0).await;
    whole(&run, 1, &things(1, 5, 1)).await;
    let Some(staged) = store.on_disk("staging") else { return };
    let kept: Vec<_> = staged.into_iter().map(|path| (std::fs::read(&path).expect("a staged piece"), path)).collect();
    publish(run).await;
    for (bytes, path) in kept {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("the folder is made");
        std::fs::write(path, bytes).expect("the piece is back");
    }
    let run = store.begin(&CHANGES, 30).await;
    assert!(!run.is_done(&parent(1)));
    assert!(run.since(&parent(1)).is_some());
    whole(&run, 1, &[thing(1, "new", 2)]).await;
    assert_eq!(publish(run).await.rows, Some(1));
    assert_eq!(store.published(&CHANGES).await.len(), 2, "the first object was not written over");
    store.assert_swept();
}

/// A seeded sequence of numbers (xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: i64) -> i64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let bound = u64::try_from(bound.max(1)).expect("a bound is positive");
        i64::try_from((self.0 >> 8) % bound).expect("below an i64")
    }
}
