//! Whether a snapshot can be believed, before it is published.
//!
//! An API that answers a shorter list than there is, or leaves a field empty that it used to fill, looks like a wave of deletions. So a
//! snapshot is held against the one before it: what is gone beyond what its table tolerates keeps it from being published.

use std::fs::File;

use almanac_collectors::table::Table;
use arrow::{
    array::{Array, AsArray, RecordBatch},
    error::ArrowError,
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::{
    Lake, LakeError, Object,
    file::{columns_of, parquet_error, read_columns},
    reading::{Origin, Reading},
};

/// Of fewer rows, one or two that go make a share that says nothing.
const FEWEST_ROWS: usize = 20;

/// What a snapshot may differ by from the one before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guard {
    /// The share of the earlier rows that may be gone [0-1].
    pub most_rows_gone: f64,
    /// By how much the share of NULL in a column may rise [0-1].
    pub most_nulls_more: f64,
    /// Somebody looked at what was held back, and wants it published.
    pub accepts: bool,
}

impl Guard {
    /// As the table says.
    pub const fn of(table: &Table) -> Self {
        Self { most_rows_gone: table.watch.most_rows_gone, most_nulls_more: table.watch.most_nulls_more, accepts: false }
    }

    /// What keeps a snapshot from being published, if anything does. `before` is what stands in its place or is the newest before it.
    pub(super) async fn objection(
        &self,
        lake: &Lake,
        table: &Table,
        before: &Object,
        after: (&File, &Reading),
    ) -> Result<Option<String>, LakeError> {
        if self.accepts {
            return Ok(None);
        }
        let footers = lake.footers(std::slice::from_ref(before)).await?;
        let was = footers.first().map(|footer| Reading::in_footers(footer, None)).unwrap_or_default();
        let (file, is) = after;
        let name = table.full_name();
        let nullable = |column: &str| table.columns.iter().any(|known| known.nullable && known.name == column);
        let wanted = |column: &str| nullable(column) || Origin::COLUMNS.contains(&column);
        let file = file.try_clone().map_err(|source| LakeError::Disk { what: "read the spooled", path: name.clone().into(), source })?;
        // What was not read this time, or the last, is no fall.
        let is_compared = |origin: &Origin| !was.lacks(origin) && !is.lacks(origin);
        let mut counts = Vec::new();
        for path in lake.local(std::slice::from_ref(before)).await? {
            counts.push(Count::of(&name, read_columns(&path, wanted)?.1, is_compared)?);
        }
        let Some(before) = counts.pop().filter(|before| before.rows >= FEWEST_ROWS) else { return Ok(None) };
        let after = Count::of(&name, columns_of(&name, file, wanted)?.1, is_compared)?;
        let gone = (before.rows.saturating_sub(after.rows)) as f64 / before.rows as f64;
        if gone > self.most_rows_gone {
            return Ok(Some(format!("{} rows after {}", after.rows, before.rows)));
        }
        let emptier = |(column, nulls): &(String, usize)| {
            let (_, earlier) = before.nulls.iter().find(|(known, _)| known == column)?;
            let (was, is) = (*earlier as f64 / before.rows as f64, *nulls as f64 / after.rows.max(1) as f64);
            (nullable(column) && is - was > self.most_nulls_more).then(|| (column.clone(), was, is))
        };
        let emptier: Vec<_> = after.nulls.iter().filter_map(emptier).collect();
        Ok(emptier.first().map(|(column, was, is)| {
            let others = match emptier.len() - 1 {
                0 => String::new(),
                more => format!(", and so {more} more columns"),
            };
            format!("`{column}` is NULL in {:.0} % of the rows after {:.0} %{others}", 100.0 * is, 100.0 * was)
        }))
    }
}

/// The rows of a file that can be compared, and how many of them hold nothing in each column.
struct Count {
    rows: usize,
    nulls: Vec<(String, usize)>,
}

impl Count {
    fn of(table: &str, batches: ParquetRecordBatchReader, is_compared: impl Fn(&Origin) -> bool) -> Result<Self, LakeError> {
        let schema = arrow::array::RecordBatchReader::schema(&batches);
        let mut count = Self { rows: 0, nulls: schema.fields().iter().map(|field| (field.name().clone(), 0)).collect() };
        for batch in batches {
            let batch = batch.map_err(parquet_error::<ArrowError>("read", table))?;
            let counted: Vec<usize> = (0..batch.num_rows()).filter(|row| is_compared(&origin(&batch, *row))).collect();
            count.rows += counted.len();
            for ((_, nulls), values) in count.nulls.iter_mut().zip(batch.columns()) {
                *nulls += counted.iter().filter(|row| values.is_null(**row)).count();
            }
        }
        Ok(count)
    }
}

fn origin(batch: &RecordBatch, row: usize) -> Origin {
    Origin::of(Origin::COLUMNS.map(|column| {
        let values = batch.column_by_name(column)?.as_string_opt::<i32>()?;
        values.is_valid(row).then(|| values.value(row))
    }))
}
