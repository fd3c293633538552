//! What stays of a window's day when it is read again: of each parent the better of both readings.
//!
//! A window that is read from several parents has their ids in the first column of its grain; where it has one, all rows are that one's.

use std::collections::BTreeMap;

use almanac_collectors::{collect::Status, table::Table};
use arrow::{
    array::{ArrayRef, AsArray, BooleanArray, RecordBatch, new_null_array},
    compute::filter_record_batch,
    datatypes::FieldRef,
    error::ArrowError,
};
use chrono::NaiveDate;

use super::{
    Footer, Lake, LakeError, Object,
    file::{Writer, parquet_error, read_file},
    layout,
    merge::{Grain, Piece},
};

/// Stands in a window's footer: the id of each parent whose rows it holds, and whether they are all there were to read of the day. In a
/// snapshot's: the name of each parent, and whether it was read to the end.
const PARENTS: &str = "almanac.parents";

/// The ids (or names) of parents, and whether each was read whole.
pub(super) type Parents = BTreeMap<String, bool>;

/// The partition of a day that has been published.
pub(super) struct Standing {
    object: Object,
    parents: Parents,
}

impl Standing {
    /// What stands of a day, if anything does.
    pub(super) async fn of(lake: &Lake, table: &Table, date: NaiveDate) -> Result<Option<Self>, LakeError> {
        let published = lake.list(&layout::raw_date(table, date)).await?;
        let footers = lake.footers(&published).await?;
        let mut standing = published.into_iter().zip(&footers).map(|(object, footer)| Self { object, parents: read(footer) });
        // A window has one object a day.
        Ok(standing.next())
    }

    /// The parents of which that is better than what was read now; whoever was not asked is among them.
    pub(super) fn kept(&self, read: impl Fn(&str) -> Option<Status>) -> Parents {
        let is_kept = |(id, was_whole): &(&String, &bool)| match read(id) {
            None => true,
            Some(status) => !status.keeps_rows() || **was_whole && !status.is_whole(),
        };
        self.parents.iter().filter(is_kept).map(|(id, was_whole)| (id.clone(), *was_whole)).collect()
    }

    /// Stages the rows of these parents once more; nothing when they have none.
    pub(super) async fn stage(&self, lake: &Lake, table: &Table, kept: &Parents, key: &str) -> Result<Option<Piece>, LakeError> {
        let failed = || parquet_error::<ArrowError>("read", &self.object.key);
        let mut writer = Writer::staged(key, table)?;
        let mut first = None;
        for path in lake.local(std::slice::from_ref(&self.object)).await? {
            let (_, batches) = read_file(&path)?;
            for batch in batches {
                let rows = as_of_now(table, &batch.map_err(failed())?).map_err(failed())?;
                let rows = filter_record_batch(&rows, &self.of_parents(table, &rows, kept)).map_err(failed())?;
                if rows.num_rows() > 0 {
                    if first.is_none() {
                        first = Some(Grain::of(table)?.sort(&rows.slice(0, 1))?.1);
                    }
                    writer.write(&rows)?;
                }
            }
        }
        let Some(first) = first else { return Ok(None) };
        lake.put_file(key, writer.finish(Footer::default())?).await?;
        Ok(Some(Piece { key: key.to_owned(), first }))
    }

    /// Which rows are of these parents.
    fn of_parents(&self, table: &Table, rows: &RecordBatch, kept: &Parents) -> BooleanArray {
        if self.parents.len() == 1 {
            return BooleanArray::from(vec![!kept.is_empty(); rows.num_rows()]);
        }
        let ids = table.grain.first().and_then(|column| rows.column_by_name(column)).and_then(|column| column.as_string_opt::<i32>());
        (0..rows.num_rows()).map(|row| Some(ids.is_some_and(|ids| kept.contains_key(ids.value(row))))).collect()
    }
}

/// Writes into a footer whose rows a partition holds.
pub(super) fn write(footer: &mut Footer, parents: &Parents) {
    // A map of texts and truths can always be written.
    footer.set(PARENTS, serde_json::to_string(parents).unwrap_or_default());
}

/// What a footer says of that; nothing in one of an older version.
pub(super) fn read(footer: &Footer) -> Parents {
    footer.get(PARENTS).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Rows with the columns that the table has now: those that were added since are null.
fn as_of_now(table: &Table, rows: &RecordBatch) -> Result<RecordBatch, ArrowError> {
    let schema = table.schema();
    let column = |(place, field): (usize, &FieldRef)| -> ArrayRef {
        if place < rows.num_columns() { rows.column(place).clone() } else { new_null_array(field.data_type(), rows.num_rows()) }
    };
    let columns = schema.fields().iter().enumerate().map(column).collect();
    RecordBatch::try_new(schema, columns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_each_parent_the_better_reading_stays() {
        let object = Object { key: String::new(), date: None, size: 0, version: String::new() };
        let parents = ["whole", "part", "gone"].map(|id| (id.to_owned(), id == "whole")).into();
        let standing = Standing { object, parents };
        let kept = |status| {
            let kept = standing.kept(|id| (id != "gone").then_some(status));
            kept.into_keys().collect::<Vec<_>>()
        };
        assert_eq!(kept(Status::Ok), ["gone"]);
        assert_eq!(kept(Status::Empty), ["gone"]);
        assert_eq!(kept(Status::Truncated), ["gone", "whole"]);
        assert_eq!(kept(Status::Forbidden), ["gone", "part", "whole"]);
    }
}
