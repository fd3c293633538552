//! Objects: published whole, replaced at once, found, read, removed.

use std::{collections::HashSet, path::Path};

use super::{CHANGES, SNAPSHOT, Store, batch, day, run_at, sorted, thing, things};

pub(super) async fn rows_are_published_with_a_footer(store: Store) {
    let lake = &store.lake;
    lake.check_writable().await.expect("the lake can be written");
    assert!(lake.listing().await.expect("the lake is listed").raw.is_empty(), "an empty lake lists nothing");
    let rows = sorted(things(1, 10, 5));
    for table in [&SNAPSHOT, &CHANGES] {
        lake.publish_rows(table, day(), run_at(0), &batch(&rows)).await.expect("published");
    }

    let keys = |objects: &[almanac::lake::Object]| objects.iter().map(|object| object.key.clone()).collect::<Vec<_>>();
    let (states, events) = (store.published(&SNAPSHOT).await, store.published(&CHANGES).await);
    assert_eq!(keys(&states), ["raw/test/states/date=2026-11-21/data.parquet"]);
    assert_eq!(keys(&events), [format!("raw/test/events/date=2026-11-21/run-{}.parquet", run_at(0))]);
    assert_eq!(states[0].date, Some(day()));
    if let Some(files) = store.on_disk("raw/test/states") {
        assert_eq!(files.len(), 1);
        assert_eq!(std::fs::metadata(&files[0]).expect("the file is there").len(), states[0].size);
    }
    assert_eq!(store.rows(&states[0]).await, rows);

    let footers = lake.footers(&[states[0].clone(), events[0].clone()]).await.expect("footers are read");
    for (footer, table) in footers.iter().zip(["test.states", "test.events"]) {
        let said = |key: &str| footer.get(&format!("almanac.{key}")).map(str::to_owned);
        assert_eq!(said("table").as_deref(), Some(table));
        assert_eq!(said("schema_version").as_deref(), Some("4"));
        assert_eq!(said("run_id"), Some(run_at(0).to_string()));
        assert_eq!(said("logical_date").as_deref(), Some("2026-11-21"));
        assert_eq!(said("rows").as_deref(), Some("10"));
        assert_eq!(said("software_version").as_deref(), Some(env!("CARGO_PKG_VERSION")));
    }
}

pub(super) async fn publishing_again_replaces(store: Store) {
    let (old, new) = (things(1, 100, 1), things(1, 100, 2));
    store.lake.publish_rows(&SNAPSHOT, day(), run_at(0), &batch(&old)).await.expect("published");
    let before = store.published(&SNAPSHOT).await;
    assert_eq!(store.rows(&before[0]).await, old);
    // Stores tell versions apart by the millisecond at least.
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    store.lake.publish_rows(&SNAPSHOT, day(), run_at(1), &batch(&new)).await.expect("published again");
    let after = store.published(&SNAPSHOT).await;
    assert_eq!(after.len(), 1);
    assert_eq!(after[0].key, before[0].key);
    assert_ne!(after[0].version, before[0].version, "a reader could not tell");
    assert_eq!(store.rows(&after[0]).await, new, "a copy of the earlier version was given");

    // A run of changes replaces nothing.
    for minutes in [0, 1] {
        store.lake.publish_rows(&CHANGES, day(), run_at(minutes), &batch(&old)).await.expect("published");
    }
    assert_eq!(store.published(&CHANGES).await.len(), 2);
}

pub(super) async fn readers_see_a_whole_object(store: Store) {
    const GENERATIONS: i64 = 20;
    store.lake.publish_rows(&SNAPSHOT, day(), run_at(0), &batch(&things(1, 500, 0))).await.expect("published");
    let lake = store.lake.clone();
    let writer = tokio::spawn(async move {
        for generation in 1..=GENERATIONS {
            // Files of several sizes: half of one and half of another would not be readable.
            let rows = things(1, 500 + 300 * (generation % 3), generation);
            lake.publish_rows(&SNAPSHOT, day(), run_at(generation), &batch(&rows)).await.expect("published");
            tokio::task::yield_now().await;
        }
    });
    let mut seen = HashSet::new();
    loop {
        let over = writer.is_finished();
        let published = store.published(&SNAPSHOT).await;
        assert_eq!(published.len(), 1, "a partition is one object at any moment");
        let rows = store.rows(&published[0]).await;
        let generation = rows[0].value;
        assert_eq!(rows, things(1, 500 + 300 * (generation % 3), generation));
        seen.insert(generation);
        if over {
            break;
        }
        tokio::task::yield_now().await;
    }
    writer.await.expect("the writer ends well");
    assert!(seen.contains(&GENERATIONS), "the last generation was never seen: {seen:?}");
}

/// A reader lists, a rerun replaces, the reader asks for what it listed: it gets the new object's footer, not an error.
pub(super) async fn a_footer_outlives_a_replacement(store: Store) {
    for (earlier, later) in [(10, 5_000), (5_000, 10)] {
        store.lake.publish_rows(&SNAPSHOT, day(), run_at(0), &batch(&things(1, earlier, 1))).await.expect("published");
        let listed = store.published(&SNAPSHOT).await;
        store.lake.publish_rows(&SNAPSHOT, day(), run_at(1), &batch(&things(1, later, 2))).await.expect("published again");
        let footers = store.lake.footers(&listed).await.expect("the footer is read");
        assert_eq!(footers[0].get("almanac.rows"), Some(later.to_string().as_str()));
        assert_eq!(store.rows(&listed[0]).await.len(), usize::try_from(later).expect("a count"));
    }
}

pub(super) async fn marts_come_and_go(store: Store) {
    let folder = store.cache.path().join("made");
    std::fs::create_dir(&folder).expect("a folder");
    let file = |text: &str| {
        let path = folder.join("mart");
        std::fs::write(&path, text).expect("a file");
        path
    };
    store.lake.publish_mart("fct_x", None, &file("all")).await.expect("published");
    store.lake.publish_mart("fct_y", Some(day()), &file("of a day")).await.expect("published");
    store.lake.publish_rows(&SNAPSHOT, day(), run_at(0), &batch(&[thing(1, "a", 1)])).await.expect("published");

    let listing = store.lake.listing().await.expect("the lake is listed");
    assert_eq!(listing.marts.keys().collect::<Vec<_>>(), ["fct_x", "fct_y"]);
    assert_eq!(listing.raw.keys().collect::<Vec<_>>(), ["test.states"]);
    let (x, y) = (&listing.marts["fct_x"][0], &listing.marts["fct_y"][0]);
    assert_eq!((x.key.as_str(), x.date), ("marts/fct_x/data.parquet", None));
    assert_eq!((y.key.as_str(), y.date), ("marts/fct_y/date=2026-11-21/data.parquet", Some(day())));
    let paths = store.lake.local(&[y.clone(), x.clone()]).await.expect("both are there");
    assert!(paths[0].ends_with("fct_y/date=2026-11-21/data.parquet"), "a reader takes the date from the path: {}", paths[0].display());
    let texts: Vec<_> = paths.iter().map(|path| std::fs::read_to_string(path).expect("a copy")).collect();
    assert_eq!(texts, ["of a day", "all"], "paths come in the order of the objects");

    store.lake.remove(x).await.expect("removed");
    store.lake.remove(x).await.expect("what is gone needs no removing");
    let listing = store.lake.listing().await.expect("the lake is listed");
    assert_eq!(listing.marts.keys().collect::<Vec<_>>(), ["fct_y"]);
}

/// More than goes into one request.
pub(super) async fn large_files_are_whole(store: Store) {
    let mut word: u64 = 1;
    let mut random = || {
        word ^= word << 13;
        word ^= word >> 7;
        word ^= word << 17;
        word.to_le_bytes()
    };
    let bytes: Vec<u8> = (0..(21 << 20) / 8).flat_map(|_| random()).chain(*b"odd").collect();
    let path = store.cache.path().join("large");
    std::fs::write(&path, &bytes).expect("a file");
    store.lake.publish_mart("fct_large", None, &path).await.expect("published");
    let listing = store.lake.listing().await.expect("the lake is listed");
    let object = &listing.marts["fct_large"][0];
    assert_eq!(object.size, bytes.len() as u64);
    let copies = store.lake.local(std::slice::from_ref(object)).await.expect("a copy");
    assert!(std::fs::read(&copies[0]).expect("the copy is there") == bytes, "the copy differs");

    // What cannot be read is not published, and what was there stays.
    store.lake.publish_mart("fct_large", None, Path::new("/nowhere/at/all")).await.expect_err("there is no such file");
    assert_eq!(store.lake.listing().await.expect("the lake is listed").marts["fct_large"], std::slice::from_ref(object));
}
