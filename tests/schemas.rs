//! The shape of every raw table, against the shapes that are promised in `tests/schemas/`.
//!
//! Readers keep files for years, so a table changes in one way only: one column is added, at the end, and it can be NULL.

use std::{fs, path::PathBuf};

use almanac_collectors::table::{Sensitivity, Table, Watch};
use almanac_test_support::shared;

/// Set to write the promised shapes anew, where the change is allowed.
const UPDATE: &str = "UPDATE_SCHEMAS";

fn promised(table: &Table) -> PathBuf {
    shared::root().join("tests/schemas").join(format!("{}.txt", table.full_name()))
}

fn shape(table: &Table) -> Vec<String> {
    let column = |column: &almanac_collectors::table::Column| {
        let null = if column.nullable { "null" } else { "not null" };
        format!("{} {} {null} {:?}", column.name, column.kind.arrow(), column.sensitivity)
    };
    let head = format!("{} by {}, version {}", table.kind.as_str(), table.grain.join(", "), table.version.unwrap_or("none"));
    std::iter::once(head).chain(table.columns.iter().map(column)).collect()
}

/// Why a table may not go from one shape to another.
fn objection(old: &[String], new: &[String]) -> Option<String> {
    if let Some((before, after)) = old.iter().zip(new).find(|(before, after)| before != after) {
        return Some(format!(
            "`{before}` became `{after}`: columns are never renamed, retyped, moved or removed; add a new one at the end"
        ));
    }
    match new.len().checked_sub(old.len()) {
        None => Some(format!("`{}` was removed: readers depend on it; leave it and fill it with NULL", old[new.len()])),
        Some(0) => None,
        Some(_) => {
            let needed = new[old.len()..].iter().find(|column| column.contains(" not null "));
            needed.map(|column| format!("`{column}` is new and not nullable: files written before do not have it; make it an `Option`"))
        }
    }
}

#[test]
fn tables_keep_their_promises() {
    let mut failures = Vec::new();
    for table in almanac::ledger::all_tables() {
        let (path, new) = (promised(table), shape(table));
        let old: Option<Vec<String>> = fs::read_to_string(&path).ok().map(|text| text.lines().map(str::to_owned).collect());
        let reason = match &old {
            Some(old) => objection(old, &new),
            None => None,
        };
        if let Some(reason) = reason {
            failures.push(format!("{}: {reason}", table.full_name()));
        } else if old.as_ref() != Some(&new) {
            if std::env::var_os(UPDATE).is_some() {
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(&path, new.join("\n") + "\n").unwrap();
            } else {
                failures.push(format!(
                    "{}: an allowed change; promise it with `{UPDATE}=1 cargo test tables_keep_their_promises`",
                    table.full_name()
                ));
            }
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn a_forbidden_change_is_told_from_an_allowed_one() {
    let shape = |columns: &[&str]| columns.iter().map(|&column| column.to_owned()).collect::<Vec<_>>();
    let old = shape(&["snapshot by id", "id Int64 not null Internal", "name Utf8 not null Internal"]);
    let with = |column: &str| {
        let mut new = old.clone();
        new.push(column.to_owned());
        new
    };
    assert_eq!(objection(&old, &old), None);
    assert_eq!(objection(&old, &with("team Utf8 null Internal")), None);
    assert!(objection(&old, &with("team Utf8 not null Internal")).unwrap().contains("make it an `Option`"));
    assert!(objection(&old, &old[..2]).unwrap().contains("was removed"));
    assert!(
        objection(&old, &shape(&["snapshot by id", "id Utf8 not null Internal", "name Utf8 not null Internal"]))
            .unwrap()
            .contains("became")
    );
    let mut two = with("team Utf8 null Internal");
    two.push("tier Utf8 null Internal".to_owned());
    assert_eq!(objection(&old, &two), None);
    two.push("level Utf8 not null Internal".to_owned());
    assert!(objection(&old, &two).unwrap().contains("`level Utf8 not null Internal` is new"));
}

#[test]
fn declarations_are_whole() {
    for table in almanac::ledger::all_tables() {
        let name = table.full_name();
        let find = |wanted: &str| table.columns.iter().find(|column| column.name == wanted);
        for column in table.grain.iter().chain(&table.version) {
            let column = find(column).unwrap_or_else(|| panic!("`{name}` has no column `{column}`, which its grain or version names"));
            assert!(!column.nullable, "`{name}.{}` is of the grain or the version, and so cannot be NULL", column.name);
        }
        assert!(table.meaning.starts_with("One row per "), "the meaning of `{name}` says what one row is");
        assert_eq!(
            table.version.is_some(),
            table.kind == almanac_collectors::table::Kind::Changes,
            "`{name}`: a table of changes, and no other, says by its version which row is the newer"
        );
        for column in table.columns {
            assert_ne!(column.name, "date", "`{name}`: `date` is the partition's");
            assert!(
                !column.meaning.ends_with('.') && !column.meaning.is_empty(),
                "`{name}.{}` needs a meaning, without a full stop",
                column.name
            );
        }
    }
}

#[test]
fn what_is_watched_can_be_compared_and_told() {
    let mut watched = 0;
    for table in almanac::ledger::all_tables() {
        let (name, watch) = (table.full_name(), table.watch);
        let is_snapshot = table.kind == almanac_collectors::table::Kind::Snapshot;
        assert!(is_snapshot || watch == Watch::NOTHING, "`{name}` is no snapshot, and so not compared with an earlier one");
        watched += usize::from(!watch.columns.is_empty());
        for wanted in watch.columns {
            let column = table.columns.iter().find(|column| column.name == *wanted);
            let column = column.unwrap_or_else(|| panic!("`{name}` has no column `{wanted}`, which it watches"));
            assert_ne!(column.sensitivity, Sensitivity::Pseudonym, "`{name}.{wanted}` stands for people: nobody is watched");
            assert!(!table.grain.contains(wanted), "`{name}.{wanted}` is of the grain: another value is another row");
            assert!(!wanted.ends_with("_at"), "`{name}.{wanted}` changes by itself");
            assert_eq!(watch.columns.iter().filter(|other| *other == wanted).count(), 1, "`{name}` watches `{wanted}` twice");
        }
        for share in [watch.most_rows_gone, watch.most_nulls_more] {
            assert!((0.0..=1.0).contains(&share), "`{name}` tolerates {share}, which is no share");
        }
        // The grain stands in what is told of a row.
        let is_person =
            |column: &&str| table.columns.iter().any(|known| *known.name == **column && known.sensitivity == Sensitivity::Pseudonym);
        assert!(watch.columns.is_empty() || !table.grain.iter().any(is_person), "a row of `{name}` stands for a person: nobody is watched");
    }
    assert!(watched >= 20, "only {watched} tables watch anything");
}
