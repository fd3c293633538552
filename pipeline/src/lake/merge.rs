//! Sorted pieces into one sorted file, in memory that does not grow with the rows.
//!
//! Each piece is sorted by the grain and tells its first key. A piece is fetched only when the merge has come to that key, and dropped
//! when it is used up: since a parent's rows lie together, few pieces are ever open at once.

use std::{cmp::Reverse, collections::BinaryHeap, sync::Arc};

use almanac_collectors::table::Table;
use arrow::{
    array::{RecordBatch, UInt32Array},
    compute::{interleave_record_batch, take_record_batch},
    row::{OwnedRow, RowConverter, Rows, SortField},
};
use parquet::arrow::arrow_reader::ParquetRecordBatchReader;

use super::{
    Lake, LakeError,
    file::{Writer, parquet_error, read_bytes},
};

/// Rows handed to the writer at once.
const WRITE_ROWS: usize = 4 << 10;

/// A sorted piece of a table.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) key: String,
    /// The encoded grain of its first row.
    pub(super) first: Vec<u8>,
}

/// Encodes the columns of the grain so that their bytes sort as the rows do.
pub(super) struct Grain {
    converter: RowConverter,
    columns: Vec<usize>,
}

impl Grain {
    pub(super) fn of(table: &Table) -> Result<Self, LakeError> {
        let schema = table.schema();
        let name = table.full_name();
        let columns: Vec<usize> =
            table.grain.iter().map(|column| schema.index_of(column)).collect::<Result<_, _>>().map_err(parquet_error("sort", &name))?;
        let fields = columns.iter().map(|&column| SortField::new(schema.field(column).data_type().clone())).collect();
        let converter = RowConverter::new(fields).map_err(parquet_error("sort", &name))?;
        Ok(Self { converter, columns })
    }

    fn encode(&self, batch: &RecordBatch) -> Result<Rows, LakeError> {
        let columns: Vec<_> = self.columns.iter().map(|&column| Arc::clone(batch.column(column))).collect();
        self.converter.convert_columns(&columns).map_err(parquet_error("sort", "rows"))
    }

    /// The rows in the order of the grain, those of one grain in the order they came; and the first key.
    pub(super) fn sort(&self, batch: &RecordBatch) -> Result<(RecordBatch, Vec<u8>), LakeError> {
        let rows = self.encode(batch)?;
        let mut order: Vec<u32> = (0..u32::try_from(batch.num_rows()).unwrap_or(u32::MAX)).collect();
        order.sort_by(|&a, &b| rows.row(a as usize).cmp(&rows.row(b as usize)));
        let first = order.first().map(|&index| rows.row(index as usize).data().to_vec()).unwrap_or_default();
        let sorted = take_record_batch(batch, &UInt32Array::from(order)).map_err(parquet_error("sort", "rows"))?;
        Ok((sorted, first))
    }
}

/// An open piece at its current row.
struct Cursor {
    key: String,
    reader: ParquetRecordBatchReader,
    rows: Rows,
    row: usize,
    /// The current batch, and its place among the batches of the output.
    batch: RecordBatch,
    slot: Option<usize>,
}

/// Writes the rows of all pieces, sorted by the grain. Of several rows of one grain, as when an item moved between two pages, the one
/// that was read last is kept. Gives back how many rows that were.
pub(super) async fn merge(lake: &Lake, table: &Table, mut pieces: Vec<Piece>, writer: &mut Writer) -> Result<usize, LakeError> {
    let grain = Grain::of(table)?;
    // The stable sort keeps pieces of one first key in the order they were read.
    let mut numbered: Vec<(usize, Piece)> = pieces.drain(..).enumerate().collect();
    numbered.sort_by(|(_, a), (_, b)| a.first.cmp(&b.first));
    let mut waiting = numbered.into_iter().peekable();

    let mut open: Vec<Option<Cursor>> = Vec::new();
    let mut heap: BinaryHeap<Reverse<(OwnedRow, usize, usize)>> = BinaryHeap::new();
    let mut output = Output::default();
    let mut written = 0;
    let mut last: Option<OwnedRow> = None;
    loop {
        while let Some((order, piece)) =
            waiting.next_if(|(_, piece)| heap.peek().is_none_or(|Reverse((key, ..))| piece.first.as_slice() <= key.row().data()))
        {
            let reader = read_bytes(&piece.key, lake.get(&piece.key).await?)?;
            if let Some(cursor) = next_batch(piece.key, reader, &grain)? {
                let index = open.len();
                heap.push(Reverse((cursor.rows.row(0).owned(), order, index)));
                open.push(Some(cursor));
            }
        }
        let Some(Reverse((key, order, index))) = heap.pop() else { break };
        let Some(mut cursor) = open[index].take() else { continue };
        if last.as_ref() == Some(&key) {
            output.replace_last(&mut cursor);
        } else {
            if output.len() >= WRITE_ROWS {
                written += output.write(writer)?;
                // The batches of the output are gone: every cursor's batch takes a new place when it is next used.
                open.iter_mut().flatten().for_each(|cursor| cursor.slot = None);
                cursor.slot = None;
            }
            output.push(&mut cursor);
        }
        last = Some(key);
        cursor.row += 1;
        if cursor.row < cursor.rows.num_rows() {
            heap.push(Reverse((cursor.rows.row(cursor.row).owned(), order, index)));
            open[index] = Some(cursor);
        } else if let Some(cursor) = next_batch(cursor.key, cursor.reader, &grain)? {
            heap.push(Reverse((cursor.rows.row(0).owned(), order, index)));
            open[index] = Some(cursor);
        }
    }
    written += output.write(writer)?;
    Ok(written)
}

fn next_batch(key: String, mut reader: ParquetRecordBatchReader, grain: &Grain) -> Result<Option<Cursor>, LakeError> {
    match reader.next() {
        None => Ok(None),
        Some(Err(error)) => Err(parquet_error("read", &key)(error)),
        Some(Ok(batch)) => Ok(Some(Cursor { key, reader, rows: grain.encode(&batch)?, row: 0, batch, slot: None })),
    }
}

/// Rows picked from several batches, to be written together.
#[derive(Default)]
struct Output {
    batches: Vec<RecordBatch>,
    picked: Vec<(usize, usize)>,
}

impl Output {
    fn len(&self) -> usize {
        self.picked.len()
    }

    fn push(&mut self, cursor: &mut Cursor) {
        let slot = *cursor.slot.get_or_insert_with(|| {
            self.batches.push(cursor.batch.clone());
            self.batches.len() - 1
        });
        self.picked.push((slot, cursor.row));
    }

    fn replace_last(&mut self, cursor: &mut Cursor) {
        self.picked.pop();
        self.push(cursor);
    }

    fn write(&mut self, writer: &mut Writer) -> Result<usize, LakeError> {
        if self.picked.is_empty() {
            return Ok(0);
        }
        let batches: Vec<&RecordBatch> = self.batches.iter().collect();
        let rows = interleave_record_batch(&batches, &self.picked).map_err(parquet_error("merge", "rows"))?;
        writer.write(&rows)?;
        self.batches.clear();
        self.picked.clear();
        Ok(rows.num_rows())
    }
}
