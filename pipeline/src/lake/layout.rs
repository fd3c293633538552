//! Where every object of the lake stands. Nobody else makes or takes apart a key.
//!
//! ```text
//! raw/<source>/<table>/date=2026-11-21/data.parquet            snapshot, window: one object, replaced by a rerun
//! raw/<source>/<table>/date=2026-11-21/run-<ulid>.parquet      changes: one object a run, never replaced
//! staging/<source>/<table>/date=2026-11-21/<ulid>/<unit>.<n>.parquet
//!                                                              work in progress, swept after publishing
//! staging/<source>/<table>/date=2026-11-21/<ulid>/held-back    that work is finished, and waits to be accepted
//! marts/<model>/date=2026-11-21/data.parquet                   daily facts
//! marts/<model>/data.parquet                                   the other facts
//! ```

use almanac_collectors::{
    collect::Parent,
    table::{Kind, Table},
};
use chrono::NaiveDate;
use sha2::{Digest, Sha256};
use ulid::Ulid;

/// The folder that every published raw object is in.
pub(super) const RAW: &str = "raw";
/// The longest name of a parent in a key [bytes].
const LONGEST_UNIT: usize = 180;
/// The folder that every mart is in.
pub(super) const MARTS: &str = "marts";

/// Where a table's partition, or its run's part of one, is published.
pub(super) fn raw(table: &Table, date: NaiveDate, run: Ulid) -> String {
    let file = match table.kind {
        Kind::Snapshot | Kind::Window => "data".to_owned(),
        Kind::Changes => format!("run-{run}"),
    };
    format!("{}/{file}.parquet", raw_date(table, date))
}

/// The folder of a table's partition.
pub(super) fn raw_date(table: &Table, date: NaiveDate) -> String {
    format!("{RAW}/{}/{}/date={date}", table.source, table.name)
}

/// The folder of all unfinished work on a table.
pub(super) fn staging(table: &Table) -> String {
    format!("staging/{}/{}", table.source, table.name)
}

/// One piece of one parent's rows.
pub(super) fn staged(table: &Table, date: NaiveDate, run: Ulid, parent: &Parent, piece: usize) -> String {
    // Ids come from vendors: anything that could mean something in a path is written as its bytes. The sign before them is one that
    // `object_store` takes as it is; it would write a `~` in another way, and not find the object again.
    let mut unit = String::with_capacity(parent.id.len());
    for byte in parent.id.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => unit.push(char::from(byte)),
            _ => unit.push_str(&format!("!{byte:02x}")),
        }
    }
    // A name has to fit into a file system. Where only the end is cut off, two would become one.
    if unit.len() > LONGEST_UNIT {
        let digest = super::hex(&Sha256::digest(parent.id.as_bytes())[..16]);
        unit.truncate(LONGEST_UNIT - digest.len());
        unit.push_str(&digest);
    }
    format!("{}/date={date}/{run}/{unit}.{piece}.parquet", staging(table))
}

/// Marks the work of a run as finished and not published.
pub(super) fn held_back(table: &Table, date: NaiveDate, run: Ulid) -> String {
    format!("{}/date={date}/{run}/held-back", staging(table))
}

/// The run that published a part of a table of changes.
pub(super) fn published_run(key: &str) -> Option<Ulid> {
    key.rsplit('/').next()?.strip_prefix("run-")?.strip_suffix(".parquet")?.parse().ok()
}

/// The date and run of a staged object.
pub(super) fn staged_run(key: &str) -> Option<(NaiveDate, Ulid)> {
    let mut parts = key.rsplit('/').skip(1);
    let run = parts.next()?.parse().ok()?;
    Some((date_of(parts.next()?)?, run))
}

/// Where a mart, or one date of it, is published.
pub(super) fn mart(model: &str, date: Option<NaiveDate>) -> String {
    match date {
        Some(date) => format!("{MARTS}/{model}/date={date}/data.parquet"),
        None => format!("{MARTS}/{model}/data.parquet"),
    }
}

/// What a published key is of: the name (`github.repositories`, or the model) and the date.
pub(super) fn published(key: &str) -> Option<(Published, Option<NaiveDate>)> {
    let parts: Vec<&str> = key.strip_suffix(".parquet")?.split('/').collect();
    match parts[..] {
        [RAW, source, table, date, _] => Some((Published::Raw(format!("{source}.{table}")), Some(date_of(date)?))),
        [MARTS, model, date, "data"] => Some((Published::Mart(model.to_owned()), Some(date_of(date)?))),
        [MARTS, model, "data"] => Some((Published::Mart(model.to_owned()), None)),
        _ => None,
    }
}

/// What a published object belongs to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Published {
    /// A raw table, by its full name.
    Raw(String),
    /// A mart, by its model.
    Mart(String),
}

fn date_of(folder: &str) -> Option<NaiveDate> {
    folder.strip_prefix("date=")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let date = "2026-11-21".parse().unwrap();
        let table = &almanac_collectors::github::pull_requests::TABLE;
        let key = raw(table, date, Ulid::nil());
        assert_eq!(key, "raw/github/pull_requests/date=2026-11-21/run-00000000000000000000000000.parquet");
        assert_eq!(published(&key), Some((Published::Raw("github.pull_requests".to_owned()), Some(date))));
        assert_eq!(published_run(&key), Some(Ulid::nil()));
        assert_eq!(published(&mart("fct_x", None)), Some((Published::Mart("fct_x".to_owned()), None)));
        assert_eq!(published(&mart("fct_x", Some(date))), Some((Published::Mart("fct_x".to_owned()), Some(date))));
        assert_eq!(published("marts/fct_x/data.parquet#1"), None);

        let parent = Parent { id: "a/../b".to_owned(), name: String::new() };
        let key = staged(table, date, Ulid::nil(), &parent, 3);
        assert_eq!(key, "staging/github/pull_requests/date=2026-11-21/00000000000000000000000000/a!2f!2e!2e!2fb.3.parquet");
        assert_eq!(staged_run(&key), Some((date, Ulid::nil())));
        assert_eq!(staged_run(&held_back(table, date, Ulid::nil())), Some((date, Ulid::nil())));

        let long =
            |end: &str| staged(table, date, Ulid::nil(), &Parent { id: format!("{}{end}", "ä/".repeat(100)), name: String::new() }, 0);
        assert!(long("a").rsplit('/').next().unwrap().len() < 200 && long("a") != long("b"));
    }
}
