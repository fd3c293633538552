//! Rows that are published already.
//!
//! A walk back to the watermark overlaps with what the last run saw, lest a change be lost that the vendor showed late. Rows that have
//! not changed since are dropped here, so that a run that finds nothing new publishes nothing.

use std::collections::HashSet;

use almanac_collectors::table::Table;
use arrow::{
    array::{BooleanArray, RecordBatch},
    compute::filter_record_batch,
    row::{RowConverter, SortField},
};
use sha2::{Digest, Sha256};

use super::{
    Lake, LakeError, Object,
    file::{parquet_error, read_file},
};

/// Digests of published rows.
pub(super) struct Recent {
    converter: RowConverter,
    columns: usize,
    seen: HashSet<u128>,
}

impl Recent {
    /// The rows of these objects of a table.
    pub(super) async fn load(lake: &Lake, table: &Table, objects: &[Object]) -> Result<Self, LakeError> {
        let fields = table.schema().fields().iter().map(|field| SortField::new(field.data_type().clone())).collect();
        let converter = RowConverter::new(fields).map_err(parquet_error("compare", &table.full_name()))?;
        let mut recent = Self { converter, columns: table.columns.len(), seen: HashSet::new() };
        for path in lake.local(objects).await? {
            let (schema, reader) = read_file(&path)?;
            if schema.fields().len() != recent.columns {
                // Written before a column was added: its rows count as changed, and are published once more with the new column.
                continue;
            }
            for batch in reader {
                let batch = batch.map_err(parquet_error("read", &path.display().to_string()))?;
                let digests = recent.digests(&batch)?;
                recent.seen.extend(digests);
            }
        }
        Ok(recent)
    }

    /// The rows that are not published yet.
    pub(super) fn only_new(&self, rows: &RecordBatch) -> Result<RecordBatch, LakeError> {
        let new: BooleanArray = self.digests(rows)?.into_iter().map(|digest| Some(!self.seen.contains(&digest))).collect();
        filter_record_batch(rows, &new).map_err(parquet_error("compare", "rows"))
    }

    fn digests(&self, batch: &RecordBatch) -> Result<Vec<u128>, LakeError> {
        let rows = self.converter.convert_columns(batch.columns()).map_err(parquet_error("compare", "rows"))?;
        let digest = |row: arrow::row::Row<'_>| {
            let digest = Sha256::digest(row.data());
            digest[..16].iter().fold(0, |number: u128, byte| number << 8 | u128::from(*byte))
        };
        Ok(rows.iter().map(digest).collect())
    }
}
