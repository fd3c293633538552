//! Parquet files: how they are written, and what their footers say.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    sync::Arc,
};

use almanac_collectors::table::Table;
use arrow::{
    array::{RecordBatch, RecordBatchReader},
    datatypes::SchemaRef,
};
use bytes::Bytes;
use chrono::NaiveDate;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, path::Path as Key};
use parquet::{
    arrow::{
        ArrowWriter, ProjectionMask,
        arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder},
    },
    basic::{Compression, ZstdLevel},
    errors::ParquetError,
    file::{
        metadata::{KeyValue, ParquetMetaData, ParquetMetaDataReader, SortingColumn},
        properties::{EnabledStatistics, WriterProperties},
    },
};
use ulid::Ulid;

use super::{LakeError, Object};

/// Rows a row group: small enough to prune by its statistics and to buffer in little memory.
const ROW_GROUP: usize = 64 << 10;
/// How much of a file's end is read at first: footers are almost always shorter [bytes].
const FOOTER_READ: u64 = 64 << 10;
/// Rows read at once.
const READ_ROWS: usize = 4 << 10;

/// What the footer of a file says about it, by key (`almanac.table`, `almanac.run_id`, …).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Footer(pub BTreeMap<String, String>);

impl Footer {
    /// What every partition of a raw table says.
    pub(super) fn of_partition(table: &Table, date: NaiveDate, run: Ulid, rows: usize) -> Self {
        let pairs = [
            ("almanac.table", table.full_name()),
            ("almanac.schema_version", table.columns.len().to_string()),
            ("almanac.run_id", run.to_string()),
            ("almanac.logical_date", date.to_string()),
            ("almanac.rows", rows.to_string()),
            ("almanac.software_version", env!("CARGO_PKG_VERSION").to_owned()),
        ];
        Self(pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }

    /// What it says under a key.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key).map(String::as_str)
    }

    pub(super) fn set(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    pub(super) fn of_file(path: &Path) -> Result<Self, LakeError> {
        let key = path.display().to_string();
        let file = open(path)?;
        let metadata = ParquetMetaDataReader::new().parse_and_finish(&file).map_err(parquet_error("read", &key))?;
        Ok(Self::of_metadata(&metadata))
    }

    /// The footer alone, by ranged reads of the object as it is now: it may have been replaced since it was listed.
    pub(super) async fn of_object(store: &Arc<dyn ObjectStore>, object: &Object) -> Result<Self, LakeError> {
        let key = Key::from(object.key.as_str());
        let failed = |source| LakeError::Store { what: "read", key: object.key.clone(), source };
        let (mut size, mut length) = (object.size, FOOTER_READ);
        loop {
            let range = GetRange::Bounded(size.saturating_sub(length)..size);
            let end = match store.get_opts(&key, GetOptions { range: Some(range), ..GetOptions::default() }).await {
                Ok(end) if end.meta.size == size => end.bytes().await.map_err(failed)?,
                Ok(end) => {
                    size = end.meta.size;
                    continue;
                }
                // A shorter object may end before the range begins.
                Err(error) => match store.head(&key).await.map_err(failed)?.size {
                    now if now != size => {
                        size = now;
                        continue;
                    }
                    _ => return Err(failed(error)),
                },
            };
            let mut reader = ParquetMetaDataReader::new();
            match reader.try_parse_sized(&end, size) {
                Err(ParquetError::NeedMoreData(more)) if (more as u64) > length => length = more as u64,
                read => {
                    let metadata = read.and_then(|()| reader.finish()).map_err(parquet_error("read", &object.key))?;
                    return Ok(Self::of_metadata(&metadata));
                }
            }
        }
    }

    fn of_metadata(metadata: &ParquetMetaData) -> Self {
        let pairs = metadata.file_metadata().key_value_metadata().into_iter().flatten();
        Self(pairs.filter_map(|pair| Some((pair.key.clone(), pair.value.clone()?))).collect())
    }
}

/// Writes one file to the local disk, in bounded memory. It has no name, and so vanishes with the process, however that ends.
pub(super) struct Writer {
    key: String,
    writer: ArrowWriter<File>,
}

impl Writer {
    /// A file to be published: sorted by the table's grain, small, with statistics.
    pub(super) fn published(key: &str, table: &Table) -> Result<Self, LakeError> {
        let schema = table.schema();
        let leaf = |name: &&str| schema.index_of(name).ok().and_then(|index| i32::try_from(index).ok());
        let sorting =
            table.grain.iter().filter_map(leaf).map(|column_idx| SortingColumn { column_idx, descending: false, nulls_first: true });
        let properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_max_row_group_row_count(Some(ROW_GROUP))
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_sorting_columns(Some(sorting.collect()))
            .build();
        Self::new(key, schema, properties)
    }

    /// Work in progress: cheap to write and to read back.
    pub(super) fn staged(key: &str, table: &Table) -> Result<Self, LakeError> {
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_dictionary_enabled(false)
            .set_statistics_enabled(EnabledStatistics::None)
            .set_offset_index_disabled(true)
            .build();
        Self::new(key, table.schema(), properties)
    }

    fn new(key: &str, schema: SchemaRef, properties: WriterProperties) -> Result<Self, LakeError> {
        let file =
            tempfile::tempfile().map_err(|source| LakeError::Disk { what: "create a file in", path: std::env::temp_dir(), source })?;
        let writer = ArrowWriter::try_new(file, schema, Some(properties)).map_err(parquet_error("write", key))?;
        Ok(Self { key: key.to_owned(), writer })
    }

    pub(super) fn write(&mut self, rows: &RecordBatch) -> Result<(), LakeError> {
        self.writer.write(rows).map_err(parquet_error("write", &self.key))
    }

    pub(super) fn finish(mut self, footer: Footer) -> Result<File, LakeError> {
        for (key, value) in footer.0 {
            self.writer.append_key_value_metadata(KeyValue::new(key, value));
        }
        self.writer.into_inner().map_err(parquet_error("write", &self.key))
    }
}

/// Writes rows as one Parquet file, for whoever asked for them in this form; gives back how many. Errors call it by `name`.
///
/// # Errors
/// When a batch does not fit the schema, or `out` cannot be written.
pub fn write_parquet(
    name: &str,
    out: impl Write + Send,
    schema: SchemaRef,
    batches: impl Iterator<Item = RecordBatch>,
) -> Result<u64, LakeError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_max_row_group_row_count(Some(ROW_GROUP))
        .build();
    let mut writer = ArrowWriter::try_new(out, schema, Some(properties)).map_err(parquet_error("write", name))?;
    let mut rows = 0;
    for batch in batches {
        rows += batch.num_rows() as u64;
        writer.write(&batch).map_err(parquet_error("write", name))?;
    }
    writer.close().map_err(parquet_error("write", name))?;
    Ok(rows)
}

/// Reads a file that is in memory.
pub(super) fn read_bytes(key: &str, bytes: Bytes) -> Result<ParquetRecordBatchReader, LakeError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(bytes).map_err(parquet_error("read", key))?;
    builder.with_batch_size(READ_ROWS).build().map_err(parquet_error("read", key))
}

/// Reads a local file.
pub(super) fn read_file(path: &Path) -> Result<(SchemaRef, ParquetRecordBatchReader), LakeError> {
    let key = path.display().to_string();
    let builder = ParquetRecordBatchReaderBuilder::try_new(open(path)?).map_err(parquet_error("read", &key))?;
    let reader = builder.with_batch_size(READ_ROWS).build().map_err(parquet_error("read", &key))?;
    Ok((reader.schema(), reader))
}

/// Reads some columns of a local file, those that are there.
pub(super) fn read_columns(path: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<(SchemaRef, ParquetRecordBatchReader), LakeError> {
    columns_of(&path.display().to_string(), open(path)?, is_wanted)
}

/// Reads some columns of a file that is open.
pub(super) fn columns_of(
    key: &str,
    file: File,
    is_wanted: impl Fn(&str) -> bool,
) -> Result<(SchemaRef, ParquetRecordBatchReader), LakeError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(file).map_err(parquet_error("read", key))?;
    let fields = builder.schema().fields().iter().enumerate();
    let roots: Vec<usize> = fields.filter(|(_, field)| is_wanted(field.name())).map(|(place, _)| place).collect();
    let mask = ProjectionMask::roots(builder.parquet_schema(), roots);
    let reader = builder.with_projection(mask).with_batch_size(READ_ROWS).build().map_err(parquet_error("read", key))?;
    Ok((reader.schema(), reader))
}

fn open(path: &Path) -> Result<File, LakeError> {
    File::open(path).map_err(|source| LakeError::Disk { what: "read", path: PathBuf::from(path), source })
}

/// Turns an error of a Parquet or Arrow routine into ours.
pub(super) fn parquet_error<E: std::error::Error + Send + Sync + 'static>(what: &'static str, key: &str) -> impl FnOnce(E) -> LakeError {
    let key = key.to_owned();
    move |source| LakeError::Parquet { what, key, source: Box::new(source) }
}
