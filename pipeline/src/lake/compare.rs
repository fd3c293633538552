//! Two snapshots of a table beside each other, row by row and column by column.
//!
//! Only the grain, the columns that are watched and those that tell what a row was read from are read. They are compared as text: whatever a
//! column holds, what was there and what is there now can then stand side by side in one table.

use std::{borrow::Cow, collections::HashMap, path::Path};

use almanac_collectors::table::{Table, Timestamp};
use arrow::{
    array::{Array, ArrayRef, AsArray},
    datatypes::{DataType, Float64Type, Int64Type, TimestampMicrosecondType},
    error::ArrowError,
};
use chrono::SecondsFormat;
use polars::prelude::{ChunkCompareEq, ChunkTake, DataFrame, IdxCa, IntoColumn, PolarsResult, StringChunked, StringChunkedBuilder};

use super::{
    Lake, LakeError, Object,
    file::{parquet_error, read_columns},
    reading::{Origin, Reading},
};

/// The column of a frame that holds the grain.
const KEY: &str = "";
/// Columns that people know a row by, the best first.
const NAMES: [&str; 4] = ["full_name", "name", "slug", "team_slug"];

/// What differs between two snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The grain of the row, as a JSON object.
    pub key: String,
    /// What people call the row.
    pub name: Option<String>,
    /// What became of it.
    pub what: What,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It was not there before.
    Added {
        /// What the columns that are watched hold, as a JSON object.
        after: String,
    },
    /// It is not there any more.
    Removed {
        /// What they held.
        before: String,
    },
    /// A column of it holds something else.
    Changed {
        /// The column.
        column: &'static str,
        /// What it held.
        before: Option<String>,
        /// What it holds now.
        after: Option<String>,
    },
}

impl Lake {
    /// What differs between two snapshots of a table, sorted by key and column; nothing that the reading of either leaves open.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub async fn changes(&self, table: &'static Table, before: &Snapshot<'_>, after: &Snapshot<'_>) -> Result<Vec<Change>, LakeError> {
        let (before, after) = (self.sheet(table, before).await?, self.sheet(table, after).await?);
        let mut changes = compare(table, &before, &after).map_err(parquet_error("compare", &table.full_name()))?;
        let column = |change: &Change| match &change.what {
            What::Changed { column, .. } => *column,
            What::Added { .. } | What::Removed { .. } => "",
        };
        changes.sort_by(|one, other| (&one.key, column(one)).cmp(&(&other.key, column(other))));
        Ok(changes)
    }

    async fn sheet(&self, table: &'static Table, snapshot: &Snapshot<'_>) -> Result<Sheet, LakeError> {
        let footer = self.footer(snapshot.object.clone()).await?;
        let files = match snapshot.files {
            Some(files) => Some(self.footer(files.clone()).await?),
            None => None,
        };
        let path = self.local_path(snapshot.object.clone()).await?;
        Ok(Sheet { frame: frame(table, &path)?, reading: Reading::in_footers(&footer, files.as_ref()) })
    }
}

/// A snapshot in the lake.
#[derive(Debug)]
pub struct Snapshot<'o> {
    /// The partition.
    pub object: &'o Object,
    /// That of the files of repositories on the same day, for a table that is read from such files.
    pub files: Option<&'o Object>,
}

/// A snapshot as text.
struct Sheet {
    frame: DataFrame,
    reading: Reading,
}

impl Sheet {
    fn texts(&self, column: &str) -> PolarsResult<&StringChunked> {
        self.frame.column(column)?.str()
    }

    fn has(&self, column: &str) -> bool {
        self.frame.get_column_index(column).is_some()
    }

    /// A cell, if there is such a column and it holds something.
    fn text(&self, column: &str, row: usize) -> Option<&str> {
        self.frame.column(column).ok()?.str().ok()?.get(row)
    }

    fn name(&self, row: usize) -> Option<String> {
        NAMES.iter().find_map(|column| self.text(column, row)).map(str::to_owned)
    }

    fn origin(&self, row: usize) -> Origin {
        Origin::of(Origin::COLUMNS.map(|column| self.text(column, row)))
    }

    /// What the columns of a row hold that are watched, as a JSON object.
    fn state(&self, table: &Table, row: usize) -> String {
        let column = |column: &&str| format!("{}:{}", quoted(column), self.text(column, row).map_or("null".to_owned(), quoted));
        let columns: Vec<String> = table.watch.columns.iter().filter(|column| self.has(column)).map(column).collect();
        format!("{{{}}}", columns.join(","))
    }

    /// The change of one of its rows, if its key can be told.
    fn change(&self, row: usize, what: What) -> Option<Change> {
        Some(Change { key: self.text(KEY, row)?.to_owned(), name: self.name(row), what })
    }
}

fn compare(table: &Table, before: &Sheet, after: &Sheet) -> PolarsResult<Vec<Change>> {
    let (old_keys, new_keys) = (before.texts(KEY)?, after.texts(KEY)?);
    let places: HashMap<&str, u32> = old_keys.iter().flatten().zip(0..).collect();
    // Where each row of today's stood before; null for one that was not there.
    let place: IdxCa = new_keys.iter().map(|key| places.get(key?).copied()).collect();
    let was_there = place.is_not_null();

    let mut changes = Vec::new();
    let mut is_there = vec![false; old_keys.len()];
    for (row, place) in place.iter().enumerate() {
        match place {
            Some(place) => is_there[place as usize] = true,
            None if before.reading.has_read(&after.origin(row), &after.reading) => {
                changes.extend(after.change(row, What::Added { after: after.state(table, row) }));
            }
            None => {}
        }
    }
    for (row, _) in is_there.iter().enumerate().filter(|(_, is_there)| !**is_there) {
        if after.reading.has_read(&before.origin(row), &before.reading) {
            changes.extend(before.change(row, What::Removed { before: before.state(table, row) }));
        }
    }
    // A column that was added since held nothing that could have changed.
    for &column in table.watch.columns.iter().filter(|column| before.has(column) && after.has(column)) {
        let (old, new) = (before.texts(column)?.take(&place)?, after.texts(column)?);
        let differs = &old.not_equal_missing(new) & &was_there;
        for (row, _) in differs.iter().enumerate().filter(|(_, differs)| *differs == Some(true)) {
            let (was, is) = (old.get(row), new.get(row));
            let origin = after.origin(row);
            // Nothing, where not all was read, may be something that was not read.
            let is_known = |value: Option<&str>, reading: &Reading, other| value.is_some() || reading.has_read(&origin, other);
            if is_known(was, &before.reading, &after.reading) && is_known(is, &after.reading, &before.reading) {
                let [before, after_] = [was, is].map(|value| value.map(str::to_owned));
                changes.extend(after.change(row, What::Changed { column, before, after: after_ }));
            }
        }
    }
    Ok(changes)
}

/// What is compared of a file.
fn frame(table: &Table, path: &Path) -> Result<DataFrame, LakeError> {
    let name = table.full_name();
    let failed = || parquet_error::<ArrowError>("read", &name);
    let mut names: Vec<&str> = table.watch.columns.to_vec();
    names.extend(Origin::COLUMNS.into_iter().chain(NAMES));
    names.sort_unstable();
    names.dedup();
    let (schema, batches) = read_columns(path, |name| names.contains(&name) || table.grain.contains(&name))?;
    names.retain(|name| schema.index_of(name).is_ok());
    let builder = |name: &str| StringChunkedBuilder::new(name.into(), 0);
    let (mut keys, mut columns) = (builder(KEY), names.iter().map(|name| builder(name)).collect::<Vec<_>>());
    for batch in batches {
        let batch = batch.map_err(failed())?;
        let column = |name: &&str| Ok(batch.column(batch.schema_ref().index_of(name)?));
        let grain = table.grain.iter().map(|name| Ok((*name, column(name)?))).collect::<Result<Vec<_>, _>>().map_err(failed())?;
        for row in 0..batch.num_rows() {
            keys.append_value(key(&grain, row).map_err(failed())?);
        }
        for (name, builder) in names.iter().zip(&mut columns) {
            let values = column(name).map_err(failed())?;
            for row in 0..batch.num_rows() {
                builder.append_option(text(values, row).map_err(failed())?);
            }
        }
    }
    let columns = std::iter::once(keys).chain(columns).map(|builder| builder.finish().into_column()).collect();
    DataFrame::new_infer_height(columns).map_err(parquet_error("compare", &name))
}

/// The grain of a row as a JSON object, its columns in order.
fn key(grain: &[(&str, &ArrayRef)], row: usize) -> Result<String, ArrowError> {
    let mut json = String::new();
    for (name, values) in grain {
        let value = text(values, row)?.unwrap_or_default();
        json.push(if json.is_empty() { '{' } else { ',' });
        json.push_str(&quoted(name));
        json.push(':');
        match values.data_type() {
            DataType::Boolean | DataType::Int64 => json.push_str(&value),
            _ => json.push_str(&quoted(&value)),
        }
    }
    json.push('}');
    Ok(json)
}

/// A cell as text: a list or a map as JSON, a moment as in RFC 3339.
fn text(values: &ArrayRef, row: usize) -> Result<Option<Cow<'_, str>>, ArrowError> {
    if values.is_null(row) {
        return Ok(None);
    }
    Ok(Some(match values.data_type() {
        DataType::Utf8 => values.as_string::<i32>().value(row).into(),
        DataType::Boolean => values.as_boolean().value(row).to_string().into(),
        DataType::Int64 => values.as_primitive::<Int64Type>().value(row).to_string().into(),
        DataType::Float64 => values.as_primitive::<Float64Type>().value(row).to_string().into(),
        DataType::Timestamp(..) => {
            let moment = Timestamp(values.as_primitive::<TimestampMicrosecondType>().value(row));
            moment.to_utc().to_rfc3339_opts(SecondsFormat::AutoSi, true).into()
        }
        DataType::List(_) => {
            let items = values.as_list::<i32>().value(row);
            let items: Vec<String> = items.as_string::<i32>().iter().map(|item| quoted(item.unwrap_or_default())).collect();
            format!("[{}]", items.join(",")).into()
        }
        DataType::Map(..) => {
            let entries = values.as_map().value(row);
            let (keys, items) = (entries.column(0).as_string::<i32>(), entries.column(1).as_string::<i32>());
            let pair = |(key, item): (Option<&str>, Option<&str>)| {
                format!("{}:{}", quoted(key.unwrap_or_default()), quoted(item.unwrap_or_default()))
            };
            let pairs: Vec<String> = keys.iter().zip(items).map(pair).collect();
            format!("{{{}}}", pairs.join(",")).into()
        }
        other => return Err(ArrowError::NotYetImplemented(format!("{other} as text"))),
    }))
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    // A text can always be written.
    serde_json::to_string(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use almanac_collectors::{
        collect::{Parent, Status, Tally},
        table::{Kind, Probe, Read, Row, Table, Timestamp, Watch, to_batch},
    };
    use serde::Serialize;
    use tempfile::NamedTempFile;

    use super::{super::file::write_parquet, *};

    const TABLE: Table = Table {
        source: "test",
        name: "things",
        meaning: "One row per thing.",
        kind: Kind::Snapshot,
        grain: &["thing_id", "place"],
        version: None,
        endpoint: "none",
        permission: "none",
        probe: Probe::Nothing,
        requests: |_| Some(0),
        columns: Thing::COLUMNS,
        watch: Watch::of(&["is_on", "count", "share", "word", "seen_at", "list", "map", "later"]),
        read: Read::Itself,
    };

    #[derive(Clone, Default, Row, Serialize)]
    struct Thing {
        /// First half of the grain
        thing_id: i64,
        /// Second half of the grain
        place: String,
        /// What it is read from
        organization: Option<String>,
        /// What people call it
        name: Option<String>,
        /// Truth
        is_on: Option<bool>,
        /// Whole number
        count: Option<i64>,
        /// Number
        share: Option<f64>,
        /// Text
        word: Option<String>,
        /// Moment
        seen_at: Option<Timestamp>,
        /// Texts
        list: Vec<String>,
        /// Texts by key
        map: BTreeMap<String, String>,
        /// Nobody looks at it
        noise: i64,
        /// Added by a later version
        later: Option<i64>,
    }

    fn thing(thing_id: i64) -> Thing {
        Thing { thing_id, place: "a \"b\"".to_owned(), organization: Some("Sea".to_owned()), ..Thing::default() }
    }

    /// A snapshot as it is read back from a file, of which so many columns were written.
    fn sheet_of(things: &[Thing], columns: usize, parents: &[(&str, Status)]) -> Sheet {
        let batch = to_batch(things).unwrap().project(&(0..columns).collect::<Vec<_>>()).unwrap();
        let file = NamedTempFile::new().unwrap();
        write_parquet("things", file.reopen().unwrap(), batch.schema(), std::iter::once(batch)).unwrap();
        let parents =
            parents.iter().map(|(name, status)| (Parent { id: String::new(), name: (*name).to_owned() }, Tally::within(*status, None, 0)));
        let parents: Vec<_> = parents.collect();
        Sheet {
            frame: frame(&TABLE, file.path()).unwrap(),
            reading: Reading::of(parents.iter().map(|(parent, outcome)| (parent, outcome))),
        }
    }

    fn sheet(things: &[Thing]) -> Sheet {
        sheet_of(things, Thing::COLUMNS.len(), &[("sea", Status::Ok)])
    }

    /// `number of the thing: what became of it`.
    fn told(before: &Sheet, after: &Sheet) -> Vec<String> {
        let tell = |change: Change| {
            let number = change.key.split([':', ',']).nth(1).unwrap().to_owned();
            match change.what {
                What::Added { .. } => format!("{number} added"),
                What::Removed { .. } => format!("{number} removed"),
                What::Changed { column, before, after } => {
                    format!("{number} {column}: {} -> {}", before.unwrap_or("null".to_owned()), after.unwrap_or("null".to_owned()))
                }
            }
        };
        compare(&TABLE, before, after).unwrap().into_iter().map(tell).collect()
    }

    #[test]
    fn every_type_is_told_as_text_and_nothing_is_not_empty() {
        let full = Thing {
            is_on: Some(true),
            count: Some(-3),
            share: Some(99.9),
            word: Some(String::new()),
            seen_at: Some(Timestamp(1_795_255_200_000_000)),
            list: vec!["a, b".to_owned(), "\"".to_owned()],
            map: BTreeMap::from([("k".to_owned(), "v:1".to_owned())]),
            noise: 1,
            ..thing(1)
        };
        let expected = [
            "1 is_on: null -> true",
            "1 count: null -> -3",
            "1 share: null -> 99.9",
            "1 word: null -> ",
            "1 seen_at: null -> 2026-11-21T10:00:00Z",
            r#"1 list: [] -> ["a, b","\""]"#,
            r#"1 map: {} -> {"k":"v:1"}"#,
        ];
        let (empty, full) = (sheet(&[thing(1)]), sheet(&[full]));
        assert_eq!(told(&empty, &full), expected);
        assert_eq!(told(&full, &empty).len(), expected.len());
        assert_eq!(told(&full, &full), [""; 0], "nothing is equal to nothing, and what nobody watches does not count");
        // One text that looks like two is another list.
        let lists = [vec!["a, b".to_owned()], vec!["a".to_owned(), "b".to_owned()]];
        let [one, two] = lists.map(|list| sheet(&[Thing { list, ..thing(1) }]));
        assert_eq!(told(&one, &two), [r#"1 list: ["a, b"] -> ["a","b"]"#]);
    }

    #[test]
    fn rows_that_come_and_go_are_told_once() {
        let before = sheet(&[thing(1), Thing { name: Some("two".to_owned()), word: Some("w".to_owned()), ..thing(2) }, thing(3)]);
        let after = sheet(&[thing(4), thing(3), Thing { count: Some(1), ..thing(1) }]);
        assert_eq!(told(&before, &after), ["4 added", "2 removed", "1 count: null -> 1"]);
        let changes = compare(&TABLE, &before, &after).unwrap();
        assert_eq!(changes[1].key, r#"{"thing_id":2,"place":"a \"b\""}"#);
        assert_eq!((changes[1].name.as_deref(), changes[0].name.as_deref()), (Some("two"), None));
        let was = r#"{"is_on":null,"count":null,"share":null,"word":"w","seen_at":null,"list":"[]","map":"{}","later":null}"#;
        assert_eq!(changes[1].what, What::Removed { before: was.to_owned() });
        // The second half of the grain makes another row.
        let moved = sheet(&[Thing { place: "elsewhere".to_owned(), ..thing(1) }]);
        assert_eq!(told(&sheet(&[thing(1)]), &moved), ["1 added", "1 removed"]);
        assert_eq!(told(&sheet(&[]), &sheet(&[thing(1)])), ["1 added"], "there was nothing, and that is known");
        assert_eq!(told(&sheet(&[thing(1)]), &sheet(&[])), ["1 removed"]);
        assert_eq!(told(&sheet(&[]), &sheet(&[])), [""; 0]);
    }

    #[test]
    fn what_was_not_read_is_neither_gone_nor_new() {
        let of = |parent: &str, thing_id| Thing { organization: Some(parent.to_owned()), ..thing(thing_id) };
        let all = Thing::COLUMNS.len();
        let both = [("sea", Status::Ok), ("land", Status::Ok)];
        let whole = sheet_of(&[of("Sea", 1), of("land", 2)], all, &both);
        for status in [Status::Forbidden, Status::Disabled, Status::NotFound, Status::Truncated, Status::RateLimited, Status::Error] {
            let unread = [("sea", Status::Ok), ("land", status)];
            assert_eq!(told(&whole, &sheet_of(&[], all, &unread)), ["1 removed"], "{status:?}");
            assert_eq!(told(&sheet_of(&[], all, &unread), &whole), ["1 added"], "{status:?}");
        }
        // It was not asked at all.
        assert_eq!(told(&whole, &sheet_of(&[], all, &[("sea", Status::Empty)])), ["1 removed"]);
        assert_eq!(told(&sheet_of(&[], all, &[("sea", Status::Empty)]), &whole), ["1 added"]);
        // An earlier version did not say.
        assert_eq!(told(&sheet_of(&[], all, &[]), &whole), [""; 0]);
    }

    #[test]
    fn nothing_where_not_all_was_read_is_no_change() {
        let all = Thing::COLUMNS.len();
        let [word, none] = [Some("w".to_owned()), None].map(|word| [Thing { word, count: Some(1), ..thing(1) }]);
        let truncated = [("sea", Status::Truncated)];
        assert_eq!(told(&sheet(&word), &sheet_of(&none, all, &truncated)), [""; 0]);
        assert_eq!(told(&sheet_of(&none, all, &truncated), &sheet(&word)), [""; 0]);
        let other = [Thing { count: Some(2), ..none[0].clone() }];
        assert_eq!(told(&sheet(&word), &sheet_of(&other, all, &truncated)), ["1 count: 1 -> 2"], "what is there was read");
        assert_eq!(told(&sheet(&word), &sheet(&none)), ["1 word: w -> null"]);
    }

    #[test]
    fn a_column_that_was_added_since_has_not_changed() {
        let all = Thing::COLUMNS.len();
        let things = [Thing { later: Some(1), count: Some(2), ..thing(1) }];
        let earlier = sheet_of(&[thing(1)], all - 1, &[("sea", Status::Ok)]);
        assert_eq!(told(&earlier, &sheet(&things)), ["1 count: null -> 2"]);
        assert_eq!(told(&sheet(&[thing(1)]), &sheet(&things)), ["1 count: null -> 2", "1 later: null -> 1"]);
    }
}
